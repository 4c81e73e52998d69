//! Letters about new advisories, for whoever asked for them (S0-60).
//!
//! Invariants: an address gets nothing but one question until somebody there said yes; the
//! question goes out at most once a day to an address; a stranger learns nothing about who is
//! subscribed, for every answer is the same; a letter tells only what is public already; each
//! holds a way out that needs one press and no sign-in (RFC 8058); who leaves is forgotten.
//!
//! Deliberately absent: digests, and lists of others: an owner sees how many there are, not who.

use candor_base::{Instant, ProgramSlug};
use candor_ports::{CourierError, Entry, Letter, LetterKind, Publication};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::app::App;
use crate::desk::stored;
use crate::input::{ActError, Fault};
use crate::intake::read::is_address;
use crate::programs::InForce;
use crate::random;
use crate::seal::field_error;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// A question that nobody answered is forgotten after so long.
const ANSWER_WITHIN: i64 = 2 * DAY;
/// Questions of one program within an hour, and addresses of one program.
const QUESTIONS_AN_HOUR: u32 = 100;
const MOST: usize = 20_000;
/// Seconds for which one server alone writes to the subscribers of a program.
const TURN: i64 = 900;

/// Somebody who is told of advisories, or was asked. Its shape is stored: fields are only added.
#[derive(Serialize, Deserialize)]
struct Subscriber {
    address: String,
    asked: Instant,
    /// Since when they are told; `None`: they have not said yes.
    since: Option<Instant>,
    /// Advisories that they were told of.
    told: BTreeSet<String>,
}

/// What somebody is asked before their press counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subscription {
    /// It waits for a yes.
    Asked,
    /// It runs.
    Runs,
}

fn under(program: &ProgramSlug) -> String {
    format!("subscriber/{program}/")
}

impl App {
    /// Whether letters leave this server at all.
    pub fn letters_leave(&self) -> bool {
        self.parts.config.letters_leave
    }

    /// Somebody wants letters at an address: it is asked whether that is so. The answer says
    /// nothing about who is subscribed.
    ///
    /// # Errors
    /// A field error where it is no address; `NotFound` where there is no such program or no
    /// letter leaves this server.
    pub fn subscribe(&self, slug: &str, address: &str) -> Result<(), ActError> {
        let (slug, in_force) = self.known_program(slug)?;
        if !self.letters_leave() {
            return Err(ActError::NotFound);
        }
        let address = address.trim();
        if !is_address(address) {
            return Err(field_error(
                "email",
                "This does not look like an e-mail address.",
            ));
        }
        let token = self.subscription_token(&slug, address);
        let key = format!("{}{token}", under(&slug));
        let now = self.now();
        if let Some(known) = self.subscriber(&key)?
            && (known.since.is_some() || now.seconds_since(known.asked) < DAY)
        {
            return Ok(());
        }
        let all = self.store().settings_under(&under(&slug))?;
        if all.len() >= MOST || !self.may_ask(&slug)? {
            tracing::warn!(program = %slug, "more people ask for letters than are taken");
            return Ok(());
        }
        let letter = self.subscriber_letter(
            &in_force,
            (address, &format!("subscribe-{key}-{}", now.unix())),
            LetterKind::Subscribe,
            format!("{}/subscribe/{token}", self.page_of(&slug)),
        );
        // Kept first: whoever was asked can answer, and is not asked again today.
        self.keep_subscriber(
            &key,
            &Subscriber {
                address: address.to_owned(),
                asked: now,
                since: None,
                told: BTreeSet::new(),
            },
        )?;
        if let Err(why) = self.parts.courier.deliver(&letter) {
            tracing::warn!(program = %slug, %why, "a question to a subscriber did not leave");
        }
        Ok(())
    }

    /// How a subscription stands; `NotFound` for a wrong token.
    ///
    /// # Errors
    /// As every page.
    pub fn subscription(&self, slug: &str, token: &str) -> Result<Subscription, ActError> {
        let (_, found) = self.by_token(slug, token)?;
        Ok(match found.since {
            None => Subscription::Asked,
            Some(_) => Subscription::Runs,
        })
    }

    /// Somebody at the address said yes.
    ///
    /// # Errors
    /// `NotFound` for a wrong token.
    pub fn confirm_subscription(&self, slug: &str, token: &str) -> Result<(), ActError> {
        let (key, mut found) = self.by_token(slug, token)?;
        if found.since.is_none() {
            found.since = Some(self.now());
            self.keep_subscriber(&key, &found)?;
        }
        Ok(())
    }

    /// Somebody at the address said no, or no longer: it is forgotten.
    ///
    /// # Errors
    /// `NotFound` for a wrong token.
    pub fn end_subscription(&self, slug: &str, token: &str) -> Result<(), ActError> {
        let (key, _) = self.by_token(slug, token)?;
        Ok(self.store().put_setting(&key, None)?)
    }

    fn by_token(&self, slug: &str, token: &str) -> Result<(String, Subscriber), ActError> {
        let (slug, _) = self.known_program(slug)?;
        if !random::is_token(token) {
            return Err(ActError::NotFound);
        }
        let key = format!("{}{token}", under(&slug));
        let found = self.subscriber(&key)?.ok_or(ActError::NotFound)?;
        Ok((key, found))
    }

    /// Follows from the address by a key of this server: nobody can make one up, and the same
    /// address is the same subscriber.
    fn subscription_token(&self, slug: &ProgramSlug, address: &str) -> String {
        let key = self.vault().derive("subscriber");
        let address = address.to_lowercase();
        random::keyed_token(&key, &[slug.as_str().as_bytes(), address.as_bytes()])
    }

