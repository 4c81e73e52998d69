//! Promises in list items and sentences with a head: "Initial response: within 48 hours".
//!
//! Invariants: the head tells what the first time behind it is about; an item
//! under a lead-in is read in the lead-in's light.
//!
//! Deliberately absent: tables; see `rows`.

use super::cues::cues;
use super::durations::durations;
use super::promises::{is_elsewhere, named, promise};
use super::prose::{self, Context, before_silence};
use super::{gate, head_and_rest, sentences, terse, times, windows};
use crate::model::{Audience, Firmness, Milestone, Origin, Promise, Severity, Term};
use crate::read::{Document, Unit};
use crate::vocab::{self, Remark, Topic};

/// The promises of one item.
pub(super) fn promises(doc: &Document, unit: &Unit) -> Vec<Promise> {
    if is_elsewhere(unit.topic) && unit.topic != Topic::Contact {
        return Vec::new();
    }
    let lead = doc.lead_of(unit);
    let commits = matches!(unit.topic, Topic::Commitment | Topic::SafeHarbour);
    if commits && let Some(one) = commitment(unit) {
        return vec![one];
    }
    if matches!(unit.topic, Topic::Until | Topic::Context) {
        return Vec::new();
    }
    if unit.topic == Topic::Duties {
        let context = Context {
            only_requests: true,
            ..Context::default()
        };
        return sentences(unit)
            .iter()
            .flat_map(|s| prose::promises(unit, s, &context))
            .collect();
    }
    let context = of_lead(unit, lead);
    let parts = sentences(unit);
    let Some((first, others)) = parts.split_first() else {
        return Vec::new();
    };
    let mut out = headed(unit, first, &context);
    let next = for_others(first, &context, &out);
    for sentence in others {
        out.extend(headed(unit, sentence, &next));
    }
    numbers_first(out)
}

/// What the first sentence of an item says of those behind it.
fn for_others(first: &str, context: &Context, found: &[Promise]) -> Context {
    let head = head_and_rest(first).map_or("", |(head, _)| head);
    let severities = match first.split_whitespace().count() {
        0..=4 => times::severities(first, false),
        _ => times::severities(head, true),
    };
    let own = named(head).first().copied();
    Context {
        milestone: own
            .or(found.first().map(|p| p.milestone))
            .or(context.milestone),
        timed: own.is_some() || context.timed,
        severities: if severities.is_empty() {
            context.severities.clone()
        } else {
            severities
        },
        ..context.clone()
    }
}

/// A number for a step says more than words about the same step in the same item.
fn numbers_first(list: Vec<Promise>) -> Vec<Promise> {
    let numbered: Vec<(Milestone, Option<Severity>)> = list
        .iter()
        .filter(|p| matches!(p.term, Term::Within { .. } | Term::Every { .. }))
        .map(|p| (p.milestone, p.severity))
        .collect();
    list.into_iter()
        .filter(|p| {
            matches!(p.term, Term::Within { .. } | Term::Every { .. })
                || !numbered.contains(&(p.milestone, p.severity))
        })
        .collect()
}

/// The promises of a sentence of running text: it may have a head of its own.
pub(super) fn of_sentence(unit: &Unit, earlier: Option<&Unit>) -> Vec<Promise> {
    let lent = if refers_back(unit) {
        earlier.and_then(spoken_of)
    } else {
        None
    };
    let named = lent.or_else(|| short_under_heading(unit));
    let context = Context {
        milestone: named,
        timed: named.is_some(),
        from: times::origin_of_lead(&unit.heading),
        ..Context::default()
    };
    let bold_head = head_and_rest(&unit.low).is_some_and(|(head, rest)| {
        let short = durations(rest).len() == 1 && rest.split_whitespace().count() <= 6;
        head.split_whitespace().count() <= if short { 8 } else { 4 }
    });
    if bold_head && !is_elsewhere(unit.topic) {
        return headed(unit, &unit.low, &context);
    }
    let found = prose::promises(unit, &unit.low, &context);
    let short = unit.low.split_whitespace().count() <= 14;
    if found.is_empty() && short && !is_elsewhere(unit.topic) {
        return of_heading(unit);
    }
    found
}

