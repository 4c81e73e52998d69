//! What was typed into a form: fields and files, read within bounds.
//!
//! Invariants: reading never fails. Whatever goes wrong (too large, malformed,
//! too slow), what was read so far comes back with the problem, so that a page
//! can show it again. Fields are counted before they are kept, and reading takes
//! time in proportion to the bytes. Nothing is written to disk.
//!
//! Deliberately absent: what a field means; bounds of time and memory (`body`).

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest as _, Request};
use axum::http::{StatusCode, header};
use candor_app::input::{ActInput, FileInput};
use serde_json::Value;

pub(crate) use crate::body::Problem;
use crate::body::{Held, Meter};
use crate::gate::Web;

/// Largest form without files, in bytes as sent.
const PLAIN_MAX: usize = 1024 * 1024;
/// Largest single text of a form with files.
const TEXT_MAX: usize = 512 * 1024;
/// All texts of a form with files together.
const TEXTS_MAX: usize = 2 * 1024 * 1024;
/// Most fields of one form.
const PARTS_MAX: usize = 500;
/// Most files of one form.
const FILES_MAX: usize = 50;
/// Longest name of a field; no form of ours has one half as long.
const NAME_MAX: usize = 60;

impl Problem {
    /// The status of the answer.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::TooLarge | Self::TooMany => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What to tell the person.
    pub(crate) fn words(self, limit: usize) -> String {
        match self {
            Self::TooLarge => format!(
                "That was more than can be taken at once. Files and text together may hold {}. \
                 Nothing was stored. Please attach smaller files.",
                crate::ui::size_words(u64::try_from(limit).unwrap_or(u64::MAX))
            ),
            Self::TooMany => format!(
                "The form held too many parts, so nothing was stored. At most {FILES_MAX} files \
                 can be sent at once."
            ),
            Self::Malformed => "The form arrived damaged, so nothing was stored. \
                 Please check what is below and send it again."
                .to_owned(),
            Self::Slow => "The form stopped arriving, so nothing was stored. \
                 Please send it again, with smaller files if the line is slow."
                .to_owned(),
            Self::Busy => "Many large files arrive here at this moment, so nothing was stored. \
                 Please send it again in a minute. Without files it can be taken at once."
                .to_owned(),
        }
    }
}

/// Fields and files of a form.
#[derive(Debug, Default)]
pub(crate) struct Typed {
    /// Values by name; repeated names are joined by line feeds.
    pub fields: BTreeMap<String, String>,
    /// Files.
    pub files: Vec<FileInput>,
    /// Files were there, whether they were kept or not.
    pub had_files: bool,
    /// What went wrong.
    pub problem: Option<Problem>,
    /// The space all this takes; to be kept until it is dealt with.
    pub held: Held,
}

impl Typed {
    /// A value; empty when there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    fn put(&mut self, name: String, value: &str) {
        if name.is_empty() || name.len() > NAME_MAX {
            return;
        }
        // Browsers send CR LF for line breaks.
        let value = value.replace("\r\n", "\n");
        self.fields
            .entry(name)
            .and_modify(|old| {
                old.push('\n');
                old.push_str(&value);
            })
            .or_insert(value);
    }

    /// As an act of a room or a desk.
    pub(crate) fn into_act(mut self) -> ActInput {
        let act = self.fields.remove("act").unwrap_or_default();
        let seq = self.fields.remove("seq").and_then(|seq| seq.parse().ok());
        self.fields.remove("guard");
        self.fields.remove("form");
        ActInput {
            act,
            seq,
            exact: false,
            fields: self.fields,
            files: self.files,
            second_factor: None,
        }
    }
}

/// Reads a form of either kind.
pub(crate) async fn read(web: &Web, request: Request) -> Typed {
    read_as(web, request, false).await
}

/// Reads an object of JSON, whose names are those of a form, or a form with files.
pub(crate) async fn read_json(web: &Web, request: Request) -> Typed {
    read_as(web, request, true).await
}