    fn subscriber(&self, key: &str) -> Result<Option<Subscriber>, Fault> {
        let kept = self.store().setting(key)?;
        let kept = kept.map(|json| serde_json::from_str(&json)).transpose();
        kept.map_err(|_| Fault::inside("a subscriber cannot be read"))
    }

    fn keep_subscriber(&self, key: &str, subscriber: &Subscriber) -> Result<(), Fault> {
        let json = serde_json::to_string(subscriber).map_err(|e| Fault::inside(e.to_string()))?;
        Ok(self.store().put_setting(key, Some(&json))?)
    }

    fn may_ask(&self, slug: &ProgramSlug) -> Result<bool, Fault> {
        let hour = self.now().unix().div_euclid(HOUR).to_be_bytes();
        let parts: [&[u8]; 2] = [slug.as_str().as_bytes(), &hour];
        self.claimed("subscribe-hour", &parts, 2 * HOUR, |before| {
            let before: u32 = before.and_then(|n| n.parse().ok()).unwrap_or(0);
            (before < QUESTIONS_AN_HOUR).then(|| (before + 1).to_string())
        })
    }

    /// Changes a short-lived entry alone among all servers; true when there was something to
    /// put.
    fn claimed(
        &self,
        what: &str,
        parts: &[&[u8]],
        seconds: i64,
        put: impl Fn(Option<&str>) -> Option<String> + Send + Sync + 'static,
    ) -> Result<bool, Fault> {
        let key = self.vault().derive(what);
        let key = candor_base::Digest::from_bytes(random::keyed(&key, parts));
        let (now, done) = (self.now(), Arc::new(Mutex::new(false)));
        let said = Arc::clone(&done);
        let until = now.plus_seconds(seconds);
        let change = move |found: &[Option<String>]| {
            let new = put(found.iter().flatten().next().map(String::as_str));
            *said.lock().unwrap_or_else(PoisonError::into_inner) = new.is_some();
            new.map_or(Entry::Keep, |new| Entry::Put(new, until))
        };
        self.store().count(&[key], now, Arc::new(change))?;
        Ok(*done.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells everybody who asked of the advisories that are new; gives the number of letters
    /// that went. Nothing while letters are held.
    ///
    /// # Errors
    /// A fault.
    pub fn tell_subscribers(&self) -> Result<u32, Fault> {
        let mut sent = 0_u32;
        if !self.letters_leave() || self.store().setting(candor_ports::LETTERS_HELD)?.is_some() {
            return Ok(0);
        }
        for record in self.store().programs()? {
            let all = self.store().settings_under(&under(&record.slug))?;
            if all.is_empty() {
                continue;
            }
            let parts: [&[u8]; 1] = [record.slug.as_str().as_bytes()];
            let turn = |before: Option<&str>| before.is_none().then(|| "1".to_owned());
            if !self.claimed("subscribers-turn", &parts, TURN, turn)? {
                continue;
            }
            let in_force = self.policy_of(&record.slug, &record.policy)?;
            let publications = self.store().publications(&record.slug)?;
            for (key, json) in all {
                let Ok(subscriber) = serde_json::from_str(&json) else {
                    continue;
                };
                let told = self.tell(&in_force, &record.slug, (&key, subscriber), &publications)?;
                sent = sent.saturating_add(told);
            }
            self.claimed("subscribers-turn", &parts, 1, |_| Some("1".to_owned()))?;
        }
        Ok(sent)
    }

    /// Tells one of them; forgets who never answered, and whom no mail reaches any more.
    fn tell(
        &self,
        in_force: &InForce,
        slug: &ProgramSlug,
        (key, mut subscriber): (&str, Subscriber),
        publications: &[Publication],
    ) -> Result<u32, Fault> {
        let Some(since) = subscriber.since else {
            if self.now().seconds_since(subscriber.asked) > ANSWER_WITHIN {
                self.store().put_setting(key, None)?;
            }
            return Ok(0);
        };
        let mut sent = 0_u32;
        for publication in publications {
            if publication.published < since || subscriber.told.contains(&publication.id) {
                continue;
            }
            let token = key.rsplit('/').next().unwrap_or_default();
            let page = self.page_of(slug);
            let letter = self.subscriber_letter(
                in_force,
                (
                    &subscriber.address,
                    &format!("news-{key}-{}", publication.id),
                ),
                LetterKind::News {
                    advisory: publication.id.clone(),
                    title: stored(publication)?.content.title.to_string(),
                    leave: format!("{page}/unsubscribe/{token}"),
                },
                format!("{page}/advisories/{}", publication.id),
            );
            match self.parts.courier.deliver(&letter) {
                Ok(()) => {
                    sent = sent.saturating_add(1);
                    subscriber.told.insert(publication.id.clone());
                    self.keep_subscriber(key, &subscriber)?;
                }
                Err(CourierError::Transient { code }) => {
                    tracing::warn!(program = %slug, %code, "letters to subscribers wait");
                    return Ok(sent);
                }
                Err(CourierError::Permanent { code }) => {
                    tracing::info!(program = %slug, %code, "a subscriber is no longer reached");
                    self.store().put_setting(key, None)?;
                    return Ok(sent);
                }
            }
        }
        Ok(sent)
    }

    fn subscriber_letter(
        &self,
        in_force: &InForce,
        (to, act): (&str, &str),
        kind: LetterKind,
        link: String,
    ) -> Letter {
        let key = self.letter_key(act);
        self.house_letter(
            in_force,
            (to.to_owned(), key.clone()),
            &key,
            kind,
            None,
            link,
        )
    }
}
