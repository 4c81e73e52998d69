//! Ids: who, what and which, each a type of its own.
//!
//! Invariants: ids carry no order and no count (domain rule Q2: numbers would
//! tell strangers how many cases exist). Randomness comes in as bytes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is not the id it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not {what}: {why}")]
pub struct IdError {
    what: &'static str,
    why: &'static str,
}

/// Letters people can copy: no I, L, O or U (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn letter(five_bits: u8) -> char {
    ALPHABET
        .get(usize::from(five_bits & 31))
        .map_or('0', |b| char::from(*b))
}

/// Folds what people mistype (lower case, O for 0, I and L for 1).
fn fold(c: char) -> Option<char> {
    let c = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().any(|b| char::from(*b) == c).then_some(c)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut out = [0_u8; N];
    if text.len() != N * 2 || !text.is_ascii() {
        return None;
    }
    for (slot, pair) in out.iter_mut().zip(text.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).ok()?;
        if pair.bytes().any(|b| b.is_ascii_uppercase()) {
            return None;
        }
        *slot = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(out)
}

macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident, $bytes:literal, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; $bytes]);

        impl $name {
            /// Makes the id from bytes given by the id port or a hash function.
            pub const fn from_bytes(bytes: [u8; $bytes]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; $bytes] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), hex(&self.0))
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                unhex(text).map(Self).ok_or(IdError { what: $what, why: "it takes lower-case hexadecimal digits" })
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }
    };
}

hex_id!(/** One case, inside the instance. People see its [`CaseRef`]. */ CaseId, 16, "a case id");
hex_id!(/** One staff account. */ AccountId, 16, "an account id");
hex_id!(/** One message of a case. */ MessageId, 16, "a message id");
hex_id!(/** One sealed body: a report, a message, a file, an advisory draft. */ BlobId, 16, "a blob id");
hex_id!(/** One session, as stored: the hash of the secret in the cookie. */ SessionId, 32, "a session id");
hex_id!(/** A SHA-256 digest. */ Digest, 32, "a SHA-256 digest");

/// The reference of a case that people use: `TDX-7K3F-9QMA`. Random, never a counter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseRef(String);

impl CaseRef {
    /// From a prefix (2 to 5 letters or digits, taken from the program) and 40 random bits.
    pub fn new(prefix: &str, random: [u8; 5]) -> Result<Self, IdError> {
        let bits = random
            .iter()
            .fold(0_u64, |acc, b| (acc << 8) | u64::from(*b));
        let mut text = prefix.to_owned();
        for i in 0..8_u32 {
            if i % 4 == 0 {
                text.push('-');
            }
            let five = u8::try_from((bits >> (35 - 5 * i)) & 31).unwrap_or(0);
            text.push(letter(five));
        }
        text.parse()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CaseRef {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad = IdError {
            what: "a case reference",
            why: "it looks like TDX-7K3F-9QMA",
        };
        let upper = text.trim().to_ascii_uppercase();
        let mut parts = upper.split('-');
        let (Some(prefix), Some(a), Some(b), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(bad);
        };
        let prefix_ok = (2..=5).contains(&prefix.len())
            && prefix
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let group = |g: &str| -> Option<String> {
            (g.chars().count() == 4).then(|| g.chars().map(fold).collect::<Option<String>>())?
        };
        match (prefix_ok, group(a), group(b)) {
            (true, Some(a), Some(b)) => Ok(Self(format!("{prefix}-{a}-{b}"))),
            _ => Err(bad),
        }
    }
}

/// The code that lets a reporter back in: 130 random bits in 26 letters.
/// Whoever holds it reads the reporter's room, so `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceiptCode(String);

impl ReceiptCode {
    /// From 17 random bytes, of which 130 bits are used.
    pub fn from_bytes(random: [u8; 17]) -> Self {
        let mut letters = String::with_capacity(26);
        let mut acc = 0_u32;
        let mut have = 0_u32;
        for b in random {
            acc = ((acc << 8) | u32::from(b)) & 0xFFFF;
            have += 8;
            while have >= 5 && letters.len() < 26 {
                have -= 5;
                letters.push(letter(u8::try_from((acc >> have) & 31).unwrap_or(0)));
            }
        }
        Self(letters)
    }

    /// The 26 letters without dashes: what is hashed.
    pub fn letters(&self) -> &str {
        &self.0
    }

