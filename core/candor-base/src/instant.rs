//! A moment in time, in whole seconds of UTC.
//!
//! Invariant: no fraction of a second survives construction, so that
//! `done <= due` never turns on a millisecond (domain rule K3).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment in UTC, truncated to whole seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(jiff::Timestamp);

/// Why a text or number is no instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a moment in time; write it like 2026-11-22T10:00:00Z")]
pub struct InstantError(String);

impl Instant {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn from_unix(seconds: i64) -> Result<Self, InstantError> {
        jiff::Timestamp::from_second(seconds)
            .map(Self)
            .map_err(|_| InstantError(seconds.to_string()))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix(self) -> i64 {
        self.0.as_second()
    }

    /// The same moment, as the time library writes it.
    pub fn timestamp(self) -> jiff::Timestamp {
        self.0
    }

    /// This moment moved by so many seconds, held inside the calendar's range.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_unix(self.unix().saturating_add(seconds)).unwrap_or(self)
    }

    /// Seconds from `earlier` to this moment; negative when it lies before.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.unix().saturating_sub(earlier.unix())
    }
}

impl From<jiff::Timestamp> for Instant {
    fn from(at: jiff::Timestamp) -> Self {
        // Floor, not truncation toward zero, so that the order is kept before 1970.
        let whole = if at.subsec_nanosecond() < 0 {
            at.as_second() - 1
        } else {
            at.as_second()
        };
        jiff::Timestamp::from_second(whole).map_or(Self(at), Self)
    }
}

impl FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, InstantError> {
        text.parse::<jiff::Timestamp>()
            .map(Self::from)
            .map_err(|_| InstantError(text.chars().take(40).collect()))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_dropped_and_text_round_trips() {
        let at: Instant = "2026-11-22T10:00:00.999Z".parse().unwrap();
        assert_eq!(at.to_string(), "2026-11-22T10:00:00Z");
        assert_eq!(Instant::from_unix(at.unix()).unwrap(), at);
        assert!("yesterday".parse::<Instant>().is_err());
    }
}
