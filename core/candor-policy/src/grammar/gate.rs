//! The gate before every promise: whether a time may be the project's promise at all.
//!
//! Invariants: a denied act, a duty or freedom of the reporter, the time of others, what was
//! or would be and "not before" pass never; the gate takes away and adds nothing.
//!
//! Deliberately absent: which step a time is for; see `prose` and `listed`.

use super::cues::{cues, without_conditions};
use crate::model::{Condition, Milestone};
use crate::vocab::{self, gates, gates_others};

/// How many words behind a denial may stand what is denied.
const REACH: usize = 5;

/// How far from a time may stand what bears on it, in bytes: longer than any clause.
const CLAUSE: usize = 1_200;

fn before(low: &str, at: usize) -> &str {
    let from = low.ceil_char_boundary(at.saturating_sub(CLAUSE));
    low.get(from..at).unwrap_or("")
}

fn behind(low: &str, at: usize) -> &str {
    let to = low.floor_char_boundary(at.saturating_add(CLAUSE));
    low.get(at..to).unwrap_or("")
}

/// Whether the time on these bytes of a sentence may be promised.
pub(super) fn opens(low: &str, start: usize, end: usize) -> bool {
    let all_before = before(low, start);
    let head = own_clause(all_before);
    let tail = until_break(behind(low, end));
    let plain = without_conditions(head);
    let anew = behind_last(&plain, gates::ANEW);
    !(is_not_before(head, tail)
        || is_denied(anew, tail)
        || is_denied_elsewhere(head, tail)
        || is_of_others(head, tail)
        || is_duty(anew)
        || vocab::fits_any(all_before, gates_others::NOT_NOW))
}

/// Whether words without a number at this place may be promised.
pub(super) fn opens_words(low: &str, start: usize, end: usize) -> bool {
    let head = own_clause(before(low, start));
    let tail = until_break(behind(low, end));
    let plain = without_conditions(head);
    let anew = behind_last(&plain, gates::ANEW);
    !(is_denied(anew, tail) || is_denied_elsewhere(head, tail) || is_of_others(head, tail))
}

/// Whether publishing is only held out: "we may publish mitigations within 72 hours".
pub(super) fn is_held_out(low: &str, start: usize, milestone: Milestone) -> bool {
    let all = before(low, start);
    if milestone != Milestone::Disclosure && condition(all, "").is_none() {
        return false;
    }
    let head = own_clause(all);
    let has = |list: &[&str]| list.iter().any(|w| has_word(head, w));
    has(gates_others::MIGHT) && !has(gates_others::WILL)
}

/// Whether the project says that it may publish in a time: that holds nobody to silence.
pub(super) fn may_publish(low: &str, start: usize) -> bool {
    let head = own_clause(before(low, start));
    gates_others::WE_MIGHT.iter().any(|w| has_word(head, w))
        && !is_not_before(head, until_break(behind(low, start)))
}

/// Whether a time is for a special case that no severity and no condition names.
pub(super) fn is_special(before: &str, after: &str) -> bool {
    let near = before.rsplit([';', '.']).next().unwrap_or(before);
    let behind = until_break(after);
    let behind = behind.split(',').next().unwrap_or(behind);
    let class = |text: &str| gates_others::CLASSES.iter().any(|w| has_word(text, w));
    let for_class = behind.trim_start().starts_with("for ") || behind.trim_start().starts_with('(');
    class(near) || for_class && class(behind)
}

/// The circumstance under which alone a time is promised: "if it is being exploited".
pub(super) fn condition(before: &str, after: &str) -> Option<Condition> {
    let near = before.rsplit([';', '.']).next().unwrap_or(before);
    let behind = until_break(after);
    let behind = behind.split(',').next().unwrap_or(behind);
    [
        (gates_others::EXPLOITED, Condition::Exploited),
        (gates_others::HOLIDAYS, Condition::Holidays),
        (gates_others::SPONSORED, Condition::Sponsored),
    ]
    .into_iter()
    .find(|(words, _)| vocab::fits_any(near, words) || vocab::fits_any(behind, words))
    .map(|(_, condition)| condition)
}

