//! Headings below a scope heading: each names an item when it holds prose or a
//! single item, and only groups items when it holds several.
//!
//! Invariants: a heading with a meaning of its own names nothing.
//!
//! Deliberately absent: what the prose below such a heading says.

use std::collections::{BTreeMap, BTreeSet};

use super::Side;
use crate::read::{Document, UnitKind};
use crate::vocab::{self, Topic};

/// What headings name, and the units whose place they take.
pub(super) struct Named {
    pub(super) items: BTreeMap<usize, Side>,
    pub(super) replaced: BTreeSet<usize>,
}

/// Looks at every heading and what stands below it.
pub(super) fn named(doc: &Document) -> Named {
    let mut out = Named {
        items: BTreeMap::new(),
        replaced: BTreeSet::new(),
    };
    let mut open: Option<(usize, Side)> = None;
    let mut below: Vec<usize> = Vec::new();
    let mut listed = 0_usize;
    for (place, unit) in doc.units.iter().enumerate() {
        if unit.kind != UnitKind::Heading {
            below.push(place);
            listed += usize::from(matches!(unit.kind, UnitKind::Item | UnitKind::Row { .. }));
            continue;
        }
        close(&mut out, open, &below, listed, explains(doc, &below));
        below.clear();
        listed = 0;
        let side = match unit.topic {
            Topic::InScope => Some(Side::In),
            Topic::OutOfScope => Some(Side::Out),
            _ => None,
        };
        let own =
            vocab::heading_topic(&unit.low) == Some(unit.topic) || vocab::is_heading(&unit.low);
        open = side.filter(|_| !own).map(|s| (place, s));
    }
    close(&mut out, open, &below, listed, explains(doc, &below));
    out
}

/// Whether everything below a heading explains it: "Description: …", "Why it is none: …".
fn explains(doc: &Document, below: &[usize]) -> bool {
    const HEADS: [&str; 10] = [
        "description",
        "why",
        "reason",
        "rationale",
        "background",
        "details",
        "example",
        "explanation",
        "note",
        "status",
    ];
    below.iter().filter_map(|p| doc.units.get(*p)).all(|u| {
        crate::grammar::head_and_rest(&u.low)
            .is_some_and(|(head, _)| HEADS.iter().any(|w| head.starts_with(w)))
    })
}

fn close(
    out: &mut Named,
    open: Option<(usize, Side)>,
    below: &[usize],
    listed: usize,
    explained: bool,
) {
    let Some((place, side)) = open else { return };
    if below.is_empty() || listed > 1 && !explained {
        return;
    }
    out.items.insert(place, side);
    out.replaced.extend(below.iter().copied());
}
