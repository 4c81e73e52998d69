//! Work in the queue, and what is taken up first.
//!
//! Invariant: the order is total, and depends only on the cases and the clock, so
//! that a run goes the same way every time.

use candor_base::Instant;
use candor_policy::clocks::MetBy;
use candor_policy::model::Severity;

use crate::room::Room;
use crate::scenario::{DAY, Order};

/// What is to be done for a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Job {
    FirstLook,
    Plan,
    Status,
    TurnDown,
    Assessment,
    Fix,
    Release,
}

impl Job {
    /// The acts with which it ends, sooner or later.
    fn acts(self) -> &'static [MetBy] {
        match self {
            Self::FirstLook => &[MetBy::HumanMessage],
            Self::Plan => &[
                MetBy::PlanMessage,
                MetBy::ConversationMessage,
                MetBy::WorkStarted,
            ],
            Self::Status => &[MetBy::StatusMessage],
            Self::TurnDown => &[],
            Self::Assessment => &[
                MetBy::Assessment,
                MetBy::AssessmentWithSeverity,
                MetBy::WorkStarted,
            ],
            Self::Fix | Self::Release => {
                &[MetBy::FixReleased, MetBy::Published, MetBy::FixAndPublished]
            }
        }
    }

    /// Short answers come before long work.
    fn is_long(self) -> u8 {
        u8::from(matches!(self, Self::Assessment | Self::Fix | Self::Release))
    }

    /// Short answers come before judging, and judging before fixing.
    fn length(self) -> u8 {
        self.is_long() + u8::from(matches!(self, Self::Fix | Self::Release))
    }

    /// Stays with whoever began it.
    pub(crate) fn stays(self) -> bool {
        self == Self::Fix
    }
}

/// A place in the order; the smallest comes first.
pub(crate) type Rank = (u8, u8, Instant, Instant);

/// One piece of work.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) room: usize,
    pub(crate) job: Job,
    /// Seconds of work left.
    pub(crate) left: i64,
    pub(crate) since: Instant,
    pub(crate) rank: Rank,
    /// Who has it in hand.
    pub(crate) doer: Option<usize>,
}

/// What has no deadline is held to two weeks.
const OWN_DAYS: i64 = 14;

/// The place of a job in the order.
pub(crate) fn rank(order: Order, job: Job, room: &Room, since: Instant) -> Rank {
    let received = room.report.at;
    let due = || {
        let own = since.plus_seconds(OWN_DAYS * DAY);
        room.due(job.acts()).unwrap_or(own)
    };
    match order {
        Order::Due => (job.length(), 0, due(), received),
        Order::Severity => (job.is_long(), gravity(room), due(), received),
        Order::Received => (job.is_long(), 0, received, since),
    }
}

/// The gravest is 0; what nobody has judged yet may be high.
fn gravity(room: &Room) -> u8 {
    let known = room
        .state
        .as_ref()
        .and_then(candor_case::CaseState::severity);
    match known {
        Some(Severity::Critical) => 0,
        Some(Severity::High) | None => 1,
        Some(Severity::Medium) => 2,
        Some(Severity::Low) => 3,
    }
}
