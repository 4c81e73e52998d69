//! Which laws that ask for reports to a regulator hold for a program.
//!
//! Invariants: nothing holds until an owner said so; an answer holds at once,
//! for open cases too, since a law does not wait for the next report.

use std::collections::{BTreeMap, BTreeSet};

use candor_access::view::{FieldError, RegulatorQuestion};
use candor_base::{AccountId, Instant, ProgramSlug};
use candor_duty::{Choice, Holds, RegimeId, Subject, Table, table};
use candor_ports::StoreError;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::input::{ActError, Fault};

/// How the fields of these questions begin.
const FIELD: &str = "regulator_";

/// The answers as stored: which, by whom, when.
#[derive(Serialize, Deserialize)]
struct Answers {
    choice: Choice,
    by: AccountId,
    at: Instant,
}

fn key(slug: &ProgramSlug) -> String {
    format!("regulators/{slug}")
}

/// The table of regimes.
pub(crate) fn regimes() -> Result<&'static Table, Fault> {
    table().map_err(|why| Fault::inside(why.to_string()))
}

impl App {
    /// What the owner said holds.
    pub(crate) fn regulators_of(&self, slug: &ProgramSlug) -> Result<Choice, Fault> {
        let Some(text) = self.store().setting(&key(slug))? else {
            return Ok(Choice::default());
        };
        let answers: Answers = serde_json::from_str(&text).map_err(|_| {
            StoreError::Damaged("answers about regulators cannot be read".to_owned())
        })?;
        Ok(answers.choice)
    }

    /// Regimes about a subject that hold for a program on a day.
    pub(crate) fn regimes_for(
        &self,
        slug: &ProgramSlug,
        subject: Subject,
        day: Date,
    ) -> Result<BTreeSet<RegimeId>, Fault> {
        let choice = self.regulators_of(slug)?;
        Ok(regimes()?
            .chosen(&choice, day)
            .into_iter()
            .filter(|(regime, holds)| regime.subject == subject && *holds == Holds::Now)
            .map(|(regime, _)| regime.id.clone())
            .collect())
    }

    /// The answers as the form shows them.
    pub(crate) fn regulator_values(
        &self,
        slug: &ProgramSlug,
    ) -> Result<BTreeMap<String, String>, Fault> {
        let choice = self.regulators_of(slug)?;
        Ok(regimes()?
            .families
            .iter()
            .map(|family| {
                let role = choice.role(&family.id).map(ToString::to_string);
                let value = role.unwrap_or_else(|| "no".to_owned());
                (format!("{FIELD}{}", family.id), value)
            })
            .collect())
    }

    /// Saves the answers; false when they are what they were.
    pub(crate) fn save_regulators(
        &self,
        slug: &ProgramSlug,
        by: AccountId,
        choice: Option<Choice>,
    ) -> Result<bool, Fault> {
        let Some(choice) = choice else {
            return Ok(false);
        };
        if choice == self.regulators_of(slug)? {
            return Ok(false);
        }
        let answers = Answers {
            choice,
            by,
            at: self.now(),
        };
        self.keep(&key(slug), Some(&answers))?;
        Ok(true)
    }
}

/// The questions for the settings page.
pub(crate) fn questions() -> Result<Vec<RegulatorQuestion>, Fault> {
    Ok(regimes()?
        .families
        .iter()
        .map(|family| RegulatorQuestion {
            field: format!("{FIELD}{}", family.id),
            question: family.question.clone(),
            help: match &family.disabled {
                Some(why) => format!("{} {why}", family.help),
                None => family.help.clone(),
            },
            answers: family
                .roles
                .iter()
                .filter(|_| family.disabled.is_none())
                .map(|role| (role.id.to_string(), role.name.clone()))
                .collect(),
        })
        .collect())
}

/// The answers in a form; `None` when it asks nothing about regulators, so that a
/// form without these questions turns nothing off.
pub(crate) fn typed(fields: &BTreeMap<String, String>) -> Result<Option<Choice>, ActError> {
    if !fields.keys().any(|name| name.starts_with(FIELD)) {
        return Ok(None);
    }
    let mut choice = Choice::default();
    let mut errors = Vec::new();
    for family in &regimes()?.families {
        let name = format!("{FIELD}{}", family.id);
        let typed = fields.get(&name).map_or("", |t| t.trim());
        if typed.is_empty() || typed == "no" {
            continue;
        }
        let able = family.disabled.is_none();
        match family.roles.iter().find(|r| able && r.id.as_str() == typed) {
            Some(role) => choice.set(family.id.clone(), role.id.clone()),
            None => errors.push(FieldError {
                field: name,
                message: "Choose one of the answers.".to_owned(),
            }),
        }
    }
    if errors.is_empty() {
        Ok(Some(choice))
    } else {
        Err(ActError::Fields(errors))
    }
}
