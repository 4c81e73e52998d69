//! An advisory of a repository on GitHub, in the form in which its REST API takes one.
//!
//! Invariants: the same bytes every time; the text ends with the address of the advisory's own
//! page, by which it is found again; people stand in the text, as they wished to be named.
//!
//! Deliberately absent: accounts of people on GitHub, which an advisory does not hold, and a
//! state: whoever sends it says whether it is published.

use serde_json::{Value, json};

use crate::ecosystem::package;
use crate::ids::Link;
use crate::model::{Advisory, AffectedProduct, AffectedVersions, Fix};
use crate::osv::details;
use crate::stretch::{Lower, Stretch, Stretches, Upper};
use crate::written::{Losses, WriteError, Written, first_and_last};

/// Longest title and text that GitHub takes, in characters.
const TITLE: usize = 1_024;
const TEXT: usize = 65_535;

/// What an ecosystem of OSV is called on GitHub.
const ECOSYSTEMS: &[(&str, &str)] = &[
    ("crates.io", "rust"),
    ("Packagist", "composer"),
    ("RubyGems", "rubygems"),
    ("Go", "go"),
    ("Hex", "erlang"),
    ("Maven", "maven"),
    ("npm", "npm"),
    ("NuGet", "nuget"),
    ("Pub", "pub"),
    ("PyPI", "pip"),
    ("SwiftURL", "swift"),
];

/// Writes a published advisory for GitHub; `page` is its page for people.
///
/// # Errors
/// It is a draft.
pub fn to_github(advisory: &Advisory, page: &Link) -> Result<Written, WriteError> {
    first_and_last(&advisory.issue)?;
    let content = &advisory.content;
    let mut losses = Losses::default();
    let products = content.products.iter();
    let vulnerabilities: Vec<Value> = products
        .flat_map(|product| product.affected.iter().flat_map(|row| rows(product, row)))
        .collect();
    let mut out = json!({
        "summary": cut(content.title.as_str(), TITLE),
        "description": text(advisory, page, &mut losses),
        "vulnerabilities": vulnerabilities,
        "cve_id": content.cve,
        "cwe_ids": content.cwe.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    // Version 3 is what GitHub counts with; it takes a vector or a word, not both.
    let scored = content.cvss.iter().find(|vector| {
        matches!(
            vector.version(),
            candor_score::Version::V3_0 | candor_score::Version::V3_1
        )
    });
    let scored = scored.or_else(|| {
        let mut four = content.cvss.iter();
        four.find(|vector| vector.version() == candor_score::Version::V4_0)
    });
    let (name, value) = match scored {
        Some(vector) => ("cvss_vector_string", json!(vector)),
        None => ("severity", json!(content.severity.as_str())),
    };
    if let Some(map) = out.as_object_mut() {
        map.insert(name.to_owned(), value);
    }
    losses.write(&out)
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// All the words, who is thanked, where to read more, and the page of the advisory.
fn text(advisory: &Advisory, page: &Link, losses: &mut Losses) -> String {
    let mut out = details(advisory);
    let content = &advisory.content;
    let thanks: Vec<String> = (content.credits.iter())
        .filter_map(|credit| {
            let who = credit.who()?;
            Some(format!("- {who} {}", credit.kind.words()))
        })
        .collect();
    if !thanks.is_empty() {
        out.push_str("\n\n## Thanks to\n\n");
        out.push_str(&thanks.join("\n"));
    }
    let more: Vec<String> = (content.references.iter())
        .map(|reference| format!("- {}: {}", reference.summary, reference.link))
        .collect();
    if !more.is_empty() {
        out.push_str("\n\n## References\n\n");
        out.push_str(&more.join("\n"));
    }
    let end = format!("\n\n{}: {page}\n", advisory.issue.id);
    let room = TEXT.saturating_sub(end.chars().count());
    if out.chars().count() > room {
        losses.note(
            "details",
            "the text is longer than GitHub takes; the end is on the advisory's own page"
                .to_owned(),
        );
        out = cut(&out, room);
    }
    out + &end
}

/// One line of affected versions; GitHub takes one stretch in each.
fn rows(product: &AffectedProduct, row: &AffectedVersions) -> Vec<Value> {
    let known = product.purl.as_ref().and_then(package);
    let named = known.and_then(|package| {
        let found = ECOSYSTEMS.iter().find(|(osv, _)| *osv == package.ecosystem);
        found.map(|(_, github)| (*github, package.name))
    });
    let (ecosystem, name) = named.unwrap_or_else(|| ("other", product.name.to_string()));
    let ranges: Vec<String> = match Stretches::of(&row.versions) {
        None => vec![row.versions.words()],
        Some(stretches) => {
            let single = stretches
                .single
                .iter()
                .map(|version| format!("= {version}"));
            single.chain(stretches.between.iter().map(range)).collect()
        }
    };
    let patched = match &row.fix {
        Fix::In(version) => Some(version.to_string()),
        Fix::NotPlanned(_) | Fix::NotYet(_) => None,
    };
    let one = |range: String| {
        json!({
            "package": { "ecosystem": ecosystem, "name": name },
            "vulnerable_version_range": range,
            "patched_versions": patched,
        })
    };
    ranges.into_iter().map(one).collect()
}

fn range(stretch: &Stretch<'_>) -> String {
    let lower = match stretch.lower {
        Lower::First => None,
        Lower::From(version) => Some(format!(">= {version}")),
        Lower::After(version) => Some(format!("> {version}")),
    };
    let upper = match stretch.upper {
        Upper::Open => None,
        Upper::Before(version) => Some(format!("< {version}")),
        Upper::UpTo(version) => Some(format!("<= {version}")),
    };
    match (lower, upper) {
        (None, None) => ">= 0".to_owned(),
        (Some(one), None) | (None, Some(one)) => one,
        (Some(lower), Some(upper)) => format!("{lower}, {upper}"),
    }
}
