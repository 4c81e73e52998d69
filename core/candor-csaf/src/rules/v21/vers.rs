//! Ranges of versions as names of branches: the version range specifier (VERS), and its
//! constraints alone (vls), as section 3.1.2.3.2 of CSAF 2.1 allows them.
//!
//! Only the canonical form is right. The order of versions is checked for the types
//! whose order is known here: whole numbers with dots, and Semantic Versioning.
//!
//! Deliberately absent: whether a version lies in a range.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::rules::tracking::Number;

/// The types that the specification of VERS registers.
pub(super) const REGISTERED: [&str; 21] = [
    "all",
    "alpm",
    "apk",
    "cargo",
    "composer",
    "cpan",
    "dart",
    "datetime",
    "deb",
    "gem",
    "generic",
    "golang",
    "hackage",
    "intdot",
    "lexicographic",
    "maven",
    "none",
    "npm",
    "nuget",
    "pypi",
    "rpm",
];

/// Semantic Versioning, under its own name and where a registry uses nothing else.
const SEMANTIC: [&str; 3] = ["semver", "npm", "cargo"];

/// A constraint: how a version is compared, and the version.
#[derive(Debug, Clone, Copy)]
struct Constraint<'a> {
    sign: &'a str,
    version: &'a str,
}

/// A name read as a range.
#[derive(Debug)]
pub(super) struct Range<'a> {
    /// The type; `None` for constraints alone.
    kind: Option<&'a str>,
    /// What follows.
    body: &'a str,
    constraints: Vec<Constraint<'a>>,
}

impl<'a> Range<'a> {
    pub(super) fn read(name: &'a str) -> Self {
        let (kind, body) = match name.strip_prefix("vers:") {
            Some(rest) => {
                let (kind, body) = rest.split_once('/').unwrap_or((rest, ""));
                (Some(kind), body)
            }
            None => (None, name),
        };
        let constraints = body
            .split('|')
            .map(|part| {
                let signs = ["!=", "<=", ">=", "<", ">", "="];
                let sign = signs
                    .into_iter()
                    .find(|sign| part.starts_with(sign))
                    .unwrap_or("");
                let version = part.strip_prefix(sign).unwrap_or(part);
                Constraint { sign, version }
            })
            .collect();
        Self {
            kind,
            body,
            constraints,
        }
    }

    /// The type, when one is told.
    pub(super) fn kind(&self) -> Option<&'a str> {
        self.kind
            .filter(|kind| !kind.is_empty() && *kind != "semver")
    }

    /// Whether every version from some version on lies in it.
    pub(super) fn is_open_above(&self) -> bool {
        let last = self.constraints.iter().rev().find(|c| c.sign != "!=");
        last.is_some_and(|c| c.sign.starts_with('>'))
    }

    /// Whether only one version lies in it.
    pub(super) fn is_single(&self) -> bool {
        if self.kind == Some("") {
            return false;
        }
        match self.constraints.as_slice() {
            [one] => {
                matches!(one.sign, "" | "=")
                    && one.version != "*"
                    && !one.version.contains(char::is_whitespace)
            }
            [low, high] => low.sign == ">=" && high.sign == "<=" && low.version == high.version,
            _ => false,
        }
    }

    /// Everything that keeps it from the canonical form.
    pub(super) fn wrong(&self) -> Vec<String> {
        let mut out = Vec::new();
        if let Some(kind) = self.kind {
            wrong_kind(kind, &mut out);
        }
        if self.body == "*" {
            if !matches!(self.kind, Some("all" | "none")) {
                out.push("all versions are written as `vers:all/*`".to_owned());
            }
            return out;
        }
        if matches!(self.kind, Some("all" | "none")) {
            out.push("after `vers:all/` and `vers:none/` only `*` may stand".to_owned());
        }
        if self.body.contains(|c: char| c.is_ascii_whitespace()) {
            out.push("a range has no spaces".to_owned());
        } else if self.body.contains(|c: char| !c.is_ascii_graphic()) {
            out.push("a range has ASCII characters only".to_owned());
        }
        if self
            .constraints
            .iter()
            .any(|c| c.sign.is_empty() && c.version.is_empty())
        {
            out.push("a constraint is empty: look at the bars (`|`)".to_owned());
        }
        for constraint in &self.constraints {
            wrong_version(*constraint, &mut out);
        }
        if out.is_empty() {
            self.wrong_order(&mut out);
        }
        out
    }

    fn wrong_order(&self, out: &mut Vec<String>) {
        let mut seen = BTreeSet::new();
        for constraint in &self.constraints {
            if !seen.insert(constraint.version) {
                out.push(format!(
                    "the version {} stands twice",
                    clip(constraint.version)
                ));
            }
        }
        for pair in self.constraints.windows(2) {
            if let [a, b] = pair
                && self.compare(a.version, b.version) == Some(Ordering::Greater)
            {
                out.push(format!(
                    "{} stands before {}; versions rise",
                    clip(a.version),
                    clip(b.version)
                ));
            }
        }
        let kept: Vec<&str> = self
            .constraints
            .iter()
            .map(|c| c.sign)
            .filter(|s| *s != "!=")
            .collect();
        for pair in kept.windows(2) {
            if let ["" | "=", "<" | "<="] = pair {
                out.push("a single version stands before `<`, which holds it already".to_owned());
            }
        }
        let bounds: Vec<&str> = kept
            .into_iter()
            .filter(|s| s.starts_with(['<', '>']))
            .collect();
        let turns = bounds.windows(2).all(|pair| match pair {
            [a, b] => a.starts_with('<') != b.starts_with('<'),
            _ => true,
        });
        if !turns {
            out.push("lower and upper bounds do not take turns".to_owned());
        }
    }

    /// The order of two versions, where the type has one that is known here.
    fn compare(&self, a: &str, b: &str) -> Option<Ordering> {
        match self.kind? {
            "intdot" => Some(dotted(a)?.cmp(&dotted(b)?)),
            kind if SEMANTIC.contains(&kind) => Some(Number::parse(a)?.compare(Number::parse(b)?)),
            _ => None,
        }
    }
}

