//! How many letters one address of a reporter gets, and what else is counted by the hour.
//!
//! Anybody can type anybody's address into a report. So what Candor sends by itself
//! goes to one address once a day at most (threat model, abuse 6), whatever the
//! number of reports that name it, and letters about what people did in a case a
//! few times an hour. Nothing here counts as proof that an address belongs to the
//! reporter: whoever typed it has the receipt code as well.
//!
//! The team is told of messages in a case once in a quarter of an hour: whoever
//! looks after a letter sees all that came before it.
//!
//! Invariants: an address is known only by its keyed hash, which changes each day; all servers
//! count together; what was counted is forgotten after a day or two; left out are only
//! a receipt (its page showed all it says) and a letter about a message that an earlier
//! letter, sent after it, told of already. Every other letter waits.

use std::sync::{Arc, Mutex};

use candor_base::{AccountId, CaseId, Digest, Instant};
use candor_case::MailKind;
use candor_ports::{Entry, Vault};
use serde::{Deserialize, Serialize};

use crate::app::{App, lock};
use crate::input::Fault;
use crate::random;

const DAY: i64 = 24 * 3_600;
const HOUR: i64 = 3_600;
/// Letters about what people did, to one address in an hour.
const AN_HOUR: usize = 6;
/// Seconds between letters about messages in one case to one member of the team.
const BETWEEN: i64 = 900;

/// Whose budget a letter takes from: keys of today and of yesterday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purse {
    /// Of a reporter's address.
    Address([Digest; 2]),
    /// Of talk in a case with a member of the team, about an act of this moment.
    Talk([Digest; 2], Instant),
    /// Of nobody: what the team has to know.
    Free,
}

impl Purse {
    /// Of an address.
    pub(crate) fn of_address(vault: &dyn Vault, address: &str, now: Instant) -> Self {
        let (local, host) = spelled(address);
        let key = vault.derive("letter-budget");
        let parts = [local.as_bytes(), host.as_bytes()];
        Self::Address(random::of_two_days(&key, &parts, now))
    }

    /// Of talk in a case.
    pub(crate) fn of_talk(
        vault: &dyn Vault,
        (case, account): (&CaseId, &AccountId),
        about: Instant,
        now: Instant,
    ) -> Self {
        let key = vault.derive("letter-talk");
        let parts: [&[u8]; 2] = [case.as_bytes(), account.as_bytes()];
        Self::Talk(random::of_two_days(&key, &parts, now), about)
    }
}

/// What becomes of a letter now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It goes.
    Now,
    /// It goes later.
    At(Instant),
    /// It does not go.
    Never,
}

/// What an address got, or when somebody was told of talk; in seconds of Unix time.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Got {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    automatic: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    by_people: Vec<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told: Option<i64>,
}

impl Got {
    /// What cannot be read counts as nothing.
    fn read(found: &[Option<String>]) -> Self {
        let read = |text: &String| serde_json::from_str(text).ok();
        found.iter().flatten().find_map(read).unwrap_or_default()
    }

    fn entry(&self, now: Instant) -> Entry {
        match serde_json::to_string(self) {
            Ok(text) => Entry::Put(text, now.plus_seconds(DAY)),
            Err(_) => Entry::Keep,
        }
    }

    /// Whether a letter goes now; if so, it is counted.
    fn turn(&mut self, purse: Purse, mail: &MailKind, now: Instant) -> Turn {
        match purse {
            Purse::Address(_) => self.reporter_turn(mail, now),
            Purse::Talk(_, about) => self.team_turn(about, now),
            Purse::Free => Turn::Now,
        }
    }

    fn team_turn(&mut self, about: Instant, now: Instant) -> Turn {
        match self.told {
            Some(told) if told > about.unix() => Turn::Never,
            Some(told) if now.unix() - told < BETWEEN => {
                Turn::At(now.plus_seconds(told + BETWEEN - now.unix()))
            }
            _ => {
                self.told = Some(now.unix());
                Turn::Now
            }
        }
    }

