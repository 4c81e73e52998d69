//! Branches of the product tree: tests 6.1.31, 6.2.18, 6.3.9, 6.3.10 and 6.3.11.

use super::doc::{At, Doc, text};
use crate::finding::Findings;

/// Words that make a name a range (section 6.1.31); `<` and `>` do so anywhere.
const RANGES: [&str; 7] = [
    "after", "all", "before", "earlier", "later", "prior", "versions",
];

/// What makes a range of a name. Words stand between blanks: `after-eight` and
/// `vers:all/*` are no words, say the official files and the reference validator.
fn range_word(name: &str) -> Option<String> {
    if let Some(sign) = name.chars().find(|c| matches!(c, '<' | '>')) {
        return Some(sign.to_string());
    }
    let mut words = name.split_whitespace().map(str::to_lowercase);
    words.find(|word| RANGES.contains(&word.as_str()))
}

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    for (index, branch) in doc.branches.iter().enumerate() {
        let category = text(branch.value, "category").unwrap_or("");
        let name = text(branch.value, "name").unwrap_or("");
        let place = |key: &str| format!("{}/{key}", doc.branch_pointer(index));
        match category {
            "product_version" => {
                if let Some(word) = range_word(name) {
                    let message = format!("`{word}` makes a range of the name of one version");
                    out.note("6.1.31", place("name"), message);
                }
                let mut letters = name.chars();
                let v = matches!(letters.next(), Some('v' | 'V'));
                if v && letters.next().is_some_and(|c| c.is_ascii_digit()) {
                    let message = "the version is written with a `v` before it";
                    out.note("6.3.11", place("name"), message);
                }
            }
            "product_version_range" => {
                if !is_vers(name) {
                    let message = "the range is not written as a vers range (vers:…/…)";
                    out.note("6.2.18", place("name"), message);
                }
                let message = "a range of versions is hard for machines; name each version";
                out.note("6.3.10", place("category"), message);
            }
            _ => {}
        }
    }
    ancestors(doc, out);
}

/// `vers:`, a scheme in small letters, a slash, and something (section 6.2.18).
fn is_vers(name: &str) -> bool {
    let Some((scheme, rest)) = name.strip_prefix("vers:").and_then(|n| n.split_once('/')) else {
        return false;
    };
    let letter = |b: u8| b.is_ascii_lowercase() || b".-+".contains(&b);
    let mut bytes = scheme.bytes();
    bytes.next().is_some_and(letter)
        && bytes.all(|b| letter(b) || b.is_ascii_digit())
        && !rest.is_empty()
}

/// 6.3.9: vendor, then product, then version stand above each product of a branch.
fn ancestors(doc: &Doc<'_>, out: &mut Findings) {
    for product in &doc.products {
        let At::Branch(branch) = product.at else {
            continue;
        };
        // From the leaf to the root the order is the other way round.
        let mut wanted = ["product_version", "product_name", "vendor"]
            .iter()
            .peekable();
        let mut next = Some(branch);
        while let Some(found) = next.and_then(|n| doc.branches.get(n)) {
            let category = text(found.value, "category").unwrap_or("");
            if wanted.peek().is_some_and(|w| **w == category) {
                wanted.next();
            }
            next = found.above;
        }
        if let Some(missing) = wanted.next() {
            let message = format!("no branch above names the {}", missing.replace('_', " "));
            out.note("6.3.9", doc.pointer(product.at), message);
        }
    }
}
