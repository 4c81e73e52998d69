//! Severity words with their classes, the calculator named, the ranking of impacts.
//!
//! Invariants: a class is listed only where the text lists it.
//!
//! Deliberately absent: times by severity; see `promises`.

use std::collections::{BTreeMap, BTreeSet};

use super::{add, head_and_rest, sentences, times};
use crate::model::{Clause, ClauseId, ImpactRank, Policy, Scoring, Severity, SeverityClass};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Remark, Topic};

/// Adds classes, scoring and ranking.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    let schemes = schemes(doc);
    for (place, unit) in doc.units.iter().enumerate() {
        match &unit.kind {
            UnitKind::Row { header, cells } => row(policy, unit, header, cells),
            UnitKind::Item if unit.topic == Topic::Severity || schemes.contains(&place) => {
                classes_in_item(policy, unit);
            }
            UnitKind::Item if unit.topic != Topic::Contents => named_in_sentence(policy, unit),
            UnitKind::Heading if schemes.contains(&place) => {
                for severity in head_severities(&unit.low) {
                    class(policy, unit, severity, Vec::new(), None);
                }
            }
            UnitKind::Sentence => {
                ranking(policy, unit);
                named_in_sentence(policy, unit);
            }
            _ => {}
        }
        if !matches!(unit.kind, UnitKind::Heading | UnitKind::Code) {
            scoring(policy, unit);
        }
    }
}

/// Fewest different severities that make a scheme.
const SCHEME: usize = 2;
/// Fewest severities that a sentence must list to be a scheme.
const LISTED: usize = 3;

/// Items and headings that stand in a row of severities ("Critical: …", "High: …").
fn schemes(doc: &Document) -> BTreeSet<usize> {
    // A list may be broken by paragraphs; what stands under one heading is one scheme.
    let mut lists: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut under = 0;
    let mut heads: Vec<usize> = Vec::new();
    for (place, unit) in doc.units.iter().enumerate() {
        match unit.kind {
            UnitKind::Item if is_headed(unit) => lists.entry(under).or_default().push(place),
            UnitKind::Heading if !head_severities(&unit.low).is_empty() => heads.push(place),
            UnitKind::Heading => under += 1,
            _ => {}
        }
    }
    let different = |places: &[usize]| {
        let found: BTreeSet<_> = places
            .iter()
            .filter_map(|p| doc.units.get(*p))
            .flat_map(|u| head_severities(&u.low))
            .collect();
        found.len() >= SCHEME
    };
    lists
        .into_values()
        .chain([heads])
        .filter(|places| different(places))
        .flatten()
        .collect()
}

/// An item outside lists of scope and contents that begins with a severity.
fn is_headed(unit: &Unit) -> bool {
    let elsewhere = matches!(
        unit.topic,
        Topic::InScope | Topic::OutOfScope | Topic::Contents | Topic::Duties | Topic::Advice
    );
    !elsewhere && !head_severities(&unit.low).is_empty()
}

/// The severities at the head of a text: "Critical (CVSS 9.0+): …", "High/Medium",
/// "Low severity. This includes …".
fn head_severities(low: &str) -> Vec<Severity> {
    // "i. High: …" begins behind its own count.
    let counted = low.split_once(". ").filter(|(count, _)| count.len() <= 3);
    let low = counted.map_or(low, |(_, rest)| rest);
    let sentence = low.split(". ").next().unwrap_or(low);
    let head = match head_and_rest(sentence) {
        Some((head, _)) => head,
        None => sentence.trim_end_matches([':', '.']),
    };
    let head = head.split('(').next().unwrap_or(head);
    if head.split_whitespace().count() > 5 {
        return Vec::new();
    }
    times::severities(head, true)
}

fn class(
    policy: &mut Policy,
    unit: &Unit,
    severity: Severity,
    classes: Vec<String>,
    response: Option<String>,
) {
    let known = policy
        .severities
        .iter_mut()
        .find(|c| c.value.severity == severity);
    if let Some(known) = known {
        let value = &mut known.value;
        if value.classes.is_empty() && value.response.is_none() {
            value.classes = classes;
            value.response = response;
        }
        return;
    }
    let value = SeverityClass {
        severity,
        classes,
        response,
    };
    add(&mut policy.severities, "severity", unit, value);
}

