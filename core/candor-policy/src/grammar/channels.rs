//! Ways to report: mail, private reporting on a forge, platforms, forms, people.
//!
//! Invariants: a channel named without an address has none here; an address is
//! never guessed; the same channel is taken once.
//!
//! Deliberately absent: whether a channel works.

use super::add;
use crate::model::{Channel, ChannelKind, Clause, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Topic};

/// More channels than any policy has; the bound keeps hostile texts cheap.
const MOST: usize = 200;

const REPORT_WORDS: &[&str] = &[
    "report",
    "email",
    "e-mail",
    "contact",
    "send",
    "reach",
    "disclose",
    "submit",
    "notify",
    "write to",
    "get in touch",
];
const CONDITIONS: &[&str] = &[
    "if available",
    "if configured",
    "if enabled",
    "may not be present",
    "where available",
    "if possible",
];
const PREFERENCES: &[&str] = &[
    "prefer",
    "primary",
    "recommended",
    "ideally",
    "strongly encouraged",
];
const FORGE_WORDS: &[&str] = &[
    "private vulnerability report",
    "github security advis",
    "security advisory",
    "\"report a vulnerability\"",
    "report a vulnerability button",
    "privately reporting",
    "private security advisory",
    "private reporting",
    "private report .. github",
    "via github's private",
];
const PLATFORMS: &[&str] = &[
    "hackerone.com",
    "bugcrowd.com",
    "intigriti.com",
    "huntr.dev",
    "huntr.com",
    "yeswehack.com",
    "immunefi.com",
    "openbugbounty.org",
];
const FORM_WORDS: &[&str] = &["report form", "reporting form", "web form", "online form"];
const CHATS: &[&str] = &["discord", "matrix", "signal", "telegram", "slack"];
const FORGES: &[&str] = &["/security/advisories"];

/// Adds channels and the ban on public ones.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if unit.kind == UnitKind::Code {
            continue;
        }
        let bans = bans_public(&unit.low);
        if bans || unit.kind != UnitKind::Heading && vocab::any(&unit.low, |l| l.public_risk) {
            add(
                &mut policy.public_ban,
                "public-ban",
                unit,
                unit.plain.clone(),
            );
        }
        if unit.kind == UnitKind::Heading || is_elsewhere(unit) {
            continue;
        }
        let before = policy.channels.len();
        by_address(doc, policy, unit);
        only_the_preferred(policy, unit, before);
        if !bans || policy.channels.len() > before {
            by_words(doc, policy, unit, before);
        }
    }
}

fn bans_public(low: &str) -> bool {
    vocab::any(low, |l| l.public_ban)
}

fn is_elsewhere(unit: &Unit) -> bool {
    matches!(
        unit.topic,
        Topic::Outlets
            | Topic::Credit
            | Topic::Practices
            | Topic::Advice
            | Topic::Versions
            | Topic::Duties
            | Topic::InScope
            | Topic::OutOfScope
            | Topic::Process
            | Topic::Contents
    )
}

fn says(low: &str, words: &[&str]) -> bool {
    words.iter().any(|w| vocab::fits(low, w))
}

/// Whether this place tells how to report.
fn tells_how(doc: &Document, unit: &Unit) -> bool {
    let lead = doc.lead_of(unit);
    let general = ["general", "prenotif", "pre-notif", "distributor"]
        .iter()
        .any(|w| vocab::fits(&unit.low, w) || vocab::fits(lead, w));
    !general
        && (matches!(unit.topic, Topic::Reporting | Topic::Contact)
            || says(&unit.low, REPORT_WORDS)
            || says(lead, REPORT_WORDS))
}

