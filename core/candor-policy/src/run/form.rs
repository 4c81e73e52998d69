//! The report form a policy asks for, and what a report still lacks.
//!
//! Invariants: name and address are never missing (P-05); an optional item is
//! never missing; one field per key, in a fixed order.
//!
//! Deliberately absent: HTML, and any judgement of what was written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{ClauseId, ContentItem, ContentKey, Demand, DutyKind, ScopeTopic};
use crate::settings::PolicyInForce;

/// One field of the report form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    /// Which content; its serialised name is the name of the field.
    pub key: ContentKey,
    /// The policy's name for it, or Candor's when the policy does not ask.
    pub label: String,
    /// The policy's words on it, or Candor's.
    pub help: String,
    /// How strongly the policy asks.
    pub demand: Demand,
    /// What can be chosen; empty for free text.
    pub choices: Vec<String>,
    /// Whether it needs more than one line.
    pub multiline: bool,
    /// The clause that asks for it; `None` when only Candor does.
    pub clause: Option<ClauseId>,
}

/// What a report holds of what the policy asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completeness {
    /// Mandatory and not there.
    pub missing_mandatory: Vec<ContentKey>,
    /// Asked for and not there.
    pub missing_asked: Vec<ContentKey>,
    /// Asked for in any way and there.
    pub present: Vec<ContentKey>,
}

/// What the policy asks for against what was given. `files` counts the attachments.
pub fn complete(
    policy: &PolicyInForce,
    given: &BTreeMap<ContentKey, String>,
    files: usize,
) -> Completeness {
    let mut strongest: BTreeMap<ContentKey, Demand> = BTreeMap::new();
    for clause in &policy.policy.contents {
        let demand = strongest
            .entry(clause.value.key)
            .or_insert(clause.value.demand);
        *demand = stronger(*demand, clause.value.demand);
    }
    let mut out = Completeness::default();
    for (key, demand) in strongest {
        let text = given.get(&key).map_or("", |t| t.trim());
        let by_file = files > 0 && matches!(key, ContentKey::Evidence | ContentKey::ProofOfConcept);
        let conditional = demand != Demand::Mandatory
            && policy
                .policy
                .contents
                .iter()
                .any(|c| c.value.key == key && c.value.demand == Demand::IfApplicable);
        let there = by_file || answers(text, conditional);
        if there {
            out.present.push(key);
        } else if matches!(key, ContentKey::Contact | ContentKey::Identity) {
            // Nobody has to say who they are: the receipt code is the way back.
        } else {
            match demand {
                Demand::Mandatory => out.missing_mandatory.push(key),
                Demand::Asked | Demand::IfApplicable => out.missing_asked.push(key),
                Demand::Optional => {}
            }
        }
    }
    out
}

/// Where the text asks "if applicable", "not applicable" with a word why is an answer (S2-09).
fn answers(text: &str, conditional: bool) -> bool {
    match not_applicable_reason(text) {
        None => !text.is_empty(),
        Some(why) => conditional && why.chars().any(char::is_alphanumeric),
    }
}

/// What follows "not applicable", when a text begins so.
fn not_applicable_reason(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    ["not applicable", "n/a", "none"]
        .iter()
        .find_map(|w| lower.strip_prefix(w))
        // "None of the checks hold" is a text like any other.
        .filter(|rest| {
            !rest.trim_start().starts_with(char::is_alphanumeric) || !lower.starts_with("none")
        })
        .filter(|rest| !rest.starts_with(char::is_alphanumeric))
        .map(str::to_owned)
}

fn rank(demand: Demand) -> u8 {
    match demand {
        Demand::Mandatory => 3,
        Demand::Asked => 2,
        Demand::IfApplicable => 1,
        Demand::Optional => 0,
    }
}

fn stronger(a: Demand, b: Demand) -> Demand {
    if rank(b) > rank(a) { b } else { a }
}

