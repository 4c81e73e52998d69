//! `AsciiDoc`, as the lines of Markdown that say the same.
//!
//! Invariants: one pass; words keep the line they stand on; comments and code
//! promise nothing.
//!
//! Deliberately absent: includes, conditions, nested tables.

use std::collections::BTreeMap;

use super::lines::{LineKind, SourceLine, push};
use super::scan::Scan;

/// Cells of a table beyond this are not read.
const MOST_CELLS: usize = 4_000;
/// Attributes beyond this are not kept.
const MOST_ATTRIBUTES: usize = 200;

#[derive(Default)]
struct AsciiDoc {
    out: Vec<SourceLine>,
    attributes: BTreeMap<String, String>,
    /// The delimiter of the open block of code or comment.
    raw: Option<(String, bool)>,
    table: Option<Table>,
    /// What `[…]` said about the next block.
    columns: Option<usize>,
    /// Characters of the line before, when it was text.
    before: usize,
    /// A term that waits for its meaning.
    term: bool,
}

struct Table {
    columns: Option<usize>,
    cells: Vec<(u32, String)>,
}

/// Rewrites a text.
pub(super) fn rewrite(scan: Scan) -> Scan {
    let mut doc = AsciiDoc::default();
    for line in scan.lines {
        doc.line(line);
    }
    doc.end_table();
    Scan {
        lines: doc.out,
        keys: scan.keys,
    }
}

impl AsciiDoc {
    fn put(&mut self, no: u32, text: &str) {
        self.before = text.trim().chars().take(200).count();
        push(&mut self.out, no, text, LineKind::Text);
    }

    fn line(&mut self, line: SourceLine) {
        if line.kind == LineKind::Code {
            self.out.push(line);
            return;
        }
        let no = line.no;
        let text = line.text.trim_end();
        if let Some((delimiter, is_comment)) = &self.raw {
            if text == delimiter {
                self.raw = None;
                self.put(no, "");
            } else if !*is_comment {
                push(&mut self.out, no, text, LineKind::Code);
            }
            return;
        }
        if text.starts_with("|===") {
            if self.table.is_some() {
                self.end_table();
            } else {
                self.table = Some(Table {
                    columns: self.columns.take(),
                    cells: Vec::new(),
                });
            }
            self.put(no, "");
            return;
        }
        if self.table.is_some() {
            self.table_line(no, text);
            return;
        }
        if !self.frame(no, text) {
            self.words(no, text);
        }
    }

    /// Delimiters, attributes, macros: lines that hold no words.
    fn frame(&mut self, no: u32, text: &str) -> bool {
        if let Some(delimiter) = delimiter(text) {
            let under = delimiter != '/' && delimiter != '.' && self.is_underline(text);
            match delimiter {
                _ if under => self.put(no, text),
                '/' => self.raw = Some((text.to_owned(), true)),
                '-' | '.' | '+' if text.len() >= 4 => self.raw = Some((text.to_owned(), false)),
                _ => self.put(no, ""),
            }
            return true;
        }
        if text.starts_with("//") {
            return true;
        }
        if let Some((name, value)) = attribute(text) {
            if self.attributes.len() < MOST_ATTRIBUTES {
                self.attributes.insert(name.to_owned(), value.to_owned());
            }
            self.put(no, "");
            return true;
        }
        if text.starts_with('[') && text.ends_with(']') && !text.contains("](") {
            self.columns = columns(text);
            self.put(no, "");
            return true;
        }
        let dropped = [
            "include::",
            "image::",
            "toc::",
            "ifdef::",
            "ifndef::",
            "endif::",
            "video::",
        ];
        if dropped.iter().any(|d| text.starts_with(d)) || matches!(text, "+" | "'''" | "<<<") {
            if text != "+" {
                self.put(no, "");
            }
            return true;
        }
        false
    }

    /// Whether marks stand under a title of about their length.
    fn is_underline(&self, marks: &str) -> bool {
        self.before > 2 && self.before.abs_diff(marks.len()) <= 2
    }

