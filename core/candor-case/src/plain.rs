//! Promises without a number on a case: kept or open, never due.
//!
//! Invariant: what has no number starts no clock (K2); here it is only seen
//! whether the act has happened. Credit alone can be missed: at publication.

use candor_base::Instant;
use candor_policy::clocks::MetBy;
use candor_policy::model::{ClauseId, Milestone, Policy, Term};
use serde::{Deserialize, Serialize};

use crate::fulfil;
use crate::parts::CreditWish;
use crate::state::CaseState;

/// A promise of the policy without a number, on one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlainPromise {
    /// The clause that makes it.
    pub clause: ClauseId,
    /// What is promised.
    pub milestone: Milestone,
    /// Where it stands.
    pub status: PlainStatus,
}

/// Where a promise without a number stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PlainStatus {
    /// Not yet, and not late: there is no date.
    Open,
    /// Kept.
    Kept {
        /// When the act was done.
        at: Instant,
    },
    /// Holds all the time and is judged by people (conduct, clear communication).
    Standing,
    /// Not for this case: rejected reports raise no duty of credit (S1-35).
    DoesNotApply,
}

/// The promises of the policy that have no number, as they stand on this case.
pub fn plain_promises(case: &CaseState, policy: &Policy) -> Vec<PlainPromise> {
    let promised = policy
        .promises
        .iter()
        .filter(|c| matches!(c.value.term, Term::Unquantified { .. }))
        .map(|c| PlainPromise {
            clause: c.id.clone(),
            milestone: c.value.milestone,
            status: status(case, c.value.milestone),
        });
    let credit = policy.credit.iter().map(|c| PlainPromise {
        clause: c.id.clone(),
        milestone: Milestone::Credit,
        status: credit_status(case),
    });
    let mut all: Vec<PlainPromise> = promised.collect();
    if !all.iter().any(|p| p.milestone == Milestone::Credit) {
        all.extend(credit);
    }
    all
}

fn status(case: &CaseState, milestone: Milestone) -> PlainStatus {
    let met_by = match milestone {
        Milestone::Acknowledgement => MetBy::HumanMessage,
        Milestone::Triage | Milestone::Assessment | Milestone::Decision => MetBy::Assessment,
        Milestone::Plan => MetBy::PlanMessage,
        Milestone::Conversation => MetBy::ConversationMessage,
        Milestone::Update => MetBy::StatusMessage,
        Milestone::Response => MetBy::WorkStarted,
        Milestone::Fix | Milestone::PatchRelease => MetBy::FixReleased,
        Milestone::Disclosure => MetBy::Published,
        Milestone::Credit => return credit_status(case),
        // Rewards are paid outside; nothing on a case tells of it.
        Milestone::Bounty | Milestone::Conduct => return PlainStatus::Standing,
    };
    match fulfil::done_at(case, met_by, case.received) {
        Some(at) => PlainStatus::Kept { at },
        None => PlainStatus::Open,
    }
}

/// Kept at publication: the advisory cannot be complete without the credit that was
/// agreed, and no name appears without a yes (CR-1).
fn credit_status(case: &CaseState) -> PlainStatus {
    if case.is_turned_down() {
        return PlainStatus::DoesNotApply;
    }
    match (case.advisory.published, &case.credit) {
        (Some(at), CreditWish::Named(_) | CreditWish::Anonymous | CreditWish::NotAnswered) => {
            PlainStatus::Kept { at }
        }
        (None, _) => PlainStatus::Open,
    }
}
