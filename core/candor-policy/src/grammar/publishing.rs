//! What ties publication to a fix or to an agreement, and what makes it come sooner or later.
//!
//! Invariants: a sentence needs a word for making public, a word for the order of things
//! and a word for the fix; no number is read here.
//!
//! Deliberately absent: windows with a number; see `disclosure`.

use super::{add, sentences};
use crate::model::{DisclosureKind, DisclosureRule, EarlyCause, LateCause, Milestone, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::rule_words::CreditWord;
use crate::vocab::{self, Remark, Topic};

/// How far behind "until" the fix may stand, in bytes.
const NEAR: usize = 90;

/// Adds every such rule that the other grammar of disclosure did not find.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if matches!(unit.kind, UnitKind::Heading | UnitKind::Code) || is_elsewhere(unit) {
            continue;
        }
        for low in sentences(unit) {
            ties(policy, unit, low);
            causes(policy, unit, low);
        }
    }
    named_in_heading(doc, policy);
}

/// Takes out the rules that a promise says in full: "Public disclosure of critical issues:
/// immediately" is a time for publication, and no second rule about an earlier one.
pub(super) fn without_promised(policy: &mut Policy) {
    let promises = &policy.promises;
    policy.disclosure.retain(|rule| {
        rule.value.rule
            != DisclosureKind::Earlier {
                when: EarlyCause::Critical,
            }
            || !promises.iter().any(|p| {
                p.span == rule.span
                    && p.value.milestone == Milestone::Disclosure
                    && p.value.severity.is_some()
            })
    });
}

fn is_elsewhere(unit: &Unit) -> bool {
    match unit.topic {
        Topic::Advice | Topic::InScope | Topic::OutOfScope => true,
        // A sentence behind the list of contents speaks for itself.
        Topic::Contents => unit.kind != UnitKind::Sentence,
        _ => false,
    }
}

/// Whether a sentence names coordinated disclosure, by that name or another.
fn names_coordination(low: &str) -> bool {
    vocab::any(low, |l| l.rules.coordinated) && !vocab::any(low, |l| l.rules.not_coordinated)
}

fn ties(policy: &mut Policy, unit: &Unit, low: &str) {
    let found = policy.disclosure.iter().any(|c| c.span == unit.span);
    if found {
        return;
    }
    let scheduled = vocab::any(low, |l| l.rules.schedules);
    if vocab::any(low, |l| l.rules.full) {
        push(policy, unit, DisclosureKind::Full);
        return;
    }
    if names_coordination(low) || scheduled {
        // "We credit those who disclose responsibly" counts where nothing else is said.
        let in_passing = vocab::all(low, |l| l.rules.credit)
            .iter()
            .any(|(_, _, word)| *word == CreditWord::Given);
        if !in_passing || policy.disclosure.is_empty() {
            push(policy, unit, DisclosureKind::Coordinated);
        }
        return;
    }
    if vocab::any(low, |l| l.rules.not_coordinated) || !vocab::any(low, |l| l.rules.public) {
        return;
    }
    let asked = vocab::any(low, |l| l.rules.hold) || vocab::any(low, |l| l.rules.before);
    if asked && vocab::any(low, |l| l.rules.time_to_fix) {
        push(policy, unit, DisclosureKind::TimeToFix);
    } else if waits_for_fix(low) {
        let asked = vocab::any(low, |l| l.rules.hold) && !vocab::any(low, |l| l.project_speaks);
        let kind = if asked {
            DisclosureKind::UntilFixed
        } else {
            DisclosureKind::AfterFix
        };
        push(policy, unit, kind);
    }
}

/// "Not public until it is fixed", "published once a fix is there", "fixed before it is public".
fn waits_for_fix(low: &str) -> bool {
    if vocab::fits(low, "before reporting") || vocab::fits(low, "before submitting") {
        return false;
    }
    let is_fix = |rest: &str| vocab::any(rest, |l| l.rules.fixed);
    let is_public = |rest: &str| vocab::any(rest, |l| l.rules.public);
    let gated = vocab::places(low, |l| l.rules.gates)
        .into_iter()
        .any(|(_, _, end)| is_fix(near(low, end)));
    gated
        || vocab::places(low, |l| l.rules.before)
            .into_iter()
            .any(|(_, start, end)| {
                is_public(near(low, end)) && low.get(..start).is_some_and(is_fix)
            })
}

/// The beginning of what stands behind a word.
fn near(low: &str, from: usize) -> &str {
    let to = low.floor_char_boundary(from.saturating_add(NEAR));
    low.get(from..to).unwrap_or("")
}

fn causes(policy: &mut Policy, unit: &Unit, low: &str) {
    for (_, _, when) in vocab::all(low, |l| l.rules.early_alone) {
        earlier(policy, unit, when);
    }
    for (_, _, when) in vocab::all(low, |l| l.rules.late_alone) {
        later(policy, unit, when);
    }
    if !is_about(unit, low) || asks(low) {
        return;
    }
    if vocab::any(low, |l| l.rules.sooner) && vocab::any(low, |l| l.rules.public) {
        for (_, _, when) in vocab::all(low, |l| l.rules.early) {
            earlier(policy, unit, when);
        }
    }
    if vocab::any(low, |l| l.rules.later) {
        for (_, _, when) in vocab::all(low, |l| l.rules.late) {
            later(policy, unit, when);
        }
    }
}

/// Whether a sentence is about publication, by its words or its place.
pub(super) fn is_about(unit: &Unit, low: &str) -> bool {
    matches!(unit.topic, Topic::Disclosure | Topic::Until)
        || vocab::any(low, |l| l.rules.public)
        || vocab::any(&unit.heading, |l| l.rules.public)
}

/// Sentences that want a report at once say nothing about publication.
fn asks(low: &str) -> bool {
    vocab::remarks(low, Remark::KnownPublic)
        || vocab::fits_any(
            low,
            &[
                "report it",
                "report them",
                "contact us",
                "let us know",
                "notify us",
                "inform us",
            ],
        )
}

fn earlier(policy: &mut Policy, unit: &Unit, when: EarlyCause) {
    let known = policy.disclosure.iter().any(|c| match c.value.rule {
        DisclosureKind::Earlier { when: w } => w == when,
        DisclosureKind::Expedited => when == EarlyCause::Critical,
        _ => false,
    });
    if !known {
        push(policy, unit, DisclosureKind::Earlier { when });
    }
}

fn later(policy: &mut Policy, unit: &Unit, when: LateCause) {
    let known = policy.disclosure.iter().any(|c| match c.value.rule {
        DisclosureKind::Later { when: w } => w == when,
        DisclosureKind::Extension => when == LateCause::Complex,
        DisclosureKind::UntilValidatedOrAgreed => when == LateCause::Agreement,
        _ => false,
    });
    if !known {
        push(policy, unit, DisclosureKind::Later { when });
    }
}

/// A text that says so only in a heading.
fn named_in_heading(doc: &Document, policy: &mut Policy) {
    let silent = policy.disclosure.is_empty();
    let heading = doc
        .units
        .iter()
        .find(|u| u.kind == UnitKind::Heading && names_coordination(&u.low));
    if let Some(unit) = heading.filter(|_| silent) {
        push(policy, unit, DisclosureKind::Coordinated);
    }
}

fn push(policy: &mut Policy, unit: &Unit, rule: DisclosureKind) {
    let value = DisclosureRule {
        rule,
        severity: None,
        stated: false,
    };
    add(&mut policy.disclosure, "disclosure", unit, value);
}
