//! Documents that are about something else: a change log, a code of conduct, a licence, a
//! manual that mentions security by the way.
//!
//! Invariants: a heading about reporting problems, or any word for a security problem,
//! keeps a text from being told so by its title or its silence alone.
//!
//! Deliberately absent: policies that say little; they are policies.

use crate::read::{Document, Unit, UnitKind};
use crate::vocab;

/// Titles of other documents.
const TITLES: &[&str] = &[
    "code of conduct",
    "contributor covenant",
    "verhaltenskodex",
    "código de conducta",
    "código de conduta",
    "code de conduite",
    "changelog",
    "change log",
    "changes$",
    "release notes",
    "release history",
    "version history",
    "license",
    "licence",
    "licensing",
    "copyright",
    "terms of service",
    "terms of use",
    "terms and conditions",
    "privacy policy",
    "privacy notice",
    "cookie policy",
    "minutes of",
    "meeting notes",
    "meeting minutes",
    "roadmap",
    "we are hiring",
    "we're hiring",
    "job description",
    "career",
];

/// Titles that are another document's only when they stand alone.
const WHOLE_TITLES: &[&str] = &["history", "news", "changes", "authors", "todo", "releases"];

/// Headings of a part about reporting problems.
const PARTS: &[&str] = &[
    "vulnerab",
    "vulnérab",
    "security issue",
    "security bug",
    "security problem",
    "security report",
    "security policy",
    "security contact",
    "report security",
    "reporting security",
    "report a security",
    "responsible disclosure",
    "coordinated disclosure",
    "disclosure policy",
    "disclosure process",
    "safe harbor",
    "safe harbour",
    "bug bounty",
    "schwachstelle",
    "sicherheitslücke",
    "faille",
    "漏洞",
    "脆弱性",
];

/// Words for problems of security and those who handle them.
const PROBLEMS: &[&str] = &[
    "vulnerab",
    "vulnérab",
    "exploit",
    "cve",
    "bounty",
    "disclos",
    "security@",
    "secure@",
    "psirt",
    "security issue",
    "security bug",
    "security flaw",
    "security problem",
    "security concern",
    "security hole",
    "security defect",
    "security weakness",
    "security finding",
    "security report",
    "security contact",
    "security team",
    "security policy",
    "security advis",
    "security fix",
    "security update",
    "security patch",
    "security response",
    "security release",
    "security support",
    "security-related",
    "security related",
    "security sensitive",
    "security-sensitive",
    "security matter",
    "security researcher",
    "security impact",
    "security implication",
    "security tab",
    "security-relevant",
    "tidelift",
    "hackerone",
    "bugcrowd",
    "huntr",
    "sicherheit",
    "schwachstelle",
    "sécurité",
    "faille",
    "seguridad",
    "segurança",
    "sicurezza",
    "beveilig",
    "kwetsbaar",
    "bezpiecz",
    "podatno",
    "безопасн",
    "уязвим",
    "安全",
    "漏洞",
    "脆弱",
    "セキュリティ",
    "보안",
    "취약",
];

/// Fewest words of a text that can be told by its silence: a few lines may say anything.
const ENOUGH: usize = 25;

/// Titles of accounts, contracts and offers, which name no way to report.
const ACCOUNTS: &[&str] = &[
    "audit report",
    "security audit",
    "penetration test",
    "pentest",
    "assessment report",
    "advisory:",
    "security advisory",
    "cve-",
    "post-mortem",
    "postmortem",
    "incident report",
    "how we$",
    "write-up",
    "writeup",
    "lecture",
    "homework",
    "assignment",
    "service level agreement",
    "engineer$",
    "(m/f",
    "(m/w",
    "(f/m",
    "developer$",
];

/// Whether a text is another kind of document; `unreachable` when it names no way to report.
pub(super) fn is_other(doc: &Document, unreachable: bool) -> bool {
    let headings = || doc.units.iter().filter(|u| u.kind == UnitKind::Heading);
    let has_part = headings().any(|u| any(u, PARTS));
    if has_part {
        return false;
    }
    let title = headings().next().map_or("", |u| u.low.as_str());
    let titled = title.split_whitespace().count() <= 8
        && !vocab::fits(title, "security")
        && vocab::fits_any(title, TITLES)
        || WHOLE_TITLES.contains(&title.trim_end_matches(':'));
    let account = unreachable && vocab::fits_any(title, ACCOUNTS);
    titled || account || lists_releases(doc) || is_silent(doc)
}

/// A change log without a title: most of its headings are versions.
fn lists_releases(doc: &Document) -> bool {
    let (mut versions, mut all) = (0_usize, 0_usize);
    for unit in doc.units.iter().filter(|u| u.kind == UnitKind::Heading) {
        all += 1;
        let bare = unit.low.trim_start_matches(['[', 'v', ' ', '#']);
        let name = bare.strip_prefix("version ").unwrap_or(bare);
        let mut parts = name.split(['.', ' ', ']', '-']);
        let number = |p: Option<&str>| {
            p.is_some_and(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
        };
        versions += usize::from(number(parts.next()) && number(parts.next()));
    }
    versions >= 4 && versions * 3 >= all
}

/// A text of some length without a word for a problem of security, and without a heading
/// that names security at all.
fn is_silent(doc: &Document) -> bool {
    let words: usize = doc
        .units
        .iter()
        .take(40)
        .map(|u| u.plain.split_whitespace().count())
        .sum();
    let named = |u: &Unit| u.kind == UnitKind::Heading && vocab::fits(&u.low, "security");
    words >= ENOUGH && !doc.units.iter().any(|u| named(u) || any(u, PROBLEMS))
}

fn any(unit: &Unit, words: &[&str]) -> bool {
    vocab::fits_any(&unit.low, words)
}
