//! The words that say how a due instant was counted.
//!
//! Invariant: built only from what the counting met, so the words cannot say
//! something other than the sum.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};

use candor_base::Instant;

use crate::regions::{Region, holiday_table};
use crate::rule::{Mode, Unit, Within};
use crate::run::{Moved, Trail};
use crate::show::{clock, show_date};
use crate::workcal::{DayKind, WorkCalendar};

/// More dates than this are not listed one by one.
const LISTED: usize = 6;

/// What the counting met, beside rule and calendar.
pub(crate) struct Met<'a> {
    /// The way of the counting.
    pub(crate) trail: &'a Trail,
    /// Seconds waited before the due instant.
    pub(crate) waited_seconds: i64,
    /// Whether a pause was cut at the cap.
    pub(crate) capped: bool,
    /// The business day to plan for.
    pub(crate) plan_by: Option<Date>,
}

pub(crate) fn words(
    rule: &Within,
    anchor: Instant,
    at: Instant,
    met: &Met<'_>,
    calendar: &WorkCalendar,
) -> Vec<String> {
    let trail = met.trail;
    let mut out = Vec::new();
    match trail.day0 {
        Some(day0) => {
            day_zero(day0, anchor, trail, calendar, &mut out);
            let change = change_between(anchor, at, calendar)
                .filter(|_| clocks_at_the_end(rule, at, calendar).is_none());
            out.extend(change.map(|words| format!("{words}; days end by the clock on the wall")));
        }
        None => from_when(rule, anchor, at, calendar, &mut out),
    }
    special_days(&trail.special, &mut out);
    waiting(met, &mut out);
    out.push(format!("due {}", clock(at, calendar)));
    out.extend(clocks_at_the_end(rule, at, calendar));
    if let Some(day) = met.plan_by {
        out.push(format!(
            "{} is not a business day: plan for {}",
            show_date(calendar.local_date(at)),
            show_date(day)
        ));
    }
    if rule.is_business() {
        out.extend(table_ends(anchor, at, calendar));
    }
    out
}

/// Holidays and working weekends, each with the region that says so.
fn special_days(special: &[(Date, DayKind)], out: &mut Vec<String>) {
    let mut groups: BTreeMap<(bool, Option<Region>), Vec<String>> = BTreeMap::new();
    for (date, kind) in special {
        let (key, text) = match kind {
            DayKind::PublicHoliday(region, name) => {
                ((false, Some(*region)), format!("{} ({name})", short(*date)))
            }
            DayKind::OwnHoliday => ((false, None), short(*date)),
            DayKind::Working(by) => ((true, *by), show_date(*date)),
            DayKind::Business | DayKind::Weekend => continue,
        };
        groups.entry(key).or_default().push(text);
    }
    for ((works, region), days) in groups {
        let what = match (works, days.len()) {
            (false, 1) => "is a holiday",
            (false, _) => "are holidays",
            (true, 1) => "is a working day",
            (true, _) => "are working days",
        };
        let place = match region {
            Some(region) => format!(" in {}", region.name()),
            None if works => " here".to_owned(),
            None => String::new(),
        };
        out.push(format!("{} {what}{place}", list(&days)));
    }
}

fn waiting(met: &Met<'_>, out: &mut Vec<String>) {
    let trail = met.trail;
    let days: Vec<String> = trail.waited.iter().map(|d| short(*d)).collect();
    match days.as_slice() {
        [] if met.waited_seconds > 0 && trail.day0.is_none() => out.push(format!(
            "it stood still for {} while waiting for the reporter",
            span(met.waited_seconds)
        )),
        [] => {}
        [one] => out.push(format!("{one} does not count: waiting for the reporter")),
        many => out.push(format!(
            "{} do not count: waiting for the reporter",
            list(many)
        )),
    }
    if met.capped {
        out.push("more than thirty days of waiting do not count".to_owned());
    }
}

/// When the clocks change in the night in which a day ends, the reader is told
/// which second is meant.
fn clocks_at_the_end(rule: &Within, at: Instant, calendar: &WorkCalendar) -> Option<String> {
    let wall = calendar.zone.wall(at);
    let next = calendar.zone.wall(at.plus_seconds(1));
    let ordinary = wall.time() == Time::constant(23, 59, 59, 0)
        && next.time() == Time::midnight()
        && calendar.zone.at_wall(wall.date(), wall.time()) == Some(at);
    (rule.mode == Mode::EndOfDay && !ordinary).then(|| {
        format!(
            "the clocks change in that night: the day ends at {} UTC",
            at.timestamp().strftime("%Y-%m-%d %H:%M:%S")
        )
    })
}

/// That public holidays beyond the table are not known.
pub(crate) fn table_ends(from: Instant, to: Instant, calendar: &WorkCalendar) -> Option<String> {
    if calendar.regions.is_empty() {
        return None;
    }
    let table = holiday_table();
    if calendar.local_date(to).year() > table.last_year {
        Some(format!(
            "the table of public holidays ends with {}: later ones are not counted",
            table.last_year
        ))
    } else if calendar.local_date(from).year() < table.first_year {
        Some(format!(
            "the table of public holidays begins with {}: earlier ones are not counted",
            table.first_year
        ))
    } else {
        None
    }
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
    let by_wall = rule.mode == Mode::EndOfDay || rule.unit == Unit::Month;
    let change = change_between(anchor, at, calendar);
    out.extend(change.filter(|_| !by_wall));
}

/// The change of the clocks between two moments, where they differ in the end.
fn change_between(from: Instant, to: Instant, calendar: &WorkCalendar) -> Option<String> {
    let change = calendar.zone.offset_seconds(to) - calendar.zone.offset_seconds(from);
    let way = if change > 0 { "forward" } else { "back" };
    let by = span(i64::from(change).abs());
    (change != 0).then(|| format!("the clocks go {way} by {by} in between"))
}

/// `25 Dec`.
fn short(date: Date) -> String {
    date.strftime("%-d %b").to_string()
}

/// `25 Dec, 26 Dec and 1 Jan`.
fn list(days: &[String]) -> String {
    let (shown, rest) = days.split_at_checked(LISTED).unwrap_or((days, &[]));
    let mut words = shown.to_vec();
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
        let days: Vec<String> = (1..=8).map(|d| short(Date::constant(2026, 4, d))).collect();
        assert_eq!(list(&days[..1]), "1 Apr");
        assert_eq!(list(&days[..2]), "1 Apr and 2 Apr");
        assert_eq!(list(&days[..3]), "1 Apr, 2 Apr and 3 Apr");
        assert_eq!(
            list(&days),
            "1 Apr, 2 Apr, 3 Apr, 4 Apr, 5 Apr, 6 Apr and 2 more days"
        );
    }
}
