//! Sentences that forbid to tell something somewhere: "do not post it on GitHub".
//!
//! Invariants: what stands in such a clause is no place of announcements and no channel.
//!
//! Deliberately absent: that public reports are forbidden; see `channels`.

use crate::read::{Unit, lower};
use crate::vocab::{gates, gates_others};

/// How many words behind a denial may stand what is forbidden.
const REACH: usize = 4;

/// Where the forbidding part of a clause ends.
const ENDS: &[&str] = &[
    ", ",
    "; ",
    ". ",
    ": ",
    "(",
    " but ",
    " instead",
    " and ",
    " rather ",
    " — ",
    " – ",
    " - ",
    " sondern ",
    " aber ",
    " und ",
    " mais ",
    " et ",
    " sino ",
    " pero ",
    " mas ",
    " e ",
];

/// Whether a sentence forbids to tell.
pub(super) fn forbids(low: &str) -> bool {
    forbids_at(low).is_some()
}

/// "Do not write to the list users@…".
pub(super) fn forbids_address(unit: &Unit, address: &str) -> bool {
    unit.low
        .find(&lower(address))
        .is_some_and(|at| is_forbidden_at(&unit.low, at))
}

/// Whether these bytes of a text stand in a clause that forbids to tell.
fn is_forbidden_at(low: &str, at: usize) -> bool {
    let Some(before) = low.get(..at) else {
        return false;
    };
    let last = ENDS
        .iter()
        .filter_map(|w| before.rfind(w).map(|i| i + w.len()))
        .max();
    let clause = last.and_then(|i| before.get(i..)).unwrap_or(before);
    let Some(behind) = forbids_at(clause) else {
        return false;
    };
    // "Do not report in public issues send mail to …": another request begins.
    !words(clause)
        .iter()
        .skip(behind)
        .any(|w| ["email", "e-mail", "mail", "contact", "use", "send", "write"].contains(w))
}

/// Behind which word the forbidden act stands.
fn forbids_at(low: &str) -> Option<usize> {
    let all = words(low);
    let acts = |w: &&str| {
        gates_others::TELLING
            .iter()
            .any(|t| w.starts_with(t) && w.len() > 3)
    };
    let speaks = |w: &&str| matches!(*w, "we" | "i" | "wir" | "nous" | "nosotros" | "nós");
    let at = all.iter().position(|w| {
        gates::NEGATORS.contains(w)
            || w.ends_with("n't")
            || *w == "avoid"
            || gates_others::DENIED_REQUESTS.contains(w)
    })?;
    let before = all.get(..at)?;
    if before.iter().any(speaks) {
        return None;
    }
    let behind = all.get(at + 1..)?;
    let next = behind.iter().take(REACH).position(acts);
    if let Some(next) = next
        && !behind
            .first()
            .is_some_and(|w| matches!(*w, "only" | "just"))
        && !behind
            .iter()
            .take(next)
            .any(|w| matches!(*w, "hesitate" | "if"))
    {
        return Some(at + next + 2);
    }
    // German and French set the verb before the denial: "veröffentlichen Sie nichts".
    let elsewhere = !matches!(all.get(at), Some(&"no" | &"not" | &"never" | &"avoid"));
    let earlier = before
        .iter()
        .rev()
        .take(REACH)
        .any(|w| acts(w) || w.strip_prefix("n'").is_some_and(|w| acts(&w)));
    (elsewhere && earlier).then_some(at + 1)
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | ')' | '*' | '.'))
        .filter(|w| !w.is_empty())
        .collect()
}
