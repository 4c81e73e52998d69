//! Ways to report: mail, private reporting on a forge, platforms, forms, people.
//!
//! Invariants: a channel named without an address has none here; the same channel is
//! taken once; a sentence about something else gives none.
//!
//! Deliberately absent: whether a channel works.

use super::add;
use super::addresses::{
    Place, addresses, is_person, is_reading, kind_of, places, takes_no_reports,
};
use super::handles::{handles, is_form_row};
use super::named_ways;
use super::same_channel::{is_closer, is_same};
use crate::model::{Channel, ChannelKind, Clause, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Topic, Way, way, ways};

/// More channels than any policy has; the bound keeps hostile texts cheap.
const MOST: usize = 200;

/// Adds channels and the ban on public ones.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    let mut second: Vec<bool> = Vec::new();
    for unit in &doc.units {
        if unit.kind == UnitKind::Code {
            code(doc, policy, unit);
            second.resize(policy.channels.len(), false);
            continue;
        }
        let bans = bans_public(&unit.low);
        if bans || unit.kind != UnitKind::Heading && vocab::any(&unit.low, |l| l.public_risk) {
            let text = unit.plain.clone();
            add(&mut policy.public_ban, "public-ban", unit, text);
        }
        // A line in bold that is a link stands as a heading.
        let bare_heading = unit.kind == UnitKind::Heading && unit.links.is_empty();
        if bare_heading || !may_tell(unit) && !is_sent_here(doc, unit) {
            continue;
        }
        let before = policy.channels.len();
        by_address(doc, policy, unit);
        only_the_preferred(policy, unit, before);
        named_ways::read(doc, policy, unit, before, bans);
        let falls_back = |c: &Clause<Channel>| is_second(doc, unit, c);
        let marks: Vec<bool> = policy
            .channels
            .iter()
            .skip(before)
            .map(falls_back)
            .collect();
        second.extend(marks);
    }
    without_address(doc, policy);
    second.resize(policy.channels.len(), false);
    first_before_fallback(policy, &second);
}

fn bans_public(low: &str) -> bool {
    vocab::any(low, |l| l.public_ban)
}

/// Whether the sentence before ends by sending the reader to this one: "… send it to:".
fn is_sent_here(doc: &Document, unit: &Unit) -> bool {
    let lead = doc.lead_of(unit).trim_end_matches([':', '：', ' ']);
    let ends = ["to", "at", "via", "an", "à", "a", "para"]
        .iter()
        .any(|w| lead.split_whitespace().next_back() == Some(*w));
    ends && way(lead, Way::Report)
}

/// Openings of a sentence that tells the reader to write to somebody.
const WRITES: &[&str] = &[
    "email ",
    "e-mail ",
    "mail ",
    "please email ",
    "please e-mail ",
    "please contact ",
    "please report ",
    "please send ",
    "please reach out",
    "contact ",
    "report ",
    "send ",
    "write to ",
    "reach out ",
    "to report ",
];

/// Whether a unit may tell how to report: not in a part about something else, unless
/// it says so plainly.
fn may_tell(unit: &Unit) -> bool {
    let told = [Way::Preferred, Way::Fallback, Way::Forge, Way::Mail]
        .iter()
        .any(|w| way(&unit.heading, *w));
    // "Reporting & disclosure process": its first sentence says where to write.
    let opens = vocab::fits(&unit.heading, "reporting") && unit.kind == UnitKind::Sentence;
    match unit.topic {
        Topic::InScope | Topic::OutOfScope | Topic::Credit => false,
        Topic::Outlets if told => true,
        Topic::Process if opens && WRITES.iter().any(|w| unit.low.starts_with(w)) => true,
        Topic::Contents if unit.kind == UnitKind::Sentence && unit.low.contains('@') => {
            way(&unit.low, Way::Report) && !way(&unit.low, Way::Team)
        }
        Topic::Outlets
        | Topic::Practices
        | Topic::Advice
        | Topic::Versions
        | Topic::Duties
        | Topic::Process
        | Topic::Contents
        | Topic::SafeHarbour => {
            let of_problem = vocab::fits_any(
                &unit.low,
                &[
                    "vulnerab",
                    "security issue",
                    "security bug",
                    "security problem",
                ],
            );
            of_problem && way(&unit.low, Way::Report) && !way(&unit.low, Way::Team)
        }
        _ => true,
    }
}

