//! Where somebody is signed in: one's own sessions, and the way to end them; and those of
//! somebody in one's charge.
//!
//! Invariants: nobody sees the sessions of another person; a session is named by a part of the
//! hash of its token, which opens nothing; the moment of the last use is told in coarse words.
//!
//! Deliberately absent: addresses and places (nothing about them is kept), tokens of the API
//! (`tokens`): they are no sessions and are revoked one by one.

use candor_base::Instant;
use candor_calendar::{WorkCalendar, show};
use candor_ports::{Browser, SessionKind, SessionRecord, SignInAct};

use crate::app::App;
use crate::input::{ActError, SessionLine};

/// Letters of the hash that name a session to its owner.
const ID: usize = 12;
/// Below so many seconds a last use was just now.
const JUST_NOW: i64 = 600;
const HOUR: i64 = 3_600;

impl App {
    /// One's own sessions, the newest first. A half one (the second factor still to be set
    /// up) is in it, too.
    pub fn own_sessions(&self, token: &str) -> Result<Vec<SessionLine>, ActError> {
        let account = self.staff(token)?.account.id;
        let (own, now) = (super::session::id_of(token), self.now());
        let mut found = self.store().sessions_of(&account)?;
        found.retain(|session| !self.is_over(session, now));
        found.sort_by_key(|session| std::cmp::Reverse(session.created));
        let zone = WorkCalendar::default();
        let line = |session: &SessionRecord| SessionLine {
            id: name_of(session),
            began: show(session.created, &zone),
            used: used(session.seen, now).to_owned(),
            browser: family(session.about.browser).to_owned(),
            half: matches!(session.kind, SessionKind::HalfStaff(_)),
            this: session.id == own,
        };
        Ok(found.iter().map(line).collect())
    }

    /// Ends one of one's own sessions; says whether it was the one that asked.
    pub fn end_own_session(&self, token: &str, id: &str) -> Result<bool, ActError> {
        let account = self.staff(token)?.account.id;
        let found = self.store().sessions_of(&account)?;
        let session = found.into_iter().find(|s| name_of(s) == id.trim());
        let session = session.ok_or(ActError::NotFound)?;
        self.store().end_session(&session.id)?;
        tracing::info!(%account, "a session was ended by its owner");
        Ok(session.id == super::session::id_of(token))
    }

    /// Ends all of one's own sessions but the one that asks; says how many.
    pub fn end_other_sessions(&self, token: &str) -> Result<u32, ActError> {
        let account = self.staff(token)?.account.id;
        let own = super::session::id_of(token);
        let mut ended = 0_u32;
        for session in self.store().sessions_of(&account)? {
            if session.id != own {
                self.store().end_session(&session.id)?;
                ended = ended.saturating_add(1);
            }
        }
        tracing::info!(%account, ended, "the other sessions were ended by their owner");
        Ok(ended)
    }

    /// Ends every session of somebody in one's charge. The person signs in again with what
    /// they have; tokens and roles stay.
    pub fn end_sessions_of_person(&self, token: &str, login: &str) -> Result<String, ActError> {
        let (staff, person) = self.charge(token, login)?;
        let ended = self.store().end_sessions_of(&person.id)?;
        self.note_person_act(staff.account.id, person.id, SignInAct::SignedOut);
        let many = if ended == 1 { "session" } else { "sessions" };
        Ok(format!(
            "Done. {ended} {many} of {} ended. They can sign in again.",
            person.name
        ))
    }
}

fn name_of(session: &SessionRecord) -> String {
    let hash = candor_base::Digest::from_bytes(*session.id.as_bytes());
    hash.to_string().chars().take(ID).collect()
}

fn used(seen: Instant, now: Instant) -> &'static str {
    match now.seconds_since(seen) {
        ..JUST_NOW => "within the last ten minutes",
        JUST_NOW..HOUR => "within the last hour",
        _ => "more than an hour ago",
    }
}

const fn family(browser: Option<Browser>) -> &'static str {
    match browser {
        Some(Browser::Firefox) => "Firefox",
        Some(Browser::Edge) => "Edge",
        Some(Browser::Opera) => "Opera",
        Some(Browser::Chrome) => "Chrome",
        Some(Browser::Safari) => "Safari",
        Some(Browser::Other) => "another browser",
        None => "no browser",
    }
}