    fn words(&mut self, no: u32, text: &str) {
        let text = inline(&self.attributes, text);
        let bare = text.trim_start();
        if bare.is_empty() {
            self.put(no, "");
            return;
        }
        if std::mem::take(&mut self.term) {
            self.put(no, &format!("  {bare}"));
            return;
        }
        if let Some((term, meaning)) = term(bare) {
            self.put(no, &format!("- {term}: {}", meaning.trim()));
            self.term = meaning.trim().is_empty();
            return;
        }
        if let Some((mark, depth, words)) = item(bare) {
            let indent = "  ".repeat(depth.saturating_sub(1).min(8));
            self.put(no, &format!("{indent}{mark} {words}"));
            return;
        }
        let title = bare
            .strip_prefix('.')
            .filter(|t| t.starts_with(|c: char| c.is_alphanumeric()));
        if let Some(title) = title {
            self.put(no, "");
            self.put(no, &format!("**{title}**"));
            return;
        }
        let plain = ["NOTE: ", "TIP: ", "IMPORTANT: ", "WARNING: ", "CAUTION: "]
            .iter()
            .find_map(|label| bare.strip_prefix(label));
        self.put(no, plain.unwrap_or(&text));
    }

    fn table_line(&mut self, no: u32, text: &str) {
        let text = inline(&self.attributes, text);
        let Some(table) = &mut self.table else { return };
        let mut parts = text.split('|');
        let first = parts.next().unwrap_or("");
        if let Some((_, cell)) = table.cells.last_mut()
            && !first.trim().is_empty()
            && !text.starts_with('|')
        {
            cell.push(' ');
            cell.push_str(without_style(first));
        }
        let cells: Vec<&str> = parts.collect();
        let own = cells.len();
        for cell in cells {
            if table.cells.len() < MOST_CELLS {
                table.cells.push((no, without_style(cell).to_owned()));
            }
        }
        if table.columns.is_none() && own > 0 {
            table.columns = Some(own);
        }
    }

    fn end_table(&mut self) {
        let Some(table) = self.table.take() else {
            return;
        };
        let columns = table.columns.unwrap_or(1).max(1);
        for (i, row) in table.cells.chunks(columns).enumerate() {
            let Some((no, _)) = row.first() else { continue };
            let cells: Vec<&str> = row.iter().map(|(_, c)| c.trim()).collect();
            self.put(*no, &format!("| {} |", cells.join(" | ")));
            if i == 0 {
                self.put(*no, &format!("|{}", "---|".repeat(columns)));
            }
        }
    }
}

/// The sign of a line that opens or closes a block.
fn delimiter(text: &str) -> Option<char> {
    if text == "--" {
        return Some('=');
    }
    let mark = text.chars().next().filter(|c| "/-.+=*_".contains(*c))?;
    (text.len() >= 4 && text.chars().all(|c| c == mark)).then_some(mark)
}

/// `:name: value`.
fn attribute(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.strip_prefix(':')?.split_once(':')?;
    let fits = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '!'))
        && (value.is_empty() || value.starts_with(' '));
    fits.then(|| (name, value.trim()))
}

/// How many columns `[cols="1,2"]` or `[cols=3*]` speaks of.
fn columns(text: &str) -> Option<usize> {
    let (_, rest) = text.split_once("cols=")?;
    let value = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or(""),
        None => rest.split([',', ']']).next().unwrap_or(""),
    };
    let times = value
        .split_once('*')
        .and_then(|(n, _)| n.trim().parse::<usize>().ok());
    let count = times.unwrap_or_else(|| value.split(',').count());
    (1..=40).contains(&count).then_some(count)
}

/// A cell without the style of the next one, which stands at its end (`a|`, `2+|`).
fn without_style(cell: &str) -> &str {
    let text = cell.trim_end();
    let (head, last) = match text.rsplit_once(' ') {
        Some((head, last)) => (head, last),
        None => ("", text),
    };
    let style = !last.is_empty()
        && last.len() <= 3
        && (last.ends_with('+') || matches!(last, "a" | "h" | "m" | "s" | "^" | ">" | "<"));
    if style && cell.ends_with(last) {
        head
    } else {
        text
    }
}

