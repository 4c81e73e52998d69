//! The words that say how a due instant was counted.
//!
//! Invariant: built only from what the counting met, so the words cannot say
//! something other than the sum.

use jiff::civil::Date;

use candor_base::Instant;

use crate::rule::{Mode, Unit, Within};
use crate::run::{Moved, Trail};
use crate::show::{clock, show_date};
use crate::workcal::WorkCalendar;

/// More dates than this are not listed one by one.
const LISTED: usize = 6;

pub(crate) fn words(
    rule: &Within,
    anchor: Instant,
    at: Instant,
    trail: &Trail,
    waited_seconds: i64,
    plan_by: Option<Date>,
    calendar: &WorkCalendar,
) -> Vec<String> {
    let mut out = Vec::new();
    match trail.day0 {
        Some(day0) => day_zero(day0, anchor, trail, calendar, &mut out),
        None => from_when(rule, anchor, at, calendar, &mut out),
    }
    match trail.holidays.as_slice() {
        [] => {}
        [one] => out.push(format!("{} is a holiday", short(*one))),
        many => out.push(format!("{} are holidays", list(many))),
    }
    match trail.extra_days.as_slice() {
        [] => {}
        [one] => out.push(format!("{} is a working day here", show_date(*one))),
        many => out.push(format!("{} are working days here", list(many))),
    }
    match trail.waited.as_slice() {
        [] if waited_seconds > 0 && trail.day0.is_none() => out.push(format!(
            "it stood still for {} while waiting for the reporter",
            span(waited_seconds)
        )),
        [] => {}
        [one] => out.push(format!(
            "{} does not count: waiting for the reporter",
            short(*one)
        )),
        many => out.push(format!(
            "{} do not count: waiting for the reporter",
            list(many)
        )),
    }
    out.push(format!("due {}", clock(at, calendar)));
    if let Some(day) = plan_by {
        out.push(format!(
            "{} is not a business day: plan for {}",
            show_date(calendar.local_date(at)),
            show_date(day)
        ));
    }
    out
}

fn day_zero(
    day0: Date,
    anchor: Instant,
    trail: &Trail,
    calendar: &WorkCalendar,
    out: &mut Vec<String>,
) {
    let real = show_date(calendar.local_date(anchor));
    match trail.moved {
        None => {}
        Some(Moved::Cutoff(time)) => out.push(format!(
            "{real} was past the cut-off at {}",
            time.strftime("%H:%M")
        )),
        Some(Moved::NonBusiness) => out.push(format!("{real} is not a business day")),
    }
    out.push(format!("day 0 is {}", show_date(day0)));
}

fn from_when(
    rule: &Within,
    anchor: Instant,
    at: Instant,
    calendar: &WorkCalendar,
    out: &mut Vec<String>,
) {
    out.push(format!("counts from {}", clock(anchor, calendar)));
    let (from, to) = rule.window();
    match rule.unit {
        Unit::Hour => out.push(format!("{rule}, nights, weekends and holidays included")),
        Unit::CalendarDay => out.push(format!("{rule} of 24 hours each")),
        Unit::BusinessDay => out.push(format!("{rule} of 24 hours each, only business days run")),
        Unit::BusinessHour => out.push(format!(
            "{rule}, between {} and {} on business days",
            from.strftime("%H:%M"),
            to.strftime("%H:%M")
        )),
        Unit::Month => out.push(format!("{rule}, the same day number and the same time")),
    }
    let change = calendar.zone.offset_seconds(at) - calendar.zone.offset_seconds(anchor);
    if change != 0 && rule.mode == Mode::Elapsed && rule.unit != Unit::Month {
        let way = if change > 0 { "forward" } else { "back" };
        let by = span(i64::from(change).abs());
        out.push(format!("the clocks go {way} by {by} in between"));
    }
}

/// `25 Dec`.
fn short(date: Date) -> String {
    date.strftime("%-d %b").to_string()
}

/// `25 Dec, 26 Dec and 1 Jan`.
fn list(dates: &[Date]) -> String {
    let (shown, rest) = dates.split_at_checked(LISTED).unwrap_or((dates, &[]));
    let mut words: Vec<String> = shown.iter().map(|d| short(*d)).collect();
    let last = if rest.is_empty() {
        words.pop()
    } else {
        Some(format!("{} more days", rest.len()))
    };
    match (words.is_empty(), last) {
        (true, last) => last.unwrap_or_default(),
        (false, None) => words.join(", "),
        (false, Some(last)) => format!("{} and {last}", words.join(", ")),
    }
}

/// `12 h 30 min`; days from two days on.
fn span(seconds: i64) -> String {
    let (days, rest) = if seconds >= 2 * 86_400 {
        (seconds / 86_400, seconds % 86_400)
    } else {
        (0, seconds)
    };
    let parts = [
        (days, "days"),
        (rest / 3_600, "h"),
        (rest % 3_600 / 60, "min"),
        (rest % 60, "s"),
    ];
    parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, unit)| format!("{n} {unit}"))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_lists_read_like_a_person_wrote_them() {
        assert_eq!(span(45_000), "12 h 30 min");
        assert_eq!(span(2 * 86_400 + 61), "2 days 1 min 1 s");
        let days: Vec<Date> = (1..=8).map(|d| Date::constant(2026, 4, d)).collect();
        assert_eq!(list(&days[..1]), "1 Apr");
        assert_eq!(list(&days[..2]), "1 Apr and 2 Apr");
        assert_eq!(list(&days[..3]), "1 Apr, 2 Apr and 3 Apr");
        assert_eq!(
            list(&days),
            "1 Apr, 2 Apr, 3 Apr, 4 Apr, 5 Apr, 6 Apr and 2 more days"
        );
    }
}
