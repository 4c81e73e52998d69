//! Names in the table: short words that stand in events, URLs and settings.
//!
//! Invariant: lower-case letters, digits, `-` and `_`, 1 to 60 of them, so that
//! a name is safe in a path and in a file name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that is no name of this table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to 60 lower-case letters, digits, `-` and `_`")]
pub struct IdError;

fn is_name(text: &str) -> bool {
    (1..=60).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The word.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                if is_name(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(IdError)
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(
    /// A regime: one law and one kind of event.
    RegimeId
);
name!(
    /// Regimes that one answer of the owner turns on together.
    FamilyId
);
name!(
    /// What a program is under a law.
    RoleId
);
name!(
    /// One report of a regime.
    StageId
);
name!(
    /// One fact a report asks for.
    FieldId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_in_a_path() {
        assert!("eu-cra-vulnerability".parse::<RegimeId>().is_ok());
        for bad in ["", "EU", "a b", "a/b", "..", "ä", &"x".repeat(61)] {
            assert!(bad.parse::<RegimeId>().is_err(), "{bad}");
        }
    }
}