fn by_address(doc: &Document, policy: &mut Policy, unit: &Unit) {
    if !tells_how(doc, unit) {
        return;
    }
    for address in addresses(unit) {
        push(doc, policy, unit, ChannelKind::Email, Some(address));
    }
    for url in urls(unit) {
        let low = url.to_lowercase();
        if PLATFORMS.iter().any(|p| low.contains(p)) {
            push(doc, policy, unit, ChannelKind::Platform, Some(url));
        } else if low.contains("docs.github.com") {
            // Documentation of a way, not the way itself; its words are read instead.
        } else if FORGES.iter().any(|f| low.contains(f)) && !low.contains("?state=") {
            push(doc, policy, unit, ChannelKind::GithubAdvisory, Some(url));
        } else if low.contains("bugzilla") || low.contains("/issues/new?confidential") {
            push(doc, policy, unit, ChannelKind::PrivateTracker, Some(url));
        } else if says(&unit.low, &["form$", "web form", "report page"]) {
            push(doc, policy, unit, ChannelKind::Web, Some(url));
        }
    }
}

/// Where one sentence names several ways, only the one next to "preferred" is.
fn only_the_preferred(policy: &mut Policy, unit: &Unit, before: usize) {
    let cue = PREFERENCES
        .iter()
        .filter_map(|w| vocab::find(&unit.low, w))
        .map(|(start, _)| start)
        .min();
    let Some(cue) = cue else { return };
    let places: Vec<usize> = policy
        .channels
        .iter()
        .skip(before)
        .map(|c| place(unit, c.value.value.as_deref().unwrap_or("")))
        .collect();
    if places.len() < 2 {
        return;
    }
    let nearest = places
        .iter()
        .filter(|p| **p < cue)
        .max()
        .or(places.iter().min())
        .copied();
    for (clause, at) in policy.channels.iter_mut().skip(before).zip(places) {
        clause.value.preferred = Some(at) == nearest;
    }
}

/// Where a unit names an address or a link.
fn place(unit: &Unit, value: &str) -> usize {
    let low = value.to_lowercase();
    let words = unit
        .links
        .iter()
        .find(|l| l.url.contains(value))
        .map(|l| l.text.to_lowercase());
    words
        .and_then(|w| unit.low.find(&w))
        .or_else(|| unit.low.find(&low))
        .or_else(|| low.split('@').next().and_then(|name| unit.low.find(name)))
        .unwrap_or(0)
}

fn by_words(doc: &Document, policy: &mut Policy, unit: &Unit, before: usize) {
    let low = &unit.low;
    let added = |kind| {
        policy
            .channels
            .iter()
            .skip(before)
            .any(|c| c.value.kind == kind)
    };
    let reporting = unit.topic == Topic::Reporting || says(low, &["report", "disclos"]);
    if !reporting {
        return;
    }
    let (has_forge, has_mail) = (
        added(ChannelKind::GithubAdvisory),
        added(ChannelKind::Email),
    );
    if says(low, FORGE_WORDS)
        && !has_forge
        && !says(
            low,
            &["published", "we publish", "will publish", "announce"],
        )
    {
        push(doc, policy, unit, ChannelKind::GithubAdvisory, None);
    }
    if vocab::fits(low, "private contact") {
        push(doc, policy, unit, ChannelKind::PrivateContact, None);
    }
    if vocab::fits(low, "individual email addresses") || vocab::fits(low, "maintainers .. directly")
    {
        push(doc, policy, unit, ChannelKind::Maintainers, None);
    } else if !has_mail && names_mail_without_address(unit) {
        push(doc, policy, unit, ChannelKind::Email, None);
    }
    let listed = unit.kind == UnitKind::Item;
    if listed && says(low, CHATS) && !says(low, &["do not", "don't"]) {
        push(doc, policy, unit, ChannelKind::Chat, None);
    }
    let has_form = policy
        .channels
        .iter()
        .skip(before)
        .any(|c| c.value.kind == ChannelKind::Web);
    if listed && !has_form && says(low, FORM_WORDS) && unit.topic == Topic::Reporting {
        push(doc, policy, unit, ChannelKind::Web, None);
    }
    let opens_issue = says(
        low,
        &[
            "please open an issue",
            "open a public issue",
            "create an issue",
            "open a github issue",
        ],
    );
    if opens_issue && !bans_public(low) && vocab::fits(low, "vulnerab") && !vocab::fits(low, "not ")
    {
        push(doc, policy, unit, ChannelKind::PublicIssue, None);
    }
}

