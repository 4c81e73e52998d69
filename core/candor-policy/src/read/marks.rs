//! What a line is by its marks: headings, rules, list items, lines in bold.
//!
//! Invariants: looks at one line, or at one line and the next.
//!
//! Deliberately absent: context; see `builder`.

use super::inline::lower;
use crate::vocab;

/// `## Words`, `== Words`.
pub(super) fn marked_heading(bare: &str) -> Option<(usize, &str)> {
    for mark in ['#', '='] {
        let rest = bare.trim_start_matches(mark);
        let level = bare.len().saturating_sub(rest.len());
        if (1..=6).contains(&level) && rest.starts_with(' ') && !rest.trim().is_empty() {
            return Some((level, rest.trim()));
        }
    }
    None
}

/// A line of marks under a heading, and its level.
pub(super) fn underline(text: &str) -> Option<usize> {
    let mark = text.chars().next()?;
    let level = match mark {
        '=' => 1,
        '-' => 2,
        '~' => 3,
        '^' | '"' => 4,
        _ => return None,
    };
    (text.len() >= 3 && text.chars().all(|c| c == mark)).then_some(level)
}

pub(super) fn is_rule(bare: &str) -> bool {
    bare.len() >= 3
        && bare
            .chars()
            .all(|c| matches!(c, '-' | '*' | '_' | '=' | '~' | ' '))
}

/// The indent and words of a list item.
pub(super) fn item_mark(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches("> ").trim_start();
    let indent = line.len().saturating_sub(text.len());
    for mark in ['-', '*', '+', '·', '•', '◦', '▪', '–'] {
        if let Some(rest) = text.strip_prefix(mark)
            && rest.starts_with([' ', '\t', '\u{a0}'])
            && !rest.trim().is_empty()
        {
            return Some((indent, rest.trim()));
        }
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits) {
        let rest = text.get(digits..)?;
        let rest = rest.strip_prefix(['.', ')'])?;
        if rest.starts_with([' ', '\t']) && !rest.trim().is_empty() {
            return Some((indent, rest.trim()));
        }
    }
    None
}

/// A whole line in bold.
pub(super) fn bold_line(bare: &str) -> Option<&str> {
    let inner = bare
        .strip_prefix("**")
        .and_then(|t| t.strip_suffix("**").or_else(|| t.strip_suffix("**:")))?;
    let short = inner.split_whitespace().count() <= 8;
    (!inner.contains("**") && short && !inner.ends_with(['.', '!'])).then_some(inner)
}

/// A heading that lost its marks: short, no end mark, all words known from headings.
pub(super) fn is_plain_heading(bare: &str, next: &str) -> bool {
    bare.chars().count() <= 60
        && bare.starts_with(|c: char| c.is_uppercase())
        && !bare.ends_with(['.', ',', ';', ':', '!', '?', '|'])
        && !next.starts_with(|c: char| c.is_lowercase())
        && vocab::is_heading(&lower(bare))
}
