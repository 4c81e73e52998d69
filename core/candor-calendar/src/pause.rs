//! Waiting for the reporter: spans in which a pausable clock stands still.
//!
//! Invariants: waits are half-open (`from` waits, `until` no longer does), sorted
//! and apart; they never lie before the anchor; together they never last longer
//! than the cap, because a pause without an end would let an operator stop its
//! own promise (domain rule K4).

use serde::{Deserialize, Serialize};

use candor_base::Instant;

/// A pausable clock stands still for at most thirty days in all.
pub const PAUSE_CAP_SECONDS: i64 = 30 * 86_400;

/// A span of waiting for the reporter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// The first moment of waiting.
    pub from: Instant,
    /// The first moment no longer of waiting; absent while it still goes on.
    #[serde(default, alias = "to")]
    pub until: Option<Instant>,
}

/// How long a pausable clock with this anchor stands still, in seconds, after the cap.
/// A pause that still goes on is counted up to `now`.
pub fn paused_seconds(anchor: Instant, pauses: &[Pause], now: Instant) -> i64 {
    Waits::new(anchor, pauses).seconds_before(now.unix())
}

/// Pauses made fit for counting, in seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Waits {
    spans: Vec<(i64, i64)>,
    capped: bool,
}

impl Waits {
    /// Clips to the anchor, sorts, merges and caps. A pause that still goes on is
    /// held to last as long as the cap allows, so a due instant always exists.
    pub(crate) fn new(anchor: Instant, pauses: &[Pause]) -> Self {
        let mut spans: Vec<(i64, i64)> = pauses
            .iter()
            .map(|p| {
                let until = p.until.map_or(i64::MAX, Instant::unix);
                (p.from.unix().max(anchor.unix()), until)
            })
            .filter(|(from, until)| from < until)
            .collect();
        spans.sort_unstable();
        let mut out: Vec<(i64, i64)> = Vec::with_capacity(spans.len());
        let mut left = PAUSE_CAP_SECONDS;
        let mut capped = false;
        for (from, until) in spans {
            let from = out.last().map_or(from, |(_, end)| from.max(*end));
            let whole = until.saturating_sub(from);
            let length = whole.min(left);
            capped |= whole > left;
            if length > 0 {
                out.push((from, from.saturating_add(length)));
                left -= length;
            }
        }
        Self { spans: out, capped }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The second from which on the clock runs although the case still waits,
    /// because the cap is used up.
    pub(crate) fn capped_from(&self) -> Option<i64> {
        let (_, last) = self.spans.last()?;
        self.capped.then_some(*last)
    }

    /// Whether the case waits at this second.
    pub(crate) fn waiting_at(&self, second: i64) -> bool {
        self.spans
            .iter()
            .any(|(from, until)| *from <= second && second < *until)
    }

    /// Seconds waited before this second.
    pub(crate) fn seconds_before(&self, second: i64) -> i64 {
        self.spans
            .iter()
            .map(|(from, until)| (*until).min(second).saturating_sub(*from).max(0))
            .sum()
    }

    /// The parts of `[from, until)` in which nobody waits.
    pub(crate) fn running(&self, from: i64, until: i64) -> Vec<(i64, i64)> {
        let mut out = Vec::new();
        let mut cursor = from;
        for (start, end) in &self.spans {
            if *end <= cursor {
                continue;
            }
            if *start >= until {
                break;
            }
            if *start > cursor {
                out.push((cursor, *start));
            }
            cursor = *end;
        }
        if cursor < until {
            out.push((cursor, until));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Instant {
        Instant::from_unix(second).unwrap()
    }

    fn pause(from: i64, until: i64) -> Pause {
        Pause {
            from: at(from),
            until: Some(at(until)),
        }
    }

    #[test]
    fn waits_are_clipped_sorted_merged_and_sane() {
        let waits = Waits::new(
            at(100),
            &[pause(300, 400), pause(0, 150), pause(350, 360), pause(9, 3)],
        );
        assert_eq!(waits.spans, [(100, 150), (300, 400)]);
        assert!(waits.waiting_at(100) && waits.waiting_at(149) && !waits.waiting_at(150));
        assert_eq!(waits.seconds_before(320), 70);
        assert_eq!(waits.running(120, 500), [(150, 300), (400, 500)]);
    }

    #[test]
    fn overlapping_waits_count_once_and_no_more_than_the_cap() {
        let open = Pause {
            from: at(50),
            until: None,
        };
        let waits = Waits::new(at(0), &[pause(0, 100), open]);
        assert_eq!(waits.seconds_before(i64::MAX), PAUSE_CAP_SECONDS);
        assert_eq!(waits.capped_from(), Some(PAUSE_CAP_SECONDS));
        let just = Waits::new(at(0), &[pause(10, 10 + PAUSE_CAP_SECONDS)]);
        assert_eq!(just.capped_from(), None, "exactly the cap is not cut");
        assert_eq!(paused_seconds(at(0), &[open], at(60)), 10);
    }
}
