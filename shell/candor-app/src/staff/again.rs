//! The second factor asked again: each time before an act that nothing takes back, and where it
//! was given a while ago before acts that open doors (step-up).
//!
//! Invariants: how fresh it is stands in the session, on the server; a program with a token has
//! none, so that each such act of it takes a code of its person; wrong codes count like wrong
//! sign-ins.

use super::session::StaffSession;
use crate::app::App;
use crate::input::ActError;
use crate::seal::field_error;

impl App {
    /// A fresh code of the second factor. Wrong ones count like wrong sign-ins.
    pub(crate) fn second_factor(&self, staff: &StaffSession, code: &str) -> Result<(), ActError> {
        let account = &staff.account;
        let wait = |seconds| {
            let words = format!("Too many attempts. Please try again in {seconds} seconds.");
            field_error("totp", words)
        };
        self.begin_try(&account.login, account.locked_until)?
            .map_err(wait)?;
        if !self.code_fits(account, code)? {
            self.wrong_try(Some(account.id));
            return Err(field_error(
                "totp",
                "This code does not fit. A code works only once; wait for the next one.",
            ));
        }
        Ok(self.right_try(account)?)
    }

    /// Whether the second factor was given within `fresh_factor_minutes`, or is now, with `code`.
    pub(crate) fn fresh(&self, staff: &StaffSession, code: Option<&str>) -> Result<(), ActError> {
        let minutes = i64::from(self.parts.config.fresh_factor_minutes);
        let now = self.now();
        let near = |at| (0..minutes * 60).contains(&now.seconds_since(at));
        if staff.factor.is_some_and(near) {
            return Ok(());
        }
        match code {
            Some(code) => self.second_factor(staff, code),
            None => Err(ActError::StepUp),
        }
    }

    /// Gives the second factor again in a session. Field: `totp`.
    pub fn step_up(&self, token: &str, code: &str) -> Result<(), ActError> {
        let staff = self.staff(token)?;
        self.second_factor(&staff, code)?;
        self.note_factor(token)
    }
}