/// Whether this place tells how to report.
fn tells_how(doc: &Document, unit: &Unit) -> bool {
    let lead = doc.lead_of(unit);
    // "Questions, comments and reports should be sent to …" is about reports too.
    let of_reports = vocab::fits_any(&unit.low, &["and reports", "or reports", "reports and"]);
    let other_matter = !of_reports
        && [unit.low.as_str(), lead, unit.heading.as_str()]
            .iter()
            .any(|w| way(w, Way::Aside));
    !other_matter
        && (matches!(unit.topic, Topic::Reporting | Topic::Contact)
            || way(&unit.low, Way::Report)
            || way(lead, Way::Report))
}

fn by_address(doc: &Document, policy: &mut Policy, unit: &Unit) {
    let links = places(unit);
    if !tells_how(doc, unit) {
        program(doc, policy, unit, &links);
        return;
    }
    let unheard = super::follow_up::tells_of_silence(doc.lead_of(unit));
    if unheard || way(&unit.heading, Way::Escalation) || way(&unit.low, Way::Escalation) {
        return;
    }
    let mail = !way(&unit.low, Way::NotForReports);
    if mail {
        for address in addresses(unit) {
            if !takes_no_reports(&address) && !super::bans::forbids_address(unit, &address) {
                push(doc, policy, unit, ChannelKind::Email, Some(address));
            }
        }
    }
    let banned = bans_public(&unit.low) || !mail;
    for (kind, value) in handles(unit).into_iter().filter(|_| !banned) {
        push(doc, policy, unit, kind, Some(value));
    }
    for link in &links {
        if link.url.starts_with("mailto:") || way(&link.words.to_lowercase(), Way::Key) {
            continue;
        }
        if let Some(kind) = by_link(doc, unit, link) {
            push(doc, policy, unit, kind, Some(link.url.clone()));
        }
    }
}

/// "This repository is part of our bug bounty program", with its link.
fn program(doc: &Document, policy: &mut Policy, unit: &Unit, links: &[Place]) {
    if !way(&unit.low, Way::Program) || way(&unit.low, Way::Aside) || way(&unit.low, Way::More) {
        return;
    }
    // "For scope and payouts, please refer to …" is something to read.
    let to_read = vocab::fits_any(
        &unit.low,
        &["refer to", "for details on", "see the rules", "rules of"],
    );
    if to_read {
        return;
    }
    for link in links {
        if kind_of(link, &unit.low) == Some(ChannelKind::Platform) {
            push(
                doc,
                policy,
                unit,
                ChannelKind::Platform,
                Some(link.url.clone()),
            );
        }
    }
}

