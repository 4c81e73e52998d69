//! Shortcuts: walk a story to where the test begins.
//!
//! Invariant: each walk goes through the same commands that people use, at the
//! story's own moment.

use candor_case::{CaseState, FixStatus, ReportState};
use candor_policy::branches;
use candor_policy::model::Severity;

use crate::act;
use crate::parts::{draft, valid};
use crate::story::Story;

impl Story {
    /// Answered by a person.
    pub fn acknowledged(&mut self) -> &mut Self {
        if self.state().acknowledged.is_none() {
            self.team(act::acknowledge());
        }
        self
    }

    /// Judged valid with this severity, and told.
    pub fn assessed(&mut self, severity: Severity) -> &mut Self {
        self.acknowledged().team(act::assess(valid(severity)))
    }

    /// Accepted as High, with the branches that the policy names.
    pub fn accepted(&mut self) -> &mut Self {
        self.accepted_as(Severity::High)
    }

    /// Accepted with this severity.
    pub fn accepted_as(&mut self, severity: Severity) -> &mut Self {
        if self.state().assessment.is_none() {
            self.assessed(severity);
        }
        if self.state().report != ReportState::Accepted {
            let names = branches(self.in_force());
            let names: Vec<&str> = names.iter().map(|b| b.label.as_str()).collect();
            self.team(act::accept(&names));
        }
        self
    }

    /// The names of the branches to fix.
    pub fn branch_names(&self) -> Vec<String> {
        self.state()
            .fixes
            .iter()
            .map(|r| r.branch.clone())
            .collect()
    }

    /// Every branch has a fix that is ready, none is tested.
    pub fn fix_ready(&mut self) -> &mut Self {
        self.accepted();
        for branch in self.branch_names() {
            self.team(act::fix(&branch, FixStatus::InDevelopment));
            let mut ready = act::fix_change(&branch, FixStatus::Ready);
            ready.reviewer = None;
            self.team(candor_case::Command::Fix(Box::new(ready)));
        }
        self
    }

    /// Every branch has a tested fix.
    pub fn tested(&mut self) -> &mut Self {
        if self.state().fix_ready.is_none() {
            self.fix_ready();
        }
        for branch in self.branch_names() {
            if row(self.state(), &branch) == FixStatus::Ready {
                self.team(act::fix(&branch, FixStatus::Tested));
            }
        }
        self
    }

    /// Every branch has a released fix; mitigation and plan are written down.
    pub fn released(&mut self) -> &mut Self {
        self.tested();
        if self.state().mitigation.is_none() {
            self.team(act::mitigate(Some("Switch the plugin off.")));
        }
        if self.state().communication_plan.is_none() {
            self.team(act::plan_communication());
        }
        for (number, branch) in self.branch_names().into_iter().enumerate() {
            if row(self.state(), &branch) == FixStatus::Tested {
                self.team(act::release(&branch, &format!("9.{number}.1")));
            }
        }
        self
    }

    /// A complete draft is saved and the date agreed with the reporter.
    pub fn date_agreed(&mut self, date: &str) -> &mut Self {
        if self.state().advisory.draft.is_none() {
            self.accepted().team(act::save_draft(&draft()));
        }
        self.team(act::propose_date(date))
            .reporter(act::accept_date())
    }

    /// Released now, approved, and published on the day that the reporter agreed to.
    pub fn published_on(&mut self, date: &str) -> &mut Self {
        self.accepted()
            .date_agreed(date)
            .released()
            .team(act::approve(&draft()))
            .at(date)
            .person(2, act::publish(&draft()))
    }
}

fn row(case: &CaseState, branch: &str) -> FixStatus {
    case.fixes
        .iter()
        .find(|r| r.branch == branch)
        .map(|r| r.status.clone())
        .expect("this branch is there")
}
