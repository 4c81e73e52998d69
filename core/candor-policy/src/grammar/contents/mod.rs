//! What a report should hold: fields, how strongly they are asked for, choices.
//!
//! Invariants: "if available" and the like are never missing; only plain words
//! ("must", "required", "will not be progressed") make an item mandatory.
//!
//! Deliberately absent: Candor's own fields; see `run::form`.

mod prose;

use super::{add, head_and_rest, led, once, short, times};
use crate::model::{ContentItem, ContentKey, Demand, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Topic};

/// Adds every item and the rule for incomplete reports.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if unit.kind == UnitKind::Sentence && vocab::any(&unit.low, |l| l.incomplete) {
            once(
                &mut policy.incomplete_rule,
                "incomplete-rule",
                unit,
                unit.plain.clone(),
            );
        }
    }
    let strict = policy.incomplete_rule.is_some();
    for unit in &doc.units {
        match &unit.kind {
            UnitKind::Item if unit.topic == Topic::Contents && led(doc, unit) => {
                if is_no_field(unit) {
                    continue;
                }
                let lead = doc.lead_of(unit);
                let demanded =
                    vocab::any(lead, |l| l.mandatory) || vocab::any(&unit.heading, |l| l.mandatory);
                let offered = vocab::any(&unit.heading, |l| l.optional)
                    || lead.split_whitespace().count() <= 5 && vocab::any(lead, |l| l.optional);
                item(policy, unit, (strict || demanded) && !offered);
            }
            UnitKind::Row { header, cells } if unit.topic == Topic::Contents => {
                row(policy, unit, header, cells, strict);
            }
            UnitKind::Sentence => prose::read(policy, unit, strict),
            UnitKind::Item if prose::may_hold(unit.topic) => prose::read(policy, unit, strict),
            _ => {}
        }
    }
}

/// Items that stand in the list without being a field: thanks, links, instructions.
fn is_no_field(unit: &Unit) -> bool {
    let low = &unit.low;
    low.ends_with(':') && keys(low).is_empty()
        || low.starts_with("http")
        || vocab::any(low, |l| l.public_ban)
}

/// "| Field | Required |", "| Item | Description |".
fn row(policy: &mut Policy, unit: &Unit, header: &[String], cells: &[String], strict: bool) {
    let Some(first) = cells.first() else { return };
    let found = keys(&first.to_lowercase());
    let column = header
        .iter()
        .position(|h| vocab::any(h, |l| l.mandatory) || h == "required");
    let answer = column
        .and_then(|at| cells.get(at))
        .map(|c| c.to_lowercase());
    let needed = answer.is_some_and(|a| {
        vocab::first(&a, |l| l.supported) == Some(crate::model::Support::Full)
            || vocab::any(&a, |l| l.mandatory)
            || a == "required"
    });
    let help = cells.iter().skip(1).cloned().collect::<Vec<_>>().join(" ");
    let demand = if needed || strict {
        Demand::Mandatory
    } else {
        Demand::Asked
    };
    let keys = if found.is_empty() {
        vec![ContentKey::Other]
    } else {
        found
    };
    for key in keys {
        push(
            policy,
            unit,
            key,
            &short(first, 60),
            &help,
            demand,
            Vec::new(),
        );
    }
}

fn item(policy: &mut Policy, unit: &Unit, mandatory: bool) {
    let text = &unit.plain;
    let (outer, inner) = without_brackets(text);
    let outer_low = outer.to_lowercase();
    let headed = head_and_rest(text).filter(|(head, _)| !keys(&head.to_lowercase()).is_empty());
    let (mut found, label, help) = match headed {
        Some((head, rest)) => {
            let mut found = keys(&head.to_lowercase());
            found.extend(companion(&found, &rest.to_lowercase()));
            (found, short(&without_brackets(head).0, 60), rest.to_owned())
        }
        None => (
            keys(purpose_cut(&outer_low)),
            short(&outer, 60),
            text.clone(),
        ),
    };
    let inner_low = inner.to_lowercase();
    // "Anything useful (logs, a proof of concept)" asks for what stands in the brackets.
    if found.is_empty() {
        let named = keys(&inner_low);
        if named.len() > 1 && !vocab::fits(&inner_low, "helpful") {
            found = named;
        }
    }
    if found.is_empty() {
        found.push(ContentKey::Other);
    }
    let bracket_counts = inner.split_whitespace().count() <= 4 && !inner.is_empty();
    let judged = if bracket_counts {
        format!("{outer_low} {inner_low}")
    } else {
        outer_low
    };
    // "Steps to reproduce (PoC)" asks for both.
    let brief = inner.split_whitespace().count() <= 6;
    if brief && keys(&inner_low).first() == Some(&ContentKey::ProofOfConcept) {
        found.push(ContentKey::ProofOfConcept);
        found.dedup();
    }
    // "Affected component (version, commit, branch)" asks for both.
    if found.first() == Some(&ContentKey::Component)
        && keys(&inner_low).first() == Some(&ContentKey::Versions)
    {
        found.push(ContentKey::Versions);
        found.dedup();
    }
    let demand = demand(&judged, mandatory);
    let choices = choices(&inner);
    let several = found.len() > 1 && headed.is_none();
    for key in &found {
        // "Severity (DoS, RCE, data leak)" gives examples of something else.
        let picks = match key {
            ContentKey::Component => true,
            ContentKey::Severity => choices
                .iter()
                .any(|c| !times::severities(&c.to_lowercase(), true).is_empty()),
            _ => false,
        };
        let own_label = if several || (headed.is_some() && found.first() != Some(key)) {
            name_of(*key).to_owned()
        } else {
            label.clone()
        };
        let choices = if picks { choices.clone() } else { Vec::new() };
        push(policy, unit, *key, &own_label, &help, demand, choices);
    }
    // What stands behind the word is about something else again.
    if let Some(named) = vocab::find(&inner_low, "helpful").and_then(|(at, _)| inner_low.get(..at))
    {
        for key in records(named).into_iter().filter(|k| !found.contains(k)) {
            push(
                policy,
                unit,
                key,
                name_of(key),
                text,
                Demand::Optional,
                Vec::new(),
            );
        }
    }
}

