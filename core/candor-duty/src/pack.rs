//! The facts of a report: what was typed, what is missing, texts to copy.
//!
//! Invariants: one pack serves all stages of a regime, so that what was typed
//! once is carried over; nothing is cut, a text that is too long says by how
//! much; a value that Candor fills in is used only where nothing was typed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use candor_base::Instant;
use serde::{Deserialize, Serialize};

use crate::parts::{FieldId, StageId};
use crate::regime::{Demand, Field, Fill, Regime};

/// The text of a stored pack cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a field pack cannot be read")]
pub struct PackError;

/// Values by field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pack(BTreeMap<FieldId, String>);

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Required and empty.
    Missing,
    /// So many characters more than it takes.
    TooLong(u32),
}

/// A field at one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldState<'a> {
    /// The field.
    pub field: &'a Field,
    /// What the stage asks of it.
    pub demand: Demand,
    /// What stands in it.
    pub text: String,
    /// Characters.
    pub chars: u32,
    /// Candor filled it in.
    pub filled: bool,
    /// What is wrong with it.
    pub problem: Option<Problem>,
}

impl Pack {
    /// Takes values; empty ones are left out, and so is what the regime does not ask.
    pub fn of(regime: &Regime, get: impl Fn(&FieldId) -> String) -> Self {
        let values = regime.fields.iter().filter_map(|field| {
            let text = get(&field.id).trim().to_owned();
            (!text.is_empty()).then(|| (field.id.clone(), text))
        });
        Self(values.collect())
    }

    /// Reads a stored pack.
    pub fn from_json(text: &str) -> Result<Self, PackError> {
        serde_json::from_str(text).map_err(|_| PackError)
    }

    /// What is stored.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What was typed into a field.
    pub fn get(&self, field: &FieldId) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// Nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields of a stage as they stand, in the order of the table.
    pub fn fields<'a>(
        &self,
        regime: &'a Regime,
        stage: &StageId,
        known: &Known,
    ) -> Vec<FieldState<'a>> {
        regime
            .fields
            .iter()
            .map(|field| (field, regime.demand(stage, field)))
            .filter(|(_, demand)| *demand != Demand::Absent)
            .map(|(field, demand)| self.state(field, demand, known))
            .collect()
    }

    fn state<'a>(&self, field: &'a Field, demand: Demand, known: &Known) -> FieldState<'a> {
        let typed = self.get(&field.id).map(str::to_owned);
        let filled = typed.is_none();
        let text = typed
            .or_else(|| field.fill.as_ref().and_then(|fill| known.fill(fill)))
            .unwrap_or_default();
        let chars = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let over = field.max.map_or(0, |max| chars.saturating_sub(max));
        let problem = if over > 0 {
            Some(Problem::TooLong(over))
        } else if text.is_empty() && matches!(demand, Demand::Required | Demand::Carried) {
            // What is carried over was required or optional before; it is missing only
            // if a stage of this field requires it.
            let ever = field.demands.contains(&Demand::Required);
            (demand == Demand::Required || ever).then_some(Problem::Missing)
        } else {
            None
        };
        FieldState {
            field,
            demand,
            filled: filled && !text.is_empty(),
            text,
            chars,
            problem,
        }
    }
}

/// What the case knows and Candor may fill in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// When the project became aware.
    pub aware: Option<Instant>,
    /// When a measure became available.
    pub measure: Option<Instant>,
}

impl Known {
    fn fill(self, fill: &Fill) -> Option<String> {
        match fill {
            Fill::Aware => self.aware.map(|at| at.to_string()),
            Fill::MeasureAvailable => self.measure.map(|at| at.to_string()),
            Fill::Text(text) => Some(text.clone()),
        }
    }
}

/// A report to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export<'a> {
    /// The regime.
    pub regime: &'a Regime,
    /// The stage.
    pub stage: &'a StageId,
    /// Reference of the case.
    pub reference: &'a str,
    /// When the stage falls due.
    pub due: Option<Instant>,
    /// Its fields.
    pub fields: &'a [FieldState<'a>],
}

impl Export<'_> {
    fn stage_name(&self) -> &str {
        self.regime
            .stage(self.stage)
            .map_or(self.stage.as_str(), |s| s.name.as_str())
    }
}

/// The report as plain text: each field with its label, what is missing named.
pub fn plain(export: &Export<'_>) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}: {}", export.regime.name, export.stage_name());
    let _ = writeln!(out, "Case: {}", export.reference);
    let _ = writeln!(out, "To: {}", export.regime.recipient);
    if let Some(due) = export.due {
        let _ = writeln!(out, "Due: {due}");
    }
    for state in export.fields {
        let text = match (state.text.is_empty(), state.problem) {
            (true, Some(_)) => "(missing)",
            (true, None) => continue,
            (false, _) => state.text.as_str(),
        };
        let _ = writeln!(out, "\n{}:\n{text}", state.field.label);
        if let Some(Problem::TooLong(over)) = state.problem {
            let _ = writeln!(out, "(too long by {over} characters)");
        }
    }
    out
}

