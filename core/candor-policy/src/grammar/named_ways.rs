//! Ways to report that words name: private reporting, a form, a chat, a person, a public issue.
//!
//! Invariants: a way named without an address has none; a denied way is none.
//!
//! Deliberately absent: addresses and links; see [`super::channels`].

use super::addresses::{addresses, places};
use super::channels::push;
use crate::model::{Channel, ChannelKind, Clause, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Topic, Way, way, ways};

/// Adds the ways that a unit names in words, beside those with an address.
pub(super) fn read(doc: &Document, policy: &mut Policy, unit: &Unit, before: usize, bans: bool) {
    let low = &unit.low;
    let reporting =
        matches!(unit.topic, Topic::Reporting | Topic::Contact) || way(low, Way::Report);
    if !reporting || way(low, Way::Aside) {
        return;
    }
    let added = |policy: &Policy, kind| {
        let mut new = policy.channels.iter().skip(before);
        new.any(|c| c.value.kind == kind)
    };
    let acts = way(low, Way::Team) || way(low, Way::Published);
    if way(low, Way::Forge)
        && !acts
        && !way(low, Way::More)
        && !added(policy, ChannelKind::GithubAdvisory)
    {
        push(doc, policy, unit, ChannelKind::GithubAdvisory, None);
    }
    if way(low, Way::AskInPublic) {
        push(doc, policy, unit, ChannelKind::PublicIssue, None);
    }
    let forge = policy
        .channels
        .iter()
        .any(|c| c.value.kind == ChannelKind::GithubAdvisory);
    if unit.topic == Topic::Reporting && !forge && !acts && explains_private_reports(unit) {
        push(doc, policy, unit, ChannelKind::GithubAdvisory, None);
    }
    if mail_elsewhere(low) && !acts && addresses(unit).is_empty() {
        let persons = |c: &Clause<Channel>| c.value.kind == ChannelKind::PrivateContact;
        let count = policy
            .channels
            .iter()
            .skip(before)
            .filter(|c| persons(c))
            .count();
        if count > 0 {
            let mut at = 0;
            policy.channels.retain(|c| {
                at += 1;
                at <= before || !persons(c)
            });
        }
        push(doc, policy, unit, ChannelKind::Email, None);
        return;
    }
    let valued = policy.channels.len() > before;
    if bans && !valued {
        return;
    }
    if way(low, Way::Tracker) && !valued && !acts {
        push(doc, policy, unit, ChannelKind::PrivateTracker, None);
    }
    if vocab::fits(low, "individual email addresses") || vocab::fits(low, "maintainers .. directly")
    {
        if !added(policy, ChannelKind::Email) {
            push(doc, policy, unit, ChannelKind::Maintainers, None);
        }
    } else if !added(policy, ChannelKind::Email) && names_mail_without_address(unit) {
        push(doc, policy, unit, ChannelKind::Email, None);
    } else if !acts && (is_person_to_ask(unit) && !valued || before > 0 && is_person_instead(unit))
    {
        push(doc, policy, unit, ChannelKind::PrivateContact, None);
    }
    if !valued && !acts && !bans && is_message(unit) {
        push(doc, policy, unit, ChannelKind::Chat, None);
    }
    if !acts && !added(policy, ChannelKind::Email) && is_blank_address(low) {
        push(doc, policy, unit, ChannelKind::Email, None);
    }
    listed(doc, policy, unit, valued);
    let of_problem =
        vocab::fits_any(low, &["vulnerab", "report", "脆弱"]) || unit.topic == Topic::Reporting;
    let known = vocab::fits_any(
        low,
        &[
            "already public",
            "public already",
            "publicly known",
            "cve assigned",
        ],
    );
    if !known && way(low, Way::InPublic) && of_problem && !bans && !denied(low) && !valued && !acts
    {
        push(doc, policy, unit, ChannelKind::PublicIssue, tracker(unit));
    }
    if !valued {
        named_as_preferred(policy, low);
    }
}

