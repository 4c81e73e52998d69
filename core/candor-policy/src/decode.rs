//! From bytes to text: UTF-8, UTF-16 with its mark, else Latin-1 as Windows
//! writes it (code page 1252), and what is no policy at all.
//!
//! Invariants: the text has as many lines as the bytes; no character is dropped but
//! the mark at the beginning, and those that show nothing and steer a terminal or turn
//! the direction of a line, which is said.
//!
//! Deliberately absent: other encodings; a wrong guess would change promises.

use candor_base::{Finding, Level, Span};

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

/// Decodes the bytes of a policy; what comes out can be shown anywhere.
pub(crate) fn decode(bytes: &[u8]) -> Decoded {
    characters(bytes).map(visible)
}

/// Whether a character shows nothing itself, and steers what is shown around it.
pub(crate) const fn is_hidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text without characters that are hidden. A page break and a lone carriage return,
/// which old files have, are blanks.
fn visible((text, mut findings): (String, Vec<Finding>)) -> (String, Vec<Finding>) {
    let place = text.split('\n').position(|line| line.contains(is_hidden));
    if let Some(place) = place {
        let line = u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1);
        findings.push(Finding {
            code: "hidden-characters".to_owned(),
            level: Level::Warning,
            span: Some(Span::line(line)),
            message: "This line holds characters that cannot be seen, and that can make a \
                      screen show other words. They were taken out."
                .to_owned(),
            help: "Write the line again; look for more of them in the file.".to_owned(),
        });
    } else if !text.contains(['\r', '\u{c}']) {
        return (text, findings);
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '\r' if letters.peek() == Some(&'\n') => out.push(c),
            '\r' | '\u{c}' => out.push(' '),
            c if is_hidden(c) => {}
            c => out.push(c),
        }
    }
    (out, findings)
}

/// The characters that the bytes stand for.
fn characters(bytes: &[u8]) -> Decoded {
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
        assert_eq!(text, "délai – 48 h… ");
        assert_eq!(findings[0].code, "encoding-latin-1");
    }

    #[test]
    fn what_steers_a_screen_is_taken_out_and_said() {
        let bytes = "one\n\tt\u{1b}[2Jwo\u{7}\r\nth\u{202e}re\u{2066}e\u{9b}".as_bytes();
        let long = [bytes, "\n".repeat(200).as_bytes()].concat();
        let (text, findings) = decode(&long).unwrap();
        assert!(text.starts_with("one\n\tt[2Jwo\r\nthree\n"), "{text:?}");
        assert_eq!(text.split('\n').count(), 203);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].code, "hidden-characters");
        assert_eq!(findings[0].span, Some(Span::line(2)));
        assert!(
            decode("plain\r\n\u{c}text".as_bytes())
                .unwrap()
                .1
                .is_empty()
        );
    }

    #[test]
    fn old_line_ends_part_lines() {
        assert_eq!(text(b"a\rb\r"), "a\nb\n");
        assert_eq!(text(b"a\r\nb\r"), "a\r\nb ");
    }
}
