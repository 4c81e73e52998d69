//! What the operator may do with accounts, beside the desk: list them, give a new
//! first pass phrase to somebody who lost a factor, take somebody out.
//!
//! Invariants: no right on the desk leads here, only the machine itself does; a
//! reset gives no session and no second factor, the person enrols again; every act
//! ends all sessions of the account and is written down by the account's id; a name
//! stays wherever a history has it.
//!
//! Deliberately absent: reading anything of a case.

use candor_base::AccountId;
use candor_ports::{AccountRecord, Role, SignInAct};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::input::Fault;
use crate::random;
use crate::staff::people::FIRST_PASS_GROUPS;
use crate::staff::sign_in::folded;

/// Where the acts are written down, one a line: when, what, whose account.
const ACTS: &str = "operator-acts";
/// How many are kept.
const ACTS_KEPT: usize = 500;

/// An account as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorAccount {
    /// What the person types to sign in.
    pub login: String,
    /// Manages the instance.
    pub admin: bool,
    /// `program: owner`.
    pub roles: Vec<String>,
    /// The second factor is confirmed.
    pub second_factor: bool,
    /// Taken out by the operator: nobody can sign in with it.
    pub removed: bool,
    /// The last act of the operator on it: `2026-11-22T12:00:00Z reset`.
    pub last_act: Option<String>,
}

/// Why an act of the operator was not done; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperatorError {
    /// It cannot be done; in words.
    Refused(String),
    /// Something broke.
    Fault(Fault),
}

impl From<Fault> for OperatorError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<candor_ports::StoreError> for OperatorError {
    fn from(why: candor_ports::StoreError) -> Self {
        Self::Fault(why.into())
    }
}

impl App {
    /// Every account, by login.
    pub fn operator_accounts(&self) -> Result<Vec<OperatorAccount>, Fault> {
        let acts = self.store().setting(ACTS)?.unwrap_or_default();
        let accounts = self.store().accounts()?;
        Ok(accounts
            .into_iter()
            .map(|account| {
                let last_act = last_act(&acts, &account.id);
                // Who was given something on the desk since is back.
                let bare =
                    account.roles.is_empty() && !account.admin && account.totp_sealed.is_none();
                let taken_out = last_act.as_deref().is_some_and(|a| a.ends_with(" remove"));
                OperatorAccount {
                    removed: bare && taken_out,
                    last_act,
                    admin: account.admin,
                    roles: account.roles.iter().map(role_words).collect(),
                    second_factor: account.totp_sealed.is_some(),
                    login: account.login,
                }
            })
            .collect())
    }

    /// Gives a new first pass phrase, and has the second factor set up anew. Ends
    /// all sessions of the account. Roles stay.
    pub fn operator_reset(&self, login: &str) -> Result<String, OperatorError> {
        let account = self.operator_account(login)?;
        let pass = random::spoken(self.entropy(), FIRST_PASS_GROUPS);
        let hash = self.hashing.hash(&pass, self.entropy())?;
        self.store().change_account(&account.id, &|account| {
            account.pass_hash.clone_from(&hash);
            account.forget_factors();
            true
        })?;
        // Wrong tries of strangers must not keep out who was just let in.
        self.right_login(&account.login)?;
        self.end_all_of(&account.id, "reset")?;
        self.note_door(Some(&account.id), SignInAct::NewStart);
        Ok(pass)
    }

    /// Takes an account out: no sign-in, no session, no role. The name stays in
    /// the histories. Refused for the last one that manages the instance.
    pub fn operator_remove(&self, login: &str) -> Result<(), OperatorError> {
        let account = self.operator_account(login)?;
        let others = self.store().accounts()?;
        let last = account.admin && !others.iter().any(|a| a.admin && a.id != account.id);
        if last {
            return Err(OperatorError::Refused(format!(
                "{} is the only account that manages this instance, so it stays. If its owner \
                 cannot sign in, reset it.",
                account.login
            )));
        }
        // The hash of a pass phrase that nobody was told: a wrong try costs what it always costs.
        let nobody = random::spoken(self.entropy(), FIRST_PASS_GROUPS);
        let hash = self.hashing.hash(&nobody, self.entropy())?;
        self.store().change_account(&account.id, &|account| {
            account.pass_hash.clone_from(&hash);
            account.forget_factors();
            account.admin = false;
            account.roles.clear();
            true
        })?;
        self.end_all_of(&account.id, "remove")?;
        self.note_door(Some(&account.id), SignInAct::TakenOut);
        Ok(())
    }

    fn operator_account(&self, login: &str) -> Result<AccountRecord, OperatorError> {
        let found = self.store().account_by_login(&folded(login))?;
        found.ok_or_else(|| {
            OperatorError::Refused(
                "There is no account with this login. `candor account list` shows them all."
                    .to_owned(),
            )
        })
    }

    /// Ends what is open of an account, and writes the act down.
    fn end_all_of(&self, account: &AccountId, act: &str) -> Result<(), OperatorError> {
        self.store().clear_failures(account)?;
        let ended = self.store().end_sessions_of(account)?;
        self.end_feeds_of(*account)?;
        self.end_api_tokens_of(*account)?;
        let before = self.store().setting(ACTS)?.unwrap_or_default();
        let skip = (before.lines().count() + 1).saturating_sub(ACTS_KEPT);
        let act_line = format!("{} {act} {account}", self.now());
        let lines: Vec<&str> = before
            .lines()
            .skip(skip)
            .chain([act_line.as_str()])
            .collect();
        let acts = lines.join("\n");
        self.store().put_setting(ACTS, Some(&acts))?;
        tracing::warn!(act, %account, sessions_ended = ended, "the operator changed an account");
        Ok(())
    }
}

/// The last act on an account: when and what.
fn last_act(acts: &str, account: &AccountId) -> Option<String> {
    let id = account.to_string();
    acts.lines()
        .rev()
        .find_map(|line| line.strip_suffix(&id))
        .map(|rest| rest.trim_end().to_owned())
}

fn role_words((program, role): &(candor_base::ProgramSlug, Role)) -> String {
    match role {
        Role::Owner => format!("{program}: owner"),
        Role::Member => format!("{program}: member"),
    }
}
