//! Versions and ranges of versions, read from the ways people write them.
//!
//! Understood: `1.2.3`, `2.4.x`, `1.0, 1.1`, `>= 1.0, < 2.4.1`, `before 2.4.1`,
//! `up to 1.4`, `1.4 and earlier`, `1.4 and later`, `from 1.0 to 1.4`,
//! `from 1.0 before 2.0`, `all`, and a `vers:` text. What could mean two things
//! (`1.0-1.4`) is refused with an example of how to write it. Commits, images
//! and branches are kept in words, see [`crate::Builds`].
//!
//! Written as a `vers:generic/` range, the form CSAF asks for. Deliberately
//! absent: comparing versions, because no order of versions holds for all
//! products.

use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::builds::Builds;

/// The name of one version: at most 80 letters, digits and `. _ + ~ : -`, with
/// at least one digit. A `v` before the digits is dropped.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VersionName(String);

/// Why a text is no version or no range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// Nothing there.
    #[error("the versions are missing; write them like `>= 1.0, < 2.4.1`")]
    Empty,
    /// Not the name of one version.
    #[error("`{0}` is not a version; it looks like `2.4.1`")]
    Name(String),
    /// Not a range.
    #[error(
        "`{0}` cannot be read as versions; write them like `2.4.1`, `2.4.x`, `>= 1.0, < 2.4.1`, `before 2.4.1`, `main before 4f2c9d1` or `all`"
    )]
    Range(String),
    /// Could be one version or a range.
    #[error(
        "`{0}` could be one version or a range; write `= {0}` or, for a range, `>= 1.0, <= 1.4`"
    )]
    Ambiguous(String),
}

fn clip(text: &str) -> String {
    text.chars().take(60).collect()
}

impl VersionName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for VersionName {
    type Err = VersionError;
    fn from_str(text: &str) -> Result<Self, VersionError> {
        let text = text.trim();
        let digits = |t: &str| t.starts_with(|c: char| c.is_ascii_digit());
        let text = text
            .strip_prefix(['v', 'V'])
            .filter(|rest| digits(rest))
            .unwrap_or(text);
        let good = (1..=80).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._+~:-".contains(&b))
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.bytes().any(|b| b.is_ascii_digit());
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(VersionError::Name(clip(text)))
        }
    }
}

impl fmt::Display for VersionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for VersionName {
    type Error = VersionError;
    fn try_from(text: String) -> Result<Self, VersionError> {
        text.parse()
    }
}

impl From<VersionName> for String {
    fn from(name: VersionName) -> Self {
        name.0
    }
}

/// How a version stands to the border of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparator {
    /// Exactly this one.
    Exact,
    /// This one and later ones.
    From,
    /// Later ones.
    After,
    /// Earlier ones.
    Before,
    /// This one and earlier ones.
    UpTo,
}

impl Comparator {
    const fn sign(self) -> &'static str {
        match self {
            Self::Exact => "",
            Self::From => ">=",
            Self::After => ">",
            Self::Before => "<",
            Self::UpTo => "<=",
        }
    }
}

/// One border of a range.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Constraint {
    /// How it stands to the version.
    pub comparator: Comparator,
    /// The version.
    pub version: VersionName,
}

/// A range of versions, as affected or not affected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum VersionRange {
    /// Every version.
    All,
    /// One version.
    One(VersionName),
    /// Several versions or a stretch between borders; never empty.
    Range(Vec<Constraint>),
    /// Commits, images or branches, in words.
    Builds(Builds),
}

impl VersionRange {
    /// The constraints as `vers` writes them (`>=1.0|<2.4.1`), `*` for all; words
    /// with their blanks as percent codes.
    pub fn constraints(&self) -> String {
        match self {
            Self::All => "*".to_owned(),
            Self::One(version) => version.to_string(),
            Self::Builds(words) => words.as_str().replace('%', "%25").replace(' ', "%20"),
            Self::Range(constraints) => constraints
                .iter()
                // `+`, `~` and `:` are written as percent codes in a vers range.
                .map(|c| format!("{}{}", c.comparator.sign(), percent(c.version.as_str())))
                .collect::<Vec<_>>()
                .join("|"),
        }
    }

