//! What follows a missed promise until somebody says "I have seen it".
//!
//! A missed promise climbs: the one who leads the case, who is on duty, the deputy,
//! the head of the team, and then the head again each week. It stops when a named
//! person answers, or the act is done after all.
//!
//! Invariants: a promise of the project climbs, Candor's own rhythm does not; after
//! a long downtime only the latest step is told; answering stops no clock and hides
//! no miss.

use candor_base::Instant;
use serde::{Deserialize, Serialize};

use crate::clock::CaseClock;
use crate::fulfil;
use crate::parts::Actor;
use crate::state::CaseState;

const HOUR: i64 = 3_600;
const WEEK: i64 = 7 * 24 * HOUR;

/// Whom a missed promise is told to, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmStep {
    /// Who leads the case.
    Owner,
    /// Who is on duty for the program.
    Duty,
    /// The deputy.
    Deputy,
    /// The head of the team.
    Lead,
}

/// An alarm on a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// The due instant that passed.
    pub since: Instant,
    /// How often it was told.
    pub told: u32,
    /// Who said that they have seen it, and when.
    pub seen: Option<(Actor, Instant)>,
}

impl Alarm {
    /// A new alarm for this missed due instant.
    pub(crate) const fn new(since: Instant) -> Self {
        Self {
            since,
            told: 0,
            seen: None,
        }
    }

    /// When it is told for this time, counted from 1, and to whom.
    fn round(&self, number: u32) -> (Instant, AlarmStep) {
        let (after, step) = match number {
            // At the miss itself the whole team is told; here, one person.
            0 | 1 => (HOUR, AlarmStep::Owner),
            2 => (4 * HOUR, AlarmStep::Duty),
            3 => (12 * HOUR, AlarmStep::Deputy),
            n => (
                24 * HOUR + i64::from(n.saturating_sub(4)).saturating_mul(WEEK),
                AlarmStep::Lead,
            ),
        };
        (self.since.plus_seconds(after), step)
    }

    /// The next time it is told.
    fn next(&self) -> (Instant, u32) {
        let number = self.told.saturating_add(1);
        (self.round(number).0, number)
    }

    /// The latest time that has come by now: its number and whom it goes to.
    fn latest(&self, now: Instant) -> Option<(u32, AlarmStep)> {
        let (at, mut number) = self.next();
        if at > now {
            return None;
        }
        if number < 4 {
            while number < 4 && self.round(number.saturating_add(1)).0 <= now {
                number = number.saturating_add(1);
            }
        }
        if number >= 4 {
            let weeks = now.seconds_since(self.round(4).0) / WEEK;
            number = u32::try_from(weeks).unwrap_or(0).saturating_add(4);
        }
        Some((number, self.round(number).1))
    }
}

/// The alarm of a clock that nobody has answered yet, while there is something to do.
pub(crate) fn open<'a>(case: &CaseState, clock: &'a CaseClock) -> Option<&'a Alarm> {
    let matters = clock.spec.is_promise() && clock.is_open() && !fulfil::is_over(case, &clock.spec);
    clock
        .alarm
        .as_ref()
        .filter(|alarm| matters && alarm.seen.is_none())
}

impl CaseState {
    /// Missed promises whose alarm nobody has answered.
    pub fn open_alarms(&self) -> impl Iterator<Item = &CaseClock> {
        self.clocks
            .values()
            .filter(|clock| open(self, clock).is_some())
    }
}

/// When the alarm of a clock is told next.
pub(crate) fn next_at(case: &CaseState, clock: &CaseClock) -> Option<Instant> {
    open(case, clock).map(|alarm| alarm.next().0)
}

/// What is to be told now: which time it is, and to whom.
pub(crate) fn due_now(
    case: &CaseState,
    clock: &CaseClock,
    now: Instant,
) -> Option<(u32, AlarmStep)> {
    open(case, clock).and_then(|alarm| alarm.latest(now))
}
