//! The shape of a document: what the JSON schemas of CSAF 2.0 (OASIS Standard,
//! 18 November 2022) and 2.1 (Committee Specification Draft 03, 29 July 2026) ask for,
//! with the schemas of CVSS 2.0, 3.0, 3.1 and 4.0 and of SSVC decisions within them; and
//! those of OSV 1 and OpenVEX 0.2.0.
//!
//! Invariants: one walk over the document; a place is written only where something is
//! wrong; the verdict is that of a general JSON schema validator with formats on (the
//! tests compare them on thousands of changed documents).
//!
//! A member that no schema knows is wrong in 2.1, which closes its objects. In 2.0 it
//! is the finding of the optional test 6.2.20.
//!
//! Deliberately absent: everything that compares one part of a document with another
//! (see `rules`).

mod csaf20;
mod csaf21;
mod csaf21_parts;
mod cvss;
mod format;
mod openvex;
mod osv;
mod pattern;
mod ssvc;
mod table;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::Version;
use crate::finding::Findings;
use crate::path::Path;
use table::{List, Object, Shape, Text};

/// Checks the shape of a whole document.
pub(crate) fn check(document: &Value, version: Version, out: &mut Findings) {
    let shape = match version {
        Version::V20 => &csaf20::CSAF20,
        Version::V21 => &csaf21::CSAF21,
    };
    walk(shape, document, &Path::Root, out);
}

/// Checks the shape of an OSV record.
pub(crate) fn check_osv(record: &Value, out: &mut Findings) {
    walk(&osv::OSV, record, &Path::Root, out);
}

/// Checks the shape of an OpenVEX document.
pub(crate) fn check_openvex(document: &Value, out: &mut Findings) {
    walk(&openvex::OPENVEX, document, &Path::Root, out);
}

fn walk(shape: &Shape, value: &Value, path: &Path<'_>, out: &mut Findings) {
    match shape {
        Shape::Under(test, other) => {
            let before = out.shape_of(test);
            walk(other, value, path, out);
            out.shape_of(before);
        }
        Shape::See(other) => walk(other, value, path, out),
        Shape::Maybe(other) => {
            if !value.is_null() {
                walk(other, value, path, out);
            }
        }
        Shape::Whole(least) => match value.as_f64() {
            // A whole number may be written with a fraction of zero.
            Some(number) if number >= *least && number.fract().abs() < f64::EPSILON => {}
            _ => wrong_kind(value, &format!("a whole number from {least}"), path, out),
        },
        Shape::Truth => {
            if !value.is_boolean() {
                wrong_kind(value, "true or false", path, out);
            }
        }
        Shape::Number { least, most } => match value.as_f64() {
            Some(number) if (*least..=*most).contains(&number) => {}
            _ => wrong_kind(
                value,
                &format!("a number from {least} to {most}"),
                path,
                out,
            ),
        },
        Shape::Word(words) => word(words, value, path, out),
        Shape::Text(rule) => match value.as_str() {
            Some(text) => check_text(rule, text, path, out),
            None => wrong_kind(value, "a text", path, out),
        },
        Shape::List(rule) => match value.as_array() {
            Some(items) => check_list(rule, items, path, out),
            None => wrong_kind(value, "a list", path, out),
        },
        Shape::Object(rule) => match value.as_object() {
            Some(members) => check_object(rule, members, path, out),
            None => wrong_kind(value, "an object", path, out),
        },
        Shape::OneOf(choices) => one_of(choices, value, path, out),
    }
}

fn note(path: &Path<'_>, message: impl Into<String>, out: &mut Findings) {
    let test = out.shape();
    out.note(test, path.pointer(), message);
}

fn wrong_kind(value: &Value, wanted: &str, path: &Path<'_>, out: &mut Findings) {
    let found = match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(_) => "a text".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    };
    note(path, format!("{found} stands where {wanted} belongs"), out);
}

fn word(words: &[&str], value: &Value, path: &Path<'_>, out: &mut Findings) {
    match value.as_str() {
        Some(text) if words.contains(&text) => {}
        Some(text) => {
            let shown: String = text.chars().take(60).collect();
            let message = format!("{shown:?} is none of {}", words.join(", "));
            note(path, message, out);
        }
        None => wrong_kind(value, "a text", path, out),
    }
}

fn check_text(rule: &Text, text: &str, path: &Path<'_>, out: &mut Findings) {
    let long = rule.most < usize::MAX || rule.least > 1;
    let length = if long {
        text.chars().count()
    } else {
        text.len()
    };
    if length < rule.least {
        note(
            path,
            format!("the text is shorter than {}", characters(rule.least)),
            out,
        );
    }
    if long && length > rule.most {
        note(
            path,
            format!("the text is longer than {}", characters(rule.most)),
            out,
        );
    }
    if let Some(pattern) = rule.pattern
        && !pattern.fits(text)
    {
        note(path, format!("the text is not {}", pattern.words()), out);
    }
    if let Some(format) = rule.format
        && !format.fits(text)
    {
        note(path, format!("the text is not {}", format.words()), out);
    }
}

