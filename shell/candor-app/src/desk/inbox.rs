//! The inbox of a program: which cases, in which order, as which words.
//!
//! Invariants: what is public or attacked stands first, then what is overdue, then what
//! falls due next; a filter that is not understood narrows nothing.

use std::collections::{BTreeMap, BTreeSet};

use candor_access::Action;
use candor_access::build::words;
use candor_access::view::{InboxFilter, InboxRow, InboxView};
use candor_base::{AccountId, Instant};
use candor_calendar::WorkCalendar;
use candor_case::{Outsider, Stage, WaitingOn};
use candor_policy::model::Severity;
use candor_policy::{team_milestone_words, team_words};
use candor_ports::{CaseRow, DateKind};

use crate::app::{App, program_card};
use crate::input::ActError;
use crate::listing::Turn;

const LISTS: [&str; 5] = ["open", "mine", "overdue", "waiting", "closed"];
const SEVERITIES: [(&str, Option<Severity>); 5] = [
    ("critical", Some(Severity::Critical)),
    ("high", Some(Severity::High)),
    ("medium", Some(Severity::Medium)),
    ("low", Some(Severity::Low)),
    ("none", None),
];
const WAITING: [(&str, WaitingOn); 3] = [
    ("team", WaitingOn::Team),
    ("reporter", WaitingOn::Reporter),
    ("nobody", WaitingOn::Nobody),
];

/// Cases on one page.
pub(crate) const PAGE: usize = 50;

impl App {
    /// The first cases of a program that a filter asks for; a bare word is a list: `open`,
    /// `mine`, `overdue`, `waiting` or `closed`.
    pub fn inbox(
        &self,
        token: &str,
        slug: &str,
        filter: impl Into<InboxFilter>,
    ) -> Result<InboxView, ActError> {
        self.inbox_part(token, slug, filter, &Turn::First)
    }

    /// One page of the cases of a program that a filter asks for.
    pub fn inbox_part(
        &self,
        token: &str,
        slug: &str,
        filter: impl Into<InboxFilter>,
        turn: &Turn,
    ) -> Result<InboxView, ActError> {
        let (staff, slug, _) = self.caller_in(token, slug, Action::ReadInbox)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let me = staff.account.id;
        let asked = filter.into().clean();
        let (counts, stages, filter, part) = self.listing(&slug, |cases| {
            let stages = cases.stages();
            let filter = understood(asked, &stages);
            let fits = |r: &CaseRow| belongs(r, &filter.list, me) && fits(r, &filter, me);
            let part = cases.part(filter.list == "closed", turn, PAGE, fits);
            (cases.counts(me), stages, filter, part)
        })?;
        let end = |there: bool, row: Option<&CaseRow>| {
            row.filter(|_| there).map(|r| r.reference.to_string())
        };
        let (previous, next) = (
            end(part.before, part.rows.first()),
            end(part.after, part.rows.last()),
        );
        let everybody = self.store().accounts()?;
        let names = everybody.iter().map(|a| (a.id, a.name.clone())).collect();
        let team = everybody
            .into_iter()
            .filter(|a| a.roles.iter().any(|(p, _)| *p == slug));
        let calendar = in_force.policy.calendar();
        let now = self.now();
        let owner = staff.may(Action::Settings, &slug).is_ok();
        Ok(InboxView {
            program: program_card(&slug, &in_force),
            filter,
            rows: part
                .rows
                .into_iter()
                .map(|row| inbox_row(row, &names, now, &calendar))
                .collect(),
            previous,
            next,
            counts,
            stages: stages
                .into_iter()
                .map(|s| (words::stage_key(s), words::stage(s).to_owned()))
                .collect(),
            team: team.map(|a| (a.id.to_string(), a.name)).collect(),
            owner,
            clock: self.clock_doubt().filter(|_| owner).map(|d| d.notice()),
            mails: self.mails_waiting(&slug)?,
            troubles: if owner {
                [self.troubles()?, self.erasures_asked(&slug)?].concat()
            } else {
                Vec::new()
            },
        })
    }
}

