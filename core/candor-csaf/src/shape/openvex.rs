//! OpenVEX 0.2.0: which product has which vulnerability, by its JSON schema.
//!
//! Kept in the order of the schema, so that the two can be laid side by side.

use serde_json::{Map, Value};

use super::format::Format;
use super::note;
use super::table::{Shape, list, object, see, text, whole, word};
use crate::finding::Findings;
use crate::path::Path;

/// A whole document.
pub(super) static OPENVEX: Shape = object(
    &[
        "@context",
        "@id",
        "author",
        "timestamp",
        "version",
        "statements",
    ],
    &[
        ("@context", text(0).format(Format::Uri)),
        ("@id", ID),
        ("author", text(0)),
        ("role", text(0)),
        ("timestamp", TIME),
        ("last_updated", TIME),
        ("version", whole(1.0)),
        ("tooling", text(0)),
        ("statements", list(1, &STATEMENT).unique()),
    ],
)
.closed();

const ID: Shape = text(0).format(Format::Iri);
const TIME: Shape = text(0).format(Format::DateTime);
static TEXT: Shape = text(0);

static STATEMENT: Shape = object(
    &["vulnerability", "status"],
    &[
        ("@id", ID),
        ("version", whole(1.0)),
        ("vulnerability", see(&VULNERABILITY)),
        ("timestamp", TIME),
        ("last_updated", TIME),
        ("products", list(0, &COMPONENT).unique()),
        (
            "status",
            word(&["not_affected", "affected", "fixed", "under_investigation"]),
        ),
        ("supplier", text(0)),
        ("status_notes", text(0)),
        (
            "justification",
            word(&[
                "component_not_present",
                "vulnerable_code_not_present",
                "vulnerable_code_not_in_execute_path",
                "vulnerable_code_cannot_be_controlled_by_adversary",
                "inline_mitigations_already_exist",
            ]),
        ),
        ("impact_statement", text(0)),
        ("action_statement", text(0)),
        ("action_statement_timestamp", TIME),
    ],
)
.closed()
.also(words_of_a_status);

static VULNERABILITY: Shape = object(
    &["name"],
    &[
        ("@id", ID),
        ("name", text(0)),
        ("description", text(0)),
        ("aliases", list(0, &TEXT).unique()),
    ],
)
.closed();

static COMPONENT: Shape = object(
    &[],
    &[
        ("@id", ID),
        ("identifiers", see(&IDENTIFIERS)),
        ("hashes", see(&HASHES)),
        ("subcomponents", list(0, &SUBCOMPONENT).unique()),
    ],
)
.closed()
.also(known_by_something);

static SUBCOMPONENT: Shape = object(
    &[],
    &[
        ("@id", ID),
        ("identifiers", see(&IDENTIFIERS)),
        ("hashes", see(&HASHES)),
    ],
)
.closed()
.also(known_by_something);

static IDENTIFIERS: Shape = object(
    &[],
    &[("purl", text(0)), ("cpe22", text(0)), ("cpe23", text(0))],
)
.closed()
.at_least(1);

static HASHES: Shape = object(
    &[],
    &[
        ("md5", text(0)),
        ("sha1", text(0)),
        ("sha-256", text(0)),
        ("sha-384", text(0)),
        ("sha-512", text(0)),
        ("sha3-224", text(0)),
        ("sha3-256", text(0)),
        ("sha3-384", text(0)),
        ("sha3-512", text(0)),
        ("blake2s-256", text(0)),
        ("blake2b-256", text(0)),
        ("blake2b-512", text(0)),
    ],
)
.closed();

/// A product has an id or identifiers.
fn known_by_something(part: &Map<String, Value>, path: &Path<'_>, out: &mut Findings) {
    if !part.contains_key("@id") && !part.contains_key("identifiers") {
        note(path, "`@id` or `identifiers` is missing", out);
    }
}

/// Not affected needs a reason, affected needs what to do.
fn words_of_a_status(statement: &Map<String, Value>, path: &Path<'_>, out: &mut Findings) {
    let has = |key: &str| statement.contains_key(key);
    let missing = match statement.get("status").and_then(Value::as_str) {
        Some("not_affected") if !has("justification") && !has("impact_statement") => {
            "`justification` or `impact_statement` is missing: it says not affected"
        }
        Some("affected") if !has("action_statement") => {
            "`action_statement` is missing: it says affected"
        }
        _ => return,
    };
    note(path, missing, out);
}
