//! Bytes to [`Incoming`].

use candor_base::{Body, Instant, Sensitive};
use mail_parser::decoders::html::html_to_text;
use mail_parser::{
    Address, DateTime, Header, HeaderName, HeaderValue, Message, MessageParser, MessagePart,
    MimeHeaders, PartType,
};

use crate::bounce;
use crate::clean;
use crate::incoming::{AttachedFile, Incoming, Mailbox, Protection, Remark, ReturnPath, Signs};
use crate::limits::{self, Limits, Unreadable};

/// Most addresses, followed messages and lines of evidence that are read.
const MOST_ADDRESSES: usize = 50;
const MOST_FOLLOWED: usize = 50;
const MOST_EVIDENCE: usize = 20;
/// Most bytes of HTML that are turned into text.
const MOST_HTML: usize = 2 * 1024 * 1024;

/// Reads a mail.
///
/// # Errors
/// When it is none, or holds more than `limits` allow; its bytes are then all there is.
pub fn read(raw: &[u8], limits: &Limits) -> Result<Incoming, Unreadable> {
    limits::check(raw, limits)?;
    let raw = without_envelope(raw);
    let message = MessageParser::default()
        .parse(raw)
        .filter(|m| m.parts.first().is_some_and(|root| !root.headers.is_empty()))
        .ok_or(Unreadable::NoMail)?;
    let mut remarks = Vec::new();
    if is_any_twice(&message) {
        remarks.push(Remark::HeaderTwice);
    }
    let (text, cut) = text(&message);
    if cut {
        remarks.push(Remark::TextCut);
    }
    let (files, all) = files(&message, limits);
    if !all {
        remarks.push(Remark::FilesLeft);
    }
    Ok(Incoming {
        from: mailboxes(message.from()),
        to: recipients(&message),
        subject: Sensitive::new(clean::line(message.subject().unwrap_or_default(), 300)),
        message_id: message.message_id().and_then(key_of),
        follows: follows(&message),
        date: message.date().and_then(instant),
        received: message.received().and_then(|r| instant(&r.date()?)),
        return_path: return_path(&message),
        signs: signs(&message),
        evidence: evidence(&message),
        protection: protection(&message, &text),
        text: Sensitive::new(text),
        files,
        mails: Sensitive::new(mails(&message, raw)),
        bounce: bounce::bounce(&message),
        remarks,
    })
}

/// A `Message-ID` as it is compared: without brackets and white space; none when it is empty.
pub fn key_of(id: &str) -> Option<String> {
    let bare = id.trim().trim_start_matches('<').trim_end_matches('>');
    Some(clean::line(bare, 300)).filter(|id| !id.is_empty())
}

/// A mailbox file begins each mail with a line of its own (`From kim@a.test Mon Nov …`).
fn without_envelope(raw: &[u8]) -> &[u8] {
    if !raw.starts_with(b"From ") {
        return raw;
    }
    let end = memchr::memchr(b'\n', raw).map_or(raw.len(), |at| at + 1);
    raw.get(end..).unwrap_or_default()
}

/// Headers that may stand there once (RFC 5322, section 3.6) and mislead when they do not.
fn is_any_twice(message: &Message<'_>) -> bool {
    let once = [
        HeaderName::From,
        HeaderName::Subject,
        HeaderName::MessageId,
        HeaderName::Date,
        HeaderName::ReplyTo,
        HeaderName::InReplyTo,
        HeaderName::ReturnPath,
    ];
    once.iter()
        .any(|name| message.headers().iter().filter(|h| h.name == *name).count() > 1)
}

fn mailboxes(address: Option<&Address<'_>>) -> Vec<Mailbox> {
    let all = address.into_iter().flat_map(Address::iter);
    let read = all.filter_map(|found| {
        let address = clean::line(found.address()?, 254);
        let name = found.name().map(|n| clean::line(n, 120));
        (!address.is_empty()).then(|| Mailbox {
            name: name.filter(|n| !n.is_empty()),
            address,
        })
    });
    read.take(MOST_ADDRESSES).collect()
}

