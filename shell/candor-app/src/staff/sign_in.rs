//! Signing in: login, pass phrase, one-time code; and setting up the code.

use candor_base::Digest;
use candor_ports::{AccountRecord, SessionKind};

use crate::app::{App, lock};
use crate::input::{ActError, Enrolment, Fault, SignInError, SignedIn};
use crate::random;
use crate::seal::field_error;
use crate::staff::{throttle, totp};

/// Longer pass phrases are not hashed: nobody types them, and work must be bounded.
pub(crate) const LONGEST_PASS: usize = 1_000;

impl App {
    /// Signs a member of the team in. One answer for whatever is wrong.
    pub fn sign_in(&self, login: &str, pass: &str, code: &str) -> Result<SignedIn, SignInError> {
        let login = folded(login);
        let key = self.throttle_key(&login);
        let now = self.now();
        let account = self.store().account_by_login(&login)?;
        let locked = account.as_ref().and_then(|a| a.locked_until);
        let waits = [
            lock(&self.throttle).wait(&key, now),
            throttle::seconds_left(locked, now),
        ];
        if let Some(seconds) = waits.into_iter().flatten().max() {
            return Err(SignInError::Wait(seconds));
        }
        let bounded: String = pass.chars().take(LONGEST_PASS).collect();
        let fits = self
            .hashing
            .fits(&bounded, account.as_ref().map(|a| a.pass_hash.as_str()));
        let Some(account) = account.filter(|_| fits && bounded == pass) else {
            self.wrong_try(&login, key)?;
            return Err(SignInError::Wrong);
        };
        if account.totp_sealed.is_none() {
            self.right_try(&account, &key)?;
            let token = self.open_session(SessionKind::HalfStaff(account.id))?;
            return Ok(SignedIn::Enrol(token));
        }
        if !self.code_fits(&account, code)? {
            self.wrong_try(&login, key)?;
            return Err(SignInError::Wrong);
        }
        self.right_try(&account, &key)?;
        Ok(SignedIn::Full(
            self.open_session(SessionKind::Staff(account.id))?,
        ))
    }

    fn code_fits(&self, account: &AccountRecord, code: &str) -> Result<bool, Fault> {
        let Some(sealed) = &account.totp_sealed else {
            return Ok(false);
        };
        let secret = self
            .vault()
            .open(&totp::context(&account.id), sealed)
            .ok_or_else(|| Fault::inside("a second factor does not open"))?;
        match totp::step(&secret, code, self.now())? {
            // Used once already: refused like a wrong one.
            Some(step) => Ok(self.store().use_totp_step(&account.id, step)?),
            None => Ok(false),
        }
    }

    fn throttle_key(&self, login: &str) -> Digest {
        let key = self.vault().derive("sign-in-throttle");
        Digest::from_bytes(random::keyed(&key, &[login.as_bytes()]))
    }

    /// Counts a wrong try, in memory for every login and in the account where there is one.
    fn wrong_try(&self, login: &str, key: Digest) -> Result<(), Fault> {
        let now = self.now();
        lock(&self.throttle).wrong(key, now);
        if let Some(mut account) = self.store().account_by_login(login)? {
            account.failures = account.failures.saturating_add(1);
            account.locked_until =
                throttle::pause(account.failures).map(|seconds| now.plus_seconds(seconds));
            self.store().update_account(account)?;
        }
        Ok(())
    }

    fn right_try(&self, account: &AccountRecord, key: &Digest) -> Result<(), Fault> {
        lock(&self.throttle).right(key);
        if account.failures == 0 && account.locked_until.is_none() {
            return Ok(());
        }
        // Read anew: the code's step was written in the meantime.
        if let Some(mut account) = self.store().account(&account.id)? {
            account.failures = 0;
            account.locked_until = None;
            self.store().update_account(account)?;
        }
        Ok(())
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

    /// Confirms the second factor with a first code; signs in.
    pub fn confirm_enrolment(&self, half_token: &str, code: &str) -> Result<String, ActError> {
        let mut account = self.half_staff(half_token)?;
        if account.totp_sealed.is_some() {
            return Err(ActError::SignedOut);
        }
        let secret = self.pending_secret(half_token);
        let Some(step) = totp::step(&secret, code, self.now())? else {
            return Err(field_error(
                "totp",
                "This code does not fit. Check the clock of your phone, then type the code it \
                 shows now.",
            ));
        };
        account.totp_sealed = Some(self.vault().seal(&totp::context(&account.id), &secret));
        let id = account.id;
        self.store().update_account(account)?;
        self.store().use_totp_step(&id, step)?;
        self.close_session(half_token);
        Ok(self.open_session(SessionKind::Staff(id))?)
    }
}

/// Logins are compared in small letters, without blanks around.
pub(crate) fn folded(login: &str) -> String {
    login.trim().to_lowercase().chars().take(100).collect()
}
