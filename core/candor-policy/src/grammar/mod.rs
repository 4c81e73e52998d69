//! The grammars: from units to clauses, one small grammar per kind of clause.
//!
//! Invariants: a grammar adds only what words of the text carry; a unit may
//! feed several grammars; each clause keeps the unit's lines and words.
//!
//! Deliberately absent: defaults of Candor.

mod acts;
mod addresses;
mod advice;
mod bans;
mod blanks;
mod channels;
mod contacts;
mod contents;
mod context;
mod credit;
mod cues;
mod cve;
mod disclosure;
mod durations;
mod duties;
mod elsewhere;
mod follow_up;
mod gate;
mod handles;
mod harbour;
mod history;
mod keys;
mod kind;
mod languages;
mod leads;
mod levels;
mod listed;
mod money;
mod named_ways;
mod notice;
mod other_documents;
mod outlets;
mod people;
mod prerequisites;
mod process;
mod product;
mod product_links;
mod product_words;
mod promises;
mod prose;
mod publishing;
mod remarks;
mod rows;
mod same_channel;
mod scope;
mod severity;
mod terse;
mod times;
mod timetable;
mod vague;
mod version_rules;
mod version_words;
mod versions;
mod windows;

use candor_base::Span;

use crate::model::{Clause, ClauseId, LeadIn, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab;

pub(crate) use contents::keys as keys_of;
pub(crate) use context::retopic;
pub(crate) use durations::{Duration, durations as times_in};
pub(crate) use kind::is_security_txt;
pub(crate) use outlets::UNNAMED as UNNAMED_OUTLET;
pub(crate) use times::pace;
pub(crate) use versions::range_of;

/// Runs every grammar.
pub(crate) fn apply(doc: &Document, policy: &mut Policy) {
    versions::read(doc, policy);
    channels::read(doc, policy);
    contents::read(doc, policy);
    scope::read(doc, policy);
    severity::read(doc, policy);
    disclosure::read(doc, policy);
    publishing::read(doc, policy);
    promises::read(doc, policy);
    publishing::without_promised(policy);
    follow_up::read(doc, policy);
    notice::read(doc, policy);
    timetable::read(doc, policy);
    process::read(doc, policy);
    acts::read(doc, policy);
    cve::read(doc, policy);
    people::read(doc, policy);
    duties::read(doc, policy);
    prerequisites::read(doc, policy);
    contacts::read(doc, policy);
    keys::read(doc, policy);
    outlets::read(doc, policy);
    product::read(doc, policy);
    credit::read(doc, policy);
    money::read(doc, policy);
    harbour::read(doc, policy);
    advice::read(doc, policy);
    remarks::read(doc, policy);
    elsewhere::read(doc, policy);
    languages::read(doc, policy);
    leads::read(doc, policy);
    in_order(policy);
}

/// What only the text as a whole shows: blanks left in it, and what kind of text it is.
pub(crate) fn whole(text: &str, doc: &Document, policy: &mut Policy) {
    blanks::read(text, policy);
    kind::read(text, doc, policy);
}

/// Adds a clause made from a unit.
fn add<T>(list: &mut Vec<Clause<T>>, name: &str, unit: &Unit, value: T) {
    add_at(list, name, unit.span, &unit.quote, value);
}

/// Keeps the sentence that leads into an item: the item alone is a fragment.
fn lead_in(doc: &Document, list: &mut Vec<Clause<LeadIn>>, unit: &Unit) {
    let Some(lead) = doc.leads(unit) else { return };
    let known = list
        .iter_mut()
        .find(|c| c.span == lead.span && c.quote == lead.quote);
    if let Some(known) = known {
        known.value.items.push(unit.span);
    } else {
        let items = vec![unit.span];
        add(list, "lead-in", lead, LeadIn { items });
    }
}

/// Whether an item stands in the list that its topic is about: under a heading, or
/// led in by words that end in a colon or point to what follows.
fn led(doc: &Document, unit: &Unit) -> bool {
    let lead = doc.lead_of(unit);
    lead.is_empty()
        || lead.ends_with([':', '：'])
        || vocab::heading_topic(&unit.heading) == Some(unit.topic)
        || vocab::fits_any(lead, &["following", "below", "these", "such as"])
}

/// Adds a clause with its own lines and words.
fn add_at<T>(list: &mut Vec<Clause<T>>, name: &str, span: Span, quote: &str, value: T) {
    let number = list.len() + 1;
    list.push(Clause {
        id: ClauseId(format!("{name}-{number}")),
        span,
        quote: quote.to_owned(),
        value,
    });
}

/// Sets a clause that a policy has once; the first sentence counts.
fn once<T>(slot: &mut Option<Clause<T>>, name: &str, unit: &Unit, value: T) {
    if slot.is_none() {
        *slot = Some(Clause {
            id: ClauseId(name.to_owned()),
            span: unit.span,
            quote: unit.quote.clone(),
            value,
        });
    }
}

/// The head and the rest of "Head: rest" or "Head — rest".
fn head_and_rest(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let next = |at: usize| bytes.get(at + 1).copied().unwrap_or(0);
    let (at, length) = bytes
        .iter()
        .enumerate()
        .filter(|(at, byte)| match byte {
            b':' => next(*at) == b' ',
            b' ' => !next(*at).is_ascii() || next(*at) == b'-',
            byte => !byte.is_ascii(),
        })
        .find_map(|(at, _)| Some((at, parting(text.get(at..)?)?)))?;
    let head = text.get(..at)?.trim();
    let rest = text.get(at + length..)?.trim();
    let fits = !head.is_empty() && head.split_whitespace().count() <= 8;
    (fits && !rest.is_empty()).then_some((head, rest))
}

/// The length of the sign that parts head and rest, where a text begins with one.
fn parting(text: &str) -> Option<usize> {
    const SIGNS: [&str; 7] = [" — ", " – ", " - ", ": ", "：", "— ", "—"];
    SIGNS
        .iter()
        .find(|sign| text.starts_with(*sign))
        .map(|sign| sign.len())
}

/// A unit as sentences, lower case: an item may hold several.
fn sentences(unit: &Unit) -> &[String] {
    match unit.kind {
        UnitKind::Item => &unit.parts,
        _ => std::slice::from_ref(&unit.low),
    }
}

/// Cuts a label to a length that fits a form.
fn short(text: &str, most: usize) -> String {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '.' | ',' | ';'));
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    match cut.rsplit_once(' ') {
        Some((head, _)) => format!("{head} …"),
        None => cut,
    }
}

/// Puts clauses that several passes found into the order of the text.
fn in_order(policy: &mut Policy) {
    renumber(&mut policy.promises, "promise");
    renumber(&mut policy.disclosure, "disclosure");
    renumber(&mut policy.contents, "content");
    renumber(&mut policy.advice, "advice");
    renumber(&mut policy.channels, "channel");
    renumber(&mut policy.outlets, "outlet");
    renumber(&mut policy.safe_harbour, "safe-harbour");
    renumber(&mut policy.statements, "statement");
    renumber(&mut policy.out_of_scope, "out-of-scope");
    renumber(&mut policy.in_scope, "in-scope");
}

fn renumber<T>(list: &mut [Clause<T>], name: &str) {
    list.sort_by_key(|c| c.span);
    for (i, clause) in list.iter_mut().enumerate() {
        clause.id = ClauseId(format!("{name}-{}", i + 1));
    }
}