/// Whether a time is for all that was not named before.
pub(super) fn is_for_the_rest(before: &str, after: &str) -> bool {
    let near = after.trim_start();
    if let Some(inside) = near.strip_prefix('(') {
        let inside = inside.split(')').next().unwrap_or("").trim();
        return gates_others::THE_REST
            .iter()
            .any(|w| inside == *w || inside.starts_with(&format!("{w} ")));
    }
    // "30 days for critical, 90 days otherwise".
    if ["otherwise", "sonst", "ansonsten", "sinon"]
        .iter()
        .any(|w| near.starts_with(w))
    {
        return true;
    }
    let last = before.rsplit([',', ';', '(']).next().unwrap_or(before);
    gates_others::THE_REST.iter().any(|w| has_word(last, w))
}

/// Whether a sentence says that nothing in it is sure.
pub(super) fn is_disclaimed(low: &str) -> bool {
    let mut rest = low;
    loop {
        let at = gates::BREAKS
            .iter()
            .filter_map(|w| rest.find(w).map(|at| at + w.len()))
            .min();
        let part = at.and_then(|at| rest.get(..at)).unwrap_or(rest);
        if says_not(&without_conditions(part)) || is_denied_elsewhere(part, "") {
            return true;
        }
        match at.and_then(|at| rest.get(at..)) {
            Some(next) if !next.is_empty() => rest = next,
            _ => return false,
        }
    }
}

/// What stands behind the place where the project begins to speak anew.
pub(super) fn anew(text: &str) -> &str {
    behind_last(text, gates::ANEW)
}

fn own_clause(before: &str) -> &str {
    behind_last(before, gates::BREAKS)
}

fn behind_last<'a>(text: &'a str, marks: &[&str]) -> &'a str {
    let at = marks
        .iter()
        .filter_map(|w| text.rfind(w).map(|at| at + w.len()))
        .max();
    at.and_then(|at| text.get(at..)).unwrap_or(text)
}

fn until_break(after: &str) -> &str {
    let at = gates::BREAKS.iter().filter_map(|w| after.find(w)).min();
    at.and_then(|at| after.get(..at)).unwrap_or(after)
}

fn has_word(text: &str, word: &str) -> bool {
    let mut from = 0;
    while let Some(at) = text
        .get(from..)
        .and_then(|t| t.find(word))
        .map(|i| i + from)
    {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
        if before.is_none_or(|c| !c.is_alphanumeric()) && after.is_none_or(|c| !c.is_alphanumeric())
        {
            return true;
        }
        from = at + word.len();
    }
    false
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | ')' | '.' | '*'))
        .filter(|w| !w.is_empty())
        .collect()
}

fn is_negator(word: &str) -> bool {
    gates::NEGATORS.contains(&word) || word.ends_with("n't")
}

fn is_bound(word: &&str) -> bool {
    gates::BOUNDS.contains(word)
}

/// "Cannot promise", "no guarantee", "not able to".
fn says_not(text: &str) -> bool {
    let all = words(text);
    all.iter().enumerate().any(|(i, w)| {
        let rest = all.get(i + 1..).unwrap_or(&[]);
        is_negator(w)
            && !rest.iter().any(is_bound)
            && (*w == "unable"
                || rest
                    .iter()
                    .take(REACH)
                    .any(|n| gates::PLEDGES.iter().any(|p| n.starts_with(p))))
    })
}

/// English: what stands before or behind a time denies it.
fn is_denied(head: &str, tail: &str) -> bool {
    let near_tail = tail.split(',').next().unwrap_or(tail);
    says_not(head) || says_not(near_tail) || denies_act(head)
}

/// "We will not respond within 48 hours": the denied word is the step itself.
fn denies_act(head: &str) -> bool {
    let all = words(head);
    all.iter().enumerate().any(|(i, w)| {
        let rest = all.get(i + 1..).unwrap_or(&[]);
        let denies = is_negator(w) && !matches!(*w, "no" | "without" | "nor");
        let step = rest
            .iter()
            .take(3)
            .take_while(|n| **n != "to")
            .any(|n| cues(n).first().is_some_and(|c| c.0 == 0));
        denies && step && !rest.iter().any(is_bound)
    })
}