/// "This will happen within 7 days": what it is stands in the sentence before.
fn refers_back(unit: &Unit) -> bool {
    let low = unit.low.as_str();
    let opens = [
        "this will",
        "this should",
        "this happens",
        "this usually",
        "this typically",
        "this normally",
        "this generally",
        "this takes",
        "this may take",
        "this can take",
        "this is done",
        "this is usually",
        "this is typically",
        "this process",
        "we do this",
        "we will do this",
        "we'll do this",
        "we aim to do this",
        "we aim to do so",
        "we try to do this",
        "we will do so",
        "we do so",
        "we usually do this",
        "it usually takes",
        "it typically takes",
        "it may take",
        "it can take",
        "expect this",
        "you can expect this",
        "das geschieht",
        "dies geschieht",
        "cela se",
        "esto ocurr",
    ]
    .iter()
    .any(|w| low.starts_with(w));
    opens && cues(low).is_empty()
}

/// What the project says it does in a sentence.
fn spoken_of(unit: &Unit) -> Option<Milestone> {
    let speaks = vocab::any(&unit.low, |l| l.project_speaks);
    let said = cues(&unit.low).first().map(|c| c.2).filter(|_| speaks);
    said.or_else(|| {
        // Who takes a report on is chosen when it is looked at first.
        vocab::fits_any(&unit.low, &["elect", "assign", "appoint", "designat"])
            .then_some(Milestone::Triage)
    })
}

/// "Delay: 90 days" and "These steps should be completed within 7 days" speak of
/// what their heading names.
fn short_under_heading(unit: &Unit) -> Option<Milestone> {
    let refers = [
        "these steps",
        "this will happen",
        "this happens",
        "this takes",
        "this usually takes",
        "this step",
        "this stage",
        "this phase",
        "delay",
        "time",
        "deadline",
        "target",
        "duration",
        "sla",
    ]
    .iter()
    .any(|w| unit.low.starts_with(w));
    if !(refers || refers_back(unit) || is_bare_time(&unit.low)) || is_elsewhere(unit.topic) {
        return None;
    }
    named(&unit.heading).first().copied()
}

/// "Within 30 days.", "48 hours of receipt": a time and hardly anything else.
fn is_bare_time(low: &str) -> bool {
    let found = durations(low);
    let [d] = found.as_slice() else {
        return false;
    };
    let lead = low.get(..d.start).unwrap_or("");
    low.split_whitespace().count() <= 9
        && lead.split_whitespace().count() <= 3
        && cues(lead).is_empty()
        && (lead.trim().is_empty()
            || [
                "within",
                "in",
                "under",
                "up to",
                "at most",
                "about",
                "less than",
                "every",
            ]
            .iter()
            .any(|w| lead.trim_end().ends_with(w)))
        && !vocab::fits_any(low, &["old", "ago", "of support", "support"])
}

/// What a lead-in or heading says of the items below it.
fn of_lead(unit: &Unit, lead: &str) -> Context {
    let timed = matches!(
        unit.topic,
        Topic::Response | Topic::Severity | Topic::Commitment
    );
    let milestone = cues(lead)
        .last()
        .or(cues(&unit.heading).last().filter(|_| timed))
        .map(|c| c.2)
        .filter(|m| *m != Milestone::Disclosure);
    Context {
        milestone,
        from: times::origin_of_lead(lead).or_else(|| times::origin_of_lead(&unit.heading)),
        firmness: vocab::first(lead, |l| l.firmness),
        severities: lead_severities(lead),
        ..Context::default()
    }
}

/// "Critical vulnerabilities:" over "fix within 7 days".
fn lead_severities(lead: &str) -> Vec<Severity> {
    if lead.split_whitespace().count() <= 6 {
        times::severities(lead, false)
    } else {
        Vec::new()
    }
}

/// A sentence with a head or without.
fn headed(unit: &Unit, low: &str, context: &Context) -> Vec<Promise> {
    let Some((head, rest)) = head_and_rest(low) else {
        return prose::promises(unit, low, context);
    };
    if terse::asks_patience(head) {
        let inner = Context {
            timed: true,
            ..context.clone()
        };
        return prose::promises(unit, rest, &inner);
    }
    let found = of_head(unit, context, head, rest);
    if found.is_empty() && terse::tells_times(head) && named(head).is_empty() {
        let inner = Context {
            timed: true,
            ..context.clone()
        };
        return prose::promises(unit, rest, &inner);
    }
    if found.is_empty() && !is_window_head(unit, low) {
        return prose::promises(unit, low, context);
    }
    found
}

