//! Moments in words, and words that people type as moments.
//!
//! Invariant: what is shown stands in the policy's zone and in UTC; what is
//! typed is read in the policy's zone.

use candor_base::Instant;
use candor_calendar::WorkCalendar;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZoneDatabase;

/// A date and time typed in the policy's zone. A time the clocks skip moves on
/// by what they skip; of one shown twice the first is taken.
pub(crate) fn typed(date: &str, time: &str, calendar: &WorkCalendar) -> Result<Instant, String> {
    let date: Date = date
        .trim()
        .parse()
        .map_err(|_| "Write the date like 2026-12-31.".to_owned())?;
    let time = if time.trim().is_empty() {
        Time::midnight()
    } else {
        typed_time(time.trim()).ok_or_else(|| "Write the time like 14:00.".to_owned())?
    };
    let zone = TimeZoneDatabase::bundled()
        .get(calendar.zone.name())
        .map_err(|_| "The zone of this policy is not known here any more.".to_owned())?;
    zone.to_ambiguous_timestamp(date.to_datetime(time))
        .compatible()
        .map(Instant::from)
        .map_err(|_| "This moment lies outside the calendar.".to_owned())
}

fn typed_time(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let (hour, minute, rest) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() || rest.is_some_and(|s| s.parse::<i8>() != Ok(0)) {
        return None;
    }
    let two = |t: &str| (1..=2).contains(&t.len()).then(|| t.parse::<i8>().ok())?;
    Time::new(two(hour)?, two(minute)?, 0, 0).ok()
}

/// The year on the wall at a moment.
pub(crate) fn year(at: Instant, calendar: &WorkCalendar) -> i16 {
    calendar.local_date(at).year()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_moments_are_read_in_the_policy_zone() {
        let mut calendar = WorkCalendar::utc_mon_fri();
        calendar.zone = "Europe/Oslo".parse().unwrap();
        let at = typed("2026-12-31", "14:00", &calendar).unwrap();
        assert_eq!(at.to_string(), "2026-12-31T13:00:00Z");
        assert!(typed("31.12.2026", "14:00", &calendar).is_err());
        assert!(typed("2026-12-31", "2 pm", &calendar).is_err());
        assert!(typed("2026-12-31", "25:00", &calendar).is_err());
        assert_eq!(typed("2026-12-31", "14:00:00", &calendar), Ok(at));
        let start = typed("2026-12-31", "", &calendar).unwrap();
        assert_eq!(start.to_string(), "2026-12-30T23:00:00Z");
        // The clocks skip 02:00 to 03:00 on this day.
        let skipped = typed("2026-03-29", "02:30", &calendar).unwrap();
        assert_eq!(skipped.to_string(), "2026-03-29T01:30:00Z");
    }
}