/// Impact and severity are often asked for in one breath.
fn companion(found: &[ContentKey], rest: &str) -> Option<ContentKey> {
    let other = match found.first()? {
        ContentKey::Impact => ContentKey::Severity,
        ContentKey::Severity => ContentKey::Impact,
        _ => return None,
    };
    (keys(rest).contains(&other) && !found.contains(&other)).then_some(other)
}

fn push(
    policy: &mut Policy,
    unit: &Unit,
    key: ContentKey,
    label: &str,
    help: &str,
    demand: Demand,
    choices: Vec<String>,
) {
    let again = key != ContentKey::Other
        && policy
            .contents
            .iter()
            .any(|c| c.value.key == key && c.span == unit.span);
    if again {
        return;
    }
    let value = ContentItem {
        key,
        label: capital(label),
        help: help.to_owned(),
        demand,
        choices,
    };
    add(&mut policy.contents, "content", unit, value);
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}

/// The keys a text names, in order, each once; a word inside a longer one does not count.
pub(crate) fn keys(low: &str) -> Vec<ContentKey> {
    let mut out: Vec<ContentKey> = Vec::new();
    let mut last = 0;
    for (start, end, key) in vocab::all(low, |l| l.contents) {
        if end <= last && start < last {
            continue;
        }
        last = last.max(end);
        if !out.contains(&key) {
            out.push(key);
        }
    }
    out
}

/// The keys a text names by the way. Pictures are no records: screenshots beside
/// other things ask for nothing of their own.
fn records(low: &str) -> Vec<ContentKey> {
    let written = vocab::fits_any(
        low,
        &[
            "log",
            "trace",
            "packet",
            "dump",
            "pcap",
            "evidence",
            "request",
            "output",
            "protokoll",
            "journaux",
            "registros",
            "registri",
            "日志",
            "ログ",
            "логи",
            "로그",
        ],
    );
    let mut found = keys(low);
    found.retain(|k| *k != ContentKey::Evidence || written);
    found
}

/// What a thing is for does not count as a thing: "…, so that we can reproduce it".
fn purpose_cut(low: &str) -> &str {
    [
        ", so ",
        " so that ",
        " so we ",
        " that ",
        " which ",
        " to help us",
        " we would need",
        " we need to",
        " in order to ",
    ]
    .iter()
    .filter_map(|w| low.find(w))
    .min()
    .and_then(|at| low.get(..at))
    .unwrap_or(low)
}

/// A text without its first brackets, and what stood in them.
fn without_brackets(text: &str) -> (String, String) {
    let parts = text.split_once(['(', '（']).and_then(|(before, rest)| {
        rest.split_once([')', '）'])
            .filter(|(inner, _)| inner.chars().count() > 2)
            .map(|(inner, after)| {
                (
                    format!("{} {}", before.trim_end(), after.trim_start()),
                    inner,
                )
            })
    });
    match parts {
        Some((outer, inner)) => (outer.trim().to_owned(), inner.to_owned()),
        None => (text.to_owned(), String::new()),
    }
}

fn demand(low: &str, mandatory: bool) -> Demand {
    if vocab::any(low, |l| l.if_applicable) {
        Demand::IfApplicable
    } else if vocab::any(low, |l| l.optional) {
        Demand::Optional
    } else if mandatory || vocab::any(low, |l| l.mandatory) {
        Demand::Mandatory
    } else {
        Demand::Asked
    }
}

/// "(Critical / High / Medium / Low)", "(e.g. API endpoint, authentication, frontend)".
fn choices(inner: &str) -> Vec<String> {
    let text = inner
        .trim_start_matches("e.g.")
        .trim_start_matches("i.e.")
        .trim_start_matches(',')
        .trim();
    let mark = if text.contains(',') { ',' } else { '/' };
    let picks: Vec<String> = text
        .split(mark)
        .map(|p| p.trim().trim_start_matches("or ").trim().to_owned())
        .filter(|p| !p.is_empty() && !p.starts_with("etc") && p.chars().count() <= 60)
        .collect();
    if picks.len() >= 2 { picks } else { Vec::new() }
}

/// A plain name where an item asks for several things at once.
pub(crate) fn name_of(key: ContentKey) -> &'static str {
    match key {
        ContentKey::Summary => "Summary",
        ContentKey::Description => "Description",
        ContentKey::Impact => "Impact",
        ContentKey::Severity => "Severity",
        ContentKey::Component => "Affected component",
        ContentKey::Versions => "Affected version",
        ContentKey::Steps => "Steps to reproduce",
        ContentKey::ProofOfConcept => "Proof of concept",
        ContentKey::Evidence => "Supporting evidence",
        ContentKey::Environment => "Environment and configuration",
        ContentKey::Usage => "Effect on usage",
        ContentKey::OtherProjects => "Other projects or dependencies",
        ContentKey::SuggestedFix => "Suggested fix",
        ContentKey::Contact => "Contact",
        ContentKey::Identity => "Name and affiliation",
        ContentKey::Other => "Anything else",
    }
}
