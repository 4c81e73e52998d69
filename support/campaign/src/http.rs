//! Asking a server as a browser does: one request a connection, forms, rooms.
//!
//! Invariant: a connection that breaks off is an error, never half an answer. Deliberately
//! absent: following redirects, which tests want to see.

use std::io::{Error, ErrorKind, Read as _, Result, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    /// Its body, as text.
    pub text: String,
}

impl Answer {
    /// The first cookie that it sets, as a browser sends it back.
    pub fn cookie(&self) -> Option<String> {
        let mut lines = self.head.lines();
        let line = lines.find_map(|l| l.strip_prefix("set-cookie: "))?;
        line.split(';').next().map(str::to_owned)
    }

    /// Its body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// What stands between two pieces of the page.
    pub fn between(&self, before: &str, behind: &str) -> Option<&str> {
        let (_, rest) = self.text.split_once(before)?;
        Some(rest.split_once(behind)?.0)
    }

    /// The word that a page's forms carry against forms of other sites.
    pub fn guard(&self) -> Option<&str> {
        self.between("name=\"guard\" value=\"", "\"")
    }
}

/// One request on a connection of its own.
pub fn ask(
    base: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Answer> {
    let host = base.strip_prefix("http://").unwrap_or(base);
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    stream.set_write_timeout(Some(Duration::from_mins(1)))?;
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.extend([name, ": ", value, "\r\n"]);
    }
    if method != "GET" {
        request.extend(["Content-Length: ", &body.len().to_string(), "\r\n"]);
    }
    request.push_str("\r\n");
    let mut bytes = request.into_bytes();
    bytes.extend_from_slice(body);
    stream.write_all(&bytes)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    parse(&answer).ok_or_else(|| Error::new(ErrorKind::UnexpectedEof, "half an answer"))
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = memchr::memmem::find(bytes, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let body = &bytes[end + 4..];
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let header = |name: &str| {
        let mut lines = head.lines();
        lines.find_map(|l| l.strip_prefix(name).map(str::trim).map(str::to_owned))
    };
    let body = match header("content-length:") {
        Some(length) if length.parse() == Ok(body.len()) => body.to_vec(),
        Some(_) => return None,
        None if header("transfer-encoding:").is_some() => unchunked(body)?,
        None => body.to_vec(),
    };
    let text = String::from_utf8_lossy(&body).into_owned();
    Some(Answer { status, head, text })
}

/// The body out of its chunks (RFC 9112, section 7.1); `None` when the last is missing.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let end = memchr::memmem::find(rest, b"\r\n")?;
        let size = std::str::from_utf8(&rest[..end]).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        rest = &rest[end + 2..];
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}

/// Fields as a plain form sends them.
pub(crate) fn encoded(fields: &[(&str, &str)]) -> Vec<u8> {
    let one = |text: &str| -> String {
        let mut out = String::new();
        for b in text.bytes() {
            if b.is_ascii_alphanumeric() {
                out.push(char::from(b));
            } else {
                out.extend(["%", &format!("{b:02X}")]);
            }
        }
        out
    };
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", one(name), one(value)))
        .collect();
    fields.join("&").into_bytes()
}

/// Posts a plain form with a cookie.
pub(crate) fn post(
    base: &str,
    path: &str,
    cookie: &str,
    fields: &[(&str, &str)],
) -> Result<Answer> {
    let form = "application/x-www-form-urlencoded";
    let headers = [("Content-Type", form), ("Cookie", cookie)];
    ask(base, "POST", path, &headers, &encoded(fields))
}

