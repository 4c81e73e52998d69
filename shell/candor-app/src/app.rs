//! The application: what it is made of. What it can do stands in the other
//! modules, one per group of use cases.
//!
//! Invariants: every call is blocking and may come from any thread; nothing is
//! kept here that is not in the store, but caches that can be lost.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use candor_access::view::ProgramCard;
use candor_base::{CaseId, Digest, ProgramSlug, Sensitive};
use candor_ledger::{KeyName, VerifierKey};
use candor_ports::{Clock, Courier, Entropy, Forge, OpenPgp, Store, Vault};

use crate::calendar::Feeds;
use crate::github::Asked;
use crate::input::Fault;
use crate::known::Known;
use crate::listing::Listings;
use crate::mail_in::MailConfig;
use crate::programs::InForce;
use crate::public_log::PublicLog;
use crate::reads::Noted;
use crate::search::Catching;
use crate::skill::Overs;
use crate::staff::hashing::Hashing;
use crate::staff::signed::SignedTokens;
use crate::staff::tokens::Turns;
use crate::statistics::FrozenCache;
use crate::updates::Running;
use crate::watch::Watch;

/// The outside world, as ports.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Where everything lies.
    pub store: Arc<dyn Store>,
    /// The only clock.
    pub clock: Arc<dyn Clock>,
    /// The only randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Secrets of the instance.
    pub vault: Arc<dyn Vault>,
    /// Delivers mail.
    pub courier: Arc<dyn Courier>,
    /// Settings of the instance.
    pub config: AppConfig,
}

/// Settings of the instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppConfig {
    /// `http://127.0.0.1:8080`, without a slash at its end.
    pub public_url: String,
    /// Largest size of all files of one message together, in bytes.
    pub max_files_bytes: u64,
    /// A reporter's session ends after so many minutes without use.
    pub room_idle_minutes: u32,
    /// A staff session ends after so many minutes without use.
    pub desk_idle_minutes: u32,
    /// Whoever opens more cases within an hour is pointed out to the owners.
    pub cases_per_hour: u32,
    /// More wrong sign-ins within a clock hour ring at those who manage the instance.
    pub wrong_sign_ins_per_hour: u32,
    /// For so many minutes the second factor counts as fresh.
    pub fresh_factor_minutes: u32,
    /// The sign-in history is to be gone through each so many days.
    pub sign_in_review_days: u32,
    /// Until when backups that Candor makes hold the key of an erased case, in words; `None`
    /// where Candor makes none by itself.
    pub backups_kept: Option<String>,
    /// Letters leave this server; else they are only written into files.
    pub letters_leave: bool,
    /// What runs here.
    pub running: Running,
    /// How the API signs.
    pub api: ApiSessions,
    /// Mail that is taken.
    pub mail: MailConfig,
}

/// How the API signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiSessions {
    /// The secret; `None`: one that follows from the instance key.
    pub key: Option<Sensitive<String>>,
    /// A signed token opens nothing after so many minutes.
    pub minutes: u32,
}

impl Default for ApiSessions {
    fn default() -> Self {
        Self {
            key: None,
            minutes: 60,
        }
    }
}

impl Default for AppConfig {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            max_files_bytes: 25 * 1024 * 1024,
            room_idle_minutes: 15,
            desk_idle_minutes: 30,
            cases_per_hour: 30,
            wrong_sign_ins_per_hour: 10,
            fresh_factor_minutes: 10,
            sign_in_review_days: 30,
            backups_kept: None,
            letters_leave: false,
            running: Running::default(),
            api: ApiSessions::default(),
            mail: MailConfig::default(),
        }
    }
}

/// Everything Candor does, as use cases.
#[derive(Debug)]
pub struct App {
    pub(crate) parts: Parts,
    /// Compiled policies by program and version; can be lost at any time.
    pub(crate) compiled: Mutex<BTreeMap<(ProgramSlug, Digest), Arc<InForce>>>,
    /// Programs as they were read last.
    pub(crate) known: Mutex<Known>,
    /// Which folder gave which program in this run, to notice two of one name.
    pub(crate) given: Mutex<BTreeMap<ProgramSlug, String>>,
    pub(crate) hashing: Hashing,
    /// Cases as anybody may count them.
    pub(crate) frozen_cases: FrozenCache,
    /// The cases of each program, as lists need them.
    pub(crate) listings: Listings,
    /// What counts of the cases that are over.
    pub(crate) overs: Overs,
    /// Calendar files of the teams.
    pub(crate) feeds: Feeds,
    /// How far the search is that begins with cases it does not know.
    pub(crate) catching: Mutex<Catching>,
    /// Held while it is changed which erasures were asked for.
    pub(crate) asking: Mutex<()>,
    /// Where acts on one case wait for each other.
    pub(crate) queues: Mutex<BTreeMap<CaseId, Arc<Mutex<()>>>>,
    /// Requests of this minute, by the token they came with.
    pub(crate) api_turns: Mutex<Turns>,
    /// Writes and reads the short-lived tokens of the API.
    pub(crate) signed: SignedTokens,
    /// There may be something to tell readers of advisories.
    pub(crate) readers_wait: AtomicBool,
    /// Held while somebody's list of tokens is changed.
    pub(crate) token_lists: Mutex<()>,
    /// One at a time writes down what was done with an account.
    pub(crate) person_acts: Mutex<()>,
    /// What the read log holds of this hour.
    pub(crate) noted_reads: Mutex<Noted>,
    /// Counts the cases of this process, for their ids.
    pub(crate) case_number: AtomicU32,
    /// Held while the first account is made: the work for it is done once.
    pub(crate) setting_up: Mutex<()>,
    /// Judges the clock of the machine; made at the first look.
    pub(crate) watch: Mutex<Option<Watch>>,
    /// The server was told to stop: no more letters are taken in hand.
    pub(crate) stopping: AtomicBool,
    /// When the steady clock was last written down.
    pub(crate) clock_written: Mutex<Option<i64>>,
    pub(crate) key_name: KeyName,
    verifier: String,
    public_log: Option<PublicLog>,
    /// OpenPGP, where there is any.
    pub(crate) pgp: Option<Arc<dyn OpenPgp>>,
    /// GitHub, where it is asked.
    pub(crate) forge: Option<Arc<dyn Forge>>,
    /// How it stands with each repository between two rounds.
    pub(crate) asked_github: Mutex<Asked>,
}

