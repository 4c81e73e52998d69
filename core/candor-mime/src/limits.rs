//! What is counted before a mail is taken apart.
//!
//! A parser spends some hundred bytes on each header and each part. A mail made of nothing
//! else would cost many times its size, and one that lies in itself thousands of times would
//! need a stack as deep. So both are counted first, and rather too much than too little: each
//! run of dashes may be the border of a part, and each line after one may be a header.
//!
//! Invariant: one pass over the bytes, and nothing is stored.

/// What a mail may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole mail.
    pub bytes: usize,
    /// Lines that may be headers, in all parts together.
    pub headers: usize,
    /// Borders between parts, as far as dashes may be such.
    pub borders: usize,
    /// Mails within the mail.
    pub mails: usize,
    /// Files that are taken out of it.
    pub files: usize,
    /// Bytes of these files together.
    pub file_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 40 * 1024 * 1024,
            headers: 100_000,
            borders: 50_000,
            mails: 50,
            files: 19,
            file_bytes: 25 * 1024 * 1024,
        }
    }
}

/// Largest mail in which another one may lie packed (base64), in bytes: what it holds is
/// not seen before it is unpacked.
const PACKED_MAIL: usize = 1024 * 1024;

/// Why a mail is not taken apart. Its bytes are kept all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It holds no header.
    #[error("it is no mail: there is no header in it")]
    NoMail,
    /// It is too large.
    #[error("it is larger than a mail may be here")]
    TooLarge,
    /// Too many headers.
    #[error("it has too many header lines")]
    TooManyHeaders,
    /// Too many parts.
    #[error("it has too many parts")]
    TooManyParts,
    /// Too many mails within it.
    #[error("too many mails lie in each other in it")]
    TooDeep,
    /// A large mail that lies packed in it.
    #[error("another mail lies packed in it")]
    Packed,
}

/// Counts.
pub(crate) fn check(raw: &[u8], limits: &Limits) -> Result<(), Unreadable> {
    if raw.len() > limits.bytes {
        return Err(Unreadable::TooLarge);
    }
    let mut seen = Seen {
        in_head: true,
        ..Seen::default()
    };
    for line in raw.split_inclusive(|b| *b == b'\n') {
        seen.line(line);
        if seen.headers > limits.headers {
            return Err(Unreadable::TooManyHeaders);
        }
        if seen.borders > limits.borders {
            return Err(Unreadable::TooManyParts);
        }
        if seen.mails > limits.mails {
            return Err(Unreadable::TooDeep);
        }
        if seen.packed && raw.len() > PACKED_MAIL {
            return Err(Unreadable::Packed);
        }
    }
    Ok(())
}

/// What was seen so far.
#[derive(Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "what is known of a head of a part, each on its own"
)]
struct Seen {
    headers: usize,
    borders: usize,
    mails: usize,
    packed: bool,
    /// This line may be a header.
    in_head: bool,
    /// The header that goes on over folded lines says what type the part has.
    in_type: bool,
    /// This part is a mail, or may be one.
    is_mail: bool,
    /// This part is encoded.
    is_encoded: bool,
    /// Somewhere parts without a type are mails.
    digest: bool,
}

impl Seen {
    fn line(&mut self, line: &[u8]) {
        self.borders = self.borders.saturating_add(runs_of_dashes(line));
        let has_border = memchr::memmem::find(line, b"--").is_some();
        let trimmed = line.trim_ascii();
        let folded = line.first().is_some_and(|b| matches!(b, b' ' | b'\t'));
        if has_border && !self.in_head {
            self.new_head();
        }
        if trimmed.is_empty() {
            // The head of a mail within this one follows at once.
            let inner = self.in_head && (self.is_mail || self.digest);
            self.new_head();
            self.in_head = inner;
            return;
        }
        if self.in_head && !folded {
            self.headers = self.headers.saturating_add(1);
        }
        self.types(trimmed, folded);
    }

    /// What the line says about the type and the encoding of a part; everywhere, since a
    /// head begins at any border.
    fn types(&mut self, line: &[u8], folded: bool) {
        if !folded {
            self.in_type = has(line, b"content-type");
        }
        if self.in_type && (has(line, b"message") || has(line, b"digest")) {
            self.mails = self.mails.saturating_add(1);
            self.is_mail = true;
            self.digest |= has(line, b"digest");
        }
        self.is_encoded |= has(line, b"base64") || has(line, b"quoted-printable");
        self.packed |= (self.is_mail || self.digest && self.in_head) && self.is_encoded;
    }

    fn new_head(&mut self) {
        self.in_head = true;
        self.in_type = false;
        self.is_mail = false;
        self.is_encoded = false;
    }
}

/// Runs of two dashes and more.
fn runs_of_dashes(line: &[u8]) -> usize {
    let mut runs = 0_usize;
    let mut dashes = 0_usize;
    for byte in line {
        dashes = if *byte == b'-' { dashes + 1 } else { 0 };
        runs += usize::from(dashes == 2);
    }
    runs
}

/// Whether words in lower case stand in the line, in any case of letters. Of a longer line
/// the first four thousand bytes count.
fn has(line: &[u8], words: &[u8]) -> bool {
    let line = line.get(..4_096).unwrap_or(line);
    let first = words.first().copied().unwrap_or_default();
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), line).any(|at| {
        line.get(at..at + words.len())
            .is_some_and(|part| part.eq_ignore_ascii_case(words))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<(), Unreadable> {
        check(text.as_bytes(), &Limits::default())
    }

    #[test]
    fn plain_mails_pass() {
        assert_eq!(of("From: a@b.test\n\ntext"), Ok(()));
        let patch = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n- key: 1\n+ key: 2\n\n".repeat(9_000);
        assert_eq!(of(&format!("Subject: x\n\n{patch}")), Ok(()));
    }

    #[test]
    fn each_limit_bites() {
        assert_eq!(
            of(&"a: b\n".repeat(100_001)),
            Err(Unreadable::TooManyHeaders)
        );
        assert_eq!(of(&"a: b\n".repeat(100_000)), Ok(()));
        let parts = format!("Subject: x\n\n{}", "--b\n\n".repeat(50_001));
        assert_eq!(of(&parts), Err(Unreadable::TooManyParts));
        let one_line = format!("Subject: x\n\n{}", "--b".repeat(50_001));
        assert_eq!(of(&one_line), Err(Unreadable::TooManyParts));
        let deep = "Content-Type: message/rfc822\n\n".repeat(51);
        assert_eq!(of(&deep), Err(Unreadable::TooDeep));
        let folded = "CONTENT-type:\n MESSAGE/rfc822\n\n".repeat(51);
        assert_eq!(of(&folded), Err(Unreadable::TooDeep));
        let large = "x".repeat(40 * 1024 * 1024 + 1);
        assert_eq!(of(&large), Err(Unreadable::TooLarge));
    }

    #[test]
    fn a_large_mail_that_lies_packed_is_not_unpacked() {
        let head = "Content-Transfer-Encoding: BASE64\nContent-Type: message/rfc822\n\n";
        assert_eq!(of(&format!("{head}{}", "QUFB\n".repeat(10))), Ok(()));
        let large = format!("{head}{}", "QUFB\n".repeat(300_000));
        assert_eq!(of(&large), Err(Unreadable::Packed));
        let open = "Content-Type: message/rfc822\n\nContent-Transfer-Encoding: base64\n\n";
        assert_eq!(of(&format!("{open}{}", "QUFB\n".repeat(300_000))), Ok(()));
    }
}
