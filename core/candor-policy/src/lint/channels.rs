//! Findings on the ways to report and on encryption.
//!
//! Deliberately absent: whether an address answers; that takes the network.

use candor_base::Finding;

use super::add;
use super::rules::{
    CHANNEL_WITHOUT_ADDRESS, EXAMPLE_ADDRESS, FORGE_WITHOUT_REPOSITORY, KEY_MISSING,
    KEY_ONLY_ON_REQUEST, LintRule, MAINTAINERS_WITHOUT_ADDRESS, NO_CHANNEL, NO_SECURE_OPTION,
    PLACEHOLDER, PRIVATE_CONTACT_WITHOUT_ADDRESS, PUBLIC_CHANNEL,
};
use crate::model::{Channel, ChannelKind, KeyWay, Policy};
use crate::vocab::is_example_address;

pub(super) fn check(policy: &Policy, out: &mut Vec<Finding>) {
    if policy.channels.is_empty() {
        add(
            out,
            NO_CHANNEL,
            None,
            "The policy names no way to report a problem.",
            "Add an address or a link for reports. Candor's own report form is there either way.",
        );
    }
    for clause in &policy.channels {
        let span = Some(clause.span);
        if let Some(address) = example(&clause.value) {
            add(
                out,
                EXAMPLE_ADDRESS,
                span,
                format!("{address} is an example address: nobody receives what is sent there."),
                "Put in the real address.",
            );
        }
        if let Some((rule, message, help)) = of_kind(&clause.value) {
            add(out, rule, span, message, help);
        }
    }
    placeholders(policy, out);
    encryption(policy, out);
    secure_option(policy, out);
}

fn example(channel: &Channel) -> Option<&str> {
    channel.value.as_deref().filter(|a| is_example_address(a))
}

fn of_kind(channel: &Channel) -> Option<(&'static LintRule, &'static str, &'static str)> {
    match (channel.kind, &channel.value) {
        (ChannelKind::Email, None) => Some((
            CHANNEL_WITHOUT_ADDRESS,
            "The policy offers e-mail but gives no address.",
            "Write the address here, or set it on the desk.",
        )),
        (ChannelKind::GithubAdvisory, None) => Some((
            FORGE_WITHOUT_REPOSITORY,
            "The policy offers private reporting on GitHub without a link.",
            "Link the repository's report page, or name the repository on the desk if it is switched on.",
        )),
        (ChannelKind::PrivateContact, None) => Some((
            PRIVATE_CONTACT_WITHOUT_ADDRESS,
            "The policy speaks of a private contact but does not say who it is.",
            "Name the contact here, or set it on the desk.",
        )),
        (ChannelKind::Maintainers, None) => Some((
            MAINTAINERS_WITHOUT_ADDRESS,
            "The policy points to the maintainers' own addresses but lists none.",
            "List the addresses on the desk if reporters should see them.",
        )),
        (ChannelKind::PublicIssue, _) => Some((
            PUBLIC_CHANNEL,
            "The policy asks for reports in public, where attackers read them too.",
            "Offer a private way to report. Candor never offers the public one.",
        )),
        _ => None,
    }
}

/// Blanks of a template, each line once.
fn placeholders(policy: &Policy, out: &mut Vec<Finding>) {
    let mut last = None;
    for clause in &policy.placeholders {
        let named = policy
            .channels
            .iter()
            .any(|c| c.span == clause.span && example(&c.value).is_some());
        if last == Some(clause.span) || named {
            continue;
        }
        last = Some(clause.span);
        add(
            out,
            PLACEHOLDER,
            Some(clause.span),
            format!("\u{201c}{}\u{201d} was never filled in.", clause.value),
            "Put in the real value, or say that readers must.",
        );
    }
    for clause in &policy.advice {
        if is_example_address(&clause.quote) && last != Some(clause.span) {
            add(
                out,
                PLACEHOLDER,
                Some(clause.span),
                "This line still holds a placeholder address.",
                "Put in the real value, or say that readers must.",
            );
        }
    }
}

fn encryption(policy: &Policy, out: &mut Vec<Finding>) {
    let Some(first) = policy.encryption.first() else {
        return;
    };
    let at_hand = |way| !matches!(way, KeyWay::Unstated | KeyWay::OnRequest);
    if policy.encryption.iter().any(|c| at_hand(c.value.way)) {
        return;
    }
    let by_mail = policy
        .encryption
        .iter()
        .any(|c| c.value.way == KeyWay::OnRequest);
    let (rule, message) = if by_mail {
        (
            KEY_ONLY_ON_REQUEST,
            "The policy offers encryption, but the key can only be had by asking for it.",
        )
    } else {
        (
            KEY_MISSING,
            "The policy speaks of encryption but does not say where the key is.",
        )
    };
    add(
        out,
        rule,
        Some(first.span),
        message,
        "Publish the key and its fingerprint, and link them here.",
    );
}

/// Mail alone, in clear: a form or a private report would travel protected.
fn secure_option(policy: &Policy, out: &mut Vec<Finding>) {
    let only_mail = policy
        .channels
        .iter()
        .all(|c| matches!(c.value.kind, ChannelKind::Email | ChannelKind::Maintainers));
    if policy.channels.is_empty() || !only_mail || !policy.encryption.is_empty() {
        return;
    }
    add(
        out,
        NO_SECURE_OPTION,
        policy.channels.first().map(|c| c.span),
        "Reports can only be sent by mail in clear.",
        "Offer a form, private reporting on your forge, or a key to encrypt with. Candor's own form is one.",
    );
}