#[derive(Serialize)]
struct JsonReport<'a> {
    format: &'static str,
    regime: &'a str,
    stage: &'a str,
    case: &'a str,
    due: Option<Instant>,
    fields: BTreeMap<&'a str, &'a str>,
    missing: Vec<&'a str>,
    too_long: Vec<&'a str>,
}

/// The report as JSON (`candor.duty/v1`), for a person's own tools.
pub fn json(export: &Export<'_>) -> String {
    let named = |wanted: fn(Problem) -> bool| {
        export
            .fields
            .iter()
            .filter(|s| s.problem.is_some_and(wanted))
            .map(|s| s.field.id.as_str())
            .collect()
    };
    let report = JsonReport {
        format: "candor.duty/v1",
        regime: export.regime.id.as_str(),
        stage: export.stage.as_str(),
        case: export.reference,
        due: export.due,
        fields: export
            .fields
            .iter()
            .filter(|s| !s.text.is_empty())
            .map(|s| (s.field.id.as_str(), s.text.as_str()))
            .collect(),
        missing: named(|p| p == Problem::Missing),
        too_long: named(|p| matches!(p, Problem::TooLong(_))),
    };
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table;

    fn regime() -> &'static Regime {
        table()
            .unwrap()
            .regime(&"eu-cra-vulnerability".parse().unwrap())
            .unwrap()
    }

    fn missing(pack: &Pack, stage: &str, known: &Known) -> Vec<String> {
        pack.fields(regime(), &stage.parse().unwrap(), known)
            .into_iter()
            .filter(|s| s.problem == Some(Problem::Missing))
            .map(|s| s.field.id.to_string())
            .collect()
    }

    fn aware() -> Known {
        Known {
            aware: Some("2026-09-11T14:42:00Z".parse().unwrap()),
            measure: None,
        }
    }

    #[test]
    fn an_early_warning_says_what_is_missing() {
        let empty = Pack::default();
        assert_eq!(
            missing(&empty, "early_warning", &aware()),
            [
                "title",
                "summary",
                "manufacturer",
                "member_states",
                "product_name",
                "product_version"
            ]
        );
        // Without awareness its time is missing too; the type is always known.
        assert!(
            missing(&empty, "early_warning", &Known::default()).contains(&"time_aware".to_owned())
        );
        // An optional field that is carried over is not missing later.
        let later = missing(&empty, "notification", &aware());
        assert!(later.contains(&"general_information".to_owned()));
        assert!(!later.contains(&"cve".to_owned()));
        let last = missing(&empty, "final", &aware());
        assert!(last.contains(&"measures_taken".to_owned()));
        assert!(last.contains(&"title".to_owned()));
    }

    #[test]
    fn a_text_is_counted_in_characters_and_never_cut() {
        let long = "ä".repeat(260);
        let pack = Pack::of(regime(), |id| {
            if id.as_str() == "title" {
                format!("  {long} ")
            } else {
                String::new()
            }
        });
        let stage = "early_warning".parse().unwrap();
        let states = pack.fields(regime(), &stage, &aware());
        let title = states
            .iter()
            .find(|s| s.field.id.as_str() == "title")
            .unwrap();
        assert_eq!(title.chars, 260);
        assert_eq!(title.problem, Some(Problem::TooLong(5)));
        assert_eq!(title.text, long);
        assert_eq!(Pack::from_json(&pack.to_json()), Ok(pack));
    }

    #[test]
    fn what_is_copied_names_what_is_missing() {
        let pack = Pack::of(regime(), |id| match id.as_str() {
            "title" => "Overflow in widget".to_owned(),
            _ => String::new(),
        });
        let stage: StageId = "early_warning".parse().unwrap();
        let fields = pack.fields(regime(), &stage, &aware());
        let export = Export {
            regime: regime(),
            stage: &stage,
            reference: "TDX-7K3F-9QMA",
            due: Some("2026-09-12T14:42:00Z".parse().unwrap()),
            fields: &fields,
        };
        let text = plain(&export);
        assert!(text.contains("Title:\nOverflow in widget\n"));
        assert!(text.contains("Summary:\n(missing)\n"));
        assert!(text.contains("Due: 2026-09-12T14:42:00Z\n"));
        assert!(text.contains("When you became aware (UTC):\n2026-09-11T14:42:00Z\n"));
        assert!(!text.contains("CVE id"));
        let value: serde_json::Value = serde_json::from_str(&json(&export)).unwrap();
        assert_eq!(value["fields"]["title"], "Overflow in widget");
        assert_eq!(value["fields"]["type"], "actively exploited vulnerability");
        assert_eq!(value["missing"][0], "summary");
        assert_eq!(value["due"], "2026-09-12T14:42:00Z");
    }
}
