//! What a package address says of its ecosystem: the name there, and how its
//! versions are ordered.
//!
//! Deliberately absent: comparing versions.

use crate::ids::Purl;

/// How a kind of package address is called in OSV, whether its versions are ordered
/// as Semantic Versioning says, and how a CVE record calls that order.
const ECOSYSTEMS: &[(&str, &str, bool, &str)] = &[
    ("bitnami", "Bitnami", true, "semver"),
    ("cargo", "crates.io", true, "semver"),
    ("composer", "Packagist", false, "custom"),
    ("conan", "ConanCenter", false, "custom"),
    ("cran", "CRAN", false, "custom"),
    ("gem", "RubyGems", false, "custom"),
    ("golang", "Go", true, "semver"),
    ("hackage", "Hackage", false, "custom"),
    ("hex", "Hex", true, "semver"),
    ("julia", "Julia", true, "semver"),
    ("maven", "Maven", false, "maven"),
    ("npm", "npm", true, "semver"),
    ("nuget", "NuGet", false, "custom"),
    ("opam", "opam", false, "custom"),
    ("pub", "Pub", true, "semver"),
    ("pypi", "PyPI", false, "python"),
    ("swift", "SwiftURL", true, "semver"),
];

/// A package as OSV knows it.
pub(crate) struct Package {
    /// The ecosystem as OSV calls it.
    pub(crate) ecosystem: &'static str,
    /// The name of the package there.
    pub(crate) name: String,
    /// Whether its versions are ordered as Semantic Versioning says.
    pub(crate) semver: bool,
    /// How a CVE record calls the order of its versions.
    pub(crate) order: &'static str,
}

/// The package behind an address, when OSV knows its kind.
pub(crate) fn package(purl: &Purl) -> Option<Package> {
    let (kind, path) = purl.as_str().strip_prefix("pkg:")?.split_once('/')?;
    let (_, ecosystem, semver, order) = ECOSYSTEMS.iter().find(|row| row.0 == kind)?;
    let path = unpercent(path);
    // Maven parts group and name by a colon; the others write names as in the address.
    let name = match (kind, path.rsplit_once('/')) {
        ("maven", Some((group, name))) => format!("{group}:{name}"),
        _ => path,
    };
    Some(Package {
        ecosystem,
        name,
        semver: *semver,
        order,
    })
}

/// Percent codes of an address as the bytes they stand for; odd bytes as they are.
fn unpercent(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(value) if byte == b'%' => {
                out.push(value);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                out.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// A version as Semantic Versioning 2.0.0 writes it, missing numbers as zero
/// (`2.4` is 2.4.0 as a border); `None` for other versions.
pub(crate) fn semver(text: &str) -> Option<String> {
    let number = |t: &str| {
        !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit()) && (t == "0" || !t.starts_with('0'))
    };
    let name = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (core, rest) = text.split_at_checked(end)?;
    let count = core.split('.').count();
    let (pre, build) = match rest.split_once('+') {
        Some((pre, build)) => (pre, Some(build)),
        None => (rest, None),
    };
    let pre = pre.strip_prefix('-');
    let good = count <= 3
        && core.split('.').all(number)
        && pre.is_none_or(|pre| pre.split('.').all(|p| name(p) && (!digits(p) || number(p))))
        && build.is_none_or(|build| build.split('.').all(name));
    good.then(|| format!("{core}{}{rest}", ".0".repeat(3 - count.min(3))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semantic_versions_have_three_numbers() {
        for (text, want) in [
            ("0.0.0", "0.0.0"),
            ("2.4.1", "2.4.1"),
            ("2.4", "2.4.0"),
            ("3", "3.0.0"),
            ("1.2.3-rc.1", "1.2.3-rc.1"),
            ("1.2-rc.1", "1.2.0-rc.1"),
            ("1.2.3-x-y+b.01", "1.2.3-x-y+b.01"),
        ] {
            assert_eq!(semver(text).as_deref(), Some(want), "{text}");
        }
        for bad in [
            "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3+", "1.2.3.4", "2026a", "1..2",
        ] {
            assert_eq!(semver(bad), None, "{bad}");
        }
    }

    #[test]
    fn packages_are_named_as_their_ecosystem_does() {
        for (purl, want) in [
            ("pkg:npm/%40scope/name", Some(("npm", "@scope/name"))),
            (
                "pkg:maven/org.example/core",
                Some(("Maven", "org.example:core")),
            ),
            (
                "pkg:golang/example.org/a/b",
                Some(("Go", "example.org/a/b")),
            ),
            ("pkg:github/a/b", None),
        ] {
            let package = package(&purl.parse().unwrap());
            let found = package.as_ref().map(|p| (p.ecosystem, p.name.as_str()));
            assert_eq!(found, want, "{purl}");
        }
    }
}
