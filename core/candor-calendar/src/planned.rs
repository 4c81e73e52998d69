//! Dates around a planned publication: lead times, allowed days with their
//! exceptions, and the longest embargo of a list.
//!
//! Deliberately absent: whether a fact (public, exploited) overrides the plan;
//! that is for whoever owns the case.

use jiff::Span;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use candor_base::Instant;

use crate::due::{Due, OutOfRange, due};
use crate::explain::table_ends;
use crate::rule::{Unit, Within};
use crate::run::checked_plus;
use crate::show::{clock, show_date};
use crate::workcal::{DayKind, HORIZON_DAYS, WorkCalendar, Workweek};

/// More reasons than this are not listed.
const MOST_REASONS: usize = 6;

/// The latest moment to act so long before a planned one. Hours are exact, days
/// are 24 hours; business days and months keep the wall time.
pub fn lead(
    amount: u32,
    unit: Unit,
    planned: Instant,
    calendar: &WorkCalendar,
) -> Result<Due, OutOfRange> {
    let at = lead_at(amount, unit, planned, calendar)?;
    let mut explanation = vec![
        format!("planned for {}", clock(planned, calendar)),
        format!("{} before", Within::new(amount, unit)),
        format!("due {}", clock(at, calendar)),
    ];
    if unit == Unit::BusinessDay {
        explanation.extend(table_ends(at, planned, calendar));
    }
    Ok(Due {
        at,
        plan_by: None,
        explanation,
    })
}

fn lead_at(
    amount: u32,
    unit: Unit,
    planned: Instant,
    calendar: &WorkCalendar,
) -> Result<Instant, OutOfRange> {
    let amount = i64::from(amount);
    let wall = calendar.zone.wall(planned);
    let date = match unit {
        Unit::Hour => return checked_plus(planned, -amount * 3_600),
        Unit::CalendarDay => return checked_plus(planned, -amount * 86_400),
        Unit::BusinessHour => return Err(OutOfRange::NotBackwards),
        Unit::BusinessDay => back(wall.date(), amount, calendar)?,
        Unit::Month => Span::new()
            .try_months(-amount)
            .and_then(|span| wall.date().checked_add(span))
            .map_err(|_| OutOfRange::TooFar)?,
    };
    if amount == 0 {
        return Ok(planned);
    }
    calendar
        .zone
        .at_wall(date, wall.time())
        .ok_or(OutOfRange::TooFar)
}

fn back(date: Date, amount: i64, calendar: &WorkCalendar) -> Result<Date, OutOfRange> {
    if amount > i64::from(HORIZON_DAYS) {
        return Err(OutOfRange::TooFar);
    }
    let mut day = date;
    for _ in 0..amount {
        let previous = calendar.previous_business_day(day);
        if previous == day {
            return Err(OutOfRange::TooFar);
        }
        day = previous;
    }
    Ok(day)
}

/// Local dates from the first to the last, both included: no releases then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FromTo", into = "FromTo")]
pub struct CutOut {
    first: Date,
    last: Date,
}

/// How a cut-out is written.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct FromTo {
    from: Date,
    to: Date,
}

/// Why two dates are no cut-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the days without releases end before they begin; write the first day, then the last")]
pub struct EndsBeforeItBegins;

impl CutOut {
    /// From the first date to the last, both included.
    pub fn new(first: Date, last: Date) -> Result<Self, EndsBeforeItBegins> {
        if last < first {
            return Err(EndsBeforeItBegins);
        }
        Ok(Self { first, last })
    }

    /// Whether a date lies in it.
    pub fn contains(self, date: Date) -> bool {
        (self.first..=self.last).contains(&date)
    }

    /// Its first and its last date.
    pub const fn dates(self) -> (Date, Date) {
        (self.first, self.last)
    }
}

impl TryFrom<FromTo> for CutOut {
    type Error = EndsBeforeItBegins;

    fn try_from(span: FromTo) -> Result<Self, EndsBeforeItBegins> {
        Self::new(span.from, span.to)
    }
}

impl From<CutOut> for FromTo {
    fn from(cut: CutOut) -> Self {
        Self {
            from: cut.first,
            to: cut.last,
        }
    }
}

/// The days and the hour at which a release may happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseDay {
    /// The time of the release in UTC.
    pub time_utc: Time,
    /// The ISO weekdays on which it may happen; holidays never count.
    pub allowed_weekdays: Workweek,
    /// Dates on which it may not happen at all, such as the end of the year.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cut_outs: Vec<CutOut>,
}

