//! HTML blocks inside a text, as the lines of Markdown that say the same.
//!
//! Invariants: one pass; words keep the line they stand on; scripts and styles
//! are dropped, `<pre>` is code.
//!
//! Deliberately absent: inline tags and entities; see `inline`.

use super::lines::{LineKind, SourceLine, push};

/// Cells of a row beyond this are not read.
const MOST_CELLS: usize = 40;
/// A tag longer than this is no tag.
const LONGEST_TAG: usize = 600;

/// What is open.
#[derive(Default)]
struct Html {
    out: Vec<SourceLine>,
    /// Words not yet written out, and their first line.
    words: String,
    from: u32,
    /// What goes before and after them.
    prefix: String,
    suffix: &'static str,
    depth: usize,
    ordered: bool,
    in_table: bool,
    /// Cells of the open row.
    cells: Vec<String>,
    in_cell: bool,
    rows: usize,
    /// The tag whose content is dropped or is code.
    raw: Option<Raw>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Raw {
    Dropped(&'static str),
    Code,
}

/// Rewrites the lines that hold HTML blocks.
pub(super) fn rewrite(lines: Vec<SourceLine>) -> Vec<SourceLine> {
    let any = lines
        .iter()
        .any(|l| l.kind == LineKind::Text && l.text.contains('<') && has_block(&l.text));
    if !any {
        return lines;
    }
    let mut html = Html::default();
    for line in lines {
        html.line(line);
    }
    html.flush();
    html.end_row(0);
    html.out
}

fn has_block(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        text.get(at..)
            .and_then(tag)
            .is_some_and(|t| block(&t) != Block::None)
    })
}

/// A tag and what follows it.
struct Tag<'a> {
    name: &'a str,
    closes: bool,
    rest: &'a str,
}