/// Numbers between dots, up to the first other character.
fn dotted(version: &str) -> Option<Vec<u64>> {
    let end = version
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(version.len());
    let mut parts = version
        .get(..end)?
        .split('.')
        .map(|part| part.parse().ok())
        .collect::<Option<Vec<u64>>>()?;
    // 1.0 and 1 are one version.
    while parts.last() == Some(&0) {
        parts.pop();
    }
    Some(parts)
}

fn wrong_kind(kind: &str, out: &mut Vec<String>) {
    let letter = |b: u8| b.is_ascii_lowercase() || b".-+".contains(&b);
    let mut bytes = kind.bytes();
    let fits = bytes.next().is_some_and(letter) && bytes.all(|b| letter(b) || b.is_ascii_digit());
    if !fits {
        out.push(format!("`{}` is no type of a version range", clip(kind)));
    }
}

fn wrong_version(constraint: Constraint<'_>, out: &mut Vec<String>) {
    let Constraint { sign, version } = constraint;
    if version.is_empty() {
        if !sign.is_empty() {
            out.push(format!("no version follows `{sign}`"));
        }
        return;
    }
    if let Some(c) = version.chars().find(|c| "<>=!*".contains(*c)) {
        out.push(format!(
            "`{c}` in the version {} must be written as a percent code",
            clip(version)
        ));
    }
    for after in version.split('%').skip(1) {
        let code = after
            .get(..2)
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        let lower = after
            .get(..2)
            .is_some_and(|two| two.contains(|c: char| c.is_ascii_lowercase()));
        if code.is_none() || lower {
            out.push(format!(
                "a percent code in the version {} is not right",
                clip(version)
            ));
        }
    }
}

fn clip(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_ranges_are_right() {
        for name in [
            "vers:all/*",
            "vers:intdot/<4.2.0",
            "vers:gem/>=2.2.0|!=2.2.1|<2.3.0",
            "vers:npm/1.2.3|>=2.0.0|<5.0.0",
            "vers:pypi/0.0.0|0.0.1|0.0.2|1.0|2.0pre1",
            "vers:tomee/>=8.0.0-M1|<=8.0.1",
            "vers:datetime/>=2012-06-30T23:59:60Z|<=2016-12-31T23:59:60Z",
            "vers:semver/<2.1.0|>4.2.0|<=5.4.18",
            "vers:npm/>1.0%250",
            "<=2",
            "<V3.0.29",
            ">10.9a|!=10.9c|!=10.9f|<=10.9k",
            "<1.2.0|=4.2.0",
        ] {
            assert_eq!(Range::read(name).wrong(), Vec::<String>::new(), "{name}");
            assert!(!Range::read(name).is_single(), "{name}");
        }
    }

    #[test]
    fn what_is_not_canonical_is_wrong() {
        for name in [
            "",
            "*",
            "vers:npm/*",
            "vers:all/1",
            "vers:/all",
            "vers:npm",
            "vers:NPM/<2",
            "vers:1x/<2",
            "<= 2024.04",
            "all versions",
            "> abc and <= def",
            "vers:npm/|<2.0.0",
            "vers:npm/<2.0.0|",
            "vers:npm/>=1.0.0||<2.0.0",
            "vers:npm/>=2.0.0|<1.0.0",
            "vers:npm/>=1.0.0-rc.10|<1.0.0-rc.9",
            "vers:intdot/>=1.10|<1.9",
            "vers:x/<4.2.0|>3.91.1|<>3.2.0|<1.2",
            "vers:x/>=1|>2",
            "vers:x/1|<2",
            "vers:x/>=1|!=1",
            "vers:x/>1*",
            "vers:x/>1%2",
            "vers:x/>1%2g",
            "vers:x/>1%3a",
            "vers:x/>=",
            "<4\u{e9}",
        ] {
            assert!(!Range::read(name).wrong().is_empty(), "{name}");
        }
    }

    #[test]
    fn one_version_is_no_range() {
        for name in ["vers:intdot/4.2.0", "vers:intdot/=4.2.0", "4.2", ">=1|<=1"] {
            assert!(Range::read(name).is_single(), "{name}");
        }
        for name in ["1|2", "!=1", "vers:all/*", ">=1|<=2"] {
            assert!(!Range::read(name).is_single(), "{name}");
        }
    }
}
