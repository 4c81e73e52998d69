//! Words about time in languages other than English: the form, and which file holds which.
//!
//! Deliberately absent: headings, contents and the rest; see `others`.

use super::Table;
use crate::model::{Firmness, Milestone, Origin, Pace, Severity, TermUnit};

/// What a language says about promises and their times.
pub(super) struct Times {
    pub(super) numbers: Table<u32>,
    pub(super) units: Table<(u32, TermUnit)>,
    pub(super) business_after: &'static [&'static str],
    pub(super) plain_units: &'static [&'static str],
    pub(super) every: &'static [&'static str],
    pub(super) rhythms: Table<(u32, TermUnit)>,
    pub(super) milestones: Table<Milestone>,
    pub(super) no_cues: &'static [&'static str],
    pub(super) vague: Table<Pace>,
    pub(super) vague_cells: Table<Pace>,
    pub(super) immediate: &'static [&'static str],
    pub(super) next_release: &'static [&'static str],
    pub(super) severities: Table<Severity>,
    pub(super) firmness: Table<Firmness>,
    pub(super) origins: Table<Origin>,
    pub(super) project_speaks: &'static [&'static str],
    pub(super) project_acts: &'static [&'static str],
    pub(super) asked_of_reporter: &'static [&'static str],
    pub(super) windows: &'static [&'static str],
    pub(super) silence: &'static [&'static str],
    pub(super) silence_acts: &'static [&'static str],
    pub(super) no_deadline: &'static [&'static str],
}
