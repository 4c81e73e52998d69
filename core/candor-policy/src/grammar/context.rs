//! Lists whose heading was lost: what their items themselves tell.
//!
//! Invariants: only items change their topic, and only in runs that speak
//! plainly ("Receipt — …", "Triage — …", "Fix — …").
//!
//! Deliberately absent: guesses about single items.

use super::{durations::durations, head_and_rest};
use crate::read::{Document, UnitKind};
use crate::vocab::{self, LANGUAGES, Topic};

/// Fewest items that make a run of stages.
const RUN: usize = 3;

/// Gives items their own topic where the list they stand in is another one's.
pub(crate) fn retopic(doc: &mut Document) {
    stage_runs(doc);
    for unit in &mut doc.units {
        if unit.kind != UnitKind::Item {
            continue;
        }
        // "Some examples include:" below a scope heading leads into scope.
        if unit.topic == Topic::Contents
            && let Some(scope @ (Topic::InScope | Topic::OutOfScope)) =
                vocab::heading_topic(&unit.heading)
        {
            unit.topic = scope;
        } else if unit.topic == Topic::Process && is_disclosure_time(&unit.low) {
            unit.topic = Topic::Disclosure;
        } else if is_contact_line(&unit.low) {
            unit.topic = Topic::Contact;
        }
    }
}

/// "Security email: …", "General contact: …".
fn is_contact_line(low: &str) -> bool {
    head_and_rest(low).is_some_and(|(head, rest)| {
        let words = head.split_whitespace().count();
        let names_contact = vocab::fits_any(
            head,
            &[
                "security email",
                "security contact",
                "general contact",
                "general questions",
                "security e-mail",
                "security team",
            ],
        );
        names_contact && words <= 4 && rest.split_whitespace().count() <= 10
    })
}

/// "Standard vulnerabilities: 90 days …", "Critical …: expedited timeline", "Extended timeline: …".
fn is_disclosure_time(low: &str) -> bool {
    let Some((head, rest)) = head_and_rest(low) else {
        return false;
    };
    let speaks_of_time = vocab::fits(low, "timeline") || !durations(rest).is_empty();
    let kind = vocab::fits_any(head, &["vulnerabilit", "issue", "timeline", "severity"]);
    speaks_of_time && kind
}

fn stage_runs(doc: &mut Document) {
    let mut run: Vec<usize> = Vec::new();
    let mut list = 0;
    for i in 0..=doc.units.len() {
        let unit = doc.units.get(i);
        let goes_on = unit.is_some_and(|u| {
            u.kind == UnitKind::Item && (run.is_empty() || u.list == list) && has_stage_head(&u.low)
        });
        if goes_on {
            list = unit.map_or(0, |u| u.list);
            run.push(i);
            continue;
        }
        if run.len() >= RUN {
            for index in &run {
                if let Some(unit) = doc.units.get_mut(*index)
                    && unit.topic != Topic::Response
                {
                    unit.topic = Topic::Process;
                    unit.lead = None;
                }
            }
        }
        run.clear();
    }
}

fn has_stage_head(low: &str) -> bool {
    head_and_rest(low).is_some_and(|(head, _)| {
        head.split_whitespace().count() <= 2
            && LANGUAGES
                .iter()
                .any(|l| l.stage_heads.iter().any(|h| head.starts_with(h)))
    })
}