    /// As a `vers` range; builds as they were written, because `vers` has no
    /// place for them.
    pub fn vers(&self) -> String {
        let constraints = match self {
            Self::Builds(words) => return words.as_str().to_owned(),
            Self::One(version) => percent(version.as_str()),
            _ => self.constraints(),
        };
        format!("vers:generic/{constraints}")
    }

    /// In words (`from 1.0, before 2.4.1`).
    pub fn words(&self) -> String {
        match self {
            Self::All => "all versions".to_owned(),
            Self::One(version) => version.to_string(),
            Self::Builds(words) => words.as_str().to_owned(),
            Self::Range(constraints) => constraints
                .iter()
                .map(|c| match c.comparator {
                    Comparator::Exact => c.version.to_string(),
                    Comparator::From => format!("from {}", c.version),
                    Comparator::After => format!("after {}", c.version),
                    Comparator::Before => format!("before {}", c.version),
                    Comparator::UpTo => format!("up to {}", c.version),
                })
                .collect::<Vec<_>>()
                .join(", "),
        }
    }

    fn of(mut constraints: Vec<Constraint>) -> Option<Self> {
        constraints.dedup();
        match constraints.as_slice() {
            [] => None,
            [only] if only.comparator == Comparator::Exact => Some(Self::One(only.version.clone())),
            _ => Some(Self::Range(constraints)),
        }
    }

    fn one(comparator: Comparator, version: &str) -> Option<Self> {
        let version = version.parse().ok()?;
        Self::of(vec![Constraint {
            comparator,
            version,
        }])
    }

    fn between(from: &str, to: Comparator, until: &str) -> Option<Self> {
        Some(Self::Range(vec![
            Constraint {
                comparator: Comparator::From,
                version: from.parse().ok()?,
            },
            Constraint {
                comparator: to,
                version: until.parse().ok()?,
            },
        ]))
    }
}

/// A version as `vers` and package addresses hold it.
pub(crate) fn percent(version: &str) -> String {
    version.chars().fold(String::new(), |mut out, c| {
        if matches!(c, '+' | '~' | ':') {
            let _ = write!(out, "%{:02X}", u32::from(c));
        } else {
            out.push(c);
        }
        out
    })
}

fn unpercent(version: &str) -> String {
    version
        .replace("%2B", "+")
        .replace("%7E", "~")
        .replace("%3A", ":")
}

impl FromStr for VersionRange {
    type Err = VersionError;
    fn from_str(text: &str) -> Result<Self, VersionError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(VersionError::Empty);
        }
        let fail = || VersionError::Range(clip(text));
        if text.len() > 400 {
            return Err(fail());
        }
        if let Some(vers) = text.strip_prefix("vers:") {
            let (_, constraints) = vers.split_once('/').ok_or_else(fail)?;
            return signs(&unpercent(constraints)).ok_or_else(fail);
        }
        let lower = text.to_lowercase();
        if matches!(
            lower.as_str(),
            "all" | "*" | "x" | "any" | "all versions" | "any version"
        ) {
            return Ok(Self::All);
        }
        if lower.contains(['<', '>', '=', '≤', '≥', '|']) {
            return signs(text).ok_or_else(fail);
        }
        if ambiguous(text) {
            return Err(VersionError::Ambiguous(clip(text)));
        }
        if let Some(wild) = wildcard(text) {
            return Ok(wild);
        }
        if let Some(list) = list(text) {
            return Ok(list);
        }
        // "before 4f2c9d1" is no range of numbers.
        let build = || Builds::branch(text).map(Self::Builds);
        match Builds::pinned(text) {
            Some(words) => Ok(Self::Builds(words)),
            None => phrase(&lower).or_else(build).ok_or_else(fail),
        }
    }
}

/// One version, or several parted by commas.
fn list(text: &str) -> Option<VersionRange> {
    let names = text.split(',').map(|part| {
        part.parse().ok().map(|version| Constraint {
            comparator: Comparator::Exact,
            version,
        })
    });
    VersionRange::of(names.collect::<Option<_>>()?)
}

