//! An advisory in words: plain text for mail and terminals, and the entry for
//! a changelog.

use std::fmt::Write as _;

use crate::model::{
    Advisory, AffectedProduct, AffectedVersions, Credit, Fix, Issue, Mitigation, Revision, Status,
};

fn fix_words(fix: &Fix) -> String {
    match fix {
        Fix::In(version) => format!("fixed in {version}"),
        Fix::NotPlanned(reason) => format!("no fix planned: {reason}"),
        Fix::NotYet(reason) => format!("no fix yet: {reason}"),
    }
}

fn affected_words(product: &AffectedProduct, row: &AffectedVersions) -> String {
    format!("{} {}: {}", product.name, row.versions, fix_words(&row.fix))
}

fn credit_words(credit: &Credit) -> String {
    let name = credit.who().unwrap_or_default();
    let link = credit.link.as_ref();
    let link = link.map_or(String::new(), |link| format!(" {link}"));
    format!("{name}, {}{link}", credit.kind.words())
}

fn section(out: &mut String, heading: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{heading}");
    for line in lines {
        let _ = writeln!(out, "  {}", line.replace('\n', "\n  "));
    }
}

/// The revisions that have happened. The last one of a draft is what publishing
/// would add: it has no date yet.
fn happened(issue: &Issue) -> &[Revision] {
    match (issue.status, issue.revisions.split_last()) {
        (Status::Draft, Some((_, before))) => before,
        _ => &issue.revisions,
    }
}

fn dates(out: &mut String, issue: &Issue) {
    let revisions = happened(issue);
    match revisions.first() {
        Some(first) => {
            let _ = writeln!(out, "Published: {}", first.date);
        }
        None => out.push_str("Published: not published yet\n"),
    }
    if let (Some(last), true) = (revisions.last(), revisions.len() > 1) {
        let _ = writeln!(out, "Updated: {}", last.date);
    }
    if issue.status == Status::Draft && !revisions.is_empty() {
        out.push_str("This change: not published yet\n");
    }
}

/// The advisory as plain text, ending in a line feed. A draft shows no date for
/// what has not happened.
pub fn plain_text(advisory: &Advisory) -> String {
    let Advisory { issue, content } = advisory;
    let mut out = format!("{}: {}\n", issue.id, content.title);
    if issue.status == Status::Draft {
        out.push_str("DRAFT, not published\n");
    }
    let _ = writeln!(out, "Severity: {}", content.severity);
    for vector in &content.cvss {
        let (version, score) = (vector.version(), vector.score());
        let _ = writeln!(out, "CVSS {version}: {score} ({}) {vector}", vector.band());
    }
    if let Some(cve) = &content.cve {
        let _ = writeln!(out, "CVE: {cve}");
    }
    if let Some(cwe) = content.cwe {
        let name = cwe
            .name()
            .unwrap_or("a weakness type that is not in the list");
        let _ = writeln!(out, "Weakness: {cwe}, {name}");
    }
    let _ = writeln!(out, "Publisher: {}", issue.publisher.name);
    if let Some(reported) = issue.reported {
        let _ = writeln!(out, "Reported: {reported}");
    }
    dates(&mut out, issue);
    let _ = writeln!(out, "\n{}", content.summary);
    if let Some(details) = &content.details {
        let _ = writeln!(out, "\n{details}");
    }
    let products = &content.products;
    let rows = products
        .iter()
        .flat_map(|p| p.affected.iter().map(|row| affected_words(p, row)));
    section(&mut out, "Affected", &rows.collect::<Vec<_>>());
    let safe = products
        .iter()
        .flat_map(|p| p.not_affected.iter().map(|r| format!("{} {r}", p.name)));
    section(&mut out, "Not affected", &safe.collect::<Vec<_>>());
    let kind = content.fix_kind.map(|k| k.words().to_owned());
    section(&mut out, "Kind of fix", &Vec::from_iter(kind));
    let mitigation = match &content.mitigation {
        Mitigation::Text(text) => text.to_string(),
        Mitigation::NoneKnown => "None known.".to_owned(),
    };
    section(&mut out, "Mitigation", &[mitigation]);
    let interim: Vec<String> = content.interim.iter().map(ToString::to_string).collect();
    section(&mut out, "For the time being", &interim);
    let rebuild = content.rebuild.iter().map(ToString::to_string);
    section(&mut out, "Rebuild", &rebuild.collect::<Vec<_>>());
    let exploitation = content.exploitation.iter().map(ToString::to_string);
    section(&mut out, "Exploitation", &exploitation.collect::<Vec<_>>());
    let references = content.references.iter();
    // An address without a text of its own stands once.
    let references = references.map(|r| {
        if r.summary.as_str() == r.link.as_str() {
            r.link.to_string()
        } else {
            format!("{}\n{}", r.summary, r.link)
        }
    });
    section(&mut out, "References", &references.collect::<Vec<_>>());
    let credits: Vec<String> = content.credits.iter().map(credit_words).collect();
    section(&mut out, "Thanks", &credits);
    let revisions = happened(issue).iter();
    let revisions = revisions.map(|r| format!("{} {}: {}", r.number, r.date, r.summary));
    section(&mut out, "Revisions", &revisions.collect::<Vec<_>>());
    out
}

/// The entry for `CHANGELOG.md`, one list item of a "Security" section, ending
/// in a line feed. `None` while the advisory is a draft: nothing of it may go
/// into a public file.
pub fn changelog_entry(advisory: &Advisory) -> Option<String> {
    let Advisory { issue, content } = advisory;
    if issue.status == Status::Draft {
        return None;
    }
    let cve = content.cve.as_ref();
    let cve = cve.map_or(String::new(), |cve| format!(", {cve}"));
    let score = content.cvss.first();
    let score = score.map_or(String::new(), |v| {
        format!(", CVSS {} {}", v.version(), v.score())
    });
    let rows = content.products.iter().flat_map(|p| {
        let row = move |row: &AffectedVersions| match &row.fix {
            Fix::In(version) => format!("{} {}: fixed in {version}", p.name, row.versions),
            Fix::NotPlanned(_) => format!("{} {}: no fix planned", p.name, row.versions),
            Fix::NotYet(_) => format!("{} {}: no fix yet", p.name, row.versions),
        };
        p.affected.iter().map(row)
    });
    let rows = rows.collect::<Vec<_>>().join("; ");
    Some(format!(
        "- **{}**{cve}: {} Severity {}{score}. {rows}.\n",
        issue.id,
        sentence(content.title.as_str()),
        content.severity,
    ))
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}
