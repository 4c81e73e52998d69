//! A CVSS vector: parsed, kept in its version, scored.
//!
//! Invariants: every base metric is there, no metric twice, every component
//! spelled as FIRST's specification spells it; the text is in the
//! specification's order (which 4.0 asks for and 3.x recommends). A vector of
//! one version never becomes one of another (domain rule K10).
//!
//! Scores: for 2.0 and 3.x the base score, the temporal and the environmental
//! one apart; for 4.0 there is one score over all metrics. The arithmetic is
//! that of the `cvss` crate, which has all of them.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use cvss::Cvss;
use serde::{Deserialize, Serialize};

use crate::metrics::{Group, Metric, look_up, mandatory, place};
use crate::severity::{Band, Score};

/// Longest vector read, in bytes; a full 4.0 vector has less than 200.
const MAX: usize = 500;

/// The version of CVSS that a vector is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Version {
    /// 2.0, written without a prefix.
    #[serde(rename = "2.0")]
    V2_0,
    /// 3.0.
    #[serde(rename = "3.0")]
    V3_0,
    /// 3.1.
    #[serde(rename = "3.1")]
    V3_1,
    /// 4.0.
    #[serde(rename = "4.0")]
    V4_0,
}

impl Version {
    /// The number (`3.1`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2_0 => "2.0",
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
            Self::V4_0 => "4.0",
        }
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::V2_0 => "",
            Self::V3_0 => "CVSS:3.0/",
            Self::V3_1 => "CVSS:3.1/",
            Self::V4_0 => "CVSS:4.0/",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text is no CVSS vector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VectorError {
    /// Nothing there.
    #[error("the CVSS vector is empty; it looks like CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")]
    Empty,
    /// Far too long.
    #[error("this is too long to be a CVSS vector")]
    TooLong,
    /// A version that is not known here.
    #[error("CVSS {0} is not known here; use 3.0, 3.1 or 4.0")]
    Version(String),
    /// A component that the version does not have.
    #[error("CVSS {version} has no `{component}`; letters count as capital or small")]
    Component {
        /// The version of the vector.
        version: Version,
        /// What was found.
        component: String,
    },
    /// A metric stands twice.
    #[error("`{0}` stands twice in the CVSS vector")]
    Twice(&'static str),
    /// A base metric is missing.
    #[error("`{short}` ({name}) is missing in the CVSS vector")]
    Missing {
        /// As in the vector.
        short: &'static str,
        /// Its name.
        name: &'static str,
    },
}

/// A valid CVSS vector of one version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Vector {
    version: Version,
    text: String,
    base: Score,
    temporal: Option<Score>,
    environmental: Option<Score>,
}

