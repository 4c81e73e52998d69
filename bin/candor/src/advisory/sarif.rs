//! Verdicts as one SARIF 2.1.0 log (OASIS, sections 3.13 to 3.49), written piece by
//! piece so that memory does not grow with the number of documents.

use std::fmt::Write as _;

use candor_csaf::Level;
use serde_json::json;

use super::shown::Said;

/// What stands before the first result.
pub(super) fn head() -> String {
    let rules: Vec<_> = candor_csaf::tests()
        .map(|(id, help)| {
            json!({
                "id": id,
                "shortDescription": { "text": format!("CSAF test {id}") },
                "help": { "text": help },
            })
        })
        .collect();
    let driver = json!({
        "name": "Candor",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    format!(
        "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{driver}}},\"results\":[\n"
    )
}

/// What stands after the last one.
pub(super) const TAIL: &str = "\n]}]}\n";

/// The results of one document, parted by commas.
pub(super) fn results(path: &str, said: &[Said<'_>]) -> String {
    let one = |s: &Said<'_>| {
        let level = match s.level {
            Level::Schema | Level::Mandatory => "error",
            Level::Optional => "warning",
            Level::Informative => "note",
        };
        json!({
            "ruleId": s.test,
            "level": level,
            "message": { "text": format!("{} {}", s.message, s.help) },
            "locations": [{
                "physicalLocation": {
                    "artifactLocation": { "uri": uri(path) },
                    "region": { "startLine": 1 },
                },
                "logicalLocations": [{ "fullyQualifiedName": s.pointer }],
            }],
        })
        .to_string()
    };
    said.iter().map(one).collect::<Vec<_>>().join(",\n")
}

/// A path as a reference (RFC 3986), relative where the path is.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
