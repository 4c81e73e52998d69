//! The door of the API: whose token a request carries.
//!
//! Invariants: a token comes in the header `Authorization` and nowhere else, so no page of
//! another site can have a browser send one; it is looked at before the path's values are.

use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use candor_app::input::ApiTokenLine;
use tower_http::cors::CorsLayer;

use super::Problem;
use crate::gate::{Web, WebOptions};
use crate::guard::from_here;
use crate::paths::is_text;

/// A token that was let in.
#[derive(Debug)]
pub(super) struct Bearer {
    /// The token, for the use case that is asked.
    pub token: String,
    /// What its owner knows of it.
    pub line: ApiTokenLine,
}

impl FromRequestParts<Web> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or(Problem::NoToken)?;
        let key = token.clone();
        let line = web.ask(move |app| app.api_door(&key)).await??;
        Ok(Self { token, line })
    }
}

/// The token of a request that carries exactly one.
fn bearer(headers: &HeaderMap) -> Option<String> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (first, second) = (all.next()?, all.next());
    let (scheme, token) = first.to_str().ok()?.split_once(' ')?;
    let one = second.is_none() && scheme.eq_ignore_ascii_case("bearer");
    one.then(|| token.trim().to_owned())
}

/// Takes cookies away before anything reads them.
pub(super) async fn no_cookies(mut request: Request, next: Next) -> Response {
    request.headers_mut().remove(header::COOKIE);
    next.run(request).await
}

/// A path that is no text is one more thing that is not there.
pub(super) async fn readable(request: Request, next: Next) -> Response {
    if is_text(request.uri().path()) {
        next.run(request).await
    } else {
        Problem::NotFound.into_response()
    }
}

/// Refuses a POST that a browser says comes from a page of another site: whoever looks at such
/// a page must not send reports unawares.
pub(super) async fn only_from_here(
    State(web): State<Web>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let named = || {
        let origin = headers.get(header::ORIGIN);
        let known = &web.options().cors_origins;
        origin.is_some_and(|origin| known.iter().any(|k| k.as_bytes() == origin.as_bytes()))
    };
    if request.method() == Method::POST && !from_here(headers) && !named() {
        return Problem::Elsewhere.into_response();
    }
    next.run(request).await
}

/// Tells browsers which other sites may ask. Cookies are never among what they may send, so
/// no site needs to be believed about who is in front of the browser.
pub(super) fn other_sites(options: &WebOptions) -> CorsLayer {
    let origins = options.cors_origins.iter();
    let origins: Vec<HeaderValue> = origins.filter_map(|o| o.parse().ok()).collect();
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("receipt-code"),
        ])
        .expose_headers([
            header::ETAG,
            header::RETRY_AFTER,
            HeaderName::from_static("idempotency-replayed"),
        ])
        .max_age(Duration::from_mins(10))
}

/// The receipt code of a request of a reporter.
pub(super) fn receipt_code(headers: &HeaderMap) -> Result<String, Problem> {
    let mut all = headers.get_all("receipt-code").iter();
    let (first, second) = (all.next(), all.next());
    let code = first.filter(|_| second.is_none());
    let code = code.and_then(|value| value.to_str().ok());
    code.map(str::to_owned).ok_or(Problem::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_header_with_one_token_is_taken() {
        let with = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::AUTHORIZATION, line.parse().unwrap());
            }
            bearer(&headers)
        };
        assert_eq!(with(&["Bearer abc"]), Some("abc".to_owned()));
        assert_eq!(with(&["bearer  abc "]), Some("abc".to_owned()));
        for none in [
            &[][..],
            &["Basic abc"],
            &["Bearer"],
            &["Bearer abc", "Bearer abc"],
        ] {
            assert_eq!(with(none), None, "{none:?}");
        }
    }
}
