//! Who of the team opened which case, and an alarm when somebody opens unusually many
//! (`threat-model.md`, abuse case 10; S0-54).
//!
//! Invariants: content is given out only after it was noted who opens it, save while
//! nothing can be stored at all: then the operator's log has it; whoever opens more cases
//! within an hour than the budget is pointed out to every owner, once, until somebody else
//! wrote down that they looked into it.
//!
//! Deliberately absent: stopping the reader. An alarm that locks the team out in the
//! middle of an emergency would do more harm than it prevents.

use std::collections::{BTreeMap, BTreeSet};

use candor_access::{Action, Permit};
use candor_base::{AccountId, CaseId, Instant, ProgramSlug, Refusal, RefusalCode};
use candor_calendar::show;
use candor_case::Actor;
use candor_ports::{AccountRecord, LetterKind, Role, StoreError};
use serde::{Deserialize, Serialize};

use crate::app::{App, lock};
use crate::engine::Loaded;
use crate::input::{ActError, Fault};
use crate::staff::session::StaffSession;

const HOUR: i64 = 3_600;

/// What was noted in this clock hour, so that it is written once.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    hour: i64,
    pairs: BTreeSet<(AccountId, CaseId)>,
}

/// Somebody opened unusually many cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ReadAlarm {
    /// When it was noticed.
    at: Instant,
    /// How many cases there were by then.
    cases: u32,
    /// Who looked into it, and when.
    answered: Option<(AccountId, Instant)>,
}

fn key_of(account: &AccountId) -> String {
    format!("read-alarm/{account}")
}

fn manages(staff: &StaffSession, account: &AccountRecord) -> bool {
    let mut programs = account.roles.iter().map(|(program, _)| program);
    programs.any(|program| staff.may(Action::People, program).is_ok())
}

impl App {
    /// Notes that the holder of this permit opens a case. Reporters and other parties
    /// open their own case only and are not noted.
    pub(crate) fn note_read(&self, permit: &Permit, loaded: &Loaded) -> Result<(), Fault> {
        let Actor::Team(account) = permit.actor() else {
            return Ok(());
        };
        let now = self.now();
        let hour = now.unix().div_euclid(HOUR);
        let pair = (account, loaded.case);
        {
            let mut noted = lock(&self.noted_reads);
            if noted.hour != hour {
                *noted = Noted {
                    hour,
                    pairs: BTreeSet::new(),
                };
            }
            if noted.pairs.contains(&pair) {
                return Ok(());
            }
        }
        match self
            .store()
            .note_read(&loaded.program, &loaded.case, &account, now)
        {
            Ok(()) => {}
            Err(StoreError::Unwritable(_)) => {
                tracing::error!(%account, case = %loaded.case, "a case was opened, and the read log cannot be written");
                return Ok(());
            }
            Err(other) => return Err(other.into()),
        }
        let mut noted = lock(&self.noted_reads);
        if noted.hour == hour {
            noted.pairs.insert(pair);
        }
        drop(noted);
        self.watch_budget(&account, now)
    }

    fn watch_budget(&self, account: &AccountId, now: Instant) -> Result<(), Fault> {
        let before = self.read_alarm(account)?;
        let answered = before.as_ref().and_then(|a| a.answered);
        if before.is_some() && answered.is_none() {
            return Ok(());
        }
        let hour_ago = now.plus_seconds(-HOUR);
        let since = answered.map_or(hour_ago, |(_, at)| at.max(hour_ago));
        let cases = self.store().cases_read(account, since)?;
        if cases <= self.parts.config.cases_per_hour {
            return Ok(());
        }
        tracing::warn!(%account, cases, "somebody opened unusually many cases within an hour");
        self.keep_alarm(
            account,
            &ReadAlarm {
                at: now,
                cases,
                answered: None,
            },
        )
    }

    fn read_alarm(&self, account: &AccountId) -> Result<Option<ReadAlarm>, Fault> {
        self.kept(&key_of(account), "an alarm about reads")
    }

    fn keep_alarm(&self, account: &AccountId, alarm: &ReadAlarm) -> Result<(), Fault> {
        self.keep(&key_of(account), Some(alarm))
    }

    /// The alarm about somebody, while nobody has answered it.
    fn open_alarm(&self, account: &AccountId) -> Result<Option<ReadAlarm>, Fault> {
        let alarm = self.read_alarm(account)?;
        Ok(alarm.filter(|a| a.answered.is_none()))
    }

    /// Writes to the owners about every alarm that nobody answered; gives the number of
    /// letters that went.
    pub(crate) fn tell_of_reads(&self) -> Result<u32, Fault> {
        let accounts = self.store().accounts()?;
        let mut sent = 0_u32;
        for reader in &accounts {
            let Some(alarm) = self.open_alarm(&reader.id)? else {
                continue;
            };
            for (program, owner) in owners_of(reader, &accounts) {
                if self.write_of_reads(&alarm, &reader.id, program, owner)? {
                    sent = sent.saturating_add(1);
                }
            }
        }
        Ok(sent)
    }

