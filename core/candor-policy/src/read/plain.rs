//! Headings of texts without marks: numbered, in capitals, or a word and a colon.
//!
//! Invariants: a line becomes a heading only where it stands alone and its
//! words are a heading's own; looks at the lines around it.
//!
//! Deliberately absent: lists; see `builder`.

use super::inline::lower;
use super::lines::{LineKind, SourceLine};
use super::marks::item_mark;
use crate::vocab;

/// Longest heading, in characters.
const LONGEST: usize = 80;

/// Marks such lines as headings of Markdown.
pub(super) fn rewrite(lines: &mut [SourceLine]) {
    let mut found: Vec<(usize, String)> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let bare = line.text.trim();
        if line.kind == LineKind::Code || bare.is_empty() || bare.len() > LONGEST * 4 {
            continue;
        }
        let before = i.checked_sub(1).and_then(|n| lines.get(n));
        let after = lines.get(i + 1);
        let alone = is_blank(before) && is_blank(after);
        let opens = is_blank(before);
        let heading = if let Some(title) = numbered(bare) {
            (alone && !among_items(lines, i)).then(|| title.to_owned())
        } else if is_in_capitals(bare) {
            opens.then(|| capitalised(bare.trim_end_matches(':')))
        } else {
            let label = bare
                .strip_suffix(':')
                .filter(|t| vocab::is_heading(&lower(t)));
            // A label above a list leads into it; above text it is a heading.
            let leads = next_text(lines, i).is_none_or(|t| item_mark(t).is_some());
            label
                .filter(|t| opens && !leads && t.split_whitespace().count() <= 5)
                .map(str::to_owned)
        };
        if let Some(title) = heading.filter(|t| t.chars().count() <= LONGEST) {
            found.push((i, title));
        }
    }
    for (i, title) in found {
        if let Some(line) = lines.get_mut(i) {
            line.text = format!("### {title}");
        }
    }
}

fn is_blank(line: Option<&SourceLine>) -> bool {
    line.is_none_or(|l| l.kind == LineKind::Text && l.text.trim().is_empty())
}

/// The next line with words, not far behind.
fn next_text(lines: &[SourceLine], at: usize) -> Option<&str> {
    lines
        .iter()
        .skip(at + 1)
        .take(4)
        .map(|l| l.text.as_str())
        .find(|t| !t.trim().is_empty())
}

/// The words behind `2.`, `2.1` or `IV.`, where they are a heading's own.
fn numbered(bare: &str) -> Option<&str> {
    let (number, title) = bare.split_once(' ')?;
    let digits = number.trim_end_matches(['.', ')']);
    let arabic = digits.len() <= 6
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    let roman = number.ends_with('.')
        && !digits.is_empty()
        && digits.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    let title = title.trim().trim_end_matches(':');
    let open_end = !title.ends_with(['.', ',', ';', '!']);
    let capital = title.starts_with(|c: char| c.is_uppercase());
    let fits = (arabic || roman) && open_end && capital && title.split_whitespace().count() <= 8;
    (fits && vocab::is_heading(&lower(title))).then_some(title)
}

/// Whether the next numbered line stands close by: then this is a list, and
/// its items are short.
fn among_items(lines: &[SourceLine], at: usize) -> bool {
    let near = |line: Option<&SourceLine>| {
        line.is_some_and(|l| {
            let bare = l.text.trim();
            bare.starts_with(|c: char| c.is_ascii_digit()) && item_mark(bare).is_some()
        })
    };
    near(lines.get(at + 2)) || at.checked_sub(2).is_some_and(|n| near(lines.get(n)))
}

fn is_in_capitals(bare: &str) -> bool {
    let letters = bare.chars().filter(|c| c.is_alphabetic()).count();
    let words = bare.split_whitespace().count();
    letters >= 4
        && (1..=8).contains(&words)
        && bare.chars().all(|c| !c.is_lowercase())
        && bare.chars().any(char::is_uppercase)
        && bare.starts_with(|c: char| c.is_uppercase())
        && !bare.ends_with(['.', '!', '?', ',', ';', '|', '`'])
        && !bare.contains(['@', '/', '=', '|', '_'])
        && (vocab::is_heading(&lower(bare.trim_end_matches(':'))) || words >= 2)
}

/// "SUPPORTED VERSIONS" as "Supported versions".
fn capitalised(bare: &str) -> String {
    let low = bare.to_lowercase();
    let mut chars = low.chars();
    chars
        .next()
        .map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}
