//! What happens on the way: updates, ratings, extensions, warnings, lateness, notes.

use std::collections::BTreeMap;

use candor_calendar::{Pause, Unit, Within};

use crate::days::Days;
use crate::walk::{due, window};

/// What became of a recurring clock.
#[derive(Debug, PartialEq, Eq)]
pub struct Course {
    /// Every due instant, the last one ahead.
    pub all: Vec<i64>,
    /// Those that passed in silence.
    pub missed: Vec<i64>,
}

/// Follows a recurring clock event by event; the end of the look is the last event.
pub fn recurring(
    rule: &Within,
    anchor: i64,
    updates: &[i64],
    until: i64,
    days: &Days<'_>,
    pauses: &[Pause],
) -> Course {
    let mut events: Vec<(i64, bool)> = updates
        .iter()
        .filter(|u| anchor <= **u && **u <= until)
        .map(|u| (*u, true))
        .collect();
    events.push((until, false));
    events.sort_by_key(|(at, update)| (*at, !*update));
    let first = later(rule, anchor, days, pauses);
    let mut course = Course {
        all: vec![first],
        missed: Vec::new(),
    };
    let mut ahead = first;
    for (at, is_update) in events {
        while ahead < at {
            course.missed.push(ahead);
            ahead = later(rule, ahead, days, pauses);
            course.all.push(ahead);
        }
        if is_update {
            ahead = later(rule, at, days, pauses);
            course.all.push(ahead);
        }
    }
    course.all.dedup();
    course
}

/// The next end of a period after its beginning; a date that never was is none.
fn later(rule: &Within, begin: i64, days: &Days<'_>, pauses: &[Pause]) -> i64 {
    let mut longer = rule.clone();
    let mut end = due(&longer, begin, days, pauses);
    while end <= begin {
        longer.amount += 1;
        end = due(&longer, begin, days, pauses);
    }
    end
}

/// The due instant after ratings in order: now, and the earlier promise beside it.
pub fn severity(
    table: &BTreeMap<String, Within>,
    hours: i64,
    ratings: &[(String, i64)],
    anchor: i64,
    days: &Days<'_>,
) -> Option<(i64, Option<i64>)> {
    let mut now: Option<(i64, Option<i64>)> = None;
    let mut word: Option<&String> = None;
    for (value, at) in ratings {
        if word == Some(value) {
            continue;
        }
        let first = word.is_none();
        word = Some(value);
        let before = now;
        now = None;
        if let Some(rule) = table.get(value) {
            let counted = due(rule, anchor, days, &[]);
            let soonest = at + hours * 3_600;
            let at = if first || counted > soonest {
                counted
            } else {
                soonest
            };
            let promise = before.map(|(due, original)| original.unwrap_or(due));
            now = Some((at, promise.filter(|old| *old < at)));
        }
    }
    now
}

/// The last moment at which no more than so many percent have passed, by halving.
pub fn share(anchor: i64, due: i64, percent: i64) -> i64 {
    let whole = i128::from(due - anchor);
    if whole <= 0 {
        return due;
    }
    let (mut low, mut high) = (anchor, due);
    while low < high {
        let middle = low + (high - low + 1) / 2;
        if i128::from(middle - anchor) * 100 <= whole * i128::from(percent) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// The same in duty hours for a business clock: second by second, then minute by
/// minute back, as long as it stays behind the anchor.
pub fn on_duty(rule: &Within, anchor: i64, due: i64, percent: i64, days: &Days<'_>) -> i64 {
    let exact = share(anchor, due, percent);
    if !matches!(rule.unit, Unit::BusinessDay | Unit::BusinessHour) {
        return exact;
    }
    let (from, to) = window(rule);
    let on_duty = |t: i64| {
        let time = days.wall.time(t);
        days.works(days.wall.date(t)) && from <= time && time < to
    };
    let mut t = exact;
    while t > anchor && !on_duty(t) {
        t -= if t.rem_euclid(60) == 59 { 60 } else { 1 };
    }
    if t > anchor { t } else { exact }
}

/// How late: seconds, and days of work after the day it was due.
pub fn lateness(due: i64, done: i64, days: &Days<'_>) -> (i64, i64) {
    if done <= due {
        return (0, 0);
    }
    let (first, last) = (days.wall.date(due) + 1, days.wall.date(done));
    (done - due, days.count(first, last))
}

/// The day of work to plan for, when the due day is none.
pub fn plan_by(anchor: i64, due: i64, days: &Days<'_>) -> Option<i64> {
    let day = days.wall.date(due);
    if days.works(day) {
        return None;
    }
    let before = days.previous(day);
    (before >= days.wall.date(anchor)).then_some(before)
}

/// How long European law would still give: the first day on which all its conditions hold.
pub fn legal_latest(rule: &Within, anchor: i64, due: i64, days: &Days<'_>) -> Option<i64> {
    let two = match rule.unit {
        Unit::CalendarDay => rule.amount >= 2,
        Unit::Month => rule.amount >= 1,
        _ => return None,
    };
    let first = days.wall.date(anchor) + 1;
    let due_day = days.wall.date(due);
    let mut day = due_day;
    while !days.works(day) || (two && days.count(first, day) < 2) {
        day += 1;
    }
    (day > due_day).then(|| days.wall.end_of(day))
}
