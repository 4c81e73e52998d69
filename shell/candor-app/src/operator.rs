//! What the operator may list: that cases are there and what falls due. No content.

use std::collections::BTreeMap;

use candor_access::build::words;
use candor_base::{AccountId, Instant};
use candor_calendar::WorkCalendar;
use candor_ports::CaseRow;

use crate::app::App;
use crate::desk::inbox::{is_over, next_words};
use crate::input::{Fault, OperatorRow};

impl App {
    /// Every case of every program: open ones first, then what falls due next.
    pub fn operator_list(&self) -> Result<Vec<OperatorRow>, Fault> {
        let accounts = self.store().accounts()?.into_iter();
        let logins: BTreeMap<AccountId, String> = accounts.map(|a| (a.id, a.login)).collect();
        let now = self.now();
        let mut out = Vec::new();
        for program in self.store().programs()? {
            let in_force = self.policy_of(&program.slug, &program.policy)?;
            let calendar = in_force.policy.calendar();
            self.listing(&program.slug, |cases| {
                out.extend(cases.all().map(|entry| OperatorRow {
                    program: program.slug.to_string(),
                    ..operator_row(&entry.row, &logins, now, &calendar)
                }));
            })?;
        }
        out.sort_by(|a, b| {
            let key = |r: &OperatorRow| {
                let none = r.next_due.is_none();
                (r.closed, none, r.next_due, r.reference.clone())
            };
            key(a).cmp(&key(b))
        });
        Ok(out)
    }
}

fn operator_row(
    row: &CaseRow,
    logins: &BTreeMap<AccountId, String>,
    now: Instant,
    calendar: &WorkCalendar,
) -> OperatorRow {
    let severity = row.severity.or(row.reporter_severity);
    let by_team = row.severity.is_some();
    let due = row.next_due.map(|at| words::when(at, now, calendar));
    let late = |relative: String| match relative.strip_suffix(" ago") {
        Some(by) => format!("{by} late"),
        None => relative,
    };
    OperatorRow {
        program: String::new(),
        reference: row.reference.to_string(),
        stage: words::stage(row.stage).to_owned(),
        severity,
        rated_by: severity.map(|_| if by_team { "team" } else { "reporter" }),
        lead: row.lead.and_then(|id| logins.get(&id).cloned()),
        waiting_on: words::waiting_on(row.waiting_on).to_owned(),
        waits_outside: row
            .waits_outside
            .iter()
            .map(|who| words::outsider(*who).0)
            .collect(),
        next: next_words(row).map(str::to_owned),
        next_due: row.next_due,
        due: due.as_ref().map(|d| d.words.clone()),
        relative: due.map(|d| late(d.relative)),
        overdue: row.overdue,
        closed: is_over(row),
    }
}