/// The fields of the report form: what the policy asks, and always a title, a
/// description and the affected version.
pub fn form(policy: &PolicyInForce) -> Vec<FormField> {
    let mut fields: BTreeMap<ContentKey, FormField> = BTreeMap::new();
    for clause in &policy.policy.contents {
        merge(&mut fields, &clause.id, &clause.value);
    }
    for (key, label, help) in ALWAYS {
        fields.entry(key).or_insert_with(|| FormField {
            key,
            label: label.to_owned(),
            help: help.to_owned(),
            demand: Demand::Optional,
            choices: Vec::new(),
            multiline: is_multiline(key),
            clause: None,
        });
    }
    ask_for_the_dependency(policy, &mut fields);
    ask_for_made_up_data(policy, &mut fields);
    if let Some(component) = fields.get_mut(&ContentKey::Component)
        && component.choices.is_empty()
    {
        component.choices = policy
            .policy
            .in_scope
            .iter()
            .map(|c| c.value.name.clone())
            .collect();
    }
    fields.into_values().collect()
}

/// Where dependencies are in scope, the form asks which one (S0-05, S2-17).
fn ask_for_the_dependency(policy: &PolicyInForce, fields: &mut BTreeMap<ContentKey, FormField>) {
    let in_scope = policy
        .policy
        .in_scope
        .iter()
        .any(|c| c.value.topic == ScopeTopic::Dependency);
    if in_scope {
        fields
            .entry(ContentKey::OtherProjects)
            .or_insert_with(|| FormField {
                key: ContentKey::OtherProjects,
                label: "Dependency".to_owned(),
                help: "If the problem lies in a dependency: its name and version.".to_owned(),
                demand: Demand::Optional,
                choices: Vec::new(),
                multiline: is_multiline(ContentKey::OtherProjects),
                clause: None,
            });
    }
}

/// Where the policy asks to leave others' data alone, the proof is shown on made-up
/// data (S0-42).
fn ask_for_made_up_data(policy: &PolicyInForce, fields: &mut BTreeMap<ContentKey, FormField>) {
    let duty = policy
        .policy
        .duties
        .iter()
        .any(|c| c.value.kind == DutyKind::NoDataAccess);
    let proof = [
        ContentKey::ProofOfConcept,
        ContentKey::Evidence,
        ContentKey::Steps,
        ContentKey::Description,
    ]
    .into_iter()
    .find(|key| fields.contains_key(key));
    if let Some(field) = proof.filter(|_| duty).and_then(|key| fields.get_mut(&key)) {
        field
            .help
            .push_str(" Please show it on made-up data, never on that of other people.");
    }
}

const ALWAYS: [(ContentKey, &str, &str); 3] = [
    (
        ContentKey::Summary,
        "Title",
        "One line that says what the problem is. Only the team sees it.",
    ),
    (
        ContentKey::Description,
        "Description",
        "What the problem is and how you found it.",
    ),
    (
        ContentKey::Versions,
        "Affected version",
        "The version, commit or image you tested.",
    ),
];

fn merge(fields: &mut BTreeMap<ContentKey, FormField>, id: &ClauseId, item: &ContentItem) {
    match fields.get_mut(&item.key) {
        None => {
            fields.insert(
                item.key,
                FormField {
                    key: item.key,
                    label: item.label.clone(),
                    help: item.help.clone(),
                    demand: item.demand,
                    choices: item.choices.clone(),
                    multiline: is_multiline(item.key),
                    clause: Some(id.clone()),
                },
            );
        }
        Some(field) => {
            if item.key == ContentKey::Other && !field.label.contains(&item.label) {
                field.label = format!("{}; {}", field.label, item.label);
            }
            if !field.help.contains(&item.help) {
                field.help = format!("{} {}", field.help, item.help);
            }
            field.demand = stronger(field.demand, item.demand);
            if field.choices.is_empty() {
                field.choices.clone_from(&item.choices);
            }
        }
    }
}

fn is_multiline(key: ContentKey) -> bool {
    !matches!(
        key,
        ContentKey::Summary
            | ContentKey::Severity
            | ContentKey::Component
            | ContentKey::Versions
            | ContentKey::Contact
            | ContentKey::Identity
    )
}
