//! The label form of everything about time.
//!
//! Invariants: numbers and units as the text writes them.
//!
//! Deliberately absent: clocks.

use serde_json::{Value, json};

use crate::grammar::pace;
use crate::model::{
    Audience, DisclosureKind, Firmness, Milestone, NoticeBefore, Origin, Pace, Policy, Promise,
    Severity, Silence, Term, TermUnit,
};

fn milestone(milestone: Milestone) -> Option<&'static str> {
    Some(match milestone {
        Milestone::Acknowledgement | Milestone::Conversation => "acknowledgement",
        Milestone::Triage => "triage",
        Milestone::Assessment => "assessment",
        Milestone::Plan => "plan",
        Milestone::Decision => "decision",
        Milestone::Bounty => "bounty",
        Milestone::Update => "status-update",
        Milestone::Response | Milestone::Fix => "fix",
        Milestone::PatchRelease => "patch-release",
        Milestone::Disclosure => "public-disclosure",
        Milestone::Credit | Milestone::Conduct => return None,
    })
}

pub(super) fn severity(severity: Option<Severity>) -> Value {
    match severity {
        None => Value::Null,
        Some(Severity::Critical) => json!("critical"),
        Some(Severity::High) => json!("high"),
        Some(Severity::Medium) => json!("medium"),
        Some(Severity::Low) => json!("low"),
    }
}

pub(super) fn unit(unit: TermUnit) -> &'static str {
    match unit {
        TermUnit::Hours => "hours",
        TermUnit::BusinessHours => "business-hours",
        TermUnit::Days => "days",
        TermUnit::BusinessDays => "business-days",
        TermUnit::Weeks => "weeks",
        TermUnit::Months => "months",
    }
}

pub(super) fn origin(from: Origin) -> &'static str {
    match from {
        Origin::Receipt => "receipt",
        Origin::Acknowledgement => "acknowledgement",
        Origin::Triage => "triage",
        Origin::Acceptance => "decision",
        Origin::Fix => "fix",
        Origin::Release => "patch-release",
        Origin::Disclosure => "public-disclosure",
    }
}

pub(super) fn timeline(policy: &Policy) -> Value {
    let mut out: Vec<Value> = Vec::new();
    for clause in &policy.promises {
        let p: &Promise = &clause.value;
        let (number, least, of, recurring) = match &p.term {
            Term::Within {
                amount,
                at_least,
                unit,
            } => (*amount, *at_least, *unit, false),
            Term::Every { amount, unit } => (*amount, None, *unit, true),
            _ => continue,
        };
        let Some(milestone) = milestone(p.milestone) else {
            continue;
        };
        out.push(json!({
            "milestone": milestone, "severity": severity(p.severity), "number": number,
            "number_min": least, "unit": unit(of), "recurring": recurring, "from": origin(p.from),
            "firmness": p.firmness, "evidence": lines(clause.span), "quote": clause.quote,
        }));
    }
    for clause in &policy.disclosure {
        // A window that the text states as its standard is published by then; one
        // that it asks of the reporter is not (label rule 7).
        let DisclosureKind::Window {
            amount,
            unit: of,
            from,
        } = clause.value.rule
        else {
            continue;
        };
        if clause.value.stated {
            out.push(json!({
                "milestone": "public-disclosure", "severity": severity(clause.value.severity),
                "number": amount, "number_min": null, "unit": unit(of), "recurring": false,
                "from": origin(from), "firmness": "target",
                "evidence": lines(clause.span), "quote": clause.quote,
            }));
        }
    }
    Value::Array(once(out, &["milestone", "severity", "number", "unit"]))
}

/// The same thing said twice is one entry.
fn once(list: Vec<Value>, keys: &[&str]) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    for entry in list {
        if !out
            .iter()
            .any(|o| keys.iter().all(|k| o.get(k) == entry.get(k)))
        {
            out.push(entry);
        }
    }
    out
}

