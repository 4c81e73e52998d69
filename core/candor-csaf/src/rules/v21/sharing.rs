//! Groups with which a document is shared: tests 6.1.38 to 6.1.41, and 6.2.28 to
//! 6.2.30.

use serde_json::Value;

use crate::finding::Findings;
use crate::rules::doc::{Doc, text};

/// The id that means everybody (RFC 9562, section 5.10).
pub(super) const MAX: &str = "ffffffff-ffff-ffff-ffff-ffffffffffff";
/// The id that means nobody (RFC 9562, section 5.9).
pub(super) const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// The names that belong to the two (section 3.2.2.5.1).
const RESERVED: [(&str, &str); 2] = [(MAX, "Public"), (NIL, "No sharing allowed")];

/// The TLP label.
pub(super) fn label<'a>(doc: &Doc<'a>) -> Option<&'a str> {
    doc.document
        .pointer("/distribution/tlp/label")
        .and_then(Value::as_str)
}

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    const AT: &str = "/document/distribution/sharing_group";
    let Some(group) = doc.document.pointer("/distribution/sharing_group") else {
        return;
    };
    let Some(id) = text(group, "id") else {
        return;
    };
    let clear = label(doc) == Some("CLEAR");
    if id == MAX && !clear {
        let message = "the sharing group is everybody, and the label is not TLP:CLEAR";
        out.note("6.1.38", "/document/distribution/tlp/label", message);
    }
    for (test, reserved, whom) in [("6.2.28", MAX, "everybody"), ("6.2.29", NIL, "nobody")] {
        if id == reserved {
            out.note(
                test,
                format!("{AT}/id"),
                format!("the sharing group is {whom}"),
            );
        }
    }
    if clear {
        out.note("6.2.30", AT, "a TLP:CLEAR document needs no sharing group");
    }
    let draft = text(doc.tracking, "status") == Some("draft");
    if clear && id != MAX && !(id == NIL && draft) {
        let message = "TLP:CLEAR is for everybody, and the sharing group is not";
        out.note("6.1.39", format!("{AT}/id"), message);
    }
    let name = group.get("name").and_then(Value::as_str);
    for (owner, reserved) in RESERVED {
        if name == Some(reserved) && id != owner {
            let message = format!("\"{reserved}\" is the name of the group {owner} alone");
            out.note("6.1.40", format!("{AT}/name"), message);
        }
        if id == owner && name != Some(reserved) {
            let message = format!("this sharing group must be called \"{reserved}\"");
            let at = if group.get("name").is_some() {
                format!("{AT}/name")
            } else {
                AT.to_owned()
            };
            out.note("6.1.41", at, message);
        }
    }
}
