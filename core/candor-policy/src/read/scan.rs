//! Source lines with code, key blocks, comments, signatures, quotes and front
//! matter told apart.
//!
//! Invariants: every source line keeps its number; a comment never becomes text.
//!
//! Deliberately absent: blocks; see `builder`.

use candor_base::Span;

use super::dialect::Dialect;
use super::lines::{LineKind, SourceLine, push};

/// What the lines of a text are.
#[derive(Default)]
pub(super) struct Scan {
    /// Text and code.
    pub(super) lines: Vec<SourceLine>,
    /// Lines that hold key blocks.
    pub(super) keys: Vec<Span>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Text,
    Fence(char, usize),
    Comment,
    Key(u32),
    Signature,
    FrontMatter,
}

struct Scanner {
    out: Scan,
    dialect: Dialect,
    state: State,
    /// The text before is signed: lines that begin with a dash are escaped.
    signed: bool,
    /// The fence of an open note.
    note: Option<(char, usize)>,
    /// Characters of the line before, when it was text.
    before: usize,
}

/// Tells the lines of a text apart.
pub(super) fn scan(text: &str, dialect: Dialect) -> Scan {
    let mut scanner = Scanner {
        out: Scan::default(),
        dialect,
        state: State::Text,
        signed: false,
        note: None,
        before: 0,
    };
    if dialect == Dialect::Markdown && has_front_matter(text) {
        scanner.state = State::FrontMatter;
    }
    for (index, raw) in text.split('\n').enumerate() {
        let no = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        let raw = raw.strip_suffix('\r').unwrap_or(raw);
        scanner.step(no, raw);
    }
    scanner.out
}

/// Whether a text begins with `---`, settings and `---`.
fn has_front_matter(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_end);
    lines.next() == Some("---")
        && lines.take(60).try_for_each(|l| match l {
            "---" | "..." => Err(true),
            l if is_setting(l) => Ok(()),
            _ => Err(false),
        }) == Err(true)
}

fn is_setting(line: &str) -> bool {
    let text = line.trim_start();
    text.is_empty()
        || text.starts_with(['#', '-'])
        || text != line
        || text
            .split_once(':')
            .is_some_and(|(key, _)| !key.is_empty() && !key.contains(' '))
}

impl Scanner {
    fn step(&mut self, no: u32, raw: &str) {
        match self.state {
            State::FrontMatter => {
                if no > 1 && matches!(raw.trim_end(), "---" | "...") {
                    self.state = State::Text;
                }
            }
            State::Fence(mark, length) => self.in_fence(no, raw, mark, length),
            State::Comment => {
                if let Some((_, rest)) = raw.split_once("-->") {
                    self.text_line(no, rest);
                }
            }
            State::Key(from) => {
                if let Some((_, rest)) = raw.split_once("-----END PGP") {
                    self.out.keys.push(Span::lines(from, no));
                    let after = rest.split_once("-----").map_or("", |(_, a)| a);
                    self.state = State::Text;
                    self.text_line(no, after);
                }
            }
            State::Signature => {
                if raw.contains("-----END PGP") {
                    self.state = State::Text;
                }
            }
            State::Text => self.text(no, raw),
        }
    }

    fn in_fence(&mut self, no: u32, raw: &str, mark: char, length: usize) {
        let closes = fence(unquoted(raw).1)
            .is_some_and(|(m, n, rest)| m == mark && n >= length && rest.trim().is_empty());
        if closes {
            self.put(no, "");
            self.state = State::Text;
            return;
        }
        if raw.contains("-----BEGIN PGP") {
            self.out.keys.push(Span::line(no));
        }
        push(&mut self.out.lines, no, raw, LineKind::Code);
    }

