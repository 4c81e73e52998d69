//! The project's promises: in tables, in lists, in sentences.
//!
//! Invariants: a number asked of the reporter is never the project's promise; a
//! time without a known milestone is none; the same promise is taken once.
//!
//! Deliberately absent: windows of disclosure asked of the reporter; see `disclosure`.

use candor_base::Span;

use super::{add_at, disclosure, head_and_rest, people, prose, times};
use crate::model::{Clause, Firmness, Milestone, Origin, Policy, Promise, Severity, Term};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Remark, Topic};

/// More promises than any policy makes; the bound keeps hostile texts cheap.
const MOST: usize = 400;

/// Adds every promise.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if people::is_review(&unit.low) {
            continue;
        }
        let found = match &unit.kind {
            UnitKind::Row { header, cells } => of_row(doc, unit, header, cells),
            UnitKind::Item => of_item(doc, unit),
            UnitKind::Sentence => prose::promises(unit, &unit.low, None),
            UnitKind::Heading | UnitKind::Code => Vec::new(),
        };
        for promise in found {
            take(&mut policy.promises, unit.span, &unit.quote, promise);
        }
    }
}

fn take(list: &mut Vec<Clause<Promise>>, span: Span, quote: &str, promise: Promise) {
    if list.len() >= MOST {
        return;
    }
    let again = list.iter().any(|c| {
        c.value.milestone == promise.milestone
            && c.value.severity == promise.severity
            && c.value.term == promise.term
    });
    let vague_again = is_vague(&promise.term)
        && list.iter().any(|c| {
            c.value.milestone == promise.milestone
                && c.value.severity == promise.severity
                && is_vague(&c.value.term)
        });
    if !(again && promise.milestone != Milestone::Conduct || vague_again) {
        add_at(list, "promise", span, quote, promise);
    }
}

/// Without a number, but with words about time; "we will" alone is not.
fn is_vague(term: &Term) -> bool {
    matches!(term, Term::Unquantified { words } if !words.is_empty())
}

/// Topics in which no promise stands.
pub(super) fn is_elsewhere(topic: Topic) -> bool {
    matches!(
        topic,
        Topic::Advice
            | Topic::Practices
            | Topic::Versions
            | Topic::Contents
            | Topic::InScope
            | Topic::OutOfScope
            | Topic::Credit
            | Topic::WhenToReport
            | Topic::Contact
    )
}

/// A promise once from receipt, the common form.
pub(super) fn promise(milestone: Milestone, term: Term, firmness: Firmness) -> Promise {
    Promise {
        milestone,
        alternatives: Vec::new(),
        severity: None,
        term,
        from: Origin::Receipt,
        firmness,
    }
}

/// The milestones a short text names.
fn named(low: &str) -> Vec<Milestone> {
    let mut out: Vec<Milestone> = Vec::new();
    for (_, _, m) in prose::cues(low) {
        if !out.contains(&m) {
            out.push(m);
        }
    }
    let fix = out.contains(&Milestone::Fix) || out.contains(&Milestone::PatchRelease);
    if fix && out.contains(&Milestone::Disclosure) {
        let fix = if out.contains(&Milestone::Fix) {
            Milestone::Fix
        } else {
            Milestone::PatchRelease
        };
        return vec![fix, Milestone::Disclosure];
    }
    if out.contains(&Milestone::Acknowledgement)
        && (out.contains(&Milestone::Triage) || out.contains(&Milestone::Assessment))
        && vocab::fits(low, "acknowledg")
    {
        out.truncate(2);
        return out;
    }
    out.truncate(1);
    out
}

