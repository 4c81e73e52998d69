//! What stands in a calendar file: the dates of all cases for the team, those of one
//! case for its reporter.
//!
//! Invariants: kinds of dates, references and where to read on, and no word of a case;
//! each date has the same name for ever, and one that is off keeps it and says so;
//! what falls on one instant of a case is one entry. The team reads what it has to do,
//! the reporter what was promised. Only the team is reminded: a reporter owes nothing
//! on these days.

use candor_access::view::RoomView;
use candor_base::{BlobId, CaseId, Instant, ProgramSlug};
use candor_calendar::{Entry, WorkCalendar, plan_by, reminders, show, show_date};
use candor_case::CaseClock;
use candor_policy::{act_words, team_milestone_words, team_words};
use candor_ports::{CaseRow, ClockRow, DateKind, DateRow};
use jiff::civil::{Date, Time};

use crate::app::App;
use crate::engine::Loaded;
use crate::programs::InForce;
use crate::random;

/// A reminder of a date for a regulator, in seconds before: its hours run at night too.
const REGULATOR: i64 = 4 * 3_600;
/// When work begins where the settings say nothing.
const BEGINS: Time = Time::constant(9, 0, 0, 0);

/// A date before it becomes an entry.
#[derive(Debug)]
struct Item {
    /// Its key within the case; of several at one instant the first is kept.
    key: String,
    at: Instant,
    moves: u32,
    what: String,
    /// The business day to plan for.
    plan_by: Option<Date>,
    reminders: Vec<Instant>,
    off: bool,
}

/// Whose file it is.
struct Side<'a> {
    name: &'static str,
    case: CaseId,
    reference: String,
    url: String,
    stamp: Instant,
    calendar: &'a WorkCalendar,
}

impl App {
    /// The dates of these cases, for the team.
    pub(super) fn team_dates(
        &self,
        slug: &ProgramSlug,
        in_force: &InForce,
        rows: &[CaseRow],
    ) -> Vec<Entry> {
        let calendar = in_force.policy.calendar();
        let hours = in_force.policy.settings.working_hours;
        let begins = hours.map_or(BEGINS, |(from, _)| from);
        let now = self.now();
        let public = &self.parts.config.public_url;
        let mut out: Vec<Entry> = Vec::new();
        for row in rows {
            let clocks = row.clocks.iter();
            let mut items: Vec<Item> = clocks
                .filter_map(|clock| clock_item(clock, row, now, &calendar, begins))
                .collect();
            let dates = row.dates.iter();
            items.extend(dates.map(|date| date_item(date, row, &calendar, begins)));
            let side = Side {
                name: "team",
                case: row.case,
                reference: row.reference.to_string(),
                url: format!("{public}/desk/p/{slug}/cases/{}", row.reference),
                stamp: row.changed,
                calendar: &calendar,
            };
            out.extend(self.entries(items, &side));
        }
        sorted(out)
    }

    /// The dates of a reporter's own case: what the room shows, and nothing else.
    pub(super) fn room_dates(&self, view: &RoomView, loaded: &Loaded) -> Vec<Entry> {
        let calendar = loaded.in_force.policy.calendar();
        let now = self.now();
        let clocks: Vec<&CaseClock> = loaded.state.clocks.values().collect();
        let mut items: Vec<Item> = view
            .clocks
            .iter()
            .filter_map(|shown| {
                let clock = clocks.iter();
                let clock = clock
                    .copied()
                    .find(|c| c.spec.key.to_string() == shown.key)?;
                let at = shown.due.as_ref()?.at;
                let off = !clock.is_open() || loaded.state.closed.is_some();
                (!off || at > now).then(|| Item {
                    key: format!("clock {}", shown.key),
                    at,
                    moves: clock.moves,
                    what: act_words(clock.spec.milestone, clock.spec.met_by).to_owned(),
                    plan_by: None,
                    reminders: Vec::new(),
                    off,
                })
            })
            .collect();
        items.extend(view.date.as_ref().map(|date| Item {
            key: PUBLICATION.to_owned(),
            at: date.at,
            moves: loaded.state.date_moves,
            what: "Planned publication".to_owned(),
            plan_by: None,
            reminders: Vec::new(),
            off: false,
        }));
        let side = Side {
            name: "room",
            case: loaded.case,
            reference: view.reference.clone(),
            url: format!("{}/room", self.page_of(&loaded.program)),
            // The moment of the download: when something inside changed is not told.
            stamp: now,
            calendar: &calendar,
        };
        sorted(self.entries(items, &side))
    }

