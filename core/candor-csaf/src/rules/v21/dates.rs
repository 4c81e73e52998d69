//! Dates: tests 6.1.37, 6.1.45, 6.1.49, 6.1.51, 6.1.52,
//! 6.1.53, 6.2.21 and 6.2.41.
//!
//! Instants are compared across zones and to the last digit of the fraction.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value;

use super::sharing;
use crate::finding::Findings;
use crate::rules::doc::{Doc, items, text};

/// A point in time: seconds since 1970, and what stands behind the full stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment<'a> {
    seconds: i64,
    /// Without zeros at the end.
    fraction: &'a str,
}

impl Ord for Moment<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        // Digits behind the point compare as text.
        self.seconds
            .cmp(&other.seconds)
            .then_with(|| self.fraction.cmp(other.fraction))
    }
}

impl PartialOrd for Moment<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A number of two or four digits, taken from the front.
fn digits(text: &mut &str, count: usize) -> Option<i64> {
    let (head, rest) = text.split_at_checked(count)?;
    if !head.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    *text = rest;
    head.parse().ok()
}

fn skip(text: &mut &str, sign: char) -> Option<()> {
    *text = text.strip_prefix(sign)?;
    Some(())
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar, for the years 0 to 9999.
fn days_since(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March here, so that a leap day is the last of its year.
    let year = if month <= 2 { year - 1 } else { year };
    let from_march = (month + 9) % 12;
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leaps + (153 * from_march + 2) / 5 + day - 1 - 719_468
}

/// Reads a date as section 2.3 wants it: RFC 3339, `T` and `Z` in capital letters, a
/// zone, and no leap second.
fn read(text: &str) -> Option<Moment<'_>> {
    let mut rest = text;
    let year = digits(&mut rest, 4)?;
    skip(&mut rest, '-')?;
    let month = digits(&mut rest, 2)?;
    skip(&mut rest, '-')?;
    let day = digits(&mut rest, 2)?;
    skip(&mut rest, 'T')?;
    let hour = digits(&mut rest, 2)?;
    skip(&mut rest, ':')?;
    let minute = digits(&mut rest, 2)?;
    skip(&mut rest, ':')?;
    let second = digits(&mut rest, 2)?;
    let mut fraction = "";
    if let Some(after) = rest.strip_prefix('.') {
        let end = after.find(|c: char| !c.is_ascii_digit())?;
        let (digits, zone) = after.split_at_checked(end)?;
        if digits.is_empty() {
            return None;
        }
        fraction = digits.trim_end_matches('0');
        rest = zone;
    }
    let offset = offset(rest)?;
    let fits = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    fits.then(|| Moment {
        seconds: days_since(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
            - offset,
        fraction,
    })
}

/// The zone in seconds east of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, mut rest) = match zone.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, zone.strip_prefix('-')?),
    };
    let hours = digits(&mut rest, 2)?;
    skip(&mut rest, ':')?;
    let minutes = digits(&mut rest, 2)?;
    (rest.is_empty() && hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn moment<'a>(value: &'a Value, key: &str) -> Option<Moment<'a>> {
    text(value, key).and_then(read)
}

/// The lists of a vulnerability whose items have dates.
const DATED: [(&str, &[&str]); 5] = [
    (
        "first_known_exploitation_dates",
        &["date", "exploitation_date"],
    ),
    ("flags", &["date"]),
    ("involvements", &["date"]),
    ("remediations", &["date"]),
    ("threats", &["date"]),
];

/// The newest item of the revision history.
fn newest<'a>(doc: &Doc<'a>) -> Option<Moment<'a>> {
    let history = items(doc.tracking, "revision_history").iter();
    history.filter_map(|item| moment(item, "date")).max()
}

/// The day of the newest item of the revision history in UTC, like `2024-01-31`.
pub(super) fn last_day(doc: &Doc<'_>) -> Option<String> {
    let day = newest(doc)?.seconds.div_euclid(86_400);
    // Counted from the years that could be meant.
    let least = 1970 + day.div_euclid(366).min(day.div_euclid(365)) - 1;
    let year = (least..=9999).find(|y| days_since(y + 1, 1, 1) > day)?;
    let month = (1..=12).rev().find(|m| days_since(year, *m, 1) <= day)?;
    let of_month = day - days_since(year, month, 1) + 1;
    Some(format!("{year:04}-{month:02}-{of_month:02}"))
}

