//! The committed table, read and judged.
//!
//! Invariants: an entry that does not fit (an unknown letter, a stage that
//! counts from one that is not there, a timer that could pause) makes the whole
//! table an error; a test holds the committed table to be none.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use candor_calendar::Mode;
use jiff::civil::Date;
use serde::Deserialize;

use crate::choice::{Choice, Holds};
use crate::parts::{FamilyId, FieldId, RegimeId, StageId};
use crate::regime::{
    Anchor, Confidence, Demand, Family, Field, Fill, Regime, Role, Stage, Subject,
};

/// A regime that nobody compared with its source for so many days is stale.
pub const STALE_AFTER_DAYS: i32 = 180;

const COMMITTED: &str = include_str!("../data/regimes.toml");

/// Why the table cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the table of regulators cannot be used: {0}")]
pub struct BadTable(String);

/// All regimes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its version, a date.
    pub version: String,
    /// What owners are asked.
    pub families: Vec<Family>,
    /// The regimes, in order.
    pub regimes: Vec<Regime>,
}

/// The table that Candor carries; read once.
pub fn table() -> Result<&'static Table, BadTable> {
    static TABLE: OnceLock<Result<Table, BadTable>> = OnceLock::new();
    TABLE
        .get_or_init(|| Table::parse(COMMITTED))
        .as_ref()
        .map_err(Clone::clone)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    format: u32,
    version: String,
    family: Vec<Family>,
    regime: Vec<RegimeForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegimeForm {
    id: RegimeId,
    family: FamilyId,
    name: String,
    law: String,
    subject: Subject,
    recipient: String,
    portal: Option<String>,
    aware: String,
    users: Option<String>,
    questions: Vec<String>,
    notes: Vec<String>,
    source: String,
    confidence: Confidence,
    checked_on: Date,
    stage: Vec<Stage>,
    field: Vec<FieldForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldForm {
    id: FieldId,
    label: String,
    help: Option<String>,
    max: Option<u32>,
    #[serde(rename = "use")]
    letters: String,
    fill: Option<Fill>,
}

impl Table {
    /// Reads a table from its text.
    pub fn parse(text: &str) -> Result<Self, BadTable> {
        let form: FileForm = toml::from_str(text).map_err(|e| BadTable(e.to_string()))?;
        if form.format != 1 {
            return Err(BadTable(format!("format {} is not known", form.format)));
        }
        unique("family", form.family.iter().map(|f| f.id.as_str()))?;
        unique("regime", form.regime.iter().map(|r| r.id.as_str()))?;
        let families = form.family;
        let regimes = form
            .regime
            .into_iter()
            .map(|r| regime(r, &families))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            version: form.version,
            families,
            regimes,
        })
    }

    /// A regime by its name.
    pub fn regime(&self, id: &RegimeId) -> Option<&Regime> {
        self.regimes.iter().find(|r| r.id == *id)
    }

    /// A family by its name.
    pub fn family(&self, id: &FamilyId) -> Option<&Family> {
        self.families.iter().find(|f| f.id == *id)
    }

    /// The role a program chose in a family that is not disabled.
    pub fn role(&self, choice: &Choice, family: &FamilyId) -> Option<&Role> {
        let found = self.family(family).filter(|f| f.disabled.is_none())?;
        let chosen = choice.role(family)?;
        found.roles.iter().find(|r| r.id == *chosen)
    }

    /// The regimes a program chose, each with whether it holds on a day.
    pub fn chosen(&self, choice: &Choice, day: Date) -> Vec<(&Regime, Holds)> {
        self.regimes
            .iter()
            .filter_map(|regime| {
                let role = self.role(choice, &regime.family)?;
                let holds = if role.from <= day {
                    Holds::Now
                } else {
                    Holds::From(role.from)
                };
                Some((regime, holds))
            })
            .collect()
    }

    /// Regimes that nobody compared with their source for too long.
    pub fn stale(&self, today: Date) -> Vec<&Regime> {
        self.regimes.iter().filter(|r| r.is_stale(today)).collect()
    }
}

fn unique<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<(), BadTable> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(BadTable(format!("{what} `{name}` stands there twice")));
        }
    }
    Ok(())
}

fn regime(form: RegimeForm, families: &[Family]) -> Result<Regime, BadTable> {
    let wrong = |what: String| BadTable(format!("regime `{}`: {what}", form.id));
    if !families.iter().any(|f| f.id == form.family) {
        return Err(wrong(format!("no family `{}`", form.family)));
    }
    if form.stage.is_empty() {
        return Err(wrong("no stage".to_owned()));
    }
    unique("stage", form.stage.iter().map(|s| s.id.as_str()))?;
    unique("field", form.field.iter().map(|f| f.id.as_str()))?;
    for (n, stage) in form.stage.iter().enumerate() {
        let earlier = form.stage.get(..n).unwrap_or_default();
        let known = |id: &StageId| earlier.iter().any(|s: &Stage| s.id == *id);
        let anchored = match &stage.from {
            Anchor::Submitted(id) => known(id),
            Anchor::Aware | Anchor::MeasureAvailable => true,
        };
        let counted = stage.counter.as_ref().is_none_or(|c| known(&c.after));
        let exact = stage.within.mode == Mode::Elapsed
            && !stage.within.pausable
            && !stage.within.is_business()
            && stage.within.cutoff.is_none();
        if !(anchored && counted && exact) {
            return Err(wrong(format!(
                "stage `{}` must count to the second, without pauses, from something before it",
                stage.id
            )));
        }
    }
    let fields = form
        .field
        .into_iter()
        .map(|f| field(f, form.stage.len()))
        .collect::<Result<_, _>>()?;
    Ok(Regime {
        id: form.id,
        family: form.family,
        name: form.name,
        law: form.law,
        subject: form.subject,
        recipient: form.recipient,
        portal: form.portal,
        aware: form.aware,
        users: form.users,
        questions: form.questions,
        notes: form.notes,
        source: form.source,
        confidence: form.confidence,
        checked_on: form.checked_on,
        stages: form.stage,
        fields,
    })
}

