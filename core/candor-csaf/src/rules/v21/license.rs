//! Licences: tests 6.1.54, 6.1.55, 6.2.43, 6.2.44, 6.2.45 and 6.3.17.
//!
//! An expression is one of SPDX 3.0.1, annex B, without `DocumentRef`. The ids of the
//! SPDX licence list are known here as of one day, and the list grows: an id that looks
//! like one of it and is not is a finding of the recommended test 6.2.45 alone. Ids that
//! begin with `LicenseRef-scancode-` are taken to be in the second list, that of
//! `ScanCode`, which is not here.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::profiles;
use crate::finding::Findings;
use crate::rules::doc::{Doc, text};

const IDS: &str = include_str!("../../../data/spdx-ids.txt");

/// How deep parentheses may lie in each other.
const DEEPEST: usize = 50;

/// The ids in small letters, for they are compared without regard to case; with each,
/// whether it was replaced.
static KNOWN: LazyLock<BTreeMap<String, bool>> = LazyLock::new(|| {
    let lines = IDS.lines().filter(|line| !line.starts_with('#'));
    let rows = lines.map(|line| line.split_once('\t').unwrap_or((line, "")));
    rows.map(|(id, note)| (id.to_ascii_lowercase(), !note.is_empty()))
        .collect()
});

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    const AT: &str = "/document/license_expression";
    let told = match text(doc.document, "license_expression") {
        Some("") => return out.note("6.2.43", AT, "the licence of the document is empty"),
        Some(told) => told,
        None => return out.note("6.2.43", "/document", "the document names no licence"),
    };
    let ids = match ids(told) {
        Ok(ids) => ids,
        Err(why) => return out.note("6.1.54", AT, why),
    };
    let english = text(doc.document, "lang").is_none_or(profiles::is_english);
    if english && ids.iter().any(|id| is_own(id)) {
        profiles::one_note(doc, "License", "legal_disclaimer", "6.1.55", out);
    }
    for id in ids {
        if is_own(id) {
            let message = format!("`{}` is a licence of its issuer alone", clip(id));
            out.note("6.3.17", AT, message);
        }
        if is_ref(id) {
            continue;
        }
        let id = id.strip_suffix('+').unwrap_or(id);
        match KNOWN.get(&id.to_ascii_lowercase()) {
            Some(false) => {}
            Some(true) => {
                let message = format!("`{}` was replaced in the SPDX licence list", clip(id));
                out.note("6.2.44", AT, message);
            }
            None => {
                let message = format!("`{}` is not in the SPDX licence list", clip(id));
                out.note("6.2.45", AT, message);
                out.note(
                    "6.3.17",
                    AT,
                    format!("`{}` is in no list of licences", clip(id)),
                );
            }
        }
    }
}

/// Whether an expression names a licence that its issuer made.
pub(super) fn has_own(expression: &str) -> bool {
    ids(expression).is_ok_and(|ids| ids.iter().any(|id| is_own(id)))
}

fn is_ref(id: &str) -> bool {
    id.starts_with("LicenseRef-") || id.starts_with("AdditionRef-")
}

/// Whether an id is one that its issuer made.
fn is_own(id: &str) -> bool {
    is_ref(id) && !id.contains("Ref-scancode-")
}

/// What an expression is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Open,
    Close,
    And,
    Or,
    With,
    Id(&'a str),
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    for word in text.split_ascii_whitespace() {
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let (token, length) = match first {
                '(' => (Token::Open, 1),
                ')' => (Token::Close, 1),
                _ => {
                    let end = rest.find(['(', ')']).unwrap_or(rest.len());
                    let word = rest.get(..end).unwrap_or(rest);
                    let token = match word {
                        "AND" | "and" => Token::And,
                        "OR" | "or" => Token::Or,
                        "WITH" | "with" => Token::With,
                        id => Token::Id(id),
                    };
                    (token, end)
                }
            };
            out.push(token);
            rest = rest.get(length..).unwrap_or("");
        }
    }
    out
}

/// The licence and exception ids of an expression, without `+`.
fn ids(expression: &str) -> Result<Vec<&str>, String> {
    let tokens = tokens(expression);
    let mut reader = Reader {
        rest: &tokens,
        ids: Vec::new(),
    };
    reader.compound(0)?;
    match reader.rest.first() {
        None => Ok(reader.ids),
        Some(token) => Err(format!(
            "{} stands where AND, OR or the end belongs",
            words(*token)
        )),
    }
}

fn words(token: Token<'_>) -> String {
    match token {
        Token::Open => "`(`".to_owned(),
        Token::Close => "`)`".to_owned(),
        Token::And => "AND".to_owned(),
        Token::Or => "OR".to_owned(),
        Token::With => "WITH".to_owned(),
        Token::Id(id) => format!("`{}`", clip(id)),
    }
}

