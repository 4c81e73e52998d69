//! Whether the clock of the machine can be believed. Pure: both clocks are arguments.
//!
//! The clock on the wall can be set, by a person, a time server or an empty battery. A
//! second one, the steady one, counts seconds since the machine was started and nobody
//! sets it. While both agree, the wall is believed. When the wall jumps, the time that
//! passed by the steady clock is believed, until both agree again or the operator says
//! that the wall is right.
//!
//! Invariants: what is believed never jumps by more than `STEP` while the machine runs,
//! but when the operator says so; after a start it is never more than `AWAY` ahead of
//! the last time that was believed, and never more than `STEP` behind it.
//!
//! Why these figures: `docs/decisions/0005-a-clock-in-doubt.md`.

use std::fmt::Write as _;

use candor_base::Instant;
use candor_ports::Steady;

/// Seconds that the wall may step while the machine runs, in each hour.
const STEP: i64 = 600;
/// Seconds that may have passed while the machine was off: 45 days.
const AWAY: i64 = 45 * 86_400;
/// Seconds after which agreement is counted anew, so that small steps do not add up.
const ANEW: i64 = 3_600;

/// What both clocks said when they last agreed; kept in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    wall: Instant,
    steady: Steady,
}

impl Seen {
    /// As one line: wall and steady seconds, then which start of the machine it was.
    pub(crate) fn line(&self) -> String {
        let mut out = format!("{} {} ", self.wall.unix(), self.steady.seconds);
        let _ = out.write_str(&self.steady.start);
        out
    }

    /// Reads the line; `None` for what is none.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let mut parts = line.splitn(3, ' ');
        let wall = Instant::from_unix(parts.next()?.parse().ok()?).ok()?;
        let seconds = parts.next()?.parse().ok()?;
        let start = parts.next()?.into();
        Some(Self {
            wall,
            steady: Steady { seconds, start },
        })
    }
}

/// What one look at both clocks says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// The time that is believed.
    pub(crate) now: Instant,
    /// Both agree.
    pub(crate) sure: bool,
    /// That is otherwise than at the look before.
    pub(crate) changed: bool,
}

/// The watch over the clock of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Watch {
    /// The last agreement, in terms of this start of the machine.
    wall: Instant,
    steady: i64,
    start: std::sync::Arc<str>,
    /// Seconds that the wall may be ahead: more after a start than while it runs.
    ahead: i64,
    sure: bool,
}

impl Watch {
    /// Begins to watch. What was last believed is asked for its word; where nothing is
    /// known yet, the wall is believed.
    pub(crate) fn begin(wall: Instant, steady: &Steady, seen: Option<&Seen>) -> Self {
        let known = seen.map(|seen| {
            // The program was started anew, the machine was not: its seconds go on.
            let same = seen.steady.start == steady.start && seen.steady.seconds <= steady.seconds;
            let (at, ahead) = if same {
                (seen.steady.seconds, STEP)
            } else {
                (steady.seconds, AWAY)
            };
            (seen.wall, at, ahead)
        });
        let (wall, at, ahead) = known.unwrap_or((wall, steady.seconds, STEP));
        Self {
            wall,
            steady: at,
            start: steady.start.clone(),
            ahead,
            sure: true,
        }
    }

    /// The time that must be about now, by the steady clock.
    fn expected(&self, steady: &Steady) -> Instant {
        let passed = steady.seconds.saturating_sub(self.steady).max(0);
        self.wall.plus_seconds(passed)
    }

    /// Looks at both clocks.
    pub(crate) fn look(&mut self, wall: Instant, steady: &Steady) -> Look {
        let expected = self.expected(steady);
        let gap = wall.unix().saturating_sub(expected.unix());
        let sure = (-STEP..=self.ahead).contains(&gap);
        let changed = sure != self.sure;
        self.sure = sure;
        if sure && (self.ahead != STEP || steady.seconds.saturating_sub(self.steady) >= ANEW) {
            self.accept(wall, steady);
        }
        Look {
            now: if sure { wall } else { expected },
            sure,
            changed,
        }
    }

    /// The operator says that the wall is right.
    pub(crate) fn accept(&mut self, wall: Instant, steady: &Steady) {
        *self = Self::begin(wall, steady, None);
    }
}

