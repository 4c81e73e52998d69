//! The mail itself: headers and body.
//!
//! Headers after RFC 5322 and RFC 3834: `Auto-Submitted`, a Message-ID made
//! from the key, `References` to the root of the thread, and `X-Candor-Loop`
//! (rules M-3, M-5, M-6).
//!
//! Deliberately absent: the words, and handing the mail over.

use std::time::{Duration, UNIX_EPOCH};

use candor_case::MailKind;
use candor_ports::{CourierError, Letter, LetterKind, OpenPgp, Sealing};
use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{ContentDisposition, ContentType, HeaderName, HeaderValue, Subject};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};

use crate::words::{Words, words};

/// Who sends.
#[derive(Debug, Clone)]
pub struct Sender {
    address: Address,
}

/// Why an address cannot be sent from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a mail address to send from; write it like candor@your.site")]
pub struct SenderError(String);

impl Sender {
    /// Takes the address that stands in `From`.
    pub fn new(address: &str) -> Result<Self, SenderError> {
        address
            .trim()
            .parse()
            .map(|address| Self { address })
            .map_err(|_| SenderError(address.chars().take(100).collect()))
    }

    /// The address.
    pub fn address(&self) -> &str {
        self.address.as_ref()
    }

    /// The host part of the address.
    pub fn domain(&self) -> &str {
        self.address.domain()
    }
}

/// Builds the mail for a letter.
pub(crate) fn message(
    letter: &Letter,
    sender: &Sender,
    pgp: Option<&dyn OpenPgp>,
) -> Result<Message, CourierError> {
    let to: Address = letter
        .to
        .reveal()
        .trim()
        .parse()
        .map_err(|_| permanent("address"))?;
    let words = words(&letter.body, letter.sealing.as_ref());
    let sealed = letter
        .sealing
        .as_ref()
        .map(|with| sealed(letter, with, &words, pgp));
    let sealed = sealed.transpose()?;
    let thread = format!("<{}@{}>", file_safe(&letter.thread), sender.domain());
    let seconds = u64::try_from(letter.at.unix()).unwrap_or(0);
    let name = from_name(&letter.body.program);
    let envelope = Envelope::new(return_path(letter, sender), vec![to.clone()])
        .map_err(|_| permanent("address"))?;
    let mut builder = Message::builder();
    if let Some(answers) = &letter.answers_to {
        let answers: Address = answers.parse().map_err(|_| permanent("answer address"))?;
        builder = builder.reply_to(Mailbox::new(None, answers));
    }
    if let LetterKind::News { leave, .. } = &letter.body.kind {
        builder = builder
            .raw_header(header("List-Unsubscribe", &format!("<{leave}>")))
            .raw_header(header(
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click",
            ));
    }
    builder = builder
        .from(Mailbox::new(Some(name), sender.address.clone()))
        .to(Mailbox::new(None, to))
        .date(UNIX_EPOCH + Duration::from_secs(seconds))
        .subject(match &letter.sealing {
            None => words.subject,
            Some(_) => outer_subject(letter),
        })
        .message_id(Some(format!(
            "<{}@{}>",
            file_safe(&letter.key),
            sender.domain()
        )))
        .in_reply_to(thread.clone())
        .references(thread)
        .raw_header(header("Auto-Submitted", auto_submitted(&letter.body.kind)))
        .raw_header(header("X-Candor-Loop", loop_mark(letter)))
        .envelope(envelope);
    match sealed {
        None => builder.header(ContentType::TEXT_PLAIN).body(words.text),
        Some(parts) => builder.multipart(parts),
    }
    .map_err(|_| permanent("message"))
}

/// What a server on the way reads: the tag of the case, and nothing of what happened.
fn outer_subject(letter: &Letter) -> String {
    let tag = letter.body.reference.as_ref();
    tag.map_or_else(
        || "Encrypted message".to_owned(),
        |tag| format!("[{tag}] Encrypted message"),
    )
}

