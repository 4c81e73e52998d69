//! Where sentences begin and end, across lines.
//!
//! Invariants: every character of a paragraph lands in exactly one sentence;
//! the lines of a sentence are those its characters stand on.
//!
//! Deliberately absent: grammar.

use candor_base::Span;

/// Width below which a line that is followed by a capital ends its sentence:
/// wrapped lines are longer.
const SHORT_LINE: usize = 48;

/// No sentence is longer than this, in bytes.
const LONGEST: usize = 8_000;

const ABBREVIATIONS: [&str; 16] = [
    "e.g.", "i.e.", "eg.", "ie.", "vs.", "cf.", "approx.", "max.", "min.", "ca.", "env.", "inc.",
    "ltd.", "no.", "z.b.", "bzw.",
];

/// The sentences of a paragraph given line by line.
pub(super) fn of_paragraph(lines: &[(u32, String)]) -> Vec<(Span, String)> {
    let mut out = Vec::new();
    let mut buffer = String::new();
    let mut from = 0;
    for (i, (no, text)) in lines.iter().enumerate() {
        let next = lines.get(i + 1).map(|(_, t)| t.trim_start());
        let pieces = split_text(text);
        for (j, piece) in pieces.iter().enumerate() {
            if buffer.is_empty() {
                from = *no;
            } else {
                buffer.push(' ');
            }
            buffer.push_str(piece.trim());
            if j + 1 < pieces.len() {
                out.push((Span::lines(from, *no), std::mem::take(&mut buffer)));
            }
        }
        let breaks = match next {
            None => true,
            Some(_) if buffer.len() > LONGEST => true,
            Some(next) => {
                ends_sentence(&buffer)
                    || buffer.trim_end().ends_with(':')
                    || (text.trim().chars().count() < SHORT_LINE
                        && next.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()))
            }
        };
        if breaks && !buffer.is_empty() {
            out.push((Span::lines(from, *no), std::mem::take(&mut buffer)));
        }
    }
    out
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.len()
        .checked_sub(word.len())
        .and_then(|at| text.get(at..))
        .is_some_and(|end| end.eq_ignore_ascii_case(word))
}

fn ends_sentence(text: &str) -> bool {
    let bare = text
        .trim_end()
        .trim_end_matches(['*', '_', '"', '\u{201d}', ')', '`']);
    bare.ends_with(['.', '!', '?', '。', '！', '？'])
        && !ABBREVIATIONS.iter().any(|a| ends_with_word(bare, a))
}

/// Cuts one line of text into its sentences.
pub(crate) fn split_text(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut from = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if matches!(c, '。' | '！' | '？') {
            let end = at + c.len_utf8();
            out.extend(text.get(from..end));
            from = end;
            continue;
        }
        if !matches!(c, '.' | '!' | '?') {
            continue;
        }
        let mut end = at + 1;
        while let Some((next, closing)) = chars.peek().copied() {
            if matches!(closing, '*' | '_' | '"' | '\u{201d}' | ')') {
                end = next + closing.len_utf8();
                chars.next();
            } else {
                break;
            }
        }
        let Some(rest) = text.get(end..) else { break };
        let begins = rest.trim_start();
        let capital = begins
            .trim_start_matches(['*', '_', '[', '"', '\u{201c}', '(', '`'])
            .starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        if !rest.starts_with(char::is_whitespace) || !capital {
            continue;
        }
        let head = text.get(from..end).unwrap_or("");
        // Only the last word decides whether the point belongs to an abbreviation.
        let word = head
            .split_whitespace()
            .next_back()
            .unwrap_or("")
            .to_lowercase();
        let word = word.trim_start_matches('(');
        if ABBREVIATIONS.contains(&word) || is_list_number(word) {
            continue;
        }
        out.push(head);
        from = end;
    }
    if let Some(rest) = text.get(from..)
        && !rest.trim().is_empty()
    {
        out.push(rest);
    }
    out
}

fn is_list_number(word: &str) -> bool {
    word.strip_suffix('.')
        .is_some_and(|n| !n.is_empty() && n.len() <= 2 && n.bytes().all(|b| b.is_ascii_digit()))
}