/// The same filter without values that mean nothing here.
fn understood(filter: InboxFilter, stages: &BTreeSet<Stage>) -> InboxFilter {
    let known = |value: String, known: bool| if known { value } else { String::new() };
    let list = LISTS.into_iter().find(|l| *l == filter.list);
    let stage = stages.iter().any(|s| words::stage_key(*s) == filter.stage);
    let severity = SEVERITIES.iter().any(|(key, _)| *key == filter.severity);
    let lead = ["mine", "nobody"].contains(&filter.lead.as_str());
    let waiting = WAITING.iter().any(|(key, _)| *key == filter.waiting)
        || outsider_named(&filter.waiting).is_some();
    let overdue = filter.overdue == "yes";
    InboxFilter {
        list: list.unwrap_or("open").to_owned(),
        stage: known(filter.stage, stage),
        severity: known(filter.severity, severity),
        lead: known(filter.lead, lead),
        waiting: known(filter.waiting, waiting),
        overdue: known(filter.overdue, overdue),
        reference: filter.reference,
    }
}

fn outsider_named(key: &str) -> Option<Outsider> {
    let named = |who: &Outsider| words::outsider(*who).0 == key;
    Outsider::ALL.into_iter().find(named)
}

/// Whether a case is what an understood filter asks for, its list aside.
fn fits(row: &CaseRow, filter: &InboxFilter, me: AccountId) -> bool {
    let severity = SEVERITIES.iter().find(|(key, _)| *key == filter.severity);
    let waiting = WAITING.iter().find(|(key, _)| *key == filter.waiting);
    let lead = match filter.lead.as_str() {
        "mine" => row.lead == Some(me),
        "nobody" => row.lead.is_none(),
        _ => true,
    };
    lead && (filter.stage.is_empty() || words::stage_key(row.stage) == filter.stage)
        && severity.is_none_or(|(_, s)| row.severity.or(row.reporter_severity) == *s)
        && waiting.is_none_or(|(_, w)| row.waiting_on == *w)
        && outsider_named(&filter.waiting).is_none_or(|w| row.waits_outside.contains(&w))
        && (filter.overdue.is_empty() || row.overdue > 0)
        && row.reference.to_string().contains(&filter.reference)
}

fn belongs(row: &CaseRow, list: &str, me: AccountId) -> bool {
    match list {
        "closed" => is_over(row),
        "mine" => !is_over(row) && row.lead == Some(me),
        "overdue" => !is_over(row) && row.overdue > 0,
        "waiting" => !row.closed && row.waiting_on == WaitingOn::Reporter,
        _ => !is_over(row),
    }
}

/// Closed, and nothing is owed to a regulator any more.
pub(crate) fn is_over(row: &CaseRow) -> bool {
    row.closed && !row.dates.iter().any(|d| keeps_open(d.kind))
}

/// Whether a date of this kind keeps a closed case among the open ones.
pub(crate) fn keeps_open(kind: DateKind) -> bool {
    kind == DateKind::Regulator
}

/// What is public or attacked while the work goes on, before everything else; then
/// overdue, then by what falls due next; where that is the same, by the
/// policy's ranking of impacts, severity, and age.
pub(crate) fn order(a: &CaseRow, b: &CaseRow) -> std::cmp::Ordering {
    let key = |r: &CaseRow| {
        (
            !is_burning(r),
            r.overdue == 0,
            r.next_due.is_none(),
            r.next_due,
            r.impact_rank,
            std::cmp::Reverse(r.severity),
            r.received,
        )
    };
    key(a)
        .cmp(&key(b))
        .then_with(|| a.reference.cmp(&b.reference))
}

/// Known outside or attacked, and no advisory out yet: each hour counts.
fn is_burning(row: &CaseRow) -> bool {
    (row.public || row.attacked) && !row.closed && row.stage != Stage::Disclosed
}

/// What the team has to do next, in words.
pub(crate) fn next_words(row: &CaseRow) -> Option<&'static str> {
    let promised = row.next_milestone.map(|m| match row.next_met_by {
        Some(met_by) => team_words(m, met_by),
        None => team_milestone_words(m),
    });
    promised.or_else(|| row.next_due.map(|_| "A date for a regulator"))
}

pub(crate) fn inbox_row(
    row: CaseRow,
    names: &BTreeMap<AccountId, String>,
    now: Instant,
    calendar: &WorkCalendar,
) -> InboxRow {
    InboxRow {
        reference: row.reference.to_string(),
        stage: words::stage(row.stage).to_owned(),
        severity: row.severity,
        reporter_severity: row.reporter_severity,
        next: next_words(&row).map(str::to_owned),
        due: row.next_due.map(|at| words::when(at, now, calendar)),
        overdue: row.overdue,
        received: words::when(row.received, now, calendar),
        lead: row.lead.and_then(|id| names.get(&id).cloned()),
        waiting_on: words::waits_for(row.waiting_on, &row.waits_outside),
        public: row.public,
        attacked: row.attacked,
        mail_failed: row.mail_failed,
        title: row.title,
    }
}
