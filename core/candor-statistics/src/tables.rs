//! The figures, one shape each.

use std::collections::BTreeMap;

use candor_policy::MetBy;
use candor_policy::model::{Firmness, Milestone};
use serde::Serialize;

use crate::spread::Spread;
use crate::words::Name;

/// How long something takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeFigure {
    /// Which.
    pub name: Name,
    /// In seconds.
    pub seconds: Spread,
    /// In business days of the program's calendar; `None` where the law counts hours.
    pub business_days: Option<Spread>,
}

/// How one kind of promise is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PromiseFigure {
    /// What is promised.
    pub milestone: Milestone,
    /// What meets it.
    pub met_by: MetBy,
    /// How firm.
    pub firmness: Firmness,
    /// It comes again and again: periods count.
    pub recurring: bool,
    /// Cases in which it ran.
    pub cases: u32,
    /// Kept by the due instant as it stood last.
    pub kept: u32,
    /// Missed by it.
    pub missed: u32,
    /// Neither yet.
    pub running: u32,
    /// Kept by the due instant before any change.
    pub kept_at_first: u32,
    /// Missed by it.
    pub missed_at_first: u32,
}

/// A part of a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShareFigure {
    /// Which.
    pub name: Name,
    /// The part: cases, periods, branches or seconds.
    pub part: i64,
    /// The whole, never 0.
    pub whole: i64,
    /// Cases it is about.
    pub cases: u32,
}

impl ShareFigure {
    /// In tenths of a percent, rounded down: a share is never shown as more than it is.
    pub fn permille(&self) -> i64 {
        self.part
            .saturating_mul(1_000)
            .checked_div(self.whole)
            .unwrap_or(0)
    }
}

/// A whole in its kinds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CountFigure {
    /// Which.
    pub name: Name,
    /// How many of each kind, by its words.
    pub kinds: BTreeMap<&'static str, u32>,
    /// Kinds put together because each is about too few.
    pub rest: u32,
}

/// Filings of one stage of a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilingFigure {
    /// The regime.
    pub regime: String,
    /// The stage.
    pub stage: String,
    /// Filed.
    pub filed: u32,
    /// Filed late, or past its time and not filed.
    pub late: u32,
    /// Due or filed in all.
    pub all: u32,
}

/// What is open now. Never for the public: it would tell that a report came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backlog {
    /// Reports received.
    pub reports: u32,
    /// Of them found valid.
    pub valid: u32,
    /// Open and valid.
    pub open_valid: u32,
    /// Their age in seconds.
    pub age: Option<Spread>,
    /// Of them by severity.
    pub by_severity: BTreeMap<&'static str, u32>,
    /// Of them older than 90 days.
    pub old: u32,
    /// These by severity.
    pub old_by_severity: BTreeMap<&'static str, u32>,
    /// The age of these in seconds.
    pub old_age: Option<Spread>,
}
