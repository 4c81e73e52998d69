//! What those who look after people did with an account, by name; and letters to the person
//! about what happened to their own account.
//!
//! Invariants: a letter follows from a line of the sign-in history, so that one that waits goes
//! later and none goes twice; it holds no name, no address and no code; an act is written down
//! with who did it.
//!
//! Deliberately absent: letters about what a person does each day.

use std::collections::{BTreeMap, BTreeSet};

use candor_access::view::PersonAct;
use candor_base::{AccountId, Instant};
use candor_calendar::{WorkCalendar, show};
use candor_ports::{AccountRecord, LetterKind, SignInAct, SignInLine};
use serde::{Deserialize, Serialize};

use crate::app::{App, lock};
use crate::input::Fault;

const ACTS: &str = "people-acts";
/// Acts that are kept.
const ACTS_KEPT: usize = 200;
/// Seconds for which a letter is tried.
const TRIED: i64 = 3 * 86_400;
/// Lines that are looked at for letters in one round.
const LINES: u32 = 5_000;

/// Somebody did something with the account of somebody else. Its shape is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Done {
    at: Instant,
    by: AccountId,
    about: AccountId,
    act: String,
}

/// What the person is told of.
const fn is_told(act: SignInAct) -> bool {
    matches!(
        act,
        SignInAct::RecoveryUsed
            | SignInAct::RecoveryMade
            | SignInAct::NewStart
            | SignInAct::NewPlace
            | SignInAct::PasskeyAdded
            | SignInAct::PasskeyCopied
    )
}

impl App {
    /// Writes down who did what with the account of somebody else: in the history of the
    /// account, and by name. That the name cannot be written is said in the log alone.
    pub(super) fn note_person_act(&self, by: AccountId, about: AccountId, act: SignInAct) {
        tracing::warn!(%by, account = %about, act = act.word(), "an account was changed by somebody else");
        self.note_door(Some(&about), act);
        if let Err(why) = self.keep_person_act(by, about, act) {
            tracing::warn!(why = %why.operator, "who changed an account could not be written down");
        }
    }

    fn keep_person_act(
        &self,
        by: AccountId,
        about: AccountId,
        act: SignInAct,
    ) -> Result<(), Fault> {
        let _turn = lock(&self.person_acts);
        let mut acts = self.kept_person_acts()?;
        acts.push(Done {
            at: self.now(),
            by,
            about,
            act: act.word().to_owned(),
        });
        let over = acts.len().saturating_sub(ACTS_KEPT);
        acts.drain(..over);
        self.keep(ACTS, Some(&acts))
    }

    fn kept_person_acts(&self) -> Result<Vec<Done>, Fault> {
        let acts = self.kept(ACTS, "the acts about people")?;
        Ok(acts.unwrap_or_default())
    }

    /// What was done with these accounts by others, the latest first.
    pub(super) fn person_acts(
        &self,
        seen: &BTreeSet<AccountId>,
        names: &BTreeMap<AccountId, String>,
    ) -> Result<Vec<PersonAct>, Fault> {
        let zone = WorkCalendar::default();
        let mut out = Vec::new();
        for act in self.kept_person_acts()?.iter().rev() {
            let known = SignInAct::ALL.into_iter().find(|a| a.word() == act.act);
            let Some(known) = known.filter(|_| seen.contains(&act.about)) else {
                continue;
            };
            out.push(PersonAct {
                when: show(act.at, &zone),
                by: super::history::name_of(names, &act.by),
                about: super::history::name_of(names, &act.about),
                what: super::history::act_words(known).to_owned(),
            });
        }
        Ok(out)
    }

    /// Writes to people about what happened to their own account; gives the number of letters
    /// that went.
    pub(super) fn tell_people(&self, accounts: &[AccountRecord]) -> Result<u32, Fault> {
        let since = self.now().plus_seconds(-TRIED);
        let mut sent = 0_u32;
        for line in self.store().sign_ins(since, LINES)? {
            let whose = accounts.iter().find(|a| Some(a.id) == line.account);
            let Some(person) = whose.filter(|_| is_told(line.act)) else {
                continue;
            };
            if self.tell_person(person, &line)? {
                sent = sent.saturating_add(1);
            }
        }
        Ok(sent)
    }

    fn tell_person(&self, person: &AccountRecord, line: &SignInLine) -> Result<bool, Fault> {
        let own = person.roles.first().map(|(program, _)| program.clone());
        let first = || -> Result<_, Fault> {
            Ok(self.store().programs()?.into_iter().next().map(|p| p.slug))
        };
        let program = own.map_or_else(first, |p| Ok(Some(p)))?;
        let (Some(address), Some(program)) = (person.email.clone(), program) else {
            return Ok(false);
        };
        let Some(record) = self.program(&program)? else {
            return Ok(false);
        };
        let in_force = self.policy_of(&program, &record.policy)?;
        // Once more when it happened once more within the hour.
        let (id, word) = (person.id, line.act.word());
        let key = self.letter_key(&format!("own-{id}-{word}-{}-{}", line.first, line.times));
        let done = format!("door-letter/{key}");
        let letter = || {
            self.house_letter(
                &in_force,
                (address, key),
                &format!("own-account-{id}"),
                LetterKind::YourAccount(line.act),
                Some(("Last", line.last)),
                format!("{}/desk/you/sessions", self.parts.config.public_url),
            )
        };
        self.letter_once(&program, (&done, "told"), letter)
    }
}
