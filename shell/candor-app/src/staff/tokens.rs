//! Tokens with which programs of a team member ask the API.
//!
//! A token is `candor_` and 32 random bytes. It is shown once; what is kept lies under its
//! hash, and the hash stands in the list of its owner.
//!
//! Invariants: a token holds only while both are there, so that of two changes at once a
//! revocation wins; it gives less than its owner may at this moment, in one program
//! (`Principal::Token`); it ends with its date, with its owner's role in the program, and when
//! the owner's account is given a new start or taken out; making one takes a fresh code of the
//! second factor. Whoever only has a token signs in to nothing and makes no other token.
//!
//! A signed token (`signed`) stands for a token while both hold.
//!
//! Deliberately absent: which requests there are; whether a request came in a cookie.

use std::collections::BTreeMap;

use candor_access::{Action, Principal, TokenScope};
use candor_base::{AccountId, Digest, Instant, Line, ProgramSlug};
use serde::{Deserialize, Serialize};

use super::session::{StaffSession, principal};
use crate::app::{App, lock, program_card};
use crate::input::{ActError, ApiDoor, ApiTokenLine, ApiTokens, Fault, NewApiToken};
use crate::random;
use crate::seal::field_error;

/// How every token begins, so that searches for leaked secrets find one.
const PREFIX: &str = "candor_";
/// Tokens that one person has at the most.
const MOST: usize = 20;
/// Days for which a token may be good.
const LONGEST_DAYS: i64 = 366;
const DAY: i64 = 86_400;
/// The last use is written down at most so often, in seconds.
const TOUCH: i64 = 300;
/// Requests with one token in a minute, on one server.
const A_MINUTE: u32 = 600;
/// Letters of the hash that name a token to its owner.
const ID: usize = 12;

/// What is kept of a token. Its shape is stored: fields are only ever added.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    account: AccountId,
    program: ProgramSlug,
    scope: TokenScope,
    name: String,
    created: Instant,
    expires: Instant,
}

/// Requests of one minute by token; can be lost at any time.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    minute: i64,
    counts: BTreeMap<Digest, u32>,
}

fn kept_key(hash: &Digest) -> String {
    format!("api-token/{hash}")
}

fn used_key(hash: &Digest) -> String {
    format!("api-token-used/{hash}")
}

fn list_key(account: AccountId) -> String {
    format!("api-tokens/{account}")
}

fn hash_of(token: &str) -> Option<Digest> {
    let secret = token.strip_prefix(PREFIX)?;
    random::is_token(secret).then(|| random::sha256(token.as_bytes()))
}

impl App {
    /// Whoever asks: somebody signed in, or a program with a token.
    pub(crate) fn caller(&self, token: &str) -> Result<StaffSession, ActError> {
        match self.token_of(token) {
            Some(hash) => Ok(self.held_token(&hash)?.0),
            None => self.staff(token),
        }
    }

    /// The token that a text is, or that it was signed for.
    fn token_of(&self, text: &str) -> Option<Digest> {
        hash_of(text).or_else(|| self.signed.read(text, self.now()))
    }

    /// Signs a short-lived text that stands for a token, and says when it ends. Only for the
    /// token itself, so that nothing lives longer than that.
    pub fn make_api_session(&self, token: &str) -> Result<(String, Instant), ApiDoor> {
        self.api_door(token)?;
        let hash = hash_of(token).ok_or(ApiDoor::Shut)?;
        let signed = self.signed.write(&hash, self.now());
        signed.ok_or_else(|| ApiDoor::Fault(Fault::inside("the key of the API signs nothing")))
    }

    /// Lets a request with this token in, or says why not. Counts it.
    pub fn api_door(&self, token: &str) -> Result<ApiTokenLine, ApiDoor> {
        let hash = self.token_of(token).ok_or(ApiDoor::Shut)?;
        let kept = match self.held_token(&hash) {
            Ok((_, kept)) => kept,
            Err(ActError::Fault(fault)) => return Err(ApiDoor::Fault(fault)),
            Err(_) => return Err(ApiDoor::Shut),
        };
        self.turn_of(hash)?;
        self.touch_token(&hash);
        self.token_line(&hash, kept).map_err(ApiDoor::Fault)
    }

