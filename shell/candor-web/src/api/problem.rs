//! What went wrong, as `application/problem+json` (RFC 9457).
//!
//! `title` is the name of the status, `detail` is for people, `code` for programs: one of ours,
//! or the code of the refusal. There is no page about a kind of problem, so `type` is
//! `about:blank`.
//!
//! Invariants: [`Problem::NotFound`] and [`Problem::NoToken`] have the same bytes wherever they
//! arise; an operator's text goes to the log only.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use candor_access::view::FieldError;
use candor_app::input::{ActError, ApiDoor, Fault};
use candor_base::Refusal;
use serde_json::{Map, Value, json};

use crate::answer::Stop;

/// Why there is no other answer.
#[derive(Debug)]
pub(crate) enum Problem {
    /// Nothing there for whoever asks.
    NotFound,
    /// No token, or none that holds.
    NoToken,
    /// The act takes a fresh code of the second factor.
    StepUp,
    /// The path is there, and takes no such request.
    Method,
    /// A value of the query or of a header cannot be read.
    Query(&'static str),
    /// The request comes from a page of another site.
    Elsewhere,
    /// The case stands elsewhere than `If-Match` says.
    Changed(Refusal),
    /// The key came with another request before, or what became of its request is not known.
    Key(&'static str),
    /// The body cannot be read: the status, and why.
    Body(StatusCode, String),
    /// Too many requests with this token.
    Wait(u32),
    /// Too many at once.
    Busy,
    /// Fields to correct.
    Fields(Vec<FieldError>),
    /// The case says no.
    Refused(Refusal),
    /// Something broke.
    Fault(Fault),
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<ActError> for Problem {
    fn from(error: ActError) -> Self {
        match error {
            ActError::NotFound => Self::NotFound,
            ActError::SignedOut => Self::NoToken,
            ActError::StepUp => Self::StepUp,
            ActError::Fields(fields) => Self::Fields(fields),
            ActError::Refused(refusal) => Self::Refused(refusal),
            ActError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<ApiDoor> for Problem {
    fn from(door: ApiDoor) -> Self {
        match door {
            ApiDoor::Shut => Self::NoToken,
            ApiDoor::Wait(seconds) => Self::Wait(seconds),
            ApiDoor::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<Stop> for Problem {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Fault(fault) => Self::Fault(fault),
            Stop::Busy => Self::Busy,
            Stop::SignIn => Self::NoToken,
            Stop::StepUp(_) => Self::StepUp,
            Stop::Method => Self::Method,
            Stop::NotFound | Stop::Elsewhere | Stop::OldForm | Stop::No(_) => Self::NotFound,
        }
    }
}

/// The code of a refusal, as the API writes it.
fn code_of(refusal: &Refusal) -> Value {
    serde_json::to_value(refusal.code).unwrap_or(Value::Null)
}

impl Problem {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Query(_) => StatusCode::BAD_REQUEST,
            Self::Elsewhere | Self::StepUp => StatusCode::FORBIDDEN,
            Self::Changed(_) => StatusCode::PRECONDITION_FAILED,
            Self::Body(status, _) => *status,
            Self::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fields(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refused(_) | Self::Key(_) => StatusCode::CONFLICT,
            Self::Fault(fault) if fault.is_away() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> Value {
        let code = match self {
            Self::NotFound => "not_found",
            Self::NoToken => "no_token",
            Self::StepUp => "second_factor",
            Self::Method => "method",
            Self::Query(_) => "query",
            Self::Elsewhere => "elsewhere",
            Self::Changed(_) => "changed",
            Self::Key(_) => "idempotency_key",
            Self::Body(..) => "body",
            Self::Wait(_) => "too_many_requests",
            Self::Busy => "busy",
            Self::Fields(_) => "fields",
            Self::Refused(refusal) => return code_of(refusal),
            Self::Fault(fault) if fault.is_away() => "away",
            Self::Fault(_) => "fault",
        };
        Value::from(code)
    }

    fn detail(&self) -> String {
        match self {
            Self::NotFound => "There is nothing here for this reader.".to_owned(),
            Self::NoToken => {
                "Send a token that holds in the header Authorization, as \"Bearer candor_…\"."
                    .to_owned()
            }
            Self::StepUp => {
                "This act takes a fresh code of the second factor of the person whose token it \
                 is. Send it in the header Second-Factor. Nothing was done."
                    .to_owned()
            }
            Self::Method => "This address takes no such request.".to_owned(),
            Self::Query(words) | Self::Key(words) => (*words).to_owned(),
            Self::Elsewhere => {
                "Your browser says that this comes from another site, so nothing was done."
                    .to_owned()
            }
            Self::Body(_, words) => words.clone(),
            Self::Wait(seconds) => {
                format!("Too many requests with this token. Please try again in {seconds} seconds.")
            }
            Self::Busy => {
                "Many people ask at this moment. Please try again in a minute.".to_owned()
            }
            Self::Fields(fields) => {
                let words: Vec<&str> = fields.iter().map(|f| f.message.as_str()).collect();
                words.join(" ")
            }
            Self::Refused(refusal) | Self::Changed(refusal) => refusal.message.clone(),
            Self::Fault(fault) => fault.person.clone(),
        }
    }

    fn body(&self) -> Map<String, Value> {
        let status = self.status();
        let mut body = Map::new();
        body.insert("type".to_owned(), Value::from("about:blank"));
        let title = status.canonical_reason().unwrap_or("Error");
        body.insert("title".to_owned(), Value::from(title));
        body.insert("status".to_owned(), Value::from(status.as_u16()));
        body.insert("detail".to_owned(), Value::from(self.detail()));
        body.insert("code".to_owned(), self.code());
        match self {
            Self::Fields(fields) => {
                let fields = fields
                    .iter()
                    .map(|f| json!({"field": f.field, "message": f.message}));
                body.insert("fields".to_owned(), fields.collect());
            }
            Self::Refused(refusal) | Self::Changed(refusal) => {
                let instead = refusal.instead_words();
                body.insert(
                    "instead".to_owned(),
                    instead.iter().map(|w| json!(w)).collect(),
                );
            }
            _ => {}
        }
        body
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Self::Fault(fault) = &self {
            tracing::error!(what = %fault.operator, "a request of the API failed");
        }
        let status = self.status();
        let text = Value::Object(self.body()).to_string();
        let mut response = (status, Body::from(text)).into_response();
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, kind);
        if matches!(self, Self::NoToken) {
            let scheme = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Self::Wait(seconds) = self {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The answer of a handler that panicked; nothing of the panic is shown.
pub(super) fn panicked(_: Box<dyn std::any::Any + Send>) -> axum::http::Response<Body> {
    Problem::Fault(Fault {
        person: "Something broke on our side. Please try again in a minute.".to_owned(),
        operator: "a handler of the API panicked".to_owned(),
    })
    .into_response()
}
