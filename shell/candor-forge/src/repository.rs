//! The name of a repository on GitHub.

use std::fmt;
use std::str::FromStr;

/// Longest part of a name.
const LONGEST: usize = 100;

/// `owner/name`, of signs that need no care in an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Repository(String);

/// A text is no name of a repository.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write owner and repository like acme/widget")]
pub struct RepositoryError;

impl Repository {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_part(part: &str) -> bool {
    (1..=LONGEST).contains(&part.len())
        && part != "."
        && part != ".."
        && part
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

impl FromStr for Repository {
    type Err = RepositoryError;
    fn from_str(text: &str) -> Result<Self, RepositoryError> {
        let (owner, name) = text.split_once('/').ok_or(RepositoryError)?;
        if is_part(owner) && is_part(name) {
            Ok(Self(text.to_owned()))
        } else {
            Err(RepositoryError)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_owner_and_name_are_a_repository() {
        for good in ["acme/widget.rs", "a/b", "A-1/_x"] {
            assert_eq!(good.parse::<Repository>().unwrap().as_str(), good);
        }
        for bad in [
            "acme",
            "acme/",
            "/x",
            "a/b/c",
            "acme/..",
            "acme/wid get",
            "acme/x?y",
            "acme/x#y",
            "acme/%2e",
        ] {
            assert_eq!(bad.parse::<Repository>(), Err(RepositoryError), "{bad}");
        }
    }
}
