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
            (UnitKind::Item | UnitKind::Row { .. }, Topic::Advice) if is_words(unit) => {
                let kind = kind_of(&unit.low);
                add(&mut policy.advice, "advice", unit, Advice { kind });
            }
            (UnitKind::Sentence, Topic::Advice) if advises(&unit.low) => {
                let kind = kind_of(&unit.low);
                add(&mut policy.advice, "advice", unit, Advice { kind });
            }
            (UnitKind::Item | UnitKind::Row { .. }, Topic::Practices) if is_words(unit) => {
                add(&mut policy.practices, "practice", unit, unit.plain.clone());
            }
            (UnitKind::Sentence, Topic::Practices) if tells_practice(&unit.low) => {
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

/// Words, not a badge, a link alone or a lead into more items.
fn is_words(unit: &Unit) -> bool {
    let bare = unit.low.trim_start_matches('!');
    !unit.low.ends_with(':')
        && !bare.starts_with("http")
        && !bare.starts_with('[')
        && bare.chars().any(char::is_alphabetic)
}

/// A sentence of advice, as opposed to one that explains: "Keep the data behind a firewall."
fn advises(low: &str) -> bool {
    const OPENINGS: &[&str] = &[
        "use ",
        "keep ",
        "enable ",
        "disable ",
        "never ",
        "always ",
        "do not ",
        "don't ",
        "avoid ",
        "ensure ",
        "make sure ",
        "set ",
        "restrict ",
        "limit ",
        "run ",
        "store ",
        "rotate ",
        "configure ",
        "review ",
        "monitor ",
        "protect ",
        "update ",
        "upgrade ",
        "deploy ",
        "change ",
        "place ",
        "put ",
        "treat ",
        "verify ",
        "validate ",
        "follow ",
        "consider ",
        "require ",
    ];
    const ANYWHERE: &[&str] = &[
        "we recommend",
        "we strongly recommend",
        "you should",
        "is recommended",
        "recommended to",
    ];
    !low.ends_with(':')
        && (OPENINGS.iter().any(|w| low.starts_with(w))
            || ANYWHERE.iter().any(|w| vocab::fits(low, w))
            || TO_USERS.iter().any(|w| vocab::fits(low, w)))
}

/// A sentence on what the project does: "We scan every change".
fn tells_practice(low: &str) -> bool {
    !low.ends_with(':')
        && ["we ", "our ", "all ", "every ", "each "]
            .iter()
            .any(|w| low.starts_with(w))
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
