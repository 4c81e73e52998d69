//! Whether a form was sent from our own page.
//!
//! Invariants: three nets lie under each other. Session cookies are
//! `SameSite=Strict`; the browser's own word on where a POST comes from is
//! checked on every POST; forms of a session carry a value only its pages know.
//!
//! Deliberately absent: any check of rights.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};

use crate::answer::Stop;

/// Refuses every POST that a browser says came from elsewhere.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    if request.method() == Method::POST && !from_here(request.headers()) {
        return Stop::Elsewhere.into_response();
    }
    next.run(request).await
}

/// The evidence, strongest first.
///
/// `Sec-Fetch-Site` cannot be set by a page, so where it is sent it decides.
/// Without it the `Origin` has to name the host that was asked; an origin of
/// `null` is evidence of nothing and refused. A request with neither comes from
/// no browser of today (the command line) and carries no cookie of ours.
pub(crate) fn from_here(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .map(|value: &axum::http::HeaderValue| value.to_str())
    };
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, Ok("same-origin" | "none"));
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (None, _) => true,
        (Some(Ok(origin)), Some(Ok(host))) => {
            let bare = origin
                .strip_prefix("https://")
                .or_else(|| origin.strip_prefix("http://"));
            bare.is_some_and(|bare| bare.eq_ignore_ascii_case(host))
        }
        _ => false,
    }
}

/// The value that forms of this session carry.
pub fn value(token: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"candor form guard 1\0");
    hash.update(token.as_bytes());
    crate::assets::hex(hash.finalize().iter().take(20))
}

/// Whether a form carries the value of this session.
///
/// Hashes of both are compared, so the time it takes says nothing about either.
pub(crate) fn holds(token: &str, sent: Option<&String>) -> bool {
    sent.is_some_and(|sent| {
        Sha256::digest(value(token).as_bytes()) == Sha256::digest(sent.as_bytes())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(k, v)| (k.parse().unwrap(), v.parse().unwrap()))
            .collect()
    }

    #[test]
    fn the_browser_says_where_a_form_comes_from() {
        assert!(from_here(&with(&[("host", "a.example")])));
        assert!(from_here(&with(&[
            ("host", "a.example"),
            ("origin", "https://a.example")
        ])));
        assert!(from_here(&with(&[
            ("host", "127.0.0.1:8080"),
            ("origin", "http://127.0.0.1:8080")
        ])));
        assert!(!from_here(&with(&[
            ("host", "a.example"),
            ("origin", "https://b.example")
        ])));
        assert!(!from_here(&with(&[
            ("host", "a.example"),
            ("origin", "null")
        ])));
        assert!(!from_here(&with(&[("origin", "https://a.example")])));
        let own = [
            ("host", "a.example"),
            ("origin", "null"),
            ("sec-fetch-site", "same-origin"),
        ];
        assert!(from_here(&with(&own)));
        for site in ["cross-site", "same-site", "odd"] {
            assert!(!from_here(&with(&[
                ("host", "a.example"),
                ("sec-fetch-site", site)
            ])));
        }
    }

    #[test]
    fn the_value_belongs_to_one_session() {
        assert!(holds("one", Some(&value("one"))));
        assert!(!holds("one", Some(&value("two"))));
        assert!(!holds("one", None));
    }
}
