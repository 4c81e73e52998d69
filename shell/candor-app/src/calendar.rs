//! Calendar feeds: who has one, and what its address opens. What stands in a file is
//! written in `dates`.
//!
//! Invariants: the address of a team's feed opens dates and nothing else; of its
//! secret only the hash is kept; it ends when it is revoked or replaced, and when
//! its owner no longer works in the program. A reporter's file is given only
//! within the session of the room. A team's file is made anew when a case or the policy
//! changed, and each quarter of an hour: only that a date that is off has passed by then
//! could be missing from it.

mod dates;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use candor_access::{Action, CaseFacts, permit};
use candor_base::{AccountId, CaseRef, Instant, ProgramSlug};
use candor_calendar::ics;

use crate::app::{App, lock};
use crate::input::{ActError, CalendarFeed, Fault};
use crate::listing::Listing;
use crate::programs::{InForce, public_file};
use crate::random;
use crate::staff::session::principal;
use candor_access::view::PublicFile;

const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// Seconds for which a team's file is kept at most.
const KEPT: i64 = 900;
/// Bytes of all files that are kept; larger ones are made for each who asks.
const MOST_KEPT: usize = 8 * 1024 * 1024;

/// A team's file, and what it was made of.
#[derive(Debug)]
pub(crate) struct Feed {
    mark: u64,
    in_force: Arc<InForce>,
    made: Instant,
    file: PublicFile,
}

/// The files of all programs; can be lost at any time.
pub(crate) type Feeds = Mutex<BTreeMap<ProgramSlug, Feed>>;

/// Who has a feed: to the hash of its secret.
fn holder_key(program: &ProgramSlug, account: AccountId) -> String {
    format!("calendar/{program}/{account}")
}

/// From the hash of a secret back to its holder.
fn secret_key(hash: &str) -> String {
    format!("calendar-secret/{hash}")
}

fn hash_of(secret: &str) -> String {
    random::sha256(secret.as_bytes()).to_string()
}

impl App {
    /// Whether whoever is signed in has a feed of this program.
    pub fn calendar_feed(&self, token: &str, slug: &str) -> Result<CalendarFeed, ActError> {
        let (slug, account) = self.feed_right(token, slug)?;
        self.feed_view(&slug, account, None)
    }

    /// Makes a feed, instead of the one before; its address is shown this once.
    pub fn make_calendar_feed(&self, token: &str, slug: &str) -> Result<CalendarFeed, ActError> {
        let (slug, account) = self.feed_right(token, slug)?;
        self.fresh(&self.staff(token)?, None)?;
        self.end_feed(&slug, account)?;
        let secret = random::token(self.entropy());
        let hash = hash_of(&secret);
        let holder = format!("{slug} {account}");
        self.store()
            .put_setting(&secret_key(&hash), Some(&holder))?;
        self.store()
            .put_setting(&holder_key(&slug, account), Some(&hash))?;
        let address = format!("{}/calendar/{secret}.ics", self.parts.config.public_url);
        self.feed_view(&slug, account, Some(address))
    }

    /// Revokes it: its address gives nothing any more.
    pub fn end_calendar_feed(&self, token: &str, slug: &str) -> Result<CalendarFeed, ActError> {
        let (slug, account) = self.feed_right(token, slug)?;
        self.end_feed(&slug, account)?;
        self.feed_view(&slug, account, None)
    }

    fn feed_right(&self, token: &str, slug: &str) -> Result<(ProgramSlug, AccountId), ActError> {
        let (staff, slug, _) = self.staff_in(token, slug, Action::ReadInbox)?;
        Ok((slug, staff.account.id))
    }

    fn end_feed(&self, slug: &ProgramSlug, account: AccountId) -> Result<(), Fault> {
        let holder = holder_key(slug, account);
        if let Some(hash) = self.store().setting(&holder)? {
            self.store().put_setting(&holder, None)?;
            self.store().put_setting(&secret_key(&hash), None)?;
        }
        Ok(())
    }

    /// Ends every feed of an account.
    pub(crate) fn end_feeds_of(&self, account: AccountId) -> Result<(), Fault> {
        for program in self.store().programs()? {
            self.end_feed(&program.slug, account)?;
        }
        Ok(())
    }

