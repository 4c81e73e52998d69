//! The report form, from the policy in force.

use std::collections::BTreeMap;

use candor_policy::model::{Clause, ContentKey, Demand, Policy, ScopeItem, Support};
use candor_policy::{
    FormField, PolicyInForce, PromiseKind, elsewhere, promises_in_words, span_words,
};

use super::policy::{channels, quoted};
use super::words;
use crate::view::{ClauseLine, FieldError, FieldView, ProgramCard, PromiseView, ReportFormView};

/// What was typed and what was wrong with it, when the form comes back.
#[derive(Debug, Clone, Default)]
pub struct FormState {
    /// Guards against double submits.
    pub nonce: String,
    /// Typed values by field name.
    pub values: BTreeMap<String, String>,
    /// Errors.
    pub errors: Vec<FieldError>,
    /// Files have to be attached again.
    pub attach_again: bool,
}

/// The form.
pub fn report_form(
    policy: &PolicyInForce,
    program: &ProgramCard,
    max_files_bytes: u64,
    state: FormState,
) -> ReportFormView {
    let (version, fields): (Vec<FormField>, Vec<FormField>) = candor_policy::form(policy)
        .into_iter()
        .partition(|f| f.key == ContentKey::Versions);
    let fields: Vec<FieldView> = fields
        .into_iter()
        .map(|f| field(f, words::content_name, &state))
        .collect();
    let version = version
        .into_iter()
        .map(|f| field(f, |_| "version", &state))
        .next()
        .unwrap_or_else(no_version_asked);
    let mut names: Vec<&str> = fields.iter().map(|f| words::content_name(f.key)).collect();
    names.push("version");
    let errors = state
        .errors
        .iter()
        .filter(|e| !names.contains(&e.field.as_str()))
        .cloned()
        .collect();
    let p = &policy.policy;
    ReportFormView {
        program: program.clone(),
        nonce: state.nonce,
        errors,
        versions: versions(policy),
        out_of_scope: p.out_of_scope.iter().map(turned_away).collect(),
        duties: duties(policy),
        safe_harbour: safe_harbour(policy),
        channels: channels(policy, None),
        public_ban: quoted(p, &p.public_ban),
        when_to_report: quoted(p, &p.when_to_report)
            .into_iter()
            .chain(quoted(p, &p.not_here))
            .collect(),
        incomplete_rule: p.incomplete_rule.as_ref().map(line),
        credit: p.credit.as_ref().map(line),
        promises: promise_views(policy),
        max_files_bytes,
        values: state
            .values
            .into_iter()
            .filter(|(name, _)| !names.contains(&name.as_str()) && name != "nonce")
            .collect(),
        attach_again: state.attach_again,
        fields,
        version,
    }
}

/// What nobody's list of components can leave out.
const OTHER_COMPONENT: &str = "Other / not sure";

fn field(f: FormField, name: fn(ContentKey) -> &'static str, state: &FormState) -> FieldView {
    let name = name(f.key);
    let mut choices = f.choices;
    if f.key == ContentKey::Component && !choices.is_empty() {
        choices.push(OTHER_COMPONENT.to_owned());
    }
    FieldView {
        key: f.key,
        label: f.label,
        help: f.help,
        demand: f.demand,
        choices,
        multiline: f.multiline,
        value: state.values.get(name).cloned().unwrap_or_default(),
        error: state
            .errors
            .iter()
            .find(|e| e.field == name)
            .map(|e| e.message.clone()),
    }
}

/// The form always asks for a version; this stands in should that ever change.
fn no_version_asked() -> FieldView {
    FieldView {
        key: ContentKey::Versions,
        label: "Affected version".to_owned(),
        help: String::new(),
        demand: Demand::Optional,
        choices: Vec::new(),
        multiline: false,
        value: String::new(),
        error: None,
    }
}

/// An out-of-scope item with where such a report goes instead.
fn turned_away(clause: &Clause<ScopeItem>) -> ClauseLine {
    ClauseLine {
        note: elsewhere(clause.value.topic).map(str::to_owned),
        ..line(clause)
    }
}

/// A clause as it stands.
pub(super) fn line<T>(clause: &Clause<T>) -> ClauseLine {
    ClauseLine {
        id: clause.id.to_string(),
        text: clause.quote.clone(),
        lines: Some(span_words(clause.span)),
        note: None,
    }
}

/// A clause with the words it would be a fragment without, or even say the opposite.
pub(super) fn whole_line<T>(p: &Policy, clause: &Clause<T>) -> ClauseLine {
    ClauseLine {
        text: p.in_full(clause.span, &clause.quote),
        ..line(clause)
    }
}

/// Supported versions, and what to do with others.
pub(super) fn versions(policy: &PolicyInForce) -> Vec<ClauseLine> {
    let p = &policy.policy;
    let mut out: Vec<ClauseLine> = p
        .versions
        .iter()
        .map(|c| ClauseLine {
            note: Some(
                match c.value.support {
                    Support::Full => "supported",
                    Support::SecurityOnly => "security fixes only",
                    Support::CriticalOnly => "critical fixes only",
                    Support::BestEffort => "best effort",
                    Support::Development => "supported, in development",
                    Support::Unclear => "the policy says neither yes nor no",
                    Support::None => {
                        "not supported: please try a supported version too, if you can; you can \
                         still send the report"
                    }
                }
                .to_owned(),
            ),
            text: c.value.label.clone(),
            ..line(c)
        })
        .collect();
    out.extend(p.upgrade_first.as_ref().map(line));
    out
}

/// What the policy asks of reporters.
pub fn duties(policy: &PolicyInForce) -> Vec<ClauseLine> {
    quoted(&policy.policy, &policy.policy.duties)
}

/// Safe harbour, as it stands: what is a promise and what only supports is told apart
/// wherever it is shown (S3-27).
pub fn safe_harbour(policy: &PolicyInForce) -> Vec<ClauseLine> {
    policy
        .policy
        .safe_harbour
        .iter()
        .map(|clause| {
            let note = match &clause.value {
                said if said.in_promise => Some("part of the promise"),
                said if said.no_legal_action => None,
                _ => Some("a statement of support, not a promise of no legal action"),
            };
            ClauseLine {
                note: note.map(str::to_owned),
                ..whole_line(&policy.policy, clause)
            }
        })
        .collect()
}

/// Promises in plain words.
pub fn promise_views(policy: &PolicyInForce) -> Vec<PromiseView> {
    promises_in_words(policy)
        .into_iter()
        .map(|line| PromiseView {
            text: line.text,
            firmness: match line.kind {
                PromiseKind::Number => line.firmness,
                PromiseKind::NoNumber => "no number given".to_owned(),
                PromiseKind::CandorDefault => "Candor's own rhythm".to_owned(),
            },
            has_clock: line.dated,
            by_candor: line.kind == PromiseKind::CandorDefault,
            quote: line.quote,
            lines: line.span.map(span_words),
        })
        .collect()
}
