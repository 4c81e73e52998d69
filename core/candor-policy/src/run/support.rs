//! Whether a version is supported, as far as the policy and the owner say.
//!
//! Invariants: what nobody said is `Unknown` with the reason, never a guess; an
//! unsupported version never stops a report.
//!
//! Deliberately absent: version schemes beyond dotted numbers; words of a
//! policy that need a person stay `Unknown`.

use serde::{Deserialize, Serialize};

use crate::model::{Clause, ClauseId, CompareOp, PatchTarget, Support, VersionRange, VersionRule};
use crate::settings::{PolicyInForce, Release};

/// Whether a version gets fixes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum SupportAnswer {
    /// It does.
    Supported {
        /// The clause; `None` when the owner's register says so.
        clause: Option<ClauseId>,
    },
    /// It does not.
    Unsupported {
        /// The clause; `None` when the owner's register says so.
        clause: Option<ClauseId>,
        /// What the reporter can do, in the policy's words where it has any.
        advice: String,
    },
    /// Nobody said.
    Unknown {
        /// Why it cannot be told, and what the reporter can do.
        why: String,
        /// The clause that would decide, when only the owner's list of releases is missing.
        #[serde(default)]
        clause: Option<ClauseId>,
    },
}

/// Whether this version gets fixes (S0-01, S1-02, S2-01).
pub fn support(policy: &PolicyInForce, version: &str) -> SupportAnswer {
    let version = version.trim();
    if version.is_empty() {
        return unknown("No version was given.");
    }
    if let Some(release) = find_release(&policy.settings.releases, version)
        && let Some(supported) = release.supported
    {
        return answer(policy, None, supported);
    }
    let rules = &policy.policy.versions;
    if rules.is_empty() {
        return unknown("The policy does not say which versions are supported.");
    }
    let parts = numbers(version);
    if let Some(rule) = rules.iter().find(|r| matches_numbers(&r.value, &parts)) {
        return answer(policy, Some(rule), rule.value.support != Support::None);
    }
    if rules
        .iter()
        .any(|r| matches!(r.value.range, VersionRange::Latest { .. }))
    {
        return by_latest(policy, version, &parts);
    }
    if let Some(other) = rules
        .iter()
        .find(|r| matches!(r.value.range, VersionRange::Older))
        && !parts.is_empty()
    {
        return answer(policy, Some(other), other.value.support != Support::None);
    }
    unknown("The policy's list of versions does not name this one.")
}

/// Policies that support "the latest": newest release, branch name, or word.
fn by_latest(policy: &PolicyInForce, version: &str, parts: &[u32]) -> SupportAnswer {
    let rules = &policy.policy.versions;
    let latest = rules
        .iter()
        .find(|r| matches!(r.value.range, VersionRange::Latest { .. }));
    let older = rules
        .iter()
        .find(|r| matches!(r.value.range, VersionRange::Older));
    let lower = version.to_lowercase();
    let names_latest = lower.split(|c: char| !c.is_alphanumeric()).any(|w| {
        matches!(w, "latest" | "newest" | "current" | "head" | "main")
            || latest.is_some_and(|r| match &r.value.range {
                VersionRange::Latest { branch: Some(b) } => b.eq_ignore_ascii_case(w),
                _ => false,
            })
    });
    // "main, and v0.9.2" names an older one too: that is not for us to call supported.
    if names_latest && !names_a_number(&lower) {
        return answer(policy, latest, true);
    }
    if lower.starts_with("older") || lower.starts_with("an older") {
        return answer(policy, older.or(latest), false);
    }
    let newest = newest(&policy.settings.releases);
    match newest {
        Some(newest) if same_version(&newest.version, version) => answer(policy, latest, true),
        Some(newest) if !parts.is_empty() => {
            if parts >= numbers(&newest.version).as_slice() {
                answer(policy, latest, true)
            } else {
                answer(policy, older.or(latest), false)
            }
        }
        // A digest or commit of the register that is not its newest.
        Some(_) if find_release(&policy.settings.releases, version).is_some() => {
            answer(policy, older.or(latest), false)
        }
        _ => unless_newest(older.or(latest)),
    }
}

/// Whether a number of a version stands somewhere in these words.
fn names_a_number(lower: &str) -> bool {
    lower
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'))
        .any(|word| word.contains('.') && !numbers(word).is_empty())
}

fn unless_newest(rule: Option<&Clause<VersionRule>>) -> SupportAnswer {
    let line = rule.map_or_else(String::new, |r| format!(" ({})", r.span));
    SupportAnswer::Unknown {
        why: format!(
            "Unless it is the newest release, this version is not supported{line}. Please try \
             the newest one too, if you can. You can still send the report."
        ),
        clause: rule.map(|r| r.id.clone()),
    }
}

