//! The JSON form of clock test vectors (`candor.clock-vectors/1`), read and evaluated.
//!
//! Beside the form's own fields: `calendar.regions`; the events `attacked` (for
//! `fix_plus`) and `calendar_edit` (with the new `holidays`); `legal_note`.
//!
//! Deliberately absent: reading a file, and judging; `VectorOutcome::differences`
//! only lists where an outcome and an expectation part.

mod eval;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use candor_base::Instant;

pub use self::eval::evaluate;
use crate::fix_plus::FixPlus;
use crate::grid::Grid;
use crate::planned::ReleaseDay;
use crate::regions::Region;
use crate::rule::{Mode, Unit, Within};
use crate::warn::Lateness;
use crate::workcal::Workweek;
use crate::zone::Zone;

/// A file of vectors.
#[derive(Debug, Clone, Deserialize)]
pub struct VectorFile {
    /// The name and version of the form.
    pub schema: String,
    /// The vectors.
    pub vectors: Vec<VectorCase>,
}

/// One vector: what is given, and what is expected when it says so.
#[derive(Debug, Clone, Deserialize)]
pub struct VectorCase {
    /// Its name.
    #[serde(default)]
    pub id: String,
    /// What it is about.
    #[serde(default)]
    pub title: String,
    /// The moment from which it counts.
    pub anchor: Instant,
    /// The zone of the policy.
    #[serde(default)]
    pub zone: Zone,
    /// The calendar; its zone is the one above.
    #[serde(default)]
    pub calendar: VectorCalendar,
    /// The rule.
    pub rule: VectorRule,
    /// What happened meanwhile.
    #[serde(default)]
    pub events: Vec<VectorEvent>,
    /// The proposed publication, when it is neither in the rule nor an event.
    pub proposed: Option<Instant>,
    /// The moment up to which a recurring rule is followed, when `expect` does not say it.
    pub evaluated_at: Option<Instant>,
    /// Whether to say how European law would count (`legal_latest`).
    #[serde(default)]
    pub legal_note: bool,
    /// What should come out.
    #[serde(default)]
    pub expect: Expect,
    /// Whether something done at these moments kept the promise.
    #[serde(default)]
    pub checks: Vec<Check>,
}

/// A calendar without its zone.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct VectorCalendar {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// The ISO weekdays on which people work; those of the first region when absent.
    pub workweek: Option<Workweek>,
    /// The regions whose public holidays are free.
    #[serde(default)]
    pub regions: Vec<Region>,
    /// The holidays.
    #[serde(default)]
    pub holidays: Vec<Date>,
    /// Days outside the work week on which people work.
    #[serde(default)]
    pub working_days: Vec<Date>,
}

/// A rule of any kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum VectorRule {
    /// Within so long of the anchor.
    Within(Within),
    /// So long before the anchor.
    Lead {
        /// How many units.
        amount: u32,
        /// The unit.
        unit: Unit,
    },
    /// Again and again, restarted by each update.
    Recurring(Within),
    /// Again and again from the first anchor.
    RecurringGrid {
        /// How many units lie between two.
        amount: u32,
        /// How often.
        count: u32,
        /// The unit; months when absent.
        unit: Option<Unit>,
        /// How each ends; at the second when absent.
        mode: Option<Mode>,
    },
    /// Days to fix, then days to update.
    FixPlus(FixPlus),
    /// The nth weekday of a month.
    Grid(Grid),
    /// An allowed day and hour.
    ReleaseDay(ReleaseDay),
    /// The longest embargo of a list.
    ListMax {
        /// The longest embargo.
        #[serde(flatten)]
        within: Within,
        /// The proposed publication, when it is not an event.
        proposed: Option<Instant>,
    },
    /// By severity.
    Severity {
        /// A rule for each severity word.
        table: BTreeMap<String, Option<Within>>,
        /// Hours after a change before which nothing is due.
        #[serde(default)]
        not_before_after_change_hours: u32,
        /// The word that holds from the anchor on, when it is not an event.
        #[serde(default, alias = "severity", alias = "value")]
        initial: Option<String>,
    },
}

/// Something that happened. Which fields matter depends on the type.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct VectorEvent {
    /// `update_sent`, `pause`, `patch_available`, `attacked`, `severity…`, `exten…`,
    /// `propos…` or `calendar_edit`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When.
    pub at: Option<Instant>,
    /// When a pause began.
    pub from: Option<Instant>,
    /// When a pause ended; absent while it goes on.
    #[serde(alias = "until")]
    pub to: Option<Instant>,
    /// A severity word.
    #[serde(alias = "severity")]
    pub value: Option<String>,
    /// Days of an extension.
    pub days: Option<u32>,
    /// Units of an extension.
    pub amount: Option<u32>,
    /// The unit of an extension; days when absent.
    pub unit: Option<Unit>,
    /// The own holidays after an edit of the calendar.
    pub holidays: Option<Vec<Date>>,
}

/// What should come out; only what is given is compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Expect {
    /// The due instant.
    pub due: Option<Instant>,
    /// The same with local time and offset.
    pub due_local: Option<String>,
    /// Every due instant in order.
    pub all_due: Option<Vec<Instant>>,
    /// How many periods passed in silence.
    pub breaches: Option<u32>,
    /// The moment up to which a recurring rule is followed; the last update when absent.
    pub evaluated_at: Option<Instant>,
    /// The date of the details.
    pub details_on: Option<Date>,
    /// The end of the last day for the fix.
    pub fix_due: Option<Instant>,
    /// Whether a list accepts the proposed moment.
    pub proposed_ok: Option<bool>,
}

/// Something done at a moment, and whether that was in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Check {
    /// When it was done.
    pub done_at: Instant,
    /// Whether that was in time.
    pub met: bool,
}

/// What came out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VectorOutcome {
    /// The id of the vector.
    pub id: String,
    /// The due instant; the last of them when there are many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Instant>,
    /// The same with local time and offset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_local: Option<String>,
    /// The business day to plan for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_by: Option<Date>,
    /// Every due instant in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_due: Option<Vec<Instant>>,
    /// How many periods passed in silence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaches: Option<u32>,
    /// The due instant promised before a severity was lowered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Instant>,
    /// The date of the details.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details_on: Option<Date>,
    /// The end of the last day for the fix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix_due: Option<Instant>,
    /// Whether a list accepts the proposed moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed_ok: Option<bool>,
    /// For each check, whether what was done was in time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub met: Vec<bool>,
    /// For each check, how late what was done was; left out when nothing was late.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub late: Vec<Lateness>,
    /// When people are warned: at 50 % and at 80 % of the time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Instant>,
    /// How long European law would still give, as a note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_latest: Option<Instant>,
    /// Zone data and calendar in use, to be stored beside the due instant.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub basis: String,
    /// How it was counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub explanation: Vec<String>,
    /// Why nothing came out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Where it parts from what the vector expects, each in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<String>,
}