fn of_row(doc: &Document, unit: &Unit, header: &[String], cells: &[String]) -> Vec<Promise> {
    if is_elsewhere(unit.topic) || header.iter().any(|h| vocab::fits(h, "version")) {
        return Vec::new();
    }
    let first = cells.first().map_or(String::new(), |c| c.to_lowercase());
    let severities = row_severities(&first, header);
    let mut out = Vec::new();
    for (i, cell) in cells.iter().enumerate().skip(1) {
        let head = header.get(i).map_or("", String::as_str);
        let low = cell.to_lowercase();
        if low.is_empty() {
            continue;
        }
        let firmness = row_firmness(doc, unit, header);
        if severities.is_empty() {
            for milestone in named(&first) {
                let term = times::of_text(&low).or_else(|| time_column(head).then(|| words(cell)));
                let Some(term) = term else { continue };
                let mut one = promise(milestone, term, firmness);
                one.from = row_origin(&low);
                one.severity = times::severities(&first, true).first().copied();
                out.push(one);
            }
        } else {
            out.extend(by_severity(head, cell, &low, &severities));
        }
    }
    out
}

fn row_origin(low: &str) -> Origin {
    super::durations::durations(low)
        .first()
        .map_or(Origin::Receipt, |d| {
            times::origin(low.get(d.end..).unwrap_or(""))
        })
}

fn words(cell: &str) -> Term {
    Term::Unquantified {
        words: cell.trim().to_owned(),
    }
}

fn time_column(head: &str) -> bool {
    [
        "time",
        "target",
        "when",
        "within",
        "deadline",
        "goal",
        "commitment",
    ]
    .iter()
    .any(|w| vocab::fits(head, w))
}

fn row_severities(first: &str, header: &[String]) -> Vec<Severity> {
    let head = header.first().map_or("", String::as_str);
    let is_column = ["severity", "level", "priority", "rating", "risk", "cvss"]
        .iter()
        .any(|w| vocab::fits(head, w));
    let short = first.split_whitespace().count() <= 4;
    if is_column || short && named(first).is_empty() {
        times::severities(first, true)
    } else {
        Vec::new()
    }
}

/// A cell of a table whose rows are severities.
fn by_severity(head: &str, cell: &str, low: &str, severities: &[Severity]) -> Vec<Promise> {
    let (milestones, alternatives) = severity_column(head);
    if milestones.is_empty() {
        return Vec::new();
    }
    let term = times::of_text(low).or_else(|| times::vague(low, true).map(|_| words(cell)));
    let Some(term) = term else { return Vec::new() };
    let mut out = Vec::new();
    for severity in severities {
        for milestone in &milestones {
            let mut one = promise(*milestone, term.clone(), Firmness::Target);
            one.severity = Some(*severity);
            if term == Term::NextRelease && one.milestone == Milestone::Response {
                // What comes with a release is the fix: nothing is left to ask.
                one.milestone = Milestone::Fix;
            } else {
                one.alternatives.clone_from(&alternatives);
            }
            out.push(one);
        }
    }
    out
}

/// What a column of times in a severity table is about, and what else it may mean (Q13).
fn severity_column(head: &str) -> (Vec<Milestone>, Vec<Milestone>) {
    let firsts = ["first response", "initial response", "acknowledg"];
    let own = named(head);
    if firsts.iter().any(|w| vocab::fits(head, w)) {
        return (vec![Milestone::Acknowledgement], Vec::new());
    }
    if vocab::fits(head, "response") {
        return (
            vec![Milestone::Response],
            vec![Milestone::Plan, Milestone::Fix],
        );
    }
    if !own.is_empty() {
        return (own, Vec::new());
    }
    if time_column(head) {
        return (
            vec![Milestone::Response],
            vec![Milestone::Plan, Milestone::Fix],
        );
    }
    (Vec::new(), Vec::new())
}

/// How firm a row is: a column called "target" says so itself.
fn row_firmness(doc: &Document, unit: &Unit, header: &[String]) -> Firmness {
    let lead = doc.lead_of(unit);
    header
        .iter()
        .find_map(|h| vocab::first(h, |l| l.firmness))
        .or_else(|| vocab::first(lead, |l| l.firmness))
        .or_else(|| vocab::first(&unit.heading, |l| l.firmness))
        .unwrap_or(Firmness::Target)
}

