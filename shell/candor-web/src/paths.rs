//! Paths that are no text.
//!
//! Invariant: what cannot be read is one more thing that is not there; it gets
//! the page of a stranger, not an answer of its own.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::answer::Stop;

/// Lets only paths through that are text once their escapes are read.
pub(crate) async fn readable(request: Request, next: Next) -> Response {
    if is_text(request.uri().path()) {
        next.run(request).await
    } else {
        Stop::NotFound.into_response()
    }
}

/// Whether a path is text once its escapes are read.
pub(crate) fn is_text(path: &str) -> bool {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        // An escape that is none stays as it is; routes judge it.
        let mut ahead = rest.clone();
        match (ahead.next().and_then(hex), ahead.next().and_then(hex)) {
            (Some(high), Some(low)) => {
                bytes.push(high << 4 | low);
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    std::str::from_utf8(&bytes).is_ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_passes() {
        for good in [
            "/",
            "/p/a%20b/",
            "/p/%C3%A4/",
            "/p/%",
            "/p/%zz/%4",
            "/p/%25ff/",
        ] {
            assert!(is_text(good), "{good}");
        }
        for bad in ["/p/%ff/", "/p/%C3/", "/%80", "/p/a%C3%28/"] {
            assert!(!is_text(bad), "{bad}");
        }
    }
}
