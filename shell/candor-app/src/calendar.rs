//! Calendar files: the dates of a program for its team, the dates of one case for
//! its reporter. References and kinds of dates, and no other word.
//!
//! Invariants: the address of a team's feed opens dates and nothing else; of its
//! secret only the hash is kept; it ends when it is revoked or replaced, and when
//! its owner no longer works in the program. A reporter's file is given only
//! within the session of the room.

use std::collections::BTreeMap;

use candor_access::{Action, CaseFacts, permit};
use candor_base::{AccountId, CaseId, CaseRef, Instant, ProgramSlug};
use candor_calendar::{Entry, ics};
use candor_policy::{act_words, milestone_words};
use candor_ports::{CaseRow, ClockRow, DateKind};

use crate::app::App;
use crate::input::{ActError, CalendarFeed, Fault};
use crate::programs::public_file;
use crate::random;
use crate::staff::session::principal;
use candor_access::view::PublicFile;

const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

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
        let staff = self.staff(token)?;
        let slug: ProgramSlug = slug.parse().map_err(|_| ActError::NotFound)?;
        staff.may(Action::ReadInbox, &slug)?;
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
        let mut entries: Vec<Entry> = Vec::new();
        for row in self.store().rows(&slug)? {
            self.entries_of(&row, &mut entries);
        }
        entries.sort_by(|a, b| (a.at, &a.uid).cmp(&(b.at, &b.uid)));
        let text = ics(&in_force.name, &entries);
        Ok(public_file(MEDIA_TYPE, text.into_bytes()))
    }

    fn entries_of(&self, row: &CaseRow, out: &mut Vec<Entry>) {
        let mut add = |key: &str, at: Instant, moves: u32, what: &str| {
            out.push(Entry {
                uid: self.uid(&row.case, key, "team"),
                summary: format!("{}: {what}", row.reference),
                at,
                stamp: row.changed,
                sequence: moves,
            });
        };
        for clock in row.clocks.iter().filter(|c| c.open && !row.closed) {
            if let Some(due) = clock.due {
                add(
                    &format!("clock {}", clock.key),
                    due,
                    clock.moves,
                    kind_of(clock),
                );
            }
        }
        for date in &row.dates {
            let what = match date.kind {
                DateKind::Publication => "planned publication",
                // Neither the law nor the kind of report: a calendar lies with others.
                DateKind::Regulator => "regulator date",
            };
            add(&format!("date {}", date.key), date.at, date.moves, what);
        }
    }

    /// The dates of the reporter's own case: its file name and its bytes.
    pub fn room_calendar(&self, slug: &str, token: &str) -> Result<(String, Vec<u8>), ActError> {
        let view = self.room(slug, token)?;
        let (who, program, case) = self.reporter(slug, token)?;
        let facts = CaseFacts::case(program, case);
        let granted = permit(&who, Action::ReadCase, &facts).ok_or(ActError::NotFound)?;
        let loaded = self.loaded(&granted)?;
        let now = self.now();
        let moves: BTreeMap<String, u32> = loaded
            .state
            .clocks
            .values()
            .map(|c| (c.spec.key.to_string(), c.moves))
            .collect();
        let reference: &CaseRef = &loaded.state.facts.reference;
        let entry = |key: &str, at: Instant, sequence: u32, what: &str| Entry {
            uid: self.uid(&case, key, "room"),
            summary: format!("{reference}: {what}"),
            at,
            // The moment of the download: when something inside changed is not told.
            stamp: now,
            sequence,
        };
        // What the room shows, and nothing else.
        let mut entries: Vec<Entry> = view
            .clocks
            .iter()
            .filter(|clock| clock.met.is_none() && loaded.state.closed.is_none())
            .filter_map(|clock| {
                let at = clock.due.as_ref()?.at;
                let open = loaded.state.clocks.values();
                let open = open.filter(|c| c.is_open());
                let spec = open
                    .map(|c| &c.spec)
                    .find(|spec| spec.key.to_string() == clock.key)?;
                let what = act_words(spec.milestone, spec.met_by);
                let moves = moves.get(&clock.key).copied().unwrap_or(0);
                Some(entry(&format!("clock {}", clock.key), at, moves, what))
            })
            .collect();
        if let Some(date) = view.date.as_ref() {
            let moves = loaded.state.date_moves;
            entries.push(entry(
                "date publication",
                date.at,
                moves,
                "planned publication",
            ));
        }
        entries.sort_by(|a, b| (a.at, &a.uid).cmp(&(b.at, &b.uid)));
        let text = ics(&view.program.name, &entries);
        Ok((format!("{reference}.ics"), text.into_bytes()))
    }

    /// The same date has the same name for ever, and two names tell nothing of each other.
    fn uid(&self, case: &CaseId, key: &str, side: &str) -> String {
        let secret = self.vault().derive("calendar-uid");
        let hash = random::keyed(&secret, &[case.as_bytes(), key.as_bytes(), side.as_bytes()]);
        let short: [u8; 16] = random::head(&hash);
        candor_base::BlobId::from_bytes(short).to_string()
    }
}

fn kind_of(clock: &ClockRow) -> &'static str {
    match clock.met_by {
        Some(met_by) => act_words(clock.milestone, met_by),
        None => milestone_words(clock.milestone),
    }
}
