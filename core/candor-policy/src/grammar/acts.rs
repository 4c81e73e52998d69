//! What those who handle a report do, act by act, where a policy tells it in order.
//!
//! Invariants: only places that announce a process are read, and only with several
//! different acts; an act is kept once, where it first stands.
//!
//! Deliberately absent: what a case must do; that is the case's plan, from `process`.

use std::collections::BTreeMap;

use super::durations::durations;
use super::{add, head_and_rest, sentences};
use crate::model::{Act, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, LANGUAGES, Topic};

/// Fewest different acts of a list that is announced as a process.
const FEWEST_ANNOUNCED: usize = 2;
/// Fewest of a list elsewhere, and of running text.
const FEWEST: usize = 3;
/// Fewest where the heading may announce other things as well.
const FEWEST_LOOSE: usize = 3;
/// Fewest of running text that goes on from one thing to the next.
const FEWEST_PROSE: usize = 2;
/// Fewest of running text where nothing goes on from another.
const FEWEST_LOOSE_PROSE: usize = 6;
/// A pattern up to this long takes its words away from those that begin inside it, in bytes.
const COMPACT: usize = 40;
/// Fewest headings that are stages.
const FEWEST_STAGES: usize = 2;
/// Most words behind a head that only give a time.
const TIME_WORDS: usize = 8;
/// How far before an act "until" may stand, in bytes.
const UNTIL: usize = 34;

/// How plainly a place announces a process. The plainer ones win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// A list under a heading or sentence that says so.
    Announced,
    /// Running text under headings that are stages, or under such a heading.
    Told,
    /// A list under a heading that may announce other things.
    Loose,
    /// A list anywhere, by what the project says it does.
    Anywhere,
    /// Running text anywhere, one thing after the other.
    Prose,
}

/// A list or a stretch of running text.
struct Stretch {
    place: Place,
    /// Units with their acts.
    units: Vec<(usize, Vec<Act>)>,
    /// How many units give a time, and how many only that.
    timed: usize,
    only_times: usize,
    /// In how many the project speaks of itself; of prose, how many go on from another.
    spoken: usize,
    /// Whether it stands among commitments: what is wished for there need not be steps.
    pledges: bool,
}

/// Adds every act.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    let stretches = stretches(doc);
    let good: Vec<&Stretch> = stretches.values().filter(|s| holds(s)).collect();
    let Some(best) = good.iter().map(|s| s.place).min() else {
        return;
    };
    let announced = best == Place::Announced;
    // What a section on the process tells beside the list belongs to it.
    let last = good
        .iter()
        .rfind(|s| s.place == best)
        .and_then(|s| s.units.last());
    let beside = |s: &Stretch| {
        announced && s.place == Place::Told && s.units.first().map(|u| u.0) > last.map(|u| u.0)
    };
    let kept = stretches
        .values()
        .filter(|s| (s.place == best && holds(s)) || beside(s));
    if best == Place::Told {
        let first = kept.clone().flat_map(|s| &s.units).map(|u| u.0).min();
        acknowledged_before(doc, policy, first.unwrap_or(0));
    }
    for (place, acts) in kept.flat_map(|s| &s.units) {
        let Some(unit) = doc.units.get(*place) else {
            continue;
        };
        for act in acts {
            if !policy.acts.iter().any(|c| c.value == *act) {
                add(&mut policy.acts, "act", unit, *act);
            }
        }
    }
}

/// A section on the process often begins behind the first reply.
fn acknowledged_before(doc: &Document, policy: &mut Policy, first: usize) {
    let reply = doc.units.iter().take(first).find(|unit| {
        unit.kind == UnitKind::Sentence
            && !is_elsewhere(unit.topic)
            && !durations(&unit.low).is_empty()
            && acts(unit).contains(&Act::Acknowledge)
    });
    if let Some(unit) = reply {
        add(&mut policy.acts, "act", unit, Act::Acknowledge);
    }
}