    /// A token that holds at this moment, and who asks with it.
    fn held_token(&self, hash: &Digest) -> Result<(StaffSession, Kept), ActError> {
        let kept = self.kept_token(hash)?.ok_or(ActError::SignedOut)?;
        let listed = self.token_list(kept.account)?.contains(hash);
        if !listed || self.now() >= kept.expires {
            return Err(ActError::SignedOut);
        }
        let account = self.store().account(&kept.account)?;
        let account = account.ok_or(ActError::SignedOut)?;
        // Read anew each time: a role taken away takes its tokens along.
        let Principal::Staff { roles, .. } = principal(&account) else {
            return Err(ActError::SignedOut);
        };
        if !roles.contains_key(&kept.program) {
            return Err(ActError::SignedOut);
        }
        let who = Principal::Token {
            account: account.id,
            program: kept.program.clone(),
            scope: kept.scope,
        };
        let staff = StaffSession {
            account,
            who,
            factor: None,
        };
        Ok((staff, kept))
    }

    fn turn_of(&self, hash: Digest) -> Result<(), ApiDoor> {
        let now = self.now().unix();
        let mut turns = lock(&self.api_turns);
        if turns.minute != now.div_euclid(60) {
            *turns = Turns {
                minute: now.div_euclid(60),
                counts: BTreeMap::new(),
            };
        }
        let count = turns.counts.entry(hash).or_default();
        *count = count.saturating_add(1);
        if *count <= A_MINUTE {
            return Ok(());
        }
        let left = 60 - now.rem_euclid(60);
        Err(ApiDoor::Wait(u32::try_from(left).unwrap_or(60)))
    }

    /// Makes a token for a program one works in; gives it, this once.
    pub fn make_api_token(
        &self,
        session: &str,
        slug: &str,
        wanted: &NewApiToken,
    ) -> Result<String, ActError> {
        let (staff, program, _) = self.staff_in(session, slug, Action::ReadInbox)?;
        let name = Line::new(&wanted.name)
            .map_err(|_| field_error("name", "Say what the token is for, in a few words."))?;
        let scope = match wanted.scope.trim() {
            "read" => TokenScope::Read,
            "act" => TokenScope::Act,
            _ => return Err(field_error("scope", "Choose what the token is good for.")),
        };
        let days = wanted.days.trim().parse::<i64>().ok();
        let days = days.filter(|d| (1..=LONGEST_DAYS).contains(d));
        let days = days.ok_or_else(|| {
            field_error(
                "days",
                format!("Write a number of days, 1 to {LONGEST_DAYS}."),
            )
        })?;
        let account = staff.account.id;
        if self.token_list(account)?.len() >= MOST {
            return Err(field_error(
                "name",
                format!("You have {MOST} tokens. Revoke one that you no longer need."),
            ));
        }
        self.second_factor(&staff, &wanted.totp)?;
        let token = format!("{PREFIX}{}", random::token(self.entropy()));
        let hash = random::sha256(token.as_bytes());
        let now = self.now();
        let kept = Kept {
            account,
            program,
            scope,
            name: name.as_str().to_owned(),
            created: now,
            expires: now.plus_seconds(days * DAY),
        };
        self.keep(&kept_key(&hash), Some(&kept))?;
        self.change_list(account, &|list| list.push(hash))?;
        tracing::info!(%account, "a token of the API was made");
        Ok(token)
    }

    /// One's own tokens for a program.
    pub fn api_tokens(&self, session: &str, slug: &str) -> Result<ApiTokens, ActError> {
        let (staff, slug, _) = self.staff_in(session, slug, Action::ReadInbox)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let mut tokens = Vec::new();
        for hash in self.token_list(staff.account.id)? {
            if let Some(kept) = self.kept_token(&hash)?.filter(|k| k.program == slug) {
                tokens.push(self.token_line(&hash, kept)?);
            }
        }
        Ok(ApiTokens {
            program: program_card(&slug, &in_force),
            tokens,
        })
    }

