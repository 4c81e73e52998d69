//! Slowing down those who guess: after five wrong tries a pause of a minute,
//! doubled with each further one, up to a quarter of an hour.
//!
//! Invariants: a try counts from its beginning, so that many at once get no more
//! tries than one after the other; a login that nobody has is slowed down like one
//! that somebody has; the memory this takes is bounded.
//!
//! Deliberately absent: addresses of those who try. Nothing about them is kept.

use std::collections::BTreeMap;

use candor_base::{Digest, Instant};

/// Wrong tries that cost nothing.
const FREE: u32 = 5;
const FIRST_SECONDS: i64 = 60;
const LONGEST_SECONDS: i64 = 900;
/// Logins remembered at once.
const MOST: usize = 10_000;

/// Wrong tries by hashed login.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    tries: BTreeMap<Digest, (u32, Option<Instant>)>,
}

impl Throttle {
    /// Begins a try, counted as wrong until [`Throttle::right`] says otherwise; or
    /// gives the seconds until the next one is looked at. `locked` is the pause that
    /// is written down with the account.
    pub(crate) fn begin(
        &mut self,
        login: Digest,
        locked: Option<Instant>,
        now: Instant,
    ) -> Result<(), u32> {
        let waits = [self.wait(&login, now), seconds_left(locked, now)];
        if let Some(seconds) = waits.into_iter().flatten().max() {
            return Err(seconds);
        }
        self.wrong(login, now);
        Ok(())
    }

    /// Takes a try back that was not looked at.
    pub(crate) fn take_back(&mut self, login: &Digest, now: Instant) {
        if let Some((count, until)) = self.tries.get_mut(login) {
            *count = count.saturating_sub(1);
            *until = pause(*count).map(|seconds| now.plus_seconds(seconds));
        }
    }

    /// Seconds until the next try is looked at.
    fn wait(&self, login: &Digest, now: Instant) -> Option<u32> {
        let (_, until) = self.tries.get(login)?;
        seconds_left(*until, now)
    }

    /// Notes a wrong try.
    fn wrong(&mut self, login: Digest, now: Instant) {
        if self.tries.len() >= MOST && !self.tries.contains_key(&login) {
            // Those whose pause is over first; if all are in a pause, all begin anew
            // rather than that a flood of names takes the memory.
            self.tries
                .retain(|_, (_, until)| seconds_left(*until, now).is_some());
            if self.tries.len() >= MOST {
                self.tries.clear();
            }
        }
        let (count, until) = self.tries.entry(login).or_default();
        *count = count.saturating_add(1);
        *until = pause(*count).map(|seconds| now.plus_seconds(seconds));
    }

    /// Notes a success.
    pub(crate) fn right(&mut self, login: &Digest) {
        self.tries.remove(login);
    }
}

/// The pause after so many wrong tries in a row, in seconds.
pub(crate) fn pause(count: u32) -> Option<i64> {
    let over = count.checked_sub(FREE)?;
    let factor = 1_i64.checked_shl(over.min(10)).unwrap_or(1);
    Some(FIRST_SECONDS.saturating_mul(factor).min(LONGEST_SECONDS))
}

/// Seconds until a pause is over.
pub(crate) fn seconds_left(until: Option<Instant>, now: Instant) -> Option<u32> {
    let left = until?.seconds_since(now);
    (left > 0).then(|| u32::try_from(left).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour() {
        let pauses: Vec<Option<i64>> = (3..12).map(pause).collect();
        assert_eq!(
            pauses,
            [
                None,
                None,
                Some(60),
                Some(120),
                Some(240),
                Some(480),
                Some(900),
                Some(900),
                Some(900)
            ]
        );
    }

    #[test]
    fn a_success_begins_anew_and_memory_is_bounded() {
        let now: Instant = "2026-11-22T12:00:00Z".parse().unwrap();
        let mut throttle = Throttle::default();
        let login = Digest::from_bytes([1; 32]);
        for _ in 0..5 {
            assert_eq!(throttle.wait(&login, now), None);
            throttle.wrong(login, now);
        }
        assert_eq!(throttle.wait(&login, now), Some(60));
        assert_eq!(throttle.wait(&login, now.plus_seconds(60)), None);
        assert_eq!(throttle.begin(login, None, now), Err(60));
        throttle.take_back(&login, now);
        let locked = Some(now.plus_seconds(7));
        assert_eq!(throttle.begin(login, locked, now), Err(7));
        assert_eq!(throttle.begin(login, None, now), Ok(()));
        assert_eq!(throttle.begin(login, None, now), Err(60));
        throttle.right(&login);
        assert_eq!(throttle.wait(&login, now), None);
        for n in 0..(MOST + 50) {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&(n as u64).to_be_bytes());
            throttle.wrong(Digest::from_bytes(bytes), now);
        }
        assert!(throttle.tries.len() <= MOST);
    }
}
