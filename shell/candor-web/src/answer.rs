//! Answers: pages, redirects, files, and the one page for every stranger.
//!
//! Invariants: [`Stop::NotFound`] gives the same bytes and headers wherever it
//! arises; an operator's text goes to the log, a person's text to the page,
//! never the other way round.

use askama::Template;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use candor_access::view::PublicFile;
use candor_app::input::{ActError, Fault};

use crate::desk::step_up;
use crate::headers::{CSP_FILE, CSP_SCRIPT, REFERRER_FORMS};
use crate::ui::{Chrome, Side};

/// Why a handler stops before its page.
#[derive(Debug)]
pub(crate) enum Stop {
    /// No such page for this reader.
    NotFound,
    /// Sign in first.
    SignIn,
    /// Give the second factor again first; with what was wrong with a code that was given.
    StepUp(Option<String>),
    /// The form was not sent from our own page.
    Elsewhere,
    /// The form carries no value of this session: an old page, most often.
    OldForm,
    /// Too many at once; nothing was done.
    Busy,
    /// This address is for reading, or for sending, only.
    Method,
    /// The case says no, or fields are wrong, where no form can show it.
    No(String),
    /// Something broke.
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<ActError> for Stop {
    fn from(error: ActError) -> Self {
        match error {
            ActError::NotFound => Self::NotFound,
            ActError::SignedOut => Self::SignIn,
            ActError::StepUp => Self::StepUp(None),
            ActError::Fields(fields) => Self::No(
                fields
                    .into_iter()
                    .map(|f| f.message)
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            ActError::Refused(refusal) => Self::No(refusal.message),
            ActError::Fault(fault) => Self::Fault(fault),
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "public/message.html")]
struct MessagePage {
    chrome: Chrome,
    heading: String,
    text: String,
    link: Option<(String, String)>,
}

/// A page that says one thing.
fn say(status: StatusCode, heading: &str, text: &str, link: Option<(&str, &str)>) -> Response {
    let page_ = MessagePage {
        chrome: Chrome::plain(heading, Side::Public, ""),
        heading: heading.to_owned(),
        text: text.to_owned(),
        link: link.map(|(to, words)| (to.to_owned(), words.to_owned())),
    };
    page(status, &page_)
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => say(
                StatusCode::NOT_FOUND,
                "There is no such page",
                "The address may be mistyped, or what was here is not for this reader.",
                Some(("/", "To the front page")),
            ),
            Self::SignIn => see_other("/desk/sign-in"),
            // Where a form can be sent again, `step_up` puts that form in its place.
            Self::StepUp(wrong) => {
                let text = "This takes a fresh code of the second factor. Sign in again, then do \
                            it once more.";
                let link = Some(("/desk/sign-in", "To the sign-in"));
                let mut page = say(StatusCode::FORBIDDEN, "Give your code again", text, link);
                page.extensions_mut().insert(step_up::Wanted(wrong));
                page
            }
            Self::Elsewhere => say(
                StatusCode::FORBIDDEN,
                "This form was not sent from here",
                "Your browser says that the form came from another site, so nothing was done. \
                 Open the page here and send it again.",
                Some(("/", "To the front page")),
            ),
            Self::OldForm => say(
                StatusCode::FORBIDDEN,
                "This page was out of date",
                "Nothing was done. Go back, load the page again and send the form once more.",
                None,
            ),
            Self::Busy => say(
                StatusCode::SERVICE_UNAVAILABLE,
                "Too busy just now",
                "Many people ask at this moment, so nothing was done. Go back, wait a minute and \
                 try once more; your browser keeps what you typed.",
                None,
            ),
            Self::Method => say(
                StatusCode::METHOD_NOT_ALLOWED,
                "That is not possible here",
                "This address takes no such request. Nothing was done.",
                Some(("/", "To the front page")),
            ),
            Self::No(text) => say(StatusCode::CONFLICT, "That was not possible", &text, None),
            Self::Fault(fault) if fault.is_away() => {
                tracing::error!(what = %fault.operator, "a text or file is out of reach");
                say(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Not within reach just now",
                    &fault.person,
                    None,
                )
            }
            Self::Fault(fault) => {
                tracing::error!(what = %fault.operator, "a request failed");
                say(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "Something broke",
                    &fault.person,
                    None,
                )
            }
        }
    }
}

/// A page made from its template.
pub(crate) fn page<T: Template>(status: StatusCode, template: &T) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            let text = "Something broke on our side. Please try again in a minute.";
            (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
        }
    }
}

