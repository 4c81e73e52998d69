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

/// Openings of sentences of advice outside such lists.
const TO_USERS: &[&str] = &[
    "users are encouraged",
    "users are advised",
    "users should",
    "users must",
    "operators should",
    "operators must",
    "operators to explicitly",
    "administrators should",
    "administrators are",
    "deployers should",
    "recommend that users",
    "recommend users",
];

/// Words before "users" that make a clause of its own.
fn opens(low: &str, at: usize) -> bool {
    let before = low.get(..at).unwrap_or("").trim_end();
    before.is_empty()
        || before.ends_with([',', ';', ':'])
        || [" and", " we", " strongly", " all", " for"]
            .iter()
            .any(|w| before.ends_with(w))
}

/// "Use the latest version" is about versions, not about hardening.
fn only_upgrades(low: &str) -> bool {
    vocab::fits_any(
        low,
        &[
            "latest version",
            "latest release",
            "supported version",
            "newer version",
            "most recent",
        ],
    )
}

/// Whether a sentence advises those who run the product.
fn to_users(low: &str) -> bool {
    !only_upgrades(low)
        && TO_USERS
            .iter()
            .filter_map(|w| vocab::find(low, w))
            .any(|(at, _)| opens(low, at))
}

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
            // A list for those who write the code is no advice to those who run it.
            (UnitKind::Item, Topic::Advice) if of_developers(doc, unit) => {}
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
            (UnitKind::Sentence | UnitKind::Item, topic)
                if is_free(topic) && keeps_watch(&unit.low) =>
            {
                add(&mut policy.practices, "practice", unit, unit.plain.clone());
            }
            (UnitKind::Sentence, _) if to_users(&unit.low) && !unit.low.ends_with(':') => {
                let kind = kind_of(&unit.low);
                add(&mut policy.advice, "advice", unit, Advice { kind });
            }
            _ => {}
        }
    }
    close(policy, &mut setting);
}

/// "Contributors should:", "before each release, maintainers:": what leads into a list for
/// those who make the product.
fn of_developers(doc: &Document, unit: &Unit) -> bool {
    let lead = doc.lead_of(unit);
    vocab::fits_any(
        lead,
        &[
            "contributors",
            "developers of this",
            "maintainers",
            "we do the",
            "our team",
        ],
    )
}

/// Words, not a badge, a link alone or a lead into more items.
fn is_words(unit: &Unit) -> bool {
    let bare = unit.low.trim_start_matches('!');
    let bare = ["[ ] ", "[x] "]
        .iter()
        .find_map(|mark| bare.strip_prefix(mark))
        .unwrap_or(bare);
    !unit.low.ends_with(':')
        && !bare.starts_with("http://")
        && !bare.starts_with("https://")
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
        "must not be used",
        "must be handled",
        "should not be",
        "should be",
    ];
    !low.ends_with(':')
        && (OPENINGS.iter().any(|w| low.starts_with(w))
            || vocab::fits_any(low, ANYWHERE)
            || to_users(low))
}

/// A sentence on what the project does: "We scan every change".
fn tells_practice(low: &str) -> bool {
    !low.ends_with(':')
        && ["we ", "our ", "all ", "every ", "each "]
            .iter()
            .any(|w| low.starts_with(w))
}

/// Places where a sentence about the project's own work is no answer to a report.
fn is_free(topic: Topic) -> bool {
    matches!(
        topic,
        Topic::Other | Topic::Versions | Topic::Scope | Topic::Response
    )
}

/// "We scan every release for known vulnerabilities", "we use static analysis".
fn keeps_watch(low: &str) -> bool {
    const WORK: &[&str] = &[
        "scan",
        "static analysis",
        "fuzz",
        "dependabot",
        "renovate",
        "codeql",
        "code review",
        "security audit",
        "penetration test",
        "dependency update",
        "dependency check",
        "sbom",
        "signed commit",
        "signed release",
        "supply chain",
        "supply-chain",
        "two-factor",
        "linters",
        "end-to-end test",
        "e2e test",
        "tls by default",
        "threat model review",
    ];
    const OPENINGS: &[&str] = &[
        "we use",
        "we run",
        "we perform",
        "we scan",
        "we test",
        "we employ",
        "we follow",
        "we regularly",
        "we continuously",
        "we always",
        "we audit",
        "we fuzz",
        "we enforce",
        "all code",
        "all changes",
        "every change",
        "every release",
        "every pull request",
        "our ci",
        "our code",
        "our dependencies",
    ];
    OPENINGS.iter().any(|w| low.starts_with(w)) && vocab::fits_any(low, WORK)
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
