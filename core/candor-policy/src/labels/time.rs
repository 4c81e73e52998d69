//! The label form of everything about time.
//!
//! Invariants: numbers and units as the text writes them.
//!
//! Deliberately absent: clocks.

use serde_json::{Value, json};

use crate::model::{DisclosureKind, Milestone, Origin, Policy, Promise, Severity, Term, TermUnit};
use crate::vocab;

fn milestone(milestone: Milestone) -> Option<&'static str> {
    Some(match milestone {
        Milestone::Acknowledgement | Milestone::Conversation => "acknowledgement",
        Milestone::Triage => "triage",
        Milestone::Assessment => "assessment",
        Milestone::Plan => "plan",
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
        let low = clause.quote.to_lowercase();
        let stated = !vocab::any(&low, |l| l.asked_of_reporter) && !low.contains("please");
        if stated {
            out.push(json!({
                "milestone": "public-disclosure", "severity": severity(clause.value.severity),
                "number": amount, "number_min": null, "unit": unit(of), "recurring": false,
                "from": origin(from), "evidence": lines(clause.span), "quote": clause.quote,
            }));
        }
    }
    Value::Array(out)
}

fn lines(span: candor_base::Span) -> Vec<u32> {
    (span.first..=span.last.min(span.first.saturating_add(50))).collect()
}

const PHRASES: [(&str, &str); 23] = [
    ("keep ", "regular"),
    ("timely", "timely"),
    ("prompt", "timely"),
    ("quickly", "asap"),
    ("as soon as", "asap"),
    ("as fast", "asap"),
    ("asap", "asap"),
    ("without delay", "asap"),
    ("reasonable", "reasonable-time"),
    ("regular", "regular"),
    ("periodic", "regular"),
    ("up to date", "regular"),
    ("few days", "few-days"),
    ("few weeks", "few-weeks"),
    ("expedited", "expedited"),
    ("immediate", "immediate"),
    ("vary", "varies"),
    ("varies", "varies"),
    ("depend", "varies"),
    ("coordinated", "coordinated"),
    ("best", "best-effort"),
    ("every effort", "best-effort"),
    ("no guarantee", "no-guarantee"),
];

pub(super) fn unquantified(policy: &Policy) -> Value {
    let mut out: Vec<Value> = Vec::new();
    for clause in &policy.promises {
        let p = &clause.value;
        let phrase = match &p.term {
            Term::Immediate => "immediate",
            Term::NextRelease => "next-release",
            Term::Unquantified { words } => {
                let low = words.to_lowercase();
                match PHRASES.iter().find(|(w, _)| low.contains(w)) {
                    Some((_, phrase)) => phrase,
                    None => continue,
                }
            }
            Term::Within { .. } | Term::Every { .. } => continue,
        };
        let Some(milestone) = milestone(p.milestone) else {
            continue;
        };
        out.push(
            json!({"milestone": milestone, "severity": severity(p.severity), "phrase": phrase,
            "evidence": lines(clause.span), "quote": clause.quote}),
        );
    }
    for clause in &policy.disclosure {
        if clause.value.rule == DisclosureKind::Expedited {
            out.push(json!({"milestone": "public-disclosure", "severity": severity(clause.value.severity),
                "phrase": "expedited", "evidence": lines(clause.span), "quote": clause.quote}));
        }
    }
    Value::Array(out)
}

pub(super) fn escalation(policy: &Policy) -> Value {
    policy
        .follow_up
        .iter()
        .filter_map(|c| {
            let (number, of) = c.value.after?;
            let trigger = if c.quote.to_lowercase().contains("acknowledg") {
                "no-acknowledgement"
            } else {
                "no-response"
            };
            Some(
                json!({"after_number": number, "after_unit": unit(of), "trigger": trigger,
                "contact": c.value.action}),
            )
        })
        .collect()
}
