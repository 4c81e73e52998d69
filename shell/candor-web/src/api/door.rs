//! The door of the API: whose token a request carries.
//!
//! Invariants: a token comes in the header `Authorization` and nowhere else, so no page of
//! another site can have a browser send one; it is looked at before the path's values are.

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use candor_app::input::ApiTokenLine;

use super::Problem;
use crate::gate::Web;
use crate::guard::from_here;

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

/// Refuses a POST that a browser says comes from a page of another site: whoever looks at such
/// a page must not send reports unawares.
pub(super) async fn only_from_here(request: Request, next: Next) -> Response {
    if request.method() == Method::POST && !from_here(request.headers()) {
        return Problem::Elsewhere.into_response();
    }
    next.run(request).await
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
