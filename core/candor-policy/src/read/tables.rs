//! Tables: pipes, tabs, and rows that were broken over lines.
//!
//! Invariants: a row has at most as many cells as it was written with.
//!
//! Deliberately absent: tables of other mark-up languages.

/// The cells of a line with pipes.
pub(super) fn pipe_cells(line: &str) -> Vec<String> {
    let text = line.trim();
    let text = text.strip_prefix('|').unwrap_or(text);
    let text = text.strip_suffix('|').unwrap_or(text);
    text.split('|').map(|c| c.trim().to_owned()).collect()
}

/// `|---|:--:|`.
pub(super) fn is_separator(line: &str) -> bool {
    let text = line.trim();
    text.contains('-')
        && text.contains('|')
        && text
            .chars()
            .all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t' | '='))
}

/// A line of cells set apart by tabs.
pub(super) fn tab_cells(line: &str) -> Option<Vec<String>> {
    if line.starts_with([' ', '\t']) || !line.contains('\t') {
        return None;
    }
    let cells: Vec<String> = line
        .split('\t')
        .map(|c| c.trim().to_owned())
        .filter(|c| !c.is_empty())
        .collect();
    (cells.len() >= 2).then_some(cells)
}
