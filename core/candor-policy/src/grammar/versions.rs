//! Supported versions: tables, and the rules around them.
//!
//! Invariants: a row is one rule; a table that stands elsewhere is never made up.
//!
//! Deliberately absent: the register of releases; that is the owner's.

use super::{add, once, short, version_rules};
use crate::model::{CompareOp, PatchTarget, Policy, Support, VersionRange, VersionRule};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Remark, Way, way};

/// Adds rows, prose rules and patch targets.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if let UnitKind::Row { header, cells } = &unit.kind {
            row(doc, policy, unit, header, cells);
        }
    }
    for unit in &doc.units {
        if matches!(
            unit.kind,
            UnitKind::Heading | UnitKind::Code | UnitKind::Row { .. }
        ) {
            continue;
        }
        targets(policy, unit);
    }
    if policy.versions.is_empty() {
        version_rules::read(doc, policy);
    } else {
        version_rules::beside_table(doc, policy);
    }
}

fn row(doc: &Document, policy: &mut Policy, unit: &Unit, header: &[String], cells: &[String]) {
    let named = label_column(header, cells);
    let (Some(first), Some(label)) = (header.get(named), cells.get(named)) else {
        return;
    };
    if label.is_empty() || is_blank(label) {
        return;
    }
    let ends = header
        .iter()
        .position(|h| way(h, Way::EndHead))
        .filter(|i| *i > named);
    let column = header
        .iter()
        .enumerate()
        .skip(1)
        .position(|(i, h)| way(h, Way::SupportHead) && ends != Some(i) && i != named)
        .map(|i| i + 1);
    let about_support = column.is_some() || ends.is_some();
    let marked = cells
        .get(1)
        .is_some_and(|c| c.contains([':', '✅', '❌', '✓', '✔', '✗']));
    let numbered = !matches!(range_of(label), VersionRange::Words | VersionRange::Older);
    let about_versions =
        way(first, Way::VersionHead) || numbered && header.iter().any(|h| way(h, Way::VersionHead));
    let in_words = about_versions && (about_support || marked);
    if !(in_words || marked && numbered) {
        return;
    }
    let end = ends
        .and_then(|i| cells.get(i))
        .map(|c| c.trim())
        .filter(|c| !is_blank(c));
    let column = column.or((ends != Some(1) && named == 0).then_some(1));
    let cell = column
        .and_then(|i| cells.get(i))
        .map_or("", String::as_str)
        .to_lowercase();
    let rest = || {
        let others = cells.iter().skip(2).map(|c| c.to_lowercase());
        others.into_iter().find_map(|c| support_of(&c))
    };
    let support = match support_of(&cell).or_else(|| rest().filter(|_| is_sign(&cell))) {
        Some(support) => support,
        None if is_sign(&cell) && numbered => {
            // A sign of its own beside a day when support ends: until then there is support.
            let ending = end.map(|e| support_of(&e.to_lowercase()).unwrap_or(Support::Full));
            legend(doc, &cell).or(ending).unwrap_or(Support::Unclear)
        }
        // Only the end of support is given.
        None if column.is_none() && numbered => match end {
            Some(end) => support_of(&end.to_lowercase()).unwrap_or(Support::Full),
            None => return,
        },
        None => return,
    };
    let product = cells
        .first()
        .filter(|_| named > 0 && several_products(doc, unit));
    let until = column
        .and_then(|i| cells.get(i))
        .and_then(|c| last_day(c))
        .filter(|_| support != Support::None);
    let value = VersionRule {
        label: product.map_or_else(|| label.clone(), |p| format!("{p} {label}")),
        range: range_of(label),
        support,
        end: end.or(until).map(|e| short(e, 90)),
    };
    add(&mut policy.versions, "version", unit, value);
}

/// The column of versions: the first, or the next behind a column of products.
fn label_column(header: &[String], cells: &[String]) -> usize {
    let plain = |i: usize| {
        cells
            .get(i)
            .is_some_and(|c| !matches!(range_of(c), VersionRange::Words | VersionRange::Older))
    };
    let versions = |h: &String| {
        vocab::fits_any(
            h,
            &[
                "version", "release", "branch", "series", "firmware", "versión", "versão",
            ],
        ) && !vocab::fits(h, "date")
    };
    let first_names = header.first().is_some_and(versions);
    match header.get(1) {
        Some(second) if !first_names && !plain(0) && versions(second) && plain(1) => 1,
        _ => 0,
    }
}

/// Whether the rows of a table speak of more than one product.
fn several_products(doc: &Document, unit: &Unit) -> bool {
    let UnitKind::Row { header, cells } = &unit.kind else {
        return false;
    };
    doc.units.iter().any(|u| match &u.kind {
        UnitKind::Row {
            header: h,
            cells: c,
        } => h == header && c.first() != cells.first(),
        _ => false,
    })
}

