//! Keys for encrypted reports: links, fingerprints, short names, printed blocks, on request.
//!
//! Invariants: figures count as a key's only near a word for keys; a hash of something
//! else is none.
//!
//! Deliberately absent: fetching or checking a key.

use super::addresses::{addresses, places};
use super::{add, add_at};
use crate::model::{Encryption, KeyWay, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Remark, Topic, Way, way};

/// Figures of a fingerprint (RFC 4880, 12.2).
const FINGERPRINT: usize = 40;

/// Adds what the text says about keys.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        match unit.kind {
            // A line of figures over a rule looks like a heading.
            UnitKind::Heading if fingerprints(&unit.plain).is_empty() => {}
            UnitKind::Code => code(policy, unit),
            _ => one(doc, policy, unit),
        }
    }
    for span in &doc.keys {
        let value = Encryption {
            request_subject: None,
            key: Some("printed in the policy".to_owned()),
            way: KeyWay::Printed,
        };
        let known = policy
            .encryption
            .iter()
            .any(|c| c.value.way == KeyWay::Printed);
        if !known {
            add_at(
                &mut policy.encryption,
                "encryption",
                *span,
                "PGP key block",
                value,
            );
        }
    }
}

fn one(doc: &Document, policy: &mut Policy, unit: &Unit) {
    // "The key is published at:" and a list of places.
    let led = unit.kind == UnitKind::Item
        && unit.low.split_whitespace().count() <= 2
        && is_key_file(&unit.low)
        && way(doc.lead_of(unit), Way::Key);
    let here = led || way(&unit.low, Way::Key);
    let column = matches!(&unit.kind, UnitKind::Row { header, .. }
        if header.iter().any(|h| way(&h.to_lowercase(), Way::Key)));
    let about = here || column || way(&unit.heading, Way::Key) || is_print_alone(&unit.plain);
    let of_releases = vocab::fits_any(&unit.low, &["signed", "signing", "signature", "verify"])
        && !vocab::fits(&unit.low, "encrypt");
    if !about
        || of_releases
        || matches!(
            unit.topic,
            Topic::Practices | Topic::InScope | Topic::OutOfScope
        )
    {
        return;
    }
    let found = fingerprints(&unit.plain);
    for key in &found {
        // A long name that is marked as a number stands as the text writes it.
        let marked = format!("0x{key}");
        if unit.plain.to_uppercase().contains(&marked.to_uppercase()) {
            put(policy, unit, KeyWay::KeyId, Some(marked));
        } else {
            put(policy, unit, KeyWay::Fingerprint, Some(key.clone()));
        }
    }
    if found.is_empty() && here {
        for key in key_ids(unit) {
            put(policy, unit, KeyWay::KeyId, Some(key));
        }
    }
    let linked = links(policy, unit);
    let offered =
        vocab::remarks(&unit.low, Remark::EncryptionOffered) && unit.topic != Topic::Advice;
    if !found.is_empty() || linked {
        return;
    }
    let subject = after(&unit.plain, &["subject line", "subject"]).filter(|_| offered || here);
    let asked = here && (way(&unit.low, Way::KeyOnRequest) || subject.is_some() && offered);
    if asked {
        let value = Encryption {
            request_subject: subject,
            key: addresses(unit).into_iter().next(),
            way: KeyWay::OnRequest,
        };
        add(&mut policy.encryption, "encryption", unit, value);
    } else if offered {
        let value = Encryption {
            request_subject: None,
            key: None,
            way: KeyWay::Unstated,
        };
        add(&mut policy.encryption, "encryption", unit, value);
    }
}

/// Whether a text ends in the name of a file that holds a key.
fn is_key_file(low: &str) -> bool {
    let bare = low.trim_end_matches(|c: char| !c.is_alphanumeric());
    [".asc", ".gpg", ".pgp", ".pub"]
        .iter()
        .any(|end| bare.ends_with(end))
}

/// A fingerprint in a block of code, in a part about keys or reports.
fn code(policy: &mut Policy, unit: &Unit) {
    if way(&unit.low, Way::Key) || is_print_alone(&unit.plain) {
        for key in fingerprints(&unit.plain) {
            put(policy, unit, KeyWay::Fingerprint, Some(key));
        }
    }
}

/// Places that explain keys, or serve everyone's.
const ABOUT_KEYS: &[&str] = &[
    "gnupg.org",
    "www.openpgp.org",
    "//openpgp.org",
    "wikipedia",
    "docs.github.com",
    "emailselfdefense",
    "gpg4win",
    "gpgtools",
    "how-to",
    "/encrypt",
    "howto",
];

const SERVERS: &[&str] = &[
    "keyserver",
    "keys.openpgp",
    "pgp.mit.edu",
    "pgpkeys",
    "keys.mailvelope",
    "pks/lookup",
];

