//! How many letters one address of a reporter gets.
//!
//! Anybody can type anybody's address into a report. So what Candor sends by itself
//! goes to one address once a day at most (threat model, abuse 6), whatever the
//! number of reports that name it, and letters about what people did in a case a
//! few times an hour. Nothing here counts as proof that an address belongs to the
//! reporter: whoever typed it has the receipt code as well.
//!
//! Invariants: an address is known only by its keyed hash; the memory is bounded;
//! only a receipt is ever left out (its page showed all it says), every other
//! letter waits.
//!
//! Deliberately absent: keeping this over a restart. After one, an address may get
//! one automatic letter more than once a day.

use std::collections::BTreeMap;

use candor_base::{Digest, Instant};
use candor_case::MailKind;
use candor_ports::Vault;

use crate::random;

const DAY: i64 = 24 * 3_600;
const HOUR: i64 = 3_600;
/// Letters about what people did, to one address in an hour.
const AN_HOUR: usize = 6;
/// Addresses remembered at once.
const MOST: usize = 20_000;

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

/// What an address got.
#[derive(Debug, Default)]
struct Got {
    automatic: Option<Instant>,
    by_people: Vec<Instant>,
}

/// What every address got of late.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    got: BTreeMap<Digest, Got>,
}

impl Budget {
    /// Whether a letter to this address goes now; if so, it is counted.
    pub(crate) fn turn(&mut self, address: Digest, mail: &MailKind, now: Instant) -> Turn {
        self.make_room(&address, now);
        let got = self.got.entry(address).or_default();
        if is_automatic(mail) {
            let free_from = got.automatic.map(|at| at.plus_seconds(DAY));
            return match free_from.filter(|at| *at > now) {
                Some(_) if *mail == MailKind::Receipt => Turn::Never,
                Some(at) => Turn::At(at),
                None => {
                    got.automatic = Some(now);
                    Turn::Now
                }
            };
        }
        got.by_people.retain(|at| now.seconds_since(*at) < HOUR);
        match got.by_people.first() {
            Some(first) if got.by_people.len() >= AN_HOUR => Turn::At(first.plus_seconds(HOUR)),
            _ => {
                got.by_people.push(now);
                Turn::Now
            }
        }
    }

    /// Takes back what was counted for a letter that could not be handed over.
    pub(crate) fn not_sent(&mut self, address: &Digest, mail: &MailKind, now: Instant) {
        if let Some(got) = self.got.get_mut(address) {
            if is_automatic(mail) {
                got.automatic = got.automatic.filter(|at| *at != now);
            } else if got.by_people.last() == Some(&now) {
                got.by_people.pop();
            }
        }
    }

    fn make_room(&mut self, address: &Digest, now: Instant) {
        if self.got.len() < MOST || self.got.contains_key(address) {
            return;
        }
        let recent = |at: &Instant| now.seconds_since(*at) < DAY;
        self.got
            .retain(|_, got| got.automatic.iter().chain(&got.by_people).any(recent));
        if self.got.len() >= MOST {
            // So many addresses in one day: all begin anew rather than take the memory.
            self.got.clear();
        }
    }
}

/// Letters that nobody wrote and nobody asked for.
const fn is_automatic(mail: &MailKind) -> bool {
    matches!(mail, MailKind::Receipt | MailKind::Reminder { .. })
}

/// The keyed hash of an address. Spellings that reach one box are one address: case,
/// and what follows a plus.
pub(crate) fn hash(vault: &dyn Vault, address: &str) -> Digest {
    let folded = address.trim().to_lowercase();
    let (local, host) = folded.rsplit_once('@').unwrap_or((&folded, ""));
    let local = local.split_once('+').map_or(local, |(name, _)| name);
    let key = vault.derive("letter-budget");
    Digest::from_bytes(random::keyed(&key, &[local.as_bytes(), host.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_unix(1_790_000_000 + seconds).unwrap()
    }

    fn address(n: u64) -> Digest {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&n.to_be_bytes());
        Digest::from_bytes(bytes)
    }

    #[test]
    fn automatic_letters_go_once_a_day_and_only_receipts_are_left_out() {
        let mut budget = Budget::default();
        let reminder = MailKind::Reminder { number: 1 };
        let mut turn = |mail: &MailKind, s: i64| budget.turn(address(1), mail, at(s));
        assert_eq!(turn(&MailKind::Receipt, 0), Turn::Now);
        assert_eq!(turn(&MailKind::Receipt, DAY - 1), Turn::Never);
        assert_eq!(turn(&reminder, 10), Turn::At(at(DAY)));
        assert_eq!(turn(&reminder, DAY), Turn::Now);
        assert_eq!(turn(&MailKind::Receipt, DAY + 1), Turn::Never);
        assert_eq!(turn(&MailKind::YouHaveAMessage, DAY + 1), Turn::Now);
    }

    #[test]
    fn what_people_do_is_told_six_times_an_hour_and_then_later() {
        let mut budget = Budget::default();
        let mail = MailKind::YouHaveAMessage;
        for n in 0..6 {
            assert_eq!(budget.turn(address(1), &mail, at(n)), Turn::Now);
        }
        assert_eq!(budget.turn(address(1), &mail, at(9)), Turn::At(at(HOUR)));
        assert_eq!(budget.turn(address(2), &mail, at(9)), Turn::Now);
        assert_eq!(budget.turn(address(1), &mail, at(HOUR)), Turn::Now);
    }

    #[test]
    fn a_letter_that_did_not_leave_costs_nothing_and_memory_is_bounded() {
        let mut budget = Budget::default();
        assert_eq!(
            budget.turn(address(1), &MailKind::Receipt, at(0)),
            Turn::Now
        );
        budget.not_sent(&address(1), &MailKind::Receipt, at(0));
        assert_eq!(
            budget.turn(address(1), &MailKind::Receipt, at(1)),
            Turn::Now
        );
        for n in 0..(MOST as u64 + 50) {
            budget.turn(address(n), &MailKind::Receipt, at(2));
        }
        assert!(budget.got.len() <= MOST);
    }
}
