//! `security.txt` (RFC 9116), as a list under headings that say what each field is.
//!
//! Invariants: a field keeps its line and its words.
//!
//! Deliberately absent: whether a field is valid; that is the lint's matter.

use super::dialect::field;
use super::lines::{LineKind, SourceLine, push};
use super::scan::Scan;

/// Rewrites a text: each field an item of its own.
pub(super) fn rewrite(scan: Scan) -> Scan {
    let mut lines: Vec<SourceLine> = Vec::new();
    for line in scan.lines {
        let bare = line.text.trim();
        if line.kind == LineKind::Text && field(bare).is_some() {
            push(&mut lines, line.no, &format!("- {bare}"), LineKind::Text);
        } else if let Some(words) = bare.strip_prefix('#') {
            push(&mut lines, line.no, words.trim(), LineKind::Text);
            push(&mut lines, line.no, "", LineKind::Text);
        } else {
            lines.push(line);
        }
    }
    Scan { lines, ..scan }
}
