//! A moment in words: in the zone of the policy, and in UTC.

use jiff::civil::Date;

use candor_base::Instant;

use crate::workcal::WorkCalendar;

/// `Tue 5 Jan 2027, 23:59:59 America/New_York (2027-01-06 04:59:59 UTC)`;
/// in UTC just `Tue 19 May 2026, 23:59:59 UTC`.
pub fn show(at: Instant, calendar: &WorkCalendar) -> String {
    let wall = calendar.zone.wall(at);
    let local = wall.strftime("%a %-d %b %Y, %H:%M:%S");
    if calendar.zone.is_utc() {
        format!("{local} UTC")
    } else {
        let utc = at.timestamp().strftime("%Y-%m-%d %H:%M:%S");
        format!("{local} {} ({utc} UTC)", calendar.zone)
    }
}

/// `Tue 5 Jan 2027`.
pub fn show_date(date: Date) -> String {
    date.strftime("%a %-d %b %Y").to_string()
}

/// `2026-03-29T16:10:00+02:00`: local time with its offset from UTC, for machines.
pub fn show_with_offset(at: Instant, calendar: &WorkCalendar) -> String {
    let wall = calendar.zone.wall(at);
    let offset = calendar.zone.offset_seconds(at);
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset.abs() / 3_600, offset.abs() % 3_600 / 60);
    format!(
        "{}{sign}{hours:02}:{minutes:02}",
        wall.strftime("%Y-%m-%dT%H:%M:%S")
    )
}

/// `Tue 5 Jan 2027 23:59:59 America/New_York`, for the explanation.
pub(crate) fn clock(at: Instant, calendar: &WorkCalendar) -> String {
    let wall = calendar.zone.wall(at);
    format!(
        "{} {}",
        wall.strftime("%a %-d %b %Y %H:%M:%S"),
        calendar.zone
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_shown_in_the_policy_zone_and_once_in_utc() {
        let mut calendar = WorkCalendar::utc_mon_fri();
        let at: Instant = "2027-01-06T04:59:59Z".parse().unwrap();
        assert_eq!(show(at, &calendar), "Wed 6 Jan 2027, 04:59:59 UTC");
        calendar.zone = "America/New_York".parse().unwrap();
        assert_eq!(
            show(at, &calendar),
            "Tue 5 Jan 2027, 23:59:59 America/New_York (2027-01-06 04:59:59 UTC)"
        );
        assert_eq!(show_with_offset(at, &calendar), "2027-01-05T23:59:59-05:00");
        assert_eq!(show_date(calendar.local_date(at)), "Tue 5 Jan 2027");
    }
}
