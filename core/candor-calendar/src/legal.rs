//! How European law would count the same period, as a note.
//!
//! Source: Regulation (EEC, Euratom) 1182/71, Article 3 (4) and (5): a period not
//! in hours whose last day is a holiday, a Sunday or a Saturday ends with the next
//! working day; one of two days or more holds at least two working days.
//!
//! Deliberately absent: using it. A promise stays due when it is due; this only
//! says what a court might still accept (`domain.md` 3.2).

use candor_base::Instant;

use crate::due::OutOfRange;
use crate::rule::{Unit, Within};
use crate::run::end_of;
use crate::workcal::WorkCalendar;

/// The end of the period by that Regulation, when it is later than the due instant.
/// The calendar's days off stand for its Saturdays, Sundays and holidays.
pub fn legal_latest(
    rule: &Within,
    anchor: Instant,
    due: Instant,
    calendar: &WorkCalendar,
) -> Result<Option<Instant>, OutOfRange> {
    let long = match rule.unit {
        // Hours run to their end, and business days end on one.
        Unit::Hour | Unit::BusinessHour | Unit::BusinessDay => return Ok(None),
        Unit::CalendarDay => rule.amount >= 2,
        Unit::Month => rule.amount >= 1,
    };
    let day0 = calendar.local_date(anchor);
    let mut last = calendar.local_date(due);
    let day_after = |date: jiff::civil::Date| date.tomorrow().map_err(|_| OutOfRange::TooFar);
    let mut working = calendar.business_days_between(day_after(day0)?, day_after(last)?);
    while !calendar.is_business_day(last) || (long && working < 2) {
        last = calendar.next_business_day(last).ok_or(OutOfRange::TooFar)?;
        working = working.saturating_add(1);
    }
    let at = end_of(last, calendar)?;
    Ok((at > due && last > calendar.local_date(due)).then_some(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::due::due;

    fn latest(rule: &Within, anchor: &str) -> Option<String> {
        let mut calendar = WorkCalendar::utc_mon_fri();
        calendar.holidays.insert("2026-12-25".parse().unwrap());
        let anchor = anchor.parse().unwrap();
        let at = due(rule, anchor, &calendar, &[]).unwrap().at;
        let latest = legal_latest(rule, anchor, at, &calendar).unwrap();
        latest.map(|at| at.to_string())
    }

    #[test]
    fn a_period_that_ends_on_a_free_day_runs_to_the_next_working_day() {
        let days = Within::calendar_days;
        // 14 days from Fri 11 Dec end on Christmas Day, a Friday.
        assert_eq!(
            latest(&days(14), "2026-12-11T10:00:00Z").as_deref(),
            Some("2026-12-28T23:59:59Z")
        );
        assert_eq!(latest(&days(14), "2026-12-08T10:00:00Z"), None);
        let month = Within::months(1);
        assert_eq!(
            latest(&month, "2026-11-26T10:00:00Z").as_deref(),
            Some("2026-12-28T23:59:59Z")
        );
        assert_eq!(latest(&Within::hours(24), "2026-12-18T10:00:00Z"), None);
        assert_eq!(
            latest(&Within::business_days(1), "2026-12-18T10:00:00Z"),
            None
        );
    }

    #[test]
    fn two_days_or_more_hold_two_working_days() {
        // Friday plus three days ends on Monday, with one working day in it.
        assert_eq!(
            latest(&Within::calendar_days(3), "2026-12-18T10:00:00Z").as_deref(),
            Some("2026-12-22T23:59:59Z")
        );
        assert_eq!(
            latest(&Within::calendar_days(2), "2026-12-18T10:00:00Z").as_deref(),
            Some("2026-12-22T23:59:59Z")
        );
        assert_eq!(
            latest(&Within::calendar_days(1), "2026-12-18T10:00:00Z").as_deref(),
            Some("2026-12-21T23:59:59Z"),
            "one day is not two"
        );
    }

    #[test]
    fn an_end_to_the_second_is_not_later_on_the_same_day() {
        let elapsed = Within::calendar_days(14).elapsed();
        assert_eq!(latest(&elapsed, "2026-12-08T10:00:00Z"), None);
        assert_eq!(
            latest(&elapsed, "2026-12-05T10:00:00Z").as_deref(),
            Some("2026-12-21T23:59:59Z")
        );
    }
}
