//! Headers that every answer carries.
//!
//! Invariants: a handler may say more (a cache rule, a looser referrer rule for
//! pages with forms), never less than what stands here.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::gate::Web;

/// Nothing but our own stylesheet and pictures; forms go nowhere else.
const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The same, and our own script: for the pages that ask for a passkey.
pub(crate) const CSP_SCRIPT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// For downloads: even when opened in the browser, nothing may run or load.
pub(crate) const CSP_FILE: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Pages with forms name their own origin, so that the browser sends `Origin`
/// with the form; to other sites they still say nothing.
pub(crate) const REFERRER_FORMS: &str = "same-origin";

/// Adds what a handler has not said itself.
pub(crate) async fn add(State(web): State<Web>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let status = response.status();
    let headers = response.headers_mut();
    let mut add = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    add(header::CONTENT_SECURITY_POLICY, CSP);
    add(header::REFERRER_POLICY, "no-referrer");
    add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(header::X_FRAME_OPTIONS, "DENY");
    add(header::CACHE_CONTROL, "no-store");
    add(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    add(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    add(
        HeaderName::from_static("permissions-policy"),
        "interest-cohort=(), browsing-topics=()",
    );
    if matches!(
        status,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
    ) {
        add(header::RETRY_AFTER, "30");
    }
    if web.options().secure_cookies {
        add(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}
