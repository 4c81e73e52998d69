//! A range of versions as stretches, each with at most one lower and one upper
//! border, the form that OSV and the CVE record ask for.
//!
//! Invariant: borders are paired by their place in the text, because no order of
//! versions holds for all products. Only where an upper border stands before a lower
//! one, plain numbers decide whether that is one stretch or two; names that are no
//! plain numbers give two, so that no affected version is left out.
//!
//! Deliberately absent: an order of versions.

use std::cmp::Ordering;

use crate::versions::{Comparator, Constraint, VersionName, VersionRange};

/// The lower border of a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lower<'a> {
    /// From the first version on.
    First,
    /// From this one on.
    From(&'a VersionName),
    /// From the one after this on.
    After(&'a VersionName),
}

/// The upper border of a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Upper<'a> {
    /// No end is known.
    Open,
    /// Up to the one before this.
    Before(&'a VersionName),
    /// Up to this one.
    UpTo(&'a VersionName),
}

/// Versions between two borders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch<'a> {
    pub(crate) lower: Lower<'a>,
    pub(crate) upper: Upper<'a>,
}

/// A range as single versions and stretches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Stretches<'a> {
    /// Versions named one by one.
    pub(crate) single: Vec<&'a VersionName>,
    /// Stretches between borders.
    pub(crate) between: Vec<Stretch<'a>>,
}

impl<'a> Stretches<'a> {
    /// The stretches of a range; `None` for commits and images, which have no order.
    pub(crate) fn of(range: &'a VersionRange) -> Option<Self> {
        let mut out = Self::default();
        match range {
            VersionRange::Builds(_) => return None,
            VersionRange::All => out.between.push(Stretch {
                lower: Lower::First,
                upper: Upper::Open,
            }),
            VersionRange::One(version) => out.single.push(version),
            VersionRange::Range(constraints) => out.pair(constraints),
        }
        Some(out)
    }

    /// Pairs borders as they stand: `>= 1, < 2` is one stretch. `< 2, >= 1` is one, too,
    /// and `< 1, >= 2` is two.
    fn pair(&mut self, constraints: &'a [Constraint]) {
        let mut rest = constraints;
        while let Some((first, after)) = rest.split_first() {
            let version = &first.version;
            rest = after;
            match (lower_of(first), upper_of(first)) {
                (Some(lower), _) => {
                    let partner = after.first().and_then(upper_of);
                    if partner.is_some() {
                        rest = after.get(1..).unwrap_or_default();
                    }
                    self.push(lower, partner.unwrap_or(Upper::Open));
                }
                (None, Some(upper)) => {
                    let below =
                        |c: &&Constraint| plain_order(&c.version, version) == Some(Ordering::Less);
                    let claimed = after.get(1).and_then(upper_of).is_some();
                    match after.first().filter(below).and_then(lower_of) {
                        Some(lower) if !claimed => {
                            rest = after.get(1..).unwrap_or_default();
                            self.push(lower, upper);
                        }
                        _ => self.push(Lower::First, upper),
                    }
                }
                (None, None) => self.single.push(version),
            }
        }
    }

    fn push(&mut self, lower: Lower<'a>, upper: Upper<'a>) {
        self.between.push(Stretch { lower, upper });
    }
}

/// The order of two versions made of numbers and dots alone.
fn plain_order(a: &VersionName, b: &VersionName) -> Option<Ordering> {
    let numbers = |v: &VersionName| -> Option<Vec<u64>> {
        let mut parts: Vec<u64> = v
            .as_str()
            .split('.')
            .map(|n| n.parse().ok())
            .collect::<Option<_>>()?;
        while parts.last() == Some(&0) {
            parts.pop();
        }
        Some(parts)
    };
    Some(numbers(a)?.cmp(&numbers(b)?))
}

fn lower_of(constraint: &Constraint) -> Option<Lower<'_>> {
    match constraint.comparator {
        Comparator::From => Some(Lower::From(&constraint.version)),
        Comparator::After => Some(Lower::After(&constraint.version)),
        _ => None,
    }
}

fn upper_of(constraint: &Constraint) -> Option<Upper<'_>> {
    match constraint.comparator {
        Comparator::Before => Some(Upper::Before(&constraint.version)),
        Comparator::UpTo => Some(Upper::UpTo(&constraint.version)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let range: VersionRange = text.parse().unwrap();
        let stretches = Stretches::of(&range).unwrap();
        let mut out: Vec<String> = stretches.single.iter().map(ToString::to_string).collect();
        out.extend(stretches.between.iter().map(|s| {
            let lower = match s.lower {
                Lower::First => "(-".to_owned(),
                Lower::From(v) => format!("[{v}"),
                Lower::After(v) => format!("({v}"),
            };
            match s.upper {
                Upper::Open => format!("{lower}, -)"),
                Upper::Before(v) => format!("{lower}, {v})"),
                Upper::UpTo(v) => format!("{lower}, {v}]"),
            }
        }));
        out.join(" ")
    }

    #[test]
    fn borders_become_stretches() {
        for (text, want) in [
            (">= 1.0, < 2.4.1", "[1.0, 2.4.1)"),
            ("< 2.4.1, >= 1.0", "[1.0, 2.4.1)"),
            ("before 2.4.1", "(-, 2.4.1)"),
            ("1.4 and later", "[1.4, -)"),
            ("> 1.0, <= 2.0", "(1.0, 2.0]"),
            ("1.0, 1.1", "1.0 1.1"),
            ("< 1.2 | >= 2.0 | < 2.3", "(-, 1.2) [2.0, 2.3)"),
            (">= 1.0, < 1.2, >= 2.0, < 2.3", "[1.0, 1.2) [2.0, 2.3)"),
            ("0.9 | >= 1.0 | < 1.2", "0.9 [1.0, 1.2)"),
            ("all", "(-, -)"),
            ("2.4.x", "[2.4, 2.5)"),
            ("< 1.2 | >= 2.0", "(-, 1.2) [2.0, -)"),
            ("< 1.2-rc1 | >= 1.0-rc1", "(-, 1.2-rc1) [1.0-rc1, -)"),
        ] {
            assert_eq!(shown(text), want, "{text}");
        }
    }

    #[test]
    fn commits_have_no_stretches() {
        let range: VersionRange = "main before 4f2c9d1".parse().unwrap();
        assert_eq!(Stretches::of(&range), None);
    }
}
