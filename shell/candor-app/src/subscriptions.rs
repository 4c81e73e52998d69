//! Letters about new advisories, for whoever asked for them (S0-60).
//!
//! Invariants: an address gets nothing but one question until somebody there said yes; the
//! question takes from the budget of automatic letters of the address, one a day whatever asks
//! for it; a stranger learns nothing about who is subscribed: every answer is the same, and the
//! page writes down as much for each, for letters leave from a thread of their own; a letter
//! tells only what is public already; each holds a way out that needs one press and no sign-in
//! (RFC 8058); who leaves is forgotten.
//!
//! Deliberately absent: digests, and lists of others: nobody on the desk sees who they are.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use candor_base::{Digest, Instant, ProgramSlug};
use candor_case::MailKind;
use candor_ports::{CourierError, Entry, Letter, LetterKind, Publication};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::budget::{Purse, Turn};
use crate::desk::stored;
use crate::input::{ActError, Fault};
use crate::intake::read::is_address;
use crate::programs::InForce;
use crate::random;
use crate::seal::field_error;

const DAY: i64 = 86_400;
/// A question that nobody answered is forgotten after so long.
const ANSWER_WITHIN: i64 = 2 * DAY;
/// Questions of one program within an hour, and addresses of one program.
const QUESTIONS_AN_HOUR: u32 = 100;
const MOST: usize = 20_000;
/// Seconds for which one server alone writes to the readers of a program, and for which it does
/// so in one go.
const TURN: i64 = 900;
const IN_ONE_GO: i64 = 600;

/// Somebody who is told of advisories, or is asked. Its shape is stored: fields are only added.
#[derive(Clone, Serialize, Deserialize)]
struct Subscriber {
    address: String,
    /// When it was asked for, or the question left.
    asked: Instant,
    /// The question has not left yet.
    #[serde(default)]
    question: bool,
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

/// What became of the letters to one reader.
enum Sent {
    /// So many left.
    Letters(u32),
    /// No letter leaves just now, to nobody.
    Stuck,
}

/// A program whose readers are seen to.
struct Round<'a> {
    slug: &'a ProgramSlug,
    in_force: &'a InForce,
    publications: &'a [Publication],
    /// There is room for more addresses.
    room: bool,
}

fn under(program: &ProgramSlug) -> String {
    format!("subscriber/{program}/")
}

impl App {
    /// Whether letters leave this server at all.
    pub fn letters_leave(&self) -> bool {
        self.parts.config.letters_leave
    }

    /// Somebody wants letters at an address: it is asked whether that is so, soon. The answer
    /// says nothing about who is subscribed, nor does the time that it takes.
    ///
    /// # Errors
    /// A field error where it is no address; `NotFound` where there is no such program or no
    /// letter leaves this server.
    pub fn subscribe(&self, slug: &str, address: &str) -> Result<(), ActError> {
        let (slug, _) = self.known_program(slug)?;
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
        let room = self.within("subscribe", &[slug.as_str().as_bytes()], QUESTIONS_AN_HOUR)?;
        let known = self.subscriber(&key)?;
        if !room {
            tracing::warn!(program = %slug, "more people ask for letters than are taken");
        }
        let ask = room
            && known
                .is_none_or(|s: Subscriber| s.since.is_none() && now.seconds_since(s.asked) >= DAY);
        // As much is written for who is not asked, elsewhere: the time that it takes must not
        // tell them apart, and whoever leaves at this moment must not be put back.
        let (key, address) = if ask {
            (key, address.to_owned())
        } else {
            (
                format!("subscriber-known/{slug}"),
                "-".repeat(address.len()),
            )
        };
        let new = Subscriber {
            address,
            asked: now,
            question: true,
            since: None,
            told: BTreeSet::new(),
        };
        self.keep(&key, Some(&new))?;
        self.wake_readers();
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
            self.keep(&key, Some(&found))?;
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
        self.kept(key, "a subscriber")
    }

    /// Something is to be told to readers, or to be forgotten.
    pub(crate) fn wake_readers(&self) {
        self.readers_wait.store(true, Ordering::Relaxed);
    }

    /// Writes to readers when there may be something to write; gives the number of letters
    /// that left.
    ///
    /// # Errors
    /// A fault.
    pub fn see_to_readers(&self) -> Result<u32, Fault> {
        if self.readers_wait.swap(false, Ordering::Relaxed) {
            self.tell_subscribers()
        } else {
            Ok(0)
        }
    }

    /// Whether this server is the one that writes to the readers of a program now; if so,
    /// others leave it alone for a while.
    fn readers_turn(&self, slug: &ProgramSlug) -> Result<Option<Digest>, Fault> {
        let key = self.vault().derive("readers-turn");
        let key = Digest::from_bytes(random::keyed(&key, &[slug.as_str().as_bytes()]));
        Ok(self.first(key, TURN)?.then_some(key))
    }