/// A report as a reporter's browser holds it: sent again, it is the same one.
#[derive(Debug, Clone)]
pub struct Report {
    /// Every field of the form, the nonce among them.
    pub fields: Vec<(String, String)>,
    /// Names and contents of files.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Report {
    /// A report with a nonce of its own.
    pub fn new(summary: &str, description: &str) -> Self {
        let mut nonce = [0_u8; 32];
        getrandom::fill(&mut nonce).unwrap();
        let mut report = Self {
            fields: Vec::new(),
            files: Vec::new(),
        };
        report.set("nonce", &URL_SAFE_NO_PAD.encode(nonce));
        report.set("summary", summary);
        report.set("description", description);
        report
    }

    /// Fills in a field.
    pub fn set(&mut self, name: &str, value: &str) {
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    /// Adds a file.
    #[must_use]
    pub fn with_file(mut self, name: &str, bytes: Vec<u8>) -> Self {
        self.files.push((name.to_owned(), bytes));
        self
    }

    /// What it says in one line.
    pub fn summary(&self) -> &str {
        let found = self.fields.iter().find(|(name, _)| name == "summary");
        found.map_or("", |(_, value)| value)
    }

    /// Sends it; the answer is JSON.
    pub fn send(&self, base: &str, slug: &str) -> Result<Answer> {
        let boundary = "------------------------candorcampaign";
        let mut body = Vec::new();
        for (name, value) in &self.fields {
            let part = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        for (name, bytes) in &self.files {
            let head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"files\"; \
                 filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={boundary}");
        let headers = [
            ("Accept", "application/json"),
            ("Content-Type", kind.as_str()),
        ];
        ask(base, "POST", &format!("/p/{slug}/report"), &headers, &body)
    }
}

/// Files a report through the form's JSON; gives status and body.
pub fn submit(base: &str, slug: &str, summary: &str) -> Option<(u16, Value)> {
    let form = ask(base, "GET", &format!("/p/{slug}/report.json"), &[], &[]).ok()?;
    let nonce = form.json().get("nonce")?.as_str()?.to_owned();
    let mut report = Report::new(
        summary,
        &format!("{summary}: it breaks when fed with zeros"),
    );
    report.fields.retain(|(name, _)| name != "nonce");
    report.set("nonce", &nonce);
    let answer = report.send(base, slug).ok()?;
    Some((answer.status, serde_json::from_str(&answer.text).ok()?))
}

/// The room of a report, entered.
#[derive(Debug, Clone)]
pub struct Room {
    slug: String,
    /// The session.
    pub cookie: String,
}

/// Types a code at the door of the rooms; gives the room, or the answer that held none.
pub(crate) fn type_code(
    base: &str,
    slug: &str,
    code: &str,
) -> Result<std::result::Result<Room, Answer>> {
    let answer = post(base, &format!("/p/{slug}/room"), "", &[("code", code)])?;
    let cookie = answer.cookie().filter(|_| answer.status == 303);
    Ok(match cookie {
        Some(cookie) => Ok(Room {
            slug: slug.to_owned(),
            cookie,
        }),
        None => Err(answer),
    })
}

/// Enters the room of a code; `None` when the code opens nothing.
pub fn enter(base: &str, slug: &str, code: &str) -> Result<Option<Room>> {
    type_code(base, slug, code).map(std::result::Result::ok)
}

impl Room {
    /// The page.
    pub fn page(&self, base: &str) -> Result<Answer> {
        let path = format!("/p/{}/room", self.slug);
        ask(base, "GET", &path, &[("Cookie", &self.cookie)], &[])
    }

    /// Writes a message to the team.
    pub fn say(&self, base: &str, words: &str) -> Result<Answer> {
        let page = self.page(base)?;
        let guard = page.guard().unwrap_or_default();
        let fields = [
            ("guard", guard),
            ("form", "say"),
            ("act", "say"),
            ("kind", "plain"),
            ("message", words),
        ];
        let path = format!("/p/{}/room/act", self.slug);
        post(base, &path, &self.cookie, &fields)
    }
}

/// Whether a code opens its room.
pub fn opens(base: &str, slug: &str, code: &str) -> bool {
    enter(base, slug, code).unwrap().is_some()
}
