//! Names and addresses in an advisory: its id, a CVE id, a link, a package.

use std::fmt;
use std::str::FromStr;

use candor_base::CaseRef;
pub use candor_base::{CveId, CveIdError};
use serde::{Deserialize, Serialize};

/// The id of an advisory: `TDX-2026-7K3F9QMA`. 1 to 80 letters, digits, dashes,
/// dots and underscores; letters or digits at both ends. Never a CVE id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AdvisoryId(String);

/// A text is no advisory id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not an advisory id; it looks like TDX-2026-7K3F9QMA")]
pub struct AdvisoryIdError;

impl AdvisoryId {
    /// The id of the advisory that comes out of a case: its prefix, the year of
    /// publication, its random letters. It tells no more than the case reference.
    pub fn of_case(case: &CaseRef, year: i16) -> Self {
        let text = case.as_str();
        let (prefix, tag) = text.split_once('-').unwrap_or((text, ""));
        Self(format!("{prefix}-{year:04}-{}", tag.replace('-', "")))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AdvisoryId {
    type Err = AdvisoryIdError;
    fn from_str(text: &str) -> Result<Self, AdvisoryIdError> {
        let text = text.trim();
        let end = |c: char| c.is_ascii_alphanumeric();
        let inner = |c: char| end(c) || matches!(c, '-' | '.' | '_');
        let good = (1..=80).contains(&text.len())
            && text.chars().all(inner)
            && text.starts_with(end)
            && text.ends_with(end)
            && !text.to_ascii_uppercase().starts_with("CVE-");
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(AdvisoryIdError)
        }
    }
}

/// An `http` or `https` address, in the letters that RFC 3986 allows, at most
/// 2,000 of them, without a user name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Link(String);

/// A text is no link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a web address; it starts with https:// and has no blanks in it")]
pub struct LinkError;

impl Link {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether each `%` is followed by two hexadecimal digits.
fn percents_are_whole(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        let mut next = after.bytes();
        let hex = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_hexdigit());
        hex(next.next()) && hex(next.next())
    })
}

impl FromStr for Link {
    type Err = LinkError;
    fn from_str(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .ok_or(LinkError)?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or("");
        let (name, port) = host.split_once(':').unwrap_or((host, "80"));
        let host_ok = name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
            && !port.is_empty()
            && port.len() <= 5
            && port.bytes().all(|b| b.is_ascii_digit());
        let letter = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=%".contains(&b);
        let good = host_ok
            && text.len() <= 2000
            && rest.bytes().all(letter)
            && percents_are_whole(rest)
            && rest.matches('#').count() <= 1;
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(LinkError)
        }
    }
}

/// A package's address without a version (`pkg:cargo/threatdex`), so that
/// scanners find the product: type, then one or more parts, nothing else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Purl(String);

/// A text is no package address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a package address without a version; it looks like pkg:cargo/threatdex")]
pub struct PurlError;

impl Purl {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Purl {
    type Err = PurlError;
    fn from_str(text: &str) -> Result<Self, PurlError> {
        let text = text.trim();
        let rest = text.strip_prefix("pkg:").ok_or(PurlError)?;
        let (kind, path) = rest.split_once('/').ok_or(PurlError)?;
        let kind_ok = kind.starts_with(|c: char| c.is_ascii_lowercase())
            && kind
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b));
        let part_ok = |part: &str| {
            part.bytes().any(|b| b.is_ascii_alphanumeric())
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b))
        };
        let good = kind_ok
            && text.len() <= 300
            && path.split('/').all(part_ok)
            && percents_are_whole(path);
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(PurlError)
        }
    }
}

macro_rules! as_text {
    ($name:ty, $error:ty) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl TryFrom<String> for $name {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, $error> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}
as_text!(AdvisoryId, AdvisoryIdError);
as_text!(Link, LinkError);
as_text!(Purl, PurlError);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_advisory_id_comes_from_its_case() {
        let case: CaseRef = "TDX-7K3F-9QMA".parse().unwrap();
        let id = AdvisoryId::of_case(&case, 2026);
        assert_eq!(id.as_str(), "TDX-2026-7K3F9QMA");
        assert_eq!(id.as_str().parse(), Ok(id));
        for bad in ["", "-a", "a b", "CVE-2026-1234", "a/b", "ä"] {
            assert!(bad.parse::<AdvisoryId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn cve_ids_are_read_in_any_case() {
        assert_eq!(
            "cve-1900-0001".parse::<CveId>().unwrap().as_str(),
            "CVE-1900-0001"
        );
        for bad in ["CVE-1900-1", "CVE-19-0001", "CVE-1900-00a1", "1900-0001"] {
            assert!(bad.parse::<CveId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn links_are_web_addresses() {
        for good in [
            "https://example.org",
            "http://localhost:8080/a?b=c#d",
            "https://example.org/a%20b",
        ] {
            assert!(good.parse::<Link>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "example.org",
            "https://",
            "https:///a",
            "javascript:alert(1)",
            "https://a b",
            "https://example.org/<script>",
            "https://example.org/%2",
            "https://example.org/%zz",
            "https://user:word@example.org/",
            "https://example.org:/",
            "https://exämple.org/",
            "https://example.org/#a#b",
        ] {
            assert!(bad.parse::<Link>().is_err(), "{bad}");
        }
    }

    #[test]
    fn package_addresses_carry_no_version() {
        for good in [
            "pkg:cargo/threatdex",
            "pkg:npm/%40scope/name",
            "pkg:github/a/b",
        ] {
            assert!(good.parse::<Purl>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "cargo/x",
            "pkg:cargo",
            "pkg:cargo/",
            "pkg:cargo/a@1.0",
            "pkg:/a",
            "pkg:a/b?c=d",
        ] {
            assert!(bad.parse::<Purl>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn odd_text_never_panics(text in ".{0,60}") {
            let _ = format!("pkg:{text}").parse::<Purl>();
            let _ = text.parse::<Link>();
            let _ = format!("https://{text}").parse::<Link>();
            let _ = text.parse::<CveId>();
            let _ = text.parse::<AdvisoryId>();
        }
    }
}