    fn reporter_turn(&mut self, mail: &MailKind, now: Instant) -> Turn {
        let at = now.unix();
        if is_automatic(mail) {
            let free_in = self.automatic.map(|before| before + DAY - at);
            return match free_in.filter(|seconds| *seconds > 0) {
                Some(_) if *mail == MailKind::Receipt => Turn::Never,
                Some(seconds) => Turn::At(now.plus_seconds(seconds)),
                None => {
                    self.automatic = Some(at);
                    Turn::Now
                }
            };
        }
        self.by_people.retain(|before| at - before < HOUR);
        match self.by_people.first() {
            Some(first) if self.by_people.len() >= AN_HOUR => {
                Turn::At(now.plus_seconds(first + HOUR - at))
            }
            _ => {
                self.by_people.push(at);
                Turn::Now
            }
        }
    }

    /// Takes back what was counted for a letter that could not be handed over.
    fn not_sent(&mut self, purse: Purse, mail: &MailKind, now: Instant) {
        let at = now.unix();
        match purse {
            Purse::Talk(..) => self.told = None,
            Purse::Free => {}
            Purse::Address(_) if is_automatic(mail) => {
                self.automatic = self.automatic.filter(|before| *before != at);
            }
            Purse::Address(_) => {
                if let Some(place) = self.by_people.iter().rposition(|before| *before == at) {
                    self.by_people.remove(place);
                }
            }
        }
    }
}

impl App {
    /// Whether a letter goes now; if so, it is counted.
    pub(crate) fn letter_turn(
        &self,
        purse: Purse,
        mail: &MailKind,
        now: Instant,
    ) -> Result<Turn, Fault> {
        let (Purse::Address(keys) | Purse::Talk(keys, _)) = purse else {
            return Ok(Turn::Now);
        };
        let turn = Arc::new(Mutex::new(Turn::Now));
        let (said, mail) = (Arc::clone(&turn), mail.clone());
        let change = move |found: &[Option<String>]| {
            let mut got = Got::read(found);
            let turn = got.turn(purse, &mail, now);
            *lock(&said) = turn;
            match turn {
                Turn::Now => got.entry(now),
                Turn::At(_) | Turn::Never => Entry::Keep,
            }
        };
        self.store().count(&keys, now, Arc::new(change))?;
        Ok(*lock(&turn))
    }

    /// Takes back what was counted for a letter that could not be handed over.
    pub(crate) fn letter_not_sent(&self, purse: Purse, mail: &MailKind, now: Instant) {
        let (Purse::Address(keys) | Purse::Talk(keys, _)) = purse else {
            return;
        };
        let mail = mail.clone();
        let change = move |found: &[Option<String>]| {
            let mut got = Got::read(found);
            got.not_sent(purse, &mail, now);
            got.entry(now)
        };
        if let Err(why) = self.store().count(&keys, now, Arc::new(change)) {
            // The next try then waits, as if this one had arrived.
            tracing::warn!(%why, "a letter that did not leave could not be taken back");
        }
    }

    /// True for whoever comes first, on any server, until so many seconds are over.
    pub(crate) fn first(&self, key: Digest, seconds: i64) -> Result<bool, Fault> {
        let now = self.now();
        let until: Instant = now.plus_seconds(seconds);
        let first = Arc::new(Mutex::new(false));
        let said = Arc::clone(&first);
        let change = move |found: &[Option<String>]| {
            let free = found.iter().flatten().next().is_none();
            *lock(&said) = free;
            if free {
                Entry::Put(String::new(), until)
            } else {
                Entry::Keep
            }
        };
        self.store().count(&[key], now, Arc::new(change))?;
        Ok(*lock(&first))
    }

    /// Counts one more within the clock hour; false when there were `most` already.
    pub(crate) fn within(&self, what: &str, parts: &[&[u8]], most: u32) -> Result<bool, Fault> {
        let now = self.now();
        let hour = now.unix().div_euclid(HOUR).to_be_bytes();
        let mut all = parts.to_vec();
        all.push(&hour);
        let key = self.vault().derive(what);
        let key = Digest::from_bytes(random::keyed(&key, &all));
        let room = Arc::new(Mutex::new(true));
        let said = Arc::clone(&room);
        let until: Instant = now.plus_seconds(2 * HOUR);
        let change = move |found: &[Option<String>]| {
            let before = found.iter().flatten().next();
            let before: u32 = before.and_then(|n| n.parse().ok()).unwrap_or(0);
            *lock(&said) = before < most;
            if before < most {
                Entry::Put((before + 1).to_string(), until)
            } else {
                Entry::Keep
            }
        };
        self.store().count(&[key], now, Arc::new(change))?;
        Ok(*lock(&room))
    }
}

