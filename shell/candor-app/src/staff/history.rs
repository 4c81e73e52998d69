//! The sign-in history: an alarm when many tries are wrong, and the recurring review of it
//! (S0-55, S0-56).
//!
//! Invariants: one burst of wrong tries rings once, and once more each day while it goes on
//! and nobody has answered; each review is written down with who made it; an owner sees the
//! people of their programs only, and only who manages the instance sees tries with a login
//! that nobody has.
//!
//! Deliberately absent: addresses and places (nothing about them is kept), slowing down
//! (`throttle`), locking an account: strangers could keep a team out.

use std::collections::{BTreeMap, BTreeSet};

use candor_access::Action;
use candor_access::view::{DoorDay, SignInAlarm, SignInReview, SignInRow, SignInsView};
use candor_base::{AccountId, Instant, ProgramSlug};
use candor_calendar::{WorkCalendar, show, show_date};
use candor_ports::{AccountRecord, LetterKind, Role, SignInAct, SignInLine};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::input::{ActError, Fault};
use crate::staff::session::StaffSession;

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
const ALARM: &str = "sign-in-alarm";
const REVIEWS: &str = "sign-in-reviews";
/// Reviews that are kept.
const REVIEWS_KEPT: usize = 100;
/// Days that the page shows.
const SHOWN_DAYS: i64 = 30;
/// Lines that the page shows.
const SHOWN_LINES: u32 = 500;
/// Days after which a line is forgotten.
const KEPT_DAYS: i64 = 400;
/// Days after a review was due when its letter goes a second time.
const AGAIN_DAYS: i64 = 7;

/// Many tries were wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Alarm {
    /// When it was noticed.
    at: Instant,
    /// How many there were by then, in that clock hour.
    wrong: u32,
    /// Who looked into it, and when.
    answered: Option<(AccountId, Instant)>,
}

/// Somebody went through the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Review {
    at: Instant,
    by: AccountId,
}

/// What a letter about the door says.
struct Note {
    kind: LetterKind,
    /// Makes it one letter.
    act: String,
    /// The letters of one thread share this.
    thread: &'static str,
    /// What its one date is about, and the date.
    date: (&'static str, Instant),
}

fn hour_of(at: Instant) -> i64 {
    at.unix().div_euclid(HOUR)
}

impl App {
    /// Writes down what happened at the door. That it cannot be written keeps nobody out.
    pub(crate) fn note_door(&self, account: Option<&AccountId>, act: SignInAct) {
        let now = self.now();
        let noted = self.store().note_sign_in(account, act, now);
        if let Err(why) = noted {
            tracing::warn!(%why, act = act.word(), "the sign-in history could not be written");
            return;
        }
        if act == SignInAct::Wrong
            && let Err(why) = self.watch_door(now)
        {
            tracing::warn!(why = %why.operator, "wrong sign-ins could not be counted");
        }
    }

    fn watch_door(&self, now: Instant) -> Result<(), Fault> {
        let wrong = self.store().wrong_sign_ins(now)?;
        if wrong <= self.parts.config.wrong_sign_ins_per_hour {
            return Ok(());
        }
        let known = self
            .door_alarm()?
            .is_some_and(|alarm| match alarm.answered {
                // Rings for what comes after the hour in which somebody looked into it.
                Some((_, at)) => hour_of(at) == hour_of(now),
                None => now.seconds_since(alarm.at) < DAY,
            });
        if known {
            return Ok(());
        }
        tracing::warn!(wrong, "many sign-ins were wrong within an hour");
        self.keep_door_alarm(&Alarm {
            at: now,
            wrong,
            answered: None,
        })
    }

    fn door_alarm(&self) -> Result<Option<Alarm>, Fault> {
        self.kept(ALARM, "the alarm about sign-ins")
    }

    fn keep_door_alarm(&self, alarm: &Alarm) -> Result<(), Fault> {
        self.keep(ALARM, Some(alarm))
    }

    fn door_reviews(&self) -> Result<Vec<Review>, Fault> {
        let reviews = self.kept(REVIEWS, "the reviews of sign-ins")?;
        Ok(reviews.unwrap_or_default())
    }

    /// When the history is to be gone through next; `None` while there are no accounts.
    fn door_review_due(&self, accounts: &[AccountRecord]) -> Result<Option<Instant>, Fault> {
        let last = self.door_reviews()?.last().map(|review| review.at);
        let begin = || accounts.iter().map(|a| a.created).min();
        let days = i64::from(self.parts.config.sign_in_review_days);
        Ok(last.or_else(begin).map(|at| at.plus_seconds(days * DAY)))
    }