/// "Email: Send a detailed report to the security contact …".
fn names_mail_without_address(unit: &Unit) -> bool {
    let head = super::head_and_rest(&unit.low).map_or("", |(h, _)| h);
    let head_is_mail = matches!(head, "email" | "e-mail" | "mail" | "by email" | "via email");
    unit.kind == UnitKind::Item && head_is_mail && unit.topic == Topic::Reporting
}

fn push(
    doc: &Document,
    policy: &mut Policy,
    unit: &Unit,
    kind: ChannelKind,
    value: Option<String>,
) {
    let lead = doc.lead_of(unit);
    let channel = Channel {
        kind,
        value,
        preferred: says(&unit.low, PREFERENCES) || says(lead, &["preferred"]),
        conditional: says(&unit.low, CONDITIONS),
    };
    if let Some(known) = policy.channels.iter_mut().find(|c| is_same(c, &channel)) {
        if known.value.value.is_none() {
            known.value.value.clone_from(&channel.value);
        }
        known.value.preferred |= channel.preferred;
        return;
    }
    if policy.channels.len() < MOST {
        add(&mut policy.channels, "channel", unit, channel);
    }
}

fn is_same(known: &Clause<Channel>, new: &Channel) -> bool {
    known.value.kind == new.kind
        && (known.value.value == new.value
            || new.value.is_none()
            || known.value.value.is_none() && new.kind == ChannelKind::GithubAdvisory)
}

fn urls(unit: &Unit) -> Vec<String> {
    let mut out: Vec<String> = unit
        .links
        .iter()
        .map(|l| l.url.clone())
        .filter(|u| u.starts_with("http"))
        .collect();
    for word in unit.plain.split_whitespace() {
        let word = word
            .trim_matches(|c: char| matches!(c, '(' | ')' | ',' | '<' | '>' | '"' | '\u{201d}'));
        let word = word.trim_end_matches(['.', ';', ':']);
        if word.starts_with("https://") || word.starts_with("http://") {
            out.push(word.to_owned());
        }
    }
    out.sort();
    out.dedup();
    out
}

/// Mail addresses of a unit, plain and disguised.
pub(super) fn addresses(unit: &Unit) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut take = |address: String| {
        if !out.iter().any(|o| o.eq_ignore_ascii_case(&address)) {
            out.push(address);
        }
    };
    let text = undisguised(&unit.plain);
    for word in text.split(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | '"' | '[' | ']' | '|')
    }) {
        if let Some(address) = address(word) {
            take(address);
        }
    }
    for link in &unit.links {
        if let Some(rest) = link.url.strip_prefix("mailto:") {
            let bare = rest.split('?').next().unwrap_or("");
            if let Some(address) = address(bare) {
                take(address);
            }
        }
    }
    out
}

/// Undoes `name [at] host [dot] org` and `name @ host`.
fn undisguised(text: &str) -> String {
    let mut out = text.to_owned();
    for (from, to) in [
        (" [at] ", "@"),
        ("[at]", "@"),
        (" (at) ", "@"),
        ("(at)", "@"),
        (" {at} ", "@"),
        (" AT ", "@"),
        (" @ ", "@"),
        (" [dot] ", "."),
        ("[dot]", "."),
        (" (dot) ", "."),
        ("(dot)", "."),
        (" DOT ", "."),
        ("NOSPAM", ""),
        (" [AT] ", "@"),
        (" [DOT] ", "."),
    ] {
        if out.contains(from) {
            out = out.replace(from, to);
        }
    }
    out
}

/// A word that is a mail address.
fn address(word: &str) -> Option<String> {
    let word = word.trim_start_matches("mailto:");
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let (name, host) = word.split_once('@')?;
    let name_fits = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'));
    let host_fits = host.contains('.')
        && host
            .split('.')
            .all(|l| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-'));
    (name_fits && host_fits && word.len() <= 254).then(|| word.to_owned())
}
