//! The label form: a compiled policy in the shape in which hand-made labels are written.
//!
//! Invariants: only what the compiled policy holds; nothing is read from the text again.
//!
//! Deliberately absent: fields that this release does not compile.

mod reach;
mod rules;
mod time;

use serde_json::{Map, Value, json};

use crate::grammar::keys_of;
use crate::model::{
    AdviceKind, Clause, ContentKey, Demand, DisclaimerKind, DutyKind, Policy, PrerequisiteKind,
    ScopeItem,
};
use crate::vocab::{first, fits};
use time::{advance_notice, embargo, escalation, severity, timeline, unquantified};

/// The label form of a policy.
pub fn labels(policy: &Policy) -> Value {
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| {
        out.insert(key.to_owned(), value);
    };
    put(
        "product",
        json!(policy.product.as_ref().map(|c| c.value.clone())),
    );
    put("policy_kind", json!(policy.kind));
    put("language", json!(policy.languages));
    put("delegates_to", reach::values(&policy.delegates_to));
    put("placeholders", reach::values(&policy.placeholders));
    put(
        "supported_versions",
        policy
            .versions
            .iter()
            .map(|c| reach::version(&c.value))
            .collect(),
    );
    put("channels", reach::channels(policy));
    put("timeline", timeline(policy));
    put("timeline_unquantified", unquantified(policy));
    put("escalation", escalation(policy));
    put("advance_notice", advance_notice(policy));
    put("in_scope", policy.in_scope.iter().map(scope_text).collect());
    put("out_of_scope", out_of_scope(policy));
    put("disclosure", disclosure(policy));
    more(policy, &mut put);
    Value::Object(out)
}

/// The fields beyond the core of the form.
fn more(policy: &Policy, put: &mut impl FnMut(&str, Value)) {
    put("credit", rules::credit(policy));
    put("bounty", rules::bounty(policy));
    put("cve", rules::cve(policy));
    put("safe_harbour", rules::harbour(policy));
    put("report_contents", contents(policy));
    put("severity_scheme", severity_scheme(policy));
    put("pgp", reach::pgp(policy));
    put("report_languages", reach::values(&policy.report_languages));
    put("embargo_list", reach::embargo_list(policy));
    put("prerequisites", prerequisites(policy));
    put("process_steps", rules::process_steps(policy));
    put("announcement_channels", reach::outlets(policy));
    put("reporter_obligations", duties(policy));
    put("contacts", reach::contacts(policy));
    put("review_cadence", review(policy));
    put(
        "security_practices",
        texts(policy.practices.iter().map(|c| c.quote.as_str())),
    );
    put("hardening", hardening(policy));
    put(
        "secure_by_default_disclaimer",
        disclaims(policy, DisclaimerKind::NotSecureByDefault),
    );
    put(
        "best_effort_disclaimer",
        disclaims(policy, DisclaimerKind::BestEffort),
    );
}

/// An item as written; what a sentence, a row or a heading names stands alone.
fn scope_text(clause: &Clause<ScopeItem>) -> String {
    let item = &clause.value;
    let name = item.name.trim_end_matches(" …");
    let whole = clause.quote.starts_with(name)
        && clause.quote.len() <= name.len() + item.detail.len() + 40
        && !item.detail.is_empty();
    if whole {
        clause.quote.clone()
    } else if item.detail.is_empty() || item.detail == clause.quote {
        name.to_owned()
    } else {
        format!("{name}: {}", item.detail)
    }
}

/// Items, and the first sentence that sends problems of another kind away.
fn out_of_scope(policy: &Policy) -> Value {
    let away = policy
        .not_here
        .iter()
        .find(|c| fits(&c.quote.to_lowercase(), "not"))
        .map(|c| c.quote.clone());
    let mut out: Vec<String> = policy.out_of_scope.iter().map(scope_text).collect();
    out.extend(away);
    json!(out)
}

fn texts<'a>(items: impl Iterator<Item = &'a str>) -> Value {
    items.map(|t| json!(t)).collect()
}

/// Advice as written; the settings of one example are one value, and what disclaims
/// safe defaults is a disclaimer.
fn hardening(policy: &Policy) -> Value {
    let mut out: Vec<String> = Vec::new();
    let mut in_example = false;
    for clause in &policy.advice {
        let disclaimed = policy
            .disclaimers
            .iter()
            .any(|d| d.span == clause.span && d.value.kind == DisclaimerKind::NotSecureByDefault);
        if disclaimed {
            continue;
        }
        let setting = clause.value.kind == AdviceKind::Configuration;
        match out.last_mut().filter(|_| setting && in_example) {
            Some(last) => {
                last.push_str("; ");
                last.push_str(&clause.quote);
            }
            None => out.push(clause.quote.clone()),
        }
        in_example = setting;
    }
    json!(out)
}

fn disclaims(policy: &Policy, kind: DisclaimerKind) -> Value {
    json!(policy.disclaimers.iter().any(|c| c.value.kind == kind))
}

fn disclosure(policy: &Policy) -> Value {
    json!({"model": rules::model(policy), "embargo": embargo(policy),
        "early_conditions": rules::early(policy), "extension_conditions": rules::extension(policy)})
}

