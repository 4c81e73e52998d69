//! What was typed into a form: fields and files, read within bounds.
//!
//! Invariants: reading never fails. Whatever goes wrong (too large, malformed,
//! too slow), what was read so far comes back with the problem, so that a page
//! can show it again. Nothing is written to disk.
//!
//! Deliberately absent: what a field means.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest as _, Request};
use axum::http::{StatusCode, header};
use axum::{Form, RequestExt as _};
use candor_app::input::{ActInput, FileInput};

use crate::gate::Web;

/// Largest form without files.
const PLAIN_MAX: usize = 4 * 1024 * 1024;
/// Largest single text of a form with files.
const TEXT_MAX: usize = 512 * 1024;
/// Most parts of one form.
const PARTS_MAX: usize = 500;
/// Most files of one form.
const FILES_MAX: usize = 50;
/// A body that stops arriving for so long is given up.
const PATIENCE: Duration = Duration::from_mins(1);

/// What went wrong while reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// More than the limit.
    TooLarge,
    /// Not a form.
    Malformed,
    /// It stopped arriving.
    Slow,
}

impl Problem {
    /// The status of the answer.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
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
            Self::Malformed => "The form arrived damaged, so nothing was stored. \
                 Please check what is below and send it again."
                .to_owned(),
            Self::Slow => "The form stopped arriving, so nothing was stored. \
                 Please send it again, with smaller files if the line is slow."
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
}

impl Typed {
    /// A value; empty when there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    fn put(&mut self, name: String, value: &str) {
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
            fields: self.fields,
            files: self.files,
        }
    }
}

/// Reads a form of either kind.
pub(crate) async fn read(web: &Web, request: Request) -> Typed {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let mut typed = Typed::default();
    let result = if kind.starts_with("multipart/form-data") {
        let _place = web.place_to_read().await;
        read_parts(&mut typed, request, web.options().max_body).await
    } else {
        read_plain(&mut typed, request).await
    };
    typed.problem = result.err();
    typed
}

async fn patient<T>(work: impl Future<Output = T>) -> Result<T, Problem> {
    tokio::time::timeout(PATIENCE, work)
        .await
        .map_err(|_| Problem::Slow)
}

async fn read_plain(typed: &mut Typed, request: Request) -> Result<(), Problem> {
    let (parts, body) = request.into_parts();
    let bytes = patient(axum::body::to_bytes(body, PLAIN_MAX)).await?;
    let bytes = bytes.map_err(|_| Problem::TooLarge)?;
    let whole = Request::from_parts(parts, axum::body::Body::from(bytes));
    let Form(pairs) = whole
        .extract::<Form<Vec<(String, String)>>, _>()
        .await
        .map_err(|_| Problem::Malformed)?;
    for (name, value) in pairs.into_iter().take(PARTS_MAX) {
        typed.put(name, &value);
    }
    Ok(())
}

async fn read_parts(typed: &mut Typed, request: Request, limit: usize) -> Result<(), Problem> {
    let mut multipart = Multipart::from_request(request, &())
        .await
        .map_err(|_| Problem::Malformed)?;
    // Past the limit the rest is read and thrown away for a while: a browser
    // shows an answer only after it could send everything.
    let mut budget = Budget {
        taken: 0,
        limit,
        end: limit.saturating_mul(4),
    };
    let mut problem = None;
    for _ in 0..PARTS_MAX {
        let next = patient(multipart.next_field()).await?;
        let Some(mut part) = next.map_err(|_| problem.unwrap_or(Problem::Malformed))? else {
            return problem.map_or(Ok(()), Err);
        };
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let max = if file_name.is_some() { limit } else { TEXT_MAX };
        let (bytes, whole) = read_part(&mut part, max, &mut budget).await?;
        if !whole {
            problem = Some(Problem::TooLarge);
        }
        match file_name {
            Some(file_name) if file_name.is_empty() && bytes.is_empty() => {}
            Some(file_name) => {
                typed.had_files = true;
                if whole && typed.files.len() < FILES_MAX {
                    typed.files.push(FileInput {
                        name: file_name,
                        bytes,
                    });
                } else {
                    problem = Some(Problem::TooLarge);
                }
            }
            None => typed.put(name, &String::from_utf8_lossy(&bytes)),
        }
    }
    Err(Problem::TooLarge)
}

/// Bytes read so far, of all parts together.
struct Budget {
    taken: usize,
    limit: usize,
    end: usize,
}

/// Reads one part; says whether all of it could be kept.
async fn read_part(
    part: &mut Field<'_>,
    max: usize,
    budget: &mut Budget,
) -> Result<(Vec<u8>, bool), Problem> {
    let mut bytes = Vec::new();
    let mut whole = true;
    loop {
        let chunk = patient(part.chunk())
            .await?
            .map_err(|_| Problem::Malformed)?;
        let Some(chunk) = chunk else {
            return Ok((bytes, whole));
        };
        budget.taken = budget.taken.saturating_add(chunk.len());
        if budget.taken > budget.end {
            return Err(Problem::TooLarge);
        }
        if budget.taken > budget.limit || bytes.len().saturating_add(chunk.len()) > max {
            whole = false;
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
}