fn recipients(message: &Message<'_>) -> Vec<Mailbox> {
    let mut to = mailboxes(message.to());
    to.extend(mailboxes(message.cc()));
    to.truncate(MOST_ADDRESSES);
    to
}

fn instant(date: &DateTime) -> Option<Instant> {
    date.is_valid()
        .then(|| Instant::from_unix(date.to_timestamp()).ok())?
}

fn follows(message: &Message<'_>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let answered = texts(message.in_reply_to());
    let before = texts(message.references());
    for id in answered.chain(before.rev()).filter_map(key_of) {
        if !out.contains(&id) {
            out.push(id);
        }
        if out.len() == MOST_FOLLOWED {
            break;
        }
    }
    out
}

fn texts<'a>(value: &'a HeaderValue<'_>) -> impl DoubleEndedIterator<Item = &'a str> {
    let (one, many) = match value {
        HeaderValue::Text(text) => (Some(text), [].as_slice()),
        HeaderValue::TextList(list) => (None, list.as_slice()),
        _ => (None, [].as_slice()),
    };
    one.into_iter().chain(many).map(AsRef::as_ref)
}

fn return_path(message: &Message<'_>) -> ReturnPath {
    let Some(said) = raw_header(message, &HeaderName::ReturnPath) else {
        return ReturnPath::NotSaid;
    };
    let bare = said.trim().trim_start_matches('<').trim_end_matches('>');
    match clean::line(bare, 254) {
        nowhere if nowhere.is_empty() => ReturnPath::Nowhere,
        address => ReturnPath::To(address),
    }
}

/// A header as it stands there, unfolded.
fn raw_header(message: &Message<'_>, name: &HeaderName<'_>) -> Option<String> {
    let header = message.headers().iter().find(|h| h.name == *name)?;
    Some(as_it_stands(message, header))
}

fn as_it_stands(message: &Message<'_>, header: &Header<'_>) -> String {
    let from = usize::try_from(header.offset_start).unwrap_or(usize::MAX);
    let to = usize::try_from(header.offset_end).unwrap_or(usize::MAX);
    let bytes = message.raw_message.get(from..to).unwrap_or_default();
    clean::line(&String::from_utf8_lossy(bytes), 1_000)
}

fn signs(message: &Message<'_>) -> Signs {
    let mut signs = Signs::default();
    for header in message.headers() {
        let name = header.name.as_str().to_ascii_lowercase();
        let value = || as_it_stands(message, header).to_ascii_lowercase();
        match name.as_str() {
            "auto-submitted" => {
                let value = value();
                let word = value.split([';', ' ', '(']).next().unwrap_or_default();
                signs.automatic |= word != "no";
            }
            "x-autoreply"
            | "x-autorespond"
            | "x-auto-response-suppress"
            | "autosubmitted"
            | "x-autoreply-from"
            | "x-mail-autoreply" => signs.automatic = true,
            "list-id" | "list-unsubscribe" | "list-post" | "list-help" => signs.list = true,
            "precedence" => {
                let value = value();
                signs.bulk |= ["bulk", "list", "junk"].contains(&value.trim());
                signs.automatic |= value.trim() == "auto_reply";
            }
            "x-candor-loop" => signs.own = true,
            "x-spam-flag" | "x-spam-status" | "x-spam" => {
                let value = value();
                let word = value
                    .trim()
                    .split([',', ' ', ';'])
                    .next()
                    .unwrap_or_default();
                signs.junk |= matches!(word, "yes" | "true");
            }
            _ => {}
        }
    }
    signs
}

fn evidence(message: &Message<'_>) -> Vec<String> {
    let checks = ["authentication-results", "received-spf"];
    let found = message.headers().iter().filter(|header| {
        let name = header.name.as_str();
        checks.iter().any(|check| name.eq_ignore_ascii_case(check))
    });
    found
        .take(MOST_EVIDENCE)
        .map(|header| {
            format!(
                "{}: {}",
                header.name.as_str(),
                as_it_stands(message, header)
            )
        })
        .collect()
}

