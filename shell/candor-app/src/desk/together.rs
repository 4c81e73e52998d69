//! Several cases at once: missed promises that want an answer, and a lead for many.
//!
//! Invariants: each act goes the way of a single one, with its own permit, command and
//! commit; what was refused is told with its reason, and what was done stays done.

use std::collections::{BTreeMap, BTreeSet};

use candor_access::Action;
use candor_access::build::words;
use candor_access::view::{AlarmLine, AlarmsView};
use candor_base::CaseId;
use candor_case::{CaseClock, replay};
use candor_policy::clock_words;
use candor_ports::CaseRow;

use super::inbox::inbox_row;
use crate::app::{App, program_card};
use crate::input::{ActError, ActInput, Together};
use crate::seal::field_error;

/// Most acts of one form.
const MOST: usize = 200;

impl App {
    /// What is overdue in a program, and the misses that nobody has answered.
    pub fn alarms(&self, token: &str, slug: &str) -> Result<AlarmsView, ActError> {
        let (staff, slug, _) = self.staff_in(token, slug, Action::ReadInbox)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let (mut rows, missed) = self.listing(&slug, |cases| {
            let missed = cases.all().filter(|e| e.missed).map(|e| e.row.case);
            let missed: BTreeSet<CaseId> = missed.collect();
            let wanted = cases.open().filter(|e| e.missed || e.row.overdue > 0);
            let rows: Vec<CaseRow> = wanted.map(|e| e.row.clone()).collect();
            (rows, missed)
        })?;
        let mut open: BTreeMap<CaseId, Vec<CaseClock>> = BTreeMap::new();
        self.store()
            .load_each(&slug, &missed, &mut |case, events| {
                let clocks = replay(&events).map(|s| s.open_alarms().cloned().collect());
                open.insert(case, clocks.unwrap_or_default());
            })?;
        rows.retain(|r| r.overdue > 0 || open.contains_key(&r.case));
        let names = self.names()?;
        let calendar = in_force.policy.calendar();
        let now = self.now();
        let mut alarms: Vec<AlarmLine> = Vec::new();
        for row in &rows {
            let lead = row.lead.and_then(|id| names.get(&id).cloned());
            for clock in open.get(&row.case).into_iter().flatten() {
                let since = clock.alarm.as_ref().map(|a| a.since);
                alarms.push(AlarmLine {
                    value: format!("{} {}", row.reference, clock.spec.key),
                    reference: row.reference.to_string(),
                    title: row.title.clone(),
                    what: clock_words(&clock.spec),
                    due: since.map(|at| words::when(at, now, &calendar)),
                    told: clock.alarm.as_ref().map_or(0, |a| a.told),
                    lead: lead.clone(),
                });
            }
        }
        alarms.sort_by_key(|a| (a.due.as_ref().map(|d| d.at), a.value.clone()));
        let more = alarms.len().saturating_sub(MOST);
        alarms.truncate(MOST);
        rows.retain(|r| r.overdue > 0);
        Ok(AlarmsView {
            program: program_card(&slug, &in_force),
            alarms,
            more,
            rows: rows
                .into_iter()
                .map(|row| inbox_row(row, &names, now, &calendar))
                .collect(),
            owner: staff.may(Action::Settings, &slug).is_ok(),
        })
    }

    /// Says of each chosen miss (`AlarmLine::value`) that somebody has seen it.
    pub fn answer_alarms(
        &self,
        token: &str,
        slug: &str,
        chosen: &[String],
    ) -> Result<Together, ActError> {
        self.several(token, slug, chosen, |value| {
            let (reference, clock) = value.split_once(' ')?;
            let clock = ("clock".to_owned(), clock.to_owned());
            Some((reference, input("answer_alarm", clock)))
        })
    }

    /// Gives each chosen case (by reference) this lead.
    pub fn assign_several(
        &self,
        token: &str,
        slug: &str,
        chosen: &[String],
        lead: &str,
    ) -> Result<Together, ActError> {
        if lead.is_empty() && !chosen.is_empty() {
            self.staff_in(token, slug, Action::ReadInbox)?;
            return Err(field_error("lead", "Choose who leads them."));
        }
        self.several(token, slug, chosen, |reference| {
            let lead = ("lead".to_owned(), lead.to_owned());
            Some((reference, input("assign", lead)))
        })
    }

    fn several<'a>(
        &self,
        token: &str,
        slug: &str,
        chosen: &'a [String],
        make: impl Fn(&'a str) -> Option<(&'a str, ActInput)>,
    ) -> Result<Together, ActError> {
        self.staff_in(token, slug, Action::ReadInbox)?;
        if chosen.is_empty() {
            return Err(field_error(
                "chosen",
                "Nothing was chosen. Tick at least one.",
            ));
        }
        if chosen.len() > MOST {
            let words = format!("Choose at most {MOST} at once. Nothing was done yet.");
            return Err(field_error("chosen", words));
        }
        let mut out = Together::default();
        for one in chosen {
            let Some((reference, act)) = make(one) else {
                out.not_done.push((one.clone(), NOT_HERE.to_owned()));
                continue;
            };
            match self.desk_act(token, slug, reference, act) {
                Ok(_) => out.done.push(reference.to_owned()),
                Err(ActError::SignedOut) => return Err(ActError::SignedOut),
                Err(error) => out.not_done.push((reference.to_owned(), reason(error))),
            }
        }
        Ok(out)
    }
}

const NOT_HERE: &str = "There is no such case here.";

fn input(act: &str, field: (String, String)) -> ActInput {
    ActInput {
        act: act.to_owned(),
        fields: BTreeMap::from([field]),
        ..ActInput::default()
    }
}

/// Why one act was not done, for the person.
fn reason(error: ActError) -> String {
    match error {
        ActError::NotFound | ActError::SignedOut => NOT_HERE.to_owned(),
        ActError::StepUp => "This takes a fresh code of the second factor.".to_owned(),
        ActError::Fields(errors) => {
            let words: Vec<String> = errors.into_iter().map(|e| e.message).collect();
            words.join(" ")
        }
        ActError::Refused(refusal) => refusal.message,
        ActError::Fault(fault) => {
            tracing::error!(what = %fault.operator, "one act of several could not be stored");
            fault.person
        }
    }
}
