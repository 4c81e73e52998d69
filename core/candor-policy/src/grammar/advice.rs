//! Advice to those who run the product, and practices of the repository.
//!
//! Invariants: configuration is kept as written, one clause per setting.
//!
//! Deliberately absent: checking any of it.

use candor_base::Span;

use super::{add, add_at};
use crate::model::{Advice, AdviceKind, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Topic};

const TO_USERS: &[&str] = &[
    "users are encouraged",
    "users should",
    "operators to",
    "operators should",
    "recommend that users",
    "users stay",
    "administrators should",
];

/// Adds advice and practices.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    let mut setting: Option<(Span, String)> = None;
    for unit in &doc.units {
        if unit.kind == UnitKind::Code {
            if unit.topic == Topic::Advice {
                configuration(policy, unit, &mut setting);
            }
            continue;
        }
        close(policy, &mut setting);
        match (&unit.kind, unit.topic) {
            (UnitKind::Item, Topic::Advice) => {
                let kind = kind_of(&unit.low);
                add(&mut policy.advice, "advice", unit, Advice { kind });
            }
            (UnitKind::Item, Topic::Practices) => {
                add(&mut policy.practices, "practice", unit, unit.plain.clone());
            }
            (UnitKind::Sentence, _) if TO_USERS.iter().any(|w| vocab::fits(&unit.low, w)) => {
                let kind = kind_of(&unit.low);
                add(&mut policy.advice, "advice", unit, Advice { kind });
            }
            _ => {}
        }
    }
    close(policy, &mut setting);
}

fn kind_of(low: &str) -> AdviceKind {
    vocab::first(low, |l| l.advice).unwrap_or(AdviceKind::Deployment)
}

/// A setting and the values listed under it.
fn configuration(policy: &mut Policy, unit: &Unit, setting: &mut Option<(Span, String)>) {
    let text = unit.quote.as_str();
    if text.starts_with('#') {
        return;
    }
    if text.starts_with("- ") {
        if let Some((span, words)) = setting {
            span.last = unit.span.last;
            words.push(' ');
            words.push_str(text);
        }
        return;
    }
    close(policy, setting);
    if text
        .split_once(':')
        .is_some_and(|(key, _)| key.contains('_'))
    {
        *setting = Some((unit.span, text.to_owned()));
    }
}

fn close(policy: &mut Policy, setting: &mut Option<(Span, String)>) {
    if let Some((span, words)) = setting.take() {
        let value = Advice {
            kind: AdviceKind::Configuration,
        };
        add_at(&mut policy.advice, "advice", span, &words, value);
    }
}