/// The text of all parts that are to be read, plain before HTML.
fn text(message: &Message<'_>) -> (String, bool) {
    let mut all = String::new();
    let mut cut = false;
    let parts = if message.text_body.is_empty() {
        &message.html_body
    } else {
        &message.text_body
    };
    for id in parts {
        let Some(part) = message.part(*id) else {
            continue;
        };
        let text = match &part.body {
            PartType::Text(text) => clean::body(text, Body::MAX),
            PartType::Html(html) => {
                let (html, long) = head_of(html, MOST_HTML);
                let (text, cut) = clean::body(&html_to_text(html), Body::MAX);
                (text, cut || long)
            }
            _ => continue,
        };
        cut |= text.1;
        if !all.is_empty() && !text.0.is_empty() {
            all.push_str("\n\n");
        }
        all.push_str(&text.0);
        if all.len() > Body::MAX * 4 {
            cut = true;
            break;
        }
    }
    let (all, long) = clean::body(&all, Body::MAX);
    (all, cut || long)
}

/// The first bytes of a text, and whether there are more.
fn head_of(text: &str, most: usize) -> (&str, bool) {
    let end = text.floor_char_boundary(most);
    (text.get(..end).unwrap_or(text), end < text.len())
}

/// Files within the limits, and whether these are all.
fn files(message: &Message<'_>, limits: &Limits) -> (Vec<AttachedFile>, bool) {
    let mut out = Vec::new();
    let mut room = limits.file_bytes;
    let mut all = true;
    for part in message.attachments() {
        if part.is_multipart() {
            continue;
        }
        let bytes = match &part.body {
            PartType::Message(inner) => &inner.raw_message,
            _ => part.contents(),
        };
        if out.len() >= limits.files || bytes.len() > room {
            all = false;
            continue;
        }
        room -= bytes.len();
        out.push(AttachedFile {
            name: name_of(part),
            bytes: bytes.to_vec(),
        });
    }
    (out, all)
}

fn name_of(part: &MessagePart<'_>) -> String {
    let name = clean::file_name(part.attachment_name().unwrap_or_default());
    match (&part.body, name.is_empty()) {
        (PartType::Message(_), true) => "message.eml".to_owned(),
        _ => name,
    }
}

/// Mails that lie in it, as they came.
fn mails(message: &Message<'_>, raw: &[u8]) -> Vec<Vec<u8>> {
    let inner = message.parts.iter().filter_map(|part| {
        let PartType::Message(inner) = &part.body else {
            return None;
        };
        let from = usize::try_from(part.raw_body_offset()).ok()?;
        let to = usize::try_from(part.raw_end_offset()).ok()?;
        // One that was packed is not there as it came: what was unpacked is.
        let open = part.encoding == mail_parser::Encoding::None;
        let bytes = raw.get(from..to).filter(|_| open);
        Some(bytes.unwrap_or(&inner.raw_message).to_vec())
    });
    inner.take(10).collect()
}

fn protection(message: &Message<'_>, text: &str) -> Protection {
    let is = |kind: &str, sub: &str| message.parts.iter().any(|p| p.is_content_type(kind, sub));
    let smime = |sub: &str| {
        message.parts.iter().any(|p| {
            let says = p.content_type().and_then(|t| t.attribute("smime-type"));
            p.is_content_type("application", sub) && says != Some("signed-data")
        })
    };
    if is("multipart", "encrypted")
        || is("application", "pgp-encrypted")
        || smime("pkcs7-mime")
        || smime("x-pkcs7-mime")
        || text.contains("-----BEGIN PGP MESSAGE-----")
    {
        Protection::Encrypted
    } else if is("multipart", "signed")
        || is("application", "pkcs7-mime")
        || is("application", "x-pkcs7-mime")
        || text.contains("-----BEGIN PGP SIGNED MESSAGE-----")
    {
        Protection::Signed
    } else {
        Protection::None
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