impl Vector {
    /// Reads a vector. Metrics may stand in any order; [`Vector::as_str`] has the right one.
    pub fn parse(text: &str) -> Result<Self, VectorError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(VectorError::Empty);
        }
        if text.len() > MAX {
            return Err(VectorError::TooLong);
        }
        let (version, body) = split_version(text)?;
        let metrics = components(version, body)?;
        let mut parts: Vec<&str> = body.split('/').collect();
        parts.sort_by_key(|part| place(version, part.split(':').next().unwrap_or(part)));
        let text = format!("{}{}", version.prefix(), parts.join("/"));
        let (base, temporal, environmental) = scores(&text).ok_or(VectorError::Component {
            version,
            component: text.clone(),
        })?;
        let has = |group| metrics.iter().any(|m| m.group == group && m.is_defined());
        Ok(Self {
            version,
            text,
            base,
            temporal: temporal.filter(|_| has(Group::Temporal)),
            environmental: environmental.filter(|_| has(Group::Environmental)),
        })
    }

    /// The text, metrics in the specification's order.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The version it is written in.
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The score: the base score of 2.0 and 3.x; the one score of 4.0, over all
    /// metrics the vector names.
    pub const fn score(&self) -> Score {
        self.base
    }

    /// The temporal score of 2.0 and 3.x, when a temporal metric is defined.
    pub const fn temporal_score(&self) -> Option<Score> {
        self.temporal
    }

    /// The environmental score of 2.0 and 3.x, when an environmental metric is defined.
    pub const fn environmental_score(&self) -> Option<Score> {
        self.environmental
    }

    /// The temporal and the environmental score as the equations of the version give them:
    /// where 3.x names no metric of a kind, the score before it goes on; 2.0 has none then,
    /// and 4.0 never.
    pub fn further_scores(&self) -> [Option<Score>; 2] {
        match (self.version, scores(&self.text)) {
            (Version::V3_0 | Version::V3_1, Some((_, temporal, environmental))) => {
                [temporal, environmental]
            }
            _ => [self.temporal, self.environmental],
        }
    }

    /// The band of [`Vector::score`]. CVSS 2.0 has no bands of its own: those of
    /// the NVD are used (low, medium, high; never critical, never none).
    pub const fn band(&self) -> Band {
        match (self.version, self.base.band()) {
            (Version::V2_0, Band::None) => Band::Low,
            (Version::V2_0, Band::Critical) => Band::High,
            (_, band) => band,
        }
    }

    /// All metrics that the vector names, in its order, with their JSON names.
    pub fn metrics(&self) -> Vec<Metric> {
        let body = self.text.strip_prefix(self.version.prefix());
        body.unwrap_or(&self.text)
            .split('/')
            .filter_map(|part| look_up(self.version, part))
            .collect()
    }

    /// What a 4.0 score is made of: `CVSS-B`, `CVSS-BT`, `CVSS-BE` or `CVSS-BTE`.
    /// `None` for other versions.
    pub fn nomenclature(&self) -> Option<&'static str> {
        if self.version != Version::V4_0 {
            return None;
        }
        let metrics = self.metrics();
        let has = |group| metrics.iter().any(|m| m.group == group && m.is_defined());
        Some(match (has(Group::Temporal), has(Group::Environmental)) {
            (false, false) => "CVSS-B",
            (true, false) => "CVSS-BT",
            (false, true) => "CVSS-BE",
            (true, true) => "CVSS-BTE",
        })
    }
}

fn split_version(text: &str) -> Result<(Version, &str), VectorError> {
    let Some(rest) = text.strip_prefix("CVSS:") else {
        return Ok((Version::V2_0, text));
    };
    let (number, body) = rest.split_once('/').unwrap_or((rest, ""));
    let version = match number {
        "3.0" => Version::V3_0,
        "3.1" => Version::V3_1,
        "4.0" => Version::V4_0,
        other => return Err(VectorError::Version(short(other))),
    };
    Ok((version, body))
}

fn short(text: &str) -> String {
    text.chars().take(30).collect()
}

fn components(version: Version, body: &str) -> Result<Vec<Metric>, VectorError> {
    let mut seen = BTreeSet::new();
    let mut metrics = Vec::new();
    for part in body.split('/') {
        let metric = look_up(version, part).ok_or_else(|| VectorError::Component {
            version,
            component: short(part),
        })?;
        if !seen.insert(metric.short) {
            return Err(VectorError::Twice(metric.short));
        }
        metrics.push(metric);
    }
    match mandatory(version).find(|(short, _)| !seen.contains(short)) {
        Some((short, name)) => Err(VectorError::Missing { short, name }),
        None => Ok(metrics),
    }
}

/// Whole tenths of a score that the library gives as a number between 0 and 10.
fn tenths(value: f64) -> Option<Score> {
    // Through text, because the language has no checked cast from a fraction.
    format!("{:.0}", value * 10.0)
        .parse()
        .ok()
        .map(Score::from_tenths)
}

type Scores = (Score, Option<Score>, Option<Score>);

fn scores(text: &str) -> Option<Scores> {
    Some(match text.parse::<Cvss>().ok()? {
        Cvss::CvssV20(v) => (
            tenths(v.score().value())?,
            tenths(v.temporal_score().value()),
            tenths(v.environmental_score().value()),
        ),
        Cvss::CvssV30(v) | Cvss::CvssV31(v) => (
            tenths(v.base_score().value())?,
            tenths(v.temporal_score().value()),
            tenths(v.environmental_score().value()),
        ),
        Cvss::CvssV40(v) => (tenths(v.score().value())?, None, None),
        _ => return None,
    })
}

impl FromStr for Vector {
    type Err = VectorError;
    fn from_str(text: &str) -> Result<Self, VectorError> {
        Self::parse(text)
    }
}

impl fmt::Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for Vector {
    type Error = VectorError;
    fn try_from(text: String) -> Result<Self, VectorError> {
        Self::parse(&text)
    }
}

impl From<Vector> for String {
    fn from(vector: Vector) -> Self {
        vector.text
    }
}
