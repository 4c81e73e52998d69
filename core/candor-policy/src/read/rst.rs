//! reStructuredText, as the lines of Markdown that say the same.
//!
//! Invariants: one pass with a look ahead inside the block at hand; words keep
//! the line they stand on; comments and code promise nothing.
//!
//! Deliberately absent: substitutions, includes, Sphinx domains; inline marks
//! are read in `inline`.

use super::lines::{LineKind, SourceLine, push};
use super::rst_tables;
use super::scan::Scan;

/// Marks that may stand under or over a title.
const ADORNMENTS: &str = "=-~^\"'`*+#:._";

/// Directives whose content is text of the document.
const ADMONITIONS: [&str; 18] = [
    "admonition",
    "attention",
    "caution",
    "danger",
    "deprecated",
    "error",
    "hint",
    "important",
    "note",
    "only",
    "rubric",
    "seealso",
    "tip",
    "topic",
    "versionadded",
    "versionchanged",
    "warning",
    "container",
];

struct Rst {
    lines: Vec<SourceLine>,
    at: usize,
    out: Vec<SourceLine>,
    /// Styles of headings in the order they came; an overline makes another style.
    styles: Vec<(char, bool)>,
}

/// Rewrites a text.
pub(super) fn rewrite(scan: Scan) -> Scan {
    let mut rst = Rst {
        lines: scan.lines,
        at: 0,
        out: Vec::new(),
        styles: Vec::new(),
    };
    while rst.at < rst.lines.len() {
        let used = rst.take();
        rst.at += used.max(1);
    }
    Scan {
        lines: rst.out,
        keys: scan.keys,
    }
}