fn characters(count: usize) -> String {
    if count == 1 {
        "one character".to_owned()
    } else {
        format!("{count} characters")
    }
}

fn check_list(rule: &List, items: &[Value], path: &Path<'_>, out: &mut Findings) {
    if items.len() < rule.least {
        let message = match rule.least {
            1 => "the list is empty; leave it out or fill it".to_owned(),
            least => format!("the list has fewer than {least} items"),
        };
        note(path, message, out);
    }
    if rule.unique && items.len() > 1 {
        for index in repeated(items) {
            note(
                &Path::Index(path, index),
                "the list holds this item twice",
                out,
            );
        }
    }
    for (index, item) in items.iter().enumerate() {
        walk(rule.of, item, &Path::Index(path, index), out);
    }
}

/// The places of items that stood before.
fn repeated(items: &[Value]) -> Vec<usize> {
    // Texts, the usual case, need no copy.
    let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
    let mut out = Vec::new();
    if let Some(texts) = texts {
        let mut seen = BTreeSet::new();
        for (index, text) in texts.into_iter().enumerate() {
            if !seen.insert(text) {
                out.push(index);
            }
        }
    } else {
        let mut seen = BTreeSet::new();
        for (index, item) in items.iter().enumerate() {
            if !seen.insert(canonical(item)) {
                out.push(index);
            }
        }
    }
    out
}

/// A value as text, the same for equal values: members sorted, numbers by value.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut parts: Vec<(&String, String)> =
                members.iter().map(|(k, v)| (k, canonical(v))).collect();
            parts.sort();
            let parts = parts.into_iter().map(|(k, v)| format!("{k:?}:{v}"));
            format!("{{{}}}", parts.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Number(number) => number
            .as_f64()
            .map_or_else(|| number.to_string(), |n| n.to_string()),
        other => other.to_string(),
    }
}

fn check_object(rule: &Object, members: &Map<String, Value>, path: &Path<'_>, out: &mut Findings) {
    for key in rule.required {
        if !members.contains_key(*key) {
            note(path, format!("`{key}` is missing"), out);
        }
    }
    if members.len() < rule.least {
        note(path, "the object is empty; leave it out or fill it", out);
    }
    if members.len() > rule.most {
        let message = format!("the object has more than {} members", rule.most);
        note(path, message, out);
    }
    for (key, value) in members {
        let place = Path::Key(path, key);
        match rule.properties.iter().find(|(name, _)| name == key) {
            Some((_, shape)) => walk(shape, value, &place, out),
            None if rule.free => {}
            None => {
                let shown: String = key.chars().take(60).collect();
                let test = if rule.closed { out.shape() } else { "6.2.20" };
                out.note(
                    test,
                    place.pointer(),
                    format!("the schema knows no `{shown}` here"),
                );
            }
        }
    }
    if let Some(also) = rule.also {
        also(members, path, out);
    }
}

/// CVSS 4.0: score and severity must be of one band.
fn check_band(members: &Map<String, Value>, path: &Path<'_>, out: &mut Findings) {
    let score = members.get("baseScore").and_then(Value::as_f64);
    let severity = members.get("baseSeverity").and_then(Value::as_str);
    let (Some(score), Some(severity)) = (score, severity) else {
        return;
    };
    let tenths = (score * 10.0).round();
    // Written with more than one decimal it is in no band but the high one, whose
    // rows in the schema ask for no tenths.
    let whole = (score * 10.0 - tenths).abs() < 1e-9;
    let band = match score {
        0.0 => "NONE",
        s if (0.1..=3.9).contains(&s) && whole => "LOW",
        s if (4.0..=6.9).contains(&s) && whole => "MEDIUM",
        s if (7.0..=8.9).contains(&s) => "HIGH",
        s if (9.0..=10.0).contains(&s) && whole => "CRITICAL",
        _ => "",
    };
    if band != severity {
        let message = format!("a score of {score} is not {severity}");
        note(&Path::Key(path, "baseSeverity"), message, out);
    }
}

fn one_of(choices: &[Shape], value: &Value, path: &Path<'_>, out: &mut Findings) {
    let mut fitting = 0;
    let mut nearest: Option<(usize, Findings)> = None;
    for choice in choices {
        let mut found = Findings::default();
        found.shape_of(out.shape());
        walk(choice, value, path, &mut found);
        let wrong = found.wrong();
        fitting += usize::from(wrong == 0);
        if nearest.as_ref().is_none_or(|(least, _)| wrong < *least) {
            nearest = Some((wrong, found));
        }
    }
    if let Some((_, found)) = nearest {
        out.take(found);
    }
    if fitting > 1 {
        note(path, "it could be read in more than one way", out);
    }
}
