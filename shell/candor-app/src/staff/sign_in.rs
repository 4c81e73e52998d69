//! Signing in: login, pass phrase, one-time code; and setting up the code.

use candor_base::AccountId;
use candor_ports::{AccountRecord, SessionAbout, SessionKind, SignInAct};

use crate::app::App;
use crate::input::{ActError, Arrived, Enrolled, Enrolment, Fault, Place, SignInError, SignedIn};
use crate::random;
use crate::seal::field_error;
use crate::staff::hashing::COME_BACK;
use crate::staff::session::no_sign_in;
use crate::staff::{throttle, totp};

/// Longer pass phrases are not hashed: nobody types them, and work must be bounded.
pub(crate) const LONGEST_PASS: usize = 1_000;

impl App {
    /// Signs a member of the team in, from no browser.
    pub fn sign_in(&self, login: &str, pass: &str, code: &str) -> Result<SignedIn, SignInError> {
        self.sign_in_from(&Place::default(), login, pass, code)
            .map(|arrived| arrived.signed)
    }

    /// Signs a member of the team in. One answer for whatever is wrong.
    pub fn sign_in_from(
        &self,
        place: &Place,
        login: &str,
        pass: &str,
        code: &str,
    ) -> Result<Arrived, SignInError> {
        let login = folded(login);
        let account = self.store().account_by_login(&login)?;
        let locked = account.as_ref().and_then(|a| a.locked_until);
        self.begin_try(&login, locked)
            .map_err(no_sign_in)?
            .map_err(SignInError::Wait)?;
        let bounded: String = pass.chars().take(LONGEST_PASS).collect();
        let stored = account.as_ref().map(|a| a.pass_hash.as_str());
        let Ok(fits) = self.hashing.fits(&bounded, stored) else {
            self.take_back_try(&login);
            return Err(SignInError::Wait(COME_BACK));
        };
        let id = account.as_ref().map(|a| a.id);
        let Some(account) = account.filter(|_| fits && bounded == pass) else {
            self.wrong_try(id);
            return Err(SignInError::Wrong);
        };
        let about = SessionAbout {
            browser: place.browser,
            factor: Some(self.now()),
            ..SessionAbout::default()
        };
        if account.totp_sealed.is_none() {
            self.right_try(&account)?;
            let token = self.open_session_about(SessionKind::HalfStaff(account.id), about)?;
            return Ok(Arrived {
                signed: SignedIn::Enrol(token),
                known: None,
            });
        }
        if !self.code_fits(&account, code).map_err(no_sign_in)? {
            self.wrong_try(id);
            return Err(SignInError::Wrong);
        }
        self.right_try(&account)?;
        let token = self.open_session_about(SessionKind::Staff(account.id), about)?;
        self.note_door(id.as_ref(), SignInAct::SignedIn);
        Ok(Arrived {
            signed: SignedIn::Full(token),
            known: self.arrived(&account.id, place),
        })
    }

    /// Whether this is a code of the second factor, or a recovery code; either is spent.
    pub(crate) fn code_fits(&self, account: &AccountRecord, code: &str) -> Result<bool, Fault> {
        let Some(sealed) = &account.totp_sealed else {
            return Ok(false);
        };
        let secret = self
            .vault()
            .open(&totp::context(&account.id), sealed)
            .ok_or_else(|| Fault::inside("a second factor does not open"))?;
        match self.totp_step(&secret, code)? {
            // Used once already: refused like a wrong one.
            Some(step) => Ok(self.store().use_totp_step(&account.id, step)?),
            None => self.spend_recovery(account, code),
        }
    }

    /// The step a code belongs to, by the time that is believed. While the clock is in
    /// doubt that may be wrong and the machine right: then by the machine's, too, so that
    /// nobody is locked out of settling it.
    fn totp_step(&self, secret: &[u8], code: &str) -> Result<Option<u64>, Fault> {
        match totp::step(secret, code, self.now())? {
            Some(step) => Ok(Some(step)),
            None => totp::step(secret, code, self.parts.clock.now()),
        }
    }

    /// Writes a wrong try down: in the history, and with the account where there is one. It
    /// counts already, for every login.
    pub(crate) fn wrong_try(&self, account: Option<AccountId>) {
        self.note_door(account.as_ref(), SignInAct::Wrong);
        let Some(id) = account else { return };
        if let Err(why) = self.store().note_failure(&id, self.now(), throttle::pause) {
            // The answer is the same, and so is the pause.
            tracing::warn!(%why, "a wrong sign-in could not be written down");
        }
    }

    pub(crate) fn right_try(&self, account: &AccountRecord) -> Result<(), Fault> {
        self.right_login(&account.login)?;
        if account.failures == 0 && account.locked_until.is_none() {
            return Ok(());
        }
        Ok(self.store().clear_failures(&account.id)?)
    }

    /// The secret of a second factor that is still to be confirmed. It follows from
    /// the half session, so that nothing unconfirmed is stored.
    fn pending_secret(&self, half_token: &str) -> Vec<u8> {
        let key = self.vault().derive("totp-enrolment");
        let long = random::keyed(&key, &[half_token.as_bytes()]);
        long.iter().copied().take(totp::SECRET_BYTES).collect()
    }

    /// What is needed to set up the second factor.
    pub fn enrolment(&self, half_token: &str) -> Result<Enrolment, ActError> {
        let account = self.half_staff(half_token)?;
        let secret = self.pending_secret(half_token);
        Ok(Enrolment {
            secret: totp::spelled(&secret),
            qr_svg: totp::picture(&secret, &account.login)?,
            login: account.login,
        })
    }

    /// Confirms the second factor with a first code; signs in, and makes recovery codes.
    pub fn confirm_enrolment(&self, half_token: &str, code: &str) -> Result<Enrolled, ActError> {
        let account = self.half_staff(half_token)?;
        let about = self.session_about(half_token)?;
        if account.totp_sealed.is_some() && !about.replaces {
            return Err(ActError::SignedOut);
        }
        let secret = self.pending_secret(half_token);
        let Some(step) = self.totp_step(&secret, code)? else {
            return Err(field_error(
                "totp",
                "This code does not fit. Check the clock of your phone, then type the code it \
                 shows now.",
            ));
        };
        let id = account.id;
        let sealed = self.vault().seal(&totp::context(&id), &secret);
        let (codes, hashes) = self.fresh_codes(&id);
        let confirmed = self.store().change_account(&id, &|now| {
            // Confirmed by another half session in the meantime: that one stays.
            let same = now.totp_sealed == account.totp_sealed;
            if same {
                now.totp_sealed = Some(sealed.clone());
                now.recovery.clone_from(&hashes);
            }
            same
        })?;
        if !confirmed {
            return Err(ActError::SignedOut);
        }
        self.store().use_totp_step(&id, step)?;
        if about.replaces {
            self.store().end_sessions_of(&id)?;
        }
        self.close_session(half_token);
        self.note_door(Some(&id), SignInAct::SecondFactor);
        let about = SessionAbout {
            replaces: false,
            factor: Some(self.now()),
            ..about
        };
        let token = self.open_session_about(SessionKind::Staff(id), about)?;
        Ok(Enrolled { token, codes })
    }
}

/// Logins are compared in small letters, without blanks around.
pub(crate) fn folded(login: &str) -> String {
    login.trim().to_lowercase().chars().take(100).collect()
}
