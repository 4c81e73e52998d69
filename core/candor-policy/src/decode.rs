//! From bytes to text: UTF-8, else Latin-1, and what is no policy at all.
//!
//! Invariants: the text has as many lines as the bytes; no byte is dropped.
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

/// Decodes the bytes of a policy.
pub(crate) fn decode(bytes: &[u8]) -> Result<(String, Vec<Finding>), NotAPolicy> {
    if bytes.len() > MAX_BYTES {
        return Err(NotAPolicy::TooLarge);
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(NotAPolicy::Empty);
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
        Ok(text) => Ok((text.to_owned(), Vec::new())),
        Err(_) => Ok((
            bytes.iter().map(|b| char::from(*b)).collect(),
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
