//! CVE ids: names for vulnerabilities that whoever may assign them gives out.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A CVE id: `CVE-2026-12345`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CveId(String);

/// A text is no CVE id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a CVE id; it looks like CVE-2026-12345")]
pub struct CveIdError;

impl CveId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CveId {
    type Err = CveIdError;
    fn from_str(text: &str) -> Result<Self, CveIdError> {
        let upper = text.trim().to_ascii_uppercase();
        let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        let good = upper
            .strip_prefix("CVE-")
            .and_then(|rest| rest.split_once('-'))
            .is_some_and(|(year, number)| {
                year.len() == 4
                    && digits(year)
                    && (4..=19).contains(&number.len())
                    && digits(number)
            });
        if good {
            Ok(Self(upper))
        } else {
            Err(CveIdError)
        }
    }
}

impl fmt::Display for CveId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CveId {
    type Error = CveIdError;
    fn try_from(text: String) -> Result<Self, CveIdError> {
        text.parse()
    }
}

impl From<CveId> for String {
    fn from(id: CveId) -> Self {
        id.0
    }
}
