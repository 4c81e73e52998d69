//! The first account, with the one-time code that the server printed.
//!
//! Invariants: the code is stored only as a keyed hash, works once and for a
//! day, and each start makes a new one; once an account exists there is none.

use candor_base::Line;
use candor_ports::{AccountRecord, Role, SessionKind, StoreError};
use subtle::ConstantTimeEq as _;

use crate::app::{App, lock};
use crate::input::{ActError, Fault};
use crate::intake::read::is_address;
use crate::random;
use crate::seal::field_error;
use crate::staff::sign_in::{LONGEST_PASS, folded};

const SETTING: &str = "set-up-code";
/// Groups of five letters.
const GROUPS: usize = 10;
/// Seconds for which a code works.
const LIFE: i64 = 24 * 3_600;
/// Shortest pass phrase, in characters (NIST SP 800-63B-4).
pub(crate) const SHORTEST_PASS: usize = 15;

impl App {
    /// Whether nobody has an account yet.
    pub fn needs_set_up(&self) -> Result<bool, Fault> {
        Ok(self.store().accounts()?.is_empty())
    }

    /// A fresh one-time code for the first account; `None` when there is one.
    pub fn set_up_code(&self) -> Result<Option<String>, Fault> {
        if !self.needs_set_up()? {
            self.store().put_setting(SETTING, None)?;
            return Ok(None);
        }
        let code = random::spoken(self.entropy(), GROUPS);
        let until = self.now().plus_seconds(LIFE).unix();
        let value = format!("{until} {}", self.set_up_hash(&code));
        self.store().put_setting(SETTING, Some(&value))?;
        Ok(Some(code))
    }

    fn set_up_hash(&self, code: &str) -> String {
        let key = self.vault().derive("set-up-code");
        let hash = random::keyed(&key, &[random::fold_spoken(code).as_bytes()]);
        candor_base::Digest::from_bytes(hash).to_string()
    }

    fn set_up_code_fits(&self, code: &str) -> Result<bool, Fault> {
        let stored = self.store().setting(SETTING)?.unwrap_or_default();
        let (until, hash) = stored.split_once(' ').unwrap_or_default();
        let alive = until
            .parse::<i64>()
            .is_ok_and(|until| self.now().unix() < until);
        let typed = self.set_up_hash(code);
        let same: bool = typed.as_bytes().ct_eq(hash.as_bytes()).into();
        Ok(alive && same)
    }

    /// Makes the first account; gives a token for setting up the second factor.
    pub fn set_up(
        &self,
        code: &str,
        login: &str,
        name: &str,
        email: &str,
        pass: &str,
    ) -> Result<String, ActError> {
        let _one_at_a_time = lock(&self.setting_up);
        if !self.needs_set_up()? {
            return Err(ActError::NotFound);
        }
        if !self.set_up_code_fits(code)? {
            return Err(field_error(
                "code",
                "This is not the set-up code. The server printed it when it started; it works \
                 once, for a day. Start the server again for a new one.",
            ));
        }
        let login = checked_login(login)?;
        check_pass(pass, &login)?;
        let account = AccountRecord {
            id: random::account_id(self.entropy()),
            name: checked_name(name)?,
            email: checked_email(email)?,
            pass_hash: self.hashing.hash(pass, self.entropy())?,
            totp_sealed: None,
            totp_last_step: 0,
            recovery: Vec::new(),
            passkeys: Vec::new(),
            admin: true,
            roles: self
                .store()
                .programs()?
                .into_iter()
                .map(|p| (p.slug, Role::Owner))
                .collect(),
            failures: 0,
            locked_until: None,
            created: self.now(),
            login,
        };
        let id = account.id;
        // Account and code in one: two people with the same code make one account.
        match self.store().add_first_account(account, SETTING) {
            Ok(()) => Ok(self.open_session(SessionKind::HalfStaff(id))?),
            Err(StoreError::Exists) => Err(ActError::NotFound),
            Err(other) => Err(other.into()),
        }
    }
}

/// A login: letters, digits, `.`, `-`, `_`, `@`.
pub(crate) fn checked_login(login: &str) -> Result<String, ActError> {
    let login = folded(login);
    let good = (2..=60).contains(&login.chars().count())
        && login
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@'));
    if good {
        Ok(login)
    } else {
        Err(field_error(
            "login",
            "A login has 2 to 60 letters or digits; dot, dash, underscore and @ are possible too.",
        ))
    }
}

/// A name as shown to colleagues and reporters.
pub(crate) fn checked_name(name: &str) -> Result<String, ActError> {
    Line::new(name)
        .map(|line| line.as_str().to_owned())
        .map_err(|_| {
            field_error(
                "name",
                "Please give a name. Colleagues and reporters see it.",
            )
        })
}

/// An address, or none.
pub(crate) fn checked_email(email: &str) -> Result<Option<String>, ActError> {
    let email = email.trim();
    if email.is_empty() {
        Ok(None)
    } else if is_address(email) {
        Ok(Some(email.to_owned()))
    } else {
        Err(field_error(
            "email",
            "This does not look like an e-mail address. Correct it, or leave it empty.",
        ))
    }
}

/// A pass phrase that can be used (NIST SP 800-63B-4: length, no rules of form).
pub(crate) fn check_pass(pass: &str, login: &str) -> Result<(), ActError> {
    let length = pass.chars().count();
    let message = if length < SHORTEST_PASS {
        format!(
            "The pass phrase has {length} characters; it needs at least {SHORTEST_PASS}. Four or \
             five words that do not belong together are easy to remember."
        )
    } else if length > LONGEST_PASS {
        format!("The pass phrase is longer than {LONGEST_PASS} characters.")
    } else if is_trivial(pass, login) {
        "This pass phrase is too easy to guess. Please choose other words.".to_owned()
    } else {
        return Ok(());
    };
    Err(field_error("pass", message))
}

/// The login over and over, or one or two characters over and over.
fn is_trivial(pass: &str, login: &str) -> bool {
    let lower = pass.to_lowercase();
    let rest = lower.replace(login, "");
    let different: std::collections::BTreeSet<char> = lower.chars().collect();
    rest.chars().count() < 6 || different.len() < 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pass_phrases_need_length_and_not_form() {
        assert!(check_pass("correct horse battery staple", "ada").is_ok());
        assert!(check_pass("short", "ada").is_err());
        assert!(check_pass("aaaaaaaaaaaaaaaaaaaa", "ada").is_err());
        assert!(check_pass("maintainermaintainer1", "maintainer").is_err());
        assert!(check_pass(&"ab c1".repeat(300), "ada").is_err());
    }

    #[test]
    fn logins_are_plain() {
        assert_eq!(checked_login(" Ada.L ").unwrap(), "ada.l");
        assert!(checked_login("a").is_err());
        assert!(checked_login("a b").is_err());
    }
}