impl App {
    /// Puts the application together; derives the key that signs receipts.
    pub fn new(parts: Parts) -> Result<Self, Fault> {
        let key_name = key_name(&parts.config.public_url)?;
        let seed = parts.vault.derive("receipt-signing");
        let verifier = VerifierKey::of_seed(&key_name, &seed).to_string();
        let api = &parts.config.api;
        let key = match &api.key {
            Some(secret) => secret.reveal().clone().into_bytes(),
            None => parts.vault.derive("api-session").to_vec(),
        };
        let signed = SignedTokens::new(key, &parts.config.public_url, api.minutes);
        let hashing = Hashing::new(parts.entropy.as_ref())?;
        Ok(Self {
            parts,
            compiled: Mutex::default(),
            known: Mutex::default(),
            given: Mutex::default(),
            hashing,
            frozen_cases: FrozenCache::default(),
            listings: Mutex::default(),
            overs: Mutex::default(),
            feeds: Mutex::default(),
            catching: Mutex::default(),
            asking: Mutex::default(),
            queues: Mutex::default(),
            api_turns: Mutex::default(),
            signed,
            readers_wait: AtomicBool::new(true),
            token_lists: Mutex::default(),
            person_acts: Mutex::default(),
            noted_reads: Mutex::default(),
            case_number: AtomicU32::new(0),
            setting_up: Mutex::default(),
            watch: Mutex::default(),
            stopping: AtomicBool::new(false),
            clock_written: Mutex::default(),
            key_name,
            verifier,
            public_log: None,
            pgp: None,
            forge: None,
            asked_github: Mutex::default(),
        })
    }

    /// The same, with GitHub: repositories of the programs are asked for reports.
    #[must_use]
    pub fn with_forge(self, forge: Arc<dyn Forge>) -> Self {
        Self {
            forge: Some(forge),
            ..self
        }
    }

    /// The same, with OpenPGP: programs then have keys.
    #[must_use]
    pub fn with_pgp(self, pgp: Arc<dyn OpenPgp>) -> Self {
        Self {
            pgp: Some(pgp),
            ..self
        }
    }

    /// The same, with a public log.
    #[must_use]
    pub fn with_log(self, log: PublicLog) -> Self {
        Self {
            public_log: Some(log),
            ..self
        }
    }

    /// The public log, where there is one.
    pub const fn public_log(&self) -> Option<&PublicLog> {
        self.public_log.as_ref()
    }

    /// The server will stop: after the letter in hand the others are given back, so that
    /// another server, or the next start, has them at once.
    pub fn stop_soon(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// The key that verifies receipts, as C2SP notes write it.
    pub fn verifier_key(&self) -> String {
        self.verifier.clone()
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.parts.store.as_ref()
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        self.parts.entropy.as_ref()
    }

    pub(crate) fn vault(&self) -> &dyn Vault {
        self.parts.vault.as_ref()
    }

    /// The public address of a program's page.
    pub(crate) fn page_of(&self, program: &ProgramSlug) -> String {
        format!("{}/p/{program}", self.parts.config.public_url)
    }
}

/// A program on pages.
pub(crate) fn program_card(program: &ProgramSlug, in_force: &InForce) -> ProgramCard {
    candor_access::build::program_card(program.as_str(), &in_force.name, &in_force.policy)
}

/// Takes a lock whatever happened to its last holder: what it guards is a cache.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `example.org/receipts`, from the public address.
fn key_name(public_url: &str) -> Result<KeyName, Fault> {
    let host = public_url
        .split_once("://")
        .map_or(public_url, |(_, rest)| rest)
        .split(['/', '?', '#'])
        .next()
        .unwrap_or_default();
    format!("{host}/receipts").parse().map_err(|_| Fault {
        person: "The public address of this server cannot be used. Please check --public-url."
            .to_owned(),
        operator: "the host of the public address is not fit for a key name".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_named_after_the_host() {
        let name = |url: &str| key_name(url).map(|n| n.to_string());
        assert_eq!(
            name("https://sec.example.org").unwrap(),
            "sec.example.org/receipts"
        );
        assert_eq!(
            name("http://127.0.0.1:8080").unwrap(),
            "127.0.0.1:8080/receipts"
        );
        assert!(name("https://a b").is_err());
    }
}