impl ReleaseDay {
    /// Why a release may not happen on a local date; `None` when it may.
    pub fn forbids(&self, date: Date, calendar: &WorkCalendar) -> Option<&'static str> {
        if self.cut_outs.iter().any(|c| c.contains(date)) {
            return Some("lies in days without releases");
        }
        match calendar.day(date) {
            DayKind::OwnHoliday | DayKind::PublicHoliday(..) => Some("is a holiday"),
            DayKind::Weekend => Some("is not a business day"),
            DayKind::Business | DayKind::Working(_) => {
                (!self.allowed_weekdays.contains(date.weekday()))
                    .then_some("is no weekday for releases")
            }
        }
    }
}

/// The latest allowed moment that is not after `latest`: a release moves earlier to
/// an allowed day and never past a promise.
pub fn release_day(
    rule: &ReleaseDay,
    latest: Instant,
    calendar: &WorkCalendar,
) -> Result<Due, OutOfRange> {
    let utc = crate::zone::Zone::utc();
    let mut day = utc.wall(latest).date();
    let mut explanation = vec![format!("not after {}", clock(latest, calendar))];
    for _ in 0..HORIZON_DAYS {
        if let Some(at) = utc.at_wall(day, rule.time_utc)
            && at <= latest
        {
            let local = calendar.local_date(at);
            match rule.forbids(local, calendar) {
                None => {
                    explanation.push(format!("due {}", clock(at, calendar)));
                    explanation.extend(table_ends(at, latest, calendar));
                    return Ok(Due {
                        at,
                        plan_by: None,
                        explanation,
                    });
                }
                Some(why) if explanation.len() <= MOST_REASONS => {
                    explanation.push(format!("{} {why}", show_date(local)));
                }
                Some(_) => {}
            }
        }
        day = day.yesterday().map_err(|_| OutOfRange::TooFar)?;
    }
    Err(OutOfRange::TooFar)
}

/// What a list with a longest embargo answers to a proposed date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListMax {
    /// The latest moment the list accepts.
    pub due: Due,
    /// Whether the proposed moment is accepted.
    pub accepted: bool,
    /// Whether it lies more than seven days after the notice, which the list
    /// would rather avoid.
    pub longer_than_a_week: bool,
    /// Whether it lies less than a day after the notice, too short to prepare.
    pub shorter_than_a_day: bool,
}