/// The number of blanks a line begins with.
pub(super) fn indent(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// The mark of a line of marks.
pub(super) fn adornment(text: &str) -> Option<char> {
    let bare = text.trim_end();
    let mark = bare.chars().next().filter(|c| ADORNMENTS.contains(*c))?;
    (bare.len() >= 2 && bare.chars().all(|c| c == mark)).then_some(mark)
}

impl Rst {
    fn text(&self, ahead: usize) -> &str {
        self.lines
            .get(self.at + ahead)
            .map_or("", |l| l.text.as_str())
    }

    fn no(&self, ahead: usize) -> u32 {
        self.lines.get(self.at + ahead).map_or(0, |l| l.no)
    }

    fn put(&mut self, no: u32, text: &str) {
        push(&mut self.out, no, text, LineKind::Text);
    }

    /// Takes the block at hand; returns how many lines it used.
    fn take(&mut self) -> usize {
        let Some(line) = self.lines.get(self.at).cloned() else {
            return 1;
        };
        if line.kind == LineKind::Code || line.text.trim().is_empty() {
            self.out.push(line);
            return 1;
        }
        if let Some(used) = self.heading(line.no) {
            return used;
        }
        if let Some((rows, used)) = rst_tables::grid(self.rest()) {
            self.out.extend(rows);
            return used;
        }
        if let Some((rows, used)) = rst_tables::simple(self.rest()) {
            self.out.extend(rows);
            return used;
        }
        let bare = line.text.trim().to_owned();
        if let Some(explicit) = bare.strip_prefix(".. ").or((bare == "..").then_some("")) {
            return self.explicit(&line, explicit);
        }
        if let Some(used) = self.field(&line) {
            return used;
        }
        if let Some(used) = self.definition(&line) {
            return used;
        }
        let text = line
            .text
            .strip_prefix("#. ")
            .map(|t| format!("1. {t}"))
            .or_else(|| line.text.strip_prefix("| ").map(str::to_owned))
            .unwrap_or(line.text);
        if let Some(head) = text.trim_end().strip_suffix("::") {
            let kept = if head.is_empty() || head.ends_with(' ') {
                head.to_owned()
            } else {
                format!("{head}:")
            };
            self.put(line.no, &kept);
            return 1 + self.literal(indent(&text));
        }
        self.put(line.no, &text);
        1
    }

    fn rest(&self) -> &[SourceLine] {
        self.lines.get(self.at..).unwrap_or(&[])
    }

    fn heading(&mut self, no: u32) -> Option<usize> {
        let (first, second, third) = (self.text(0), self.text(1), self.text(2));
        let over = adornment(first);
        if let Some(mark) = over
            && first.trim_end().len() >= 3
            && !second.trim().is_empty()
            && adornment(second).is_none()
            && third.trim_end() == first.trim_end()
        {
            let title = second.trim().to_owned();
            let at = self.no(1);
            self.title(mark, true, at, &title);
            return Some(3);
        }
        if over.is_some() {
            // A line of marks on its own parts the text.
            let alone = first.trim_end().len() >= 4 && second.trim().is_empty();
            if alone {
                self.put(no, "");
            }
            return alone.then_some(1);
        }
        let mark = adornment(second)?;
        let width = first.trim_end().chars().count();
        let long = second.trim_end().chars().count();
        // Four marks and more make a title, also where they are too few for its words.
        let enough = long >= 4 || long >= 3 && long + 2 >= width;
        let fits = enough && indent(first) == 0 && indent(second) == 0;
        if !fits {
            return None;
        }
        let title = first.trim().to_owned();
        self.title(mark, false, no, &title);
        Some(2)
    }

    fn title(&mut self, mark: char, over: bool, no: u32, title: &str) {
        let style = (mark, over);
        let known = self.styles.iter().position(|s| *s == style);
        if known.is_none() {
            self.styles.push(style);
        }
        let level = known.map_or(self.styles.len(), |at| at + 1);
        let marks = "#".repeat(level.min(6));
        self.put(no, "");
        self.put(no, &format!("{marks} {title}"));
    }

    /// How many lines belong to a block indented deeper than `than`, blank ones inside included.
    fn block(&self, ahead: usize, than: usize) -> usize {
        let mut used = 0;
        for (i, line) in self.rest().iter().skip(ahead).enumerate() {
            if line.text.trim().is_empty() {
                continue;
            }
            if indent(&line.text) <= than {
                break;
            }
            used = i + 1;
        }
        used
    }

    /// The block behind `::`, as code.
    fn literal(&mut self, than: usize) -> usize {
        let used = self.block(1, than);
        for i in 1..=used {
            let (no, text) = (self.no(i), self.text(i).to_owned());
            push(&mut self.out, no, &text, LineKind::Code);
        }
        used
    }

    /// `.. something`: targets, directives, footnotes, comments.
    fn explicit(&mut self, line: &SourceLine, rest: &str) -> usize {
        let than = indent(&line.text);
        if let Some(target) = rest.strip_prefix('_') {
            if let Some((name, url)) = target.split_once(": ") {
                let name = name.trim().trim_matches('`');
                self.put(line.no, &format!("[{name}]: {}", url.trim()));
            } else {
                self.put(line.no, "");
            }
            return 1;
        }
        let used = self.block(1, than);
        if rest.starts_with('[') {
            let words = rest
                .split_once(']')
                .map_or("", |(_, r)| r)
                .trim()
                .to_owned();
            self.put(line.no, &words);
            self.pass(1, used);
            return 1 + used;
        }
        let directive = rest
            .split_once("::")
            .filter(|(name, _)| !name.trim().contains(' '));
        let Some((name, words)) = directive else {
            self.put(line.no, "");
            return 1 + used;
        };
        let words = words.trim().to_owned();
        self.put(line.no, "");
        let inner: Vec<SourceLine> = self.rest().iter().skip(1).take(used).cloned().collect();
        match name.trim().to_ascii_lowercase().as_str() {
            "list-table" => self.out.extend(rst_tables::list_table(&inner)),
            "csv-table" => self.out.extend(rst_tables::csv(&inner, line.no)),
            "table" => self.nested(inner),
            kind if ADMONITIONS.contains(&kind) => {
                self.put(line.no, &words);
                self.nested(inner);
            }
            _ => {
                for line in inner {
                    push(&mut self.out, line.no, &line.text, LineKind::Code);
                }
            }
        }
        let last = self.no(used);
        self.put(last.max(line.no), "");
        1 + used
    }

    fn pass(&mut self, from: usize, used: usize) {
        for i in from..from + used {
            let (no, text) = (self.no(i), self.text(i).to_owned());
            self.put(no, &text);
        }
    }

    /// The content of a directive, read as a text of its own: options, then
    /// blocks without their common indent.
    fn nested(&mut self, inner: Vec<SourceLine>) {
        let depth = inner
            .iter()
            .filter(|l| !l.text.trim().is_empty())
            .map(|l| indent(&l.text))
            .min()
            .unwrap_or(0);
        let lines: Vec<SourceLine> = inner
            .into_iter()
            .filter(|l| !is_option(&l.text))
            .map(|mut l| {
                l.text = l.text.get(depth..).unwrap_or("").to_owned();
                l
            })
            .collect();
        // One level only: what stands deeper is passed on as it is.
        let mut inside = Rst {
            lines,
            at: 0,
            out: Vec::new(),
            styles: std::mem::take(&mut self.styles),
        };
        while inside.at < inside.lines.len() {
            let deeper = inside.text(0).trim_start().starts_with(".. ");
            let used = if deeper {
                inside.pass(0, 1);
                1
            } else {
                inside.take()
            };
            inside.at += used.max(1);
        }
        self.styles = inside.styles;
        self.out.extend(inside.out);
    }

    /// `:Name: words`.
    fn field(&mut self, line: &SourceLine) -> Option<usize> {
        let rest = line.text.trim_start().strip_prefix(':')?;
        let (name, words) = rest.split_once(':')?;
        let fits = !name.is_empty()
            && name.chars().count() <= 40
            && !name.contains('`')
            && (words.is_empty() || words.starts_with(' '));
        if !fits {
            return None;
        }
        if words.trim().is_empty() && self.block(1, indent(&line.text)) == 0 {
            self.put(line.no, "");
        } else {
            self.put(line.no, &format!("- {name}: {}", words.trim()));
        }
        Some(1)
    }

    /// A term and, indented under it, what it means.
    fn definition(&mut self, line: &SourceLine) -> Option<usize> {
        let term = line.text.trim_end();
        let next = self.text(1);
        let after_blank = self
            .at
            .checked_sub(1)
            .and_then(|i| self.lines.get(i))
            .is_none_or(|l| l.text.trim().is_empty());
        let fits = after_blank
            && indent(term) == 0
            && indent(next) > 0
            && !next.trim().is_empty()
            && term.chars().count() <= 80
            && !term.ends_with(['.', ':', ',', ';', '!', '?'])
            && super::marks::item_mark(term).is_none();
        if !fits {
            return None;
        }
        let deep = indent(next);
        let used = self.block(1, 0);
        self.put(line.no, &format!("- {term}: {}", next.trim()));
        for i in 2..=used {
            let (no, text) = (self.no(i), self.text(i).to_owned());
            let inner = text.get(deep.min(indent(&text))..).unwrap_or("").to_owned();
            self.put(no, &format!("  {}", inner.trim_end()));
        }
        Some(1 + used)
    }
}

fn is_option(text: &str) -> bool {
    let bare = text.trim();
    bare.strip_prefix(':')
        .and_then(|t| t.split_once(':'))
        .is_some_and(|(name, value)| {
            !name.is_empty()
                && !name.contains([' ', '`'])
                && (value.is_empty() || value.starts_with(' '))
        })
}