/// 6.2.21: no two revisions have one timestamp.
fn doubles(doc: &Doc<'_>, out: &mut Findings) {
    let mut seen = BTreeSet::new();
    for (index, item) in items(doc.tracking, "revision_history").iter().enumerate() {
        if moment(item, "date").is_some_and(|date| !seen.insert(date)) {
            let at = format!("/document/tracking/revision_history/{index}/date");
            out.note("6.2.21", at, "another revision has the same timestamp");
        }
    }
}

/// 6.2.41: the youngest EPSS value is at most 15 days older than the newest revision.
fn old_forecasts(doc: &Doc<'_>, newest: Moment<'_>, out: &mut Findings) {
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        let told = items(value, "metrics")
            .iter()
            .enumerate()
            .filter_map(|(index, metric)| {
                let epss = metric.get("content")?.get("epss")?;
                Some((moment(epss, "timestamp")?, index))
            });
        if let Some((youngest, index)) = told.max() {
            let limit = Moment {
                seconds: newest.seconds - 15 * 86_400,
                ..newest
            };
            if youngest < limit {
                let at = format!("/vulnerabilities/{v}/metrics/{index}/content/epss/timestamp");
                out.note(
                    "6.2.41",
                    at,
                    "the EPSS value is more than 15 days older than the newest revision",
                );
            }
        }
    }
}

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    every(doc, out);
    doubles(doc, out);
    exploited_before_known(doc, out);
    let newest = newest(doc);
    let released = matches!(text(doc.tracking, "status"), Some("final" | "interim"));
    if let Some(newest) = newest.filter(|_| released) {
        later(doc, newest, out);
        old_forecasts(doc, newest, out);
    }
}

/// 6.1.37: every date is written as section 2.3 wants it.
fn every(doc: &Doc<'_>, out: &mut Findings) {
    let mut one = |value: &Value, key: &str, at: &dyn Fn() -> String| {
        if text(value, key).is_some_and(|told| read(told).is_none()) {
            let message = "this is not a date with time and zone as RFC 3339 writes it, in capital letters and without a leap second";
            out.note("6.1.37", format!("{}/{key}", at()), message);
        }
    };
    let tracking = || "/document/tracking".to_owned();
    for key in ["current_release_date", "initial_release_date"] {
        one(doc.tracking, key, &tracking);
    }
    if let Some(generator) = doc.tracking.get("generator") {
        one(generator, "date", &|| {
            "/document/tracking/generator".to_owned()
        });
    }
    for (index, item) in items(doc.tracking, "revision_history").iter().enumerate() {
        one(item, "date", &|| {
            format!("/document/tracking/revision_history/{index}")
        });
    }
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        for key in ["disclosure_date", "discovery_date"] {
            one(value, key, &|| format!("/vulnerabilities/{v}"));
        }
        for (list, keys) in DATED {
            for (index, item) in items(value, list).iter().enumerate() {
                for key in keys {
                    one(item, key, &|| {
                        format!("/vulnerabilities/{v}/{list}/{index}")
                    });
                }
            }
        }
        for (index, metric) in items(value, "metrics").iter().enumerate() {
            for kind in ["epss", "ssvc_v2"] {
                if let Some(content) = metric.get("content").and_then(|c| c.get(kind)) {
                    one(content, "timestamp", &|| {
                        format!("/vulnerabilities/{v}/metrics/{index}/content/{kind}")
                    });
                }
            }
        }
    }
}

/// 6.1.53: nobody knows of an exploitation before it happens.
fn exploited_before_known(doc: &Doc<'_>, out: &mut Findings) {
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        for (index, item) in items(value, "first_known_exploitation_dates")
            .iter()
            .enumerate()
        {
            if let (Some(known), Some(exploited)) =
                (moment(item, "date"), moment(item, "exploitation_date"))
                && exploited > known
            {
                out.note(
                    "6.1.53",
                    format!("/vulnerabilities/{v}/first_known_exploitation_dates/{index}/exploitation_date"),
                    "the exploitation is dated after the day on which it was known",
                );
            }
        }
    }
}

