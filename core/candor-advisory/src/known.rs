//! Which advisories that others publish concern one version of a program: OSV records, read
//! (schema 1.7, `affected`).
//!
//! Invariants: reading ends, in time in proportion to the bytes; a record that was withdrawn
//! concerns nobody; what a record says of a version that cannot be ordered is not guessed.
//!
//! Deliberately absent: fetching them, and orders other than that of Semantic Versioning.

use candor_base::Line;
use semver::Version;
use serde_json::Value;

/// Most bytes and records that are read.
pub const MOST_KNOWN_BYTES: usize = 8 * 1024 * 1024;
const MOST: usize = 5_000;

/// One advisory that concerns the version asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAdvisory {
    /// Its id.
    pub id: String,
    /// What it says in a line; empty when it says nothing.
    pub summary: String,
    /// The first version with the fix, when there is one.
    pub fixed: Option<String>,
}

/// Why no advisories could be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotKnown {
    /// Too long.
    #[error("it is longer than 8 MiB")]
    TooLong,
    /// No JSON.
    #[error("it is no JSON")]
    NoJson,
    /// JSON, and no OSV.
    #[error("it holds no OSV record, list of records, or object with `vulns`")]
    NoOsv,
}

/// The advisories in `bytes` that concern this version of the package of this name, in any
/// ecosystem: one record, a list, or an object with `vulns`.
///
/// # Errors
/// Why nothing could be read.
pub fn against(
    bytes: &[u8],
    package: &str,
    version: &Version,
) -> Result<Vec<KnownAdvisory>, NotKnown> {
    if bytes.len() > MOST_KNOWN_BYTES {
        return Err(NotKnown::TooLong);
    }
    let all: Value = serde_json::from_slice(bytes).map_err(|_| NotKnown::NoJson)?;
    let records = match &all {
        Value::Array(list) => list.as_slice(),
        Value::Object(one) if one.contains_key("id") => std::slice::from_ref(&all),
        Value::Object(found) => match found.get("vulns") {
            Some(Value::Array(list)) => list.as_slice(),
            // A service that knows of none answers `{}`.
            None if found.is_empty() => &[],
            _ => return Err(NotKnown::NoOsv),
        },
        _ => return Err(NotKnown::NoOsv),
    };
    if records.iter().any(|r| r.get("id").is_none()) {
        return Err(NotKnown::NoOsv);
    }
    let concerned = records.iter().take(MOST).filter_map(|record| {
        let fixed = fixes(concerns(record, package, version)?, version);
        Some(KnownAdvisory {
            id: line(record, "id"),
            summary: line(record, "summary"),
            fixed,
        })
    });
    Ok(concerned.collect())
}

/// A field as one line of bounded length without control signs.
fn line(record: &Value, name: &str) -> String {
    let text = record.get(name).and_then(Value::as_str).unwrap_or_default();
    let plain: String = (text.chars())
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(200)
        .collect();
    Line::new(&plain).map_or_else(|_| String::new(), |line| line.as_str().to_owned())
}

/// What the record says of the package, where that concerns this version.
fn concerns<'a>(record: &'a Value, package: &str, version: &Version) -> Option<&'a Value> {
    if record.get("withdrawn").is_some_and(Value::is_string) {
        return None;
    }
    let affected = record.get("affected")?.as_array()?;
    let mut ours = affected.iter().filter(|a| {
        let name = a.pointer("/package/name").and_then(Value::as_str);
        name.is_some_and(|name| name.eq_ignore_ascii_case(package))
    });
    ours.find(|a| by_name(a, version) || by_range(a, version))
}

/// Named in so many words.
fn by_name(affected: &Value, version: &Version) -> bool {
    let named = affected.get("versions").and_then(Value::as_array);
    let own = version.to_string();
    let mut named = named.into_iter().flatten().filter_map(Value::as_str);
    named.any(|v| v == own)
}

/// Within a range of the order of Semantic Versioning.
fn by_range(affected: &Value, version: &Version) -> bool {
    let ranges = affected.get("ranges").and_then(Value::as_array);
    let mut ranges = ranges.into_iter().flatten();
    ranges.any(|range| within(range, version))
}

/// An event of a range: from here on affected, from here on not, after this not.
enum Event {
    From(Option<Version>),
    Fixed(Version),
    Last(Version),
}

fn events(range: &Value) -> Vec<Event> {
    let list = range.get("events").and_then(Value::as_array);
    let read = |event: &Value| {
        let of = |name: &str| event.get(name).and_then(Value::as_str);
        let version = |text: &str| Version::parse(text.trim_start_matches('v')).ok();
        if let Some(text) = of("introduced") {
            return match text {
                "0" => Some(Event::From(None)),
                text => Some(Event::From(Some(version(text)?))),
            };
        }
        if let Some(text) = of("fixed") {
            return version(text).map(Event::Fixed);
        }
        of("last_affected").and_then(version).map(Event::Last)
    };
    list.into_iter().flatten().filter_map(read).collect()
}

