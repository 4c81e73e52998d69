//! The desk: inbox, case page, acts of the team.
//!
//! Invariants: every act is a permit, a command and one commit; what a person
//! typed becomes a command here or an error that names the field.

mod acts;
mod advisory;
mod aside;
mod draft;
mod fix;
mod page;
mod regulators;
mod triage;
mod warn;

pub(crate) use advisory::stored;
use candor_access::Action;
use candor_access::build::words;
use candor_access::known_act;
use candor_access::view::{InboxRow, InboxView};
use candor_base::{AccountId, Instant, ProgramSlug};
use candor_calendar::WorkCalendar;
use candor_case::{Stage, WaitingOn};
use candor_policy::{act_words, milestone_words};
use candor_ports::{CaseRow, DateKind};
use std::collections::BTreeMap;

pub(crate) use aside::link;

use crate::app::{App, program_card};
use crate::fields::Fields;
use crate::input::{ActError, ActInput};

/// Acts that decide something: refused from a page others have acted on since.
const DECISIONS: [&str; 19] = [
    "assess",
    "accept",
    "reject",
    "mark_duplicate",
    "decide_objection",
    "fix",
    "set_date_alone",
    "confirm_date",
    "save_draft",
    "approve",
    "publish",
    "close",
    "waive",
    "record_awareness",
    "decide_not_reportable",
    "file_stage",
    "defer",
    "decide_leak",
    "end_embargo",
];

impl App {
    /// The cases of a program: `open`, `mine`, `overdue`, `waiting` or `closed`;
    /// what is public or attacked first, then overdue, then what falls due next.
    pub fn inbox(&self, token: &str, slug: &str, list: &str) -> Result<InboxView, ActError> {
        let staff = self.staff(token)?;
        let slug: ProgramSlug = slug.parse().map_err(|_| ActError::NotFound)?;
        staff.may(Action::ReadInbox, &slug)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let me = staff.account.id;
        let all = self.store().rows(&slug)?;
        let lists = ["open", "mine", "overdue", "waiting", "closed"];
        let list = lists.into_iter().find(|l| *l == list).unwrap_or("open");
        let counts = lists.map(|l| {
            let n = all.iter().filter(|r| belongs(r, l, me)).count();
            u32::try_from(n).unwrap_or(u32::MAX)
        });
        let mut rows: Vec<CaseRow> = all.into_iter().filter(|r| belongs(r, list, me)).collect();
        rows.sort_by(order);
        let names = self.names()?;
        let calendar = in_force.policy.calendar();
        let now = self.now();
        let owner = staff.may(Action::Settings, &slug).is_ok();
        Ok(InboxView {
            program: program_card(&slug, &in_force),
            list: list.to_owned(),
            rows: rows
                .into_iter()
                .map(|row| inbox_row(row, &names, now, &calendar))
                .collect(),
            counts,
            owner,
            clock: self.clock_doubt().filter(|_| owner).map(|d| d.notice()),
        })
    }

    /// Does an act of the team; gives a sentence that says what was done.
    pub fn desk_act(
        &self,
        token: &str,
        slug: &str,
        reference: &str,
        act: ActInput,
    ) -> Result<String, ActError> {
        let staff = self.staff(token)?;
        let name = known_act(&act.act).ok_or(ActError::NotFound)?;
        let permit = self.case_for(&staff, slug, reference, Action::Act(name))?;
        let seen = act.seq.filter(|_| DECISIONS.contains(&name));
        let mut act = act;
        let code = self.give_code(&mut act);
        let fields = Fields::new(act, self.parts.config.max_files_bytes)?;
        if matches!(name, "approve" | "publish") {
            // Whoever approves sees every name that will stand in it.
            self.link_up(&permit)?;
        }
        let done = self.act(&permit, seen, &|loaded, bodies| {
            let commands = self.commands(name, &fields, loaded, bodies)?;
            let context = self.context(loaded, permit.actor())?;
            warn::read(&fields, loaded, &context, &commands)?;
            Ok(commands)
        })?;
        self.link_after(name, &permit);
        let mut said = self.with_doubt(acts::said(name, &done.state));
        if let Some(code) = code {
            said = format!(
                "{said} Its code is {code}. It opens the page once. Hand it over by a safe way, \
                 apart from the number of the case; it is shown only now."
            );
        }
        Ok(said)
    }

    /// A file of a case: its harmless name and its bytes.
    pub fn case_file(
        &self,
        token: &str,
        slug: &str,
        reference: &str,
        file: &str,
    ) -> Result<(String, Vec<u8>), ActError> {
        let staff = self.staff(token)?;
        let permit = self.case_for(&staff, slug, reference, Action::ReadFile)?;
        self.file_for(&permit, file)
    }
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
fn is_over(row: &CaseRow) -> bool {
    row.closed && !row.dates.iter().any(|d| d.kind == DateKind::Regulator)
}

/// What is public or attacked while the work goes on, before everything else; then
/// overdue, then by what falls due next; where that is the same, by the
/// policy's ranking of impacts, severity, and age.
fn order(a: &CaseRow, b: &CaseRow) -> std::cmp::Ordering {
    let never = Instant::from_unix(i64::from(u32::MAX)).ok();
    let key = |r: &CaseRow| {
        (
            !is_burning(r),
            r.overdue == 0,
            r.next_due.or(never),
            r.impact_rank,
            std::cmp::Reverse(r.severity),
            r.received,
            r.reference.clone(),
        )
    };
    key(a).cmp(&key(b))
}

/// Known outside or attacked, and no advisory out yet: each hour counts.
fn is_burning(row: &CaseRow) -> bool {
    (row.public || row.attacked) && !row.closed && row.stage != Stage::Disclosed
}

fn inbox_row(
    row: CaseRow,
    names: &BTreeMap<AccountId, String>,
    now: Instant,
    calendar: &WorkCalendar,
) -> InboxRow {
    InboxRow {
        reference: row.reference.to_string(),
        title: row.title,
        stage: words::stage(row.stage).to_owned(),
        severity: row.severity,
        reporter_severity: row.reporter_severity,
        next: row
            .next_milestone
            .map(|m| match row.next_met_by {
                Some(met_by) => act_words(m, met_by).to_owned(),
                None => milestone_words(m).to_owned(),
            })
            .or_else(|| row.next_due.map(|_| "a date for a regulator".to_owned())),
        due: row.next_due.map(|at| words::when(at, now, calendar)),
        overdue: row.overdue,
        received: words::when(row.received, now, calendar),
        lead: row.lead.and_then(|id| names.get(&id).cloned()),
        waiting_on: words::waiting_on(row.waiting_on).to_owned(),
        public: row.public,
        attacked: row.attacked,
        mail_failed: row.mail_failed,
    }
}
