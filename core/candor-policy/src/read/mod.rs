//! The reader: from text to a flat list of units, each with its lines and its context.
//!
//! Invariants: linear in the length of the text; every unit's span lies inside
//! it; code, key blocks and comments never become sentences.
//!
//! Deliberately absent: meaning. What a unit promises is the grammars' matter.

mod asciidoc;
mod builder;
mod dialect;
mod html;
mod inline;
mod lines;
mod marks;
mod plain;
mod rst;
mod rst_tables;
mod scan;
mod security_txt;
mod sentences;
mod tables;
#[cfg(test)]
mod tests;

use candor_base::Span;

pub(crate) use builder::read;
pub(crate) use inline::{Link, lower};
pub(crate) use sentences::split_text;

use crate::vocab::Topic;

/// What kind of place a unit is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum UnitKind {
    /// A heading.
    Heading,
    /// A list item, or a short paragraph that stands in for one.
    Item,
    /// A table row under its header; cells without mark-up.
    Row {
        /// The header's cells, lower case.
        header: Vec<String>,
        /// The row's cells.
        cells: Vec<String>,
    },
    /// A sentence of running text.
    Sentence,
    /// A line of code or configuration.
    Code,
}

/// One heading, item, row, sentence or line of code.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    /// What it is.
    pub(crate) kind: UnitKind,
    /// Its lines.
    pub(crate) span: Span,
    /// As written, without list mark and inline mark-up, white space folded.
    pub(crate) quote: String,
    /// Without mark-up.
    pub(crate) plain: String,
    /// Lower case, quotes and blanks made plain: what the grammars read.
    pub(crate) low: String,
    /// The sentences of an item, lower case.
    pub(crate) parts: Vec<String>,
    /// What the place is about.
    pub(crate) topic: Topic,
    /// The nearest heading, lower case.
    pub(crate) heading: String,
    /// The sentence that leads into this item or row.
    pub(crate) lead: Option<usize>,
    /// Items of one list share a number.
    pub(crate) list: u32,
    /// Links in it.
    pub(crate) links: Vec<Link>,
}

/// A text that was read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Document {
    /// Its units in order.
    pub(crate) units: Vec<Unit>,
    /// Whether the text was too long to be read to its end.
    pub(crate) cut: bool,
    /// Lines that hold key blocks.
    pub(crate) keys: Vec<Span>,
}

impl Document {
    /// The sentence that leads into a unit, lower case; empty without one.
    pub(crate) fn lead_of(&self, unit: &Unit) -> &str {
        unit.lead
            .and_then(|i| self.units.get(i))
            .map_or("", |u| u.low.as_str())
    }

    /// The sentence that leads into a unit.
    pub(crate) fn leads(&self, unit: &Unit) -> Option<&Unit> {
        unit.lead.and_then(|i| self.units.get(i))
    }
}
