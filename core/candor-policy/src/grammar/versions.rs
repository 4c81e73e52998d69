//! Supported versions: tables, and the rules around them.
//!
//! Invariants: a row is one rule; a table that stands elsewhere is never made up.
//!
//! Deliberately absent: the register of releases; that is the owner's.

use super::{add, once, short};
use crate::model::{CompareOp, PatchTarget, Policy, Support, VersionRange, VersionRule};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Remark, Topic};

/// Adds rows, prose rules and patch targets.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if let UnitKind::Row { header, cells } = &unit.kind {
            row(policy, unit, header, cells);
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
        prose_rules(doc, policy);
    }
}

fn row(policy: &mut Policy, unit: &Unit, header: &[String], cells: &[String]) {
    let about_versions = header.iter().any(|h| {
        ["version", "release", "branch"]
            .iter()
            .any(|w| vocab::fits(h, w))
    });
    let about_support = header.iter().any(|h| {
        ["support", "status", "security", "maintained", "fixes"]
            .iter()
            .any(|w| vocab::fits(h, w))
    });
    let marked = cells
        .get(1)
        .is_some_and(|c| c.contains([':', '✅', '❌', '✓', '✔', '✗']));
    let Some(label) = cells.first().filter(|c| !c.is_empty()) else {
        return;
    };
    let numbered = !matches!(range_of(label), VersionRange::Words | VersionRange::Older);
    let in_words = about_versions && (about_support || marked);
    if !(in_words || marked && numbered) {
        return;
    }
    let column = header
        .iter()
        .position(|h| {
            ["support", "status", "security"]
                .iter()
                .any(|w| vocab::fits(h, w))
        })
        .filter(|i| *i > 0)
        .unwrap_or(1);
    let cell = cells.get(column).map_or("", String::as_str).to_lowercase();
    let Some(support) = support_of(&cell) else {
        return;
    };
    let value = VersionRule {
        label: label.clone(),
        range: range_of(label),
        support,
    };
    add(&mut policy.versions, "version", unit, value);
}

fn support_of(cell: &str) -> Option<Support> {
    if cell.trim().is_empty() {
        return None;
    }
    vocab::first(cell, |l| l.supported)
}

/// What a label matches.
pub(super) fn range_of(label: &str) -> VersionRange {
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
    let words = |list: &[&str]| list.iter().any(|w| vocab::fits(&low, w));
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
    if vocab::remarks(low, Remark::Delegates) {
        add(
            &mut policy.delegates_to,
            "delegates-to",
            unit,
            unit.plain.clone(),
        );
    }
}

/// Rules in sentences, where there is no table.
fn prose_rules(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        let only = vocab::remarks(&unit.low, Remark::LatestOnly);
        if unit.kind != UnitKind::Sentence || !(unit.topic == Topic::Versions || only) {
            continue;
        }
        let speaks = ["support", "security", "fix", "update", "patch", "receive"]
            .iter()
            .any(|w| vocab::fits(&unit.low, w));
        let known = |policy: &Policy, older: bool| {
            policy
                .versions
                .iter()
                .any(|c| matches!(c.value.range, VersionRange::Older) == older)
        };
        if let Some(label) = phrase(unit, NEWEST).filter(|_| speaks && !known(policy, false)) {
            let branch = vocab::fits(&unit.low, "main$").then(|| "main".to_owned());
            let value = VersionRule {
                label,
                range: VersionRange::Latest { branch },
                support: Support::Full,
            };
            add(&mut policy.versions, "version", unit, value);
        }
        if let Some(label) = phrase(unit, OLDER).filter(|_| !known(policy, true)) {
            let Some(support) = older_support(&unit.low) else {
                continue;
            };
            let value = VersionRule {
                label,
                range: VersionRange::Older,
                support,
            };
            add(&mut policy.versions, "version", unit, value);
        }
    }
}

const NEWEST: &[&str] = &["latest", "most recent", "newest", "last", "current$"];
const OLDER: &[&str] = &["older", "prior", "previous", "outdated", "earlier", "other"];

fn older_support(low: &str) -> Option<Support> {
    let fits = |list: &[&str]| list.iter().any(|w| vocab::fits(low, w));
    if fits(&[
        "case-by-case",
        "case by case",
        "consider",
        "may be",
        "best effort",
        "best-effort",
        "depending on",
    ]) {
        Some(Support::BestEffort)
    } else if fits(&["not ", "no longer", "no$", "unsupported", "only "]) {
        Some(Support::None)
    } else {
        None
    }
}

/// "latest release", "prior versions": from the word to the noun, as written.
fn phrase(unit: &Unit, openers: &[&str]) -> Option<String> {
    let (start, _) = openers
        .iter()
        .filter_map(|w| vocab::find(&unit.low, w))
        .min()?;
    let rest = unit.low.get(start..)?;
    let end = [
        "versions", "version", "releases", "release", "builds", "build", "series", "trains",
        "train",
    ]
    .iter()
    .filter_map(|w| vocab::find(rest, &format!("{w}$")))
    .map(|(_, end)| end)
    .min()?;
    let label = rest.get(..end)?;
    if label.split_whitespace().count() > 6 {
        return None;
    }
    let written = (unit.low.len() == unit.plain.len())
        .then(|| unit.plain.get(start..start + end))
        .flatten();
    Some(short(written.unwrap_or(label), 90))
}
