//! The tables of reStructuredText, as rows with pipes: grid, simple,
//! `list-table` and `csv-table`.
//!
//! Invariants: the first row is the header; a row keeps the line it begins on.
//!
//! Deliberately absent: cells that span others.

use super::lines::{LineKind, SourceLine};
use super::rst::indent;

/// Cells of a row beyond this are not read.
const MOST_CELLS: usize = 40;

/// Rows of a table with the lines they begin on, written with pipes.
fn rows(table: &[(u32, Vec<String>)]) -> Vec<SourceLine> {
    let mut out = Vec::new();
    let mut add = |no, text| {
        out.push(SourceLine {
            no,
            text,
            kind: LineKind::Text,
        });
    };
    if let Some((no, _)) = table.first() {
        add(*no, String::new());
    }
    for (i, (no, cells)) in table.iter().enumerate() {
        let cells: Vec<String> = cells.iter().map(|c| c.trim().replace('|', "/")).collect();
        add(*no, format!("| {} |", cells.join(" | ")));
        if i == 0 {
            add(*no, format!("|{}", "---|".repeat(cells.len().max(1))));
        }
    }
    if let Some((no, _)) = table.last() {
        add(*no, String::new());
    }
    out
}

/// `+---+---+` around cells; also how many lines it used.
pub(super) fn grid(lines: &[SourceLine]) -> Option<(Vec<SourceLine>, usize)> {
    let border = |text: &str| {
        let bare = text.trim();
        bare.len() >= 3
            && bare.starts_with('+')
            && bare.ends_with('+')
            && bare.chars().all(|c| matches!(c, '+' | '-' | '='))
    };
    if !lines.first().is_some_and(|l| border(&l.text)) {
        return None;
    }
    let mut table: Vec<(u32, Vec<String>)> = Vec::new();
    let mut open: Option<(u32, Vec<String>)> = None;
    let mut used = 0;
    for line in lines {
        let bare = line.text.trim();
        if border(bare) {
            if open.is_none() && used > 0 {
                // Two borders in a row: this is no table, or it is over.
                break;
            }
            table.extend(open.take());
        } else if let Some(inner) = bare.strip_prefix('|').and_then(|t| t.strip_suffix('|')) {
            let (_, cells) = open.get_or_insert_with(|| (line.no, Vec::new()));
            for (i, cell) in inner.split('|').take(MOST_CELLS).enumerate() {
                match cells.get_mut(i) {
                    Some(kept) => {
                        kept.push(' ');
                        kept.push_str(cell.trim());
                    }
                    None => cells.push(cell.trim().to_owned()),
                }
            }
        } else {
            break;
        }
        used += 1;
    }
    table.extend(open);
    (!table.is_empty()).then(|| (rows(&table), used))
}

/// Columns under `=====  ====`; also how many lines it used.
pub(super) fn simple(lines: &[SourceLine]) -> Option<(Vec<SourceLine>, usize)> {
    let border = |text: &str| {
        let bare = text.trim();
        bare.contains("= ") && bare.chars().all(|c| matches!(c, '=' | ' '))
    };
    let first = lines.first().filter(|l| border(&l.text))?;
    let starts: Vec<usize> = columns(&first.text);
    let mut table: Vec<(u32, Vec<String>)> = Vec::new();
    let mut borders = 1;
    let mut used = 1;
    for (i, line) in lines.iter().enumerate().skip(1) {
        if border(&line.text) {
            borders += 1;
            used = i + 1;
            let goes_on = lines.get(i + 1).is_some_and(|l| !l.text.trim().is_empty());
            if borders >= 3 || !goes_on {
                break;
            }
            continue;
        }
        if line.text.trim().is_empty() {
            if borders >= 2 && table.len() > 1 {
                continue;
            }
            if borders < 2 {
                return None;
            }
            continue;
        }
        let under = line.text.trim();
        if under.chars().all(|c| matches!(c, '-' | ' ')) {
            continue;
        }
        let cells = cut(&line.text, &starts);
        let goes_on = cells.first().is_some_and(String::is_empty);
        match table.last_mut().filter(|_| goes_on) {
            Some((_, kept)) => {
                for (cell, more) in kept.iter_mut().zip(cells) {
                    if !more.is_empty() {
                        cell.push(' ');
                        cell.push_str(&more);
                    }
                }
            }
            None => table.push((line.no, cells)),
        }
        used = i + 1;
    }
    (borders >= 2 && !table.is_empty()).then(|| (rows(&table), used))
}

/// Where columns begin, in characters.
fn columns(border: &str) -> Vec<usize> {
    let mut out = Vec::new();
    let mut before = ' ';
    for (i, c) in border.chars().enumerate() {
        if c == '=' && before != '=' && out.len() < MOST_CELLS {
            out.push(i);
        }
        before = c;
    }
    out
}

fn cut(text: &str, starts: &[usize]) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    starts
        .iter()
        .enumerate()
        .map(|(i, from)| {
            let to = starts.get(i + 1).copied().unwrap_or(chars.len());
            let cell: String = chars
                .get((*from).min(chars.len())..to.min(chars.len()).max((*from).min(chars.len())))
                .unwrap_or(&[])
                .iter()
                .collect();
            cell.trim().to_owned()
        })
        .collect()
}

/// `* - cell` and `  - cell`.
pub(super) fn list_table(inner: &[SourceLine]) -> Vec<SourceLine> {
    let mut table: Vec<(u32, Vec<String>)> = Vec::new();
    for line in inner {
        let bare = line.text.trim();
        if let Some(row) = bare
            .strip_prefix("* -")
            .or_else(|| bare.strip_prefix("- -"))
        {
            table.push((line.no, vec![row.trim().to_owned()]));
            continue;
        }
        let Some((_, cells)) = table.last_mut() else {
            continue;
        };
        if let Some(cell) = bare.strip_prefix('-').filter(|_| indent(&line.text) > 0) {
            if cells.len() < MOST_CELLS {
                cells.push(cell.trim().to_owned());
            }
        } else if let Some(cell) = cells.last_mut()
            && !bare.is_empty()
        {
            cell.push(' ');
            cell.push_str(bare);
        }
    }
    rows(&table)
}

/// Values with commas; the header stands in an option or in the first line.
pub(super) fn csv(inner: &[SourceLine], no: u32) -> Vec<SourceLine> {
    let mut table: Vec<(u32, Vec<String>)> = Vec::new();
    for line in inner {
        let bare = line.text.trim();
        if let Some(header) = bare.strip_prefix(":header:") {
            table.insert(0, (no, values(header)));
        } else if !bare.is_empty() && !bare.starts_with(':') {
            table.push((line.no, values(bare)));
        }
    }
    rows(&table)
}

fn values(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match (c, quoted) {
            ('"', _) => quoted = !quoted,
            (',', false) if out.len() < MOST_CELLS => out.push(String::new()),
            (c, _) => {
                if let Some(last) = out.last_mut() {
                    last.push(c);
                }
            }
        }
    }
    out.iter().map(|v| v.trim().to_owned()).collect()
}
