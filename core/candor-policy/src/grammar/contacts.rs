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

/// Openings of a line that names an address for anything else.
const ASIDES: &[&str] = &[
    "question",
    "inquir",
    "enquir",
    "media request",
    "any other concern",
    "any concerns",
    "für fragen",
    "bei fragen",
    "bei rückfragen",
    "pour toute question",
    "pour toute autre question",
    "des questions",
    "si tienes preguntas",
    "si tiene preguntas",
    "si tienes dudas",
    "si tiene dudas",
    "consultas generales",
    "se tiver dúvidas",
    "em caso de dúvidas",
    "per domande",
    "如有疑问",
    "如有任何问题",
    "如有问题",
    "ご質問",
    "お問い合わせは",
];

/// Words by which others ask to be let into a circle that hears early.
const JOINS: &[&str] = &[
    "membership request",
    "requests for membership",
    "request membership",
    "apply for membership",
    "added to our list",
    "added to the list",
    "added to this list",
    "inclusion in this list",
    "inclusion in the list",
    "inclusion on this list",
    "inclusion on the list",
    "to be included in this list",
    "to join this list",
    "to join the list",
    "to join the security team",
    "join our embargo",
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
            UnitKind::Item if is_of_another_team(doc, unit) => {
                for value in addresses(unit) {
                    push(policy, unit, false, value);
                }
            }
            UnitKind::Item | UnitKind::Sentence => {
                line(policy, unit);
                named(doc, policy, unit);
            }
            UnitKind::Code if is_contact_heading(&unit.heading) => {
                for value in addresses(unit) {
                    push(policy, unit, true, value);
                }
            }
            _ => {}
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

/// "Red Lamp <security@lamp.dev>" in a list of those who are told or who help.
fn is_of_another_team(doc: &Document, unit: &Unit) -> bool {
    const OTHERS: &[&str] = &[
        "vendor security teams",
        "involved vendors",
        "downstream",
        "packagers",
        "distributors",
        "distributions",
        "actively contact",
    ];
    unit.plain.contains('@')
        && unit.low.split_whitespace().count() <= 8
        && vocab::fits_any(doc.lead_of(unit), OTHERS)
}

/// Addresses that a sentence names for questions, for membership, or below a heading that
/// is about contact and nothing else.
fn named(doc: &Document, policy: &mut Policy, unit: &Unit) {
    let has_place = unit.plain.contains('@') || unit.plain.contains("://");
    if !has_place && unit.links.is_empty() {
        return;
    }
    let fits = |words: &[&str]| vocab::fits_any(&unit.low, words);
    // "Questions, comments and reports should be sent to …" names a way to report.
    let takes_reports = fits(&["and reports", "or reports", "reports and", "and report$"]);
    if fits(ASIDES) && !takes_reports {
        first_place(policy, unit, "question", None);
    }
    let contact = is_contact_heading(&unit.heading) && !is_how_to_report(doc, unit);
    if contact || fits(JOINS) {
        for value in addresses(unit) {
            push(policy, unit, true, value);
        }
    }
    // "If nobody answers, write to …": another address than the one that was silent.
    if vocab::any(&unit.low, |l| l.silence) && vocab::any(&unit.low, |l| l.silence_acts) {
        let first = policy.channels.first().and_then(|c| c.value.value.clone());
        for value in addresses(unit) {
            if first.as_ref() != Some(&value) {
                push(policy, unit, true, value);
            }
        }
    }
}

/// "To report a problem, contact us at …" below such a heading is a way to report.
fn is_how_to_report(doc: &Document, unit: &Unit) -> bool {
    const REPORTS: &[&str] = &[
        "to report",
        "report a",
        "report any",
        "report the",
        "report security",
        "report vulnerab",
        "reporting",
        "vulnerab",
        "disclos",
        "if you find",
        "if you found",
        "if you discover",
        "if you think",
        "if you believe",
        "if the issue",
        "melden",
        "schwachstelle",
        "sicherheitslücke",
        "signaler",
        "faille",
        "reportar",
        "漏洞",
        "脆弱性",
    ];
    let lead = doc.lead_of(unit);
    REPORTS
        .iter()
        .any(|w| vocab::fits(&unit.low, w) || vocab::fits(lead, w))
}

/// A heading that says "Contact" and hardly more.
fn is_contact_heading(heading: &str) -> bool {
    const OTHERS: &[&str] = &["report", "disclos", "meld", "signal", "how to", "method"];
    heading.split_whitespace().count() <= 3
        && vocab::fits_any(heading, CONTACT_HEADINGS)
        && !vocab::fits_any(heading, OTHERS)
}

const CONTACT_HEADINGS: &[&str] = &[
    "contact",
    "contacts",
    "kontakt",
    "ansprechpartner",
    "contato",
    "contatos",
    "contacto",
    "contactos",
    "contatti",
    "questions",
    "联系",
    "連絡先",
    "お問い合わせ",
];

fn in_contact_part(unit: &Unit) -> bool {
    unit.topic == Topic::Contact
        || vocab::fits_any(
            &unit.heading,
            &[
                "contact",
                "kontakt",
                "contato",
                "contacto",
                "联系",
                "連絡先",
                "questions",
            ],
        )
}

fn is_role(head: &str) -> bool {
    vocab::fits_any(head, ROLES) && !vocab::fits_any(head, KINDS)
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
    let security = !vocab::fits_any(
        head,
        &[
            "general", "question", "inquir", "enquir", "support", "other", "press", "conduct",
        ],
    );
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
