//! What a compiled policy does: clocks, forms, answers, texts.
//!
//! Invariants: everything here is a pure function of the policy in force.
//!
//! Deliberately absent: reading the text (see `grammar`).

pub(crate) mod branches;
pub(crate) mod form;
pub(crate) mod holidays;
pub(crate) mod not_yet;
pub(crate) mod plan;
pub(crate) mod review;
pub(crate) mod scope;
pub(crate) mod security_txt;
pub(crate) mod support;
pub(crate) mod timetable;
pub(crate) mod words;