    fn feed_view(
        &self,
        slug: &ProgramSlug,
        account: AccountId,
        address: Option<String>,
    ) -> Result<CalendarFeed, ActError> {
        let (slug, in_force) = self.known_program(slug.as_str())?;
        Ok(CalendarFeed {
            program: crate::app::program_card(&slug, &in_force),
            exists: self.store().setting(&holder_key(&slug, account))?.is_some(),
            address,
        })
    }

    /// The dates of a program, for the holder of a feed's secret (`<secret>.ics`).
    pub fn team_calendar(&self, file: &str) -> Result<PublicFile, ActError> {
        let secret = file.strip_suffix(".ics").ok_or(ActError::NotFound)?;
        if !random::is_token(secret) {
            return Err(ActError::NotFound);
        }
        let hash = hash_of(secret);
        let holder = self.store().setting(&secret_key(&hash))?;
        let holder = holder.ok_or(ActError::NotFound)?;
        let (slug, account) = holder.split_once(' ').ok_or(ActError::NotFound)?;
        let slug: ProgramSlug = slug.parse().map_err(|_| ActError::NotFound)?;
        let account: AccountId = account.parse().map_err(|_| ActError::NotFound)?;
        // Both ways have to agree: of two feeds made at once, one holds.
        if self
            .store()
            .setting(&holder_key(&slug, account))?
            .as_deref()
            != Some(&*hash)
        {
            return Err(ActError::NotFound);
        }
        let account = self.store().account(&account)?.ok_or(ActError::NotFound)?;
        let facts = CaseFacts::program(slug.clone());
        permit(&principal(&account), Action::ReadInbox, &facts).ok_or(ActError::NotFound)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        // Before the rows are read: what changes in between is made anew the next time.
        let mark = self.listing(&slug, Listing::mark)?;
        if let Some(file) = self.kept_file(&slug, mark, &in_force) {
            return Ok(file);
        }
        let rows = self.store().rows(&slug)?;
        let entries = self.team_dates(&slug, &in_force, &rows);
        let text = ics(&in_force.name, &entries);
        let file = public_file(MEDIA_TYPE, text.into_bytes());
        self.keep_file(slug, mark, in_force, file.clone());
        Ok(file)
    }

    /// The file that was made of the very same.
    fn kept_file(
        &self,
        slug: &ProgramSlug,
        mark: u64,
        in_force: &Arc<InForce>,
    ) -> Option<PublicFile> {
        let feeds = lock(&self.feeds);
        let feed = feeds.get(slug)?;
        let age = self.now().seconds_since(feed.made);
        let same = feed.mark == mark && Arc::ptr_eq(&feed.in_force, in_force);
        (same && (0..KEPT).contains(&age)).then(|| feed.file.clone())
    }

    fn keep_file(&self, slug: ProgramSlug, mark: u64, in_force: Arc<InForce>, file: PublicFile) {
        let mut feeds = lock(&self.feeds);
        feeds.remove(&slug);
        let others: usize = feeds.values().map(|feed| feed.file.body.len()).sum();
        if others.saturating_add(file.body.len()) > MOST_KEPT {
            feeds.clear();
        }
        if file.body.len() <= MOST_KEPT {
            let made = self.now();
            let feed = Feed {
                mark,
                in_force,
                made,
                file,
            };
            feeds.insert(slug, feed);
        }
    }

    /// The dates of the reporter's own case: its file name and its bytes.
    pub fn room_calendar(&self, slug: &str, token: &str) -> Result<(String, Vec<u8>), ActError> {
        let view = self.room(slug, token)?;
        let (who, program, case) = self.reporter(slug, token)?;
        let facts = CaseFacts::case(program, case);
        let granted = permit(&who, Action::ReadCase, &facts).ok_or(ActError::NotFound)?;
        let loaded = self.loaded(&granted)?;
        let reference: &CaseRef = &loaded.state.facts.reference;
        let entries = self.room_dates(&view, &loaded);
        let text = ics(&view.program.name, &entries);
        Ok((format!("{reference}.ics"), text.into_bytes()))
    }
}
