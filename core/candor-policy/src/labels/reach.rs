//! Where reports go and where news come from: channels, keys, contacts, outlets,
//! versions, in the words of the label form.
//!
//! Invariants: a channel counts as preferred when the text says so, or when it is the
//! only one and the text asks the reader to use it.
//!
//! Deliberately absent: what the typed policy does not hold.

use serde_json::{Value, json};

use crate::model::{
    Channel, ChannelKind, Clause, KeyWay, OutletKind, Policy, Support, VersionRule,
};
use crate::vocab::{Way, way};

/// The values of clauses that hold words.
pub(super) fn values(clauses: &[Clause<String>]) -> Value {
    let mut out: Vec<&str> = Vec::new();
    for clause in clauses {
        if !out.contains(&clause.value.as_str()) {
            out.push(&clause.value);
        }
    }
    json!(out)
}

pub(super) fn version(rule: &VersionRule) -> Value {
    let level = match rule.support {
        Support::Full => "full",
        Support::SecurityOnly => "security-only",
        Support::CriticalOnly => "critical-only",
        Support::BestEffort => "best-effort",
        Support::Development => "dev",
        Support::Unclear => "unclear",
        Support::None => "none",
    };
    let supported = match rule.support {
        Support::Unclear => None,
        other => Some(other != Support::None),
    };
    json!({"range": rule.label, "supported": supported, "level": level, "eol": rule.end})
}

pub(super) fn channels(policy: &Policy) -> Value {
    let sole = policy.channels.len() == 1;
    policy
        .channels
        .iter()
        .map(|c| channel(&c.value, sole && is_the_way(c)))
        .collect()
}

/// Whether the only channel of a text is put to the reader as the one to use: a mail
/// address where the text sets it against a public issue, any other way as it stands.
fn is_the_way(clause: &Clause<Channel>) -> bool {
    match (clause.value.kind, &clause.value.value) {
        (ChannelKind::PrivateContact | ChannelKind::Maintainers, _)
        | (ChannelKind::Email, None) => false,
        (ChannelKind::Email, Some(value)) => {
            let quote = clause.quote.to_lowercase();
            let bare = quote.trim_matches(|c: char| !c.is_alphanumeric());
            way(&quote, Way::Instead) || bare == value.to_lowercase()
        }
        _ => true,
    }
}

fn channel(channel: &Channel, sole: bool) -> Value {
    let kind = match channel.kind {
        ChannelKind::Email | ChannelKind::Maintainers => "email",
        ChannelKind::GithubAdvisory => "github-private-report",
        ChannelKind::Web => "form",
        ChannelKind::Page => "url",
        ChannelKind::Platform => "bounty-platform",
        ChannelKind::PrivateTracker => "private-tracker",
        ChannelKind::Chat => "chat",
        ChannelKind::Phone => "phone",
        ChannelKind::PrivateContact => "other",
        ChannelKind::PublicIssue => "public-issue",
    };
    json!({"type": kind, "value": channel.value, "preferred": channel.preferred || sole})
}

pub(super) fn pgp(policy: &Policy) -> Value {
    policy
        .encryption
        .iter()
        .filter_map(|c| {
            let kind = match c.value.way {
                KeyWay::Unstated => return None,
                KeyWay::Link => "url",
                KeyWay::Fingerprint => "fingerprint",
                KeyWay::KeyId => "key-id",
                KeyWay::Printed => "inline-key",
                KeyWay::OnRequest => "on-request",
            };
            let value = c
                .value
                .key
                .as_ref()
                .filter(|_| c.value.way != KeyWay::Printed);
            Some(json!({"kind": kind, "value": value}))
        })
        .collect()
}

pub(super) fn contacts(policy: &Policy) -> Value {
    policy
        .contacts
        .iter()
        .map(|c| {
            let role = if c.value.security {
                "security"
            } else {
                "general"
            };
            json!({"role": role, "value": c.value.value})
        })
        .collect()
}

pub(super) fn embargo_list(policy: &Policy) -> Value {
    let contact = policy
        .embargo_list
        .as_ref()
        .and_then(|c| c.value.contact.as_deref());
    json!({"present": policy.embargo_list.is_some(), "contact": contact})
}

/// What notes on a release are called, as opposed to a list of changes.
const RELEASE_NOTES: &[&str] = &[
    "release",
    "notes de version",
    "notas de",
    "note di",
    "versionshinweis",
    "veröffentlichungshinweis",
    "リリース",
    "发布说明",
    "发行说明",
    "版本说明",
];

pub(super) fn outlets(policy: &Policy) -> Value {
    let mut out: Vec<&str> = Vec::new();
    for clause in &policy.outlets {
        let low = clause.value.name.to_lowercase();
        // "And other channels" names no place.
        if low == crate::grammar::UNNAMED_OUTLET {
            continue;
        }
        let name = match clause.value.kind {
            OutletKind::GithubAdvisory => "github-advisories",
            OutletKind::Changelog if RELEASE_NOTES.iter().any(|w| low.contains(w)) => {
                "release-notes"
            }
            OutletKind::Changelog => "changelog",
            OutletKind::MailingList => "mailing-list",
            OutletKind::Chat => "chat",
            OutletKind::Social => "social",
            OutletKind::Feed => "rss",
            OutletKind::AdvisoryDatabase => "rustsec",
            OutletKind::Web if low.contains("blog") => "blog",
            OutletKind::Web => "website",
            OutletKind::Other => "other",
        };
        if !out.contains(&name) {
            out.push(name);
        }
    }
    json!(out)
}
