//! Windows of time until publication: asked of the reporter, or stated as the standard.
//!
//! Invariants: a time asked of the reporter is never the project's promise, except
//! time to answer ("please allow us 3 days to respond"); a request ends where the
//! project speaks of what it will do.
//!
//! Deliberately absent: the project's own promise to publish by a time; see `prose`.

use super::cues::{cues, first_behind, nearest};
use super::durations::{Duration, durations};
use crate::model::{Audience, Milestone};
use crate::read::{Unit, UnitKind};
use crate::vocab::{self, Topic};

/// A window found in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) duration: Duration,
    /// The text states it as what happens; it does not only ask for it.
    pub(super) stated: bool,
}

/// From where to where a sentence asks something of the reporter.
pub(super) fn asked_span(low: &str) -> Option<(usize, usize)> {
    let (start, end) = vocab::earliest(low, |l| l.asked_of_reporter)?;
    let rest = low.get(end..)?;
    let until = vocab::earliest(rest, |l| l.project_acts).map_or(low.len(), |(at, _)| end + at);
    Some((start, until))
}

/// Whether a time lies in a request.
pub(super) fn in_request(d: &Duration, span: Option<(usize, usize)>) -> bool {
    span.is_some_and(|(from, until)| d.start >= from && d.start < until)
}

/// What the project would do in a time it asks for, when that is an answer:
/// "allow us 3 days to respond".
pub(super) fn answer_asked(low: &str, d: &Duration) -> Option<Milestone> {
    let after = low.get(d.end..).unwrap_or("");
    let clause = after.split([',', ';']).next().unwrap_or("");
    let clause = past_start(clause);
    let near: String = clause.chars().take(60).collect();
    let first = cues(&near).first().copied()?;
    let publishes = cues(after).iter().any(|c| c.2 == Milestone::Disclosure);
    let answers = matches!(
        first.2,
        Milestone::Acknowledgement | Milestone::Conversation | Milestone::Triage
    ) || first.2 == Milestone::Assessment && !publishes && first.0 <= 24;
    answers.then_some(first.2)
}

/// "from initial contact to apply a patch": what the time is for stands behind "to".
fn past_start(clause: &str) -> &str {
    if !super::cues::counts_from(clause.trim_start()) {
        return clause;
    }
    clause
        .find(" to ")
        .and_then(|at| clause.get(at..))
        .unwrap_or("")
}

/// The window a sentence asks for or states.
pub(super) fn window(unit: &Unit, low: &str) -> Option<Window> {
    if matches!(unit.kind, UnitKind::Row { .. }) {
        return None;
    }
    let mut found = durations(low);
    found
        .retain(|d| !super::notice::from_telling(low, d) && !super::notice::behind_telling(low, d));
    if found.is_empty() {
        return None;
    }
    let outside = super::promises::is_elsewhere(unit.topic)
        && !matches!(
            unit.topic,
            Topic::WhenToReport | Topic::Contact | Topic::Credit
        );
    if outside {
        return None;
    }
    asked(unit, low, &found)
        .map(|duration| Window {
            duration,
            stated: false,
        })
        .or_else(|| stated(low, &found))
}

/// The time of the window, when a sentence has one.
pub(super) fn time_of(unit: &Unit, low: &str) -> Option<Duration> {
    window(unit, low).map(|w| w.duration)
}

fn asked(unit: &Unit, low: &str, found: &[Duration]) -> Option<Duration> {
    let span = match asked_span(low) {
        None if unit.topic == Topic::Duties
            && unit.kind == UnitKind::Item
            && !super::times::is_of_a_severity(low) =>
        {
            Some((0, low.len()))
        }
        span => span,
    };
    let about = [
        "disclos",
        "public",
        "publish",
        "announc",
        "reveal",
        "embargo",
        "fix",
        "address",
        "resolve",
        "resolution",
        "remediat",
        "patch",
        "mitigat",
        "confidential",
        "private$",
        "secret",
        "vertraulich",
        "geheim",
        "stillschweigen",
        "schweigen",
        "confidentiel",
        "silence",
        "confidencial",
        "en secreto",
        "third part",
        "others",
    ];
    if !vocab::fits_any(low, &about) && !speaks_of_windows(low) {
        return None;
    }
    found
        .iter()
        .rev()
        .find(|d| in_request(d, span) && !d.every && answer_asked(low, d).is_none())
        .cloned()
}

fn speaks_of_windows(low: &str) -> bool {
    vocab::any(low, |l| l.windows)
}

fn stated(low: &str, found: &[Duration]) -> Option<Window> {
    if !speaks_of_windows(low) {
        return None;
    }
    let embargo = vocab::fits_any(low, &["embargo", "grace period", "sperrfrist"]);
    let acts = vocab::any(low, |l| l.project_acts);
    let to_others = !vocab::fits(low, "public")
        && vocab::first(low, |l| l.audiences) == Some(Audience::Distributors);
    // "The distros list does not accept an embargo longer than 14 days."
    let of_others = vocab::fits_any(
        low,
        &[
            "not accept",
            "maximum embargo of the",
            "list allows",
            "list accepts",
        ],
    );
    if to_others && !embargo || of_others {
        return None;
    }
    if acts && !embargo {
        return None;
    }
    let mut from = 0;
    for (i, d) in found.iter().enumerate() {
        let until = found.get(i + 1).map_or(low.len(), |n| n.start);
        let before = low.get(from..d.start).unwrap_or("");
        let after = low.get(d.end..until).unwrap_or("");
        from = d.end;
        let earlier = cues(before);
        let about = nearest(before, &earlier).or_else(|| first_behind(after));
        let other = matches!(
            about,
            Some(
                Milestone::Acknowledgement
                    | Milestone::Conversation
                    | Milestone::Triage
                    | Milestone::Assessment
                    | Milestone::Plan
                    | Milestone::Update
                    | Milestone::Bounty
            )
        );
        let notice = is_ahead(after) && (super::notice::tells(low) || vocab::fits(low, "advance"));
        let open_to_us = super::gate::may_publish(low, d.start) && !embargo;
        if d.every || other && !embargo || notice || open_to_us {
            continue;
        }
        let open = vocab::fits_any(
            low,
            &[
                "at least",
                "minimum",
                "may disclose",
                "free to",
                "right to disclose",
                "request",
                "reporter may",
                "reporters may",
                "reporter can",
                "reporters can",
                "researcher may",
                "researchers may",
                "researcher can",
                "researchers can",
                "finder may",
                "finders may",
                "you may disclose",
                "you may publish",
                "you may go public",
                "you may make",
                "you may share",
                "you can disclose",
                "you can publish",
                "you can go public",
                "you are welcome to",
                "at liberty to",
            ],
        );
        return Some(Window {
            duration: d.clone(),
            stated: !open
                && !vocab::any(low, |l| l.asked_of_reporter)
                && super::gate::opens(low, d.start, d.end)
                && !super::gate::is_held_out(low, d.start, Milestone::Disclosure),
        });
    }
    None
}

/// Whether a text goes on with "before" or "in advance".
pub(super) fn is_ahead(after: &str) -> bool {
    let near = after.trim_start_matches([' ', ',', '(', '\'', '\u{2019}']);
    [
        "before",
        "prior to",
        "ahead of",
        "in advance",
        "advance",
        "of advance",
        "of notice",
        "notice",
    ]
    .iter()
    .any(|w| near.starts_with(w))
}