fn contents(policy: &Policy) -> Value {
    let mut out: Vec<(&str, bool)> = Vec::new();
    for clause in &policy.contents {
        let mandatory = clause.value.demand == Demand::Mandatory;
        let mut keys = vec![clause.value.key];
        if clause.value.key == ContentKey::Evidence {
            keys.extend(keys_of(&clause.quote.to_lowercase()));
            keys.retain(|k| matches!(k, ContentKey::Evidence | ContentKey::ProofOfConcept));
        }
        for key in keys {
            let name = content_name(key, &clause.value.label);
            if !out.iter().any(|(n, _)| *n == name) {
                out.push((name, mandatory));
            }
        }
    }
    out.into_iter()
        .map(|(item, mandatory)| json!({"item": item, "mandatory": mandatory}))
        .collect()
}

fn content_name(key: ContentKey, label: &str) -> &'static str {
    match key {
        ContentKey::Summary if label == "Title" => "other",
        ContentKey::Summary | ContentKey::Description => "description",
        ContentKey::Impact | ContentKey::Usage => "impact",
        ContentKey::Severity => "severity",
        ContentKey::Component => "affected-component",
        ContentKey::Versions => "versions",
        ContentKey::Steps => "reproduction-steps",
        ContentKey::ProofOfConcept => "poc",
        ContentKey::Evidence => "logs",
        ContentKey::Environment => "environment",
        ContentKey::OtherProjects => "dependencies",
        ContentKey::SuggestedFix => "suggested-fix",
        ContentKey::Contact => "contact",
        ContentKey::Identity => "discovered-by",
        ContentKey::Other => "other",
    }
}

fn severity_scheme(policy: &Policy) -> Value {
    let mut levels: Vec<Value> = policy
        .severities
        .iter()
        .map(|c| {
            json!({"name": severity(Some(c.value.severity)), "definition": c.value.classes.join(", "),
                "response": c.value.response})
        })
        .collect();
    if levels.is_empty() {
        let asked = policy
            .contents
            .iter()
            .find(|c| c.value.key == ContentKey::Severity);
        levels.extend(
            asked
                .iter()
                .flat_map(|c| c.value.choices.iter())
                .map(|name| json!({"name": level(name)})),
        );
    }
    levels.extend(
        policy
            .other_severities
            .iter()
            .map(|c| json!({"name": c.value})),
    );
    let cvss = policy.scoring.as_ref().and_then(|c| {
        let value = &c.value;
        if value.refused {
            Some("rejected".to_owned())
        } else if value.names_cvss {
            Some(
                value
                    .cvss
                    .clone()
                    .unwrap_or_else(|| "unspecified".to_owned()),
            )
        } else {
            None
        }
    });
    json!({"levels": levels, "cvss": cvss})
}

/// A severity word in the form of the labels.
fn level(name: &str) -> String {
    let low = name.to_lowercase();
    match first(&low, |l| l.severities).and_then(|s| severity(Some(s)).as_str().map(str::to_owned))
    {
        Some(known) => known,
        None => low,
    }
}

fn prerequisites(policy: &Policy) -> Value {
    let detail = policy
        .incomplete_rule
        .iter()
        .map(|c| json!({"kind": "insufficient-detail-not-progressed", "text": c.quote}));
    let known = |kind| policy.prerequisites.iter().any(|c| c.value == kind);
    let upgrade = policy
        .upgrade_first
        .iter()
        .filter(|_| !known(PrerequisiteKind::UpgradeFirst))
        .map(|c| json!({"kind": PrerequisiteKind::UpgradeFirst, "text": c.quote}));
    let others = policy
        .prerequisites
        .iter()
        .map(|c| json!({"kind": c.value, "text": c.quote}));
    upgrade.chain(detail).chain(others).collect()
}

fn duties(policy: &Policy) -> Value {
    let mut out: Vec<&str> = Vec::new();
    if !policy.public_ban.is_empty() {
        out.push("no-public-issue");
    }
    let kinds = policy
        .duties
        .iter()
        .flat_map(|c| std::iter::once(&c.value.kind).chain(&c.value.also));
    for kind in kinds {
        let name = match kind {
            DutyKind::ReasonableTime => "reasonable-time",
            DutyKind::NoDataAccess => "no-data-access",
            DutyKind::NoExploitation => "poc-only",
            DutyKind::Confidential => "confidentiality",
            DutyKind::NoDegradation | DutyKind::NoHarm => "no-degradation",
            DutyKind::OwnAccounts => "own-accounts-only",
            DutyKind::NoDemands => "no-extortion",
            DutyKind::PromptReport => "prompt-report",
            DutyKind::NoSocialEngineering | DutyKind::Other => "other",
        };
        if !out.contains(&name) {
            out.push(name);
        }
    }
    json!(out)
}

fn review(policy: &Policy) -> Value {
    match policy.review.as_ref().map(|c| c.value.every_months) {
        None => Value::Null,
        Some(months) if months % 12 == 0 => json!({"number": months / 12, "unit": "years"}),
        Some(months) => json!({"number": months, "unit": "months"}),
    }
}
