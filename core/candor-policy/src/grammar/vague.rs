//! Promises without a number: "promptly", "with the next release", "as soon as possible".
//!
//! Invariants: never a number; where a sentence gives a number for a milestone, its
//! vague words for the same milestone are no second promise.
//!
//! Deliberately absent: cells and heads; see `promises`.

use super::cues::{cues, first_behind, nearest};
use super::promises::promise;
use super::prose::Context;
use super::{gate, times, windows};
use crate::model::{Firmness, Milestone, Pace, Promise, Severity, Term};
use crate::read::{Unit, UnitKind};
use crate::vocab::{self, Topic};

/// How near a verb must stand behind "promptly" or "do our best to" to be meant, in bytes.
const NEAR: usize = 18;

/// Promises of a sentence beside those with a number.
pub(super) fn promises(
    unit: &Unit,
    low: &str,
    context: &Context,
    numbered: &[Promise],
) -> Vec<Promise> {
    if is_outside(unit) && !tells_of_updates(unit, low) && !answers_below_a_list(unit, low) {
        return Vec::new();
    }
    let Some(low) = spoken(low) else {
        return Vec::new();
    };
    if vocab::any(low, |l| l.no_promise) || vocab::fits(low, "please") {
        return Vec::new();
    }
    let firmness = vocab::first(low, |l| l.firmness).unwrap_or(Firmness::Target);
    let mut out: Vec<Promise> = Vec::new();
    if numbered.is_empty() && names_next_release(low) {
        out.extend(with_next_release(low, context, firmness));
    }
    if let Some((start, end)) = times::unfilled(low)
        && let Some(m) = around(low, start, end).or(context.milestone)
    {
        let words = low.get(start..).unwrap_or("").chars().take(40).collect();
        out.push(promise(m, Term::Unquantified { words }, firmness));
    }
    let found = times::paces(low, false);
    for (i, (start, end, pace)) in found.iter().enumerate() {
        // "A few days to a few weeks": the longer one is what is promised.
        let longer = found.get(i + 1).is_some_and(|n| {
            n.2 == Pace::FewWeeks && low.get(*end..n.0).is_some_and(|t| t.len() <= 8)
        });
        if *pace == Pace::FewDays && longer {
            continue;
        }
        let doubts = matches!(pace, Pace::BestEffort | Pace::Varies | Pace::NoGuarantee);
        if !doubts && !gate::opens_words(low, *start, *end) {
            continue;
        }
        let after = low.get(*end..).unwrap_or("").trim_start();
        // "The trust that this process depends on", "depending on your decision".
        let of_no_time = *pace == Pace::Varies
            && low.get(*start..).is_some_and(|t| t.starts_with("depend"))
            && (after.is_empty()
                || after.starts_with(['.', ',', ';'])
                || after.starts_with("your "));
        let ahead = *pace == Pace::FewDays && windows::is_ahead(low.get(*end..).unwrap_or(""));
        let open = *pace == Pace::Varies
            && low.get(..*start).is_some_and(|t| {
                // "The time may vary" tells of the time; "we may notify vendors" of an act.
                ["may", "might", "consider", "could"]
                    .iter()
                    .any(|w| vocab::fits(t, &format!("{w}$")) && !t.trim_end().ends_with(w))
            });
        let depends = *pace == Pace::NoNumber && found.iter().any(|p| p.2 == Pace::Varies)
            || *pace == Pace::Varies && qualifies(low, *start, numbered);
        if ahead || open || depends || of_no_time {
            continue;
        }
        let Some((one, severities)) = of_pace(low, *start, *end, *pace, context, firmness) else {
            continue;
        };
        let told = |list: &[Promise]| list.iter().any(|p| same_step(p.milestone, one.milestone));
        // A number, the next release or a plainer word says more than "best effort".
        let lesser = matches!(pace, Pace::BestEffort | Pace::Varies | Pace::NoGuarantee);
        let behind_release = *pace == Pace::Expedited
            && low
                .get(..*start)
                .is_some_and(|t| t.ends_with("after the ") || t.ends_with("after a "));
        if behind_release {
            continue;
        }
        let with_release = out
            .iter()
            .any(|p| p.term == Term::NextRelease && same_step(p.milestone, one.milestone));
        if with_release {
            continue;
        }
        let planned = *pace == Pace::NoNumber
            && numbered
                .iter()
                .any(|p| matches!(p.milestone, Milestone::Assessment | Milestone::Triage));
        if planned || told(numbered) || lesser && told(&out) {
            continue;
        }
        for severity in severities.iter().skip(1) {
            out.push(Promise {
                severity: Some(*severity),
                ..one.clone()
            });
        }
        out.push(one);
    }
    // Plainer words about the same step say more.
    let lesser = |p: &Promise| {
        matches!(
            times::pace(&p.term),
            Some(Pace::BestEffort | Pace::Varies | Pace::NoNumber)
        )
    };
    let plain: Vec<Milestone> = out
        .iter()
        .filter(|p| !lesser(p))
        .map(|p| p.milestone)
        .collect();
    out.retain(|p| !lesser(p) || !plain.contains(&p.milestone));
    out
}

