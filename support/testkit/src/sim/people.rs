//! Who is there: two people who do the work and one who rarely does, away now and then;
//! the reporter; other parties.

use candor_base::{AccountId, Instant};
use candor_case::{Actor, CaseState};

use super::dice::Dice;
use crate::parts::person;

const DAY: i64 = 86_400;

/// The people of a program.
#[derive(Debug, Clone)]
pub struct People {
    /// Who works here, the owner last, each with the end of an absence.
    away_until: Vec<(AccountId, Option<Instant>)>,
}

impl People {
    /// Two who triage, and the owner.
    pub fn new() -> Self {
        Self {
            away_until: [1, 2, 3].map(|n| (person(n), None)).to_vec(),
        }
    }

    /// Somebody leaves for days or weeks; who was away long enough is back.
    pub fn come_and_go(&mut self, dice: &mut Dice, now: Instant) {
        for (_, until) in &mut self.away_until {
            if until.is_some_and(|at| at <= now) {
                *until = None;
            }
            if until.is_none() && dice.once_in(25) {
                *until = Some(now.plus_seconds(dice.between(1, 30) * DAY));
            }
        }
    }

    /// Somebody of the team who is there; nobody when all are away.
    pub fn worker(&self, dice: &mut Dice) -> Option<AccountId> {
        let here: Vec<AccountId> = self
            .away_until
            .iter()
            .filter(|(_, until)| until.is_none())
            .map(|(id, _)| *id)
            .collect();
        if here.is_empty() {
            return None;
        }
        // The owner works on cases only now and then.
        let owner = here.last().copied().filter(|id| *id == person(3));
        match owner {
            Some(owner) if here.len() == 1 || dice.once_in(6) => Some(owner),
            Some(_) => Some(*dice.pick(&here[..here.len() - 1])),
            None => Some(*dice.pick(&here)),
        }
    }

    /// Who acts next on a case: the team mostly, the reporter, a party that was invited,
    /// rarely Candor itself (news of a linked case).
    pub fn next(&self, dice: &mut Dice, case: &CaseState) -> Option<Actor> {
        let parties: Vec<u32> = case.parties.iter().map(|p| p.number).collect();
        if !parties.is_empty() && dice.once_in(6) {
            return Some(Actor::Party(*dice.pick(&parties)));
        }
        if dice.once_in(60) {
            return Some(Actor::System);
        }
        if dice.once_in(4) {
            return Some(Actor::Reporter);
        }
        self.worker(dice).map(Actor::Team)
    }
}

impl Default for People {
    fn default() -> Self {
        Self::new()
    }
}
