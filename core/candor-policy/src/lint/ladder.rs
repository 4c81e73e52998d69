//! How far a policy has come on the ladder of disclose.io, and the next step.
//!
//! Source: the maturity model of disclose.io (levels 0 to 5, public domain).
//!
//! Deliberately absent: whether people live up to the words.

use serde::Serialize;

use super::standards::has_window;
use crate::model::{ChannelKind, Policy, Protection};

/// A level and what would lead to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rung {
    /// 0 to 5.
    pub level: u8,
    /// Its name.
    pub name: &'static str,
    /// What the next level asks for; `None` on the highest.
    pub next: Option<&'static str>,
}

const RUNGS: [Rung; 6] = [
    Rung {
        level: 0,
        name: "not present",
        next: Some("Give a way to report."),
    },
    Rung {
        level: 1,
        name: "contact only",
        next: Some("Say what a report should hold, when you answer, or how details become public."),
    },
    Rung {
        level: 2,
        name: "basic policy",
        next: Some("Promise that you take no legal action against people who follow the policy."),
    },
    Rung {
        level: 3,
        name: "partial safe harbour",
        next: Some(
            "Authorise testing in good faith, and waive claims under laws against circumvention.",
        ),
    },
    Rung {
        level: 4,
        name: "full safe harbour",
        next: Some("Say within how many days details become public."),
    },
    Rung {
        level: 5,
        name: "full safe harbour and a date of disclosure",
        next: None,
    },
];

/// The level a policy has reached.
pub fn ladder(policy: &Policy) -> Rung {
    let reachable = policy
        .channels
        .iter()
        .any(|c| c.value.kind != ChannelKind::PublicIssue);
    let says_more = !policy.promises.is_empty()
        || !policy.contents.is_empty()
        || !policy.disclosure.is_empty()
        || !policy.in_scope.is_empty()
        || !policy.out_of_scope.is_empty();
    let no_action = policy.safe_harbour.iter().any(|c| c.value.no_legal_action);
    let full = no_action && authorises(policy) && waives(policy);
    let steps = [reachable, says_more, no_action, full, has_window(policy)];
    let level = steps.iter().take_while(|met| **met).count();
    let [lowest, ..] = RUNGS;
    RUNGS.get(level).copied().unwrap_or(lowest)
}

/// Research counts as authorised.
pub(super) fn authorises(policy: &Policy) -> bool {
    promises(policy, &[Protection::Authorised])
}

/// Claims about circumvention, or under terms of service, are waived.
fn waives(policy: &Policy) -> bool {
    promises(
        policy,
        &[Protection::WaiveCircumvention, Protection::WaiveTerms],
    )
}

fn promises(policy: &Policy, any: &[Protection]) -> bool {
    policy
        .safe_harbour
        .iter()
        .any(|c| c.value.commitments.iter().any(|p| any.contains(p)))
}