/// "Within 14 days, depending on severity", "a disclosure timeline based on impact": what is
/// added to a number, or to what is agreed on, promises nothing of its own.
fn qualifies(low: &str, start: usize, numbered: &[Promise]) -> bool {
    let before = low.get(..start).unwrap_or("");
    let behind_number = !numbered.is_empty()
        && super::durations::durations(before).last().is_some_and(|d| {
            low.get(d.end..start)
                .is_some_and(|t| !t.contains(['.', ';']) && !t.contains(" but "))
        });
    let agreed =
        before.trim_end().ends_with("disclosure") && !vocab::fits(before, "fix and disclosure");
    behind_number || agreed
}

fn is_outside(unit: &Unit) -> bool {
    matches!(
        unit.topic,
        Topic::Priority
            | Topic::Outlets
            | Topic::Duties
            | Topic::Disclaimer
            | Topic::Contact
            | Topic::WhenToReport
            | Topic::Contents
            | Topic::Credit
    ) || unit.kind == UnitKind::Heading
}

/// "Security updates are released as soon as possible" under a heading of updates.
fn tells_of_updates(unit: &Unit, low: &str) -> bool {
    const UPDATES: [&str; 8] = [
        "security updates are released",
        "security updates will be released",
        "security patches are released",
        "security patches will be released",
        "security fixes are released",
        "security fixes will be released",
        "patches are released",
        "critical vulnerabilities",
    ];
    unit.topic == Topic::Outlets && UPDATES.iter().any(|w| low.starts_with(w))
}

/// Below the list of what a report holds the project goes on: "We will reply as soon as …".
fn answers_below_a_list(unit: &Unit, low: &str) -> bool {
    unit.topic == Topic::Contents
        && unit.kind == UnitKind::Sentence
        && vocab::earliest(low, |l| l.project_speaks).is_some_and(|(at, _)| at == 0)
}

/// The part of a sentence in which the project speaks; none when it asks for something.
fn spoken(low: &str) -> Option<&str> {
    let Some((from, until)) = windows::asked_span(low) else {
        let asks = [
            "let us know",
            "please",
            "report ",
            "contact us",
            "notify us",
            "if you ",
        ]
        .iter()
        .any(|w| low.starts_with(w));
        if !asks {
            return Some(low);
        }
        let at = vocab::earliest(low, |l| l.project_acts)?.0;
        let purpose = low.get(..at).unwrap_or("").trim_end();
        // "Please include a proof, so we can react quickly" gives a reason.
        if purpose.ends_with(" so") || purpose.ends_with(" so that") {
            return None;
        }
        return low.get(at..);
    };
    let behind = low.get(until..).filter(|t| !t.trim().is_empty());
    let before = || {
        let at = low.find("please").map_or(from, |at| at.min(from));
        low.get(..at)
            .filter(|t| vocab::any(t, |l| l.project_speaks))
    };
    behind.or_else(before)
}

fn same_step(a: Milestone, b: Milestone) -> bool {
    let fixes = |m| {
        matches!(
            m,
            Milestone::Fix | Milestone::PatchRelease | Milestone::Response
        )
    };
    a == b || fixes(a) && fixes(b)
}