/// Other languages: a denial and what is denied stand in one clause, in either order.
fn is_denied_elsewhere(head: &str, tail: &str) -> bool {
    if gates::UNSPACED_DENIALS
        .iter()
        .any(|w| tail.contains(w) || head.contains(w))
    {
        return true;
    }
    let last = head.rsplit(',').next().unwrap_or(head);
    // "Wir versprechen nicht, dass …": what is denied goes on behind the comma.
    let goes_on = ["dass ", "daß ", "que ", "qu'", "che "]
        .iter()
        .any(|w| last.trim_start().starts_with(w));
    let comma_head = if goes_on { head } else { last };
    let comma_tail = tail.split(',').next().unwrap_or(tail);
    let mut all = words(comma_head);
    let behind = words(comma_tail);
    let here = all.len();
    all.extend(behind);
    gates::DENIALS.iter().any(|(negators, pledges)| {
        let at = all.iter().position(|w| {
            let w = w.strip_prefix("n'").unwrap_or(w);
            negators.contains(&w)
        });
        let Some(at) = at else { return false };
        let bound = all
            .get(at + 1..here.max(at + 1))
            .unwrap_or(&[])
            .iter()
            .any(is_bound);
        let pledged = all
            .iter()
            .any(|w| pledges.iter().any(|p| w.starts_with(p) && w.len() > 3));
        // "Nous ne répondons pas sous 48 heures", "nicht innerhalb von 48 Stunden".
        let right_before = at < here && here - at <= 3 && is_bare_denial(&all, at);
        !bound && (pledged || right_before)
    })
}

/// A denial of the verb right before the time.
fn is_bare_denial(all: &[&str], at: usize) -> bool {
    let word = all.get(at).copied().unwrap_or("");
    let ne = all
        .get(..at)
        .unwrap_or(&[])
        .iter()
        .any(|w| *w == "ne" || w.starts_with("n'"));
    word == "nicht" || matches!(word, "pas" | "jamais") && ne
}

/// "No earlier than 7 days", "7 days at the earliest".
fn is_not_before(head: &str, tail: &str) -> bool {
    let head = head.trim_end();
    let ends = |w: &str| {
        head.strip_suffix(w)
            .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    };
    let near = tail.split([',', ';']).next().unwrap_or(tail);
    gates::NOT_BEFORE.iter().any(|w| ends(w)) || vocab::fits_any(near, gates::EARLIEST)
}

fn is_of_others(head: &str, tail: &str) -> bool {
    let head = head.trim_start();
    let nightly = vocab::fits(head, "in the nightly") || vocab::fits(head, "in nightl");
    let ships = vocab::fits_any(head, &["releas", "includ", "availab", "publish", "ship"]);
    gates_others::OTHERS_OPEN
        .iter()
        .any(|w| head.starts_with(w))
        || gates_others::OTHERS_START
            .iter()
            .any(|w| tail.trim_start().starts_with(w))
        || nightly && !ships
}

/// "You must respond within 14 days", "you may publish after 90 days".
fn is_duty(head: &str) -> bool {
    gates_others::REPORTERS.iter().any(|who| {
        let Some(at) = last_word(head, who) else {
            return false;
        };
        let rest = head.get(at + who.len()..).unwrap_or("").trim_start();
        gates_others::DUTY_VERBS.iter().any(|verb| {
            let Some(next) = rest.strip_prefix(verb) else {
                return false;
            };
            let owns = gates_others::HAVE.contains(verb);
            let told = next.contains(" we ") || next.contains(" i ");
            let behind = words(next).first().copied();
            next.starts_with(' ')
                && !told
                && match behind {
                    None => owns,
                    Some(w) => !owns && !gates_others::RECEIVES.contains(&w),
                }
        })
    })
}

fn last_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word)
        .filter(|(at, _)| {
            let opens = text
                .get(..*at)
                .and_then(|t| t.chars().next_back())
                .is_none_or(|c| !c.is_alphanumeric());
            opens
                && text
                    .get(at + word.len()..)
                    .is_some_and(|t| t.starts_with(' '))
        })
        .last()
        .map(|(at, _)| at)
}
