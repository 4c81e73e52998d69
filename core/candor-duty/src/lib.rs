//! Duties to tell a regulator, as dated data.
//!
//! Invariants: every rule of law stands in `data/regimes.toml` with its source
//! and the day of its last check; a timer counts to the second and never
//! pauses; every function is a plain function of its arguments.
//!
//! Deliberately absent: judging whether a duty exists (a person does), filing
//! (a person does), cases, and the present time.

mod choice;
mod pack;
mod parts;
mod regime;
mod table;
mod timer;

pub use choice::{Choice, Holds};
pub use pack::{Export, FieldState, Known, Pack, PackError, Problem, json, plain};
pub use parts::{FamilyId, FieldId, IdError, RegimeId, RoleId, StageId};
pub use regime::{
    Anchor, Confidence, Counter, Demand, Family, Field, Fill, Regime, Role, Stage, StageTerms,
    Subject, Terms,
};
pub use table::{BadTable, STALE_AFTER_DAYS, Table, table};
pub use timer::{Timer, timer};
