//! Business days, holidays as data, every clock kind, and due instants that
//! explain themselves.
//!
//! Invariants: every function is a plain function of its arguments; all sums are
//! checked and every search is bounded by a horizon of a hundred years, so that
//! absurd input gives an error, never a panic or a hang. A due instant is
//! inclusive: done at that very second is kept.
//!
//! Deliberately absent: cases, promises, policies, and the present time. Public
//! holidays are a table with source and version; which regions count, the owner
//! of a program says.

mod change;
mod due;
mod explain;
mod fix_plus;
mod grid;
mod ics;
mod legal;
mod pause;
mod planned;
mod recurring;
mod regions;
mod remind;
mod rule;
mod run;
mod show;
pub mod vectors;
mod warn;
mod workcal;
mod zone;

pub use change::{Rating, Rerated, after_edit, extend, extend_by, severity};
pub use due::{Due, OutOfRange, due, plan_by};
pub use fix_plus::{Disclosure, FixFacts, FixPlus, InTheWild, fix_plus};
pub use grid::{Direction, Grid, NoSuchDay, grid};
pub use ics::{Entry, ics};
pub use legal::legal_latest;
pub use pause::{PAUSE_CAP_SECONDS, Pause, paused_seconds};
pub use planned::{CutOut, EndsBeforeItBegins, ListMax, ReleaseDay, lead, list_max, release_day};
pub use recurring::{Recurring, recurring, recurring_grid};
pub use regions::{HolidayTable, Region, RegionError, holiday_table};
pub use remind::reminders;
pub use rule::{Mode, NonbusinessReceipt, Unit, Within};
pub use show::{show, show_date, show_with_offset};
pub use warn::{Lateness, lateness, warn_at, warn_on_duty};
pub use workcal::{DayKind, WorkCalendar, Workweek, WorkweekError};
pub use zone::{Zone, ZoneError, tzdb_version};
