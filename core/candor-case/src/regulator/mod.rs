//! Duties to tell a regulator, on one case: signals, the decision to be aware,
//! timers, and what a person filed.
//!
//! Invariants: becoming aware is a person's decision with time, evidence and
//! reason, apart from when the report came in and when the first sign was seen
//! (K5); it can be moved to an earlier time only; timers never pause, also not on
//! a closed case; a miss stays, also when the report is filed later.
//!
//! Deliberately absent: the law. Its times come with the command, from
//! `candor-duty`, and stay in the event, so that a later table changes no case.

mod act;
mod clocks;
mod decide;
mod event;
mod evolve;
mod state;

pub use act::RegulatorAct;
pub use event::RegulatorEvent;
pub use state::{
    Awareness, Filed, Informed, Measure, NotReportable, RegimeRecord, Regulators, Signal,
    StageClock,
};

pub(crate) use clocks::{catch_up, wakeups};
pub(crate) use decide::{decide, fits};
pub(crate) use evolve::apply;

/// Hours in which a signal is to be judged (`domain.md` 2.4).
pub(crate) const ASSESS_WITHIN_HOURS: u32 = 24;
/// Signals that one case keeps at most.
pub(crate) const MOST_SIGNALS: usize = 200;
