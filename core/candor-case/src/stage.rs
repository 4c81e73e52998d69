//! The one stage shown to people, derived from the dimensions (K1).

use crate::parts::{FixStatus, WaitingOn};
use crate::state::{CaseState, FixRow, ReportState, Stage};

impl FixRow {
    /// This branch needs nothing more: released, not affected, or will not be fixed.
    pub fn is_answered(&self) -> bool {
        matches!(
            self.status,
            FixStatus::Released { .. } | FixStatus::NotAffected | FixStatus::WontFix { .. }
        )
    }
}

impl CaseState {
    /// The stage.
    pub fn stage(&self) -> Stage {
        if self.closed.is_some() {
            Stage::Closed
        } else if self.advisory.published_draft.is_some() {
            Stage::Disclosed
        } else if self.stands_withdrawn() {
            Stage::Withdrawn
        } else if self.duplicate_of.is_some() {
            Stage::Duplicate
        } else if self.rejection.is_some() {
            Stage::Rejected
        } else if self.around.deferral.is_some() && self.report == ReportState::Deferred {
            Stage::Deferred
        } else if self.report == ReportState::Accepted {
            self.fix_stage()
        } else if self.waiting_on == WaitingOn::Reporter {
            Stage::NeedsInfo
        } else if self.assessment.is_some() {
            Stage::Triaged
        } else if self.acknowledged.is_some() {
            Stage::Acknowledged
        } else {
            Stage::Received
        }
    }

    /// Turned down, a duplicate, or withdrawn before it was accepted.
    pub fn is_turned_down(&self) -> bool {
        self.rejection.is_some() || self.duplicate_of.is_some() || self.stands_withdrawn()
    }

    /// Withdrawn before it was accepted, and the team does not go on by itself.
    pub fn stands_withdrawn(&self) -> bool {
        self.withdrawn.is_some() && self.went_on.is_none() && self.report != ReportState::Accepted
    }

    /// Every branch has its answer.
    pub fn all_branches_answered(&self) -> bool {
        !self.fixes.is_empty() && self.fixes.iter().all(FixRow::is_answered)
    }

    fn fix_stage(&self) -> Stage {
        let tested = |r: &FixRow| r.is_answered() || r.status == FixStatus::Tested;
        if self.fix_released.is_some() {
            Stage::Released
        } else if !self.fixes.is_empty() && self.fixes.iter().all(tested) {
            Stage::Tested
        } else if self.fix_ready.is_some() {
            Stage::FixReady
        } else if self.fixes.iter().any(|r| r.status != FixStatus::Open) {
            Stage::FixInDevelopment
        } else {
            Stage::Accepted
        }
    }
}
