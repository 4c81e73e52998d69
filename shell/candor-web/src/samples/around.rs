//! What surrounds a case, for the pictures of the desk.

use candor_access::view::{AroundView, ContextView, PartyView};

use super::{pair, text};

pub(crate) fn around() -> AroundView {
    AroundView {
        deferral: None,
        leak: vec![
            pair("What leaked", "The name of the endpoint."),
            pair("Decided", "Not yet. In doubt, go public."),
        ],
        leak_open: true,
        contexts: vec![ContextView {
            kind: text("dependency"),
            label: text("What it depends on"),
            party: text("libquery"),
            circumstances: text("Version 3 with its own parser."),
            outcome: None,
        }],
        parties: vec![PartyView {
            number: 1,
            name: text("libquery"),
            role: text("upstream"),
            waits: text("waits for their answer"),
            open: true,
            told: true,
            lines: vec![pair("Told", "Mon 1 Jun 2026"), pair("Fix shared", "yes")],
        }],
        linked: vec![pair("LUM-4RRQ-8PKD", "came in later; stays anonymous")],
        suggestion: None,
        asked: vec![pair(
            "5 more days for \u{201c}The problem is fixed\u{201d}",
            "asked, not answered yet",
        )],
        date_alone: None,
        duties: vec![pair(
            "The reporter\u{2019}s duties",
            "accepted with this version of the policy",
        )],
        named_projects: Some(text("libquery 3")),
        factors: vec![text("What it depends on")],
    }
}