fn of_item(doc: &Document, unit: &Unit) -> Vec<Promise> {
    if is_elsewhere(unit.topic) || disclosure::asks_or_states_window(unit, &unit.low) {
        return Vec::new();
    }
    let lead = doc.lead_of(unit);
    let commits = matches!(unit.topic, Topic::Commitment | Topic::SafeHarbour);
    if commits && let Some(one) = commitment(unit) {
        return vec![one];
    }
    if matches!(unit.topic, Topic::Duties | Topic::Until | Topic::Context) {
        return Vec::new();
    }
    if let Some((head, rest)) = head_and_rest(&unit.low) {
        let found = of_head(unit, lead, head, rest);
        if !found.is_empty() {
            return found;
        }
    }
    let fallback = lead_milestone(unit, lead);
    super::sentences(unit)
        .iter()
        .flat_map(|s| prose::promises(unit, s, fallback))
        .collect()
}

/// "Initial response: within 48 hours", "Critical/High: 7 days".
fn of_head(unit: &Unit, lead: &str, head: &str, rest: &str) -> Vec<Promise> {
    let firmness = vocab::first(rest, |l| l.firmness)
        .or_else(|| vocab::first(lead, |l| l.firmness))
        .unwrap_or(Firmness::Target);
    let silent = vocab::any(rest, |l| l.silence) || vocab::any(rest, |l| l.asked_of_reporter);
    if silent {
        return Vec::new();
    }
    let severities = times::severities(head, true);
    let milestones = named(head);
    if milestones.is_empty() && !severities.is_empty() {
        let Some(term) = times::of_text(rest) else {
            return Vec::new();
        };
        let own = prose::cues(rest).first().map(|c| c.2);
        // "Response times" over severities may mean either: the owner is asked.
        let milestone =
            own.or_else(|| lead_milestone(unit, lead).filter(|m| *m != Milestone::Acknowledgement));
        let alternatives = match milestone {
            None => vec![Milestone::Plan, Milestone::Fix],
            Some(_) => Vec::new(),
        };
        return severities
            .into_iter()
            .map(|severity| Promise {
                severity: Some(severity),
                alternatives: alternatives.clone(),
                ..promise(
                    milestone.unwrap_or(Milestone::Response),
                    term.clone(),
                    firmness,
                )
            })
            .collect();
    }
    if unit.topic == Topic::Process {
        return Vec::new();
    }
    let term = times::of_text(rest).or_else(|| {
        let vague = times::vague(rest, true).is_some();
        let timed = matches!(
            unit.topic,
            Topic::Response | Topic::Commitment | Topic::Reporting
        );
        (vague && timed && rest.split_whitespace().count() <= 10)
            .then(|| words(head_and_rest(&unit.plain).map_or(rest, |(_, r)| r)))
    });
    let Some(term) = term else { return Vec::new() };
    milestones
        .into_iter()
        .map(|m| Promise {
            from: row_origin(rest),
            severity: times::severities(head, false).first().copied(),
            ..promise(m, term.clone(), firmness)
        })
        .collect()
}

fn lead_milestone(unit: &Unit, lead: &str) -> Option<Milestone> {
    prose::cues(lead)
        .last()
        .or(prose::cues(&unit.heading).last())
        .map(|c| c.2)
        .filter(|m| *m != Milestone::Disclosure)
}

/// "We will: acknowledge receipt", without any time.
fn commitment(unit: &Unit) -> Option<Promise> {
    if times::of_text(&unit.low).is_some() || times::vague(&unit.low, false).is_some() {
        return None;
    }
    let none = Term::Unquantified {
        words: String::new(),
    };
    let low = &unit.low;
    let milestone = if vocab::remarks(low, Remark::NoLegalAction) {
        return None;
    } else if vocab::fits(low, "credit") {
        Milestone::Credit
    } else if vocab::fits(low, "acknowledge receipt") || vocab::fits(low, "acknowledge your report")
    {
        Milestone::Acknowledgement
    } else if vocab::remarks(low, Remark::Conduct) {
        Milestone::Conduct
    } else {
        return None;
    };
    Some(promise(milestone, none, Firmness::Commit))
}