    /// Revokes one's own token: it opens nothing any more.
    pub fn end_api_token(&self, session: &str, id: &str) -> Result<(), ActError> {
        let staff = self.staff(session)?;
        self.fresh(&staff, None)?;
        let account = staff.account.id;
        let found = self.token_list(account)?;
        let hash = found.into_iter().find(|hash| id_of(hash) == id.trim());
        let hash = hash.ok_or(ActError::NotFound)?;
        self.end_token(&hash)?;
        self.change_list(account, &|list| list.retain(|h| *h != hash))?;
        tracing::info!(%account, "a token of the API was revoked");
        Ok(())
    }

    /// Revokes every token of an account.
    pub(crate) fn end_api_tokens_of(&self, account: AccountId) -> Result<(), Fault> {
        for hash in self.token_list(account)? {
            self.end_token(&hash)?;
        }
        Ok(self.store().put_setting(&list_key(account), None)?)
    }

    fn end_token(&self, hash: &Digest) -> Result<(), Fault> {
        self.store().put_setting(&kept_key(hash), None)?;
        Ok(self.store().put_setting(&used_key(hash), None)?)
    }

    fn kept_token(&self, hash: &Digest) -> Result<Option<Kept>, Fault> {
        let Some(json) = self.store().setting(&kept_key(hash))? else {
            return Ok(None);
        };
        let kept = serde_json::from_str(&json);
        kept.map(Some)
            .map_err(|_| Fault::inside("a token of the API cannot be read"))
    }

    /// Hashes of somebody's tokens, the newest last.
    fn token_list(&self, account: AccountId) -> Result<Vec<Digest>, Fault> {
        let text = self
            .store()
            .setting(&list_key(account))?
            .unwrap_or_default();
        let read = |line: &str| line.parse::<Digest>();
        let list: Result<Vec<Digest>, _> = text.lines().map(read).collect();
        list.map_err(|_| Fault::inside("a list of tokens cannot be read"))
    }

    /// Servers do not wait for each other here: a token whose line is lost to a change made
    /// at the same moment holds no more, and one that was revoked stays so.
    fn change_list(
        &self,
        account: AccountId,
        change: &dyn Fn(&mut Vec<Digest>),
    ) -> Result<(), Fault> {
        let _turn = lock(&self.token_lists);
        let mut list = self.token_list(account)?;
        change(&mut list);
        let lines: Vec<String> = list.iter().map(Digest::to_string).collect();
        let text = lines.join("\n");
        let text = (!text.is_empty()).then_some(text.as_str());
        Ok(self.store().put_setting(&list_key(account), text)?)
    }

    fn touch_token(&self, hash: &Digest) {
        let now = self.now();
        let key = used_key(hash);
        let noted = self.used(&key);
        if matches!(noted, Ok(Some(at)) if now.seconds_since(at) < TOUCH) {
            return;
        }
        let written = self.store().put_setting(&key, Some(&now.to_string()));
        if let Err(why) = written {
            tracing::warn!(%why, "the use of a token could not be written down");
        }
    }

    fn used(&self, key: &str) -> Result<Option<Instant>, Fault> {
        let text = self.store().setting(key)?;
        Ok(text.and_then(|text| text.parse().ok()))
    }

    fn token_line(&self, hash: &Digest, kept: Kept) -> Result<ApiTokenLine, Fault> {
        Ok(ApiTokenLine {
            id: id_of(hash),
            name: kept.name,
            program: kept.program.to_string(),
            scope: kept.scope,
            created: kept.created,
            expires: kept.expires,
            used: self.used(&used_key(hash))?,
        })
    }
}

fn id_of(hash: &Digest) -> String {
    hash.to_string().chars().take(ID).collect()
}