/// The tag with which a text begins.
fn tag(text: &str) -> Option<Tag<'_>> {
    let inner = text.strip_prefix('<')?;
    let closes = inner.starts_with('/');
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let length = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = inner
        .get(..length)
        .filter(|n| !n.is_empty() && n.len() <= 12)?;
    let after = inner.get(length..)?;
    if !after.starts_with([' ', '>', '/', '\t']) {
        return None;
    }
    let near = after.get(..after.floor_char_boundary(LONGEST_TAG))?;
    let end = near.find('>')?;
    Some(Tag {
        name,
        closes,
        rest: after.get(end + 1..)?,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    None,
    Heading(usize),
    Item,
    List(bool),
    Break,
    Part,
    Summary,
    Term,
    Meaning,
    Table,
    TablePart,
    Row,
    Cell,
    Pre,
    Dropped(&'static str),
}

fn block(tag: &Tag<'_>) -> Block {
    match tag.name.to_ascii_lowercase().as_str() {
        "h1" => Block::Heading(1),
        "h2" => Block::Heading(2),
        "h3" => Block::Heading(3),
        "h4" => Block::Heading(4),
        "h5" => Block::Heading(5),
        "h6" => Block::Heading(6),
        "li" => Block::Item,
        "ul" => Block::List(false),
        "ol" => Block::List(true),
        "br" => Block::Break,
        "p" | "div" | "details" | "section" | "article" | "center" | "blockquote" | "dl" | "hr"
        | "body" | "html" | "header" | "footer" | "main" | "nav" | "aside" | "figure" => {
            Block::Part
        }
        "summary" => Block::Summary,
        "dt" => Block::Term,
        "dd" => Block::Meaning,
        "table" => Block::Table,
        "thead" | "tbody" | "tfoot" | "caption" | "colgroup" => Block::TablePart,
        "tr" => Block::Row,
        "td" | "th" => Block::Cell,
        "pre" => Block::Pre,
        "script" => Block::Dropped("script"),
        "style" => Block::Dropped("style"),
        "head" => Block::Dropped("head"),
        _ => Block::None,
    }
}

impl Html {
    fn line(&mut self, line: SourceLine) {
        if line.kind == LineKind::Code {
            self.flush();
            self.out.push(line);
            return;
        }
        let quiet = self.words.is_empty()
            && self.prefix.is_empty()
            && !self.in_table
            && self.depth == 0
            && self.raw.is_none();
        let is_row = line.text.trim_start().starts_with('|') && !self.in_table;
        if is_row || quiet && !(line.text.contains('<') && has_block(&line.text)) {
            self.flush();
            self.out.push(line);
            return;
        }
        self.mixed(line.no, &line.text);
    }

    /// Reads a line tag by tag.
    fn mixed(&mut self, no: u32, text: &str) {
        let blank = text.trim().is_empty();
        let lead = text
            .get(..text.len() - text.trim_start().len())
            .unwrap_or("");
        let mut rest = text.trim();
        if self.words.is_empty() && self.prefix.is_empty() && self.depth == 0 && !lead.is_empty() {
            // The indent of Markdown around the tags.
            lead.clone_into(&mut self.prefix);
        }
        while let Some(at) = rest.find('<') {
            let (before, here) = (rest.get(..at).unwrap_or(""), rest.get(at..).unwrap_or(""));
            let found = tag(here).filter(|t| block(t) != Block::None);
            if let Some(found) = found {
                self.add(no, before);
                self.block(no, &found);
                rest = found.rest;
            } else {
                self.add(no, before);
                self.add(no, "<");
                rest = here.get(1..).unwrap_or("");
            }
        }
        self.add(no, rest);
        let goes_on = if self.in_table {
            self.in_cell
        } else {
            self.heading_is_open() && !blank
        };
        if goes_on {
            self.add(no, " ");
            return;
        }
        self.flush();
        if self.in_table {
            return;
        }
        if blank {
            push(&mut self.out, no, "", LineKind::Text);
        } else if self.depth > 0 {
            self.prefix = "  ".repeat(self.depth);
        }
    }

    fn heading_is_open(&self) -> bool {
        self.prefix.starts_with('#') && self.words.len() < 200
    }

    /// Adds words to what is open.
    fn add(&mut self, no: u32, text: &str) {
        match self.raw {
            Some(Raw::Dropped(_)) => return,
            Some(Raw::Code) => {
                if !text.trim().is_empty() {
                    push(&mut self.out, no, text, LineKind::Code);
                }
                return;
            }
            None => {}
        }
        if self.in_table && self.in_cell {
            if let Some(cell) = self.cells.last_mut() {
                cell.push_str(&text.replace('|', "/"));
            }
            return;
        }
        if self.in_table {
            return;
        }
        if self.words.is_empty() {
            self.from = no;
        }
        self.words.push_str(text);
    }

    /// Writes out the open words.
    fn flush(&mut self) {
        let words = std::mem::take(&mut self.words);
        let prefix = std::mem::take(&mut self.prefix);
        let suffix = std::mem::take(&mut self.suffix);
        if !words.trim().is_empty() {
            let text = format!("{prefix}{}{suffix}", words.trim());
            push(&mut self.out, self.from, &text, LineKind::Text);
        }
    }

    fn block(&mut self, no: u32, tag: &Tag<'_>) {
        let kind = block(tag);
        if let Some(raw) = self.raw {
            let ends = match (raw, kind) {
                (Raw::Dropped(name), Block::Dropped(other)) => name == other,
                (Raw::Code, Block::Pre) => true,
                _ => false,
            };
            if ends && tag.closes {
                self.raw = None;
            }
            return;
        }
        if self.in_table {
            self.table_tag(no, kind, tag.closes);
            return;
        }
        self.flush();
        match (kind, tag.closes) {
            (Block::Heading(level), false) => {
                self.blank(no);
                self.prefix = format!("{} ", "#".repeat(level));
            }
            (Block::List(ordered), false) => {
                self.depth = (self.depth + 1).min(8);
                self.ordered = ordered;
                if self.depth == 1 {
                    self.blank(no);
                }
            }
            (Block::List(_), true) => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.blank(no);
                }
            }
            (Block::Item, false) => {
                let indent = "  ".repeat(self.depth.saturating_sub(1));
                let mark = if self.ordered { "1." } else { "-" };
                self.prefix = format!("{indent}{mark} ");
                self.depth = self.depth.max(1);
            }
            (Block::Summary, false) => {
                self.blank(no);
                "**".clone_into(&mut self.prefix);
                self.suffix = "**";
            }
            (Block::Term, false) => {
                "- ".clone_into(&mut self.prefix);
                self.suffix = ":";
            }
            (Block::Meaning, false) => "  ".clone_into(&mut self.prefix),
            (Block::Part, _) | (Block::Heading(_) | Block::Summary, true) => self.blank(no),
            (Block::Table, false) => {
                self.blank(no);
                self.in_table = true;
                self.rows = 0;
            }
            (Block::Pre, false) => self.raw = Some(Raw::Code),
            (Block::Dropped(name), false) => self.raw = Some(Raw::Dropped(name)),
            _ => {}
        }
    }

    fn table_tag(&mut self, no: u32, kind: Block, closes: bool) {
        match (kind, closes) {
            (Block::Cell, false) => {
                if self.cells.is_empty() {
                    self.from = no;
                }
                if self.cells.len() < MOST_CELLS {
                    self.cells.push(String::new());
                }
                self.in_cell = true;
            }
            (Block::Cell, true) => self.in_cell = false,
            (Block::Row, _) => self.end_row(no),
            (Block::Table, true) => {
                self.end_row(no);
                self.in_table = false;
                self.blank(no);
            }
            _ => {}
        }
    }

    fn end_row(&mut self, no: u32) {
        self.in_cell = false;
        let cells = std::mem::take(&mut self.cells);
        if cells.is_empty() {
            return;
        }
        let from = if self.from == 0 { no } else { self.from };
        let words: Vec<&str> = cells.iter().map(|c| c.trim()).collect();
        push(
            &mut self.out,
            from,
            &format!("| {} |", words.join(" | ")),
            LineKind::Text,
        );
        self.rows += 1;
        if self.rows == 1 {
            let rule = "---|".repeat(cells.len());
            push(&mut self.out, from, &format!("|{rule}"), LineKind::Text);
        }
    }

    fn blank(&mut self, no: u32) {
        push(&mut self.out, no, "", LineKind::Text);
    }
}