    fn text(&mut self, no: u32, raw: &str) {
        let raw = if self.signed {
            if raw.starts_with("Hash: ") {
                return;
            }
            raw.strip_prefix("- ").unwrap_or(raw)
        } else {
            raw
        };
        let quoted = match self.dialect {
            Dialect::Markdown => unquoted(raw),
            _ => (false, raw),
        };
        let bare = quoted.1;
        if quoted.0 && is_alert(bare) {
            self.put(no, "");
            return;
        }
        if bare.trim_start().starts_with(":::") {
            self.put(no, "");
            return;
        }
        if let Some((mark, length, rest)) = fence(bare) {
            let closes =
                rest.trim().is_empty() && self.note.is_some_and(|(m, n)| m == mark && length >= n);
            if closes || is_note(rest) {
                self.note = if closes { None } else { Some((mark, length)) };
                self.put(no, "");
                return;
            }
        }
        if let Some((mark, length, rest)) = fence(bare)
            && !self.is_underline(mark, length, rest)
        {
            self.put(no, "");
            self.state = State::Fence(mark, length);
            return;
        }
        self.text_line(no, bare);
    }

    /// Whether marks stand under a heading instead of beginning code.
    fn is_underline(&self, mark: char, length: usize, rest: &str) -> bool {
        let alone = rest.trim().is_empty();
        let fits = self.before > 0 && length + 2 >= self.before && length <= self.before + 2;
        let no_fences = matches!(self.dialect, Dialect::Rst | Dialect::AsciiDoc);
        mark == '~' && alone && (fits || no_fences)
    }

    fn text_line(&mut self, no: u32, raw: &str) {
        self.state = State::Text;
        let mut kept = String::new();
        let mut rest = raw;
        while let Some((before, after)) = rest.split_once("<!--") {
            kept.push_str(before);
            let Some((_, tail)) = after.split_once("-->") else {
                self.put(no, &kept);
                self.state = State::Comment;
                return;
            };
            rest = tail;
        }
        let raw = if kept.is_empty() {
            rest
        } else {
            kept.push_str(rest);
            kept.as_str()
        };
        let Some((before, after)) = raw.split_once("-----BEGIN PGP") else {
            self.put(no, raw);
            return;
        };
        if after.starts_with(" SIGNED MESSAGE") {
            self.signed = true;
            self.before = 0;
            return;
        }
        self.put(no, before);
        let signature = after.starts_with(" SIGNATURE");
        if after.contains("-----END PGP") {
            if !signature {
                self.out.keys.push(Span::line(no));
            }
        } else if signature {
            self.signed = false;
            self.state = State::Signature;
        } else {
            self.state = State::Key(no);
        }
    }

    fn put(&mut self, no: u32, text: &str) {
        self.before = text.trim().chars().take(200).count();
        push(&mut self.out.lines, no, text, LineKind::Text);
    }
}

/// A line without the marks of block quotes, and whether it had any.
fn unquoted(line: &str) -> (bool, &str) {
    let mut rest = line;
    let mut quoted = false;
    loop {
        let text = rest.trim_start();
        let Some(inner) = text.strip_prefix('>') else {
            break;
        };
        quoted = true;
        rest = inner.strip_prefix(' ').unwrap_or(inner);
    }
    (quoted, if quoted { rest } else { line })
}

/// `[!NOTE]`, the head of an alert.
fn is_alert(bare: &str) -> bool {
    bare.trim()
        .strip_prefix("[!")
        .and_then(|t| t.strip_suffix(']'))
        .is_some_and(|name| name.chars().all(char::is_alphabetic))
}

/// Whether a fence holds a note for the reader, as `{warning}` does, and no code.
fn is_note(rest: &str) -> bool {
    let name = rest.trim_start().strip_prefix('{');
    let name = name.and_then(|r| r.split_once('}')).map_or("", |(n, _)| n);
    matches!(
        name,
        "note"
            | "warning"
            | "important"
            | "tip"
            | "hint"
            | "caution"
            | "attention"
            | "danger"
            | "error"
            | "seealso"
            | "admonition"
    )
}

/// A fence: its mark, its length and what follows.
fn fence(line: &str) -> Option<(char, usize, &str)> {
    let text = line.trim_start();
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let rest = text.trim_start_matches(mark);
    let length = text.len().saturating_sub(rest.len());
    let inline = mark == '`' && rest.contains('`');
    (length >= 3 && !inline).then_some((mark, length, rest))
}
