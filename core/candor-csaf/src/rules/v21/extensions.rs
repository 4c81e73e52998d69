//! Extensions: tests 6.2.39.5, 6.2.54.3, 6.3.21.1 and 6.3.21.3 to 6.3.21.9.
//!
//! Deliberately absent: the schemas of extensions and the register of them, which lie on
//! other people's servers.

use serde_json::Value;

use crate::finding::Findings;
use crate::rules::doc::{At, Doc, items};

const KEY: &str = "x_extensions";

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    one(doc, doc.root, String::new, "6.3.21.9", out);
    one(
        doc,
        doc.document,
        || "/document".to_owned(),
        "6.3.21.3",
        out,
    );
    for product in &doc.products {
        let test = match product.at {
            At::Branch(_) => "6.3.21.4",
            At::Name(_) => "6.3.21.5",
            At::Relation(_) => "6.3.21.6",
        };
        one(doc, product.value, || doc.pointer(product.at), test, out);
    }
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        let at = format!("/vulnerabilities/{v}");
        one(doc, value, || at.clone(), "6.3.21.8", out);
        for (index, metric) in items(value, "metrics").iter().enumerate() {
            if let Some(content) = metric.get("content") {
                let place = || format!("{at}/metrics/{index}/content");
                one(doc, content, place, "6.3.21.7", out);
            }
        }
    }
}

/// The extensions of one object.
fn one(
    doc: &Doc<'_>,
    holder: &Value,
    place: impl Fn() -> String,
    test: &'static str,
    out: &mut Findings,
) {
    let Some(list) = holder.get(KEY) else {
        return;
    };
    let at = format!("{}/{KEY}", place());
    out.note(
        test,
        at.clone(),
        "an extension stands here that readers may not know",
    );
    if doc.is_one_of(&["csaf_withdrawn", "csaf_superseded"]) {
        out.note(
            "6.2.39.5",
            at.clone(),
            "a retired document has no extension",
        );
    }
    for (index, extension) in list.as_array().into_iter().flatten().enumerate() {
        if extension.get("critical") == Some(&Value::Bool(true)) {
            let message = "readers who do not know this extension misread the document";
            out.note("6.2.54.3", format!("{at}/{index}/critical"), message);
        }
        if extension.get("category").and_then(Value::as_str) == Some("essential") {
            let message = "readers who do not know this extension miss what is essential";
            out.note("6.3.21.1", format!("{at}/{index}/category"), message);
        }
    }
}