/// Affected when something began at or before this version and nothing ended it since.
fn within(range: &Value, version: &Version) -> bool {
    if range.get("type").and_then(Value::as_str) == Some("GIT") {
        return false;
    }
    let events = events(range);
    let zero = Version::new(0, 0, 0);
    let began = events.iter().filter_map(|event| match event {
        Event::From(at) => {
            let at = at.as_ref().unwrap_or(&zero);
            (at <= version).then_some(at)
        }
        _ => None,
    });
    let Some(began) = began.max() else {
        return false;
    };
    !events.iter().any(|event| match event {
        Event::From(_) => false,
        Event::Fixed(at) => at > began && at <= version,
        Event::Last(at) => at >= began && at < version,
    })
}

/// The first fix after this version.
fn fixes(affected: &Value, version: &Version) -> Option<String> {
    let ranges = affected.get("ranges").and_then(Value::as_array);
    let all = ranges.into_iter().flatten().flat_map(events);
    let later = all.filter_map(|event| match event {
        Event::Fixed(at) if at > *version => Some(at),
        _ => None,
    });
    later.min().map(|at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"{"id": "CAN-2027-1", "summary": "Rooms open\u0007 for nobody",
        "affected": [{"package": {"ecosystem": "crates.io", "name": "candor"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "0.1.4"},
                {"introduced": "0.2.0"}, {"fixed": "0.2.3"}]}]}]}"#;

    fn ids(json: &str, version: &str) -> Vec<(String, Option<String>)> {
        let version = Version::parse(version).unwrap();
        let found = against(json.as_bytes(), "candor", &version).unwrap();
        found.into_iter().map(|k| (k.id, k.fixed)).collect()
    }

    #[test]
    fn a_version_between_its_beginning_and_its_fix_is_concerned() {
        let one = |fixed: &str| vec![("CAN-2027-1".to_owned(), Some(fixed.to_owned()))];
        assert_eq!(ids(RECORD, "0.1.3"), one("0.1.4"));
        assert_eq!(ids(RECORD, "0.2.0"), one("0.2.3"));
        // A version before a release comes before it.
        assert_eq!(ids(RECORD, "0.1.4-rc.1"), one("0.1.4"));
        for safe in ["0.1.4", "0.1.9", "0.2.3", "1.0.0"] {
            assert!(ids(RECORD, safe).is_empty(), "{safe}");
        }
    }

    #[test]
    fn lists_and_answers_of_services_are_read_and_the_rest_is_refused() {
        for json in [format!("[{RECORD}]"), format!("{{\"vulns\": [{RECORD}]}}")] {
            assert_eq!(ids(&json, "0.1.0").len(), 1, "{json}");
        }
        assert!(ids("{}", "0.1.0").is_empty() && ids("[]", "0.1.0").is_empty());
        let other = RECORD.replace("\"candor\"", "\"lantern\"");
        assert!(ids(&other, "0.1.0").is_empty());
        let back = RECORD.replace(
            "\"summary\"",
            "\"withdrawn\": \"2027-01-01T00:00:00Z\", \"x\"",
        );
        assert!(ids(&back, "0.1.0").is_empty());
        let version = Version::new(0, 1, 0);
        let read = |json: &str| against(json.as_bytes(), "candor", &version);
        assert_eq!(read("<html>"), Err(NotKnown::NoJson));
        assert_eq!(read("7"), Err(NotKnown::NoOsv));
        assert_eq!(read("{\"message\": \"no\"}"), Err(NotKnown::NoOsv));
        assert_eq!(read("[{}]"), Err(NotKnown::NoOsv));
        let long = vec![b' '; MOST_KNOWN_BYTES + 1];
        assert_eq!(against(&long, "candor", &version), Err(NotKnown::TooLong));
    }

    #[test]
    fn versions_that_are_named_and_last_ones_count() {
        let named = RECORD.replace("\"ranges\"", "\"versions\": [\"0.5.0\"], \"ranges\"");
        assert_eq!(ids(&named, "0.5.0"), [("CAN-2027-1".to_owned(), None)]);
        let last = RECORD.replace("{\"fixed\": \"0.1.4\"}", "{\"last_affected\": \"0.1.4\"}");
        assert_eq!(ids(&last, "0.1.4").len(), 1);
        assert!(ids(&last, "0.1.5").is_empty());
        let text = against(RECORD.as_bytes(), "candor", &Version::new(0, 1, 0)).unwrap();
        assert_eq!(text[0].summary, "Rooms open  for nobody".replace("  ", " "));
    }

    #[test]
    fn odd_events_are_not_guessed() {
        for events in [
            "7",
            "[]",
            "[{\"introduced\": \"main\"}]",
            "[{\"fixed\": \"0.0.1\"}]",
        ] {
            let json = format!(
                "{{\"id\": \"X\", \"affected\": [{{\"package\": {{\"name\": \"candor\"}}, \"ranges\": \
                 [{{\"type\": \"SEMVER\", \"events\": {events}}}]}}]}}"
            );
            assert!(ids(&json, "0.1.0").is_empty(), "{events}");
        }
    }
}
