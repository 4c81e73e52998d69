//! From lines to units with their context: headings, lead-ins, lists, tables.
//!
//! Invariants: one pass over the lines; a lead-in holds until something that is
//! no item or row follows.
//!
//! Deliberately absent: nesting deeper than a list under an item.

use candor_base::Span;

use super::dialect::{self, Dialect};
use super::inline::{References, fold, lower, reference, strip};
use super::lines::{LineKind, SourceLine, repaired};
use super::marks::{bold_line, is_plain_heading, is_rule, item_mark, marked_heading, underline};
use super::sentences::{of_paragraph, split_text};
use super::tables::{is_separator, pipe_cells, tab_cells};
use super::{Document, Unit, UnitKind};
use super::{asciidoc, html, plain, rst, scan, security_txt};
use crate::vocab::{self, Topic};

/// Units beyond this are not read: no policy is that long.
const MOST_UNITS: usize = 1_200;
/// Cells of a row beyond this are not read.
const MOST_CELLS: usize = 40;
/// Longest unit whose words are looked at, in characters.
const LONGEST: usize = 6_000;

/// Reads a text.
pub(crate) fn read(text: &str) -> Document {
    let dialect = dialect::of(text);
    let mut scan = scan::scan(text, dialect);
    scan = match dialect {
        Dialect::Rst => rst::rewrite(scan),
        Dialect::AsciiDoc => asciidoc::rewrite(scan),
        Dialect::SecurityTxt => security_txt::rewrite(scan),
        Dialect::Markdown => scan,
    };
    let mut lines = html::rewrite(scan.lines);
    plain::rewrite(&mut lines);
    let lines = repaired(lines);
    let refs: References = lines
        .iter()
        .filter(|l| l.kind == LineKind::Text)
        .filter_map(|l| reference(&l.text))
        .collect();
    let mut builder = Builder::new(refs);
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        if builder.units.len() >= MOST_UNITS {
            break;
        }
        at += builder.take(line, lines.get(at + 1));
    }
    builder.flush();
    builder.end_row();
    Document {
        cut: builder.units.len() >= MOST_UNITS,
        units: builder.units,
        keys: scan.keys,
    }
}

struct Table {
    header: Vec<String>,
    /// Cells of a row that is not complete yet, and its lines.
    open: Vec<String>,
    from: u32,
    last: u32,
    tabs: bool,
}

struct OpenItem {
    indent: usize,
    lines: Vec<(u32, String)>,
}

struct Lead {
    unit: usize,
    topic: Option<Topic>,
    /// Whether it ends in a colon, so that short paragraphs may be its items.
    colon: bool,
    /// Indent of the item it is, for lists under an item.
    indent: Option<usize>,
}

struct Builder {
    refs: References,
    units: Vec<Unit>,
    paragraph: Vec<(u32, String)>,
    item: Option<OpenItem>,
    table: Option<Table>,
    heading: String,
    heading_topic: Topic,
    /// A lower heading's topic falls back to the one above it.
    levels: Vec<(usize, Topic)>,
    leads: Vec<Lead>,
    list: u32,
    in_list: bool,
    blank_before: bool,
    sticky: Topic,
}

impl Builder {
    fn new(refs: References) -> Self {
        Self {
            refs,
            units: Vec::new(),
            paragraph: Vec::new(),
            item: None,
            table: None,
            heading: String::new(),
            heading_topic: Topic::Other,
            levels: Vec::new(),
            leads: Vec::new(),
            list: 0,
            in_list: false,
            blank_before: true,
            sticky: Topic::Other,
        }
    }

    /// Takes a line, looking at the next; returns how many lines were used.
    fn take(&mut self, line: &SourceLine, next: Option<&SourceLine>) -> usize {
        if line.kind == LineKind::Code {
            self.flush();
            self.end_table();
            self.code(line);
            return 1;
        }
        let text = line.text.as_str();
        let bare = text.trim();
        if bare.is_empty() {
            self.flush();
            self.end_table();
            self.blank_before = true;
            return 1;
        }
        let used = self.block(line, bare, next);
        self.blank_before = false;
        used
    }