/// 6.1.45, 6.1.49, 6.1.51 and 6.1.52: what a released document tells of is not younger
/// than its newest revision.
fn later(doc: &Doc<'_>, newest: Moment<'_>, out: &mut Findings) {
    const YOUNGER: &str = "this is later than the newest item of the revision history";
    let clear = sharing::label(doc) == Some("CLEAR");
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        let at = format!("/vulnerabilities/{v}");
        if clear && moment(value, "disclosure_date").is_some_and(|date| date > newest) {
            out.note("6.1.45", format!("{at}/disclosure_date"), YOUNGER);
        }
        for (index, metric) in items(value, "metrics").iter().enumerate() {
            for (test, kind) in [("6.1.49", "ssvc_v2"), ("6.1.51", "epss")] {
                let content = metric.get("content").and_then(|c| c.get(kind));
                if content
                    .and_then(|c| moment(c, "timestamp"))
                    .is_some_and(|date| date > newest)
                {
                    let place = format!("{at}/metrics/{index}/content/{kind}/timestamp");
                    out.note(test, place, YOUNGER);
                }
            }
        }
        for (index, item) in items(value, "first_known_exploitation_dates")
            .iter()
            .enumerate()
        {
            for key in ["date", "exploitation_date"] {
                if moment(item, key).is_some_and(|date| date > newest) {
                    let place = format!("{at}/first_known_exploitation_dates/{index}/{key}");
                    out.note("6.1.52", place, YOUNGER);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_strictly() {
        for good in [
            "2024-01-24T10:00:00.000Z",
            "2015-06-30T10:29:59-13:30",
            "2016-12-31T23:59:59.9999999999+00:00",
            "2000-02-29T02:14:58+03:00",
            "0000-01-01T00:00:00Z",
        ] {
            assert!(read(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "2024-01-24 10:00:00.000Z",
            "2024-01-24t10:00:00Z",
            "2024-01-24T10:00:00z",
            "2024-01-24T10:00:00",
            "2024-01-24T10:00:00.Z",
            "2024-01-24T10:00:00,5Z",
            "2024-01-24T10:00:00+00:10:21",
            "2024-01-24T10:00:00+0010",
            "2024-01-24T24:00:00Z",
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2023-04-31T00:00:00Z",
            "2023-13-01T00:00:00Z",
            "2015-06-30T23:59:60Z",
            "2024-1-24T10:00:00Z",
            "2024-01-24T10:00:00Z ",
            "２024-01-24T10:00:00Z",
        ] {
            assert!(read(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn moments_compare_across_zones_and_fractions() {
        let order = |a, b| read(a).unwrap().cmp(&read(b).unwrap());
        let equal = order("2024-01-24T10:00:00Z", "2024-01-24T12:00:00.000+02:00");
        assert_eq!(equal, Ordering::Equal);
        let less = order("2024-01-24T10:00:00.09Z", "2024-01-24T10:00:00.1Z");
        assert_eq!(less, Ordering::Less);
        let less = order("2023-12-31T23:59:59.9999999999Z", "2024-01-01T00:00:00Z");
        assert_eq!(less, Ordering::Less);
    }

    #[test]
    fn the_last_day_is_told_in_utc() {
        for (date, day) in [
            ("2024-02-29T23:30:00-01:00", "2024-03-01"),
            ("2023-12-31T23:59:59Z", "2023-12-31"),
            ("1970-01-01T00:00:00Z", "1970-01-01"),
            ("0001-12-31T00:00:00Z", "0001-12-31"),
            ("9999-12-31T00:00:00Z", "9999-12-31"),
            ("2000-01-01T00:30:00+01:00", "1999-12-31"),
        ] {
            let document = serde_json::json!({"document": {"tracking": {"revision_history": [{"date": date}]}}});
            let doc = Doc::of(&document, crate::Version::V21);
            assert_eq!(last_day(&doc).as_deref(), Some(day), "{date}");
        }
    }

    #[test]
    fn days_count_as_the_calendar_library_counts_them() {
        for text in [
            "1970-01-01",
            "2000-02-29",
            "2024-03-01",
            "1969-12-31",
            "9998-12-31",
            "0001-01-01",
        ] {
            let full = format!("{text}T00:00:00Z");
            let theirs: jiff::Timestamp = full.parse().unwrap();
            assert_eq!(read(&full).unwrap().seconds, theirs.as_second(), "{text}");
        }
    }
}
