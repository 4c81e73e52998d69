//! What happens to a due instant when something changes: a new severity, an
//! extension that both sides agreed to, or an edit of the calendar.
//!
//! Invariant: an edit of the calendar never moves an open due instant later.
//!
//! Deliberately absent: who may agree, and until when; that is for the case.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use candor_base::Instant;

use crate::due::{Due, OutOfRange, due};
use crate::pause::Pause;
use crate::rule::{NonbusinessReceipt, Unit, Within};
use crate::show::clock;
use crate::workcal::WorkCalendar;

/// A severity word and the moment from which it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// The word of the policy.
    pub value: String,
    /// When it was given.
    pub at: Instant,
}

/// The due instant that belongs to the severity that holds now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rerated {
    /// When it falls due now.
    pub due: Due,
    /// The earlier due instant that was promised before, when the change moved it
    /// later: both are shown.
    pub original: Option<Instant>,
    /// Whether the change itself gave the due instant, because the new row would
    /// have fallen due before anybody could act on it.
    pub moved_by_change: bool,
}

/// The due instant after a row of ratings, always counted from the first anchor.
///
/// A change never makes something due earlier than `not_before_hours` after the
/// change. Without a rating, or when the last one has no row with a number, there
/// is none.
pub fn severity(
    table: &BTreeMap<String, Within>,
    not_before_hours: u32,
    ratings: &[Rating],
    anchor: Instant,
    calendar: &WorkCalendar,
    pauses: &[Pause],
) -> Result<Option<Rerated>, OutOfRange> {
    let mut ordered: Vec<&Rating> = ratings.iter().collect();
    ordered.sort_by_key(|r| r.at);
    let mut value: Option<&str> = None;
    let mut current: Option<Rerated> = None;
    for rating in ordered {
        if value == Some(rating.value.as_str()) {
            continue;
        }
        let changed = value.replace(&rating.value).is_some();
        let before = current.take();
        let Some(rule) = table.get(&rating.value) else {
            continue;
        };
        let mut new = due(rule, anchor, calendar, pauses)?;
        let floor = due(&Within::hours(not_before_hours), rating.at, calendar, &[])?;
        let moved_by_change = changed && new.at < floor.at;
        if moved_by_change {
            new = by_change(&floor, not_before_hours, calendar);
        }
        let promised = before.map(|b| b.original.unwrap_or(b.due.at));
        let original = promised.filter(|old| *old < new.at);
        if let Some(old) = original {
            let words = format!("before the change it was due {}", clock(old, calendar));
            new.explanation.push(words);
        }
        current = Some(Rerated {
            original,
            due: new,
            moved_by_change,
        });
    }
    Ok(current)
}

fn by_change(floor: &Due, hours: u32, calendar: &WorkCalendar) -> Due {
    let explanation = vec![
        format!("the new severity would be due earlier than {hours} hours after the change"),
        format!("due {}", clock(floor.at, calendar)),
    ];
    Due {
        at: floor.at,
        plan_by: floor.plan_by,
        explanation,
    }
}

/// The due instant after the calendar was edited while the clock ran: an edit may
/// make it earlier, it never makes it later (`domain.md` 3.2). One that both sides
/// want is an extension.
pub fn after_edit(open: &Due, recomputed: Due, calendar: &WorkCalendar) -> Due {
    if recomputed.at <= open.at {
        return recomputed;
    }
    let mut kept = open.clone();
    kept.explanation.push(format!(
        "the calendar was edited since; it would give {}, but an edit never makes a promise later",
        clock(recomputed.at, calendar)
    ));
    kept
}

/// An agreed extension by so many days: it adds to the old due instant, and a rule
/// that ends with the day still does.
pub fn extend(
    old: Instant,
    rule: &Within,
    days: u32,
    calendar: &WorkCalendar,
) -> Result<Due, OutOfRange> {
    extend_by(old, rule, days, Unit::CalendarDay, calendar)
}

