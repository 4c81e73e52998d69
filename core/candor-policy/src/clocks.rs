//! From promises to clocks: which clocks a policy starts on a case, and what meets each.
//!
//! Invariants: only a promise with a number gives a public clock (K2); every
//! clock names the sentence behind it or says that it is Candor's own.
//!
//! Deliberately absent: instants. A clock becomes a date only on a case.

use candor_base::Span;
use candor_calendar::{FixPlus, Unit, Within};
use serde::{Deserialize, Serialize};

use crate::model::{ClauseId, Firmness, Milestone, Origin, Severity};

/// Names one clock of a policy (`promise-2`, `candor-acknowledgement`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClockKey(pub String);

impl std::fmt::Display for ClockKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a clock comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ClockSource {
    /// A sentence of the policy: shown to everybody, kept or missed.
    Policy {
        /// The clause.
        clause: ClauseId,
        /// Its lines.
        span: Span,
        /// Its words.
        quote: String,
    },
    /// Our reading of words that can mean two things; shown as such (Q13).
    Reading {
        /// The clause.
        clause: ClauseId,
        /// Its lines.
        span: Span,
        /// Its words.
        quote: String,
    },
    /// Candor's default where the policy is silent: runs inside, never shown as a promise.
    Candor,
}

/// When a clock falls due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ClockRule {
    /// Once.
    Within {
        /// The rule.
        rule: Within,
    },
    /// Sliding: each qualifying act starts the next period; ends with the fix.
    Recurring {
        /// The rule of one period.
        rule: Within,
    },
    /// At the next release: end of that day when known, else unscheduled.
    NextRelease,
    /// On fixed days counted from the first anchor, whenever the act came; ends with the
    /// fix.
    RecurringGrid {
        /// The distance of the days.
        rule: Within,
    },
    /// So long before the planned publication, and never without a planned one.
    Lead {
        /// How many.
        amount: u32,
        /// Of what.
        unit: Unit,
    },
    /// So long for a fix and so long after it ("90+30"): follows what happens to the fix.
    FixPlus {
        /// The rule.
        rule: FixPlus,
    },
}

/// The act that meets a clock, and nothing else does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetBy {
    /// A person's message to the reporter.
    HumanMessage,
    /// A person's message marked as a plan (S4-11).
    PlanMessage,
    /// A person's message that opens the exchange; a plan counts too (S4-24).
    ConversationMessage,
    /// A recorded assessment that was told to the reporter.
    Assessment,
    /// An assessment with a severity rating, told to the reporter (S1-16).
    AssessmentWithSeverity,
    /// A status message with content (Q14).
    StatusMessage,
    /// Work has visibly started: plan, accepted case or fix in development (Q13).
    WorkStarted,
    /// Every supported branch is answered and one fix is released.
    FixReleased,
    /// The advisory is published.
    Published,
    /// Both the fix is released and the advisory published (S1-18).
    FixAndPublished,
    /// A distributor has its notice.
    DistributorsTold,
    /// The planned date was told to the reporter.
    DateTold,
}

/// One clock that a policy starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockSpec {
    /// Its name.
    pub key: ClockKey,
    /// What is promised.
    pub milestone: Milestone,
    /// Runs only while the case has this severity; `None` runs always.
    pub severity: Option<Severity>,
    /// When it falls due.
    pub rule: ClockRule,
    /// What starts it.
    pub from: Origin,
    /// How firm.
    pub firmness: Firmness,
    /// Where it comes from.
    pub source: ClockSource,
    /// What meets it.
    pub met_by: MetBy,
}

impl ClockSpec {
    /// Whether it begins again after each act, until the fix.
    pub const fn recurs(&self) -> bool {
        matches!(
            self.rule,
            ClockRule::Recurring { .. } | ClockRule::RecurringGrid { .. }
        )
    }

    /// Whether reporters and the public see it as a promise of the project.
    pub fn is_promise(&self) -> bool {
        !matches!(self.source, ClockSource::Candor)
    }
}
