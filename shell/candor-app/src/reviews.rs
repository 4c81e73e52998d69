//! The review of a policy as a duty that comes round: owners are written to before it
//! is due, on the day (S1-46), and once more when the day has passed.
//!
//! Invariants: each owner gets each letter once, also after a restart; a letter that
//! did not go is tried at the next round.
//!
//! Deliberately absent: when a review is due (`candor_policy::review_due`).

use candor_base::{Instant, ProgramSlug, Sensitive};
use candor_calendar::show;
use candor_policy::{ReviewDue, review_due};
use candor_ports::{CourierError, Letter, LetterBody, LetterDate, LetterKind, ReviewDay, Role};

use crate::app::App;
use crate::input::Fault;
use crate::programs::InForce;

impl App {
    /// Writes to the owners of every program whose policy is to be reviewed; gives the
    /// number of letters that went.
    pub fn remind_reviews(&self) -> Result<u32, Fault> {
        let mut sent = 0_u32;
        for record in self.store().programs()? {
            let in_force = self.policy_of(&record.slug, &record.policy)?;
            let calendar = in_force.policy.calendar();
            let since = calendar.local_date(self.since(&record.slug, &in_force)?);
            let today = calendar.local_date(self.now());
            let due = review_due(&in_force.policy, since, today);
            if let Some(due) = due.filter(|due| due.near || due.overdue) {
                let day = match (due.overdue, due.due == today) {
                    (true, _) => ReviewDay::Passed,
                    (false, true) => ReviewDay::Today,
                    (false, false) => ReviewDay::Soon,
                };
                let sent_now = self.remind(&record.slug, &in_force, &due, day)?;
                sent = sent.saturating_add(sent_now);
            }
        }
        Ok(sent)
    }

    fn remind(
        &self,
        slug: &ProgramSlug,
        in_force: &InForce,
        due: &ReviewDue,
        day: ReviewDay,
    ) -> Result<u32, Fault> {
        let stage = match day {
            ReviewDay::Soon => "near",
            ReviewDay::Today => "today",
            ReviewDay::Passed => "overdue",
        };
        let mut sent = 0_u32;
        for account in self.team_of(slug)? {
            let owner = |(p, role): &(ProgramSlug, Role)| p == slug && *role == Role::Owner;
            let Some(address) = account.email.filter(|_| account.roles.iter().any(owner)) else {
                continue;
            };
            let act = format!("policy-review-{slug}-{}-{stage}-{}", due.due, account.id);
            let key = self.letter_key(&act);
            let done = format!("review-letter/{key}");
            let letter = || {
                let due = in_force.policy.calendar().end_of_day(due.due);
                self.house_letter(
                    in_force,
                    (address, key),
                    &format!("policy-review-{slug}"),
                    LetterKind::PolicyReview { day },
                    Some(("The policy is reviewed", due)),
                    format!("{}/desk/p/{slug}/policy", self.parts.config.public_url),
                )
            };
            if self.letter_once(slug, (&done, stage), letter)? {
                sent = sent.saturating_add(1);
            }
        }
        Ok(sent)
    }

    /// Sends a letter that is about no case unless `done` says that it was sent; true when
    /// it went now. One that waits is tried at the next round and keeps no other back.
    pub(crate) fn letter_once(
        &self,
        program: &ProgramSlug,
        (done, mark): (&str, &str),
        letter: impl FnOnce() -> Letter,
    ) -> Result<bool, Fault> {
        if self.store().setting(done)?.is_some() {
            return Ok(false);
        }
        let went = match self.parts.courier.deliver(&letter()) {
            Ok(()) => true,
            Err(CourierError::Transient { code }) => {
                tracing::warn!(%program, %code, "a letter to an owner waits");
                return Ok(false);
            }
            // It would be refused again: the desk still shows what it is about.
            Err(CourierError::Permanent { code }) => {
                tracing::warn!(%program, %code, "a letter to an owner was refused");
                false
            }
        };
        self.store().put_setting(done, Some(mark))?;
        Ok(went)
    }

    /// A letter about a program or the whole server, and about no case. `date`: what is told of
    /// one, and when.
    pub(crate) fn house_letter(
        &self,
        in_force: &InForce,
        (to, key): (String, String),
        thread: &str,
        kind: LetterKind,
        date: Option<(&str, Instant)>,
        link: String,
    ) -> Letter {
        let calendar = in_force.policy.calendar();
        let date = date.map(|(what, at)| LetterDate {
            what: what.to_owned(),
            when: show(at, &calendar),
            note: None,
        });
        Letter {
            to: Sensitive::new(to),
            key,
            thread: self.letter_key(thread),
            at: self.now(),
            answers_to: None,
            reports_to: None,
            sealing: None,
            body: LetterBody {
                to_reporter: matches!(kind, LetterKind::PgpKey { .. }),
                kind,
                program: in_force.name.clone(),
                reference: None,
                dates: date.into_iter().collect(),
                promise: None,
                link,
                follow_up: None,
                code: None,
                answerable: false,
                key_refused: None,
            },
        }
    }
}
