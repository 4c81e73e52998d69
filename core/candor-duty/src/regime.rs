//! What a regime is: a law, its stages with their times, and the facts it asks for.
//!
//! Invariant: values of these types were judged by [`crate::table()`]; a stage
//! counts to the second and is never pausable.

use candor_calendar::Within;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::parts::{FamilyId, FieldId, RegimeId, RoleId, StageId};

/// What a regime is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A vulnerability in a product.
    Vulnerability,
    /// An incident.
    Incident,
}

impl Subject {
    /// The word for pages.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Vulnerability => "vulnerability",
            Self::Incident => "incident",
        }
    }
}

/// What a stage counts from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// A person's recorded decision that the project is aware (K5).
    Aware,
    /// A corrective or mitigating measure is available.
    MeasureAvailable,
    /// Another stage was submitted.
    Submitted(StageId),
}

/// Another counter that the recipient shows; kept beside the own one (K7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counter {
    /// It counts from the submission of this stage.
    pub after: StageId,
    /// So many hours.
    pub hours: u32,
    /// How it counts, in words.
    pub words: String,
}

/// The times of one stage, as a case keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageTerms {
    /// Its name in the table.
    pub id: StageId,
    /// Its name for people.
    pub name: String,
    /// Where the law says so.
    pub law: String,
    /// What it counts from.
    pub from: Anchor,
    /// How long.
    pub within: Within,
    /// The recipient's own counter, where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<Counter>,
}

/// One report of a regime.
pub type Stage = StageTerms;

/// What a stage asks of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// Without it the report is not complete.
    Required,
    /// May be left out.
    Optional,
    /// Carried over from the stage before; to be corrected if it changed.
    Carried,
    /// Only if there is something to say.
    IfAvailable,
    /// Not asked at this stage.
    Absent,
}

impl Demand {
    /// The word for pages.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
            Self::Carried => "carried over",
            Self::IfAvailable => "if available",
            Self::Absent => "not asked",
        }
    }
}

/// What Candor can fill in by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fill {
    /// When the project became aware, in UTC.
    Aware,
    /// When a measure became available, in UTC.
    MeasureAvailable,
    /// Always this text.
    Text(String),
}

/// A fact that reports ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Its name in the table.
    pub id: FieldId,
    /// Its label.
    pub label: String,
    /// More words on it.
    pub help: Option<String>,
    /// Most characters it takes, where known.
    pub max: Option<u32>,
    /// What each stage asks of it, in the order of the stages.
    pub demands: Vec<Demand>,
    /// What Candor fills in where nothing was typed.
    pub fill: Option<Fill>,
}

/// How well the source was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The text itself, or a faithful copy.
    Read,
    /// Parts of it, or a second-hand text.
    Excerpt,
    /// No law in force.
    Proposed,
}

impl Confidence {
    /// The sentence for pages.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Read => "Taken from the text itself or a faithful copy.",
            Self::Excerpt => {
                "Taken from parts of the text or from second-hand texts. Compare it with the law \
                 before you rely on it."
            }
            Self::Proposed => "Taken from a proposal. It is not known to be in force.",
        }
    }
}

/// A regime: one law, one kind of event, its reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Regime {
    /// Its name in the table.
    pub id: RegimeId,
    /// What turns it on.
    pub family: FamilyId,
    /// Its name for people.
    pub name: String,
    /// The law.
    pub law: String,
    /// What it is about.
    pub subject: Subject,
    /// Who is told.
    pub recipient: String,
    /// Where a person files.
    pub portal: Option<String>,
    /// When one is aware, in words.
    pub aware: String,
    /// The duty to tell users, where there is one.
    pub users: Option<String>,
    /// What to ask before deciding.
    pub questions: Vec<String>,
    /// What else to know.
    pub notes: Vec<String>,
    /// Where this was taken from.
    pub source: String,
    /// How well that was read.
    pub confidence: Confidence,
    /// When a person last compared it with its source.
    pub checked_on: Date,
    /// Its reports, in order.
    pub stages: Vec<Stage>,
    /// The facts they ask for, in order.
    pub fields: Vec<Field>,
}

impl Regime {
    /// A stage by its name.
    pub fn stage(&self, id: &StageId) -> Option<&Stage> {
        self.stages.iter().find(|s| s.id == *id)
    }

    /// What a stage asks of a field.
    pub fn demand(&self, stage: &StageId, field: &Field) -> Demand {
        self.stages
            .iter()
            .position(|s| s.id == *stage)
            .and_then(|n| field.demands.get(n).copied())
            .unwrap_or(Demand::Absent)
    }

    /// Whether nobody compared it with its source for too long.
    pub fn is_stale(&self, today: Date) -> bool {
        let days = today
            .since(self.checked_on)
            .map_or(0, |span| span.get_days());
        days > crate::STALE_AFTER_DAYS
    }

    /// What a case keeps of it, so that its times never change under its feet.
    pub fn terms(&self, version: &str) -> Terms {
        Terms {
            regime: self.id.clone(),
            name: self.name.clone(),
            law: self.law.clone(),
            version: version.to_owned(),
            subject: self.subject,
            users: self.users.is_some(),
            stages: self.stages.clone(),
        }
    }
}

/// The times of a regime as they stood when a case became aware.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The regime.
    pub regime: RegimeId,
    /// Its name for people.
    pub name: String,
    /// The law.
    pub law: String,
    /// Version of the table.
    pub version: String,
    /// What it is about.
    pub subject: Subject,
    /// Users have to be told.
    pub users: bool,
    /// Its stages.
    pub stages: Vec<StageTerms>,
}

impl Terms {
    /// A stage by its name.
    pub fn stage(&self, id: &StageId) -> Option<&StageTerms> {
        self.stages.iter().find(|s| s.id == *id)
    }
}

/// What a program is under the laws of one family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its name in the table.
    pub id: RoleId,
    /// The answer it stands for.
    pub name: String,
    /// The first day on which the duty holds for it.
    pub from: Date,
}

/// Regimes that one answer of the owner turns on together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Its name in the table.
    pub id: FamilyId,
    /// The question to the owner.
    pub question: String,
    /// More words on it.
    pub help: String,
    /// Why it cannot be turned on.
    #[serde(default)]
    pub disabled: Option<String>,
    /// The answers beside "no".
    pub roles: Vec<Role>,
}
