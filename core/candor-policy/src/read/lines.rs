//! Source lines that lost their marks: configuration without a fence, and
//! items that ran together.
//!
//! Invariants: every source line keeps its number, also when it is split.
//!
//! Deliberately absent: blocks; see `builder`.

use crate::vocab::{FILE_ENDINGS, FOLDERS};

/// What a source line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    Text,
    Code,
}

/// One line, or one part of a line that held several.
#[derive(Debug, Clone)]
pub(super) struct SourceLine {
    pub(super) no: u32,
    pub(super) text: String,
    pub(super) kind: LineKind,
}

/// Marks configuration, and takes apart lines into which several items ran together.
pub(super) fn repaired(mut lines: Vec<SourceLine>) -> Vec<SourceLine> {
    mark_configuration(&mut lines);
    split_joined(lines)
}

pub(super) fn push(lines: &mut Vec<SourceLine>, no: u32, text: &str, kind: LineKind) {
    lines.push(SourceLine {
        no,
        text: text.to_owned(),
        kind,
    });
}

/// Marks configuration that lost its fence: runs of `some_key: value` lines.
fn mark_configuration(lines: &mut [SourceLine]) {
    let mut start = None;
    let mut end = 0;
    let mut strong = 0_usize;
    let mut marks: Vec<(usize, usize)> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let shape = shape(line);
        match shape {
            Shape::Key(strong_key) => {
                start.get_or_insert(i);
                strong += usize::from(strong_key);
                end = i;
            }
            Shape::Value if start.is_some() => end = i,
            Shape::Remark => {
                start.get_or_insert(i);
            }
            Shape::Value | Shape::No => {
                if let Some(from) = start.take()
                    && strong >= 2
                {
                    marks.push((from, end));
                }
                strong = 0;
            }
        }
    }
    if let Some(from) = start
        && strong >= 2
    {
        marks.push((from, end));
    }
    for (from, to) in marks {
        for line in lines.iter_mut().take(to + 1).skip(from) {
            line.kind = LineKind::Code;
        }
    }
}

enum Shape {
    /// `some_key:`; true when the key holds an underscore.
    Key(bool),
    /// A quoted list value.
    Value,
    /// `# words`.
    Remark,
    No,
}

fn shape(line: &SourceLine) -> Shape {
    if line.kind == LineKind::Code {
        return Shape::No;
    }
    let text = line.text.trim();
    if text.starts_with("# ") {
        return Shape::Remark;
    }
    if text.starts_with("- \"") || text.starts_with("- '") {
        return Shape::Value;
    }
    let Some((key, rest)) = text.split_once(':') else {
        return Shape::No;
    };
    let is_key = !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if is_key && (rest.is_empty() || rest.starts_with(' ')) {
        Shape::Key(key.contains('_'))
    } else {
        Shape::No
    }
}

/// Takes apart lines into which several items ran together when marks were lost.
fn split_joined(lines: Vec<SourceLine>) -> Vec<SourceLine> {
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        match line.kind {
            LineKind::Code => split_value(line, &mut out),
            LineKind::Text => split_paths(line, &mut out),
        }
    }
    out
}

/// `- "value"- Next item.` is a value and an item.
fn split_value(line: SourceLine, out: &mut Vec<SourceLine>) {
    let found = line.text.find("\"- ").map(|at| at + 1);
    let halves = found.and_then(|at| {
        let head = line.text.get(..at)?;
        let tail = line.text.get(at..)?;
        Some((head.to_owned(), tail.to_owned()))
    });
    match halves {
        Some((head, tail)) => {
            push(out, line.no, &head, LineKind::Code);
            push(out, line.no, &tail, LineKind::Text);
        }
        None => out.push(line),
    }
}

/// `apps/web— Frontendapps/api— Backend` is two items: a path stands where a
/// well-known folder name begins in the middle of a word.
fn split_paths(line: SourceLine, out: &mut Vec<SourceLine>) {
    let starts = path_starts(&line.text);
    if starts.len() < 2 {
        out.push(line);
        return;
    }
    let mut cuts = starts;
    for (at, _) in line.text.match_indices("- ") {
        let before = line.text.get(..at).and_then(|t| t.chars().next_back());
        let after = line.text.get(at + 2..).and_then(|t| t.chars().next());
        if before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_uppercase) {
            cuts.push(at);
        }
    }
    cuts.sort_unstable();
    cuts.push(line.text.len());
    for pair in cuts.windows(2) {
        let [from, to] = pair else { continue };
        let Some(piece) = line.text.get(*from..*to) else {
            continue;
        };
        let piece = piece.trim_start_matches("- ");
        push(
            out,
            line.no,
            &format!("- {}", part_file_ending(piece)),
            LineKind::Text,
        );
    }
}

/// Where paths with a well-known first folder start, when they are glued to
/// what stands before them or the line begins with one.
fn path_starts(text: &str) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    if text.len() > 4000 {
        return found;
    }
    for (slash, _) in text.match_indices('/') {
        let Some(before) = text.get(..slash) else {
            continue;
        };
        let longest = FOLDERS
            .iter()
            .filter(|f| before.ends_with(*f))
            .max_by_key(|f| f.len());
        let Some(folder) = longest else { continue };
        let at = slash - folder.len();
        let left = text.get(..at).and_then(|t| t.chars().next_back());
        let glued = left.is_none_or(|c| c.is_ascii_lowercase());
        if glued {
            found.push(at);
        }
    }
    if found.first() == Some(&0) {
        found
    } else {
        Vec::new()
    }
}

/// `compose.ymland more` is `compose.yml and more`.
fn part_file_ending(text: &str) -> String {
    for ending in FILE_ENDINGS {
        let Some(at) = text.find(ending) else {
            continue;
        };
        let cut = at + ending.len();
        let (Some(head), Some(tail)) = (text.get(..cut), text.get(cut..)) else {
            continue;
        };
        if tail.starts_with("and ") || tail.starts_with("or ") {
            return format!("{head} {tail}");
        }
    }
    text.to_owned()
}