    fn block(&mut self, line: &SourceLine, bare: &str, next: Option<&SourceLine>) -> usize {
        if self.table_line(line, bare, next) {
            return 1;
        }
        if let Some((level, words)) = marked_heading(bare) {
            self.flush();
            self.put_heading(level, words, line.no);
            return 1;
        }
        let next_text = next
            .filter(|n| n.kind == LineKind::Text)
            .map_or("", |n| n.text.trim());
        if let Some(level) = underline(next_text)
            && self.paragraph.is_empty()
            && bare.chars().count() <= 100
            && item_mark(&line.text).is_none()
        {
            self.flush();
            self.put_heading(level, bare, line.no);
            return 2;
        }
        if is_rule(bare) || reference(bare).is_some() {
            self.flush();
            return 1;
        }
        if let Some((indent, words)) = item_mark(&line.text) {
            self.flush();
            self.open_item(indent, line.no, words);
            return 1;
        }
        self.running_text(line, bare, next_text);
        1
    }

    fn open_item(&mut self, indent: usize, no: u32, words: &str) {
        if !self.in_list {
            self.list += 1;
            self.in_list = true;
        }
        self.item = Some(OpenItem {
            indent,
            lines: vec![(no, words.to_owned())],
        });
    }

    fn running_text(&mut self, line: &SourceLine, bare: &str, next: &str) {
        let bare = bare.trim_start_matches("> ");
        let indented = line.text.starts_with("  ") || line.text.starts_with('\t');
        if let Some(item) = &mut self.item {
            let last = item.lines.last().map_or("", |(_, t)| t.as_str());
            let goes_on = indented
                || bare.starts_with(|c: char| c.is_lowercase() || c == '(')
                || last.trim_end().ends_with([',', ';', '(']);
            if goes_on {
                item.lines.push((line.no, bare.to_owned()));
                return;
            }
            self.flush();
        }
        let closed = self.paragraph.last().is_none_or(|(_, t)| {
            t.trim_end().ends_with(['.', ':', '!', '?', ')']) || t.trim().chars().count() < 48
        });
        if closed && is_plain_heading(bare, next) {
            self.flush();
            let level = if vocab::sub_heading(&lower(bare)) {
                4
            } else {
                3
            };
            self.put_heading(level, bare, line.no);
            return;
        }
        if let Some(words) = bold_line(bare) {
            self.flush();
            self.put_heading(5, words.trim_end_matches(':'), line.no);
            return;
        }
        self.paragraph.push((line.no, bare.to_owned()));
    }

    /// Handles lines of tables; false when this line is none.
    fn table_line(&mut self, line: &SourceLine, bare: &str, next: Option<&SourceLine>) -> bool {
        if is_separator(bare) && self.table.is_some() {
            return true;
        }
        if let Some(table) = &self.table {
            if table.tabs {
                if let Some(cells) = tab_cells(&line.text) {
                    self.row(&cells, line.no);
                    return true;
                }
            } else if bare.contains('|') {
                self.pipe_row(line.no, bare);
                return true;
            } else if !table.open.is_empty() {
                // The rest of a row that was broken over lines.
                self.pipe_row(line.no, bare);
                return true;
            }
            self.end_table();
            return false;
        }
        let next = next
            .filter(|n| n.kind == LineKind::Text)
            .map(|n| n.text.as_str());
        if bare.contains('|') && next.is_some_and(is_separator) {
            self.flush();
            self.open_table(&pipe_cells(bare), false);
            return true;
        }
        if let Some(cells) = tab_cells(&line.text)
            && next.is_some_and(|n| tab_cells(n).is_some())
        {
            self.flush();
            self.open_table(&cells, true);
            return true;
        }
        false
    }