fn answer(
    policy: &PolicyInForce,
    rule: Option<&Clause<VersionRule>>,
    supported: bool,
) -> SupportAnswer {
    let clause = rule.map(|r| r.id.clone());
    if rule.is_some_and(|r| r.value.support == Support::Unclear) {
        return SupportAnswer::Unknown {
            why: "The policy's list of versions says neither yes nor no for this one.".to_owned(),
            clause,
        };
    }
    if supported {
        SupportAnswer::Supported { clause }
    } else {
        SupportAnswer::Unsupported {
            clause,
            advice: advice(policy),
        }
    }
}

fn advice(policy: &PolicyInForce) -> String {
    let rows: Vec<&str> = policy
        .policy
        .versions
        .iter()
        .filter(|c| !matches!(c.value.support, Support::None | Support::Unclear))
        .filter(|c| c.value.range != VersionRange::Words)
        .map(|c| c.value.label.as_str())
        .collect();
    let which = if rows.is_empty() {
        String::new()
    } else {
        format!(": {}", rows.join(", "))
    };
    let own = format!(
        "This version gets no fixes. Please try a supported version as well, if you can{which}. \
         Say what you saw. You can still send the report."
    );
    match &policy.policy.upgrade_first {
        Some(clause) => format!("{own} The policy says: \u{201c}{}\u{201d}", clause.quote),
        None => own,
    }
}

fn unknown(why: &str) -> SupportAnswer {
    SupportAnswer::Unknown {
        why: why.to_owned(),
        clause: None,
    }
}

/// Whether a rule with numbers covers a version.
pub(crate) fn matches_numbers(rule: &VersionRule, version: &[u32]) -> bool {
    if version.is_empty() {
        return false;
    }
    match &rule.range {
        VersionRange::Prefix { parts } => {
            !parts.is_empty() && version.len() >= parts.len() && version.starts_with(parts)
        }
        VersionRange::Compare { op, parts } => {
            let order = compare(version, parts);
            match op {
                CompareOp::Less => order.is_lt(),
                CompareOp::LessOrEqual => order.is_le() || version.starts_with(parts),
                CompareOp::Greater => order.is_gt(),
                CompareOp::GreaterOrEqual => order.is_ge(),
                CompareOp::Equal => order.is_eq(),
            }
        }
        _ => false,
    }
}

/// Compares dotted numbers, missing parts as zero.
pub(crate) fn compare(a: &[u32], b: &[u32]) -> std::cmp::Ordering {
    let length = a.len().max(b.len());
    (0..length)
        .map(|i| {
            let left = a.get(i).copied().unwrap_or(0);
            let right = b.get(i).copied().unwrap_or(0);
            left.cmp(&right)
        })
        .find(|o| o.is_ne())
        .unwrap_or(std::cmp::Ordering::Equal)
}

/// The leading dotted numbers of a version: `v1.4.2-rc1` is `[1, 4, 2]`; a digest or commit has none.
pub fn numbers(version: &str) -> Vec<u32> {
    let lower = version.trim().to_lowercase();
    let text = lower
        .strip_prefix("version")
        .map_or(lower.as_str(), str::trim_start);
    let text = text.strip_prefix('v').unwrap_or(text).trim_start();
    let head: String = text
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let tail = text.chars().nth(head.chars().count());
    // `4f2c91` is a commit, not version 4.
    if tail.is_some_and(|c| c.is_ascii_alphabetic()) && !head.contains('.') {
        return Vec::new();
    }
    let mut parts = Vec::new();
    for piece in head.split('.').filter(|p| !p.is_empty()).take(6) {
        match piece.parse() {
            Ok(n) => parts.push(n),
            Err(_) => return Vec::new(),
        }
    }
    parts
}

pub(crate) fn newest(releases: &[Release]) -> Option<&Release> {
    releases
        .iter()
        .filter(|r| !numbers(&r.version).is_empty())
        .max_by(|a, b| compare(&numbers(&a.version), &numbers(&b.version)))
        .or_else(|| releases.first())
}

fn find_release<'a>(releases: &'a [Release], version: &str) -> Option<&'a Release> {
    releases.iter().find(|r| same_version(&r.version, version))
}

fn same_version(a: &str, b: &str) -> bool {
    let bare = |v: &str| v.trim().trim_start_matches(['v', 'V']).to_lowercase();
    bare(a) == bare(b)
}

/// Whether a release of the register is supported, by its own mark or the policy's rows.
pub fn release_supported(policy: &PolicyInForce, release: &Release) -> bool {
    if let Some(own) = release.supported {
        return own;
    }
    let only_latest = policy
        .policy
        .patch_targets
        .iter()
        .any(|t| t.value == PatchTarget::LatestOnly);
    match support(policy, &release.version) {
        SupportAnswer::Supported { .. } => true,
        SupportAnswer::Unsupported { .. } => false,
        SupportAnswer::Unknown { .. } => {
            !only_latest && policy.policy.versions.is_empty()
                || newest(&policy.settings.releases) == Some(release)
        }
    }
}