async fn read_as(web: &Web, request: Request, json: bool) -> Typed {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let with_files = kind.starts_with("multipart/form-data");
    let limit = if with_files {
        web.options().max_body
    } else {
        PLAIN_MAX
    };
    let (parts, body) = request.into_parts();
    let (metered, meter) = web.space().meter(body, limit);
    let body = Body::new(metered);
    let mut typed = Typed::default();
    let result = if with_files {
        read_parts(&mut typed, Request::from_parts(parts, body)).await
    } else if json && kind.starts_with("application/json") {
        read_object(&mut typed, body).await
    } else if !json && kind.starts_with("application/x-www-form-urlencoded") {
        read_plain(&mut typed, body).await
    } else {
        Err(Problem::Malformed)
    };
    typed.problem = meter.problem().or(result.err());
    settle(&mut typed, &meter).await;
    typed
}

/// Keeps the space of a whole form; lets go of what a broken one does not need.
async fn settle(typed: &mut Typed, meter: &Meter) {
    let held = meter.held();
    match typed.problem {
        None => typed.held = held,
        Some(problem) => {
            // Browsers do not keep files: they are attached again in any case.
            typed.files = Vec::new();
            drop(held);
            if problem != Problem::Slow {
                meter.drain().await;
            }
        }
    }
}

async fn read_plain(typed: &mut Typed, body: Body) -> Result<(), Problem> {
    let bytes = to_bytes(body, PLAIN_MAX)
        .await
        .map_err(|_| Problem::TooLarge)?;
    pairs(typed, &bytes)
}

async fn read_object(typed: &mut Typed, body: Body) -> Result<(), Problem> {
    let bytes = to_bytes(body, PLAIN_MAX)
        .await
        .map_err(|_| Problem::TooLarge)?;
    object(typed, &bytes)
}

/// Takes the members of an object: texts, numbers, `true` for a box that is ticked, and lists of
/// texts for a field that takes several values.
fn object(typed: &mut Typed, bytes: &[u8]) -> Result<(), Problem> {
    let members: BTreeMap<String, Value> =
        serde_json::from_slice(bytes).map_err(|_| Problem::Malformed)?;
    if members.len() > PARTS_MAX {
        return Err(Problem::TooMany);
    }
    for (name, value) in members {
        if name.is_empty() || name.len() > NAME_MAX {
            return Err(Problem::Malformed);
        }
        let values = match value {
            Value::Array(all) => all,
            one => vec![one],
        };
        for value in values {
            match value {
                Value::String(text) => typed.put(name.clone(), &text),
                Value::Number(number) => typed.put(name.clone(), &number.to_string()),
                Value::Bool(true) => typed.put(name.clone(), "on"),
                Value::Bool(false) | Value::Null => {}
                Value::Array(_) | Value::Object(_) => return Err(Problem::Malformed),
            }
        }
    }
    Ok(())
}

/// Takes the pairs of a plain form, at most so many.
fn pairs(typed: &mut Typed, bytes: &[u8]) -> Result<(), Problem> {
    let mut pairs = bytes.split(|b| *b == b'&').filter(|pair| !pair.is_empty());
    for pair in pairs.by_ref().take(PARTS_MAX) {
        let mut halves = pair.splitn(2, |b| *b == b'=');
        let name = decoded(halves.next().unwrap_or_default());
        let value = decoded(halves.next().unwrap_or_default());
        typed.put(
            String::from_utf8_lossy(&name).into_owned(),
            &String::from_utf8_lossy(&value),
        );
    }
    match pairs.next() {
        None => Ok(()),
        Some(_) => Err(Problem::TooMany),
    }
}

/// Undoes the coding of a plain form; what is no code stays as it is.
fn decoded(raw: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw.iter().copied();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let code = (byte == b'%')
            .then(|| Some(ahead.next().and_then(digit)? * 16 + ahead.next().and_then(digit)?))
            .flatten();
        match (byte, code) {
            (_, Some(code)) => {
                out.push(code);
                rest = ahead;
            }
            (b'+', None) => out.push(b' '),
            (byte, None) => out.push(byte),
        }
    }
    out
}