/// Adds keys behind links and in named files; tells whether there were any.
fn links(policy: &mut Policy, unit: &Unit) -> bool {
    let mut any = false;
    let known_print = policy
        .encryption
        .iter()
        .any(|c| c.value.way == KeyWay::Fingerprint);
    for place in places(unit) {
        let url = place.url.to_lowercase();
        let words = place.words.to_lowercase();
        let is_key = [
            "pgp",
            "gpg",
            ".asc",
            "pubkey",
            "public-key",
            "publickey",
            "keyserver",
            "/key",
        ]
        .iter()
        .any(|w| url.contains(w))
            || vocab::fits_any(
                &words,
                &[
                    "pgp",
                    "gpg",
                    "public key",
                    "key$",
                    "clé",
                    "schlüssel",
                    "clave",
                    "chave",
                    "公钥",
                    "公開鍵",
                ],
            );
        let other = ABOUT_KEYS.iter().any(|w| url.contains(w)) || url.starts_with("mailto:");
        let server = SERVERS.iter().any(|w| url.contains(w));
        let again = known_print && server;
        if is_key && !other && !again && !url.starts_with('#') {
            put(policy, unit, KeyWay::Link, Some(place.url));
            any = true;
        }
    }
    let published = vocab::fits_any(
        &unit.low,
        &[
            "published in",
            "found in",
            "available in",
            "available at",
            "see$",
            "key in",
        ],
    );
    if !any && published && vocab::fits(&unit.low, "key") {
        let file = unit
            .plain
            .split_whitespace()
            .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric() && c != '/'))
            .find(|w| {
                [".asc", ".gpg", ".pgp", ".txt", ".pub"]
                    .iter()
                    .any(|e| w.to_lowercase().ends_with(e))
            });
        if let Some(file) = file {
            put(policy, unit, KeyWay::Link, Some(file.to_owned()));
            any = true;
        }
    }
    any
}

fn put(policy: &mut Policy, unit: &Unit, way: KeyWay, key: Option<String>) {
    let known = policy
        .encryption
        .iter()
        .any(|c| c.value.way == way && c.value.key == key);
    if !known {
        let value = Encryption {
            request_subject: None,
            key,
            way,
        };
        add(&mut policy.encryption, "encryption", unit, value);
    }
}

/// The words behind a cue, as far as they can be a subject line.
fn after(text: &str, cues: &[&str]) -> Option<String> {
    let cue = cues.iter().find(|c| text.contains(*c))?;
    let (_, rest) = text.split_once(cue)?;
    let words = rest
        .trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, ':' | '"' | '.' | '\u{201c}' | '\u{201d}')
        })
        .to_owned();
    (!words.is_empty() && words.chars().count() <= 60).then_some(words)
}

/// Runs of forty hexadecimal figures, in one piece or in groups.
fn fingerprints(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut run = String::new();
    for token in text.split(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '=' | ',' | ';'))
    {
        let bare: String = token
            .trim_matches(|c: char| !c.is_alphanumeric())
            .trim_start_matches("0x")
            .trim_start_matches("openpgp4fpr:")
            .chars()
            .filter(|c| *c != ':')
            .collect();
        if bare.is_empty() {
            continue;
        }
        let fits = bare.chars().all(|c| c.is_ascii_hexdigit())
            && matches!(bare.len(), 2 | 4 | 5 | 8 | 10 | 20 | FINGERPRINT);
        if !fits {
            run.clear();
            continue;
        }
        if bare.len() == FINGERPRINT {
            run.clear();
        }
        run.push_str(&bare);
        if run.len() == FINGERPRINT && run.chars().any(|c| c.is_ascii_digit()) {
            out.push(std::mem::take(&mut run).to_uppercase());
        } else if run.len() >= FINGERPRINT {
            run.clear();
        }
    }
    out
}

/// Whether a text is a fingerprint in groups and nothing else.
fn is_print_alone(text: &str) -> bool {
    let groups = text.split_whitespace().count();
    let figures = text
        .trim_matches(|c: char| !c.is_alphanumeric())
        .chars()
        .all(|c| c.is_ascii_hexdigit() || c.is_whitespace());
    figures && groups >= 5 && !fingerprints(text).is_empty()
}

/// Short names of keys: `0x1234ABCD`, or 8 or 16 figures behind "key ID".
fn key_ids(unit: &Unit) -> Vec<String> {
    let named = vocab::fits(&unit.low, "key id") || vocab::fits(&unit.low, "keyid");
    unit.plain
        .split(|c: char| {
            c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | ',' | '`' | ':' | '=')
        })
        .map(|w| w.trim_end_matches(['.', ';']))
        .filter(|w| {
            let bare = w.trim_start_matches("0x");
            // Sixteen figures beside a word for keys are the long name of one.
            let long = bare.len() == 16 && bare.chars().any(|c| c.is_ascii_alphabetic());
            let marked = w.starts_with("0x") || long;
            (marked || named)
                && matches!(bare.len(), 8 | 16)
                && bare.chars().all(|c| c.is_ascii_hexdigit())
                && bare.chars().any(|c| c.is_ascii_digit())
        })
        .map(str::to_owned)
        .collect()
}