/// The standard time until publication: stated, asked for, or promised.
pub(super) fn embargo(policy: &Policy) -> Value {
    let window = policy
        .disclosure
        .iter()
        .filter(|c| c.value.severity.is_none())
        .find_map(|c| match c.value.rule {
            DisclosureKind::Window {
                amount,
                unit: of,
                from,
            } => Some(json!({"number": amount, "unit": unit(of), "from": origin(from)})),
            _ => None,
        });
    let promised = policy
        .promises
        .iter()
        .map(|c| &c.value)
        // How long details usually lag behind the release is no embargo.
        .filter(|p| {
            p.severity.is_none()
                && p.condition.is_none()
                && (p.from != Origin::Release || p.firmness != Firmness::Typical)
        })
        .find_map(|p| match (&p.milestone, &p.term) {
            (
                Milestone::Disclosure,
                Term::Within {
                    amount, unit: of, ..
                },
            ) => Some(json!({"number": amount, "unit": unit(*of), "from": origin(p.from)})),
            _ => None,
        });
    window.or(promised).unwrap_or(Value::Null)
}

fn lines(span: candor_base::Span) -> Vec<u32> {
    (span.first..=span.last.min(span.first.saturating_add(50))).collect()
}

fn phrase(pace: Pace) -> &'static str {
    match pace {
        Pace::Asap => "asap",
        Pace::Immediate => "immediate",
        Pace::Timely => "timely",
        Pace::ReasonableTime => "reasonable-time",
        Pace::Regular => "regular",
        Pace::FewDays => "few-days",
        Pace::FewWeeks => "few-weeks",
        Pace::NextRelease => "next-release",
        Pace::Expedited => "expedited",
        Pace::Varies => "varies",
        Pace::Coordinated => "coordinated",
        Pace::BestEffort => "best-effort",
        Pace::NoGuarantee => "no-guarantee",
        Pace::NoNumber => "no-number",
        Pace::Placeholder => "placeholder",
    }
}

pub(super) fn unquantified(policy: &Policy) -> Value {
    let mut out: Vec<Value> = Vec::new();
    for clause in &policy.promises {
        let p = &clause.value;
        // A bare "we will" is kept as a promise; as a time it says nothing.
        let bare = matches!(&p.term, Term::Unquantified { words } if words.is_empty());
        let Some(pace) = pace(&p.term).filter(|_| !bare) else {
            continue;
        };
        let Some(milestone) = milestone(p.milestone) else {
            continue;
        };
        out.push(
            json!({"milestone": milestone, "severity": severity(p.severity), "phrase": phrase(pace),
            "evidence": lines(clause.span), "quote": clause.quote}),
        );
    }
    for clause in &policy.disclosure {
        if clause.value.rule == DisclosureKind::Expedited {
            out.push(json!({"milestone": "public-disclosure", "severity": severity(clause.value.severity),
                "phrase": "expedited", "evidence": lines(clause.span), "quote": clause.quote}));
        }
    }
    Value::Array(once(out, &["milestone", "severity", "phrase"]))
}

pub(super) fn escalation(policy: &Policy) -> Value {
    policy
        .follow_up
        .iter()
        .filter_map(|c| {
            let (number, of) = c.value.after?;
            let trigger = match c.value.trigger {
                Silence::NoAcknowledgement => "no-acknowledgement",
                Silence::NoResponse => "no-response",
                Silence::NoProgress => "no-progress",
            };
            Some(
                json!({"after_number": number, "after_unit": unit(of), "trigger": trigger,
                "contact": c.value.action}),
            )
        })
        .collect()
}

pub(super) fn advance_notice(policy: &Policy) -> Value {
    let all = policy.advance_notice.iter().map(|c| {
        let audience = match c.value.audience {
            Audience::Public => "public",
            Audience::Distributors => "distributors",
            Audience::Reporter => "reporter",
        };
        let before = match c.value.before {
            NoticeBefore::Release => "release",
            NoticeBefore::PublicDisclosure => "public-disclosure",
        };
        json!({"audience": audience, "number": c.value.amount, "number_min": c.value.at_least,
            "unit": unit(c.value.unit), "before": before})
    });
    Value::Array(once(
        all.collect(),
        &["audience", "number", "unit", "before"],
    ))
}