    fn open_table(&mut self, header: &[String], tabs: bool) {
        let header = header
            .iter()
            .take(MOST_CELLS)
            .map(|c| lower(&strip(c, &self.refs).0))
            .collect();
        self.list += 1;
        self.in_list = false;
        self.table = Some(Table {
            header,
            open: Vec::new(),
            from: 0,
            last: 0,
            tabs,
        });
    }

    fn pipe_row(&mut self, no: u32, bare: &str) {
        let whole = bare.starts_with('|') && bare.ends_with('|') && bare.len() > 1;
        let Some(table) = &mut self.table else { return };
        if table.open.is_empty() {
            table.from = no;
        }
        table.last = no;
        let mut cells = pipe_cells(bare);
        if whole || cells.len() >= table.header.len() {
            if !table.open.is_empty() && !bare.starts_with('|') {
                table.open.append(&mut cells);
                self.end_row();
                return;
            }
            self.end_row();
            self.row(&cells, no);
            return;
        }
        table.open.append(&mut cells);
        if table.open.len() >= table.header.len() {
            self.end_row();
        }
    }

    fn end_row(&mut self) {
        let Some(table) = &mut self.table else { return };
        if table.open.is_empty() {
            return;
        }
        let cells = std::mem::take(&mut table.open);
        let (from, last) = (table.from, table.last);
        self.row_on(&cells, Span::lines(from, last));
    }

    fn row(&mut self, cells: &[String], no: u32) {
        self.row_on(cells, Span::line(no));
    }

    fn row_on(&mut self, cells: &[String], span: Span) {
        let Some(table) = &self.table else { return };
        let header = table.header.clone();
        let quote = cells
            .iter()
            .map(|c| fold(c))
            .collect::<Vec<_>>()
            .join(" | ");
        let plain: Vec<String> = cells
            .iter()
            .take(MOST_CELLS)
            .map(|c| strip(c, &self.refs).0)
            .collect();
        let kind = UnitKind::Row {
            header,
            cells: plain,
        };
        self.put(kind, span, &quote);
    }

    fn end_table(&mut self) {
        self.end_row();
        self.table = None;
    }

    /// Writes out the open item and paragraph.
    fn flush(&mut self) {
        if let Some(item) = self.item.take() {
            self.put_item(&item);
        }
        let lines = std::mem::take(&mut self.paragraph);
        if !lines.is_empty() {
            self.end_table();
            self.put_paragraph(&lines);
        }
    }

    fn put_item(&mut self, item: &OpenItem) {
        while self
            .leads
            .last()
            .is_some_and(|l| l.indent.is_some_and(|i| i >= item.indent))
        {
            self.leads.pop();
        }
        let first = item.lines.first().map_or(0, |l| l.0);
        let last = item.lines.last().map_or(first, |l| l.0);
        let words: Vec<&str> = item.lines.iter().map(|l| l.1.as_str()).collect();
        let quote = fold(&words.join(" "));
        let index = self.units.len();
        self.put(UnitKind::Item, Span::lines(first, last), &quote);
        let low = self
            .units
            .get(index)
            .map_or(String::new(), |u| u.low.clone());
        if low.ends_with([':', '：']) {
            self.leads.push(Lead {
                unit: index,
                topic: vocab::lead_topic(&low),
                colon: true,
                indent: Some(item.indent),
            });
        }
    }

    fn put_paragraph(&mut self, lines: &[(u32, String)]) {
        let sentences = of_paragraph(lines);
        let several = sentences.len() > 1;
        for (span, quote) in sentences {
            let folded = fold(&quote);
            let quote = bounded(&folded);
            if self.units.len() >= MOST_UNITS {
                break;
            }
            let plain = strip(quote, &self.refs).0;
            if plain.is_empty() {
                continue;
            }
            if self.stands_for_item(&plain, several) {
                if !self.in_list {
                    self.list += 1;
                    self.in_list = true;
                }
                self.put(UnitKind::Item, span, quote);
                continue;
            }
            self.in_list = false;
            self.leads.clear();
            let index = self.units.len();
            self.put(UnitKind::Sentence, span, quote);
            let low = self
                .units
                .get(index)
                .map_or(String::new(), |u| u.low.clone());
            let colon = low.ends_with(':') || low.ends_with('：');
            let topic = vocab::lead_topic(&low);
            if colon || topic.is_some() {
                self.leads.push(Lead {
                    unit: index,
                    topic,
                    colon,
                    indent: None,
                });
            }
        }
    }

