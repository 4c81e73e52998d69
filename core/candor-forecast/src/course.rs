//! The course of a case: what is done when a piece of work is finished or a day comes.
//!
//! Invariants: every act is a command to the case; a refusal ends that thread of the
//! case and is written down, never worked around.
//!
//! Deliberately absent: objections, withdrawals, attacks in the wild, reports that
//! are public already, and dates that the reporter does not agree to.

use candor_base::{AccountId, Instant};
use candor_case::{
    Acceptance, Actor, CloseReason, Command, DateAnswer, EmbargoState, FixStatus, Lane,
    MessageKind, RejectionGround, Verdict,
};
use candor_policy::model::Severity;

use crate::num::count;
use crate::parts;
use crate::reports::{Asks, Kind};
use crate::run::{Run, What};
use crate::scenario::DAY;
use crate::tasks::Job;

/// The last reminder of a question goes out after so many days; then the team gives up.
const GIVE_UP_DAYS: i64 = 30;
/// Days in which a reporter may object.
const OBJECTION_DAYS: i64 = 14;
/// The reporter knows the date of the publication so long before.
const NOTICE: i64 = DAY;

impl Run<'_> {
    /// Something that was planned happens.
    pub(crate) fn happens(&mut self, what: What) {
        match what {
            What::Answers(n) => self.answered(n),
            What::GivesUp(n) => {
                self.act(n, Actor::System, &Command::Tick);
                self.queue(n, Job::TurnDown);
            }
            What::Status(n) => self.status_owed(n),
            What::Releases(n) => self.released(n),
            What::Publishes(n) => self.published(n),
            What::Closes(n) => {
                let reason = CloseReason::Rejected;
                let close = Command::Close { reason, note: None };
                self.team(0, n, &close);
                self.drop_jobs(n, Job::Status);
            }
            _ => {}
        }
    }

    /// A piece of work is finished by somebody.
    pub(crate) fn done(&mut self, h: usize, n: usize, job: Job) {
        match job {
            Job::FirstLook => self.looked(h, n),
            Job::Plan => {
                self.say(h, n, MessageKind::Plan);
            }
            Job::Status => {
                if let Some(room) = self.rooms.get_mut(n) {
                    room.status_queued = false;
                }
                if self.owes_status(n) {
                    self.say(h, n, MessageKind::Status);
                }
            }
            Job::TurnDown => self.turn_down(h, n, RejectionGround::Incomplete, Verdict::Unclear),
            Job::Assessment => self.assessed(h, n),
            Job::Fix => self.fixed(h, n),
            Job::Release => self.ready(n),
        }
    }

    fn account(&self, h: usize) -> AccountId {
        let accounts = &self.world.accounts;
        let own = accounts.get(h).or_else(|| accounts.first());
        own.copied().unwrap_or(AccountId::from_bytes([1; 16]))
    }

    /// Somebody else of the team, where there is one.
    fn other(&self, h: usize) -> usize {
        match self.world.publishers.publishers {
            0 | 1 => 0,
            _ if h == 0 => 1,
            _ => 0,
        }
    }

    fn team(&mut self, h: usize, n: usize, command: &Command) -> bool {
        let account = self.account(h);
        self.act(n, Actor::Team(account), command)
    }

    fn say(&mut self, h: usize, n: usize, kind: MessageKind) -> bool {
        let command = Command::Say {
            lane: Lane::Reporter,
            kind,
            message: parts::message(),
        };
        self.team(h, n, &command)
    }

    fn owes_status(&self, n: usize) -> bool {
        self.rooms.get(n).is_some_and(|r| r.status_owed().is_some())
    }

    fn status_owed(&mut self, n: usize) {
        if !self.owes_status(n) {
            return;
        }
        let Some(room) = self.rooms.get_mut(n) else {
            return;
        };
        if !room.status_queued {
            room.status_queued = true;
            self.queue(n, Job::Status);
        }
    }

    fn looked(&mut self, h: usize, n: usize) {
        let message = parts::message();
        let plan = false;
        if !self.team(h, n, &Command::Acknowledge { message, plan }) {
            return;
        }
        if self.world.wants.plan {
            self.queue(n, Job::Plan);
        }
        let asks = self.rooms.get(n).map(|r| r.report.asks);
        let (until, what) = match asks {
            Some(Asks::Answered(after)) => (after, What::Answers(n)),
            Some(Asks::Never) => (GIVE_UP_DAYS * DAY + 1, What::GivesUp(n)),
            _ => return self.queue(n, Job::Assessment),
        };
        let ask = Command::Ask {
            items: [self.world.lacks.0].into(),
            message: parts::message(),
        };
        if self.team(h, n, &ask) {
            if let Some(room) = self.rooms.get_mut(n) {
                room.waits = true;
            }
            self.plan(self.now.plus_seconds(until), what);
        }
    }

    fn answered(&mut self, n: usize) {
        let supply = Command::Supply {
            items: [self.world.lacks.0].into(),
            message: parts::message(),
        };
        if self.act(n, Actor::Reporter, &supply) {
            if let Some(room) = self.rooms.get_mut(n) {
                room.waits = false;
            }
            self.queue(n, Job::Assessment);
        }
    }

    fn assessed(&mut self, h: usize, n: usize) {
        let Some(report) = self.rooms.get(n).map(|r| r.report.clone()) else {
            return;
        };
        if report.kind == Kind::Duplicate {
            return self.is_duplicate(h, n, report.at);
        }
        let assess = Command::Assess {
            assessment: Box::new(parts::assessment(&report)),
            message: Some(parts::message()),
        };
        if !self.team(h, n, &assess) {
            return;
        }
        if report.kind == Kind::Junk {
            return self.turn_down(h, n, RejectionGround::NotAVulnerability, Verdict::No);
        }
        let accept = Command::Accept(Acceptance {
            waived: std::collections::BTreeSet::new(),
            branches: self.world.branches.clone(),
            target_release: None,
            message: parts::message(),
        });
        if self.team(h, n, &accept) {
            self.queue(n, Job::Fix);
        }
    }

    fn is_duplicate(&mut self, h: usize, n: usize, received: Instant) {
        let Some((of, reference)) = parts::case_id(count(n).saturating_add(1 << 32)) else {
            return;
        };
        let mark = Command::MarkDuplicate {
            of,
            reference,
            original_received: received.plus_seconds(-1),
            message: parts::message(),
        };
        let reason = CloseReason::Duplicate;
        if self.team(h, n, &mark) && self.team(h, n, &Command::Close { reason, note: None }) {
            self.drop_jobs(n, Job::Status);
        }
    }

    fn turn_down(&mut self, h: usize, n: usize, ground: RejectionGround, is: Verdict) {
        let reject = Command::Reject {
            ground,
            is_vulnerability: is,
            reason: parts::message(),
            keep_as_suggestion: false,
        };
        if self.team(h, n, &reject) {
            let over = self.now.plus_seconds(OBJECTION_DAYS * DAY + 1);
            self.plan(over, What::Closes(n));
        }
    }

    /// Takes every branch one step on.
    fn step(&mut self, h: usize, n: usize, status: &FixStatus) -> bool {
        let (author, reviewer) = (self.account(h), self.account(self.other(h)));
        let branches = self.rooms.get(n).map(crate::room::Room::branches);
        branches.into_iter().flatten().all(|branch| {
            let change = parts::fix(&branch, status.clone(), author, reviewer);
            self.team(h, n, &Command::Fix(Box::new(change)))
        })
    }

    fn fixed(&mut self, h: usize, n: usize) {
        let steps = [
            FixStatus::InDevelopment,
            FixStatus::Ready,
            FixStatus::Tested,
        ];
        if steps.iter().all(|status| self.step(h, n, status)) {
            self.queue(n, Job::Release);
        }
    }

    /// The release is prepared: it goes out at once, or on the day of the rhythm.
    fn ready(&mut self, n: usize) {
        let effort = &self.world.scenario.effort;
        let severity = self.rooms.get(n).map(|r| r.report.severity);
        let urgent = matches!(severity, Some(Severity::High | Severity::Critical));
        let rhythm = i64::from(effort.release_every_days) * DAY;
        if rhythm == 0 || (urgent && effort.urgent_out_of_rhythm) {
            return self.released(n);
        }
        let past = self.now.seconds_since(self.world.begin).rem_euclid(rhythm);
        let day = self.now.plus_seconds((rhythm - past).rem_euclid(rhythm));
        if let Some(room) = self.rooms.get_mut(n) {
            room.to_release = Some(self.now);
        }
        self.plan(day, What::Releases(n));
    }

    fn released(&mut self, n: usize) {
        let wants = self.world.wants;
        let text = parts::text();
        let released = (!wants.mitigation || self.team(0, n, &Command::Mitigate { text: None }))
            && (!wants.communication || self.team(0, n, &Command::PlanCommunication { text }))
            && self.step(
                0,
                n,
                &FixStatus::Released {
                    version: "the next release".to_owned(),
                },
            );
        let draft = parts::draft();
        let digest = draft.text.sha256;
        if released
            && self.team(0, n, &Command::SaveDraft(draft))
            && self.team(0, n, &Command::Approve { draft: digest })
            && let Some(at) = self.agree_on_date(n)
        {
            self.plan(at, What::Publishes(n));
        }
    }

    /// Agrees with the reporter on a day soon, when somebody works; or keeps the day
    /// that stands, when that is sooner.
    fn agree_on_date(&mut self, n: usize) -> Option<Instant> {
        let embargo = self.rooms.get(n)?.state.as_ref()?.embargo.clone();
        let second_look = i64::from(self.world.scenario.policy.settings.second_look_minutes) * 60;
        let soon = self.working_moment(self.now.plus_seconds(NOTICE.max(second_look)));
        let standing = embargo.until.filter(|at| *at > self.now);
        match (embargo.state, standing) {
            (EmbargoState::Exited, _) => {
                let told = embargo.until.is_none() || self.say(0, n, MessageKind::DateNotice);
                told.then(|| self.now.plus_seconds(second_look))
            }
            (EmbargoState::Active | EmbargoState::Revise, Some(until)) if until <= soon => self
                .say(0, n, MessageKind::DateNotice)
                .then(|| until.max(self.now.plus_seconds(second_look))),
            _ => {
                let propose = Command::ProposeDate {
                    at: soon,
                    reason: Some(parts::text()),
                    message: Some(parts::message()),
                };
                let answer = Command::AnswerDate(DateAnswer::Accept);
                let agreed = self.team(0, n, &propose) && self.act(n, Actor::Reporter, &answer);
                agreed.then_some(soon)
            }
        }
    }

    /// The first moment from here on at which somebody of the team is at work; within
    /// a week, or else the moment itself.
    fn working_moment(&self, at: Instant) -> Instant {
        let members = 0..self.world.scenario.team.members.len();
        let first = members
            .filter_map(|h| self.next_shift(h, at))
            .map(|(_, shift)| shift.from.max(at))
            .min();
        let last = self.now.plus_seconds(7 * DAY);
        first.filter(|moment| *moment <= last).unwrap_or(at)
    }

    fn published(&mut self, n: usize) {
        let draft = parts::draft().text.sha256;
        let who = self.other(0);
        self.team(who, n, &Command::Publish { draft });
    }
}
