//! The CVE ids of a case in words, and the text of a request for one.
//!
//! Invariants: the text of a request names nobody (CNA rules 5.2.4, CR-4); it is made of
//! the saved draft and goes nowhere by itself.

use std::collections::BTreeMap;

use candor_case::{CveEntry, CveEvent, CveStage};

use super::case::CaseMaterial;
use crate::view::CveView;

/// What the case page shows.
pub(super) fn view(m: &CaseMaterial<'_>, draft: &BTreeMap<String, String>) -> CveView {
    let ledger = &m.state.cve;
    let mut lines = Vec::new();
    if let Some((by, reason, at)) = &ledger.not_needed {
        let words = format!(
            "{}. {}, {}",
            m.text(reason),
            m.actor(*by, false),
            m.when(*at).words
        );
        lines.push(("No id is needed".to_owned(), words));
    }
    for request in &ledger.requests {
        let sent = m.when(request.at).words;
        let words = match (request.ended, request.chased) {
            (Some(_), _) => format!("asked {sent}; over"),
            (None, 0) => format!("asked {sent}; no answer yet"),
            (None, n) => format!("asked {sent}; no answer yet, pointed out {n} times"),
        };
        lines.push((m.text(&request.from), words));
    }
    for (id, entry) in &ledger.ids {
        lines.push((id.to_string(), entry_words(m, entry)));
    }
    CveView {
        lines,
        open: ledger.open_ids().map(|(id, _)| id.to_string()).collect(),
        request: m
            .state
            .advisory
            .draft
            .is_some()
            .then(|| request_text(m, draft)),
    }
}

fn entry_words(m: &CaseMaterial<'_>, entry: &CveEntry) -> String {
    let state = match (entry.stage, &entry.rejected, entry.published) {
        (CveStage::Rejected, Some((at, by, reason)), _) => {
            let (by, when) = (m.actor(*by, false), m.when(*at).words);
            return format!("rejected: {}. {by}, {when}", m.text(reason));
        }
        (CveStage::Published, _, Some(at)) => {
            return format!("its record is public since {}", m.when(at).words);
        }
        (CveStage::Reserved, ..) => "reserved",
        _ => "assigned",
    };
    match m.state.cve_dues(entry) {
        None => format!("{state}; its record is published after the advisory"),
        Some((should, must)) => format!(
            "{state}; its record should be public by {} and must be by {}: 24 and 72 hours \
             after the advisory, by the rules for who assigns ids. This is Candor's own clock, \
             not a promise of the policy",
            m.when(should).words,
            m.when(must).words
        ),
    }
}

/// What the team has to know at once.
pub(super) fn alarm(m: &CaseMaterial<'_>) -> Option<String> {
    let mut open = m.state.cve.open_ids();
    let late = open.any(|(_, entry)| {
        let dues = m.state.cve_dues(entry);
        dues.is_some_and(|(_, must)| m.now > must)
    });
    (late && m.state.closed.is_none()).then(|| {
        "The advisory is public for more than 72 hours, and the record of a CVE id is not."
            .to_owned()
    })
}

/// What the reporter reads in the room: ids that belong to the vulnerability.
pub(super) fn for_reporter(m: &CaseMaterial<'_>) -> Vec<(String, String)> {
    if m.state.reporter_is_outside() {
        return Vec::new();
    }
    let told = m.state.cve.ids.iter().filter(|(_, e)| e.assigned.is_some());
    told.map(|(id, entry)| {
        let words = match entry.stage {
            CveStage::Published => "its record is public",
            CveStage::Rejected => "given back; please use it no more",
            CveStage::Reserved | CveStage::Assigned => "assigned; its record follows the advisory",
        };
        (id.to_string(), words.to_owned())
    })
    .collect()
}

/// A line of the timeline.
pub(super) fn words_of(m: &CaseMaterial<'_>, event: &CveEvent) -> String {
    match event {
        CveEvent::CveRequested { from, at } => format!(
            "Asked for a CVE id: {}, {}",
            m.text(from),
            m.when(*at).words
        ),
        CveEvent::CveRequestSilent { number, .. } => {
            format!("A request for a CVE id has no answer (pointed out {number} times)")
        }
        CveEvent::CveRequestsEnded { .. } => "The request for a CVE id leads to nothing".to_owned(),
        CveEvent::CveReserved { id } => format!("{id} is reserved"),
        CveEvent::CveAssigned { id, by_draft: true } => {
            format!("{id} is assigned: the approved draft names it")
        }
        CveEvent::CveAssigned { id, .. } => format!("{id} is assigned"),
        CveEvent::CvePublished { id, at } => {
            format!("The record of {id} is public since {}", m.when(*at).words)
        }
        CveEvent::CveRejected { id, .. } => format!("{id} was rejected"),
        CveEvent::CveNotNeeded { .. } => "No CVE id is needed".to_owned(),
        CveEvent::CveRecordLate { id, hours, .. } => {
            format!("The record of {id} is not public {hours} hours after the advisory")
        }
    }
}

/// The colour of a line.
pub(super) const fn kind_of(event: &CveEvent) -> &'static str {
    match event {
        CveEvent::CveRecordLate { hours, .. } if *hours >= candor_case::RECORD_MUST_HOURS => "miss",
        CveEvent::CveRequestSilent { .. } | CveEvent::CveRecordLate { .. } => "warn",
        _ => "publish",
    }
}

/// The questions of the form in which MITRE takes requests, answered from the draft.
fn request_text(m: &CaseMaterial<'_>, draft: &BTreeMap<String, String>) -> String {
    let of = |name: &str| {
        let text = draft.get(name).map(|t| t.trim()).unwrap_or_default();
        text.to_owned()
    };
    let vector = of("cvss");
    let said = if m.state.advisory.published.is_some() {
        "The advisory is public."
    } else {
        "Not public yet. Please publish the record only after our advisory."
    };
    let lines = [
        ("Vulnerability type", of("cwe")),
        ("Vendor of the product", m.program.name.clone()),
        ("Product", of("product")),
        ("Affected versions", of("affected")),
        ("Fixed versions", of("fixed")),
        ("Has the vendor confirmed it", "Yes".to_owned()),
        ("Attack type", attack_type(&vector).to_owned()),
        ("Impact", impact(&vector)),
        ("CVSS vector", vector),
        ("Suggested description", of("summary")),
        ("Attack vectors", of("title")),
        ("References", of("references")),
        ("Additional information", said.to_owned()),
    ];
    let mut out = String::new();
    for (name, text) in lines.iter().filter(|(_, text)| !text.is_empty()) {
        out.push_str(name);
        out.push_str(": ");
        out.push_str(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        out.push('\n');
    }
    out
}

fn attack_type(vector: &str) -> &'static str {
    let has = |metric: &str| vector.split('/').any(|part| part == metric);
    if has("AV:N") || has("AV:A") {
        "Remote"
    } else if has("AV:L") {
        "Local"
    } else if has("AV:P") {
        "Physical"
    } else {
        ""
    }
}

fn impact(vector: &str) -> String {
    let hits = |names: [&str; 4]| vector.split('/').any(|part| names.contains(&part));
    [
        (
            hits(["C:H", "C:L", "VC:H", "VC:L"]),
            "information disclosure",
        ),
        (hits(["I:H", "I:L", "VI:H", "VI:L"]), "changed data"),
        (hits(["A:H", "A:L", "VA:H", "VA:L"]), "denial of service"),
    ]
    .into_iter()
    .filter_map(|(hit, words)| hit.then_some(words))
    .collect::<Vec<_>>()
    .join(", ")
}
