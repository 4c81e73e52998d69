//! Promises in sentences: "within 1 business day followed by an assessment within 5".
//!
//! Invariants: each time belongs to the nearest milestone before it, else the
//! first behind it; sentences that ask something of the reporter promise nothing.
//!
//! Deliberately absent: grammar beyond nearness.

use super::durations::{Duration, durations};
use super::promises::{is_elsewhere, promise};
use super::{disclosure, times};
use crate::model::{Firmness, Milestone, Promise, Severity, Term};
use crate::read::{Unit, UnitKind};
use crate::vocab::{self, Topic};

/// Milestone words of a text with their places; a word inside a longer one does not count.
pub(super) fn cues(low: &str) -> Vec<(usize, usize, Milestone)> {
    let found = vocab::all(low, |l| l.milestones);
    let mut out: Vec<(usize, usize, Milestone)> = Vec::new();
    for cue in found {
        if out.last().is_none_or(|last| cue.1 > last.1) {
            out.push(cue);
        }
    }
    out
}

/// The promises of one sentence.
pub(super) fn promises(unit: &Unit, low: &str, fallback: Option<Milestone>) -> Vec<Promise> {
    if is_elsewhere(unit.topic)
        || is_no_promise(low)
        || disclosure::asks_or_states_window(unit, low)
    {
        return Vec::new();
    }
    let timed_place = matches!(
        unit.topic,
        Topic::Response | Topic::Commitment | Topic::Process | Topic::Severity
    );
    if !timed_place && !vocab::any(low, |l| l.project_speaks) {
        return Vec::new();
    }
    let times_found = durations(low);
    if times_found.is_empty() {
        return vague(unit, low);
    }
    let mut out = Vec::new();
    let mut from = 0;
    let mut carried = fallback;
    for (i, d) in times_found.iter().enumerate() {
        let until = times_found.get(i + 1).map_or(low.len(), |n| n.start);
        let found = timed(low, from, d, until, carried);
        // "critical issues within 7 days and others within 30" is about one thing.
        carried = found.last().map(|p| p.milestone).or(carried);
        out.extend(found);
        from = d.end;
    }
    out
}

fn is_no_promise(low: &str) -> bool {
    vocab::any(low, |l| l.silence)
        || vocab::any(low, |l| l.no_deadline)
        || vocab::any(low, |l| l.asked_of_reporter)
        || vocab::first(low, |l| l.disclaimers).is_some()
}

fn timed(
    low: &str,
    from: usize,
    d: &Duration,
    until: usize,
    fallback: Option<Milestone>,
) -> Vec<Promise> {
    let before = low.get(from..d.start).unwrap_or("");
    let after = low.get(d.end..until).unwrap_or("");
    let Some(milestone) = milestone(before, after, fallback) else {
        return Vec::new();
    };
    let firmness = vocab::first(before, |l| l.firmness)
        .or_else(|| vocab::first(after, |l| l.firmness))
        .or_else(|| vocab::first(low, |l| l.firmness))
        .unwrap_or(Firmness::Target);
    let one = Promise {
        from: times::origin(after),
        ..promise(milestone, times::of_duration(d), firmness)
    };
    let severities = severities(before, after);
    if severities.is_empty() {
        return vec![one];
    }
    severities
        .into_iter()
        .map(|s| Promise {
            severity: Some(s),
            ..one.clone()
        })
        .collect()
}

fn severities(before: &str, after: &str) -> Vec<Severity> {
    let found = times::severities(before, false);
    if !found.is_empty() {
        return found;
    }
    let near = after.trim_start().trim_start_matches('(');
    if near.starts_with("for ") || near.starts_with("if ") || near.starts_with("in the case") {
        return times::severities(near, false);
    }
    Vec::new()
}

fn milestone(before: &str, after: &str, fallback: Option<Milestone>) -> Option<Milestone> {
    let earlier = cues(before);
    let later = cues(after);
    let has = |list: &[(usize, usize, Milestone)], m| list.iter().any(|c| c.2 == m);
    if let Some(last) = nearest(before, &earlier) {
        let plan_follows = later.first().is_some_and(|c| c.2 == Milestone::Plan)
            && vocab::fits(after, "including");
        return Some(match last {
            Milestone::Acknowledgement if plan_follows => Milestone::Plan,
            Milestone::PatchRelease if has(&earlier, Milestone::Fix) => Milestone::Fix,
            other => other,
        });
    }
    first_behind(after).or(fallback)
}

/// The nearest milestone before a time. "Respond to vulnerability disclosures"
/// names the report, not its publication.
fn nearest(before: &str, cues: &[(usize, usize, Milestone)]) -> Option<Milestone> {
    let names_report = |start: usize| {
        let word = before
            .get(..start)
            .and_then(|t| t.split_whitespace().next_back())
            .unwrap_or("");
        matches!(word, "vulnerability" | "security" | "your" | "private")
    };
    cues.iter()
        .rev()
        .find(|c| c.2 != Milestone::Disclosure || cues.len() == 1 || !names_report(c.0))
        .map(|c| c.2)
}

/// The first milestone behind a time, past the words that say from when it counts.
fn first_behind(after: &str) -> Option<Milestone> {
    let near = after.trim_start();
    let counts_from = ["of ", "after ", "from ", "prior ", "before ", "following "]
        .iter()
        .any(|w| near.starts_with(w));
    let rest = if counts_from {
        near.split_once(',').map_or("", |(_, rest)| rest)
    } else {
        near
    };
    cues(rest).first().map(|c| c.2)
}

/// Promises without a number.
fn vague(unit: &Unit, low: &str) -> Vec<Promise> {
    let outside = matches!(
        unit.topic,
        Topic::Priority | Topic::Severity | Topic::Outlets | Topic::Duties | Topic::Disclaimer
    );
    let sounds_only = vocab::any(low, |l| l.no_promise) || vocab::fits(low, "please");
    if outside || sounds_only || unit.kind == UnitKind::Heading {
        return Vec::new();
    }
    let firmness = vocab::first(low, |l| l.firmness).unwrap_or(Firmness::Target);
    if vocab::any(low, |l| l.next_release) {
        return with_next_release(low, firmness);
    }
    if unit.topic == Topic::Process {
        return Vec::new();
    }
    vague_words(low, firmness).into_iter().collect()
}

fn with_next_release(low: &str, firmness: Firmness) -> Vec<Promise> {
    let named: Vec<Milestone> = cues(low).iter().map(|c| c.2).collect();
    let fix = [Milestone::PatchRelease, Milestone::Fix]
        .into_iter()
        .find(|m| named.contains(m));
    let Some(fix) = fix else { return Vec::new() };
    let one = promise(fix, Term::NextRelease, firmness);
    let severities = times::severities(low, false);
    if severities.is_empty() {
        return vec![one];
    }
    severities
        .into_iter()
        .map(|s| Promise {
            severity: Some(s),
            ..one.clone()
        })
        .collect()
}

/// How near a verb must stand behind "promptly" or "do our best to" to be meant, in bytes.
const NEAR: usize = 14;

fn vague_words(low: &str, firmness: Firmness) -> Option<Promise> {
    let (start, end) = times::vague(low, false)?;
    let words = low.get(start..end)?.to_owned();
    let before = low.get(..start).unwrap_or("");
    let after = low.get(end..).unwrap_or("");
    let own = cues(&words).first().map(|c| c.2);
    let behind = cues(after).first().filter(|c| c.0 <= NEAR).map(|c| c.2);
    let milestone = own.or(behind).or_else(|| milestone(before, after, None))?;
    Some(promise(milestone, Term::Unquantified { words }, firmness))
}
