//! Severity words with their classes, the calculator named, the ranking of impacts.
//!
//! Invariants: a class is listed only where the text lists it.
//!
//! Deliberately absent: times by severity; see `promises`.

use super::{add, head_and_rest, sentences, times};
use crate::model::{Clause, ClauseId, ImpactRank, Policy, Scoring, SeverityClass};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Remark, Topic};

/// Adds classes, scoring and ranking.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        match &unit.kind {
            UnitKind::Row { header, cells } => row(policy, unit, header, cells),
            UnitKind::Item if unit.topic == Topic::Severity => classes_in_item(policy, unit),
            UnitKind::Sentence => ranking(policy, unit),
            _ => {}
        }
        if !matches!(unit.kind, UnitKind::Heading | UnitKind::Code) {
            scoring(policy, unit);
        }
    }
}

fn row(policy: &mut Policy, unit: &Unit, header: &[String], cells: &[String]) {
    let head = header.first().map_or("", String::as_str);
    if !["severity", "level", "rating"]
        .iter()
        .any(|w| vocab::fits(head, w))
    {
        return;
    }
    let first = cells.first().map_or(String::new(), |c| c.to_lowercase());
    let column = |words: &[&str]| {
        header
            .iter()
            .position(|h| words.iter().any(|w| vocab::fits(h, w)))
            .filter(|i| *i > 0)
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
    for severity in times::severities(&first, true) {
        let value = SeverityClass {
            severity,
            classes: classes.map_or(Vec::new(), |c| list(c)),
            response: response.cloned(),
        };
        add(&mut policy.severities, "severity", unit, value);
    }
}

fn list(cell: &str) -> Vec<String> {
    cell.split([',', ';'])
        .map(|c| c.trim().trim_end_matches('.').to_owned())
        .filter(|c| !c.is_empty())
        .collect()
}

fn classes_in_item(policy: &mut Policy, unit: &Unit) {
    let Some((head, rest)) = head_and_rest(&unit.plain) else {
        return;
    };
    if times::of_text(&rest.to_lowercase()).is_some() {
        return;
    }
    for severity in times::severities(&head.to_lowercase(), true) {
        let value = SeverityClass {
            severity,
            classes: list(rest),
            response: None,
        };
        add(&mut policy.severities, "severity", unit, value);
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
    for low in &sentences(unit) {
        let cvss = if vocab::fits(low, "cvss") {
            cvss_version(unit, low)
        } else {
            None
        };
        let final_call = vocab::remarks(low, Remark::FinalCall).then(|| low.trim().to_owned());
        let also = vocab::remarks(low, Remark::AlsoReportTo).then(|| low.trim().to_owned());
        let names = vocab::fits(low, "cvss") && !vocab::fits(low, "not use cvss");
        if !names && final_call.is_none() && also.is_none() {
            continue;
        }
        let slot = policy.scoring.get_or_insert_with(|| Clause {
            id: ClauseId("scoring".to_owned()),
            span: unit.span,
            quote: unit.quote.clone(),
            value: Scoring {
                cvss: None,
                final_call: None,
                also_report_to: None,
            },
        });
        let value = &mut slot.value;
        value.cvss = value.cvss.take().or(cvss);
        value.final_call = value.final_call.take().or(final_call);
        value.also_report_to = value.also_report_to.take().or(also);
    }
}

fn cvss_version(unit: &Unit, low: &str) -> Option<String> {
    for version in ["4.0", "3.1", "3.0", "2.0"] {
        let written = ["cvss v", "cvss ", "cvssv", "cvss version ", "cvss:"]
            .iter()
            .any(|w| low.contains(&format!("{w}{version}")));
        let linked = unit
            .links
            .iter()
            .any(|l| l.url.contains("cvss") && l.url.contains(&format!("/{version}")));
        if written || linked {
            return Some(version.to_owned());
        }
    }
    None
}
