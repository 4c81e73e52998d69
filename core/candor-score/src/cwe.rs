//! Weakness types: CWE ids and what the CWE list says about them.
//!
//! The table is CWE 4.20 (`data/cwe-4.20.tsv`, MITRE's notice inside). An id
//! that is not in it is still an id: the list grows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const TABLE: &str = include_str!("../data/cwe-4.20.tsv");

/// A weakness type, written `CWE-79`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cwe(u32);

/// A text is no CWE id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a weakness id; it looks like CWE-79")]
pub struct CweError;

/// Whether the CWE list wants an entry to be used for a vulnerability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CweUsage {
    /// Made for it.
    Allowed,
    /// Look whether a closer entry fits.
    AllowedWithReview,
    /// Too general or misleading: warn.
    Discouraged,
    /// Not a weakness, or withdrawn: do not use.
    Prohibited,
}

impl Cwe {
    /// The number.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The name in CWE 4.20, exactly; `None` when the list does not hold the id.
    pub fn name(self) -> Option<&'static str> {
        self.row().map(|(_, name)| name)
    }

    /// What the CWE list says about using it; `None` when it does not hold the id.
    pub fn usage(self) -> Option<CweUsage> {
        match self.row()?.0 {
            "A" => Some(CweUsage::Allowed),
            "R" => Some(CweUsage::AllowedWithReview),
            "D" => Some(CweUsage::Discouraged),
            "P" => Some(CweUsage::Prohibited),
            _ => None,
        }
    }

    fn row(self) -> Option<(&'static str, &'static str)> {
        let number = self.0.to_string();
        TABLE
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .find(|(id, _)| *id == number)
            .and_then(|(_, rest)| rest.split_once('\t'))
    }
}

impl FromStr for Cwe {
    type Err = CweError;
    /// Takes `CWE-79`, `cwe-79` and `79`.
    fn from_str(text: &str) -> Result<Self, CweError> {
        let upper = text.trim().to_ascii_uppercase();
        let digits = upper.strip_prefix("CWE-").unwrap_or(&upper);
        let plain = (1..=6).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0');
        if !plain {
            return Err(CweError);
        }
        digits.parse().map(Self).map_err(|_| CweError)
    }
}

impl fmt::Display for Cwe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CWE-{}", self.0)
    }
}

impl TryFrom<String> for Cwe {
    type Error = CweError;
    fn try_from(text: String) -> Result<Self, CweError> {
        text.parse()
    }
}

impl From<Cwe> for String {
    fn from(cwe: Cwe) -> Self {
        cwe.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cwe(text: &str) -> Cwe {
        text.parse().unwrap()
    }

    #[test]
    fn ids_are_read_in_the_ways_people_write_them() {
        assert_eq!(cwe("cwe-79").to_string(), "CWE-79");
        assert_eq!(cwe(" 79 "), cwe("CWE-79"));
        for bad in [
            "",
            "CWE-",
            "CWE-0",
            "CWE-079",
            "CWE-x",
            "CWE-1234567",
            "CVE-79",
            "+7",
        ] {
            assert_eq!(bad.parse::<Cwe>(), Err(CweError), "{bad:?}");
        }
    }

    #[test]
    fn the_list_knows_names_and_usage() {
        assert_eq!(
            cwe("79").name(),
            Some(
                "Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')"
            )
        );
        assert_eq!(cwe("79").usage(), Some(CweUsage::Allowed));
        assert_eq!(cwe("20").usage(), Some(CweUsage::Discouraged));
        assert_eq!(cwe("999999").name(), None);
    }

    #[test]
    fn every_row_of_the_table_can_be_read() {
        let rows: Vec<&str> = TABLE.lines().filter(|l| !l.starts_with('#')).collect();
        assert!(rows.len() > 900, "{}", rows.len());
        for row in rows {
            let id = cwe(row.split('\t').next().unwrap());
            assert!(
                id.usage().is_some() && !id.name().unwrap().is_empty(),
                "{row}"
            );
        }
    }
}