/// The day behind "until" in a cell: "✅ till 2027 April 30".
fn last_day(cell: &str) -> Option<&str> {
    ["until ", "till ", "through "].iter().find_map(|w| {
        let (before, day) = cell.split_once(w)?;
        let begins = before.is_empty() || before.ends_with([' ', '(']);
        let day = day.trim().trim_end_matches([')', '.']);
        let dated = day.chars().filter(char::is_ascii_digit).count() >= 4;
        (begins && dated).then_some(day)
    })
}

/// A cell without words: a dash, dots, nothing.
fn is_blank(cell: &str) -> bool {
    !cell.chars().any(char::is_alphanumeric)
}

/// What a line such as ":clock1: Security fixes only" says of a sign.
fn legend(doc: &Document, sign: &str) -> Option<Support> {
    doc.units
        .iter()
        .filter(|u| !matches!(u.kind, UnitKind::Row { .. } | UnitKind::Heading))
        .find_map(|u| {
            let rest = u.low.strip_prefix(sign.trim())?;
            support_of(rest.trim_start_matches([' ', '=', ':', '-']))
        })
}

/// A sign whose meaning the reader must guess: `:name:`.
fn is_sign(cell: &str) -> bool {
    let cell = cell.trim();
    cell.len() > 2 && cell.starts_with(':') && cell.ends_with(':') && !cell.contains(' ')
}

/// What a cell says.
pub(super) fn support_of(cell: &str) -> Option<Support> {
    let bare = cell.trim();
    if bare.is_empty() {
        return None;
    }
    // "❌ (critical fixes may still be backported)": the mark is the answer.
    if [":x:", "❌", "✗", "✘"]
        .iter()
        .any(|mark| bare.starts_with(mark))
    {
        return Some(Support::None);
    }
    vocab::first(cell, |l| l.supported)
}

/// What a label matches.
pub(crate) fn range_of(label: &str) -> VersionRange {
    let low = label.trim().to_lowercase();
    for (sign, op) in [
        ("<=", CompareOp::LessOrEqual),
        ("≤", CompareOp::LessOrEqual),
        (">=", CompareOp::GreaterOrEqual),
        ("≥", CompareOp::GreaterOrEqual),
        ("<", CompareOp::Less),
        (">", CompareOp::Greater),
        ("=", CompareOp::Equal),
    ] {
        if let Some(rest) = low.strip_prefix(sign)
            && let Some(parts) = parts(rest.trim())
        {
            return VersionRange::Compare { op, parts };
        }
    }
    if let Some(parts) = parts(&low) {
        return VersionRange::Prefix { parts };
    }
    let words = |list: &[&str]| vocab::fits_any(&low, list);
    if words(&["latest", "newest", "most recent", "current"])
        || matches!(low.as_str(), "main" | "master")
    {
        let branch = ["main", "master", "trunk", "develop"]
            .iter()
            .find(|b| vocab::fits(&low, &format!("{b}$")))
            .map(|b| (*b).to_owned());
        return VersionRange::Latest { branch };
    }
    if words(&[
        "older",
        "other",
        "previous",
        "earlier",
        "everything else",
        "below",
    ]) {
        return VersionRange::Older;
    }
    VersionRange::Words
}

/// The fixed numbers of `1.x.x`, `v2.3`, `5.1.x`, `19.1.`.
fn parts(low: &str) -> Option<Vec<u32>> {
    let text = low.strip_prefix("version").unwrap_or(low).trim();
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut out = Vec::new();
    for piece in text.trim_end_matches(['.', '+']).split('.') {
        if matches!(piece, "x" | "*" | "x+") {
            break;
        }
        out.push(piece.parse().ok()?);
    }
    (!out.is_empty()).then_some(out)
}

fn targets(policy: &mut Policy, unit: &Unit) {
    let low = &unit.low;
    for (remark, target) in [
        (
            Remark::LatestMinorPerMajor,
            PatchTarget::LatestMinorPerMajor,
        ),
        (Remark::LatestOnly, PatchTarget::LatestOnly),
        (Remark::NextPatchOrMinor, PatchTarget::NextPatchOrMinor),
        (Remark::AllSupported, PatchTarget::AllSupported),
    ] {
        if vocab::remarks(low, remark) {
            add(&mut policy.patch_targets, "patch-target", unit, target);
        }
    }
    if vocab::remarks(low, Remark::UpgradeFirst) {
        let text = unit.plain.clone();
        once(&mut policy.upgrade_first, "upgrade-first", unit, text);
    }
}
