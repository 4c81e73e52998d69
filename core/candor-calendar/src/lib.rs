//! Business days, holidays as data, every clock kind, and due instants that
//! explain themselves.
//!
//! Invariants: every function is a plain function of its arguments; all sums are
//! checked and every search is bounded by a horizon of a hundred years, so that
//! absurd input gives an error, never a panic or a hang. A due instant is
//! inclusive: done at that very second is kept.
//!
//! Deliberately absent: cases, promises, policies, the present time, and any
//! holiday list (holidays are data that the owner of a program gives).

mod change;
mod due;
mod explain;
mod ics;
mod pause;
mod planned;
mod recurring;
mod rule;
mod run;
mod show;
pub mod vectors;
mod warn;
mod workcal;
mod zone;

pub use change::{Rating, Rerated, extend, extend_by, severity};
pub use due::{Due, OutOfRange, due};
pub use ics::{Entry, ics};
pub use pause::{PAUSE_CAP_SECONDS, Pause, paused_seconds};
pub use planned::{
    Direction, Disclosure, FixPlus, Grid, ListMax, ReleaseDay, fix_plus, grid, lead, list_max,
    release_day,
};
pub use recurring::{Recurring, recurring, recurring_grid};
pub use rule::{Mode, NonbusinessReceipt, Unit, Within};
pub use show::{show, show_date, show_with_offset};
pub use warn::{Lateness, lateness, warn_at, warn_on_duty};
pub use workcal::{WorkCalendar, Workweek, WorkweekError};
pub use zone::{Zone, ZoneError, tzdb_version};
