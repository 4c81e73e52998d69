//! Recovery codes: ten codes that stand in for the second factor, once each; and a second
//! factor set up anew by whoever still has one of both.
//!
//! Invariants: of a code only a keyed hash is kept, and that within the sealed account; it is
//! spent in the same step in which it is found, so that of two uses at once one counts; new
//! codes end the old ones; a new second factor replaces the old one only once it is confirmed,
//! and ends every session.
//!
//! Deliberately absent: a way back for who lost everything. Somebody else gives the account a
//! new start (`own`), or the operator does (`operator`).

use candor_base::{AccountId, Digest};
use candor_ports::{AccountRecord, SessionAbout, SessionKind, SignInAct};

use crate::app::App;
use crate::input::{ActError, Fault};
use crate::random;

/// Codes that are made at a time.
pub(crate) const CODES: usize = 10;
/// Digits of a code: 53 random bits. Digits alone, so that every keyboard for codes types them.
const DIGITS: usize = 16;

impl App {
    fn recovery_hash(&self, account: &AccountId, code: &str) -> Digest {
        let key = self.vault().derive("recovery-code");
        Digest::from_bytes(random::keyed(&key, &[account.as_bytes(), code.as_bytes()]))
    }

    /// Fresh codes and their hashes; nothing is stored.
    pub(super) fn fresh_codes(&self, account: &AccountId) -> (Vec<String>, Vec<Digest>) {
        let code = |_| {
            let bytes = random::bytes::<8>(self.entropy());
            let number = u64::from_be_bytes(bytes) % 10_u64.pow(16);
            format!("{number:016}")
        };
        let plain: Vec<String> = (0..CODES).map(code).collect();
        let hashes = plain.iter().map(|c| self.recovery_hash(account, c));
        let hashes = hashes.collect();
        (plain.iter().map(|c| grouped(c)).collect(), hashes)
    }

    /// Spends a recovery code; false where it is none of this account, or was used.
    pub(super) fn spend_recovery(
        &self,
        account: &AccountRecord,
        typed: &str,
    ) -> Result<bool, Fault> {
        let Some(code) = folded(typed) else {
            return Ok(false);
        };
        let hash = self.recovery_hash(&account.id, &code);
        let spent = self.store().change_account(&account.id, &|now| {
            let before = now.recovery.len();
            now.recovery.retain(|kept| *kept != hash);
            now.recovery.len() < before
        })?;
        if spent {
            self.note_door(Some(&account.id), SignInAct::RecoveryUsed);
            tracing::warn!(account = %account.id, "a recovery code was used");
        }
        Ok(spent)
    }

    /// How many recovery codes one has left.
    pub fn recovery_left(&self, token: &str) -> Result<usize, ActError> {
        Ok(self.staff(token)?.account.recovery.len())
    }

    /// Makes ten new recovery codes; the old ones end. Gives them, this once. Takes a fresh code
    /// of the second factor. Field: `totp`.
    pub fn new_recovery_codes(&self, token: &str, code: &str) -> Result<Vec<String>, ActError> {
        let staff = self.staff(token)?;
        self.second_factor(&staff, code)?;
        let id = staff.account.id;
        let (plain, hashes) = self.fresh_codes(&id);
        self.store().change_account(&id, &|account| {
            account.recovery.clone_from(&hashes);
            true
        })?;
        self.note_door(Some(&id), SignInAct::RecoveryMade);
        Ok(plain)
    }

    /// Begins to set up another second factor: takes a fresh code of the one until now, or a
    /// recovery code. Gives a token for the set-up alone and ends the session that asked; the
    /// second factor until now holds until the new one is confirmed. Field: `totp`.
    pub fn replace_second_factor(&self, token: &str, code: &str) -> Result<String, ActError> {
        let staff = self.staff(token)?;
        let about = self.session_about(token)?;
        self.second_factor(&staff, code)?;
        let about = SessionAbout {
            replaces: true,
            ..about
        };
        let half = self.open_session_about(SessionKind::HalfStaff(staff.account.id), about)?;
        self.close_session(token);
        Ok(half)
    }
}

/// In groups of four, for reading.
fn grouped(code: &str) -> String {
    let digits: Vec<char> = code.chars().collect();
    let groups: Vec<String> = digits.chunks(4).map(|c| c.iter().collect()).collect();
    groups.join("-")
}

/// The digits of a text that has the form of a code.
fn folded(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let rest = |c: char| c.is_ascii_digit() || c.is_whitespace() || c == '-';
    (digits.len() == DIGITS && typed.chars().all(rest)).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_shown_and_as_people_type_it() {
        let shown = grouped("0123456789012345");
        assert_eq!(shown, "0123-4567-8901-2345");
        for typed in [&shown, " 0123 4567 8901 2345 ", "0123456789012345"] {
            assert_eq!(folded(typed).as_deref(), Some("0123456789012345"));
        }
        for odd in ["", "123456", "0123-4567-8901-234", "0123-4567-8901-234x"] {
            assert_eq!(folded(odd), None, "{odd}");
        }
        assert_eq!(folded("0123-4567-8901-23456"), None);
    }
}
