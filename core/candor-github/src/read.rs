//! Reading: one advisory, or all that a saved answer holds.
//!
//! Invariants: a saved answer may be one advisory, a list, or several lists one behind the
//! other, as paging prints them; one that cannot be taken never hides its neighbours.

use candor_base::{Instant, Sensitive};
use serde_json::Value;

use crate::advisory::{Advisory, Credit, GhsaId, Product, State};

/// Largest saved answer, in bytes.
pub const MOST_BYTES: usize = 32 * 1024 * 1024;
/// Most advisories of one answer.
pub const MOST_ADVISORIES: usize = 5_000;
/// Longest title, in characters: twice what GitHub takes.
const SUMMARY: usize = 2_048;
/// Longest text, in characters: what GitHub takes.
const DESCRIPTION: usize = 65_535;
/// Longest other text, in characters.
const SHORT: usize = 300;
/// Most entries of a list within an advisory.
const LISTED: usize = 100;

/// Why a saved answer cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// More than [`MOST_BYTES`].
    #[error("it is larger than {} MiB", MOST_BYTES / (1024 * 1024))]
    TooLarge,
    /// More than [`MOST_ADVISORIES`].
    #[error("it holds more than {MOST_ADVISORIES} advisories")]
    TooMany,
    /// No JSON.
    #[error("it is not JSON (line {line})")]
    NotJson {
        /// The line of the mistake, from 1.
        line: usize,
    },
    /// JSON, but neither an advisory nor a list of them.
    #[error("it is neither an advisory nor a list of advisories{}", said(.0.as_deref()))]
    NoAdvisories(Option<String>),
}

/// GitHub answers with a `message` where it refuses.
fn said(message: Option<&str>) -> String {
    message.map_or_else(String::new, |m| format!("; GitHub said: {m}"))
}

/// Why an entry is no advisory of a repository.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// It has no id.
    #[error("it has no id (`ghsa_id`)")]
    NoId,
    /// It is an entry of GitHub's public database.
    #[error(
        "{0} is an entry of GitHub's public database; the advisories of a repository are under \
         /repos/OWNER/NAME/security-advisories"
    )]
    Database(GhsaId),
    /// It stands where no state is known.
    #[error("{0} is in a state that is not known here")]
    State(GhsaId),
}

/// One entry of a saved answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Every field of it, known or not, as JSON for people.
    pub raw: Sensitive<String>,
    /// What it says.
    pub advisory: Result<Advisory, NotTaken>,
}