/// `1.0-1.4`: two plain numbers with dots, and a dash between them.
fn ambiguous(text: &str) -> bool {
    let plain = |t: &str| t.contains('.') && t.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.split_once('-')
        .is_some_and(|(a, b)| plain(a) && plain(b))
}

/// `2.4.x`: from 2.4, before 2.5.
fn wildcard(text: &str) -> Option<VersionRange> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let stem = text
        .strip_suffix(".x")
        .or_else(|| text.strip_suffix(".X"))
        .or_else(|| text.strip_suffix(".*"))?;
    let numbers: Option<Vec<u32>> = stem.split('.').map(|n| n.parse().ok()).collect();
    let mut numbers = numbers?;
    let last = numbers.pop()?.checked_add(1)?;
    numbers.push(last);
    let next = numbers
        .iter()
        .map(u32::to_string)
        .collect::<Vec<_>>()
        .join(".");
    VersionRange::between(stem, Comparator::Before, &next)
}

/// Constraints with signs, parted by commas, bars or blanks.
fn signs(text: &str) -> Option<VersionRange> {
    if text.trim() == "*" {
        return Some(VersionRange::All);
    }
    let text = text
        .replace('≤', "<=")
        .replace('≥', ">=")
        .replace([',', '|'], " ");
    let mut constraints = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let signs = [
            (">=", Comparator::From),
            ("<=", Comparator::UpTo),
            ("==", Comparator::Exact),
            (">", Comparator::After),
            ("<", Comparator::Before),
            ("=", Comparator::Exact),
            ("", Comparator::Exact),
        ];
        let (comparator, after) = signs
            .into_iter()
            .find_map(|(sign, c)| Some((c, rest.strip_prefix(sign)?)))?;
        let after = after.trim_start();
        let end = after
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '='))
            .unwrap_or(after.len());
        let (version, next) = after.split_at_checked(end)?;
        constraints.push(Constraint {
            comparator,
            version: version.parse().ok()?,
        });
        rest = next.trim_start();
    }
    VersionRange::of(constraints)
}

/// Ranges in words, already in small letters.
fn phrase(text: &str) -> Option<VersionRange> {
    use Comparator::{Before, Exact, From, UpTo};
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| {
            !matches!(
                *word,
                "version" | "versions" | "release" | "releases" | "all"
            )
        })
        .collect();
    match words.as_slice() {
        ["before" | "below", v]
        | ["prior", "to", v]
        | ["older" | "earlier" | "lower", "than", v] => VersionRange::one(Before, v),
        ["up", "to", v]
        | ["up", "to", "and", "including", v]
        | ["through" | "until", v]
        | [
            v,
            "and" | "or",
            "earlier" | "older" | "below" | "before" | "prior" | "lower",
        ] => VersionRange::one(UpTo, v),
        ["from" | "since", v]
        | ["from", v, "on" | "onward" | "onwards"]
        | [v, "onward" | "onwards"]
        | [
            v,
            "and" | "or",
            "later" | "newer" | "above" | "up" | "after" | "higher",
        ] => VersionRange::one(From, v),
        ["from", a, "before", b]
        | ["from", a, "up", "to", "but", "not", "including", b]
        | [a, "before", b] => VersionRange::between(a, Before, b),
        ["from", a, "to" | "through" | "until", b]
        | ["from", a, "up", "to", b]
        | [a, "to" | "through" | "-" | "–" | "until", b]
        | [a, "up", "to", b]
        | ["between", a, "and", b] => VersionRange::between(a, UpTo, b),
        [v] => VersionRange::one(Exact, v),
        _ => None,
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words())
    }
}

impl TryFrom<String> for VersionRange {
    type Error = VersionError;
    fn try_from(text: String) -> Result<Self, VersionError> {
        text.parse()
    }
}

