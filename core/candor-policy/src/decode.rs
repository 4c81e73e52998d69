//! From bytes to text: UTF-8, UTF-16 with its mark, else Latin-1 as Windows
//! writes it (code page 1252), and what is no policy at all.
//!
//! Invariants: the text has as many lines as the bytes; no character is dropped
//! but the mark at the beginning.
//!
//! Deliberately absent: other encodings; a wrong guess would change promises.

use candor_base::{Finding, Level};

/// The largest text taken, in bytes (1 MiB).
pub const MAX_BYTES: usize = 1 << 20;

/// Why some bytes are no policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAPolicy {
    /// Nothing in it.
    #[error("this file is empty; write your security policy into it, or name another file")]
    Empty,
    /// Not text.
    #[error(
        "this file is not text; a security policy is a text or Markdown file such as SECURITY.md"
    )]
    Binary,
    /// More than [`MAX_BYTES`].
    #[error(
        "this file is larger than 1 MiB; a security policy is a short text, so please check the file name"
    )]
    TooLarge,
    /// No word of it is about security.
    #[error(
        "this text does not speak of security problems or how to report them; please name your SECURITY.md"
    )]
    NotAboutSecurity,
}

impl NotAPolicy {
    /// Stable code, for operators and tests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "policy-empty",
            Self::Binary => "policy-binary",
            Self::TooLarge => "policy-too-large",
            Self::NotAboutSecurity => "policy-not-about-security",
        }
    }
}

/// What Windows writes between 0x80 and 0x9f, where Latin-1 has no letters; 0
/// where it has nothing either.
const WINDOWS: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// The text, and what was noticed about its bytes.
type Decoded = Result<(String, Vec<Finding>), NotAPolicy>;

/// The bytes of a policy as the text that is read: its lines are those that clauses name.
///
/// # Errors
/// [`NotAPolicy`] when the bytes are empty, binary or too large.
pub fn text_of(bytes: &[u8]) -> Result<String, NotAPolicy> {
    decode(bytes).map(|(text, _)| text)
}

/// Decodes the bytes of a policy.
pub(crate) fn decode(bytes: &[u8]) -> Decoded {
    if bytes.len() > MAX_BYTES {
        return Err(NotAPolicy::TooLarge);
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(NotAPolicy::Empty);
    }
    match bytes {
        [0xff, 0xfe, rest @ ..] => return utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => return utf_16(rest, u16::from_be_bytes),
        _ => {}
    }
    let odd = bytes
        .iter()
        .filter(|b| b.is_ascii_control() && !matches!(b, b'\n' | b'\r' | b'\t' | 0x0c))
        .count();
    if bytes.contains(&0) || odd.saturating_mul(50) > bytes.len() {
        return Err(NotAPolicy::Binary);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((with_plain_ends(text.to_owned()), Vec::new())),
        Err(_) => Ok((
            with_plain_ends(bytes.iter().map(|b| one_byte(*b)).collect()),
            vec![Finding {
                code: "encoding-latin-1".to_owned(),
                level: Level::Warning,
                span: None,
                message: "The file is not UTF-8; it was read as Latin-1, so letters with accents \
                          may be wrong."
                    .to_owned(),
                help: "Save the file as UTF-8.".to_owned(),
            }],
        )),
    }
}

fn one_byte(byte: u8) -> char {
    let windows = byte
        .checked_sub(0x80)
        .and_then(|at| WINDOWS.get(usize::from(at)))
        .filter(|c| **c != '\0');
    windows.copied().unwrap_or(char::from(byte))
}

/// UTF-16 behind its byte order mark.
fn utf_16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Decoded {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|p| read(*p)).collect();
    String::from_utf16(&units)
        .ok()
        .filter(|t| odd.is_empty() && !t.contains('\0'))
        .map(|t| (with_plain_ends(t), Vec::new()))
        .ok_or(NotAPolicy::Binary)
}

/// Lines that end in a lone carriage return, as old files have them, end in a line feed.
fn with_plain_ends(text: String) -> String {
    if text.contains('\r') && !text.contains('\n') {
        text.replace('\r', "\n")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes).unwrap().0
    }

    #[test]
    fn utf_8_and_utf_16_with_their_marks() {
        assert_eq!(text(b"\xef\xbb\xbfa\r\nb"), "a\r\nb");
        assert_eq!(text(b"\xff\xfea\0\xe9\0"), "aé");
        assert_eq!(text(b"\xfe\xff\0a\0\xe9"), "aé");
        assert_eq!(decode(b"\xff\xfea\0b"), Err(NotAPolicy::Binary));
        assert_eq!(decode(b"\xff\xfe\0\xd8"), Err(NotAPolicy::Binary));
        assert_eq!(decode(b"a\0b"), Err(NotAPolicy::Binary));
    }

    #[test]
    fn windows_and_latin_1_are_read_with_a_finding() {
        let (text, findings) = decode(b"d\xe9lai \x96 48 h\x85 \x81").unwrap();
        assert_eq!(text, "délai – 48 h… \u{81}");
        assert_eq!(findings[0].code, "encoding-latin-1");
    }

    #[test]
    fn old_line_ends_part_lines() {
        assert_eq!(text(b"a\rb\r"), "a\nb\n");
        assert_eq!(text(b"a\r\nb\r"), "a\r\nb\r");
    }
}
