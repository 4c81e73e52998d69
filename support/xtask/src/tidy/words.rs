//! The glossary: words that no identifier uses.
//!
//! Comments and quoted text are left out, so that a vocabulary may quote what
//! policies really say.

use super::exceptions::Exceptions;
use crate::Problem;
use crate::tree::{Tree, with_ending};

const CHECK: &str = "words";
/// Word, and the one to use.
const BANNED: &[(&str, &str)] = &[
    ("researcher", "reporter"),
    ("hacker", "reporter"),
    ("ticket", "report or case"),
    ("sla", "promise"),
    ("dto", "view"),
    ("responsible_disclosure", "coordinated disclosure"),
    ("bulletin", "advisory"),
    ("nda", "embargo"),
    ("screening", "initial assessment"),
];

pub(crate) fn check(tree: &Tree, allowed: &mut Exceptions) -> Vec<Problem> {
    let mut out = Vec::new();
    for (path, text) in with_ending(tree, &[".rs"]) {
        for (number, line) in bare_code(text).lines().enumerate() {
            for (word, instead) in banned_in(line) {
                if !allowed.allows("word", path) {
                    out.push(Problem::new(
                        CHECK,
                        format!("{path}:{}", number + 1),
                        format!("`{word}`: say {instead}"),
                    ));
                }
            }
        }
    }
    out
}

fn banned_in(line: &str) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    for name in line
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|n| !n.is_empty())
    {
        let padded = format!("_{}_", snake(name));
        for (word, instead) in BANNED {
            if padded.contains(&format!("_{word}_")) || padded.contains(&format!("_{word}s_")) {
                found.push((*word, *instead));
            }
        }
    }
    found
}

/// `CamelCase` and `UPPER_CASE` as `snake_case`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    let mut lower_before = false;
    for c in name.chars() {
        if c.is_uppercase() && lower_before {
            out.push('_');
        }
        lower_before = c.is_lowercase() || c.is_ascii_digit();
        out.extend(c.to_lowercase());
    }
    out
}

/// The code without comments and without what stands in quotes; line breaks stay.
fn bare_code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => while chars.next_if(|n| *n != '\n').is_some() {},
            '/' if chars.peek() == Some(&'*') => skip_block(&mut chars, &mut out),
            'r' if matches!(chars.peek(), Some('"' | '#')) && !ends_in_word(&out) => {
                skip_raw(&mut chars, &mut out);
            }
            '"' => skip_string(&mut chars, &mut out),
            '\'' => skip_char(&mut chars, &mut out),
            other => out.push(other),
        }
    }
    out
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn ends_in_word(out: &str) -> bool {
    out.chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || c == '_')
}

fn skip_block(chars: &mut Chars<'_>, out: &mut String) {
    let mut before = ' ';
    for c in chars.by_ref() {
        if c == '\n' {
            out.push(c);
        }
        if before == '*' && c == '/' {
            return;
        }
        before = c;
    }
}

fn skip_string(chars: &mut Chars<'_>, out: &mut String) {
    while let Some(c) = chars.next() {
        match c {
            // What is escaped never ends the string.
            '\\' if chars.next() == Some('\n') => out.push('\n'),
            '"' => return,
            '\n' => out.push('\n'),
            _ => {}
        }
    }
}

fn skip_raw(chars: &mut Chars<'_>, out: &mut String) {
    let mut hashes = 0_usize;
    while chars.next_if_eq(&'#').is_some() {
        hashes += 1;
    }
    if chars.next_if_eq(&'"').is_none() {
        return; // a raw identifier
    }
    while let Some(c) = chars.next() {
        if c == '\n' {
            out.push('\n');
        }
        if c == '"' {
            let mut closing = 0;
            while closing < hashes && chars.next_if_eq(&'#').is_some() {
                closing += 1;
            }
            if closing == hashes {
                return;
            }
        }
    }
}

/// A character in quotes; a lifetime is left as it is.
fn skip_char(chars: &mut Chars<'_>, out: &mut String) {
    let mut ahead = chars.clone();
    match ahead.next() {
        Some('\\') => {
            ahead.next();
            let closes = ahead.by_ref().take(10).any(|c| c == '\'');
            if closes {
                *chars = ahead;
            }
        }
        Some(_) if ahead.next() == Some('\'') => *chars = ahead,
        _ => out.push('\''),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree_of;

    #[test]
    fn banned_words_are_found_in_any_case_of_identifier() {
        let code = [
            "fn ti",
            "cket_count() {}\nstruct Repo",
            "rt;\nstruct TheHa",
            "cker;\nconst S",
            "LA_DAYS: u8 = 1;\nlet responsible_",
            "disclosure = 1;",
        ]
        .concat();
        let tree = tree_of(&[("a.rs", &code)]);
        let lines: Vec<String> = check(&tree, &mut Exceptions::default())
            .into_iter()
            .map(|p| p.place)
            .collect();
        assert_eq!(lines, ["a.rs:1", "a.rs:3", "a.rs:4", "a.rs:5"]);
    }

    #[test]
    fn comments_and_quotes_are_free_and_words_inside_words_too() {
        let code = "// a ticket\n/* sla\n*/ let a = \"hacker\";\nlet b = r#\"dto \"x\" dto\"#;\nlet translate = 'x';\nfn f<'a>(x: &'a str) {} // sla\nlet c = '\\'';\nlet slate = 1;\n";
        assert_eq!(
            check(&tree_of(&[("a.rs", code)]), &mut Exceptions::default()),
            []
        );
        assert_eq!(bare_code(code).lines().count(), code.lines().count());
    }
}