    /// True when the letter went now.
    fn write_of_reads(
        &self,
        alarm: &ReadAlarm,
        reader: &AccountId,
        program: &ProgramSlug,
        owner: &AccountRecord,
    ) -> Result<bool, Fault> {
        let (Some(address), Some(record)) = (owner.email.clone(), self.program(program)?) else {
            return Ok(false);
        };
        let in_force = self.policy_of(program, &record.policy)?;
        let act = format!("read-alarm-{reader}-{}-{}", alarm.at, owner.id);
        let key = self.letter_key(&act);
        let done = format!("read-letter/{key}");
        let letter = || {
            self.house_letter(
                &in_force,
                (address, key),
                &format!("read-alarm-{reader}"),
                LetterKind::ManyCasesRead { cases: alarm.cases },
                Some(("Noticed", alarm.at)),
                format!("{}/desk/people", self.parts.config.public_url),
            )
        };
        self.letter_once(program, (&done, "told"), letter)
    }

    /// Cases that somebody opened since a day, and since when an alarm about it is open.
    pub(crate) fn reads_of(&self, account: &AccountId) -> Result<(u32, Option<Instant>), Fault> {
        let day_ago = self.now().plus_seconds(-24 * HOUR);
        let cases = self.store().cases_read(account, day_ago)?;
        Ok((cases, self.open_alarm(account)?.map(|a| a.at)))
    }

    /// Names of people about whom an alarm is open, among those whom this person manages.
    pub fn read_alarms(&self, token: &str) -> Result<Vec<String>, ActError> {
        let staff = self.staff(token)?;
        let mut names = Vec::new();
        for account in self.store().accounts()? {
            if manages(&staff, &account) && self.open_alarm(&account.id)?.is_some() {
                names.push(account.name);
            }
        }
        Ok(names)
    }

    /// Somebody looked into it. The reader may do that alone where nobody else can.
    pub fn answer_read_alarm(&self, token: &str, login: &str) -> Result<String, ActError> {
        let staff = self.staff(token)?;
        let reader = self.store().account_by_login(login.trim())?;
        let reader = reader.filter(|r| manages(&staff, r));
        let reader = reader.ok_or(ActError::NotFound)?;
        let Some(alarm) = self.open_alarm(&reader.id)? else {
            return Err(ActError::NotFound);
        };
        let accounts = self.store().accounts()?;
        let another = owners_of(&reader, &accounts)
            .iter()
            .any(|(_, owner)| owner.id != reader.id);
        if staff.account.id == reader.id && another {
            return Err(ActError::Refused(
                Refusal::new(
                    RefusalCode::SecondPersonNeeded,
                    "Another owner writes down that your reading was looked into.",
                )
                .instead("ask another owner to look at the page of people"),
            ));
        }
        let by = staff.account.id;
        tracing::info!(account = %reader.id, %by, "an alarm about reads was answered");
        let answered = Some((by, self.now()));
        self.keep_alarm(&reader.id, &ReadAlarm { answered, ..alarm })?;
        Ok(format!(
            "Written down: you looked into what {} read.",
            reader.name
        ))
    }

    /// Who opened a case, and who took a copy of it: name, and when in words.
    pub(crate) fn readers_of(
        &self,
        loaded: &Loaded,
        names: &BTreeMap<AccountId, String>,
    ) -> Result<Vec<(String, String)>, Fault> {
        let calendar = loaded.in_force.policy.calendar();
        let all = self.store().case_readers(&loaded.program, &loaded.case)?;
        let mut out = Vec::new();
        for r in all {
            let name = names.get(&r.account).cloned();
            let name = name.unwrap_or_else(|| "somebody who left".to_owned());
            let first = show(r.first, &calendar);
            let words = if r.hours == 1 {
                first
            } else {
                let last = show(r.last, &calendar);
                format!("in {} different hours, from {first} to {last}", r.hours)
            };
            out.push((name.clone(), words));
            for at in self.exports_of(&loaded.case, &r.account)? {
                let words = format!("took a copy out on {}", show(at, &calendar));
                out.push((name.clone(), words));
            }
        }
        Ok(out)
    }
}

/// The owners of the programs in which somebody works, each once.
fn owners_of<'a>(
    reader: &'a AccountRecord,
    accounts: &'a [AccountRecord],
) -> Vec<(&'a ProgramSlug, &'a AccountRecord)> {
    let mut out: Vec<(&ProgramSlug, &AccountRecord)> = Vec::new();
    for (program, _) in &reader.roles {
        let owns = |a: &&AccountRecord| {
            a.roles
                .iter()
                .any(|(p, r)| p == program && *r == Role::Owner)
        };
        for owner in accounts.iter().filter(owns) {
            if out.iter().all(|(_, known)| known.id != owner.id) {
                out.push((program, owner));
            }
        }
    }
    out
}