/// What a link in a sentence about reporting is.
fn by_link(doc: &Document, unit: &Unit, link: &Place) -> Option<ChannelKind> {
    let low = &unit.low;
    let kind = kind_of(link, low);
    let lead = doc.lead_of(unit);
    // "Message our contact:" and a link alone below it.
    let alone = unit.plain.trim() == link.words.trim()
        && lead.ends_with([':', '：'])
        && way(lead, Way::Report)
        && !way(lead, Way::More)
        && !way(lead, Way::Elsewhere);
    let asks = alone || asks_before(unit, link);
    match kind {
        Some(ChannelKind::GithubAdvisory) => {
            let read_only = way(low, Way::Published) || way(low, Way::Team);
            (!read_only || asks && link.url.contains("/new")).then_some(ChannelKind::GithubAdvisory)
        }
        Some(ChannelKind::Platform) => {
            (!vocab::fits(low, "policy that")).then_some(ChannelKind::Platform)
        }
        Some(ChannelKind::Chat) => (unit.topic != Topic::Outlets).then_some(ChannelKind::Chat),
        Some(other) => (!way(low, Way::Team)).then_some(other),
        None => {
            let url = link.url.to_lowercase();
            if is_form_row(unit) && url.starts_with("http") && !is_reading(&url) {
                return Some(ChannelKind::Web);
            }
            let of_credit = vocab::fits_any(
                low,
                &["listed on", "your name", "credit$", "acknowledge your"],
            );
            if of_credit
                || !asks
                || !url.starts_with("http")
                || way(low, Way::Team)
                || way(low, Way::Published)
            {
                return None;
            }
            if is_person(&url) {
                return Some(ChannelKind::PrivateContact);
            }
            let forge_home = url.contains("//github.com/") || url.contains("//gitlab.com/");
            if is_reading(&url) || forge_home || way(low, Way::More) {
                return None;
            }
            let form = way(low, Way::Form) || way(&unit.heading, Way::Form);
            Some(if form {
                ChannelKind::Web
            } else {
                ChannelKind::Page
            })
        }
    }
}

/// Words right before the place where something is reported.
const TOWARDS: &[&str] = &[
    "to",
    "at",
    "via",
    "through",
    "using",
    "on",
    "visit",
    "visiting",
    "by",
    "contact",
    "use",
    "here:",
    "email",
    "an",
    "auf",
    "über",
    "sur",
    "via:",
    "en",
    "a",
    "em",
    "no",
    "na",
    "form",
    "formulaire",
    "formular",
    "formulario",
    "formulário",
    "modulo",
    "portal",
];

/// Whether the words before a link ask the reader to report there: "send it to …".
fn asks_before(unit: &Unit, link: &Place) -> bool {
    let words = link.words.to_lowercase();
    let Some(at) = unit.low.find(words.trim()) else {
        return false;
    };
    let before = unit.low.get(..at).unwrap_or("");
    let near: Vec<&str> = before
        .split_whitespace()
        .rev()
        .take_while(|w| !w.contains('@') && *w != "per")
        .take(5)
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()))
        .collect();
    let inside = words
        .split_whitespace()
        .take(2)
        .any(|w| TOWARDS.contains(&w));
    let towards =
        inside || near.iter().any(|w| TOWARDS.contains(w)) || before.trim_end().ends_with(':');
    let asked =
        way(before, Way::Report) || vocab::fits(before, "visit") || before.trim().is_empty();
    let nothing_between = !before.ends_with("not ");
    towards && asked && nothing_between && !vocab::fits(before, "see$")
}