    fn entries(&self, items: Vec<Item>, side: &Side<'_>) -> Vec<Entry> {
        merged(items)
            .into_iter()
            .map(|item| {
                let plan = item.plan_by.map(show_date);
                let (what, reference) = (&item.what, &side.reference);
                let summary = plan.as_ref().map_or_else(
                    || format!("{what} ({reference})"),
                    |day| format!("{what}, plan for {day} ({reference})"),
                );
                let mut note = format!("{}.", show(item.at, side.calendar));
                if let Some(day) = plan {
                    note = format!("Due {note} That is not a business day: plan for {day}.");
                }
                Entry {
                    uid: self.uid(&side.case, &item.key, side.name),
                    summary,
                    at: item.at,
                    stamp: side.stamp,
                    sequence: item.moves.saturating_add(u32::from(item.off)),
                    note,
                    url: Some(side.url.clone()),
                    reminders: item.reminders,
                    cancelled: item.off,
                }
            })
            .collect()
    }

    /// The same date has the same name for ever, and two names tell nothing of each other.
    fn uid(&self, case: &CaseId, key: &str, side: &str) -> String {
        let secret = self.vault().derive("calendar-uid");
        let hash = random::keyed(&secret, &[case.as_bytes(), key.as_bytes(), side.as_bytes()]);
        let short: [u8; 16] = random::head(&hash);
        BlobId::from_bytes(short).to_string()
    }
}

/// The key of the planned publication.
const PUBLICATION: &str = "date publication";

/// A clock that runs, or one that is off and whose day a calendar still shows ahead.
fn clock_item(
    clock: &ClockRow,
    row: &CaseRow,
    now: Instant,
    calendar: &WorkCalendar,
    begins: Time,
) -> Option<Item> {
    let at = clock.due?;
    let off = !clock.open || row.closed;
    if off && at <= now {
        return None;
    }
    let what = clock.met_by.map_or_else(
        || team_milestone_words(clock.milestone),
        |met_by| team_words(clock.milestone, met_by),
    );
    Some(Item {
        key: format!("clock {}", clock.key),
        at,
        moves: clock.moves,
        what: what.to_owned(),
        plan_by: plan_by(at, clock.anchor, calendar),
        reminders: reminders(at, clock.anchor, calendar, begins),
        off,
    })
}

fn date_item(date: &DateRow, row: &CaseRow, calendar: &WorkCalendar, begins: Time) -> Item {
    let (what, reminders) = match date.kind {
        DateKind::Publication => (
            "Planned publication",
            reminders(date.at, row.received, calendar, begins),
        ),
        // Neither the law nor the kind of report: a calendar lies with others.
        DateKind::Regulator => ("Regulator date", vec![date.at.plus_seconds(-REGULATOR)]),
    };
    Item {
        key: format!("date {}", date.key),
        at: date.at,
        moves: date.moves,
        what: what.to_owned(),
        plan_by: None,
        reminders,
        off: false,
    }
}

/// What falls on one instant is one item, the planned publication before everything
/// else; what is off stands by itself.
fn merged(mut items: Vec<Item>) -> Vec<Item> {
    items.sort_by(|a, b| {
        let key = |i: &Item| (i.off, i.at, i.key != PUBLICATION, i.key.clone());
        key(a).cmp(&key(b))
    });
    let mut out: Vec<Item> = Vec::new();
    for item in items {
        match out.last_mut() {
            Some(last) if last.at == item.at && !last.off && !item.off => {
                let more = lower(&item.what);
                if !last.what.split("; ").any(|w| lower(w) == more) {
                    last.what = format!("{}; {more}", last.what);
                }
                last.plan_by = last.plan_by.or(item.plan_by);
                last.reminders.extend(item.reminders);
                last.reminders.sort_unstable();
                last.reminders.dedup();
            }
            _ => out.push(item),
        }
    }
    out
}

/// Words within a sentence.
fn lower(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

fn sorted(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by(|a, b| (a.at, &a.uid).cmp(&(b.at, &b.uid)));
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(key: &str, at: &str, what: &str) -> Item {
        Item {
            key: key.to_owned(),
            at: at.parse().unwrap(),
            moves: 0,
            what: what.to_owned(),
            plan_by: None,
            reminders: vec!["2026-12-01T09:00:00Z".parse().unwrap()],
            off: false,
        }
    }

    #[test]
    fn what_falls_on_one_instant_is_one_entry_with_all_words() {
        let mut off = item("clock a", "2026-12-02T22:59:59Z", "Triage the report");
        off.off = true;
        let found = merged(vec![
            item("clock a", "2026-12-02T22:59:59Z", "Publish the details"),
            item("clock b", "2026-12-03T22:59:59Z", "Update the reporter"),
            item(PUBLICATION, "2026-12-02T22:59:59Z", "Planned publication"),
            item("clock c", "2026-12-02T22:59:59Z", "Publish the details"),
            off,
        ]);
        let words: Vec<&str> = found.iter().map(|i| i.what.as_str()).collect();
        assert_eq!(
            words,
            [
                "Planned publication; publish the details",
                "Update the reporter",
                "Triage the report"
            ]
        );
        assert_eq!(found[0].key, PUBLICATION, "its name and its moves are kept");
        assert_eq!(found[0].reminders.len(), 1, "one reminder for both");
    }
}
