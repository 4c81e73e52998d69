//! Figures in words, for pages.

use serde::Serialize;

use super::ProgramCard;

/// How one kind of promise was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatLine {
    /// What is promised, and how firmly.
    pub what: String,
    /// Kept.
    pub kept: u32,
    /// Missed, open ones past due among them.
    pub missed: u32,
    /// Neither yet.
    pub running: u32,
    /// Kept and missed by the first due date, where that says something else.
    pub at_first: Option<(u32, u32)>,
    /// It comes again and again: its periods count.
    pub recurring: bool,
}

/// How long something takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeLine {
    /// What.
    pub what: String,
    /// Of how many.
    pub n: u32,
    /// Median, 90 of 100 and longest, in words.
    pub words: [String; 3],
    /// The same in business days, where they are counted.
    pub business_days: Option<[i64; 3]>,
    /// The same as parts of the longest of all lines, in thousandths.
    pub marks: [i64; 3],
}

/// A part of a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShareLine {
    /// Of what.
    pub what: String,
    /// In thousandths, rounded down.
    pub permille: i64,
    /// The part and the whole in words.
    pub of: String,
    /// A word for where it lies, where there is one.
    pub band: Option<String>,
}

/// A whole in its kinds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CountTable {
    /// Of what.
    pub what: String,
    /// Words, how many, and in thousandths of all.
    pub rows: Vec<(String, u32, i64)>,
}

/// The statistics page: of anybody, or of the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatisticsView {
    /// The program.
    pub program: ProgramCard,
    /// Advisories that are public now.
    pub published: u32,
    /// Reports that count.
    pub reports: u32,
    /// Promises.
    pub lines: Vec<StatLine>,
    /// Times.
    pub times: Vec<TimeLine>,
    /// Shares.
    pub shares: Vec<ShareLine>,
    /// Kinds.
    pub counts: Vec<CountTable>,
    /// What is open, and filings with regulators: the team alone.
    pub numbers: Vec<(String, String)>,
    /// Why there is nothing.
    pub withheld: Option<String>,
    /// Period in words.
    pub period: String,
    /// Since when and until when reports count, as they were typed.
    pub asked: (String, String),
}
