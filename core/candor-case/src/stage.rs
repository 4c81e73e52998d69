//! The one stage shown to people, derived from the dimensions (K1).

use crate::parts::{FixStatus, RejectionGround, Reproduction, WaitingOn};
use crate::party::{Party, PartyKind};
use crate::state::{CaseState, FixRow, ReportState, Stage};

impl FixRow {
    /// This branch needs nothing more: released, not affected, or will not be fixed.
    pub fn is_answered(&self) -> bool {
        matches!(
            self.status,
            FixStatus::Released { .. } | FixStatus::NotAffected | FixStatus::WontFix { .. }
        )
    }

    /// A fix is there for this branch, and it is tested.
    fn has_tested_fix(&self) -> bool {
        matches!(self.status, FixStatus::Tested | FixStatus::Released { .. })
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
        } else if let Some(rejection) = &self.rejection {
            match rejection.ground {
                RejectionGround::OutOfScope { .. } => Stage::OutOfScope,
                RejectionGround::UnsupportedVersion { .. } => Stage::UnsupportedVersion,
                _ => Stage::Rejected,
            }
        } else if self.around.deferral.is_some() && self.report == ReportState::Deferred {
            Stage::Deferred
        } else if self.report == ReportState::Accepted {
            self.fix_stage()
        } else if self.waiting_on == WaitingOn::Reporter {
            Stage::NeedsInfo
        } else if self.report == ReportState::Valid && self.is_public_knowledge() {
            Stage::KnownPublic
        } else if let Some((assessment, _, _)) = &self.assessment {
            match assessment.reproduction {
                Reproduction::Record(_) => Stage::Reproduced,
                // Why it was not reproduced is an assessment, and no reproduction.
                Reproduction::None | Reproduction::Reason(_) => Stage::Triaged,
            }
        } else if self.reopened.is_some() {
            Stage::Reopened
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
            self.tested_stage()
        } else if self.fix_ready.is_some() {
            if self.fixes.iter().any(FixRow::has_tested_fix) {
                Stage::Tested
            } else {
                Stage::FixReady
            }
        } else if self.fixes.iter().any(|r| r.status != FixStatus::Open) {
            Stage::FixInDevelopment
        } else {
            Stage::Accepted
        }
    }

    /// Nothing of the fix is missing but its release.
    fn tested_stage(&self) -> Stage {
        let stands = self.embargo.state.is_in_force() && self.embargo.until.is_some();
        let told = self.embargo.settled || self.embargo.date_told;
        if stands && told && self.advisory.is_approved() {
            let notified = |p: &Party| {
                p.invitation.kind == PartyKind::Distributor
                    && p.notified.is_some()
                    && p.removed.is_none()
            };
            return if self.parties.iter().any(notified) {
                Stage::DistributorNotified
            } else {
                Stage::ReleaseScheduled
            };
        }
        if self.fixes.iter().filter(|r| r.has_tested_fix()).count() > 1 {
            Stage::Backported
        } else {
            Stage::Tested
        }
    }
}
