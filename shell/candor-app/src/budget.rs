//! How many letters one address of a reporter gets.
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
//! Invariants: an address is known only by its keyed hash; the memory is bounded;
//! left out are only a receipt (its page showed all it says) and a letter about a
//! message that an earlier letter, sent after it, told of already. Every other
//! letter waits.
//!
//! Deliberately absent: keeping this over a restart. After one, an address may get
//! one automatic letter more than once a day.

use std::collections::BTreeMap;

use candor_base::{AccountId, CaseId, Digest, Instant};
use candor_case::MailKind;
use candor_ports::Vault;

use crate::random;

const DAY: i64 = 24 * 3_600;
const HOUR: i64 = 3_600;
/// Letters about what people did, to one address in an hour.
const AN_HOUR: usize = 6;
/// Seconds between letters about messages in one case to one member of the team.
const BETWEEN: i64 = 900;
/// Addresses remembered at once.
const MOST: usize = 20_000;

/// Whose budget a letter takes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purse {
    /// Of a reporter's address, by its keyed hash.
    Address(Digest),
    /// Of talk in a case with a member of the team, about an act of this moment.
    Talk(CaseId, AccountId, Instant),
    /// Of nobody: what the team has to know.
    Free,
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
    told: BTreeMap<(CaseId, AccountId), Instant>,
}

impl Budget {
    /// Whether a letter goes now; if so, it is counted.
    pub(crate) fn turn(&mut self, purse: Purse, mail: &MailKind, now: Instant) -> Turn {
        match purse {
            Purse::Address(address) => self.reporter_turn(address, mail, now),
            Purse::Talk(case, account, about) => self.team_turn((case, account), about, now),
            Purse::Free => Turn::Now,
        }
    }

    fn team_turn(&mut self, to: (CaseId, AccountId), about: Instant, now: Instant) -> Turn {
        if self.told.len() >= MOST {
            self.told.retain(|_, at| now.seconds_since(*at) < BETWEEN);
        }
        match self.told.get(&to) {
            Some(told) if *told > about => Turn::Never,
            Some(told) if now.seconds_since(*told) < BETWEEN => {
                Turn::At(told.plus_seconds(BETWEEN))
            }
            _ => {
                self.told.insert(to, now);
                Turn::Now
            }
        }
    }

    fn reporter_turn(&mut self, address: Digest, mail: &MailKind, now: Instant) -> Turn {
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
    pub(crate) fn not_sent(&mut self, purse: Purse, mail: &MailKind, now: Instant) {
        let address = match purse {
            Purse::Address(address) => address,
            Purse::Talk(case, account, _) => {
                self.told.remove(&(case, account));
                return;
            }
            Purse::Free => return,
        };
        if let Some(got) = self.got.get_mut(&address) {
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

    fn address(n: u64) -> Purse {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&n.to_be_bytes());
        Purse::Address(Digest::from_bytes(bytes))
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
    fn the_team_is_told_of_talk_once_a_quarter_of_an_hour_and_misses_nothing() {
        let mut budget = Budget::default();
        let to = |about: i64| {
            let (case, account) = (CaseId::from_bytes([1; 16]), AccountId::from_bytes([2; 16]));
            Purse::Talk(case, account, at(about))
        };
        let mail = MailKind::YouHaveAMessage;
        assert_eq!(budget.turn(to(0), &mail, at(1)), Turn::Now);
        assert_eq!(budget.turn(to(0), &mail, at(2)), Turn::Never, "told at 1");
        assert_eq!(budget.turn(to(1), &mail, at(2)), Turn::At(at(1 + BETWEEN)));
        assert_eq!(budget.turn(to(9), &mail, at(1 + BETWEEN)), Turn::Now);
        assert_eq!(budget.turn(to(99), &mail, at(1 + BETWEEN)), Turn::Never);
        budget.not_sent(to(9), &mail, at(1 + BETWEEN));
        assert_eq!(budget.turn(to(9), &mail, at(2 + BETWEEN)), Turn::Now);
        assert_eq!(budget.turn(Purse::Free, &mail, at(3)), Turn::Now);
    }

    #[test]
    fn a_letter_that_did_not_leave_costs_nothing_and_memory_is_bounded() {
        let mut budget = Budget::default();
        assert_eq!(
            budget.turn(address(1), &MailKind::Receipt, at(0)),
            Turn::Now
        );
        budget.not_sent(address(1), &MailKind::Receipt, at(0));
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