/// All advisories in a saved answer.
///
/// # Errors
/// See [`Unreadable`].
pub fn read_all(bytes: &[u8]) -> Result<Vec<Entry>, Unreadable> {
    if bytes.len() > MOST_BYTES {
        return Err(Unreadable::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut out = Vec::new();
    let mut found = false;
    for value in serde_json::Deserializer::from_slice(bytes).into_iter::<Value>() {
        let value = value.map_err(|why| Unreadable::NotJson { line: why.line() })?;
        found = true;
        let values = match value {
            Value::Array(values) => values,
            Value::Object(ref fields) if fields.contains_key("ghsa_id") => vec![value],
            other => return Err(Unreadable::NoAdvisories(short(&other, "message"))),
        };
        if out.len().saturating_add(values.len()) > MOST_ADVISORIES {
            return Err(Unreadable::TooMany);
        }
        out.extend(values.iter().map(entry));
    }
    if found {
        Ok(out)
    } else {
        Err(Unreadable::NoAdvisories(None))
    }
}

/// The only advisory of an answer.
///
/// # Errors
/// Why there is none, in words.
pub fn read_one(bytes: &[u8]) -> Result<Entry, String> {
    let mut all = read_all(bytes).map_err(|why| why.to_string())?;
    match (all.pop(), all.is_empty()) {
        (Some(only), true) => Ok(only),
        _ => Err("it does not hold exactly one advisory".to_owned()),
    }
}

fn entry(value: &Value) -> Entry {
    Entry {
        raw: Sensitive::new(format!("{value:#}")),
        advisory: advisory(value),
    }
}

fn advisory(value: &Value) -> Result<Advisory, NotTaken> {
    let ghsa: GhsaId = value
        .get("ghsa_id")
        .and_then(Value::as_str)
        .and_then(|id| id.parse().ok())
        .ok_or(NotTaken::NoId)?;
    let Some(word) = value.get("state").and_then(Value::as_str) else {
        // Entries of the database name their review instead of a state.
        return Err(match value.get("type") {
            Some(_) => NotTaken::Database(ghsa),
            None => NotTaken::State(ghsa),
        });
    };
    let state = State::of(word).ok_or_else(|| NotTaken::State(ghsa.clone()))?;
    let mut cut = false;
    let mut long = |name: &str, most| {
        let text = value.get(name).and_then(Value::as_str).unwrap_or_default();
        let (text, shortened) = clean(text, most);
        cut |= shortened;
        Sensitive::new(text)
    };
    let (summary, description) = (long("summary", SUMMARY), long("description", DESCRIPTION));
    let more = |name: &str| list(value, name).count() > LISTED;
    let cut = cut || more("vulnerabilities") || more("credits") || more("cwe_ids");
    Ok(Advisory {
        cve: short(value, "cve_id").and_then(|id| id.parse().ok()),
        page: short(value, "html_url").filter(|url| is_page(url)),
        state,
        reported: value.get("submission").is_some_and(Value::is_object),
        author: value
            .get("author")
            .and_then(|author| short(author, "login"))
            .map(Sensitive::new),
        summary,
        description,
        severity: short(value, "severity")
            .filter(|word| matches!(word.as_str(), "critical" | "high" | "medium" | "low")),
        vectors: vectors(value),
        cwes: cwes(value),
        products: list(value, "vulnerabilities")
            .take(LISTED)
            .map(product)
            .collect(),
        credits: credits(value),
        created: instant(value, "created_at"),
        updated: instant(value, "updated_at"),
        published: instant(value, "published_at"),
        cut,
        ghsa,
    })
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    let found = value.get(name).and_then(Value::as_array);
    found.into_iter().flatten()
}

/// One line of a field; `None` where it is missing, empty or no text.
fn short(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).and_then(one_line)
}

fn one_line(text: &str) -> Option<String> {
    let (text, _) = clean(text, SHORT);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

/// A text without control signs, and whether it had to be cut.
fn clean(text: &str, most: usize) -> (String, bool) {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let plain = |c: char| match c {
        '\n' | '\t' => c,
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    let mut chars = text.chars().map(plain);
    let kept: String = chars.by_ref().take(most).collect();
    (kept, chars.next().is_some())
}

fn is_page(url: &str) -> bool {
    url.starts_with("https://") && !url.contains(['"', '<', '>', ' ', '\\', '@'])
}

fn instant(value: &Value, name: &str) -> Option<Instant> {
    short(value, name).and_then(|text| text.parse().ok())
}

/// The vectors: of both versions of CVSS, and the older single field.
fn vectors(value: &Value) -> Vec<String> {
    let both = value.get("cvss_severities");
    let of = |name: &str| both.and_then(|both| both.get(name));
    let places = [of("cvss_v3"), of("cvss_v4"), value.get("cvss")];
    let mut out: Vec<String> = Vec::new();
    for vector in places.into_iter().flatten() {
        if let Some(vector) = short(vector, "vector_string")
            && !out.contains(&vector)
        {
            out.push(vector);
        }
    }
    out
}

fn cwes(value: &Value) -> Vec<String> {
    let ids = list(value, "cwe_ids").filter_map(Value::as_str);
    let named = list(value, "cwes").filter_map(|cwe| cwe.get("cwe_id").and_then(Value::as_str));
    let mut out: Vec<String> = Vec::new();
    for id in ids.take(LISTED).chain(named.take(LISTED)) {
        let number = id.strip_prefix("CWE-").unwrap_or_default();
        let good = (1..=6).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        if good && !out.iter().any(|known| known == id) {
            out.push(id.to_owned());
        }
    }
    out
}

fn product(value: &Value) -> Product {
    let package = value.get("package").unwrap_or(&Value::Null);
    Product {
        ecosystem: short(package, "ecosystem").unwrap_or_default(),
        name: short(package, "name").unwrap_or_default(),
        affected: short(value, "vulnerable_version_range"),
        patched: short(value, "patched_versions"),
        functions: list(value, "vulnerable_functions")
            .filter_map(Value::as_str)
            .filter_map(one_line)
            .take(LISTED)
            .collect(),
    }
}

/// Those with an answer first: they say the same people as the plain list.
fn credits(value: &Value) -> Vec<Credit> {
    let detailed = list(value, "credits_detailed").filter_map(|credit| {
        let accepted = match credit.get("state").and_then(Value::as_str) {
            Some("accepted") => Some(true),
            Some("declined") => Some(false),
            _ => None,
        };
        credit_of(credit.get("user")?, credit, accepted)
    });
    let plain = list(value, "credits").filter_map(|credit| credit_of(credit, credit, None));
    let mut out: Vec<Credit> = Vec::new();
    for credit in detailed.take(LISTED).chain(plain.take(LISTED)) {
        let same = |known: &Credit| known.login == credit.login && known.kind == credit.kind;
        if !out.iter().any(same) {
            out.push(credit);
        }
    }
    out
}

fn credit_of(user: &Value, credit: &Value, accepted: Option<bool>) -> Option<Credit> {
    Some(Credit {
        login: short(user, "login")?,
        kind: short(credit, "type").unwrap_or_default(),
        accepted,
    })
}