/// "Triage (within 3 days)" as a heading.
pub(super) fn of_heading(unit: &Unit) -> Vec<Promise> {
    let Some((head, inside)) = unit
        .low
        .trim_end()
        .trim_end_matches(['*', '_', ':'])
        .strip_suffix(')')
        .and_then(|t| t.rsplit_once('('))
    else {
        return Vec::new();
    };
    let found = durations(inside);
    let [d] = found.as_slice() else {
        return Vec::new();
    };
    let plain = inside.split_whitespace().count() <= 7 && !vocab::fits(inside, "ago");
    // "Critical (response within 24 hours)": the step stands beside the time.
    let graded = !times::severities(head, true).is_empty() && head.split_whitespace().count() <= 3;
    let own = cues(head).first().map(|c| c.2);
    let beside = cues(inside).first().map(|c| c.2).filter(|_| graded);
    let Some(milestone) = own.or(beside) else {
        return Vec::new();
    };
    if !plain
        || vocab::first(head, |l| l.audiences) == Some(Audience::Distributors)
        || head.split_whitespace().count() > 8
    {
        return Vec::new();
    }
    vec![Promise {
        from: row_origin(inside).unwrap_or(Origin::Receipt),
        severity: times::severities(head, true).first().copied(),
        ..promise(
            if d.every {
                Milestone::Update
            } else {
                milestone
            },
            times::of_duration(d),
            Firmness::Target,
        )
    }]
}

fn is_window_head(unit: &Unit, low: &str) -> bool {
    windows::time_of(unit, low).is_some()
}

/// "Initial response: within 48 hours", "Critical/High: 7 days".
fn of_head(unit: &Unit, context: &Context, head: &str, rest: &str) -> Vec<Promise> {
    let rest = before_silence(rest);
    if rest.is_empty() || windows::time_of(unit, &unit.low).is_some() {
        return Vec::new();
    }
    let firmness = vocab::first(rest, |l| l.firmness)
        .or(context.firmness)
        .unwrap_or(Firmness::Target);
    let firmness = if gate::is_disclaimed(rest) {
        Firmness::Typical
    } else {
        firmness
    };
    if durations(rest)
        .first()
        .is_some_and(|d| !gate::opens(rest, d.start, d.end))
    {
        return Vec::new();
    }
    let milestones = named(head);
    let severities = times::severities(head, true);
    if milestones.is_empty() && !severities.is_empty() {
        return of_severity(context, rest, &severities, firmness);
    }
    if milestones.is_empty() {
        let found = time_first(head, rest, firmness);
        let one = context.milestone.zip(durations(rest).first().cloned());
        // "Actively exploited: 3 days" below a sentence about fixes.
        return match (gate::condition(head, ""), one) {
            (condition @ Some(_), Some((m, d))) if found.is_empty() => vec![Promise {
                condition,
                ..promise(m, times::of_duration(&d), firmness)
            }],
            _ => found,
        };
    }
    let several = durations(rest).len() > 1
        || durations(rest).len() == 1 && rest.split_whitespace().count() > 6;
    let plain = milestones.len() == 1;
    if several
        && plain
        && let Some(first) = milestones.first()
    {
        let inner = Context {
            milestone: Some(*first),
            by_head: true,
            severities: severities.clone(),
            firmness: Some(firmness),
            from: context.from,
            ..Context::default()
        };
        return prose::promises(unit, rest, &inner);
    }
    let Some(term) = head_term(unit, rest) else {
        return Vec::new();
    };
    let severity = severities
        .first()
        .copied()
        .or_else(|| prose::severities_behind(rest).first().copied());
    milestones
        .into_iter()
        .map(|m| {
            let m = match (&term, m) {
                (Term::Every { .. }, _) => Milestone::Update,
                (Term::NextRelease, Milestone::Fix) => Milestone::PatchRelease,
                (_, m) => m,
            };
            Promise {
                from: row_origin(rest).or(context.from).unwrap_or(Origin::Receipt),
                severity,
                ..promise(m, term.clone(), firmness)
            }
        })
        .collect()
}