fn clip(text: &str) -> String {
    text.chars().take(60).collect()
}

struct Reader<'t, 'a> {
    rest: &'t [Token<'a>],
    ids: Vec<&'a str>,
}

impl<'a> Reader<'_, 'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Terms with AND and OR between them.
    fn compound(&mut self, depth: usize) -> Result<(), String> {
        if depth > DEEPEST {
            return Err("the parentheses lie too deep in each other".to_owned());
        }
        loop {
            match self.next() {
                Some(Token::Open) => {
                    self.compound(depth + 1)?;
                    if self.next() != Some(Token::Close) {
                        return Err("a `)` is missing".to_owned());
                    }
                }
                Some(Token::Id(id)) => {
                    self.ids.push(license(id)?);
                    if self.rest.first() == Some(&Token::With) {
                        self.next();
                        match self.next() {
                            Some(Token::Id(id)) => self.ids.push(addition(id)?),
                            _ => return Err("no exception follows WITH".to_owned()),
                        }
                    }
                }
                Some(other) => {
                    return Err(format!("{} stands where a licence belongs", words(other)));
                }
                None => return Err("the expression ends where a licence belongs".to_owned()),
            }
            if !matches!(self.rest.first(), Some(Token::And | Token::Or)) {
                return Ok(());
            }
            self.next();
        }
    }
}

fn is_idstring(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
}

/// A licence id, with a `+` or not, or `LicenseRef-` and an id.
fn license(id: &str) -> Result<&str, String> {
    if let Some(own) = id.strip_prefix("LicenseRef-") {
        return if is_idstring(own) {
            Ok(id)
        } else {
            Err(odd(id))
        };
    }
    plain(id, id.strip_suffix('+').unwrap_or(id))
}

/// An exception id, or `AdditionRef-` and an id.
fn addition(id: &str) -> Result<&str, String> {
    if let Some(own) = id.strip_prefix("AdditionRef-") {
        return if is_idstring(own) {
            Ok(id)
        } else {
            Err(odd(id))
        };
    }
    plain(id, id)
}

fn odd(id: &str) -> String {
    format!(
        "`{}` is no licence id: letters, digits, dots and hyphens only",
        clip(id)
    )
}

/// An id of the list; the prefixes of other ids are no part of one, in whatever case.
fn plain<'a>(whole: &str, id: &'a str) -> Result<&'a str, String> {
    let lower = whole.to_ascii_lowercase();
    if lower.starts_with("documentref-") {
        return Err("`DocumentRef` is not used in CSAF".to_owned());
    }
    if let Some(prefix) = ["licenseref-", "additionref-"]
        .into_iter()
        .find(|p| lower.starts_with(p))
    {
        return Err(format!(
            "`{prefix}` does not stand here, or not with these capital letters"
        ));
    }
    if is_idstring(id) {
        Ok(id)
    } else {
        Err(odd(whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read() {
        for good in [
            "MIT",
            "CC-BY-4.0",
            "GPL-2.0+",
            "MIT AND (Apache-2.0 OR BSD-3-Clause)",
            "GPL-2.0-or-later WITH Bison-exception-2.2",
            "mit or apache-2.0",
            "LicenseRef-www.example.org-Example-2.0",
            "MIT WITH AdditionRef-x",
            "((MIT))",
            "A.SPDX-License-ID-that-does-not-exist",
        ] {
            assert!(ids(good).is_ok(), "{good}: {:?}", ids(good));
        }
        for bad in [
            "",
            "This is a license text that should not be here.",
            "DocumentRef-x:LicenseRef-y",
            "LicenseRef-www.example.org%20x",
            "LicenseRef-a#b",
            "LicenseRef-",
            "LicenseRef-x+",
            "licenseref-x",
            "licenseREF-x",
            "AdditionRef-x",
            "MIT WITH LicenseRef-x",
            "MIT AND",
            "AND MIT",
            "MIT And Apache-2.0",
            "(MIT",
            "MIT)",
            "MIT Apache-2.0",
            "MIT WITH",
            "+",
            "()",
        ] {
            assert!(ids(bad).is_err(), "{bad}");
        }
        assert!(ids(&"(".repeat(100_000)).is_err());
    }

    #[test]
    fn own_ids_are_told_apart() {
        assert!(is_own("LicenseRef-www.example.com-no-work-pd"));
        assert!(!is_own("LicenseRef-scancode-public-domain") && !is_own("MIT-99"));
        assert!(KNOWN.contains_key("bison-exception-2.2") && !KNOWN.contains_key("mit-99"));
    }
}