/// Whether a stretch tells enough to be a process.
fn holds(stretch: &Stretch) -> bool {
    let mut different: Vec<Act> = stretch.units.iter().flat_map(|(_, a)| a.clone()).collect();
    different.sort_unstable();
    different.dedup();
    let all = stretch.units.len() + stretch.only_times;
    let acting = stretch.units.len() > stretch.only_times;
    let few_times = stretch.timed * 2 <= all;
    let begins = stretch
        .units
        .iter()
        .flat_map(|(_, a)| a)
        .next()
        .is_some_and(|first| {
            matches!(
                first,
                Act::Receive
                    | Act::Acknowledge
                    | Act::AssignHandler
                    | Act::Validate
                    | Act::AssessSeverity
            )
        });
    let ends = different.iter().any(|act| {
        matches!(
            act,
            Act::AgreeDate | Act::Release | Act::PublishAdvisory | Act::Announce
        ) || !stretch.pledges
            && matches!(
                act,
                Act::NotifyReporter | Act::RejectWithReason | Act::DevelopFix
            )
    });
    let goes_through = begins && ends;
    acting
        && match stretch.place {
            Place::Announced => different.len() >= FEWEST_ANNOUNCED,
            Place::Told => different.len() >= FEWEST,
            Place::Loose => different.len() >= FEWEST_LOOSE && few_times,
            Place::Anywhere => {
                different.len() >= FEWEST && few_times && stretch.spoken >= 2 && goes_through
            }
            Place::Prose => {
                let goes_on = stretch.spoken >= 1 && begins;
                different.len()
                    >= if goes_on {
                        FEWEST_PROSE
                    } else {
                        FEWEST_LOOSE_PROSE
                    }
            }
        }
}

/// Lists and running text by heading, in the order of the text.
fn stretches(doc: &Document) -> BTreeMap<(usize, u32), Stretch> {
    let mut out: BTreeMap<(usize, u32), Stretch> = BTreeMap::new();
    let mut heading = 0;
    let staged = in_stages(doc);
    for (place, unit) in doc.units.iter().enumerate() {
        if unit.kind == UnitKind::Heading {
            heading = place;
        }
        if is_elsewhere(unit.topic) || is_contents(unit) {
            continue;
        }
        let staged = staged && is_stage(&unit.heading);
        match unit.kind {
            UnitKind::Item | UnitKind::Sentence if staged => {
                put(&mut out, (usize::MAX, 0), place, unit, Place::Told);
            }
            UnitKind::Item => {
                let key = (heading, unit.list.saturating_add(1));
                put(&mut out, key, place, unit, of_list(doc, unit));
                let led = vocab::any(doc.lead_of(unit), |l| l.project_speaks);
                if let Some(stretch) = out.get_mut(&key).filter(|_| led) {
                    stretch.spoken += 1;
                }
            }
            UnitKind::Sentence if vocab::any(&unit.heading, |l| l.rules.places) => {
                put(&mut out, (heading, 0), place, unit, Place::Told);
            }
            UnitKind::Sentence if vocab::any(&unit.low, |l| l.project_speaks) => {
                put(&mut out, (usize::MAX, 1), place, unit, Place::Prose);
            }
            _ => {}
        }
    }
    out
}

/// Whether the headings of a text are stages.
fn in_stages(doc: &Document) -> bool {
    let stages = doc
        .units
        .iter()
        .filter(|u| u.kind == UnitKind::Heading && is_stage(&u.low));
    stages.count() >= FEWEST_STAGES
}

