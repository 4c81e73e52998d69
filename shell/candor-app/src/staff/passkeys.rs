//! Passkeys: a key on a device that knows its person by finger, face or PIN. One press stands for
//! pass phrase and code together, at the door and where the second factor is asked again.
//!
//! Invariants: whoever has one has an authenticator, too, and recovery codes; adding one takes a
//! code each time, so that a session alone makes no door that stays; the person is told; removing
//! takes a fresh second factor; a question is ours, fresh and counts
//! once; the device verified the person; a device that counts backwards is refused; tries with
//! pass phrases that lock an account do not lock its passkeys; every wrong one has one answer.
//!
//! Deliberately absent: what browser and device have to say (`candor-passkey`); who made the
//! device; passkeys in the place of codes that are asked for each single act (`second_factor`).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use candor_base::{AccountId, Digest, Instant, Line};
use candor_calendar::{WorkCalendar, show};
use candor_passkey::{Algorithm, Given, NewKey, Refused, Site, Use};
use candor_ports::{AccountRecord, Passkey, SessionAbout, SessionKind, SignInAct};
use subtle::ConstantTimeEq as _;

use crate::app::App;
use crate::input::{
    ActError, Arrived, Fault, NewPasskey, OwnPasskeys, PasskeyLine, PasskeyQuestion, Place,
    SignInError, SignedIn,
};
use crate::random;
use crate::seal::field_error;
use crate::staff::session::{id_of, no_sign_in};

/// Passkeys that one person has at the most.
const MOST: usize = 10;
/// Letters of a name.
const LONGEST_NAME: usize = 60;
/// Seconds for which a question may be answered.
const FRESH: i64 = 900;
/// Letters of the hash that name a passkey to its owner.
const ID: usize = 12;
/// Refused ones that are written into the history of an account within an hour.
const WRONG_AN_HOUR: u32 = 20;

const TIME: usize = 8;
const NONCE: usize = 16;
const SEAL: usize = 16;

/// What a question is about: an answer for one is none for another.
enum About<'a> {
    Door,
    Session(&'a str),
}

impl App {
    fn site(&self) -> Option<Site> {
        Site::of(&self.parts.config.public_url)
    }

    fn question_seal(&self, about: &About<'_>, head: &[u8]) -> [u8; SEAL] {
        let key = self.vault().derive("passkey-question");
        let whose = match about {
            About::Door => Vec::new(),
            About::Session(token) => id_of(token).as_bytes().to_vec(),
        };
        random::head(&random::keyed(&key, &[&whose, head]))
    }

    /// A question holds its moment and proves by itself that it is ours, so that looking at the
    /// sign-in writes nothing.
    fn question(&self, about: &About<'_>) -> Option<PasskeyQuestion> {
        let site = self.site()?;
        let mut bytes = self.now().unix().to_be_bytes().to_vec();
        bytes.extend(random::bytes::<NONCE>(self.entropy()));
        bytes.extend(self.question_seal(about, &bytes));
        Some(PasskeyQuestion {
            host: site.host().to_owned(),
            question: URL_SAFE_NO_PAD.encode(bytes),
        })
    }

