//! The address for requests in clear: it sends readers on to the encrypted one.
//!
//! Invariants: only the address that the operator named is sent to, whatever a request says of
//! its host; nothing that a form holds is sent on; no page is shown.

use axum::Router;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};

/// What stands there.
pub(super) fn router(public_url: String) -> Router {
    Router::new().fallback(move |method: Method, uri: Uri| {
        let answer = answer(&public_url, &method, &uri);
        async move { answer }
    })
}

fn answer(public_url: &str, method: &Method, uri: &Uri) -> Response {
    if !matches!(*method, Method::GET | Method::HEAD) {
        let words = format!("Nothing is taken here without encryption. Please use {public_url}\n");
        return (StatusCode::FORBIDDEN, words).into_response();
    }
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    match HeaderValue::from_str(&format!("{public_url}{path}")) {
        Ok(to) => (StatusCode::PERMANENT_REDIRECT, [(LOCATION, to)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_are_sent_to_the_named_address_and_forms_are_refused() {
        let ask = |method: Method, uri: &str| {
            let answer = answer("https://desk.test", &method, &uri.parse().unwrap());
            let to = answer.headers().get(LOCATION);
            let to = to.map(|to| to.to_str().unwrap().to_owned());
            (answer.status().as_u16(), to)
        };
        let to = |path: &str| (308, Some(format!("https://desk.test{path}")));
        assert_eq!(ask(Method::GET, "/p/a/?x=1"), to("/p/a/?x=1"));
        assert_eq!(ask(Method::HEAD, "http://evil.test/b"), to("/b"));
        assert_eq!(ask(Method::GET, "//evil.test"), to("//evil.test"));
        assert_eq!(ask(Method::POST, "/desk/sign-in"), (403, None));
    }
}
