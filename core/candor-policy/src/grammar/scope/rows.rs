//! Scope in tables: a column for each side, a column that says yes or no, or a
//! table below a scope heading.
//!
//! Invariants: the name is the cell that names the thing, not the whole row.
//!
//! Deliberately absent: tables about versions.

use super::{Side, item::item, put};
use crate::model::{Policy, Support};
use crate::read::Unit;
use crate::vocab::{self, Topic};

/// Reads a row.
pub(super) fn read(policy: &mut Policy, unit: &Unit, header: &[String], cells: &[String]) {
    if header.iter().any(|h| vocab::fits(h, "version")) && !about_scope(unit) {
        return;
    }
    let sides: Vec<Option<Side>> = header.iter().map(|h| side_of_heading(h)).collect();
    let told = sides.iter().flatten().count();
    if told == 0 {
        below_heading(policy, unit, cells);
        return;
    }
    let Some(first) = cells.first() else { return };
    for (at, side) in sides.iter().enumerate() {
        let (Some(side), Some(cell)) = (side, cells.get(at)) else {
            continue;
        };
        match answer(cell) {
            Some(yes) if at > 0 => {
                let side = if yes == (*side == Side::In) {
                    Side::In
                } else {
                    Side::Out
                };
                put(policy, side, unit, item(first));
                return;
            }
            None if !cell.trim().is_empty() => put(policy, *side, unit, item(cell)),
            _ => {}
        }
    }
}

fn about_scope(unit: &Unit) -> bool {
    matches!(
        unit.topic,
        Topic::Scope | Topic::InScope | Topic::OutOfScope
    )
}

fn below_heading(policy: &mut Policy, unit: &Unit, cells: &[String]) {
    let Some(first) = cells.first().filter(|c| !c.trim().is_empty()) else {
        return;
    };
    match unit.topic {
        Topic::InScope => put(policy, Side::In, unit, item(first)),
        Topic::OutOfScope => put(policy, Side::Out, unit, item(first)),
        Topic::Scope => {
            let told = cells
                .iter()
                .skip(1)
                .find_map(|c| side_of_heading(&c.to_lowercase()));
            put(policy, told.unwrap_or(Side::In), unit, item(first));
        }
        _ => {}
    }
}

fn side_of_heading(low: &str) -> Option<Side> {
    if low.split_whitespace().count() > 5 {
        return None;
    }
    match vocab::heading_topic(low) {
        Some(Topic::InScope) => Some(Side::In),
        Some(Topic::OutOfScope) => Some(Side::Out),
        _ => None,
    }
}

/// "Yes", "✅", "No", "❌": a cell that answers its column.
fn answer(cell: &str) -> Option<bool> {
    let low = cell.trim().to_lowercase();
    if low.split_whitespace().count() > 3 {
        return None;
    }
    match vocab::first(&low, |l| l.supported) {
        Some(Support::None) => Some(false),
        Some(Support::Full) => Some(true),
        _ => None,
    }
}