impl From<VersionRange> for String {
    fn from(range: VersionRange) -> Self {
        range.vers()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn people_write_ranges_in_many_ways() {
        for (text, vers) in [
            ("1.2.3", "1.2.3"),
            ("v1.2.3", "1.2.3"),
            ("= 1.0-1.4", "1.0-1.4"),
            ("2.4.x", ">=2.4|<2.5"),
            ("v2.X", ">=2|<3"),
            ("1.0, 1.1", "1.0|1.1"),
            ("> 1.0", ">1.0"),
            (">= 1.0, < 2.4.1", ">=1.0|<2.4.1"),
            (">=1.0 <2.4.1", ">=1.0|<2.4.1"),
            ("≥ 1.0 | ≤ 2", ">=1.0|<=2"),
            ("before 2.4.1", "<2.4.1"),
            ("all versions before 2.4.1", "<2.4.1"),
            ("Prior to v2.4.1", "<2.4.1"),
            ("up to 1.4", "<=1.4"),
            ("1.4 and earlier", "<=1.4"),
            ("versions 1.4 and later", ">=1.4"),
            ("from 1.0 to 1.4", ">=1.0|<=1.4"),
            ("1.0 - 1.4", ">=1.0|<=1.4"),
            ("from 1.0 before 2.0", ">=1.0|<2.0"),
            ("vers:semver/>=1.0|<2.0", ">=1.0|<2.0"),
            ("vers:generic/*", "*"),
            ("All", "*"),
            ("1:2.3~rc1+b2", "1:2.3~rc1+b2"),
            ("<1:2.3+b", "<1%3A2.3%2Bb"),
        ] {
            let range: VersionRange = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(range.constraints(), vers, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_with_an_example() {
        for bad in [
            "",
            "the old ones",
            "< ",
            ">= 1.0, <",
            "1.0 2.0 3.0 maybe",
            "all defaced releases before",
            "main < 4f2c9d1",
        ] {
            assert!(bad.parse::<VersionRange>().is_err(), "{bad:?}");
        }
        assert_eq!(
            "1.0-1.4".parse::<VersionRange>(),
            Err(VersionError::Ambiguous("1.0-1.4".to_owned()))
        );
    }

    #[test]
    fn commits_images_and_branches_stay_in_words() {
        let image = format!("ghcr.io/threatdex/app@sha256:{}", "0a".repeat(32));
        for text in [
            "main before 4f2c9d1",
            "before 4f2c9d1",
            "main (latest)",
            "main",
            "commits 1d4e8aa to 4f2c9d1",
            &image,
        ] {
            let range: VersionRange = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
            assert!(matches!(range, VersionRange::Builds(_)), "{text}");
            assert_eq!(range.to_string(), text);
            let json = serde_json::to_string(&range).unwrap();
            assert_eq!(serde_json::from_str::<VersionRange>(&json).unwrap(), range);
        }
        let commit: VersionRange = "4f2c9d1".parse().unwrap();
        assert!(matches!(commit, VersionRange::One(_)));
        assert!(
            "before 20260101".parse::<VersionRange>().unwrap().vers() == "vers:generic/<20260101"
        );
    }

    #[test]
    fn ranges_read_well_in_words() {
        let range: VersionRange = ">=1.0,<2.4.1".parse().unwrap();
        assert_eq!(range.to_string(), "from 1.0, before 2.4.1");
        assert_eq!(VersionRange::All.to_string(), "all versions");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            parts in prop::collection::vec(("(>=|<=|<|>|=)", "[0-9][0-9a-z.+~:-]{0,8}"), 1..4)
        ) {
            let text = parts.iter().map(|(s, v)| format!("{s} {v}")).collect::<Vec<_>>().join(", ");
            let range: VersionRange = text.parse().unwrap();
            let back: VersionRange = range.vers().parse().unwrap();
            prop_assert_eq!(&back, &range);
            let json = serde_json::to_string(&range).unwrap();
            prop_assert_eq!(serde_json::from_str::<VersionRange>(&json).unwrap(), range);
        }

        #[test]
        fn odd_text_never_panics(text in ".{0,60}", signs in "[<>=,| 0-9.x≤-]{0,20}") {
            let _ = text.parse::<VersionRange>();
            let _ = signs.parse::<VersionRange>();
        }
    }
}