    /// A short paragraph without an end mark, after a colon, a listing heading or another such one.
    fn stands_for_item(&self, plain: &str, several: bool) -> bool {
        let open_end = !plain.ends_with(['.', ':', '!', '?', '。', '：']);
        let short = plain.chars().count() <= 160;
        let after_colon = self.leads.last().is_some_and(|l| l.colon);
        let after_heading = !several
            && self.heading_topic != Topic::Other
            && self
                .units
                .last()
                .is_some_and(|u| u.kind == UnitKind::Heading);
        let after_item = self.in_list
            && self.units.last().is_some_and(|u| u.kind == UnitKind::Item)
            && self.blank_before_items();
        open_end && short && (after_colon || after_heading || after_item)
    }

    fn blank_before_items(&self) -> bool {
        self.leads.last().is_none_or(|l| l.colon)
    }

    fn put_heading(&mut self, level: usize, words: &str, no: u32) {
        self.end_table();
        let words = words.trim().trim_end_matches('#').trim();
        let plain = strip(words, &self.refs).0;
        self.levels.retain(|(l, _)| *l < level);
        let own = vocab::heading_topic(&lower(&plain));
        let above = self.levels.last().map_or(Topic::Other, |(_, t)| *t);
        let topic = match own {
            // "Our commitments" below "Security measures" are what the project does.
            Some(Topic::Commitment) if above == Topic::Practices => above,
            // Below a scope heading only words that are a heading's own change the subject.
            Some(own)
                if own != Topic::Other
                    && matches!(above, Topic::InScope | Topic::OutOfScope)
                    && !vocab::is_heading(&lower(&plain)) =>
            {
                above
            }
            Some(topic) => topic,
            None => above,
        };
        self.levels.push((level, topic));
        self.heading = lower(&plain);
        self.heading_topic = topic;
        self.leads.clear();
        self.in_list = false;
        self.put(UnitKind::Heading, Span::line(no), words);
    }

    fn code(&mut self, line: &SourceLine) {
        let text = fold(&line.text);
        if text.is_empty() {
            return;
        }
        let topic = self.sticky;
        let low = lower(&text);
        self.units.push(Unit {
            kind: UnitKind::Code,
            span: Span::line(line.no),
            quote: text.clone(),
            plain: text,
            low,
            parts: Vec::new(),
            topic,
            heading: self.heading.clone(),
            lead: None,
            list: self.list,
            links: Vec::new(),
        });
    }

    fn put(&mut self, kind: UnitKind, span: Span, quote: &str) {
        let (plain, links) = strip(bounded(quote), &self.refs);
        let listed = matches!(kind, UnitKind::Item | UnitKind::Row { .. });
        if !listed && kind != UnitKind::Heading {
            self.in_list = false;
        }
        let lead = self.leads.last();
        let lead_topic = self.leads.iter().rev().find_map(|l| l.topic);
        let topic = if listed {
            lead_topic.unwrap_or(self.heading_topic)
        } else {
            self.heading_topic
        };
        if listed || kind == UnitKind::Heading {
            self.sticky = topic;
        }
        let low = lower(&plain);
        let parts = match kind {
            UnitKind::Item => split_text(&plain).into_iter().map(lower).collect(),
            _ => Vec::new(),
        };
        self.units.push(Unit {
            lead: if listed { lead.map(|l| l.unit) } else { None },
            kind,
            span,
            quote: plain.clone(),
            plain,
            low,
            parts,
            topic,
            heading: self.heading.clone(),
            list: self.list,
            links,
        });
    }
}

/// The part of a unit's text whose words are looked at.
fn bounded(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    let end = text.char_indices().nth(LONGEST).map(|(end, _)| end);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}
