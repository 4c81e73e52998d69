//! The inbox: cases as a list, by filters; and missed promises that want an answer.
//!
//! Invariant: a filter holds words of ours and a reference, so that it can stand in an
//! address; no text of a case.

use candor_policy::model::Severity;
use serde::Serialize;

use super::{ProgramCard, When};

/// Longest value of a filter.
const LONGEST: usize = 40;

/// One case in the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InboxRow {
    /// Reference.
    pub reference: String,
    /// Title.
    pub title: String,
    /// Stage in words.
    pub stage: String,
    /// Severity in force.
    pub severity: Option<Severity>,
    /// The reporter's own rating.
    pub reporter_severity: Option<Severity>,
    /// What falls due next, in words.
    pub next: Option<String>,
    /// When.
    pub due: Option<When>,
    /// Overdue promises.
    pub overdue: u32,
    /// Received.
    pub received: When,
    /// Lead's name.
    pub lead: Option<String>,
    /// Whom it waits for, in words.
    pub waiting_on: String,
    /// Already public.
    pub public: bool,
    /// Attacks were observed.
    pub attacked: bool,
    /// A mail did not arrive.
    pub mail_failed: bool,
}

/// Which cases are asked for. An empty value asks for all; so does an unknown one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct InboxFilter {
    /// Which list: `open`, `mine`, `overdue`, `waiting`, `closed`.
    pub list: String,
    /// A stage, by its key.
    pub stage: String,
    /// `critical`, `high`, `medium`, `low` or `none`: in force, or else the reporter's.
    pub severity: String,
    /// `mine` or `nobody`.
    pub lead: String,
    /// Whom it waits for: `team`, `reporter` or `nobody`.
    pub waiting: String,
    /// Only what is overdue: `yes`.
    pub overdue: String,
    /// A reference or a part of one.
    pub reference: String,
}

impl From<&str> for InboxFilter {
    fn from(list: &str) -> Self {
        Self {
            list: list.to_owned(),
            ..Self::default()
        }
    }
}

impl InboxFilter {
    /// Name and value of each filter.
    pub fn pairs(&self) -> [(&'static str, &str); 7] {
        [
            ("list", &self.list),
            ("stage", &self.stage),
            ("severity", &self.severity),
            ("lead", &self.lead),
            ("waiting", &self.waiting),
            ("overdue", &self.overdue),
            ("reference", &self.reference),
        ]
    }

    /// Only what an address can hold: letters, digits and dashes.
    #[must_use]
    pub fn clean(self) -> Self {
        let kept = |text: String| -> String {
            let fits = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
            text.trim().chars().filter(fits).take(LONGEST).collect()
        };
        Self {
            list: kept(self.list),
            stage: kept(self.stage),
            severity: kept(self.severity),
            lead: kept(self.lead),
            waiting: kept(self.waiting),
            overdue: kept(self.overdue),
            reference: kept(self.reference).to_ascii_uppercase(),
        }
    }

    /// The same as the query of an address, of a filter that was cleaned.
    pub fn query(&self) -> String {
        let given = self
            .pairs()
            .into_iter()
            .filter(|(_, value)| !value.is_empty());
        let parts: Vec<String> = given
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        parts.join("&")
    }

    /// Whether anything beside the list is asked for.
    pub fn narrows(&self) -> bool {
        self.pairs()
            .iter()
            .any(|(name, value)| *name != "list" && !value.is_empty())
    }
}

/// The inbox: overdue first, then what falls due next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InboxView {
    /// The program.
    pub program: ProgramCard,
    /// What was asked for, as far as it was understood.
    pub filter: InboxFilter,
    /// Rows of this page.
    pub rows: Vec<InboxRow>,
    /// The first case of this page, when there are others before it.
    pub previous: Option<String>,
    /// The last case of this page, when there are others after it.
    pub next: Option<String>,
    /// Counts: open, mine, overdue, waiting for the reporter, closed; without filters.
    pub counts: [u32; 5],
    /// Stages that some case has: key and words.
    pub stages: Vec<(String, String)>,
    /// Who may lead a case: id and name.
    pub team: Vec<(String, String)>,
    /// Whoever looks may change settings and people of the program.
    pub owner: bool,
    /// The clock of the server is in doubt: what that means.
    pub clock: Option<String>,
    /// Other troubles of the server that owners should know.
    pub troubles: Vec<String>,
    /// Mails that are no case by themselves and wait for a look.
    pub mails: u32,
}

/// A missed promise that nobody has answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlarmLine {
    /// Reference and clock, as an answer names them.
    pub value: String,
    /// The case.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// What was promised.
    pub what: String,
    /// When it was due.
    pub due: Option<When>,
    /// How often people were called.
    pub told: u32,
    /// Lead's name.
    pub lead: Option<String>,
}

/// What is overdue, and which misses want an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlarmsView {
    /// The program.
    pub program: ProgramCard,
    /// Misses that nobody has answered, the oldest first.
    pub alarms: Vec<AlarmLine>,
    /// More of them than are shown.
    pub more: usize,
    /// Cases in which something is overdue.
    pub rows: Vec<InboxRow>,
    /// Whoever looks may change settings and people of the program.
    pub owner: bool,
}

/// A case that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundRow {
    /// The case.
    pub row: InboxRow,
    /// Where the words stand, in words, the best place first.
    pub places: Vec<&'static str>,
}

/// How much of what was typed is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    /// Nothing: there is no word in it that is wanted.
    Nothing,
    /// Not what comes after the last word that counts, or no single letters.
    Part,
    /// All of it.
    Whole,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SearchView {
    /// The program.
    pub program: ProgramCard,
    /// The words, as they were typed.
    pub asked: String,
    /// How much of them is looked for.
    pub heard: Heard,
    /// Cases of this page, the best first.
    pub rows: Vec<FoundRow>,
    /// How many were found, those on other pages too.
    pub total: usize,
    /// Which page, from 0.
    pub page: usize,
    /// Cases on the pages before.
    pub first: usize,
    /// There is a page after this one.
    pub more: bool,
    /// Cases of this program that are not found yet; they are being read.
    pub not_yet: u64,
    /// Whoever looks may change settings and people of the program.
    pub owner: bool,
}
