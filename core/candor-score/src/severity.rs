//! Scores, bands and severity words, and how far a word and a band lie apart.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A CVSS score in tenths: 75 is 7.5. From 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Score(u16);

impl Score {
    /// From tenths; more than 10.0 is held at 10.0.
    pub const fn from_tenths(tenths: u16) -> Self {
        if tenths > 100 {
            Self(100)
        } else {
            Self(tenths)
        }
    }

    /// In tenths.
    pub const fn tenths(self) -> u16 {
        self.0
    }

    /// As a number for JSON (7.5).
    pub fn number(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    /// The band of CVSS 3.0, 3.1 and 4.0 (the same in all three).
    pub const fn band(self) -> Band {
        match self.0 {
            0 => Band::None,
            1..=39 => Band::Low,
            40..=69 => Band::Medium,
            70..=89 => Band::High,
            _ => Band::Critical,
        }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// The band a score falls into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Band {
    /// 0.0.
    None,
    /// 0.1 to 3.9.
    Low,
    /// 4.0 to 6.9.
    Medium,
    /// 7.0 to 8.9.
    High,
    /// 9.0 to 10.0.
    Critical,
}

impl Band {
    /// In capitals, as CSAF and CVE write it (`HIGH`).
    pub const fn json(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Critical => "CRITICAL",
        }
    }

    const fn rank(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Low => 1,
            Self::Medium => 2,
            Self::High => 3,
            Self::Critical => 4,
        }
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::Critical => "Critical",
        })
    }
}

/// The word a policy or a person uses for how bad it is. Ordered, low first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SeverityWord {
    /// Low.
    Low,
    /// Medium, in some policies "moderate".
    Medium,
    /// High, in some policies "important".
    High,
    /// Critical.
    Critical,
}

/// A text is no severity word.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a severity; choose critical, high, medium or low")]
pub struct SeverityError;

impl SeverityWord {
    /// All words, the worst first: the order in which people expect a choice.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// The band of the same name.
    pub const fn band(self) -> Band {
        match self {
            Self::Low => Band::Low,
            Self::Medium => Band::Medium,
            Self::High => Band::High,
            Self::Critical => Band::Critical,
        }
    }

    /// In lower case, as stored and parsed (`high`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl FromStr for SeverityWord {
    type Err = SeverityError;
    fn from_str(text: &str) -> Result<Self, SeverityError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "critical" => Ok(Self::Critical),
            "high" | "important" => Ok(Self::High),
            "medium" | "moderate" => Ok(Self::Medium),
            "low" => Ok(Self::Low),
            _ => Err(SeverityError),
        }
    }
}

impl fmt::Display for SeverityWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.band(), f)
    }
}

/// How many bands the policy's word and the score's band lie apart: one needs a
/// note, two or more a second person (domain rules, section 4.2).
pub const fn bands_apart(word: SeverityWord, band: Band) -> u8 {
    word.band().rank().abs_diff(band.rank())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_change_at_their_borders() {
        let band = |t| Score::from_tenths(t).band();
        assert_eq!(band(0), Band::None);
        assert_eq!((band(1), band(39)), (Band::Low, Band::Low));
        assert_eq!((band(40), band(69)), (Band::Medium, Band::Medium));
        assert_eq!((band(70), band(89)), (Band::High, Band::High));
        assert_eq!((band(90), band(100)), (Band::Critical, Band::Critical));
    }

    #[test]
    fn scores_are_written_with_one_decimal() {
        assert_eq!(Score::from_tenths(75).to_string(), "7.5");
        assert_eq!(Score::from_tenths(100).to_string(), "10.0");
        assert_eq!(Score::from_tenths(0).to_string(), "0.0");
        assert_eq!(Score::from_tenths(700), Score::from_tenths(100));
    }

    #[test]
    fn words_of_other_policies_are_understood() {
        assert_eq!("Moderate".parse(), Ok(SeverityWord::Medium));
        assert_eq!(" IMPORTANT ".parse(), Ok(SeverityWord::High));
        assert_eq!("bad".parse::<SeverityWord>(), Err(SeverityError));
        for word in SeverityWord::ALL {
            assert_eq!(word.as_str().parse(), Ok(word));
            assert_eq!(word.to_string().parse(), Ok(word));
            let json = serde_json::to_string(&word).unwrap();
            assert_eq!(json, format!("\"{}\"", word.as_str()));
        }
    }

    #[test]
    fn distance_is_counted_in_bands() {
        assert_eq!(bands_apart(SeverityWord::Medium, Band::High), 1);
        assert_eq!(bands_apart(SeverityWord::Critical, Band::Low), 3);
        assert_eq!(bands_apart(SeverityWord::Low, Band::None), 1);
        assert_eq!(bands_apart(SeverityWord::High, Band::High), 0);
        assert!(SeverityWord::Critical > SeverityWord::Low);
    }
}