/// Checks a proposed publication against the longest embargo of a list.
pub fn list_max(
    rule: &Within,
    notice: Instant,
    proposed: Instant,
    calendar: &WorkCalendar,
) -> Result<ListMax, OutOfRange> {
    let mut due = due(rule, notice, calendar, &[])?;
    let accepted = proposed <= due.at;
    let length = proposed.seconds_since(notice);
    let longer_than_a_week = length > 7 * 86_400;
    let shorter_than_a_day = length < 86_400;
    let shown = clock(proposed, calendar);
    due.explanation.push(if !accepted {
        format!("{shown} is later than the list accepts")
    } else if longer_than_a_week {
        format!("{shown} is accepted, but the list would rather have seven days or fewer")
    } else if shorter_than_a_day {
        format!("{shown} leaves the list less than a day")
    } else {
        format!("{shown} is accepted")
    });
    Ok(ListMax {
        due,
        accepted,
        longer_than_a_week,
        shorter_than_a_day,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn a_lead_time_counts_back() {
        let mut calendar = WorkCalendar::utc_mon_fri();
        calendar.holidays.insert("2026-12-07".parse().unwrap());
        let planned = at("2026-12-08T16:00:00Z");
        let back = |n, unit| lead(n, unit, planned, &calendar).map(|due| due.at);
        assert_eq!(back(24, Unit::Hour), Ok(at("2026-12-07T16:00:00Z")));
        assert_eq!(back(7, Unit::CalendarDay), Ok(at("2026-12-01T16:00:00Z")));
        assert_eq!(back(2, Unit::BusinessDay), Ok(at("2026-12-03T16:00:00Z")));
        assert_eq!(back(1, Unit::Month), Ok(at("2026-11-08T16:00:00Z")));
        assert_eq!(back(0, Unit::BusinessDay), Ok(planned));
        assert_eq!(back(1, Unit::BusinessHour), Err(OutOfRange::NotBackwards));
        for unit in [
            Unit::Hour,
            Unit::CalendarDay,
            Unit::BusinessDay,
            Unit::Month,
        ] {
            assert_eq!(back(u32::MAX, unit), Err(OutOfRange::TooFar), "{unit:?}");
        }
    }

    #[test]
    fn a_release_moves_to_an_earlier_allowed_day() {
        let mut calendar = WorkCalendar::utc_mon_fri();
        calendar.holidays.insert("2026-11-26".parse().unwrap());
        let mut rule = ReleaseDay {
            time_utc: Time::constant(16, 0, 0, 0),
            allowed_weekdays: Workweek::new(&[1, 2, 3, 4]).unwrap(),
            cut_outs: Vec::new(),
        };
        let release_day = |rule: &ReleaseDay, latest, calendar: &WorkCalendar| {
            super::release_day(rule, latest, calendar).map(|due| due.at)
        };
        // Friday is not allowed, Thursday is a holiday.
        assert_eq!(
            release_day(&rule, at("2026-11-27T20:00:00Z"), &calendar),
            Ok(at("2026-11-25T16:00:00Z"))
        );
        assert_eq!(
            release_day(&rule, at("2026-11-25T16:00:00Z"), &calendar),
            Ok(at("2026-11-25T16:00:00Z"))
        );
        assert_eq!(
            release_day(&rule, at("2026-11-25T15:59:59Z"), &calendar),
            Ok(at("2026-11-24T16:00:00Z"))
        );
        // In Tokyo it is already Thursday at 16:00 UTC on Wednesday.
        calendar.zone = "Asia/Tokyo".parse().unwrap();
        assert_eq!(
            release_day(&rule, at("2026-11-25T16:00:00Z"), &calendar),
            Ok(at("2026-11-24T16:00:00Z"))
        );
        let sundays = ReleaseDay {
            allowed_weekdays: Workweek::new(&[7]).unwrap(),
            ..rule.clone()
        };
        assert_eq!(
            release_day(&sundays, at("2026-11-25T16:00:00Z"), &calendar),
            Err(OutOfRange::TooFar)
        );
        // From the 24th on nothing is released.
        rule.cut_outs = vec![cut("2026-11-24", "2026-11-30")];
        assert_eq!(
            release_day(&rule, at("2026-11-27T20:00:00Z"), &calendar),
            Ok(at("2026-11-22T16:00:00Z")),
            "Monday in Tokyo"
        );
    }

    fn cut(first: &str, last: &str) -> CutOut {
        CutOut::new(first.parse().unwrap(), last.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_release_day_says_why_others_were_not() {
        let mut calendar = WorkCalendar::utc_mon_fri();
        calendar.regions = ["US".parse().unwrap()].into();
        let text = r#"{"time_utc":"16:00","allowed_weekdays":[1,2,3,4],
            "cut_outs":[{"from":"2026-11-24","to":"2026-11-25"}]}"#;
        let rule: ReleaseDay = serde_json::from_str(text).unwrap();
        let due = release_day(&rule, at("2026-11-28T20:00:00Z"), &calendar).unwrap();
        assert_eq!(
            due.explanation,
            [
                "not after Sat 28 Nov 2026 20:00:00 UTC",
                "Sat 28 Nov 2026 is not a business day",
                "Fri 27 Nov 2026 is no weekday for releases",
                "Thu 26 Nov 2026 is a holiday",
                "Wed 25 Nov 2026 lies in days without releases",
                "Tue 24 Nov 2026 lies in days without releases",
                "due Mon 23 Nov 2026 16:00:00 UTC"
            ]
        );
        let mut long = rule;
        long.cut_outs = vec![cut("2026-11-02", "2026-11-25")];
        let due = release_day(&long, at("2026-11-28T20:00:00Z"), &calendar).unwrap();
        assert_eq!(due.at, at("2026-10-29T16:00:00Z"));
        assert_eq!(due.explanation.len(), 8, "a long list of reasons is cut");
        assert_eq!(long.cut_outs[0].dates().1.to_string(), "2026-11-25");
        let json = serde_json::to_string(&long).unwrap();
        assert_eq!(serde_json::from_str::<ReleaseDay>(&json).unwrap(), long);
        let wrong = r#"{"from":"2026-11-24","to":"2026-11-23"}"#;
        assert!(serde_json::from_str::<CutOut>(wrong).is_err());
    }

    #[test]
    fn a_list_accepts_up_to_its_longest_embargo_and_warns_above_a_week() {
        let calendar = WorkCalendar::utc_mon_fri();
        let notice = at("2026-10-01T12:00:00Z");
        let ask = |days: i64, more: i64| {
            let proposed = notice.plus_seconds(days * 86_400 + more);
            let answer = list_max(&Within::hours(336), notice, proposed, &calendar).unwrap();
            let words = answer.due.explanation.last().cloned().unwrap();
            let note = match (answer.longer_than_a_week, answer.shorter_than_a_day) {
                (true, false) => "long",
                (false, true) => "short",
                (false, false) => "",
                (true, true) => unreachable!(),
            };
            assert_eq!(words.contains("later than"), !answer.accepted);
            assert_eq!(words.contains("less than a day"), note == "short");
            assert_eq!(
                words.contains("seven days or fewer"),
                answer.accepted && note == "long"
            );
            (answer.accepted, note)
        };
        assert_eq!(ask(1, -1), (true, "short"));
        assert_eq!(ask(1, 0), (true, ""));
        assert_eq!(ask(7, 0), (true, ""));
        assert_eq!(ask(7, 1), (true, "long"));
        assert_eq!(ask(14, 0), (true, "long"));
        assert_eq!(ask(14, 1), (false, "long"));
    }
}
