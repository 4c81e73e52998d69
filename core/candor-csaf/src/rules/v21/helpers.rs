//! What helps to recognise products: tests 6.1.13, 6.1.42, 6.1.43, 6.1.44 and 6.1.61.
//!
//! 2.1 takes package addresses in canonical form only (section 3.1.4.3.4).
//!
//! Deliberately absent: how single kinds of packages write names and versions.

use crate::finding::Findings;
use crate::rules::doc::{Doc, texts};
use crate::rules::purl;

/// Kinds of packages without a namespace, as the registered kinds define them.
const WITHOUT: [&str; 18] = [
    "bazel",
    "bitnami",
    "cargo",
    "chrome-extension",
    "cocoapods",
    "conda",
    "cran",
    "gem",
    "hackage",
    "julia",
    "mlflow",
    "nuget",
    "oci",
    "opam",
    "otp",
    "pub",
    "pypi",
    "vcpkg",
];

/// Kinds of packages that need a namespace.
const WITH: [&str; 14] = [
    "alpm",
    "apk",
    "bitbucket",
    "composer",
    "deb",
    "git",
    "github",
    "golang",
    "huggingface",
    "maven",
    "qpkg",
    "rpm",
    "swift",
    "vscode-extension",
];

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    for product in &doc.products {
        let Some(helper) = product.value.get("product_identification_helper") else {
            continue;
        };
        let place = || format!("{}/product_identification_helper", doc.pointer(product.at));
        let mut first: Option<(&str, &str)> = None;
        for (index, address) in texts(helper, "purls") {
            // What is no address at all was found before.
            if purl::check(address).is_ok()
                && let Some(why) = not_canonical(address)
            {
                out.note("6.1.13", format!("{}/purls/{index}", place()), why);
            }
            let parts = without_qualifiers(address);
            if *first.get_or_insert(parts) != parts {
                let message = "the package addresses differ in more than their qualifiers";
                out.note("6.1.42", format!("{}/purls/{index}", place()), message);
            }
        }
        for (test, key) in [
            ("6.1.43", "model_numbers"),
            ("6.1.44", "serial_numbers"),
            ("6.1.61", "skus"),
        ] {
            for (index, number) in texts(helper, key) {
                if stars(number) > 1 {
                    let message = "more than one star stands here for any number of characters";
                    out.note(test, format!("{}/{key}/{index}", place()), message);
                }
            }
        }
    }
}

/// A package address without the part between `?` and `#`.
fn without_qualifiers(address: &str) -> (&str, &str) {
    let (rest, subpath) = address.split_once('#').unwrap_or((address, ""));
    (rest.split_once('?').map_or(rest, |(rest, _)| rest), subpath)
}

/// What keeps a package address from its canonical form.
fn not_canonical(address: &str) -> Option<String> {
    let rest = address.strip_prefix("pkg:")?;
    let (rest, subpath) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
    if rest.starts_with('/') {
        return Some("no slash stands behind `pkg:`".to_owned());
    }
    let (kind, path) = rest.split_once('/')?;
    if kind.contains(|c: char| c.is_ascii_uppercase()) {
        return Some("the kind of package is written in small letters".to_owned());
    }
    let path = path
        .split('@')
        .next()
        .filter(|p| !p.is_empty())
        .unwrap_or(path);
    if path.split('/').any(str::is_empty) || subpath.split('/').skip(1).any(str::is_empty) {
        return Some("a part between two slashes is empty".to_owned());
    }
    let named = path.contains('/');
    if named && WITHOUT.contains(&kind) {
        return Some(format!("packages of {kind} have no namespace"));
    }
    if !named && WITH.contains(&kind) {
        return Some(format!("packages of {kind} have a namespace"));
    }
    let mut before = "";
    for pair in qualifiers.split('&').filter(|_| !qualifiers.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if value.is_empty() || key.contains(|c: char| c.is_ascii_uppercase()) || key <= before {
            return Some("qualifiers have small letters and values, and stand in order".to_owned());
        }
        before = key;
    }
    None
}

/// The stars without a backslash before them.
fn stars(text: &str) -> usize {
    let mut escaped = false;
    let mut count = 0;
    for c in text.chars() {
        count += usize::from(c == '*' && !escaped);
        escaped = c == '\\' && !escaped;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_takes_the_meaning_of_a_star() {
        for (text, count) in [
            ("P*A*", 2),
            (r"P\*\*\\?", 0),
            (r"*P*\*?*", 3),
            (r"\\*", 1),
            ("", 0),
        ] {
            assert_eq!(stars(text), count, "{text}");
        }
    }

    #[test]
    fn addresses_are_canonical() {
        for good in [
            "pkg:maven/com.example/product-A@1.3.4?repository_url=https://registry.example.com",
            "pkg:npm/%40scope/name@1.0.0",
            "pkg:npm/@scope/name",
            "pkg:oci/product@sha256%3Ad134",
            "pkg:deb/debian/curl@7?arch=i386&distro=jessie",
            "pkg:generic/a/b/c",
        ] {
            assert_eq!(not_canonical(good), None, "{good}");
        }
        for bad in [
            "pkg:oci/com.example/product-A@sha256%3Ad134",
            "pkg://npm/a",
            "pkg:NPM/a",
            "pkg:maven/core@1",
            "pkg:generic/a//b",
            "pkg:generic/a?b=1&a=1",
            "pkg:generic/a?B=1",
            "pkg:generic/a?b=",
        ] {
            assert!(not_canonical(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn qualifiers_do_not_tell_packages_apart() {
        let same = |a, b| without_qualifiers(a) == without_qualifiers(b);
        assert!(same("pkg:a/b@1?x=1", "pkg:a/b@1"));
        assert!(!same("pkg:a/b@1?x=1", "pkg:a/b@2?x=1"));
        assert!(!same("pkg:a/b@1#x", "pkg:a/b@1#y"));
    }
}
