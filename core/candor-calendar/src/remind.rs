//! When a calendar program reminds a team of something that falls due.
//!
//! Invariants: a reminder comes as work begins, on a business day, after the clock
//! started and before it is due; only where no such moment is left, it comes at
//! another hour. The warnings of Candor itself are counted elsewhere (`warn`).

use jiff::civil::Time;

use candor_base::Instant;

use crate::due::plan_by;
use crate::workcal::WorkCalendar;

/// With no business morning left: so long before, in seconds.
const LAST: i64 = 4 * 3_600;

/// As work begins on the business day before the one to plan for, and on that day
/// itself. `begins` is the local time at which work begins.
pub fn reminders(
    due: Instant,
    anchor: Instant,
    calendar: &WorkCalendar,
    begins: Time,
) -> Vec<Instant> {
    let date = calendar.local_date(due);
    let day = plan_by(due, anchor, calendar).unwrap_or(date);
    let fits = |at: &Instant| *at > anchor && *at < due;
    let mut out: Vec<Instant> = [calendar.previous_business_day(day), day]
        .into_iter()
        .filter(|day| calendar.is_business_day(*day))
        .filter_map(|day| calendar.at(day, begins))
        .filter(fits)
        .collect();
    if out.is_empty() {
        out.extend(Some(due.plus_seconds(-LAST)).filter(fits));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(due: &str, anchor: &str) -> Vec<String> {
        let mut calendar = WorkCalendar::utc_mon_fri();
        calendar.holidays.insert("2027-01-01".parse().unwrap());
        let begins = Time::constant(8, 30, 0, 0);
        reminders(
            due.parse().unwrap(),
            anchor.parse().unwrap(),
            &calendar,
            begins,
        )
        .iter()
        .map(ToString::to_string)
        .collect()
    }

    #[test]
    fn reminders_come_as_work_begins_on_two_business_days() {
        // Friday 1 January is free: plan for Thursday, and know on Wednesday.
        assert_eq!(
            texts("2027-01-01T23:59:59Z", "2026-12-18T10:00:00Z"),
            ["2026-12-30T08:30:00Z", "2026-12-31T08:30:00Z"]
        );
        // Due on Monday before work begins: Friday morning is the last one.
        assert_eq!(
            texts("2026-12-21T07:00:00Z", "2026-12-10T10:00:00Z"),
            ["2026-12-18T08:30:00Z"]
        );
        // The day before had begun when the clock started.
        assert_eq!(
            texts("2026-12-15T09:00:00Z", "2026-12-14T09:00:00Z"),
            ["2026-12-15T08:30:00Z"]
        );
    }

    #[test]
    fn without_a_business_morning_the_reminder_comes_all_the_same() {
        // Two days over a weekend, and an hour at night.
        assert_eq!(
            texts("2026-12-20T18:00:00Z", "2026-12-18T18:00:00Z"),
            ["2026-12-20T14:00:00Z"]
        );
        assert!(texts("2026-12-20T03:00:00Z", "2026-12-20T02:00:00Z").is_empty());
    }
}