/// What is to be kept: both clocks, where they agree.
pub(crate) fn seen(wall: Instant, steady: Steady) -> Seen {
    Seen { wall, steady }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: i64 = 1_800_000_000;
    const DAY: i64 = 86_400;

    fn at(seconds: i64) -> Instant {
        Instant::from_unix(seconds).unwrap()
    }

    fn steady(seconds: i64, start: &str) -> Steady {
        Steady {
            seconds,
            start: start.into(),
        }
    }

    fn look(watch: &mut Watch, wall: i64, passed: i64) -> (i64, bool, bool) {
        let look = watch.look(at(wall), &steady(passed, "a"));
        (look.now.unix() - T, look.sure, look.changed)
    }

    #[test]
    fn a_jump_either_way_is_not_believed_and_lifts_when_the_wall_is_back() {
        for jump in [98 * DAY, -30 * DAY, STEP + 1, -STEP - 1, 250_000_000_000] {
            let mut watch = Watch::begin(at(T), &steady(50, "a"), None);
            assert_eq!(look(&mut watch, T + 10, 60), (10, true, false));
            assert_eq!(look(&mut watch, T + 20 + jump, 70), (20, false, true));
            assert_eq!(look(&mut watch, T + 21 + jump, 71), (21, false, false));
            assert_eq!(look(&mut watch, T + 30, 80), (30, true, true), "{jump}");
        }
    }

    #[test]
    fn a_small_step_and_a_machine_that_slept_are_believed() {
        let mut watch = Watch::begin(at(T), &steady(0, "a"), None);
        assert_eq!(look(&mut watch, T + STEP, 0), (STEP, true, false));
        assert_eq!(look(&mut watch, T - STEP, 0), (-STEP, true, false));
        // Asleep for a week: the steady clock counts that.
        let week = 7 * DAY;
        assert_eq!(look(&mut watch, T + week, week), (week, true, false));
    }

    #[test]
    fn small_steps_of_many_hours_do_not_add_up_to_a_doubt() {
        let mut watch = Watch::begin(at(T), &steady(0, "a"), None);
        for hour in 1..100 {
            let wall = T + hour * (ANEW + 500);
            assert!(watch.look(at(wall), &steady(hour * ANEW, "a")).sure);
        }
    }

    #[test]
    fn the_operator_has_the_last_word() {
        let mut watch = Watch::begin(at(T), &steady(0, "a"), None);
        assert!(!watch.look(at(T + DAY), &steady(5, "a")).sure);
        watch.accept(at(T + DAY), &steady(5, "a"));
        assert_eq!(look(&mut watch, T + DAY + 5, 10), (DAY + 5, true, false));
        assert!(!watch.look(at(T), &steady(11, "a")).sure);
    }

    #[test]
    fn a_start_remembers_what_was_last_believed() {
        let seen = Seen::read(&seen(at(T), steady(900, "a")).line()).unwrap();
        // Only the program was started anew: its machine knows exactly what passed.
        let mut same = Watch::begin(at(T + 20 * DAY), &steady(1_000, "a"), Some(&seen));
        let told = same.look(at(T + 20 * DAY), &steady(1_000, "a"));
        assert_eq!((told.now, told.sure), (at(T + 100), false));
        // The machine was: it may have been off for some weeks, but not for years.
        let begin = |wall: i64| {
            let mut watch = Watch::begin(at(wall), &steady(5, "b"), Some(&seen));
            let told = watch.look(at(wall), &steady(5, "b"));
            (told.now.unix() - T, told.sure)
        };
        assert_eq!(begin(T + 45 * DAY), (45 * DAY, true));
        assert_eq!(begin(T + 46 * DAY), (0, false));
        assert_eq!(begin(T - STEP), (-STEP, true));
        assert_eq!(begin(T - DAY), (0, false));
        assert_eq!(begin(0), (0, false));
    }

    #[test]
    fn once_believed_after_a_start_the_wall_may_step_only_a_little() {
        let seen = seen(at(T), steady(900, "a"));
        let mut watch = Watch::begin(at(T + DAY), &steady(5, "b"), Some(&seen));
        assert!(watch.look(at(T + DAY), &steady(5, "b")).sure);
        assert!(!watch.look(at(T + 2 * DAY), &steady(6, "b")).sure);
    }

    #[test]
    fn what_is_no_line_is_nothing() {
        for bad in ["", "1", "1 2", "x 2 a", "1 x a", "99999999999999999999 1 a"] {
            assert_eq!(Seen::read(bad), None, "{bad}");
        }
    }
}