/// The letter encrypted and signed (RFC 3156, section 6.2); its subject stands inside, as mail
/// programs read it that know protected headers.
fn sealed(
    letter: &Letter,
    with: &Sealing,
    words: &Words,
    pgp: Option<&dyn OpenPgp>,
) -> Result<MultiPart, CourierError> {
    let kind = "text/plain; charset=utf-8; protected-headers=\"v1\"";
    let kind = ContentType::parse(kind).map_err(|_| permanent("message"))?;
    let inner = SinglePart::builder()
        .header(kind)
        .header(Subject::from(words.subject.clone()))
        .body(words.text.clone())
        .formatted();
    // Later: what is refused now is seen when the letter is made anew.
    let pgp = pgp.ok_or_else(|| transient("openpgp"))?;
    let (to, secret) = (with.certificate.reveal(), with.secret.reveal());
    let bytes = pgp.seal(&inner, to, secret, letter.at).map_err(|why| {
        tracing::error!(%why, "a letter could not be encrypted");
        transient("openpgp")
    })?;
    let text = String::from_utf8(bytes).map_err(|_| transient("openpgp"))?;
    let control = SinglePart::builder()
        .header(mime("application/pgp-encrypted")?)
        .body("Version: 1\n".to_owned());
    let data = SinglePart::builder()
        .header(mime("application/octet-stream; name=\"encrypted.asc\"")?)
        .header(ContentDisposition::inline_with_name("encrypted.asc"))
        .body(text);
    Ok(MultiPart::encrypted("application/pgp-encrypted".to_owned())
        .singlepart(control)
        .singlepart(data))
}

fn mime(kind: &str) -> Result<ContentType, CourierError> {
    ContentType::parse(kind).map_err(|_| permanent("message"))
}

/// Answers by a program to a person go out without a return path (RFC 3834 §3.3),
/// so that nothing can answer them; notices to the team have one. Where reports on delivery
/// are read, each letter has an address of its own for them: nothing there ever answers.
fn return_path(letter: &Letter, sender: &Sender) -> Option<Address> {
    if let Some(reports) = letter.reports_to.as_deref().and_then(|a| a.parse().ok()) {
        return Some(reports);
    }
    (!letter.body.to_reporter).then(|| sender.address.clone())
}

fn auto_submitted(kind: &LetterKind) -> &'static str {
    match kind {
        LetterKind::Case(MailKind::Receipt) | LetterKind::PgpKey { .. } => "auto-replied",
        _ => "auto-generated",
    }
}

/// Tells our own letters when they come back.
fn loop_mark(letter: &Letter) -> &str {
    letter
        .body
        .reference
        .as_ref()
        .map_or("policy", |reference| reference.as_str())
}

fn from_name(program: &str) -> String {
    let plain: String = program
        .chars()
        .filter(|c| !c.is_control())
        .take(60)
        .collect();
    format!("{} security reports", plain.trim())
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

pub(crate) fn permanent(code: &str) -> CourierError {
    CourierError::Permanent {
        code: code.to_owned(),
    }
}

pub(crate) fn transient(code: impl Into<String>) -> CourierError {
    CourierError::Transient { code: code.into() }
}

/// A key as a file name and as the left side of a Message-ID: letters, digits,
/// dots and dashes stay, anything else is `_` and two hexadecimal digits, so
/// that two keys never become one name.
pub(crate) fn file_safe(key: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in key.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => out.push(char::from(byte)),
            b'.' if !out.is_empty() && !out.ends_with('.') => out.push('.'),
            other => {
                let _ = write!(out, "_{other:02x}");
            }
        }
    }
    if out.len() <= 180 {
        return out;
    }
    // Longer than a file name may be: keep the start and a hash of the whole.
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let start: String = out.chars().take(160).collect();
    format!("{start}-{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_harmless_and_stay_apart() {
        assert_eq!(file_safe("abc-1.mail"), "abc-1.mail");
        assert_eq!(file_safe("../x"), "_2e._2fx");
        assert_ne!(file_safe("a:b"), file_safe("a_b"));
        let (a, b) = ("x".repeat(300), "x".repeat(301));
        assert!(file_safe(&a).len() <= 180);
        assert_ne!(file_safe(&a), file_safe(&b));
    }

    #[test]
    fn a_bad_sender_is_refused_in_plain_words() {
        assert!(Sender::new("candor@your.site").is_ok());
        let why = Sender::new("nobody").unwrap_err().to_string();
        assert!(why.contains("not a mail address"), "{why}");
    }
}
