//! Who may do what, and what each may see.
//!
//! Rights are values: a use case demands a [`Permit`] for this principal, this
//! action, this case; only this crate makes one. What leaves the house is a
//! view, built here from a permit.
//!
//! Deliberately absent: look-ups. Whoever calls brings the facts.

pub mod build;
mod permit;
pub mod view;

pub use permit::{
    Action, CaseFacts, PARTY_ACTS, Permit, Principal, ProgramRole, REPORTER_ACTS, SYSTEM_ACTS,
    TEAM_ACTS, TokenScope, known_act, permit,
};

pub use candor_case::{
    Certainty, CloseReason, CreditWish, Lane, MailKind, MessageKind, Stage, Verdict, WaitingOn,
};
pub use candor_policy::model::{ContentKey, Demand, FixKind, Impact, Milestone, Severity};
