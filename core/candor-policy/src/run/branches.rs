//! Which branches a fix must reach.
//!
//! Invariants: one row per branch, newest first; a branch without a known
//! release keeps its label.
//!
//! Deliberately absent: whether a branch was fixed; that is the case's matter.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{PatchTarget, Support, VersionRange, VersionRule};
use crate::run::support::{compare, matches_numbers, newest, numbers, release_supported};
use crate::settings::{PolicyInForce, Release};

/// One branch that a fix must reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// Its name: a row of the policy (`1.x.x`) or a line of the register (`2.x`).
    pub label: String,
    /// The newest release of it: a fix on an older one does not count (S0-02).
    pub latest: Option<String>,
}

/// The branches to fix (S0-02, S1-01, S2-01, S4-33).
pub fn branches(policy: &PolicyInForce) -> Vec<Branch> {
    let targets: Vec<PatchTarget> = policy
        .policy
        .patch_targets
        .iter()
        .map(|t| t.value)
        .collect();
    if targets.contains(&PatchTarget::LatestOnly) {
        return vec![latest_only(policy)];
    }
    let supported: Vec<&Release> = policy
        .settings
        .releases
        .iter()
        .filter(|r| release_supported(policy, r))
        .collect();
    let rows: Vec<&VersionRule> = policy
        .policy
        .versions
        .iter()
        .map(|c| &c.value)
        .filter(|r| !matches!(r.support, Support::None | Support::Unclear))
        .collect();
    let found = if targets.contains(&PatchTarget::LatestMinorPerMajor) && !supported.is_empty() {
        lines(&supported, 1)
    } else if !rows.is_empty() {
        rows.iter().map(|row| of_row(row, &supported)).collect()
    } else {
        lines(&supported, 2)
    };
    if found.is_empty() {
        vec![latest_only(policy)]
    } else {
        found
    }
}

/// The versions that the next releases of the newest line would have, where the policy
/// promises the next patch or minor release: first the patch, then the minor (S4-03, S4-32).
/// Empty where it promises something else, or nobody gave the releases.
pub fn next_versions(policy: &PolicyInForce) -> Vec<String> {
    let promised = policy
        .policy
        .patch_targets
        .iter()
        .any(|t| t.value == PatchTarget::NextPatchOrMinor);
    let Some(newest) = newest(&policy.settings.releases).filter(|_| promised) else {
        return Vec::new();
    };
    let parts = numbers(&newest.version);
    let (Some(major), Some(minor)) = (parts.first(), parts.get(1)) else {
        return Vec::new();
    };
    let patch = parts.get(2).copied().unwrap_or(0);
    vec![
        format!("{major}.{minor}.{}", patch.saturating_add(1)),
        format!("{major}.{}.0", minor.saturating_add(1)),
    ]
}

/// Whether a release of this version is a fix for this branch: one on an older line
/// than the newest release of the branch does not count (S0-02). Where nobody gave the
/// releases, or a version has no numbers, nothing stands against it.
pub fn reaches(policy: &PolicyInForce, branch: &str, version: &str) -> bool {
    let released = numbers(version);
    let newest = branches(policy)
        .into_iter()
        .find(|b| b.label == branch)
        .and_then(|b| b.latest)
        .map(|v| numbers(&v))
        .unwrap_or_default();
    released.is_empty() || newest.is_empty() || compare(&released, &newest).is_ge()
}

fn latest_only(policy: &PolicyInForce) -> Branch {
    let label = policy
        .policy
        .versions
        .iter()
        .find(|c| matches!(c.value.range, VersionRange::Latest { .. }))
        .map_or_else(|| "latest release".to_owned(), |c| c.value.label.clone());
    Branch {
        label,
        latest: newest(&policy.settings.releases).map(|r| r.version.clone()),
    }
}

fn of_row(row: &VersionRule, supported: &[&Release]) -> Branch {
    let in_row = supported.iter().filter(|r| {
        matches!(row.range, VersionRange::Latest { .. })
            || matches_numbers(row, &numbers(&r.version))
    });
    Branch {
        label: row.label.clone(),
        latest: newest_of(in_row.copied()),
    }
}

/// Groups releases by their first `depth` numbers and takes the newest of each.
fn lines(supported: &[&Release], depth: usize) -> Vec<Branch> {
    let mut groups: BTreeMap<Vec<u32>, Vec<&Release>> = BTreeMap::new();
    for release in supported {
        let line: Vec<u32> = numbers(&release.version).into_iter().take(depth).collect();
        if !line.is_empty() {
            groups.entry(line).or_default().push(release);
        }
    }
    groups
        .into_iter()
        .rev()
        .map(|(line, members)| {
            let name: Vec<String> = line.iter().map(u32::to_string).collect();
            Branch {
                label: format!("{}.x", name.join(".")),
                latest: newest_of(members.into_iter()),
            }
        })
        .collect()
}

fn newest_of<'a>(releases: impl Iterator<Item = &'a Release>) -> Option<String> {
    releases
        .max_by(|a, b| compare(&numbers(&a.version), &numbers(&b.version)))
        .map(|r| r.version.clone())
}
