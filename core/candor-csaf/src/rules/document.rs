//! The head of the document: tests 6.1.12, 6.1.15, 6.1.26, 6.1.28, 6.2.10 to 6.2.12,
//! 6.2.14 and 6.2.15.

use serde_json::Value;

use super::doc::{Doc, items, text};
use super::language::Tag;
use crate::Version;
use crate::finding::Findings;

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    languages(doc, out);
    category(doc, out);
    label(doc, out);
    canonical(doc, out);
}

/// 6.1.12, 6.1.15, 6.1.28, 6.2.12, 6.2.14 and 6.2.15.
fn languages(doc: &Doc<'_>, out: &mut Findings) {
    for key in ["lang", "source_lang"] {
        let Some(told) = text(doc.document, key) else {
            continue;
        };
        let at = format!("/document/{key}");
        if told.eq_ignore_ascii_case("i-default") {
            let message = "`i-default` says nothing of the language";
            out.note("6.2.15", at, message);
            continue;
        }
        let tag = Tag::read(told);
        if let Some(wrong) = tag.unknown() {
            out.note("6.1.12", at.clone(), wrong);
        }
        if let Some(private) = tag.private() {
            let message = format!("`{private}` is reserved for private use");
            out.note("6.2.14", at, message);
        }
    }
    let lang = text(doc.document, "lang");
    let source = text(doc.document, "source_lang");
    if lang.is_none_or(str::is_empty) {
        out.note(
            "6.2.12",
            "/document",
            "the document does not tell its language",
        );
    }
    let publisher = doc.document.get("publisher").unwrap_or(&Value::Null);
    if text(publisher, "category") == Some("translator") && source.is_none_or(str::is_empty) {
        let message = "a translator publishes this, and the language it comes from is missing";
        out.note("6.1.15", "/document", message);
    }
    if let (Some(lang), Some(source)) = (lang, source)
        && lang.eq_ignore_ascii_case(source)
    {
        let message = "the document is in the language it was translated from";
        out.note("6.1.28", "/document/source_lang", message);
    }
}

/// The categories that name a profile.
fn profiles(version: Version) -> &'static [&'static str] {
    match version {
        Version::V20 => &[
            "csaf_base",
            "csaf_security_incident_response",
            "csaf_informational_advisory",
            "csaf_security_advisory",
            "csaf_vex",
        ],
        Version::V21 => &[
            "csaf_base",
            "csaf_security_incident_response",
            "csaf_informational_advisory",
            "csaf_security_advisory",
            "csaf_vex",
            "csaf_deprecated_security_advisory",
            "csaf_withdrawn",
            "csaf_superseded",
        ],
    }
}

/// Dashes, hyphens and low lines, in whatever script.
const fn is_joint(c: char) -> bool {
    matches!(
        c,
        '-' | '_'
            | '\u{00AD}' // soft hyphen
            | '\u{02D7}' // modifier minus
            | '\u{0331}'..='\u{0333}' // combining low lines
            | '\u{058A}' | '\u{05BE}' | '\u{1400}' | '\u{1806}'
            | '\u{200B}'..='\u{200D}' // nothing that can be seen
            | '\u{2010}'..='\u{2015}'
            | '\u{203F}' | '\u{2040}' | '\u{2043}' | '\u{2054}' | '\u{2060}'
            | '\u{207B}' | '\u{208B}' | '\u{2212}'
            | '\u{2E17}' | '\u{2E1A}' | '\u{2E3A}' | '\u{2E3B}' | '\u{2E40}' | '\u{2E5D}'
            | '\u{301C}' | '\u{3030}' | '\u{30A0}'
            | '\u{FE31}'..='\u{FE34}' | '\u{FE4D}'..='\u{FE4F}' | '\u{FE58}' | '\u{FE63}'
            | '\u{FEFF}' | '\u{FF0D}' | '\u{FF3F}' | '\u{10EAD}'
    )
}

/// 6.1.26: no category that looks like a profile and is none.
fn category(doc: &Doc<'_>, out: &mut Findings) {
    let told = doc.category();
    let profiles = profiles(doc.version);
    if profiles.contains(&told) {
        return;
    }
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace() && !is_joint(*c))
            .flat_map(char::to_lowercase)
            .collect()
    };
    let plainly = plain(told);
    let others = profiles.iter().filter(|p| **p != "csaf_base");
    let like = others.into_iter().find(|profile| {
        let name = profile.strip_prefix("csaf_").unwrap_or(profile);
        plain(profile) == plainly || plain(name) == plainly
    });
    let message = match like {
        Some(profile) => format!("the category looks like the profile `{profile}` and is not it"),
        None if told.to_lowercase().starts_with("csaf_") => {
            "`csaf_` at the beginning is reserved for profiles".to_owned()
        }
        None => return,
    };
    out.note("6.1.26", "/document/category", message);
}

/// 6.2.10
fn label(doc: &Doc<'_>, out: &mut Findings) {
    if doc.document.pointer("/distribution/tlp/label").is_none() && doc.version == Version::V20 {
        let message = "the document has no TLP label";
        out.note("6.2.10", "/document", message);
    }
}

/// The name of the file (section 5.1).
pub(crate) fn file_name(id: &str) -> String {
    let mut name = String::new();
    for c in id.to_lowercase().chars() {
        if c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '+' | '-') {
            name.push(c);
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    name + ".json"
}

/// 6.2.11: one reference is the address of the document itself.
fn canonical(doc: &Doc<'_>, out: &mut Findings) {
    let Some(id) = text(doc.tracking, "id") else {
        return;
    };
    let name = file_name(id);
    let is = |reference: &Value| {
        let url = text(reference, "url").unwrap_or("");
        text(reference, "category") == Some("self")
            && url.starts_with("https://")
            && url.rsplit('/').next() == Some(&name)
    };
    if !items(doc.document, "references").iter().any(is) {
        let message =
            format!("no reference of the category `self` leads to an address that ends in {name}");
        out.note("6.2.11", "/document", message);
    }
}