    /// Whether a question is ours, about this, and fresh.
    fn is_our_question(&self, about: &About<'_>, question: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(question) else {
            return false;
        };
        let Some((head, seal)) = bytes.split_at_checked(TIME + NONCE) else {
            return false;
        };
        let ours: bool = self.question_seal(about, head).ct_eq(seal).into();
        let time = head.first_chunk::<TIME>().copied().map(i64::from_be_bytes);
        let asked = time.and_then(|at| Instant::from_unix(at).ok());
        ours && asked.is_some_and(|at| (0..FRESH).contains(&self.now().seconds_since(at)))
    }

    /// The first answer to a question counts, no other.
    fn spend_question(&self, question: &str) -> Result<bool, Fault> {
        let key = self.vault().derive("passkey-spent");
        let key = Digest::from_bytes(random::keyed(&key, &[question.as_bytes()]));
        self.first(key, FRESH)
    }

    /// What the sign-in asks a browser; `None` where browsers make no passkeys at the address of
    /// this server.
    pub fn passkey_question(&self) -> Option<PasskeyQuestion> {
        self.question(&About::Door)
    }

    /// What a page asks where the second factor is given again; `None` too where the person has
    /// no passkey.
    ///
    /// # Errors
    /// As every page.
    pub fn passkey_again(&self, token: &str) -> Result<Option<PasskeyQuestion>, ActError> {
        let any = !self.staff(token)?.account.passkeys.is_empty();
        Ok(self.question(&About::Session(token)).filter(|_| any))
    }

    /// One's own passkeys, and what is needed to make one.
    ///
    /// # Errors
    /// As every page.
    pub fn own_passkeys(&self, token: &str) -> Result<OwnPasskeys, ActError> {
        let account = self.staff(token)?.account;
        let zone = WorkCalendar::default();
        let line = |key: &Passkey| PasskeyLine {
            id: name_of(key),
            name: key.name.clone(),
            made: show(key.made, &zone),
            used: key.used.map(|at| show(at, &zone)),
            synced: key.synced,
        };
        let known = account.passkeys.iter();
        let new = self.question(&About::Session(token)).map(|ask| NewPasskey {
            ask,
            owner: URL_SAFE_NO_PAD.encode(account.id.as_bytes()),
            login: account.login.clone(),
            name: account.name.clone(),
            algorithms: Algorithm::ALL.map(Algorithm::number).to_vec(),
            known: known.map(|k| URL_SAFE_NO_PAD.encode(&k.id)).collect(),
        });
        Ok(OwnPasskeys {
            lines: account.passkeys.iter().map(line).collect(),
            new: new.filter(|_| account.passkeys.len() < MOST),
        })
    }

    /// Adds a passkey that the browser made for the page of passkeys. Takes a code of the second
    /// factor. Fields: `name`, `passkey`, `totp`.
    ///
    /// # Errors
    /// Field errors, and as every page.
    pub fn add_passkey(
        &self,
        token: &str,
        (name, code): (&str, &str),
        said: &str,
    ) -> Result<(), ActError> {
        let staff = self.staff(token)?;
        let name = Line::new(name).ok();
        let name = name.filter(|n| n.as_str().chars().count() <= LONGEST_NAME);
        let name = name.ok_or_else(|| {
            field_error(
                "name",
                "Give it a name of at most 60 letters, such as the device.",
            )
        })?;
        self.second_factor(&staff, code)?;
        let made = self.made(token, said)?;
        let passkey = Passkey {
            id: made.id,
            algorithm: made.algorithm.number(),
            public: made.public,
            counter: made.counter,
            synced: made.synced,
            name: name.as_str().to_owned(),
            made: self.now(),
            used: None,
        };
        let id = staff.account.id;
        let added = self.store().change_account(&id, &|account| {
            let known = account.passkeys.iter().any(|k| k.id == passkey.id);
            let room = account.passkeys.len() < MOST && account.totp_sealed.is_some();
            if room && !known {
                account.passkeys.push(passkey.clone());
            }
            room && !known
        })?;
        if !added {
            let words = "This device is in the list already, or the list is full.";
            return Err(field_error("passkey", words));
        }
        self.note_door(Some(&id), SignInAct::PasskeyAdded);
        tracing::info!(account = %id, "a passkey was added");
        Ok(())
    }

    fn made(&self, token: &str, said: &str) -> Result<candor_passkey::Device, ActError> {
        let bad = |why: &dyn std::fmt::Display| {
            tracing::info!(%why, "a new passkey was not taken");
            field_error(
                "passkey",
                "The passkey was not taken: the page was old, or the device did not ask for your \
                 finger, face or PIN. Load the page again, then try once more.",
            )
        };
        let new = NewKey::read(said).map_err(|why| bad(&why))?;
        let site = self.site().ok_or(ActError::NotFound)?;
        let question = new.question();
        if !self.is_our_question(&About::Session(token), question) {
            return Err(bad(&"the question was old, or not ours"));
        }
        let made = candor_passkey::take(&site, question, &new).map_err(|why| bad(&why))?;
        if ParsedPublicKey::new(method(made.algorithm), &made.public).is_err() {
            return Err(bad(&"the public key cannot be read"));
        }
        if !self.spend_question(question)? {
            return Err(bad(&"the question was answered before"));
        }
        Ok(made)
    }

    /// Removes one of one's own passkeys. Wants a fresh second factor.
    ///
    /// # Errors
    /// `NotFound` where there is none of that name; as every page.
    pub fn remove_passkey(&self, token: &str, id: &str) -> Result<(), ActError> {
        let staff = self.staff(token)?;
        self.fresh(&staff, None)?;
        let account = staff.account.id;
        let removed = self.store().change_account(&account, &|account| {
            let before = account.passkeys.len();
            account.passkeys.retain(|key| name_of(key) != id.trim());
            account.passkeys.len() < before
        })?;
        if !removed {
            return Err(ActError::NotFound);
        }
        self.note_door(Some(&account), SignInAct::PasskeyRemoved);
        tracing::info!(%account, "a passkey was removed");
        Ok(())
    }

    /// Signs a member of the team in with a passkey. One answer for whatever is wrong.
    ///
    /// # Errors
    /// [`SignInError::Wrong`] or a fault.
    pub fn sign_in_by_passkey(&self, place: &Place, said: &str) -> Result<Arrived, SignInError> {
        let account = self.by_passkey(&About::Door, said, None);
        let account = account.map_err(no_sign_in)?.ok_or(SignInError::Wrong)?;
        let about = SessionAbout {
            browser: place.browser,
            factor: Some(self.now()),
            ..SessionAbout::default()
        };
        let token = self.open_session_about(SessionKind::Staff(account.id), about)?;
        self.note_door(Some(&account.id), SignInAct::SignedIn);
        Ok(Arrived {
            signed: SignedIn::Full(token),
            known: self.arrived(&account.id, place),
        })
    }

    /// Gives the second factor again in a session, with a passkey. Field: `totp`.
    ///
    /// # Errors
    /// A field error, and as every page.
    pub fn step_up_by_passkey(&self, token: &str, said: &str) -> Result<(), ActError> {
        let own = self.staff(token)?.account.id;
        if self
            .by_passkey(&About::Session(token), said, Some(own))?
            .is_none()
        {
            return Err(field_error(
                "totp",
                "This passkey was not taken. Try it once more, or type a code.",
            ));
        }
        self.note_factor(token)
    }

    /// Whose passkey this is, when all is in order with it.
    fn by_passkey(
        &self,
        about: &About<'_>,
        said: &str,
        only: Option<AccountId>,
    ) -> Result<Option<AccountRecord>, Fault> {
        let (Ok(given), Some(site)) = (Given::read(said), self.site()) else {
            return Ok(None);
        };
        let question = given.question();
        if !self.is_our_question(about, question) {
            return Ok(None);
        }
        // A device that holds one key for one person may leave the owner out.
        let owner = <[u8; 16]>::try_from(given.owner())
            .ok()
            .map(AccountId::from_bytes);
        let Some(id) = owner.or(only).filter(|id| only.is_none_or(|o| o == *id)) else {
            return Ok(None);
        };
        let Some(account) = self.store().account(&id)? else {
            return Ok(None);
        };
        let known = account.passkeys.iter().find(|key| key.id == given.id());
        let Some(key) = known.filter(|_| account.totp_sealed.is_some()) else {
            return Ok(None);
        };
        let judged = candor_passkey::claim(&site, question, &given).and_then(|claim| {
            claim.judge(key.counter, |message, signature| {
                fits(key, message, signature)
            })
        });
        let used = match judged {
            Ok(used) => used,
            Err(why) => {
                self.not_taken(id, why)?;
                return Ok(None);
            }
        };
        let right = self.spend_question(question)? && self.note_use(&id, key, used)?;
        Ok(right.then_some(account))
    }

    /// Writes the use of a passkey down; false where it was removed, or used meanwhile.
    fn note_use(&self, id: &AccountId, key: &Passkey, used: Use) -> Result<bool, Fault> {
        let now = self.now();
        Ok(self.store().change_account(id, &|account| {
            let mut known = account.passkeys.iter_mut();
            let Some(kept) = known.find(|k| k.id == key.id && k.counter == key.counter) else {
                return false;
            };
            kept.counter = used.counter;
            kept.synced = used.synced;
            kept.used = Some(now);
            true
        })?)
    }

    fn not_taken(&self, account: AccountId, why: Refused) -> Result<(), Fault> {
        tracing::warn!(%account, %why, "a passkey was refused");
        if why == Refused::Copied {
            self.note_door(Some(&account), SignInAct::PasskeyCopied);
        } else if self.within("passkey-wrong", &[account.as_bytes()], WRONG_AN_HOUR)? {
            self.note_door(Some(&account), SignInAct::Wrong);
        }
        Ok(())
    }
}

fn method(algorithm: Algorithm) -> &'static dyn VerificationAlgorithm {
    match algorithm {
        Algorithm::Es256 => &ECDSA_P256_SHA256_ASN1,
        Algorithm::EdDsa => &ED25519,
        Algorithm::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
    }
}

fn fits(key: &Passkey, message: &[u8], signature: &[u8]) -> bool {
    Algorithm::of(key.algorithm).is_some_and(|algorithm| {
        ParsedPublicKey::new(method(algorithm), &key.public)
            .is_ok_and(|public| public.verify_sig(message, signature).is_ok())
    })
}

fn name_of(key: &Passkey) -> String {
    let hash = random::sha256(&key.id).to_string();
    hash.chars().take(ID).collect()
}