    /// For reading aloud and copying: `ABCDE-FGHJK-MNPQR-STVWX-YZ0123`.
    pub fn grouped(&self) -> String {
        let mut out = String::with_capacity(31);
        for (i, c) in self.0.chars().enumerate() {
            if i > 0 && i % 5 == 0 && i < 25 {
                out.push('-');
            }
            out.push(c);
        }
        out
    }
}

impl FromStr for ReceiptCode {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad = IdError {
            what: "a receipt code",
            why: "it has 26 letters and digits",
        };
        let mut letters = String::with_capacity(26);
        for c in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            if letters.len() >= 26 {
                return Err(bad);
            }
            letters.push(fold(c).ok_or_else(|| bad.clone())?);
        }
        if letters.len() == 26 {
            Ok(Self(letters))
        } else {
            Err(bad)
        }
    }
}

impl fmt::Debug for ReceiptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[receipt code]")
    }
}

/// The short name of a program in URLs: lower-case letters, digits, single dashes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProgramSlug(String);

impl ProgramSlug {
    /// Makes a slug out of a product or folder name; `program` when nothing usable is left.
    pub fn from_name(name: &str) -> Self {
        let mut slug = String::new();
        for c in name.chars() {
            if slug.len() >= 40 {
                break;
            }
            if c.is_ascii_alphanumeric() {
                slug.push(c.to_ascii_lowercase());
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let slug = slug.trim_matches('-').to_owned();
        if slug.is_empty() {
            Self("program".to_owned())
        } else {
            Self(slug)
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The letters that start its case references: its first consonants (`threatdex` gives `THR`).
    pub fn prefix(&self) -> String {
        let letters: Vec<char> = self.0.chars().filter(char::is_ascii_alphanumeric).collect();
        let mut prefix: String = letters
            .iter()
            .enumerate()
            .filter(|(i, c)| *i == 0 || !"aeiou".contains(**c))
            .map(|(_, c)| c.to_ascii_uppercase())
            .take(3)
            .collect();
        while prefix.len() < 2 {
            prefix.push('X');
        }
        prefix
    }
}

impl FromStr for ProgramSlug {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let ok = !text.is_empty()
            && text.len() <= 40
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--");
        if ok {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError {
                what: "a program name",
                why: "it takes lower-case letters, digits and single dashes, at most 40",
            })
        }
    }
}

impl fmt::Display for ProgramSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! string_traits {
    ($name:ty) => {
        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}
string_traits!(CaseRef);
string_traits!(ProgramSlug);

impl fmt::Display for CaseRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CaseRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_receipt_code_survives_copying_by_hand(bytes in any::<[u8; 17]>()) {
            let code = ReceiptCode::from_bytes(bytes);
            prop_assert_eq!(code.letters().len(), 26);
            prop_assert_eq!(code.grouped().parse::<ReceiptCode>().unwrap(), code.clone());
            let sloppy = code.grouped().to_lowercase().replace('0', "o").replace('1', "l");
            prop_assert_eq!(sloppy.parse::<ReceiptCode>().unwrap(), code);
        }

        #[test]
        fn a_case_reference_round_trips(bytes in any::<[u8; 5]>()) {
            let r = CaseRef::new("TDX", bytes).unwrap();
            prop_assert_eq!(r.as_str().to_lowercase().parse::<CaseRef>().unwrap(), r);
        }

        #[test]
        fn parsing_odd_text_never_panics(text in ".{0,60}") {
            let _ = text.parse::<CaseRef>();
            let _ = text.parse::<ReceiptCode>();
            let _ = text.parse::<ProgramSlug>();
            let _ = text.parse::<CaseId>();
            let _ = ProgramSlug::from_name(&text);
        }
    }

    #[test]
    fn all_130_bits_of_a_receipt_code_count() {
        let base = ReceiptCode::from_bytes([0; 17]);
        for bit in 0..130_usize {
            let mut bytes = [0_u8; 17];
            bytes[bit / 8] |= 128 >> (bit % 8);
            assert_ne!(ReceiptCode::from_bytes(bytes), base, "bit {bit}");
        }
    }

    #[test]
    fn slugs_and_prefixes_are_plain() {
        assert_eq!(ProgramSlug::from_name("ThreatDex").as_str(), "threatdex");
        assert_eq!(ProgramSlug::from_name("My  App!").as_str(), "my-app");
        assert_eq!(ProgramSlug::from_name("日本").as_str(), "program");
        assert_eq!(ProgramSlug::from_name("threatdex").prefix(), "THR");
        assert_eq!(ProgramSlug::from_name("a").prefix(), "AX");
    }
}