/// `term:: meaning`.
fn term(bare: &str) -> Option<(&str, &str)> {
    let (term, meaning) = bare.split_once("::")?;
    let fits = !term.is_empty()
        && term.chars().count() <= 80
        && !term.ends_with(':')
        && !meaning.starts_with(':')
        && (meaning.is_empty() || meaning.starts_with(' '));
    fits.then_some((term, meaning))
}

/// The mark, depth and words of an item: `** words`, `.. words`, `- words`.
fn item(bare: &str) -> Option<(&'static str, usize, &str)> {
    for (sign, mark) in [('*', "-"), ('.', "1."), ('-', "-")] {
        let rest = bare.trim_start_matches(sign);
        let depth = bare.len() - rest.len();
        if (1..=6).contains(&depth) && rest.starts_with(' ') && !rest.trim().is_empty() {
            return Some((mark, depth, rest.trim()));
        }
    }
    None
}

/// Macros and attributes inside a line, links as in Markdown.
fn inline(attributes: &BTreeMap<String, String>, text: &str) -> String {
    let named = replaced(text, &['{'], |here, _| value(attributes, here));
    replaced(&named, &['h', 'l', 'm', 'x', '<'], |here, begins| {
        if begins { link(here) } else { None }
    })
}

/// A text with what `take` makes of the places that begin with one of the
/// signs; it is told whether a word begins there.
fn replaced<'a>(
    text: &'a str,
    signs: &[char],
    take: impl Fn(&'a str, bool) -> Option<(String, &'a str)>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(signs) {
        let (before, here) = (rest.get(..at).unwrap_or(""), rest.get(at..).unwrap_or(""));
        out.push_str(before);
        let begins = !out.ends_with(|c: char| c.is_alphanumeric());
        if let Some((words, after)) = take(here, begins) {
            out.push_str(&words);
            rest = after;
        } else {
            let length = here.chars().next().map_or(1, char::len_utf8);
            out.push_str(here.get(..length).unwrap_or(""));
            rest = here.get(length..).unwrap_or("");
        }
    }
    out.push_str(rest);
    out
}

fn near(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or("")
}

/// `{name}`.
fn value<'a>(attributes: &BTreeMap<String, String>, here: &'a str) -> Option<(String, &'a str)> {
    let end = near(here, 80).find('}')?;
    let name = here.get(1..end)?;
    let value = attributes.get(name)?;
    Some((value.chars().take(300).collect(), here.get(end + 1..)?))
}

/// `link:url[words]`, `https://…[words]`, `mailto:name@host[words]`, `xref:…[words]`, `<<id,words>>`.
fn link(here: &str) -> Option<(String, &str)> {
    if let Some(inner) = here.strip_prefix("<<") {
        let end = near(inner, 300).find(">>")?;
        let words = inner.get(..end)?;
        let words = words.split_once(',').map_or(words, |(_, w)| w);
        return Some((words.trim().to_owned(), inner.get(end + 2..)?));
    }
    let target = here.strip_prefix("link:").unwrap_or(here);
    let known = here.len() != target.len()
        || ["https://", "http://", "mailto:", "xref:"]
            .iter()
            .any(|p| target.starts_with(p));
    if !known {
        return None;
    }
    let open = near(target, 800).find(|c: char| c == '[' || c.is_whitespace())?;
    let inner = target.get(open..)?.strip_prefix('[')?;
    let close = near(inner, 600).find(']')?;
    let words = inner.get(..close)?;
    let url = target.get(..open)?;
    let after = inner.get(close + 1..)?;
    if url.starts_with("xref:") {
        return Some((words.to_owned(), after));
    }
    let words = words.split(',').next().unwrap_or("").trim_end_matches('^');
    let shown = if words.is_empty() {
        url.strip_prefix("mailto:").unwrap_or(url)
    } else {
        words
    };
    Some((format!("[{shown}]({url})"), after))
}
