//! Versions without a number: commits, images and branches, kept in the words
//! in which people name them (`main before 4f2c9d1`).
//!
//! Invariants: one line, single blanks, none of the signs of a range; it names a
//! commit, the digest of an image, or a branch, so that vague words ("the old
//! ones") are still refused.
//!
//! Deliberately absent: an order among builds. Only the repository knows it.

use candor_base::Line;

use crate::versions::VersionName;

/// Names of branches that a project builds from.
const BRANCHES: [&str; 6] = ["main", "master", "trunk", "head", "develop", "nightly"];

/// Words that stand for a range. CSAF 2.0 (test 6.1.31) wants none of them in
/// the name of a single version.
const RANGE_WORDS: [&str; 7] = [
    "after", "all", "before", "earlier", "later", "prior", "versions",
];

/// Longest text, in characters.
const LONGEST: usize = 200;

/// Builds in words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Builds(Line);

impl Builds {
    /// The words.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Reads words that name a commit or the digest of an image.
    pub(crate) fn pinned(text: &str) -> Option<Self> {
        Self::naming(text, |word| is_commit(word) || is_digest(word))
    }

    /// Reads words that name a branch.
    pub(crate) fn branch(text: &str) -> Option<Self> {
        Self::naming(text, |word| {
            BRANCHES.iter().any(|b| word.eq_ignore_ascii_case(b))
        })
    }

    fn naming(text: &str, names: impl Fn(&str) -> bool) -> Option<Self> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let good = text.chars().count() <= LONGEST
            && !text.contains(['<', '>', '=', '≤', '≥', '|'])
            && words(&text).any(names);
        good.then(|| Line::new(&text).ok().map(Self)).flatten()
    }

    /// Whether the words mean several builds and not one.
    pub(crate) fn is_range(&self) -> bool {
        let lower = self.as_str().to_lowercase();
        RANGE_WORDS.iter().any(|word| lower.contains(word))
    }
}

/// The words of a text, without the marks that people put around them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "@()[],;`'\"".contains(c))
        .map(|word| word.trim_end_matches(['.', ':']))
        .filter(|word| !word.is_empty())
}

/// 7 to 64 hexadecimal digits, with a letter and a number among them: not a date
/// and not an English word.
fn is_commit(word: &str) -> bool {
    (7..=64).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_hexdigit())
        && word.bytes().any(|b| b.is_ascii_digit())
        && word.bytes().any(|b| b.is_ascii_alphabetic())
}

fn is_digest(word: &str) -> bool {
    word.strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

impl VersionName {
    /// The one version in what people write about a release: the whole text
    /// (`v1.0.0`), or the only word in it that is a version (`main at 4f2c9d1`).
    pub fn in_words(text: &str) -> Option<Self> {
        if let Ok(whole) = text.parse() {
            return Some(whole);
        }
        let mut found = words(text).filter_map(|word| word.parse().ok());
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_in_words_gives_its_version() {
        let name = |text: &str| VersionName::in_words(text).map(|v| v.to_string());
        assert_eq!(name("v1.0.0").as_deref(), Some("1.0.0"));
        assert_eq!(name("main at 4f2c9d1").as_deref(), Some("4f2c9d1"));
        let digest = format!("sha256:{}", "0a".repeat(32));
        assert_eq!(
            name(&format!("ghcr.io/threatdex/app@{digest}")).as_deref(),
            Some(digest.as_str())
        );
        assert_eq!(name("1.4.3 and 2.0.1"), None, "which one?");
        assert_eq!(name("soon"), None);
    }
}
