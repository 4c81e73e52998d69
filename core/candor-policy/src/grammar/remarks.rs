//! Sentences that stand for themselves: when to report, who fields reports,
//! encryption, disclaimers, statements, the product's name.
//!
//! Invariants: a sentence is kept as it stands.
//!
//! Deliberately absent: any reading of it beyond its kind.

use super::{add, add_at, once, sentences};
use crate::model::{Disclaimer, Encryption, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Remark, Topic};

/// Adds all such clauses.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if unit.kind == UnitKind::Code {
            continue;
        }
        if policy.product.is_none()
            && let Some(name) = product(&unit.plain)
        {
            once(&mut policy.product, "product", unit, name);
        }
        if unit.kind == UnitKind::Heading {
            continue;
        }
        one(policy, unit);
        lists(policy, unit);
        disclaimers(policy, unit);
        if vocab::remarks(&unit.low, Remark::EncryptionOffered) && unit.topic != Topic::Advice {
            encryption(policy, unit);
        }
    }
    for span in &doc.keys {
        let value = Encryption {
            request_subject: None,
            key: Some("printed in the policy".to_owned()),
        };
        add_at(
            &mut policy.encryption,
            "encryption",
            *span,
            "PGP key block",
            value,
        );
    }
}

fn one(policy: &mut Policy, unit: &Unit) {
    let is = |kind| vocab::remarks(&unit.low, kind);
    let text = || unit.plain.clone();
    if is(Remark::KnownPublic) {
        once(&mut policy.known_public_rule, "known-public", unit, text());
    }
    if is(Remark::FieldedBy) {
        once(&mut policy.fielded_by, "fielded-by", unit, text());
    }
    if is(Remark::Subscribe) {
        once(&mut policy.subscribe, "subscribe", unit, text());
    }
}

fn lists(policy: &mut Policy, unit: &Unit) {
    let is = |kind| vocab::remarks(&unit.low, kind);
    let text = || unit.plain.clone();
    let lists_when = unit.kind == UnitKind::Item && unit.topic == Topic::WhenToReport;
    if lists_when || is(Remark::WhenToReport) {
        add(&mut policy.when_to_report, "when-to-report", unit, text());
    }
    if is(Remark::NotHere) {
        add(&mut policy.not_here, "not-here", unit, text());
    }
    if is(Remark::Distributors) {
        add(&mut policy.distributors, "distributor", unit, text());
    }
    if is(Remark::Basis) {
        add(
            &mut policy.assessment_basis,
            "assessment-basis",
            unit,
            text(),
        );
    }
    if is(Remark::Statement) && !is(Remark::KnownPublic) {
        add(&mut policy.statements, "statement", unit, text());
    }
}

fn disclaimers(policy: &mut Policy, unit: &Unit) {
    for low in &sentences(unit) {
        let Some(kind) = vocab::first(low, |l| l.disclaimers) else {
            continue;
        };
        let known = policy
            .disclaimers
            .iter()
            .any(|c| c.value.kind == kind && c.quote == unit.quote);
        if !known {
            add(
                &mut policy.disclaimers,
                "disclaimer",
                unit,
                Disclaimer { kind },
            );
        }
    }
}

fn encryption(policy: &mut Policy, unit: &Unit) {
    let subject = after(&unit.plain, &["subject line", "subject"]);
    let key = unit
        .links
        .iter()
        .map(|l| l.url.clone())
        .find(|u| {
            let low = u.to_lowercase();
            ["pgp", "gpg", ".asc", "key"]
                .iter()
                .any(|w| low.contains(w))
        })
        .or_else(|| fingerprint(&unit.plain));
    add(
        &mut policy.encryption,
        "encryption",
        unit,
        Encryption {
            request_subject: subject,
            key,
        },
    );
}

fn after(text: &str, cues: &[&str]) -> Option<String> {
    let cue = cues.iter().find(|c| text.contains(*c))?;
    let (_, rest) = text.split_once(cue)?;
    let words = rest
        .trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, ':' | '"' | '.' | '\u{201c}' | '\u{201d}')
        })
        .to_owned();
    (!words.is_empty() && words.chars().count() <= 60).then_some(words)
}

/// Forty hexadecimal figures, with or without blanks.
fn fingerprint(text: &str) -> Option<String> {
    let mut run = String::new();
    for c in text.chars() {
        if c.is_ascii_hexdigit() && !c.is_ascii_lowercase() {
            run.push(c);
            if run.len() == 40 {
                return Some(run);
            }
        } else if !c.is_whitespace() {
            run.clear();
        }
    }
    None
}

/// What stands before and behind a product's name.
const AROUND: [(&str, &str); 11] = [
    ("versions of ", " "),
    ("security of ", " seriously"),
    ("helping keep ", " "),
    ("At ", ","),
    ("Security Policy for ", "\n"),
    ("Security policy for ", "\n"),
    ("", " is an open-source project"),
    ("", " Security Policy\n"),
    ("The ", " team"),
    ("the ", " team"),
    ("the ", " project"),
];

const NO_NAMES: [&str; 28] = [
    "The",
    "This",
    "Our",
    "We",
    "Your",
    "You",
    "All",
    "A",
    "It",
    "Any",
    "These",
    "Supported",
    "Security",
    "Software",
    "If",
    "That",
    "My",
    "Most",
    "Once",
    "No",
    "Only",
    "Which",
    "Response",
    "Maintainer",
    "Core",
    "Disclosure",
    "GitHub",
    "Product",
];

/// The product's name, where a common phrase gives it.
fn product(text: &str) -> Option<String> {
    let text = format!("{text}\n");
    for (before, behind) in AROUND {
        let start = if before.is_empty() {
            0
        } else {
            match text.find(before) {
                Some(at) => at + before.len(),
                None => continue,
            }
        };
        let Some(rest) = text.get(start..) else {
            continue;
        };
        let rest = rest.strip_prefix("the ").unwrap_or(rest);
        let Some(end) = rest.find(behind) else {
            continue;
        };
        let Some(name) = rest.get(..end) else {
            continue;
        };
        let short = name.split_whitespace().count() <= 3;
        let name = without_role(name);
        if short && is_name(name) {
            return Some(name.to_owned());
        }
    }
    None
}

/// A name without what its team is called by: "Lantern core" is "Lantern".
fn without_role(name: &str) -> &str {
    let mut name = name;
    while let Some((head, last)) = name.rsplit_once(' ') {
        let role = last.starts_with(char::is_lowercase) || NO_NAMES.contains(&last);
        if !role {
            break;
        }
        name = head;
    }
    name
}

fn is_name(name: &str) -> bool {
    let first = name.split_whitespace().next().unwrap_or("");
    let words = name.split_whitespace().count();
    (1..=3).contains(&words)
        && first.starts_with(char::is_uppercase)
        && !NO_NAMES.contains(&first)
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '_' | '+'))
}
