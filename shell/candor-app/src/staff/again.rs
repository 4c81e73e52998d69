//! The second factor asked again, before an act that nothing takes back.

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
}