async fn read_parts(typed: &mut Typed, request: Request) -> Result<(), Problem> {
    let mut multipart = Multipart::from_request(request, &())
        .await
        .map_err(|_| Problem::Malformed)?;
    let mut texts_left = TEXTS_MAX;
    let mut problem = None;
    for _ in 0..PARTS_MAX {
        let next = multipart.next_field().await;
        let Some(mut part) = next.map_err(|_| problem.unwrap_or(Problem::Malformed))? else {
            return problem.map_or(Ok(()), Err);
        };
        let Some(file_name) = part.file_name().map(str::to_owned) else {
            let name = part.name().unwrap_or_default().to_owned();
            let (bytes, whole) = read_part(&mut part, TEXT_MAX.min(texts_left)).await?;
            texts_left = texts_left.saturating_sub(bytes.len());
            typed.put(name, &String::from_utf8_lossy(&bytes));
            if !whole {
                problem = Some(Problem::TooLarge);
            }
            continue;
        };
        typed.had_files |= !file_name.is_empty();
        let room = typed.files.len() < FILES_MAX;
        let most = if room { usize::MAX } else { 0 };
        let (bytes, _) = read_part(&mut part, most).await?;
        if file_name.is_empty() && bytes.is_empty() {
            continue;
        }
        typed.had_files = true;
        if room {
            typed.files.push(FileInput {
                name: file_name,
                bytes,
            });
        } else {
            problem = Some(Problem::TooMany);
        }
    }
    Err(Problem::TooMany)
}

/// Reads one part, `max` bytes of it; says whether that was all.
async fn read_part(part: &mut Field<'_>, max: usize) -> Result<(Vec<u8>, bool), Problem> {
    let mut bytes = Vec::new();
    let mut whole = true;
    loop {
        let chunk = part.chunk().await.map_err(|_| Problem::Malformed)?;
        let Some(chunk) = chunk else {
            return Ok((bytes, whole));
        };
        if bytes.len().saturating_add(chunk.len()) > max {
            whole = false;
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_forms_are_decoded() {
        let mut typed = Typed::default();
        let form = b"a=one+two&b=%C3%A4%0D%0Ax&b=y&c&d=100%&e=%zz&&=x";
        assert_eq!(pairs(&mut typed, form), Ok(()));
        assert_eq!(typed.get("a"), "one two");
        assert_eq!(typed.get("b"), "ä\nx\ny");
        assert_eq!(typed.get("c"), "");
        assert_eq!((typed.get("d"), typed.get("e")), ("100%", "%zz"));
        assert_eq!(typed.fields.len(), 5);
    }

    #[test]
    fn an_object_says_what_a_form_does() {
        let mut typed = Typed::default();
        let text = br#"{"a": "one\r\ntwo", "b": ["x", "y"], "n": 7, "on": true, "off": false,
            "none": null}"#;
        assert_eq!(object(&mut typed, text), Ok(()));
        assert_eq!(typed.get("a"), "one\ntwo");
        assert_eq!((typed.get("b"), typed.get("n")), ("x\ny", "7"));
        assert_eq!(typed.get("on"), "on");
        assert_eq!(typed.fields.len(), 4, "what is off or null is not there");
        for odd in [
            &b"[]"[..],
            b"\"a\"",
            b"{\"a\": {}}",
            b"{\"a\": [[\"x\"]]}",
            b"{\"\": \"x\"}",
            b"{",
            b"",
            b"\xff",
        ] {
            let mut typed = Typed::default();
            assert_eq!(object(&mut typed, odd), Err(Problem::Malformed), "{odd:?}");
        }
    }

    #[test]
    fn fields_are_counted_and_names_are_short() {
        let mut typed = Typed::default();
        let many = "a=x&".repeat(PARTS_MAX + 1);
        assert_eq!(pairs(&mut typed, many.as_bytes()), Err(Problem::TooMany));
        assert_eq!(typed.get("a").lines().count(), PARTS_MAX);
        let long = "n".repeat(NAME_MAX + 1);
        assert_eq!(pairs(&mut typed, long.as_bytes()), Ok(()));
        assert_eq!(typed.fields.len(), 1);
    }
}
