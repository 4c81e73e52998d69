//! Days of publication: "the second Tuesday of each month", "never on a Friday",
//! "the list keeps an embargo of at most 14 days", "90+30".
//!
//! Invariants: only sentences about publication are read, never office hours; an hour
//! that is not named is not made up.
//!
//! Deliberately absent: windows and promises with one number; see `publishing`.

use candor_calendar::Workweek;
use jiff::civil::Time;

use super::durations::{Duration, durations};
use super::{add, sentences};
use crate::model::{Policy, TermUnit, TimetableRule};
use crate::read::{Document, UnitKind};
use crate::vocab::Topic;

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
const MONDAY_TO_FRIDAY: [bool; 7] = [true, true, true, true, true, false, false];

/// Adds every rule.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        let no_prose = matches!(unit.kind, UnitKind::Heading | UnitKind::Code);
        if no_prose || matches!(unit.topic, Topic::Versions | Topic::Practices) {
            continue;
        }
        for low in sentences(unit) {
            for rule in rules(low) {
                let known = policy.timetable.iter().any(|c| c.value == rule);
                if !known {
                    add(&mut policy.timetable, "timetable", unit, rule);
                }
            }
        }
    }
}

fn rules(low: &str) -> Vec<TimetableRule> {
    let words = words(low);
    let days = publishes(low).then(|| month_grid(&words).or_else(|| release_days(&words)));
    [
        days.flatten(),
        list_maximum(low),
        fix_plus(low),
        updates(low),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn any(low: &str, words: &[&str]) -> bool {
    words.iter().any(|w| low.contains(w))
}

/// Whether something about problems of security becomes public here.
fn publishes(low: &str) -> bool {
    let security = [
        "securit",
        "vulnerab",
        "advisor",
        "disclos",
        "embargo",
        "patch tuesday",
        "cve",
    ];
    let public = [
        "publi",
        "releas",
        "disclos",
        "announc",
        "ship",
        "issued",
        "made available",
    ];
    any(low, &security) && any(low, &public)
}

/// Words; "monday-thursday" becomes "monday to thursday".
fn words(low: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for word in low.split(|c: char| !(c.is_alphanumeric() || c == ':' || c == '-' || c == '–')) {
        let word = word.trim_matches([':', '-', '–']);
        match word.split_once(['-', '–']) {
            Some((a, b)) if weekday(a).is_some() && weekday(b).is_some() => {
                out.extend([a, "to", b]);
            }
            Some((a, b)) => out.extend([a, b]),
            None if word.is_empty() => {}
            None => out.push(word),
        }
    }
    out
}

/// 0 for Monday to 6 for Sunday.
fn weekday(word: &str) -> Option<usize> {
    let word = word.strip_suffix('s').unwrap_or(word);
    WEEKDAYS.iter().position(|day| *day == word)
}

fn iso(day: usize) -> Option<u8> {
    u8::try_from(day).ok()?.checked_add(1)
}

fn ordinal(word: &str) -> Option<i8> {
    Some(match word {
        "first" | "1st" => 1,
        "second" | "2nd" => 2,
        "third" | "3rd" => 3,
        "fourth" | "4th" => 4,
        "last" => -1,
        _ => return None,
    })
}

fn month_grid(words: &[&str]) -> Option<TimetableRule> {
    let time = hour(words).map(|(time, _)| time);
    let patch_tuesday = words.windows(2).any(|w| w == ["patch", "tuesday"]);
    if patch_tuesday {
        return Some(TimetableRule::MonthGrid {
            nth: 2,
            weekday: 2,
            time,
        });
    }
    words.windows(5).find_map(|w| {
        let [nth, day, rest @ ..] = w else {
            return None;
        };
        let (nth, day) = (ordinal(nth)?, weekday(day)?);
        let monthly = rest.iter().any(|w| matches!(*w, "month" | "months"));
        let weekday = i8::try_from(iso(day)?).ok()?;
        monthly.then_some(TimetableRule::MonthGrid { nth, weekday, time })
    })
}

fn release_days(words: &[&str]) -> Option<TimetableRule> {
    let mut named = [false; 7];
    let mut any_named = false;
    let mut barred = [false; 7];
    for (at, word) in words.iter().enumerate() {
        let Some(day) = weekday(word) else { continue };
        let before = |n: usize| at.checked_sub(n).and_then(|i| words.get(i)).copied();
        // "by Friday", "next Monday" and "each Monday we meet" are other matters.
        let bars = (1..=4)
            .map_while(before)
            .take_while(|w| *w != "but" && weekday(w).is_none())
            .any(|w| {
                matches!(
                    w,
                    "never" | "not" | "non" | "except" | "than" | "avoid" | "no"
                )
            });
        if bars {
            set(&mut barred, day);
            continue;
        }
        any_named = true;
        let from = before(2).and_then(weekday);
        match (from, before(1)) {
            (Some(from), Some("to" | "through" | "till" | "until")) => {
                let span = (0..7).map(|n| (from + n) % 7);
                for d in span.take((day + 7 - from) % 7 + 1) {
                    set(&mut named, d);
                }
            }
            _ => set(&mut named, day),
        }
    }
    let all_week = words.iter().any(|w| matches!(*w, "weekday" | "weekdays"));
    let bars_some = barred.contains(&true);
    if !any_named && !all_week && !bars_some {
        return None;
    }
    if !any_named {
        named = MONDAY_TO_FRIDAY;
    }
    let days: Vec<u8> = (0..7)
        .filter(|d| named.get(*d) == Some(&true) && barred.get(*d) != Some(&true))
        .filter_map(iso)
        .collect();
    // A single day without "only" or "on" may be anything ("the release of Monday").
    let bound = words
        .iter()
        .any(|w| matches!(*w, "on" | "only" | "between" | "never" | "not" | "from"));
    let weekdays = Workweek::new(&days).ok()?;
    let time_utc = hour(words).and_then(|(time, utc)| utc.then_some(time));
    bound.then_some(TimetableRule::ReleaseDays { weekdays, time_utc })
}

fn set(days: &mut [bool; 7], day: usize) {
    if let Some(slot) = days.get_mut(day) {
        *slot = true;
    }
}

/// An hour of the day, and whether it is said to be in UTC.
fn hour(words: &[&str]) -> Option<(Time, bool)> {
    words.iter().enumerate().find_map(|(at, word)| {
        let (hour, minute) = word.split_once(':')?;
        let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
        let utc = words
            .get(at.saturating_add(1))
            .is_some_and(|w| matches!(*w, "utc" | "gmt"));
        Some((time, utc))
    })
}

/// "The distributors list keeps an embargo for at most 14 days."
fn list_maximum(low: &str) -> Option<TimetableRule> {
    let about = any(low, &["embargo", "private", "confidential"])
        && any(low, &["list", "distros", "distributor", "downstream"])
        && any(
            low,
            &[
                "at most",
                "maximum",
                "no longer than",
                "no more than",
                "not exceed",
                "never longer than",
                "up to",
            ],
        );
    if !about {
        return None;
    }
    let found = durations(low).into_iter().find(|d| !d.every)?;
    let exact = matches!(
        found.unit,
        TermUnit::Hours | TermUnit::Days | TermUnit::Weeks
    );
    exact.then_some(TimetableRule::ListMaximum {
        amount: found.amount,
        unit: found.unit,
    })
}

/// "90+30", or "within 90 days … 30 days after the fix".
fn fix_plus(low: &str) -> Option<TimetableRule> {
    if !any(low, &["disclos", "detail", "publi"]) {
        return None;
    }
    let times = durations(low);
    // What stands behind a time and before the next one is about it.
    let ends = times.iter().skip(1).map(|d| d.start).chain([low.len()]);
    let attacked_days = times
        .iter()
        .zip(ends)
        .find(|(d, end)| {
            let about = low.get(d.end..*end).unwrap_or("");
            any(about, &["exploited", "in the wild", "attacked"])
        })
        .and_then(|(d, _)| days_of(d));
    if let Some((fix_days, adopt_days)) = sum(low) {
        return Some(TimetableRule::FixPlus {
            fix_days,
            adopt_days,
            attacked_days,
        });
    }
    let adopt = times.iter().find(|d| {
        let after = low_after(low, d, 40);
        ["after the ", "after a ", "after that "]
            .iter()
            .filter_map(|w| after.strip_prefix(w))
            .any(|rest| rest.starts_with("fix") || rest.starts_with("patch"))
    })?;
    let fix = times.iter().find(|d| {
        let before = low.get(..d.start).unwrap_or("").trim_end();
        let fixes = any(&low_until(before, 60), &["fix", "patch"]);
        *d != adopt && before.ends_with("within") && fixes
    })?;
    Some(TimetableRule::FixPlus {
        fix_days: days_of(fix)?,
        adopt_days: days_of(adopt)?,
        attacked_days,
    })
}

fn days_of(d: &Duration) -> Option<u32> {
    match d.unit {
        TermUnit::Days => Some(d.amount),
        TermUnit::Weeks => d.amount.checked_mul(7),
        _ => None,
    }
}

fn low_after(low: &str, d: &Duration, most: usize) -> String {
    let rest = low.get(d.end..).unwrap_or("").trim_start();
    rest.chars().take(most).collect()
}

fn low_until(before: &str, most: usize) -> String {
    let skip = before.chars().count().saturating_sub(most);
    before.chars().skip(skip).collect()
}

/// "90+30", both at least a week, where days are spoken of.
fn sum(low: &str) -> Option<(u32, u32)> {
    let word = low
        .split_whitespace()
        .map(|w| w.trim_matches(|c: char| !c.is_ascii_digit()))
        .find_map(|w| w.split_once('+'))?;
    let (fix, adopt) = (word.0.parse().ok()?, word.1.parse().ok()?);
    let plausible = |n: u32| (7..=365).contains(&n);
    (plausible(fix) && plausible(adopt) && low.contains("day")).then_some((fix, adopt))
}

/// "A status update every month, on the same day of the month."
fn updates(low: &str) -> Option<TimetableRule> {
    let about = any(low, &["update", "status", "inform"]) && low.contains("same day");
    let monthly = any(low, &["every month", "each month", "monthly"]);
    (about && monthly).then_some(TimetableRule::UpdateGrid { months: 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(low: &str) -> TimetableRule {
        let all = rules(low);
        assert_eq!(all.len(), 1, "{low}: {all:?}");
        all[0]
    }

    fn days(low: &str) -> Vec<u8> {
        match only(low) {
            TimetableRule::ReleaseDays { weekdays, .. } => weekdays.iso_days(),
            other => panic!("{low}: {other:?}"),
        }
    }

    #[test]
    fn days_of_the_week_as_people_write_them() {
        let said = "security advisories are published monday through thursday at 16:00 utc, not on fridays";
        assert_eq!(days(said), [1, 2, 3, 4]);
        assert_eq!(
            days("we publish advisories on mondays, tuesdays or wednesdays"),
            [1, 2, 3]
        );
        assert_eq!(
            days("security fixes are never released on a friday"),
            [1, 2, 3, 4]
        );
        assert_eq!(
            days("vulnerabilities are disclosed only monday-wednesday"),
            [1, 2, 3]
        );
        assert_eq!(
            days("disclosures are made public on a non-friday weekday"),
            [1, 2, 3, 4]
        );
        assert!(matches!(
            only(said),
            TimetableRule::ReleaseDays { time_utc: Some(t), .. } if t == Time::constant(16, 0, 0, 0)
        ));
    }

    #[test]
    fn office_hours_and_other_days_are_no_days_of_publication() {
        for low in [
            "we answer monday to friday",
            "our team reads mail on weekdays",
            "we meet on the second tuesday of each month",
            "new versions come on the first monday of every month",
            "a public mailing list is open to all for up to 14 days",
            "we fix within 90 days and publish",
        ] {
            assert_eq!(rules(low), [], "{low}");
        }
    }

    #[test]
    fn a_day_of_the_month_a_list_and_ninety_plus_thirty() {
        assert_eq!(
            only("security advisories are published on the second tuesday of each month at 10:00."),
            TimetableRule::MonthGrid {
                nth: 2,
                weekday: 2,
                time: Some(Time::constant(10, 0, 0, 0)),
            }
        );
        assert_eq!(
            only("the distributors list keeps an embargo for at most 10 days."),
            TimetableRule::ListMaximum {
                amount: 10,
                unit: TermUnit::Days,
            }
        );
        let plus = TimetableRule::FixPlus {
            fix_days: 90,
            adopt_days: 30,
            attacked_days: None,
        };
        assert_eq!(only("we follow a 90+30 day disclosure policy"), plus);
        assert_eq!(
            only(
                "if a fix is released within 90 days, details are published 30 days after the fix"
            ),
            plus
        );
        assert_eq!(
            only("you get a status update every month, on the same day of the month"),
            TimetableRule::UpdateGrid { months: 1 }
        );
    }
}