/// The term behind a head that names a step.
fn head_term(unit: &Unit, rest: &str) -> Option<Term> {
    let numbered = durations(rest).first().map(times::of_duration);
    if unit.topic == Topic::Process && numbered.is_none() {
        return None;
    }
    numbered.or_else(|| {
        let short = rest.split_whitespace().count() <= 10;
        let vague = times::is_vague(rest, true) || times::unfilled(rest).is_some();
        let term = times::of_text(rest);
        if term.is_some() {
            return term.filter(|_| short);
        }
        (vague && short).then(|| Term::Unquantified {
            words: rest.to_owned(),
        })
    })
}

/// One time behind a severity, with the severities that are named anew before it.
struct Step {
    own: Option<Milestone>,
    term: Term,
    origin: Option<Origin>,
    anew: Vec<Severity>,
}

/// "Critical: 7 days", "High — fix within 14 days".
fn of_severity(
    context: &Context,
    rest: &str,
    severities: &[Severity],
    firmness: Firmness,
) -> Vec<Promise> {
    let found = durations(rest);
    let mut steps: Vec<Step> = Vec::new();
    let mut from = 0;
    for (i, d) in found.iter().enumerate() {
        let until = found.get(i + 1).map_or(rest.len(), |n| n.start);
        let before = rest.get(from..d.start).unwrap_or("");
        let after = rest.get(d.end..until).unwrap_or("");
        from = d.end;
        let own = prose::in_words(before, after);
        if i > 0 && own.is_none() {
            continue;
        }
        // "Critical: fix within 7 days; High: fix within 14 days" in one line.
        let anew = if i > 0 {
            times::severities(before, true)
        } else {
            Vec::new()
        };
        steps.push(Step {
            own,
            term: times::of_duration(d),
            origin: times::origin(after),
            anew,
        });
    }
    if steps.is_empty() {
        let Some(term) = times::of_text(rest) else {
            return Vec::new();
        };
        let own = cues(rest).first().map(|c| c.2);
        steps.push(Step {
            own,
            term,
            origin: None,
            anew: Vec::new(),
        });
    }
    let several = steps.len() > 1;
    let mut out = Vec::new();
    for Step {
        own,
        term,
        origin,
        anew,
    } in steps
    {
        let severities = if anew.is_empty() { severities } else { &anew };
        // "Response times" over severities may mean either: the owner is asked.
        let lead = context
            .milestone
            .filter(|m| *m != Milestone::Acknowledgement);
        let own = own.filter(|m| several || *m != Milestone::Acknowledgement || lead.is_none());
        let milestone = match (&term, own.or(lead)) {
            (Term::NextRelease, Some(Milestone::Fix)) => Some(Milestone::PatchRelease),
            (_, m) => m,
        };
        let alternatives = match milestone {
            None => vec![Milestone::Plan, Milestone::Fix],
            Some(_) => Vec::new(),
        };
        out.extend(severities.iter().map(|severity| Promise {
            severity: Some(*severity),
            alternatives: alternatives.clone(),
            from: origin.or(context.from).unwrap_or(Origin::Receipt),
            ..promise(
                milestone.unwrap_or(Milestone::Response),
                term.clone(),
                firmness,
            )
        }));
    }
    out
}

/// "Within 48 hours: acknowledgement of your report".
fn time_first(head: &str, rest: &str, firmness: Firmness) -> Vec<Promise> {
    let found = durations(head);
    let dated = times::of_calendar_head(head);
    let (d, receipt) = match (found.as_slice(), &dated) {
        (_, Some(d)) => (d, true),
        ([d], None) => (d, false),
        _ => return Vec::new(),
    };
    let Some(milestone) = cues(rest).first().map(|c| c.2) else {
        return Vec::new();
    };
    // "Day 1: you report" is the reporter's step.
    if receipt && times::is_theirs(rest) {
        return Vec::new();
    }
    if d.every {
        return vec![promise(Milestone::Update, times::of_duration(d), firmness)];
    }
    let both = named(rest);
    let milestones = if both.len() == 2 && both.contains(&Milestone::Plan) {
        both
    } else {
        vec![milestone]
    };
    milestones
        .into_iter()
        .map(|m| promise(m, times::of_duration(d), firmness))
        .collect()
}

fn row_origin(low: &str) -> Option<Origin> {
    durations(low)
        .first()
        .and_then(|d| times::origin(low.get(d.end..).unwrap_or("")))
}

/// "We will: acknowledge receipt", without any time.
fn commitment(unit: &Unit) -> Option<Promise> {
    if times::of_text(&unit.low).is_some() || times::is_vague(&unit.low, false) {
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