    /// Writes to those who manage the instance about an alarm that nobody answered and a
    /// review that is due, and forgets old lines; gives the number of letters that went.
    pub(crate) fn see_to_the_door(&self) -> Result<u32, Fault> {
        let now = self.now();
        self.store()
            .sweep_sign_ins(now.plus_seconds(-KEPT_DAYS * DAY))?;
        let accounts = self.store().accounts()?;
        let mut notes = Vec::new();
        if let Some(alarm) = self.door_alarm()?.filter(|a| a.answered.is_none()) {
            notes.push(Note {
                kind: LetterKind::WrongSignIns { tries: alarm.wrong },
                act: format!("sign-in-alarm-{}", alarm.at),
                thread: ALARM,
                date: ("Noticed", alarm.at),
            });
        }
        if let Some(due) = self.door_review_due(&accounts)?.filter(|due| *due <= now) {
            let overdue = now >= due.plus_seconds(AGAIN_DAYS * DAY);
            notes.push(Note {
                kind: LetterKind::SignInReview { overdue },
                act: format!("sign-in-review-{due}-{overdue}"),
                thread: REVIEWS,
                date: ("The review is due", due),
            });
        }
        let mut sent = self.tell_people(&accounts)?;
        for note in &notes {
            for (program, warden) in self.wardens(&accounts)? {
                if self.write_of_door(note, &program, warden)? {
                    sent = sent.saturating_add(1);
                }
            }
        }
        Ok(sent)
    }

    /// Those who can be written to about the instance, each with a program in whose name:
    /// those who manage it; where none of them has an address, the owners.
    fn wardens<'a>(
        &self,
        accounts: &'a [AccountRecord],
    ) -> Result<Vec<(ProgramSlug, &'a AccountRecord)>, Fault> {
        let owns = |a: &AccountRecord| a.roles.iter().any(|(_, role)| *role == Role::Owner);
        let written = |keep: &dyn Fn(&AccountRecord) -> bool| -> Vec<&'a AccountRecord> {
            let found = accounts.iter().filter(|a| a.email.is_some() && keep(a));
            found.collect()
        };
        let mut found = written(&|a| a.admin);
        if found.is_empty() {
            found = written(&owns);
        }
        let first = self.store().programs()?.into_iter().next().map(|p| p.slug);
        let named = found.into_iter().filter_map(|account| {
            let own = account.roles.first().map(|(program, _)| program.clone());
            Some((own.or_else(|| first.clone())?, account))
        });
        Ok(named.collect())
    }

    fn write_of_door(
        &self,
        note: &Note,
        program: &ProgramSlug,
        warden: &AccountRecord,
    ) -> Result<bool, Fault> {
        let (Some(address), Some(record)) = (warden.email.clone(), self.program(program)?) else {
            return Ok(false);
        };
        let in_force = self.policy_of(program, &record.policy)?;
        let key = self.letter_key(&format!("{}-{}", note.act, warden.id));
        let done = format!("door-letter/{key}");
        let letter = || {
            self.house_letter(
                &in_force,
                (address, key),
                note.thread,
                note.kind.clone(),
                Some(note.date),
                format!("{}/desk/sign-ins", self.parts.config.public_url),
            )
        };
        self.letter_once(program, (&done, "told"), letter)
    }

    /// The sign-in history, for those who look after people.
    pub fn sign_in_history(&self, token: &str) -> Result<SignInsView, ActError> {
        let staff = self.staff(token)?;
        let accounts = self.store().accounts()?;
        let seen = self.seen_by(&staff, &accounts)?;
        let (now, admin) = (self.now(), staff.account.admin);
        let since = now.plus_seconds(-SHOWN_DAYS * DAY);
        let mut lines = self.store().sign_ins(since, SHOWN_LINES + 1)?;
        let more = lines.len() > usize::try_from(SHOWN_LINES).unwrap_or(usize::MAX);
        lines.truncate(usize::try_from(SHOWN_LINES).unwrap_or(usize::MAX));
        lines.retain(|line| line.account.map_or(admin, |id| seen.contains(&id)));
        let names: BTreeMap<AccountId, String> =
            accounts.iter().map(|a| (a.id, a.name.clone())).collect();
        let zone = WorkCalendar::default();
        let (alarm, review) = if admin {
            let alarm = self.door_alarm()?.filter(|a| a.answered.is_none());
            let alarm = alarm.map(|a| SignInAlarm {
                at: show(a.at, &zone),
                wrong: a.wrong,
            });
            (alarm, self.review_view(&accounts, &names, &zone)?)
        } else {
            (None, None)
        };
        Ok(SignInsView {
            days: days(&lines, now, &zone),
            rows: lines.iter().map(|line| row(line, &names, &zone)).collect(),
            more,
            acts: self.person_acts(&seen, &names)?,
            alarm,
            review,
        })
    }

    /// The accounts whose history somebody may read.
    fn seen_by(
        &self,
        staff: &StaffSession,
        accounts: &[AccountRecord],
    ) -> Result<BTreeSet<AccountId>, ActError> {
        let mut programs = BTreeSet::new();
        for record in self.store().programs()? {
            if staff.may(Action::People, &record.slug).is_ok() {
                programs.insert(record.slug);
            }
        }
        if programs.is_empty() {
            return Err(ActError::NotFound);
        }
        let near = |a: &&AccountRecord| {
            staff.account.admin || a.roles.iter().any(|(p, _)| programs.contains(p))
        };
        Ok(accounts.iter().filter(near).map(|a| a.id).collect())
    }

    fn review_view(
        &self,
        accounts: &[AccountRecord],
        names: &BTreeMap<AccountId, String>,
        zone: &WorkCalendar,
    ) -> Result<Option<SignInReview>, Fault> {
        let Some(due) = self.door_review_due(accounts)? else {
            return Ok(None);
        };
        let reviews = self.door_reviews()?;
        let made = |review: &Review| (name_of(names, &review.by), show(review.at, zone));
        Ok(Some(SignInReview {
            due: show(due, zone),
            overdue: due <= self.now(),
            made: reviews.iter().rev().take(12).map(made).collect(),
        }))
    }

    /// Whether many sign-ins were wrong and nobody looked into it; always false for those
    /// who do not manage the instance.
    pub fn sign_in_alarm(&self, token: &str) -> Result<bool, ActError> {
        let staff = self.staff(token)?;
        let open = || Ok::<_, Fault>(self.door_alarm()?.is_some_and(|a| a.answered.is_none()));
        Ok(staff.account.admin && open()?)
    }

    /// Somebody looked into the wrong sign-ins.
    pub fn answer_sign_in_alarm(&self, token: &str) -> Result<String, ActError> {
        let staff = self.warden(token)?;
        let open = self.door_alarm()?.filter(|a| a.answered.is_none());
        let alarm = open.ok_or(ActError::NotFound)?;
        let by = staff.account.id;
        tracing::info!(%by, "the alarm about wrong sign-ins was answered");
        let answered = Some((by, self.now()));
        self.keep_door_alarm(&Alarm { answered, ..alarm })?;
        Ok("Written down: you looked into the wrong sign-ins.".to_owned())
    }

    /// Somebody went through the history; the next review is due a period later.
    pub fn review_sign_ins(&self, token: &str) -> Result<String, ActError> {
        let staff = self.warden(token)?;
        let by = staff.account.id;
        let mut reviews = self.door_reviews()?;
        reviews.push(Review { at: self.now(), by });
        let over = reviews.len().saturating_sub(REVIEWS_KEPT);
        reviews.drain(..over);
        self.keep(REVIEWS, Some(&reviews))?;
        tracing::info!(%by, "the sign-in history was reviewed");
        Ok(format!(
            "Written down: you went through the sign-ins. The next time is in {} days.",
            self.parts.config.sign_in_review_days
        ))
    }

    /// Somebody who manages the instance.
    fn warden(&self, token: &str) -> Result<StaffSession, ActError> {
        let staff = self.staff(token)?;
        if staff.account.admin {
            Ok(staff)
        } else {
            Err(ActError::NotFound)
        }
    }
}

