//! From SECURITY.md to an executable policy: clauses with their lines, clocks,
//! lint, the report form, completeness, support and scope answers, rendering.
//!
//! Invariants: whatever the bytes, [`compile`] answers and never panics; every
//! clause names the lines it was read from; nothing is invented.
//!
//! Deliberately absent: cases, dates of a case, storage, HTML.

mod canonical;
mod compile;
mod contact;
mod decode;
mod diff;
mod grammar;
mod in_force;
mod labels;
mod lint;
mod read;
mod render;
mod run;
mod vocab;

pub mod clocks;
pub mod model;
pub mod settings;

pub use canonical::{
    Canonical, KeptEntry, Mistake, PolicyError, ReadPolicy, SourceFile, Stated, did_you_mean,
    is_canonical, keep_corrected, read_policy,
};
pub use clocks::{ClockKey, ClockRule, ClockSource, ClockSpec, MetBy};
pub use compile::compile;
pub use contact::is_address;
pub use decode::{MAX_BYTES, NotAPolicy, text_of};
pub use diff::{Change, Effect, Side, diff, diff_settings};
pub use in_force::COMPILER;
pub use labels::labels;
pub use lint::{
    Coverage, LINT_RULES, LintRule, LintedFile, Rung, Standard, coverage, ladder, lint, lint_on,
    lint_rule, lint_security_txt, questions, sarif,
};
pub use model::*;
pub use render::{
    Answers, Draft, Harbour, Insights, InsightsFile, JSON_FORMAT, Rendered, Unshared, WrongAnswer,
    policy_json, says_the_same, security_md,
};
pub use run::branches::{Branch, branches, next_versions, reaches};
pub use run::form::{Completeness, FormField, complete, form};
pub use run::holidays::holidays_finding;
pub use run::not_yet::not_yet_run;
pub use run::plan::clocks;
pub use run::review::{ReviewDue, review_due, review_finding};
pub use run::scope::{
    ScopeMatch, elsewhere, rates_by_both, safe_harbour_text, scope_match, severity_clause,
    severity_for,
};
pub use run::security_txt::security_txt;
pub use run::support::{SupportAnswer, numbers, release_supported, support};
pub use run::timetable::{fix_plus_of, list_maximum_hours, timetable_words};
pub use run::words::{
    PromiseKind, PromiseLine, act_words, channel_words, clock_words, firmness_words,
    milestone_words, promises_in_words, severity_words, span_words, team_milestone_words,
    team_words, term_words,
};
pub use settings::{NamedAddress, PolicyInForce, Release, Said, Settings};
