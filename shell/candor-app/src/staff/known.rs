//! Browsers that a person signed in with before, so that one that was not seen is pointed out.
//!
//! A browser that signed in gets a random word in a cookie. What is kept is a keyed hash of
//! that word and the account, for half a year after the last sign-in.
//!
//! Invariants: nothing about the browser, its address or its place is kept; the word opens
//! nothing and stands in for no factor; the browser with which a second factor is set up is
//! known from then on.
//!
//! Deliberately absent: keeping somebody out. A new machine is nothing wrong.

use std::sync::Arc;

use candor_base::{AccountId, Digest};
use candor_ports::{Entry, SignInAct};

use crate::app::App;
use crate::input::{ActError, Fault, Place};
use crate::random;

/// Seconds for which a browser is known after a sign-in.
pub const KNOWN_FOR: i64 = 180 * 86_400;

impl App {
    fn known_key(&self, account: &AccountId, word: &str) -> Digest {
        let key = self.vault().derive("known-browser");
        Digest::from_bytes(random::keyed(&key, &[account.as_bytes(), word.as_bytes()]))
    }

    /// Knows the browser from now on; gives the word for its cookie, and whether it was known
    /// to this account before.
    fn know(&self, account: &AccountId, place: &Place) -> Result<(String, bool), Fault> {
        let now = self.now();
        let sent = place.known.clone().filter(|word| random::is_token(word));
        let before = match &sent {
            Some(word) => {
                let key = self.known_key(account, word);
                self.store().counted(&key, now)?.is_some()
            }
            None => false,
        };
        // The word may be that of somebody else with the same browser: it serves both.
        let word = sent.unwrap_or_else(|| random::token(self.entropy()));
        let until = now.plus_seconds(KNOWN_FOR);
        let put = move |_: &[Option<String>]| Entry::Put(String::new(), until);
        let key = self.known_key(account, &word);
        self.store().count(&[key], now, Arc::new(put))?;
        Ok((word, before))
    }

    /// Somebody signed in from there. A browser that was not seen before is written into the
    /// history, and the person is told. Gives the word for its cookie.
    pub(super) fn arrived(&self, account: &AccountId, place: &Place) -> Option<String> {
        place.browser?;
        match self.know(account, place) {
            Ok((word, before)) => {
                if !before {
                    self.note_door(Some(account), SignInAct::NewPlace);
                }
                Some(word)
            }
            Err(why) => {
                // Better one letter too many than one too few.
                tracing::warn!(why = %why.operator, "a browser could not be remembered");
                self.note_door(Some(account), SignInAct::NewPlace);
                None
            }
        }
    }

    /// The browser in which a second factor was just set up is known from now on; gives the
    /// word for its cookie.
    pub fn know_browser(&self, token: &str, place: &Place) -> Result<String, ActError> {
        let account = self.staff(token)?.account.id;
        Ok(self.know(&account, place)?.0)
    }
}