fn of_pace(
    low: &str,
    start: usize,
    end: usize,
    pace: Pace,
    context: &Context,
    firmness: Firmness,
) -> Option<(Promise, Vec<Severity>)> {
    let words = low.get(start..end)?.to_owned();
    let own = cues(&words).first().map(|c| c.2);
    let conditional = low.starts_with("if ") && low.find(',').is_none_or(|at| start < at);
    if conditional {
        return None;
    }
    let milestone = own
        .filter(|_| !matches!(pace, Pace::Coordinated | Pace::NoNumber))
        .or_else(|| (pace == Pace::Coordinated).then_some(Milestone::Disclosure))
        .or_else(|| {
            // "A response indicating the next steps" is the first answer, not the plan.
            let answers = own == Some(Milestone::Acknowledgement);
            let step = if answers {
                Milestone::Acknowledgement
            } else {
                Milestone::Plan
            };
            (pace == Pace::NoNumber).then_some(step)
        })
        .or_else(|| {
            if pace == Pace::Regular {
                regular(low)
            } else {
                None
            }
        })
        .or_else(|| around(low, start, end))
        .or(context.milestone)?;
    if pace == Pace::Regular && milestone != Milestone::Update
        || pace == Pace::Varies && milestone == Milestone::Bounty
    {
        return None;
    }
    let milestone = match (pace, milestone) {
        (Pace::Expedited, Milestone::Fix) => Milestone::PatchRelease,
        (_, other) => other,
    };
    let before = low.get(..start).unwrap_or("");
    let mut severities = severities(before, low.get(end..).unwrap_or(""));
    if severities.is_empty() {
        severities.clone_from(&context.severities);
    }
    let one = Promise {
        severity: severities.first().copied(),
        ..promise(milestone, Term::Unquantified { words }, firmness)
    };
    Some((one, severities))
}

fn regular(low: &str) -> Option<Milestone> {
    let told = vocab::fits_any(low, &["updated", "kept in the loop", "keep in the loop"]);
    (told || cues(low).iter().any(|c| c.2 == Milestone::Update)).then_some(Milestone::Update)
}

/// The milestone near words: right behind them, else before, else behind.
fn around(low: &str, start: usize, end: usize) -> Option<Milestone> {
    let before = low.get(..start).unwrap_or("");
    let after = low.get(end..).unwrap_or("");
    let after = ["possible", "we can", "feasible"]
        .iter()
        .find_map(|w| after.trim_start().strip_prefix(w))
        .unwrap_or(after);
    let apart = after.trim_start().starts_with([',', ';', '.', ')', ':'])
        || ["and ", "once ", "after ", "when ", "if ", "from ", "of "]
            .iter()
            .any(|w| after.trim_start().starts_with(w));
    let behind = cues(after)
        .first()
        .filter(|c| c.0 <= NEAR && !apart)
        .map(|c| c.2);
    // "Fix them as soon as they are disclosed": what stands behind is the moment.
    let words = low.get(start..end).unwrap_or("");
    let moment = words.starts_with("as ")
        && words.ends_with(" as")
        && ["they ", "it ", "the ", "we have", "a "]
            .iter()
            .any(|w| after.trim_start().starts_with(w));
    let behind = behind.filter(|_| !moment || cues(before).is_empty());
    let plain = super::cues::without_conditions(before);
    let before = if cues(&plain).is_empty() {
        before
    } else {
        plain.as_str()
    };
    let earlier = cues(before);
    behind
        .or_else(|| nearest(before, &earlier))
        .or_else(|| first_behind(after))
}

fn severities(before: &str, after: &str) -> Vec<Severity> {
    let found = times::severities(before, false);
    if !found.is_empty() {
        return found;
    }
    let near = after.trim_start();
    if near.starts_with("for ") || near.starts_with("if ") {
        return times::severities(near, false);
    }
    Vec::new()
}

/// "In the next release", not "before the next release" or "plans for upcoming releases".
fn names_next_release(low: &str) -> bool {
    let Some((at, _)) = vocab::earliest(low, |l| l.next_release) else {
        return false;
    };
    let head = low.get(..at).unwrap_or("").trim_end();
    if !head.is_ascii() {
        return true;
    }
    let mut words = head.split_whitespace().rev();
    let word = words.by_ref().find(|w| {
        !matches!(
            *w,
            "the" | "our" | "an" | "a" | "its" | "their" | "your" | "very"
        )
    });
    match word {
        Some("of") => words.next() == Some("part"),
        Some(w) => matches!(
            w,
            "in" | "until"
                | "with"
                | "on"
                | "into"
                | "for"
                | "by"
                | "at"
                | "im"
                | "der"
                | "la"
                | "na"
                | "no"
        ),
        None => true,
    }
}

fn with_next_release(low: &str, context: &Context, firmness: Firmness) -> Vec<Promise> {
    let named = cues(low);
    let fixes = named
        .iter()
        .any(|c| matches!(c.2, Milestone::PatchRelease | Milestone::Fix));
    if !fixes {
        return Vec::new();
    }
    let one = promise(Milestone::PatchRelease, Term::NextRelease, firmness);
    let before = vocab::earliest(low, |l| l.next_release)
        .and_then(|(at, _)| low.get(..at))
        .unwrap_or(low);
    let near = before.rsplit(". ").next().unwrap_or(before);
    let mut severities = times::severities(near, false);
    if severities.is_empty() {
        severities.clone_from(&context.severities);
    }
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