/// Letters that nobody wrote and nobody asked for.
const fn is_automatic(mail: &MailKind) -> bool {
    matches!(mail, MailKind::Receipt | MailKind::Reminder { .. })
}

/// Spellings that reach one box are one address: case, and what follows a plus.
fn spelled(address: &str) -> (String, String) {
    let folded = address.trim().to_lowercase();
    let (local, host) = folded.rsplit_once('@').unwrap_or((&folded, ""));
    let local = local.split_once('+').map_or(local, |(name, _)| name);
    (local.to_owned(), host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_unix(1_790_000_000 + seconds).unwrap()
    }

    const ADDRESS: Purse = Purse::Address([Digest::from_bytes([1; 32]); 2]);

    /// As if it had been kept and read again in between.
    fn turn(got: &mut Got, purse: Purse, mail: &MailKind, now: Instant) -> Turn {
        if let Entry::Put(text, _) = got.entry(now) {
            *got = Got::read(&[None, Some(text)]);
        }
        got.turn(purse, mail, now)
    }

    #[test]
    fn automatic_letters_go_once_a_day_and_only_receipts_are_left_out() {
        let mut got = Got::default();
        let reminder = MailKind::Reminder { number: 1 };
        let mut turn = |mail: &MailKind, s: i64| turn(&mut got, ADDRESS, mail, at(s));
        assert_eq!(turn(&MailKind::Receipt, 0), Turn::Now);
        assert_eq!(turn(&MailKind::Receipt, DAY - 1), Turn::Never);
        assert_eq!(turn(&reminder, 10), Turn::At(at(DAY)));
        assert_eq!(turn(&reminder, DAY), Turn::Now);
        assert_eq!(turn(&MailKind::Receipt, DAY + 1), Turn::Never);
        assert_eq!(turn(&MailKind::YouHaveAMessage, DAY + 1), Turn::Now);
    }

    #[test]
    fn what_people_do_is_told_six_times_an_hour_and_then_later() {
        let mut got = Got::default();
        let mail = MailKind::YouHaveAMessage;
        for n in 0..6 {
            assert_eq!(turn(&mut got, ADDRESS, &mail, at(n)), Turn::Now);
        }
        assert_eq!(turn(&mut got, ADDRESS, &mail, at(9)), Turn::At(at(HOUR)));
        assert_eq!(turn(&mut got, ADDRESS, &mail, at(HOUR)), Turn::Now);
    }

    #[test]
    fn the_team_is_told_of_talk_once_a_quarter_of_an_hour_and_misses_nothing() {
        let mut got = Got::default();
        let to = |about: i64| Purse::Talk([Digest::from_bytes([2; 32]); 2], at(about));
        let mail = MailKind::YouHaveAMessage;
        let mut now = |about: i64, s: i64| turn(&mut got, to(about), &mail, at(s));
        assert_eq!(now(0, 1), Turn::Now);
        assert_eq!(now(0, 2), Turn::Never, "told at 1");
        assert_eq!(now(1, 2), Turn::At(at(1 + BETWEEN)));
        assert_eq!(now(9, 1 + BETWEEN), Turn::Now);
        assert_eq!(now(99, 1 + BETWEEN), Turn::Never);
        got.not_sent(to(9), &mail, at(1 + BETWEEN));
        assert_eq!(turn(&mut got, to(9), &mail, at(2 + BETWEEN)), Turn::Now);
        assert_eq!(turn(&mut got, Purse::Free, &mail, at(3)), Turn::Now);
    }

    #[test]
    fn a_letter_that_did_not_leave_costs_nothing() {
        let mut got = Got::default();
        assert_eq!(
            turn(&mut got, ADDRESS, &MailKind::Receipt, at(0)),
            Turn::Now
        );
        got.not_sent(ADDRESS, &MailKind::Receipt, at(0));
        assert_eq!(
            turn(&mut got, ADDRESS, &MailKind::Receipt, at(1)),
            Turn::Now
        );
        let mail = MailKind::YouHaveAMessage;
        for n in 0..9 {
            assert_eq!(turn(&mut got, ADDRESS, &mail, at(n)), Turn::Now);
            got.not_sent(ADDRESS, &mail, at(n));
        }
    }

    #[test]
    fn spellings_of_one_box_are_one_address() {
        assert_eq!(spelled(" Kim+x@A.test"), spelled("kim@a.test"));
        assert_ne!(spelled("kim@a.test"), spelled("kim@b.test"));
    }
}