pub(super) fn name_of(names: &BTreeMap<AccountId, String>, id: &AccountId) -> String {
    let name = names.get(id).cloned();
    name.unwrap_or_else(|| "somebody who left".to_owned())
}

/// An act in words.
pub(super) const fn act_words(act: SignInAct) -> &'static str {
    match act {
        SignInAct::SignedIn => "signed in",
        SignInAct::Wrong => "wrong pass phrase or code",
        SignInAct::SecondFactor => "set up the second factor",
        SignInAct::NewPass => "changed the pass phrase",
        SignInAct::NewStart => "was given a new start",
        SignInAct::TakenOut => "was taken out",
        SignInAct::SignedOut => "was signed out everywhere by somebody else",
        SignInAct::RecoveryUsed => "used a recovery code",
        SignInAct::RecoveryMade => "made new recovery codes",
        SignInAct::NewPlace => "signed in with a browser not seen before",
        SignInAct::PasskeyAdded => "added a passkey",
        SignInAct::PasskeyRemoved => "removed a passkey",
        SignInAct::PasskeyCopied => "a passkey was refused: there may be a copy of it",
    }
}

fn row(line: &SignInLine, names: &BTreeMap<AccountId, String>, zone: &WorkCalendar) -> SignInRow {
    SignInRow {
        when: show(line.last, zone),
        who: line.account.map(|id| name_of(names, &id)),
        what: act_words(line.act).to_owned(),
        times: line.times,
        wrong: line.act == SignInAct::Wrong,
    }
}

/// Right and wrong tries of each day, the oldest first; every day has its place.
fn days(lines: &[SignInLine], now: Instant, zone: &WorkCalendar) -> Vec<DoorDay> {
    let mut sums: BTreeMap<_, (u32, u32)> = (0..SHOWN_DAYS)
        .map(|back| zone.local_date(now.plus_seconds(-back * DAY)))
        .map(|date| (date, (0, 0)))
        .collect();
    for line in lines {
        if let Some((right, wrong)) = sums.get_mut(&zone.local_date(line.last)) {
            match line.act {
                SignInAct::SignedIn => *right = right.saturating_add(line.times),
                SignInAct::Wrong => *wrong = wrong.saturating_add(line.times),
                _ => {}
            }
        }
    }
    let day = |(date, (right, wrong))| DoorDay {
        date: show_date(date),
        right,
        wrong,
    };
    sums.into_iter().map(day).collect()
}