/// Where one sentence names several ways, only the one next to "preferred" is.
fn only_the_preferred(policy: &mut Policy, unit: &Unit, before: usize) {
    let cue = ways(&unit.low, Way::Preferred).first().map(|c| c.0);
    let Some(cue) = cue else { return };
    let found: Vec<usize> = policy
        .channels
        .iter()
        .skip(before)
        .map(|c| place(unit, c.value.value.as_deref().unwrap_or("")))
        .collect();
    if found.len() < 2 {
        return;
    }
    let nearest = found
        .iter()
        .filter(|p| **p < cue)
        .max()
        .or(found.iter().min())
        .copied();
    for (clause, at) in policy.channels.iter_mut().skip(before).zip(found) {
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

/// Whether a channel stands behind words like "alternatively".
fn is_second(doc: &Document, unit: &Unit, clause: &Clause<Channel>) -> bool {
    let at = place(unit, clause.value.value.as_deref().unwrap_or(""));
    let cues = ways(&unit.low, Way::Fallback);
    let here = cues.iter().any(|c| c.0 < at || at == 0);
    here || way(&unit.heading, Way::Fallback) || way(doc.lead_of(unit), Way::Fallback)
}

/// What stands before "alternatively" is what the text prefers, unless it says otherwise.
fn first_before_fallback(policy: &mut Policy, second: &[bool]) {
    let named = policy.channels.iter().any(|c| c.value.preferred);
    let follows = second.iter().skip(1).any(|s| *s);
    if named || !follows || second.first().is_some_and(|s| *s) {
        return;
    }
    if let Some(first) = policy.channels.first_mut() {
        first.value.preferred = true;
    }
}

/// Addresses on lines of their own inside a code block, in a part about reporting.
fn code(doc: &Document, policy: &mut Policy, unit: &Unit) {
    let about = [unit.heading.as_str()].iter().any(|h| {
        way(h, Way::Report) || vocab::fits(h, "contact") || vocab::fits(h, "security issues")
    });
    let command = unit.low.contains(['$', '{', '=', '#', '\\'])
        || vocab::fits_any(&unit.low, &["gpg", "curl", "git$", "mail$", "--"]);
    if !about || command || !matches!(unit.topic, Topic::Reporting | Topic::Contact | Topic::Other)
    {
        return;
    }
    for address in addresses(unit) {
        if !takes_no_reports(&address) {
            push(doc, policy, unit, ChannelKind::Email, Some(address));
        }
    }
}

/// A text so short that an address in it can only be the one for reports.
fn short_text(doc: &Document) -> bool {
    doc.units.len() <= 8
}

/// "Send a mail to the maintainer", where no way with an address is named at all.
fn without_address(doc: &Document, policy: &mut Policy) {
    if !policy.channels.is_empty() {
        return;
    }
    for unit in &doc.units {
        let questions =
            vocab::fits(&unit.low, "question") || short_text(doc) && !way(&unit.low, Way::Aside);
        if unit.kind == UnitKind::Code || !questions || !may_tell(unit) {
            continue;
        }
        for address in addresses(unit) {
            if !takes_no_reports(&address) {
                push(doc, policy, unit, ChannelKind::Email, Some(address));
            }
        }
    }
    if !policy.channels.is_empty() {
        return;
    }
    for unit in &doc.units {
        let sentence = matches!(unit.kind, UnitKind::Sentence | UnitKind::Item);
        // "Check happens via email match" is about something else.
        let of_reports = matches!(unit.topic, Topic::Reporting | Topic::Contact)
            || vocab::fits_any(
                &unit.low,
                &["report", "vulnerab", "security", "disclos", "issue"],
            )
            || !unit.low.is_ascii();
        if !of_reports || !sentence || !may_tell(unit) || !tells_how(doc, unit) {
            continue;
        }
        let low = &unit.low;
        let turned = vocab::fits_any(
            low,
            &[
                "you will receive",
                "you should receive",
                "follow up",
                "we will",
                "will receive",
                "publicly disclosed",
                "publicly known",
                "already public",
            ],
        );
        let kind = [
            (Way::Mail, ChannelKind::Email),
            (Way::Form, ChannelKind::Web),
            (Way::Person, ChannelKind::PrivateContact),
        ]
        .into_iter()
        .find(|(w, _)| way(low, *w) && (*w != Way::Form || unit.topic == Topic::Reporting));
        if let Some((_, kind)) = kind
            && !turned
            && !bans_public(low)
        {
            push(doc, policy, unit, kind, None);
            return;
        }
    }
}

pub(super) fn push(
    doc: &Document,
    policy: &mut Policy,
    unit: &Unit,
    kind: ChannelKind,
    value: Option<String>,
) {
    let lead = doc.lead_of(unit);
    let heading_prefers = way(&unit.heading, Way::Preferred);
    let prefers = way(&unit.low, Way::Preferred) && !way(&unit.low, Way::Team);
    let channel = Channel {
        kind,
        value,
        preferred: prefers || heading_prefers || way(lead, Way::Preferred),
        conditional: way(&unit.low, Way::Conditional),
    };
    if let Some(known) = policy.channels.iter_mut().find(|c| is_same(c, &channel)) {
        if known.value.value.is_none() || is_closer(&known.value, &channel) {
            known.value.value.clone_from(&channel.value);
        }
        known.value.preferred |= channel.preferred;
        return;
    }
    if policy.channels.len() < MOST {
        add(&mut policy.channels, "channel", unit, channel);
    }
}