fn field(form: FieldForm, stages: usize) -> Result<Field, BadTable> {
    let demands: Option<Vec<Demand>> = form.letters.chars().map(demand).collect();
    let demands = demands.filter(|d| d.len() == stages).ok_or_else(|| {
        BadTable(format!(
            "field `{}`: `{}` needs {stages} letters of R, O, C, A and -",
            form.id, form.letters
        ))
    })?;
    Ok(Field {
        id: form.id,
        label: form.label,
        help: form.help,
        max: form.max,
        demands,
        fill: form.fill,
    })
}

const fn demand(letter: char) -> Option<Demand> {
    Some(match letter {
        'R' => Demand::Required,
        'O' => Demand::Optional,
        'C' => Demand::Carried,
        'A' => Demand::IfAvailable,
        '-' => Demand::Absent,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(from: &str, to: &str) -> Result<Table, BadTable> {
        assert!(COMMITTED.contains(from), "{from}");
        Table::parse(&COMMITTED.replacen(from, to, 1))
    }

    #[test]
    fn the_committed_table_is_whole() {
        let table = table().unwrap();
        let ids: Vec<&str> = table.regimes.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(
            ids,
            [
                "eu-cra-vulnerability",
                "eu-cra-incident",
                "eu-nis2-incident",
                "in-cert-2022",
                "cn-rmsv-2021",
                "us-circia-incident",
                "us-circia-ransom",
            ]
        );
        for regime in &table.regimes {
            assert!(!regime.source.is_empty() && !regime.fields.is_empty());
            assert!(regime.law.len() > 10 && regime.recipient.len() > 3);
            let asked = |n: usize| {
                regime
                    .fields
                    .iter()
                    .any(|f| f.demands.get(n) == Some(&Demand::Required))
            };
            assert!((0..regime.stages.len()).any(asked), "{}", regime.id);
        }
    }

    #[test]
    fn a_wrong_entry_is_an_error() {
        for (from, to) in [
            ("use = \"RCC\"", "use = \"RC\""),
            ("use = \"RCC\"", "use = \"RXC\""),
            (
                "from = \"measure_available\"",
                "from = { submitted = \"nowhere\" }",
            ),
            ("mode = \"elapsed\"", "mode = \"end_of_day\""),
            (
                "{ amount = 24, unit = \"hour\" }",
                "{ amount = 24, unit = \"hour\", pausable = true }",
            ),
            (
                "{ amount = 24, unit = \"hour\" }",
                "{ amount = 1, unit = \"business_day\", mode = \"elapsed\" }",
            ),
            ("id = \"eu-cra-incident\"", "id = \"eu-cra-vulnerability\""),
            ("format = 1", "format = 2"),
            ("family = \"eu-cra\"", "family = \"eu-none\""),
            ("subject = \"vulnerability\"", "subject = \"weather\""),
        ] {
            assert!(changed(from, to).is_err(), "{from} -> {to}");
        }
    }

    #[test]
    fn a_regime_is_stale_after_180_days_without_a_check() {
        let table = table().unwrap();
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert!(table.stale(day("2027-05-21")).is_empty());
        assert_eq!(table.stale(day("2027-05-22")).len(), table.regimes.len());
        assert!(table.stale(day("2026-01-01")).is_empty());
    }

    #[test]
    fn a_steward_has_no_duty_before_december_2027() {
        let table = table().unwrap();
        let day = |text: &str| text.parse::<Date>().unwrap();
        let mut choice = Choice::default();
        assert!(table.chosen(&choice, day("2026-11-22")).is_empty());
        choice.set("eu-cra".parse().unwrap(), "steward".parse().unwrap());
        let now = table.chosen(&choice, day("2027-12-10"));
        assert!(
            now.iter()
                .all(|(_, h)| *h == Holds::From(day("2027-12-11")))
        );
        assert_eq!(now.len(), 2);
        let then = table.chosen(&choice, day("2027-12-11"));
        assert!(then.iter().all(|(_, h)| *h == Holds::Now));
        choice.set("eu-cra".parse().unwrap(), "manufacturer".parse().unwrap());
        let now = table.chosen(&choice, day("2026-09-11"));
        assert!(now.iter().all(|(_, h)| *h == Holds::Now));
    }

    #[test]
    fn what_ships_disabled_cannot_be_chosen() {
        let table = table().unwrap();
        let mut choice = Choice::default();
        choice.set("us-circia".parse().unwrap(), "entity".parse().unwrap());
        assert!(
            table
                .chosen(&choice, "2030-01-01".parse().unwrap())
                .is_empty()
        );
    }
}