/// Whether the words for a public issue are denied right before: "do not open an issue".
fn denied(low: &str) -> bool {
    ways(low, Way::InPublic).iter().any(|(at, _)| {
        let before = low.get(..*at).unwrap_or("");
        let near: Vec<&str> = before.split_whitespace().rev().take(5).collect();
        near.iter().any(|w| {
            matches!(
                *w,
                "not" | "never" | "avoid" | "avoiding" | "instead" | "without"
            ) || w.ends_with("n't")
        })
    })
}

/// The link to a public tracker in a unit.
fn tracker(unit: &Unit) -> Option<String> {
    let is_tracker = |url: &String| {
        let path = url.trim_end_matches('/').trim_end_matches("/new");
        path.ends_with("/issues")
    };
    places(unit).into_iter().map(|p| p.url).find(is_tracker)
}

/// "Mail the people listed in this file", "at the address in my profile": the address
/// stands elsewhere.
fn mail_elsewhere(low: &str) -> bool {
    const MAIL: &[&str] = &["email", "e-mail", "mail$", "e‑mail", "correo", "courriel"];
    const WHERE: &[&str] = &[
        "github profile",
        "gitlab profile",
        "profile page",
        "on their profile",
        "on my profile",
        "in my profile",
        "listed in maintainers",
        "maintainers.md",
        "maintainers file",
        "codeowners",
        "list of maintainers",
        "authors file",
        "one of the maintainers",
        "the maintainers directly",
        "listed on their github",
        "email specified at",
        "email specified in",
        "email listed at",
        "email listed in",
        "email address listed in",
        "email address listed at",
        "email address specified",
        "email address given in",
    ];
    vocab::fits_any(low, MAIL) && vocab::fits_any(low, WHERE)
}

/// A page on how private reports are sent on a forge: the project takes them there.
fn explains_private_reports(unit: &Unit) -> bool {
    places(unit).iter().any(|p| {
        p.url
            .contains("privately-reporting-a-security-vulnerability")
    })
}

/// "We prefer reports by mail": the way is preferred that was named with its address.
fn named_as_preferred(policy: &mut Policy, low: &str) {
    if !way(low, Way::Preferred) {
        return;
    }
    let named = [
        ("email", ChannelKind::Email),
        ("e-mail", ChannelKind::Email),
        ("hackerone", ChannelKind::Platform),
        ("bugcrowd", ChannelKind::Platform),
        ("github", ChannelKind::GithubAdvisory),
        ("form$", ChannelKind::Web),
    ]
    .into_iter()
    .filter_map(|(word, kind)| vocab::find(low, word).map(|(at, _)| (at, kind)))
    .min_by_key(|(at, _)| *at);
    let Some((_, kind)) = named else { return };
    let mut of_kind = policy.channels.iter_mut().filter(|c| c.value.kind == kind);
    if let (Some(one), None) = (of_kind.next(), of_kind.next()) {
        one.value.preferred = true;
    }
}

/// A person or team named as a way of its own, without an address.
fn is_person_to_ask(unit: &Unit) -> bool {
    if way(&unit.low, Way::AskInPublic) {
        return false;
    }
    vocab::fits(&unit.low, "private contact")
        || unit.kind == UnitKind::Item && way(&unit.low, Way::Person)
}

/// "If that is unavailable, contact a maintainer directly": a person beside other ways.
fn is_person_instead(unit: &Unit) -> bool {
    const OR: &[&str] = &[
        "or ",
        "oder ",
        "ou ",
        "o ",
        "falls ",
        "sinon",
        "si ",
        "se ",
        "或",
        "または",
    ];
    let low = &unit.low;
    let told = way(low, Way::Person) && !way(low, Way::AskInPublic);
    let ours = vocab::fits_any(
        low,
        &[
            "we may",
            "we might",
            "we can",
            "they may",
            "publicly disclosed",
            "already public",
        ],
    );
    told && !ours
        && addresses(unit).is_empty()
        && (way(low, Way::Fallback) || vocab::fits_any(low, OR))
}