/// A page with a form: nothing is kept in caches, and the browser names the origin.
pub(crate) fn form_page<T: Template>(status: StatusCode, template: &T) -> Response {
    for_forms(page(status, template))
}

/// Makes a page one with a form.
pub(crate) fn for_forms(mut response: Response) -> Response {
    let value = HeaderValue::from_static(REFERRER_FORMS);
    response
        .headers_mut()
        .insert(header::REFERRER_POLICY, value);
    response
}

/// Lets the script for passkeys run on a page.
pub(crate) fn scripted(mut response: Response) -> Response {
    let value = HeaderValue::from_static(CSP_SCRIPT);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, value);
    response
}

/// A public page: may be kept, but is asked for again each time.
pub(crate) fn public_page<T: Template>(template: &T) -> Response {
    let mut response = page(StatusCode::OK, template);
    let value = HeaderValue::from_static("no-cache");
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    response
}

/// Goes on with a GET of another page.
pub(crate) fn see_other(to: &str) -> Response {
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// Adds a cookie line.
pub(crate) fn with_cookie(mut response: Response, line: Option<HeaderValue>) -> Response {
    if let Some(line) = line {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
    response
}

/// A public file with its strong validator; 304 when the reader has it already.
pub(crate) fn public_file(headers: &HeaderMap, file: PublicFile) -> Response {
    let tag = HeaderValue::from_str(&file.etag).ok();
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let same = known.is_some_and(|known| {
        known
            .split(',')
            .map(str::trim)
            .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == file.etag)
    });
    let mut response = if same {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = [(
            header::CONTENT_TYPE,
            HeaderValue::from_static(file.media_type),
        )];
        (kind, Body::from(file.body)).into_response()
    };
    let out = response.headers_mut();
    if let Some(tag) = tag {
        out.insert(header::ETAG, tag);
    }
    out.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300"),
    );
    out.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("cross-origin"),
    );
    response
}

/// A file of a case, asked for by somebody without an account: whoever is not inside gets
/// the answer of a file that is not there.
pub(crate) fn saved(found: Result<(String, Vec<u8>), ActError>) -> Result<Response, Stop> {
    match found {
        Ok((name, bytes)) => Ok(download(&name, bytes)),
        Err(ActError::SignedOut) => Err(Stop::NotFound),
        Err(error) => Err(error.into()),
    }
}

/// A file to be saved, never shown: whatever it holds, the browser must not run it.
pub(crate) fn download(name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{}\"", safe_name(name));
    let disposition =
        HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        ),
        (header::CONTENT_DISPOSITION, disposition),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(CSP_FILE),
        ),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, Body::from(bytes)).into_response()
}

/// A name of letters, digits, dots, dashes and underscores, at most 100 long.
fn safe_name(name: &str) -> String {
    let kept: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') {
                c
            } else {
                '_'
            }
        })
        .take(100)
        .collect();
    let kept = kept.trim_start_matches('.').to_owned();
    if kept.is_empty() {
        "file".to_owned()
    } else {
        kept
    }
}

/// The page for a handler that panicked; nothing of the panic is shown.
pub(crate) fn panicked(_: Box<dyn std::any::Any + Send>) -> axum::http::Response<Body> {
    Stop::Fault(Fault {
        person: "Something broke on our side. Please try again in a minute.".to_owned(),
        operator: "a handler panicked".to_owned(),
    })
    .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_downloads_are_harmless() {
        assert_eq!(safe_name("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(
            safe_name("a\"; x=\r\nSet-Cookie: b"),
            "a___x___Set-Cookie__b"
        );
        assert_eq!(safe_name("..."), "file");
        assert_eq!(safe_name("\u{202e}gpj.exe"), "_gpj.exe");
    }

    #[test]
    fn a_known_file_is_not_sent_again() {
        let file = PublicFile {
            media_type: "text/plain",
            body: b"x".to_vec(),
            etag: "\"a\"".into(),
        };
        let mut headers = HeaderMap::new();
        assert_eq!(public_file(&headers, file.clone()).status(), StatusCode::OK);
        headers.insert(header::IF_NONE_MATCH, "\"b\", W/\"a\"".parse().unwrap());
        assert_eq!(
            public_file(&headers, file).status(),
            StatusCode::NOT_MODIFIED
        );
    }
}
