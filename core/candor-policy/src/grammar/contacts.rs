//! Contacts: who to write to for what, beside the ways to report.
//!
//! Invariants: a contact has a role in the text ("Security", "General questions",
//! escalation); a line that only says how to report is a channel, not a contact.
//!
//! Deliberately absent: people's names.

use super::addresses::{addresses, places};
use super::{add, head_and_rest};
use crate::model::{Contact, Policy};
use crate::read::{Document, Unit, UnitKind, lower};
use crate::vocab::{self, Topic, Way, way};

const ROLES: &[&str] = &[
    "security",
    "general",
    "question",
    "inquir",
    "enquir",
    "support",
    "team",
    "maintainer",
    "conduct",
    "press",
    "media",
    "privacy",
    "legal",
    "compliance",
    "escalation",
    "contact",
    "issues",
    "sicherheit",
    "allgemein",
    "sécurité",
    "général",
    "seguridad",
    "segurança",
    "geral",
    "安全",
    "一般",
];

/// Heads that name a kind of address, not a role.
const KINDS: &[&str] = &[
    "pgp",
    "gpg",
    "key",
    "fingerprint",
    "clé",
    "schlüssel",
    "expected",
    "response",
    "subject",
];

/// Adds all contacts.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        match &unit.kind {
            UnitKind::Row { cells, .. } if in_contact_part(unit) => {
                let head = cells.first().map_or(String::new(), |c| lower(c));
                if is_role(&head) {
                    first_place(policy, unit, &head, None);
                }
            }
            UnitKind::Item | UnitKind::Sentence => line(policy, unit),
            _ => {}
        }
        let asks = ["question", "inquir", "enquir", "media request"]
            .iter()
            .any(|w| vocab::fits(&unit.low, w));
        if asks && unit.kind != UnitKind::Heading && !in_contact_part(unit) {
            first_place(policy, unit, "question", None);
        }
        if way(&unit.low, Way::NotForReports)
            || way(&unit.low, Way::Escalation) && unit.kind != UnitKind::Heading
        {
            for value in addresses(unit) {
                push(policy, unit, true, value);
            }
        }
    }
}

fn in_contact_part(unit: &Unit) -> bool {
    unit.topic == Topic::Contact
        || [
            "contact",
            "kontakt",
            "contato",
            "contacto",
            "联系",
            "連絡先",
            "questions",
        ]
        .iter()
        .any(|w| vocab::fits(&unit.heading, w))
}

fn is_role(head: &str) -> bool {
    ROLES.iter().any(|w| vocab::fits(head, w)) && !KINDS.iter().any(|w| vocab::fits(head, w))
}

/// "Security: …", "General contact: see …", "Contact: …".
fn line(policy: &mut Policy, unit: &Unit) {
    let Some((head, rest)) = head_and_rest(&unit.plain) else {
        let alone = unit.topic == Topic::Contact
            && unit.plain.split_whitespace().count() <= 2
            && unit.plain.contains('@')
            && !unit.plain.contains("://");
        if alone {
            first_place(policy, unit, "", None);
        }
        return;
    };
    let head = lower(head);
    if head.contains('@') && vocab::fits(&unit.heading, "mailing list") {
        first_place(policy, unit, &lower(rest), None);
        return;
    }
    if !in_contact_part(unit) || !is_role(&head) || head.split_whitespace().count() > 5 {
        return;
    }
    let words = (unit.kind == UnitKind::Item && unit.topic == Topic::Contact)
        .then(|| rest.trim_start_matches("See ").to_owned());
    first_place(policy, unit, &head, words);
}

/// The first link or address of a unit; without one, its words where they name a place.
fn first_place(policy: &mut Policy, unit: &Unit, head: &str, words: Option<String>) {
    let security = ![
        "general", "question", "inquir", "enquir", "support", "other", "press", "conduct",
    ]
    .iter()
    .any(|w| vocab::fits(head, w));
    let address = addresses(unit).into_iter().next();
    let link = places(unit)
        .into_iter()
        .find(|p| p.url.starts_with("http"))
        .map(|p| (unit.plain.find(p.words.as_str()), p.url));
    let value = match (address, link) {
        (Some(address), Some((Some(at), url))) => {
            let before = unit.plain.find(address.as_str()).is_none_or(|a| at < a);
            Some(if before { url } else { address })
        }
        (Some(address), _) => Some(address),
        (None, Some((_, url))) => Some(url),
        (None, None) => words,
    };
    if let Some(value) = value {
        push(policy, unit, security, value);
    }
}

fn push(policy: &mut Policy, unit: &Unit, security: bool, value: String) {
    let known = policy.contacts.iter().any(|c| c.value.value == value);
    if !known {
        add(
            &mut policy.contacts,
            "contact",
            unit,
            Contact { security, value },
        );
    }
}