/// "Message a maintainer on Discord", "via DM on Matrix".
fn is_message(unit: &Unit) -> bool {
    const BY_CHAT: &[&str] = &[
        "on discord",
        "via discord",
        "over discord",
        "discord dm",
        "on telegram",
        "via telegram",
        "on matrix$",
        "via matrix$",
        "on slack",
        "via slack",
        "via private dm",
        "by private message",
        "via direct message",
        "via private message",
    ];
    const DENIED: &[&str] = &["do not", "don't", "not ", "never ", "join ", "instead of"];
    let low = &unit.low;
    unit.topic == Topic::Reporting
        && unit.kind == UnitKind::Sentence
        && vocab::fits_any(low, BY_CHAT)
        && vocab::fits_any(low, &["message", "contact", "dm$", "reach", "chat"])
        && !vocab::fits_any(low, DENIED)
}

/// "Email details to: [your security email]": a mail, and a blank for its address.
fn is_blank_address(low: &str) -> bool {
    low.split('[').skip(1).any(|rest| {
        let blank = rest.split(']').next().unwrap_or("");
        let closed = blank.len() < rest.len();
        let after = rest.get(blank.len() + 1..).unwrap_or("");
        let mail = ["email", "e-mail", "correo", "courriel"]
            .iter()
            .any(|w| blank.contains(w));
        closed && mail && blank.len() <= 48 && !blank.contains('@') && !after.starts_with('(')
    })
}

/// Ways that an item of a list of ways names without an address.
fn listed(doc: &Document, policy: &mut Policy, unit: &Unit, valued: bool) {
    // "Fill in the form" is a step on the way named before.
    const FILLS: &[&str] = &[
        "fill",
        "complete the",
        "填写",
        "remplissez",
        "completa",
        "preencha",
    ];
    let low = &unit.low;
    let head = super::head_and_rest(low).map_or(low.as_str(), |(h, _)| h);
    let short = head.split_whitespace().count() <= 5;
    let leads = low.ends_with(':');
    if unit.kind != UnitKind::Item || valued || !short || leads || unit.topic != Topic::Reporting {
        return;
    }
    let negated = vocab::fits_any(low, &["do not", "don't", "not "]);
    if negated {
        return;
    }
    let step = !policy.channels.is_empty() && FILLS.iter().any(|w| low.starts_with(w));
    if way(head, Way::Form) && !step {
        push(doc, policy, unit, ChannelKind::Web, None);
    } else if way(head, Way::Chat) {
        push(doc, policy, unit, ChannelKind::Chat, None);
    } else if way(head, Way::Phone)
        && let Some(number) = phone(&unit.plain)
    {
        push(doc, policy, unit, ChannelKind::Phone, Some(number));
    }
}

/// "Email: Send a detailed report to the security contact …".
fn names_mail_without_address(unit: &Unit) -> bool {
    let head = super::head_and_rest(&unit.low).map_or("", |(h, _)| h);
    let head = head.split('(').next().unwrap_or("").trim();
    let head_is_mail = matches!(
        head,
        "email" | "e-mail" | "mail" | "by email" | "via email" | "email us" | "private email"
    );
    unit.kind == UnitKind::Item && head_is_mail && unit.topic == Topic::Reporting
}

/// A telephone number: at least seven figures with the usual signs between them.
fn phone(text: &str) -> Option<String> {
    let start = text.find(|c: char| c == '+' || c.is_ascii_digit())?;
    let rest = text.get(start..)?;
    let number: String = rest
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '/' | '.'))
        .collect();
    let figures = number.chars().filter(char::is_ascii_digit).count();
    (7..=15)
        .contains(&figures)
        .then(|| number.trim().to_owned())
}
