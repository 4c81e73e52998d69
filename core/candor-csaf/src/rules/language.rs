//! Language tags (BCP 47): which subtags exist, and which are for private use.
//!
//! The list of subtags is that of the IANA registry as `language-tags` holds it; a tag
//! that is well formed and newer than the list is called unknown.

use language_tags::LanguageTag;

/// A tag with its subtags.
pub(super) struct Tag<'a> {
    text: &'a str,
    parsed: Option<LanguageTag>,
}

impl<'a> Tag<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        Self {
            text,
            parsed: LanguageTag::parse(text).ok(),
        }
    }

    /// What is wrong with it, when it is no tag or holds a subtag that does not exist.
    pub(super) fn unknown(&self) -> Option<String> {
        let shown: String = self.text.chars().take(40).collect();
        match &self.parsed {
            None => Some(format!("`{shown}` is no language tag")),
            Some(tag) => tag
                .validate()
                .err()
                .map(|_| format!("`{shown}` holds a subtag that does not exist")),
        }
    }

    /// The first subtag that is reserved for private use.
    pub(super) fn private(&self) -> Option<&'a str> {
        let mut before_extension = true;
        for (place, subtag) in self.text.split('-').enumerate() {
            let lower = subtag.to_ascii_lowercase();
            if lower == "x" {
                return Some(subtag);
            }
            if lower.len() == 1 {
                before_extension = false;
            }
            if before_extension && is_private(place, &lower) {
                return Some(subtag);
            }
        }
        None
    }
}

/// The ranges that the registry keeps for private use: `qaa..qtz`, `Qaaa..Qabx`, and
/// the regions `AA`, `QM..QZ`, `XA..XZ`, `ZZ`.
fn is_private(place: usize, lower: &str) -> bool {
    let letters = lower.bytes().all(|b| b.is_ascii_lowercase());
    match lower.len() {
        3 if place == 0 => letters && ("qaa"..="qtz").contains(&lower),
        4 if place > 0 => letters && ("qaaa"..="qabx").contains(&lower),
        2 if place > 0 => {
            lower == "aa"
                || lower == "zz"
                || (letters && ("qm"..="qz").contains(&lower))
                || (letters && ("xa"..="xz").contains(&lower))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subtags_exist() {
        for good in [
            "en",
            "en-US",
            "de-CH-1996",
            "zh-Hans-CN",
            "sr-Latn",
            "qaa",
            "es-419",
        ] {
            assert_eq!(Tag::read(good).unknown(), None, "{good}");
        }
        for bad in ["EZ", "xx", "en-QQQ1", "en-ZQ", "", "e"] {
            assert!(Tag::read(bad).unknown().is_some(), "{bad}");
        }
    }

    #[test]
    fn private_subtags_are_found() {
        for (text, private) in [
            ("qtx", Some("qtx")),
            ("en-x-test", Some("x")),
            ("en-Qabc", Some("Qabc")),
            ("en-AA", Some("AA")),
            ("en-QM", Some("QM")),
            ("x-foo", Some("x")),
            ("en-US", None),
            ("aa", None),
            ("en-QA", None),
        ] {
            assert_eq!(Tag::read(text).private(), private, "{text}");
        }
    }
}
