//! One's own account, and what those who look after people do with the accounts of
//! others: a new pass phrase, a new start, the way out.
//!
//! Invariants: a new pass phrase takes the old one and a fresh code, and ends every
//! other session; nobody gets into an account of somebody with more rights by giving
//! it a new start; nobody takes out oneself, so that somebody is always left.
//!
//! Deliberately absent: help for the last one who manages the instance (`operator`).

use candor_access::Action;
use candor_base::{Refusal, RefusalCode};
use candor_ports::{AccountRecord, SessionAbout, SessionKind, SignInAct};

use crate::app::App;
use crate::input::ActError;
use crate::random;
use crate::seal::field_error;
use crate::staff::people::FIRST_PASS_GROUPS;
use crate::staff::session::StaffSession;
use crate::staff::set_up::check_pass;
use crate::staff::sign_in::{LONGEST_PASS, folded};

impl App {
    /// Name and login of whoever is signed in.
    pub fn own_account(&self, token: &str) -> Result<(String, String), ActError> {
        let account = self.staff(token)?.account;
        Ok((account.name, account.login))
    }

    /// Changes one's own pass phrase. Ends all sessions; gives the token of a new one.
    /// Wrong tries count like wrong sign-ins. Fields: `old`, `pass`, `totp`.
    pub fn change_pass(
        &self,
        token: &str,
        old: &str,
        new: &str,
        code: &str,
    ) -> Result<String, ActError> {
        let account = self.staff(token)?.account;
        let about = self.session_about(token)?;
        check_pass(new, &account.login)?;
        if old == new {
            return Err(field_error(
                "pass",
                "This is the old pass phrase. Please choose another.",
            ));
        }
        self.begin_try(&account.login, account.locked_until)?
            .map_err(wait)?;
        let bounded: String = old.chars().take(LONGEST_PASS).collect();
        let Ok(fits) = self.hashing.fits(&bounded, Some(&account.pass_hash)) else {
            self.take_back_try(&account.login);
            return Err(wait(5));
        };
        if !fits || bounded != old || !self.code_fits(&account, code)? {
            self.wrong_try(Some(account.id));
            return Err(field_error(
                "old",
                "The old pass phrase or the code is wrong. A code works only once; wait for the \
                 next one.",
            ));
        }
        let hash = self.hashing.hash(new, self.entropy())?;
        let changed = self.store().change_account(&account.id, &|now| {
            // Changed or given a new start in the meantime: that one stays.
            let same = now.pass_hash == account.pass_hash;
            if same {
                now.pass_hash.clone_from(&hash);
            }
            same
        })?;
        if !changed {
            return Err(ActError::SignedOut);
        }
        self.right_try(&account)?;
        self.store().end_sessions_of(&account.id)?;
        self.note_door(Some(&account.id), SignInAct::NewPass);
        tracing::info!(account = %account.id, "a pass phrase was changed by its owner");
        let about = SessionAbout {
            factor: Some(self.now()),
            ..about
        };
        Ok(self.open_session_about(SessionKind::Staff(account.id), about)?)
    }

    /// Gives somebody a new first pass phrase and has the second factor set up anew.
    /// Ends all sessions of that account; roles stay.
    pub fn reset_person(&self, token: &str, login: &str) -> Result<String, ActError> {
        let (staff, person) = self.charge(token, login)?;
        let over_all = person
            .roles
            .iter()
            .all(|(program, _)| staff.may(Action::People, program).is_ok());
        if !staff.account.admin && !over_all {
            return Err(refused(
                "This person works in other programs too. Ask somebody who looks after all of them.",
            ));
        }
        let pass = random::spoken(self.entropy(), FIRST_PASS_GROUPS);
        self.start_anew(&person, &pass, &|_| {})?;
        self.note_person_act(staff.account.id, person.id, SignInAct::NewStart);
        Ok(pass)
    }

    /// Takes somebody out of the programs one looks after; whoever has no role left
    /// cannot sign in any more. The name stays in the histories.
    pub fn remove_person(&self, token: &str, login: &str) -> Result<(), ActError> {
        let (staff, person) = self.charge(token, login)?;
        let keeps = |program: &candor_base::ProgramSlug| {
            !staff.account.admin && staff.may(Action::People, program).is_err()
        };
        if person.roles.iter().any(|(program, _)| keeps(program)) {
            // Somebody of other programs as well: only the roles go.
            self.store().change_account(&person.id, &|account| {
                account.roles.retain(|(program, _)| keeps(program));
                true
            })?;
            self.store().end_sessions_of(&person.id)?;
            self.end_api_tokens_of(person.id)?;
        } else {
            // A pass phrase that nobody was told.
            let nobody = random::spoken(self.entropy(), FIRST_PASS_GROUPS);
            self.start_anew(&person, &nobody, &|account| {
                account.admin = false;
                account.roles.clear();
            })?;
        }
        self.note_person_act(staff.account.id, person.id, SignInAct::TakenOut);
        Ok(())
    }

    /// Whoever asks and the person it is about, when that person is in their charge.
    pub(crate) fn charge(
        &self,
        token: &str,
        login: &str,
    ) -> Result<(StaffSession, AccountRecord), ActError> {
        let staff = self.staff(token)?;
        let found = self.store().account_by_login(&folded(login))?;
        let person = found.ok_or(ActError::NotFound)?;
        let shared = person
            .roles
            .iter()
            .any(|(program, _)| staff.may(Action::People, program).is_ok());
        if !staff.account.admin && !shared {
            return Err(ActError::NotFound);
        }
        if person.id == staff.account.id {
            return Err(refused(
                "This is your own account. You change your pass phrase under “You”; another \
                 person has to take you out.",
            ));
        }
        if person.admin && !staff.account.admin {
            return Err(refused(
                "This person manages the whole instance. Only somebody else who does may do that.",
            ));
        }
        self.fresh(&staff, None)?;
        Ok((staff, person))
    }

    fn start_anew(
        &self,
        person: &AccountRecord,
        pass: &str,
        more: &dyn Fn(&mut AccountRecord),
    ) -> Result<(), ActError> {
        let hash = self.hashing.hash(pass, self.entropy())?;
        self.store().change_account(&person.id, &|account| {
            account.pass_hash.clone_from(&hash);
            account.forget_factors();
            more(account);
            true
        })?;
        self.store().clear_failures(&person.id)?;
        self.store().end_sessions_of(&person.id)?;
        self.end_feeds_of(person.id)?;
        self.end_api_tokens_of(person.id)?;
        Ok(())
    }
}

fn refused(why: &str) -> ActError {
    ActError::Refused(Refusal::new(RefusalCode::NotAllowed, why))
}

fn wait(seconds: u32) -> ActError {
    field_error(
        "old",
        format!("Too many attempts. Please try again in {seconds} seconds."),
    )
}