fn put(
    out: &mut BTreeMap<(usize, u32), Stretch>,
    key: (usize, u32),
    place: usize,
    unit: &Unit,
    kind: Place,
) {
    let stretch = out.entry(key).or_insert(Stretch {
        place: kind,
        units: Vec::new(),
        timed: 0,
        only_times: 0,
        spoken: 0,
        pledges: false,
    });
    stretch.place = stretch.place.min(kind);
    stretch.pledges |= vocab::heading_topic(&unit.heading) == Some(Topic::Commitment);
    let speaks = if kind == Place::Prose {
        vocab::any(&unit.low, |l| l.rules.chains) || acts(unit).len() >= FEWEST
    } else {
        vocab::any(&unit.low, |l| l.project_speaks)
    };
    stretch.spoken += usize::from(speaks);
    if !durations(&unit.low).is_empty() {
        stretch.timed += 1;
    }
    if is_time(unit) {
        stretch.only_times += 1;
    } else {
        stretch.units.push((place, acts(unit)));
    }
}

fn of_list(doc: &Document, unit: &Unit) -> Place {
    let lead = doc.lead_of(unit);
    if unit.topic == Topic::Process
        || vocab::any(&unit.heading, |l| l.rules.places)
        || vocab::any(lead, |l| l.rules.process_leads)
    {
        Place::Announced
    } else if vocab::any(&unit.heading, |l| l.rules.loose_places) {
        Place::Loose
    } else {
        Place::Anywhere
    }
}

/// "Triage", "Draft phase", "Publication".
fn is_stage(heading: &str) -> bool {
    heading.split_whitespace().count() <= 2
        && LANGUAGES.iter().any(|l| {
            l.rules
                .stage_headings
                .iter()
                .any(|h| heading.starts_with(h))
        })
}

fn is_elsewhere(topic: Topic) -> bool {
    matches!(
        topic,
        Topic::Contents
            | Topic::InScope
            | Topic::OutOfScope
            | Topic::Scope
            | Topic::Duties
            | Topic::Advice
            | Topic::Versions
            | Topic::Severity
            | Topic::SafeHarbour
            | Topic::Practices
            | Topic::Credit
            | Topic::Contact
            | Topic::Disclaimer
    )
}

/// An entry of a table of contents.
fn is_contents(unit: &Unit) -> bool {
    unit.links
        .iter()
        .any(|l| l.url.starts_with('#') && l.text.len() + 2 >= unit.plain.len())
}

/// "First response: within 48 hours".
fn is_time(unit: &Unit) -> bool {
    head_and_rest(&unit.low).is_some_and(|(_, rest)| {
        rest.split_whitespace().count() <= TIME_WORDS && !durations(rest).is_empty()
    })
}

/// The acts of an item in the order of its words. A head such as "Triage" counts where the
/// words behind it name no act.
fn acts(unit: &Unit) -> Vec<Act> {
    let behind = head_and_rest(&unit.low).filter(|(head, _)| head.split_whitespace().count() <= 5);
    if let Some((_, rest)) = behind {
        let found = in_words(rest);
        if !found.is_empty() {
            return found;
        }
    }
    let mut out = Vec::new();
    for low in sentences(unit) {
        for act in in_words(low) {
            if !out.contains(&act) {
                out.push(act);
            }
        }
    }
    out
}

fn in_words(low: &str) -> Vec<Act> {
    let mut out: Vec<Act> = Vec::new();
    for sentence in crate::read::split_text(low) {
        if vocab::any(sentence, |l| l.rules.asks) {
            continue;
        }
        let mut taken = 0;
        for (start, end, act) in vocab::all(sentence, |l| l.rules.acts) {
            if start < taken {
                continue;
            }
            if end - start <= COMPACT {
                taken = end;
            }
            let act = act.filter(|a| !out.contains(a) && !is_awaited(sentence, start));
            out.extend(act);
        }
    }
    out
}

/// "Until the advisory is published": that is not done yet.
fn is_awaited(sentence: &str, start: usize) -> bool {
    let from = sentence.floor_char_boundary(start.saturating_sub(UNTIL));
    sentence
        .get(from..start)
        .is_some_and(|before| vocab::fits_any(before, &["until", "before", "prior to", "ahead of"]))
}
