//! The selections of an SSVC decision (schema 2.0.0 of CERT/CC), as CSAF 2.1 holds them.
//!
//! Kept in the order of the schema, so that the two can be laid side by side.

use super::format::Format;
use super::pattern::Pattern;
use super::table::{Shape, list, object, see, text, word};

/// A list of selections.
pub(super) static SSVC2: Shape = object(
    &["timestamp", "schemaVersion", "selections"],
    &[
        ("timestamp", text(0).format(Format::DateTime)),
        ("schemaVersion", word(&["2.0.0"])),
        ("target_ids", list(1, &text(0)).unique()),
        ("selections", list(1, &see(&SSVC2_SELECTION))),
        ("decision_point_resources", list(1, &see(&SSVC2_REFERENCE))),
        ("references", list(1, &see(&SSVC2_REFERENCE))),
    ],
)
.closed();

static SSVC2_SELECTION: Shape = object(
    &["namespace", "key", "version", "values"],
    &[
        (
            "namespace",
            text(3).at_most(1000).like(Pattern::SsvcNamespace),
        ),
        ("key", text(1).like(Pattern::SsvcKey)),
        ("version", text(5).like(Pattern::SemanticVersion)),
        ("name", text(1)),
        ("definition", text(1)),
        ("values", list(1, &see(&SSVC2_MINIMALDECISIONPOINTVALUE))),
    ],
)
.closed();

static SSVC2_MINIMALDECISIONPOINTVALUE: Shape = object(
    &["key"],
    &[
        ("name", text(1)),
        ("definition", text(1)),
        ("key", text(1).like(Pattern::SsvcKey)),
    ],
)
.closed();

static SSVC2_REFERENCE: Shape = object(
    &["uri", "summary"],
    &[("uri", text(1).format(Format::Uri)), ("summary", text(0))],
)
.closed();
