//! Slowing down those who guess: after five wrong tries a pause of a minute,
//! doubled with each further one, up to a quarter of an hour.
//!
//! Invariants: a try counts from its beginning, on all servers together, so that many at once
//! get no more tries than one after the other; a login that nobody has is slowed down like one
//! that somebody has; tries are kept under a keyed hash of the login that changes each day,
//! and forgotten a day after the last one.
//!
//! Deliberately absent: addresses of those who try. Nothing about them is kept.

use std::sync::{Arc, Mutex};

use candor_base::{Digest, Instant};
use candor_ports::Entry;

use crate::app::{App, lock};
use crate::input::Fault;
use crate::random;

/// Wrong tries that cost nothing.
const FREE: u32 = 5;
const FIRST_SECONDS: i64 = 60;
const LONGEST_SECONDS: i64 = 900;
/// Seconds after the last try after which nothing is known of it.
const FORGET: i64 = 86_400;

/// Wrong tries in a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tries {
    count: u32,
    until: Option<Instant>,
}

impl Tries {
    /// Out of what is kept: `count until`. What cannot be read counts as none.
    fn read(found: &[Option<String>]) -> Self {
        let read = |text: &String| {
            let (count, until) = text.split_once(' ')?;
            Some(Self {
                count: count.parse().ok()?,
                until: until
                    .parse()
                    .ok()
                    .and_then(|unix| Instant::from_unix(unix).ok()),
            })
        };
        found.iter().flatten().find_map(read).unwrap_or_default()
    }

    /// One more or one less, and the pause that follows.
    fn put(count: u32, now: Instant) -> Entry {
        let until = pause(count).map(|seconds| now.plus_seconds(seconds));
        let unix = until.map_or_else(|| "-".to_owned(), |at| at.unix().to_string());
        Entry::Put(format!("{count} {unix}"), now.plus_seconds(FORGET))
    }
}

impl App {
    /// Begins a try, counted as wrong until [`App::right_login`] says otherwise; or
    /// gives the seconds until the next one is looked at. `locked` is the pause that
    /// is written down with the account.
    pub(crate) fn begin_try(
        &self,
        login: &str,
        locked: Option<Instant>,
    ) -> Result<Result<(), u32>, Fault> {
        let now = self.now();
        let answer = Arc::new(Mutex::new(Ok(())));
        let said = Arc::clone(&answer);
        let change = move |found: &[Option<String>]| {
            let tries = Tries::read(found);
            let waits = [seconds_left(tries.until, now), seconds_left(locked, now)];
            let wait = waits.into_iter().flatten().max();
            *lock(&said) = wait.map_or(Ok(()), Err);
            match wait {
                Some(_) => Entry::Keep,
                None => Tries::put(tries.count.saturating_add(1), now),
            }
        };
        self.store()
            .count(&self.login_keys(login, now), now, Arc::new(change))?;
        Ok(*lock(&answer))
    }

    /// Takes a try back that was not looked at.
    pub(super) fn take_back_try(&self, login: &str) {
        let now = self.now();
        let change = move |found: &[Option<String>]| {
            Tries::put(Tries::read(found).count.saturating_sub(1), now)
        };
        let keys = self.login_keys(login, now);
        if let Err(why) = self.store().count(&keys, now, Arc::new(change)) {
            // It counts as wrong then: a pause that somebody did not earn, not one less.
            tracing::warn!(%why, "a try to sign in could not be taken back");
        }
    }

    /// Notes a success: begins anew.
    pub(super) fn right_login(&self, login: &str) -> Result<(), Fault> {
        let now = self.now();
        let keys = self.login_keys(login, now);
        Ok(self
            .store()
            .count(&keys, now, Arc::new(|_: &[Option<String>]| Entry::Remove))?)
    }

    /// Of today and of yesterday.
    fn login_keys(&self, login: &str, now: Instant) -> [Digest; 2] {
        let key = self.vault().derive("sign-in-throttle");
        random::of_two_days(&key, &[login.as_bytes()], now)
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
    fn what_is_kept_is_read_again_and_anything_else_counts_as_none() {
        let now: Instant = "2026-11-22T12:00:00Z".parse().unwrap();
        for count in [0, 4, 5, 9] {
            let Entry::Put(text, until) = Tries::put(count, now) else {
                panic!("nothing was put");
            };
            let tries = Tries::read(&[None, Some(text)]);
            assert_eq!(tries.count, count);
            assert_eq!(seconds_left(tries.until, now).map(i64::from), pause(count));
            assert_eq!(until, now.plus_seconds(FORGET));
        }
        for odd in ["", "x y", "-1 5", "5"] {
            assert_eq!(Tries::read(&[Some(odd.to_owned())]), Tries::default());
        }
    }
}