fn row(policy: &mut Policy, unit: &Unit, header: &[String], cells: &[String]) {
    let named = |words: &[&str]| header.iter().position(|h| vocab::fits_any(h, words));
    let first = cells.first().map_or(String::new(), |c| c.to_lowercase());
    let head = named(&["severity", "level", "rating", "priority", "risk"]);
    let Some(at) = head.or_else(|| is_severity_cell(&first).then_some(0)) else {
        return;
    };
    let cell = cells.get(at).map_or(String::new(), |c| c.to_lowercase());
    let column = |words: &[&str]| {
        named(words)
            .filter(|i| *i != at)
            .and_then(|i| cells.get(i))
            .filter(|c| !c.is_empty())
    };
    let classes = column(&[
        "description",
        "example",
        "definition",
        "class",
        "type",
        "criteria",
    ]);
    let response = column(&["response", "time", "target", "action", "fix", "resolution"]);
    for severity in times::severities(&cell, true) {
        let classes = classes.map_or(Vec::new(), |c| list(c));
        class(policy, unit, severity, classes, response.cloned());
    }
    if is_severity_cell(&cell) {
        others(policy, unit, &cell);
    }
}

/// A cell that holds a severity and little else.
fn is_severity_cell(low: &str) -> bool {
    let low = low.split(['(', '（']).next().unwrap_or(low).trim();
    low.split_whitespace().count() <= 2
        && (low.is_ascii() || low.chars().count() <= 12)
        && !times::severities(low, true).is_empty()
}

fn list(cell: &str) -> Vec<String> {
    cell.split([',', ';'])
        .map(|c| c.trim().trim_end_matches('.').to_owned())
        .filter(|c| !c.is_empty())
        .collect()
}

fn classes_in_item(policy: &mut Policy, unit: &Unit) {
    let rest = head_and_rest(&unit.plain).map_or("", |(_, rest)| rest);
    let timed = times::of_text(&rest.to_lowercase()).is_some();
    for severity in head_severities(&unit.low) {
        let (classes, response) = if timed {
            (Vec::new(), Some(rest.to_owned()))
        } else {
            (list(rest), None)
        };
        class(policy, unit, severity, classes, response);
    }
}

/// "… is converted into a level of: low, medium, high, critical or exceptional."
fn named_in_sentence(policy: &mut Policy, unit: &Unit) {
    let rates = vocab::fits_any(
        &unit.low,
        &[
            "severity",
            "severities",
            "classif",
            "rated",
            "rating",
            "level",
            "priorit",
        ],
    );
    let joined = joints(&unit.low);
    if !rates && joined < LISTED - 1 {
        return;
    }
    let found = times::severities(&unit.low, true);
    if found.len() < LISTED && !(found.len() == SCHEME && joined > 0) {
        return;
    }
    for severity in found {
        class(policy, unit, severity, Vec::new(), None);
    }
    others(policy, unit, &unit.low);
}

/// How often two severities stand with nothing but a joint between: "high and critical",
/// "low to medium".
fn joints(low: &str) -> usize {
    let places = vocab::all(low, |l| l.severities);
    let joined = |pair: &&[(usize, usize, Severity)]| {
        let [(_, end, one), (start, _, other)] = pair else {
            return false;
        };
        let joint = low.get(*end..*start).unwrap_or("-").trim();
        one != other
            && matches!(
                joint,
                "and"
                    | "or"
                    | "/"
                    | "&"
                    | "to"
                    | "and/or"
                    | ","
                    | ", or"
                    | ", and"
                    | "et"
                    | "ou"
                    | "und"
                    | "oder"
                    | "y"
                    | "o"
                    | "e"
                    | "、"
                    | "|"
                    | ">"
            )
    };
    places.windows(2).filter(joined).count()
}