    /// Asks who wants letters, tells everybody who said yes of the advisories that are new, and
    /// forgets who never answered; gives the number of letters that left. Nothing while letters
    /// are held.
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
            let Some(turn) = self.readers_turn(&record.slug)? else {
                self.wake_readers();
                continue;
            };
            let round = Round {
                slug: &record.slug,
                in_force: &*self.policy_of(&record.slug, &record.policy)?,
                publications: &self.store().publications(&record.slug)?,
                room: all.len() <= MOST,
            };
            let told = self.tell_all(&round, all.into_iter().map(|(key, _)| key));
            let over = Arc::new(|_: &[Option<String>]| Entry::Remove);
            self.store().count(&[turn], self.now(), over)?;
            sent = sent.saturating_add(told?);
        }
        Ok(sent)
    }

    fn tell_all(
        &self,
        round: &Round<'_>,
        keys: impl Iterator<Item = String>,
    ) -> Result<u32, Fault> {
        let began = self.now();
        let mut sent = 0_u32;
        for key in keys {
            if self.is_stopping() || self.now().seconds_since(began) > IN_ONE_GO {
                self.wake_readers();
                break;
            }
            // As it stands now: this may take a while, and people leave meanwhile.
            let Some(subscriber) = self.subscriber(&key)? else {
                continue;
            };
            let done = match subscriber.since {
                Some(since) => self.tell(round, (&key, subscriber, since))?,
                None => self.ask_whether(round, &key, subscriber)?,
            };
            match done {
                Sent::Letters(n) => sent = sent.saturating_add(n),
                Sent::Stuck => {
                    self.wake_readers();
                    break;
                }
            }
        }
        Ok(sent)
    }

    /// Sends the question, when it is its turn; forgets who never answered.
    fn ask_whether(
        &self,
        round: &Round<'_>,
        key: &str,
        subscriber: Subscriber,
    ) -> Result<Sent, Fault> {
        let now = self.now();
        if now.seconds_since(subscriber.asked) > ANSWER_WITHIN || !round.room {
            self.store().put_setting(key, None)?;
            return Ok(Sent::Letters(0));
        }
        if !subscriber.question {
            return Ok(Sent::Letters(0));
        }
        // An automatic letter like any other: one a day to an address, whatever asks for it.
        let purse = Purse::of_address(self.vault(), &subscriber.address, now);
        if self.letter_turn(purse, &MailKind::Receipt, now)? != Turn::Now {
            return Ok(Sent::Letters(0));
        }
        let token = key.rsplit('/').next().unwrap_or_default();
        let letter = self.subscriber_letter(
            round.in_force,
            (
                &subscriber.address,
                &format!("subscribe-{key}-{}", now.unix()),
            ),
            LetterKind::Subscribe,
            format!("{}/subscribe/{token}", self.page_of(round.slug)),
        );
        match self.parts.courier.deliver(&letter) {
            Ok(()) => {
                let asked = Subscriber {
                    asked: now,
                    question: false,
                    ..subscriber
                };
                self.keep(key, Some(&asked))?;
                Ok(Sent::Letters(1))
            }
            Err(why) => {
                self.letter_not_sent(purse, &MailKind::Receipt, now);
                self.not_left(round, key, &why)
            }
        }
    }

    /// Tells one of them of what is new.
    fn tell(
        &self,
        round: &Round<'_>,
        (key, subscriber, since): (&str, Subscriber, Instant),
    ) -> Result<Sent, Fault> {
        let mut sent = 0_u32;
        let new = |p: &&Publication| p.published >= since && !subscriber.told.contains(&p.id);
        for publication in round.publications.iter().filter(new) {
            let token = key.rsplit('/').next().unwrap_or_default();
            let page = self.page_of(round.slug);
            let letter = self.subscriber_letter(
                round.in_force,
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
            if let Err(why) = self.parts.courier.deliver(&letter) {
                return self.not_left(round, key, &why);
            }
            sent = sent.saturating_add(1);
            // Whoever left while the letter was on its way stays away.
            if let Some(mut now) = self.subscriber(key)? {
                now.told.insert(publication.id.clone());
                self.keep(key, Some(&now))?;
            }
        }
        Ok(Sent::Letters(sent))
    }

    /// A letter did not leave: it leaves later, or the address is no more and is forgotten.
    fn not_left(&self, round: &Round<'_>, key: &str, why: &CourierError) -> Result<Sent, Fault> {
        let program = round.slug;
        match why {
            CourierError::Transient { code } => {
                tracing::warn!(%program, %code, "letters to readers wait");
                Ok(Sent::Stuck)
            }
            CourierError::Permanent { code } => {
                tracing::info!(%program, %code, "a reader is no longer reached");
                self.store().put_setting(key, None)?;
                Ok(Sent::Letters(0))
            }
        }
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