/// An agreed extension in any unit.
pub fn extend_by(
    old: Instant,
    rule: &Within,
    amount: u32,
    unit: Unit,
    calendar: &WorkCalendar,
) -> Result<Due, OutOfRange> {
    let more = Within {
        amount,
        unit,
        mode: rule.mode,
        pausable: false,
        cutoff: None,
        nonbusiness: NonbusinessReceipt::CountNext,
        hours: rule.hours,
    };
    let mut due = due(&more, old, calendar, &[])?;
    due.explanation.insert(
        0,
        format!("extended by {more} from {}", clock(old, calendar)),
    );
    Ok(due)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn table() -> BTreeMap<String, Within> {
        [("critical", 7), ("high", 30), ("medium", 90)]
            .map(|(word, days)| (word.to_owned(), Within::calendar_days(days)))
            .into()
    }

    fn rate(ratings: &[(&str, &str)]) -> Option<Rerated> {
        let ratings: Vec<Rating> = ratings
            .iter()
            .map(|(value, when)| Rating {
                value: (*value).to_owned(),
                at: at(when),
            })
            .collect();
        let anchor = at("2026-06-01T12:00:00Z");
        severity(
            &table(),
            24,
            &ratings,
            anchor,
            &WorkCalendar::utc_mon_fri(),
            &[],
        )
        .unwrap()
    }

    #[test]
    fn raised_in_good_time_counts_from_the_first_anchor() {
        let r = rate(&[
            ("medium", "2026-06-02T00:00:00Z"),
            ("high", "2026-06-10T00:00:00Z"),
        ])
        .unwrap();
        assert_eq!(r.due.at, at("2026-07-01T23:59:59Z"));
        assert_eq!((r.original, r.moved_by_change), (None, false));
    }

    #[test]
    fn raised_late_is_due_a_day_after_the_change() {
        let r = rate(&[
            ("medium", "2026-06-02T00:00:00Z"),
            ("critical", "2026-06-20T10:00:00Z"),
        ])
        .unwrap();
        assert_eq!(r.due.at, at("2026-06-21T10:00:00Z"));
        assert!(r.moved_by_change);
    }

    #[test]
    fn lowered_keeps_the_promised_due_beside_the_new() {
        let r = rate(&[
            ("critical", "2026-06-02T00:00:00Z"),
            ("medium", "2026-06-05T00:00:00Z"),
        ])
        .unwrap();
        assert_eq!(r.due.at, at("2026-08-30T23:59:59Z"));
        assert_eq!(r.original, Some(at("2026-06-08T23:59:59Z")));
        assert_eq!(
            r.due.explanation.last().unwrap(),
            "before the change it was due Mon 8 Jun 2026 23:59:59 UTC"
        );
        let again = rate(&[
            ("critical", "2026-06-02T00:00:00Z"),
            ("medium", "2026-06-05T00:00:00Z"),
            ("critical", "2026-06-06T00:00:00Z"),
        ]);
        assert_eq!(again.unwrap().original, None);
    }

    #[test]
    fn a_first_rating_is_no_change_and_a_word_without_number_has_no_due() {
        let late = rate(&[("critical", "2026-06-20T10:00:00Z")]).unwrap();
        assert_eq!(
            late.due.at,
            at("2026-06-08T23:59:59Z"),
            "a late first look is not hidden"
        );
        assert_eq!(rate(&[("low", "2026-06-02T00:00:00Z")]), None);
        assert_eq!(rate(&[]), None);
    }

    #[test]
    fn an_edit_of_the_calendar_never_lengthens() {
        let anchor = at("2026-06-01T12:00:00Z");
        let count = |holidays: &[&str]| {
            let mut calendar = WorkCalendar::utc_mon_fri();
            calendar.holidays = holidays.iter().map(|d| d.parse().unwrap()).collect();
            due(&Within::business_days(2), anchor, &calendar, &[]).unwrap()
        };
        let calendar = WorkCalendar::utc_mon_fri();
        let open = count(&["2026-06-02"]);
        let later = after_edit(&open, count(&["2026-06-02", "2026-06-03"]), &calendar);
        assert_eq!(later.at, open.at);
        assert!(later.explanation.last().unwrap().contains("never makes"));
        let earlier = after_edit(&open, count(&[]), &calendar);
        assert_eq!(earlier, count(&[]));
        let same = after_edit(&open, count(&["2026-06-02"]), &calendar);
        assert_eq!(same, open);
    }

    #[test]
    fn an_extension_adds_to_the_old_due() {
        let mut calendar = WorkCalendar::utc_mon_fri();
        calendar.zone = "Europe/Berlin".parse().unwrap();
        // The clocks go back on 25 October; the end stays the end of the day.
        let old = at("2026-10-20T21:59:59Z");
        let days = extend(old, &Within::calendar_days(90), 14, &calendar).unwrap();
        assert_eq!(days.at, at("2026-11-03T22:59:59Z"));
        assert!(days.explanation[0].contains("extended by 14 days"));
        let hours = extend_by(old, &Within::hours(48), 24, Unit::Hour, &calendar).unwrap();
        assert_eq!(hours.at, at("2026-10-21T21:59:59Z"));
        let business = extend_by(
            old,
            &Within::business_days(5),
            4,
            Unit::BusinessDay,
            &calendar,
        );
        assert_eq!(business.unwrap().at, at("2026-10-26T22:59:59Z"));
        let exact = extend(old, &Within::hours(48), 7, &calendar).unwrap();
        assert_eq!(exact.at, at("2026-10-27T21:59:59Z"));
    }
}