/// Severity words beyond the four.
fn others(policy: &mut Policy, unit: &Unit, low: &str) {
    for word in ["exceptional", "informational"] {
        let known = policy.other_severities.iter().any(|c| c.value == word);
        if vocab::fits(low, word) && !known {
            add(
                &mut policy.other_severities,
                "other-severity",
                unit,
                word.to_owned(),
            );
        }
    }
}

/// "… to be our highest priority concerns. Availability … is also a serious concern."
fn ranking(policy: &mut Policy, unit: &Unit) {
    let rank = if vocab::remarks(&unit.low, Remark::TopPriority) {
        1
    } else if vocab::remarks(&unit.low, Remark::AlsoSerious) {
        2
    } else {
        return;
    };
    for (_, _, impact) in vocab::all(&unit.low, |l| l.impacts) {
        let known = policy
            .impact_ranking
            .iter()
            .any(|c| c.value.impact == impact);
        if !known {
            add(
                &mut policy.impact_ranking,
                "impact-rank",
                unit,
                ImpactRank { impact, rank },
            );
        }
    }
}

fn scoring(policy: &mut Policy, unit: &Unit) {
    for low in sentences(unit) {
        let named = vocab::fits_any(low, &["cvss", "common vulnerability scoring"]);
        let refused = named && vocab::any(low, |l| l.no_cvss);
        let cvss = if named { cvss_version(unit, low) } else { None };
        let final_call = vocab::remarks(low, Remark::FinalCall).then(|| low.trim().to_owned());
        let also = vocab::remarks(low, Remark::AlsoReportTo).then(|| low.trim().to_owned());
        if !named && final_call.is_none() && also.is_none() {
            continue;
        }
        let slot = policy.scoring.get_or_insert_with(|| Clause {
            id: ClauseId("scoring".to_owned()),
            span: unit.span,
            quote: unit.quote.clone(),
            value: Scoring {
                cvss: None,
                names_cvss: false,
                refused: false,
                final_call: None,
                also_report_to: None,
            },
        });
        let value = &mut slot.value;
        // Words say more than the address of a calculator, and a version more than none.
        if cvss.as_ref().is_some_and(|(_, written)| *written) || value.cvss.is_none() {
            value.cvss = cvss.map(|(v, _)| v).or(value.cvss.take());
        }
        value.names_cvss |= named;
        value.refused |= refused;
        value.final_call = value.final_call.take().or(final_call);
        value.also_report_to = value.also_report_to.take().or(also);
    }
}

/// The version named, and whether words name it (else an address).
fn cvss_version(unit: &Unit, low: &str) -> Option<(String, bool)> {
    const VERSIONS: [&str; 6] = ["4.0", "3.1", "3.0", "2.0", "4", "3"];
    for (at, _) in low.match_indices("cvss").take(8) {
        let tail: String = low.get(at..).unwrap_or("").chars().take(28).collect();
        let tail = tail
            .trim_start_matches("cvss")
            .trim_start_matches([')', ' ', ':', '-', '('])
            .trim_start_matches("score")
            .trim_start_matches(' ')
            .trim_start_matches("version")
            .trim_start_matches([' ', 'v', '.']);
        let found = VERSIONS.iter().find(|v| starts_as_number(tail, v));
        if let Some(found) = found {
            return Some((full(found), true));
        }
    }
    for version in VERSIONS {
        let linked = unit.links.iter().any(|l| {
            l.url.contains("cvss")
                && (l.url.contains(&format!("/{version}"))
                    || l.url.contains(&format!("v{version}")))
        });
        if linked {
            return Some((full(version), false));
        }
    }
    None
}

/// "4" is written for 4.0; "3" may be 3.0 or 3.1 and stays.
fn full(version: &str) -> String {
    if version == "4" {
        "4.0".to_owned()
    } else {
        version.to_owned()
    }
}

fn starts_as_number(text: &str, version: &str) -> bool {
    text.strip_prefix(version).is_some_and(|rest| {
        !rest.starts_with(|c: char| {
            c.is_ascii_digit()
                || c == '.'
                    && rest
                        .get(1..)
                        .is_some_and(|r| r.starts_with(|d: char| d.is_ascii_digit()))
        })
    })
}
