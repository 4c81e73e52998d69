//! The three session cookies, and the one by which a browser of the team is known again.
//!
//! Invariants: a cookie is set only after somebody typed a receipt code or
//! signed in; it holds an opaque token and nothing else; it is out of reach of
//! scripts and is never sent along from another site.

use axum::http::{HeaderMap, HeaderValue, header};

use candor_app::KNOWN_FOR;

use crate::gate::WebOptions;

/// Which session a cookie carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Session {
    /// A member of the team.
    Desk,
    /// A reporter's room.
    Room,
    /// The page of another party.
    Party,
    /// No session: the word by which a browser that signed in at the desk is known again.
    Known,
}

impl Session {
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Desk, true) => "__Host-candor-desk",
            (Self::Desk, false) => "candor-desk",
            (Self::Room, true) => "__Host-candor-room",
            (Self::Room, false) => "candor-room",
            (Self::Party, true) => "__Host-candor-party",
            (Self::Party, false) => "candor-party",
            (Self::Known, true) => "__Host-candor-known",
            (Self::Known, false) => "candor-known",
        }
    }
}

/// The token of a session, when the request carries a well-formed one.
pub(crate) fn token(headers: &HeaderMap, session: Session, options: &WebOptions) -> Option<String> {
    let name = session.name(options.secure_cookies);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && plausible(value))
        .map(|(_, value)| value.to_owned())
}

/// Length of a session's token. A token of the API is longer: it is good for a header of its
/// own and never as a session.
const LONGEST: usize = 43;

fn plausible(token: &str) -> bool {
    (20..=LONGEST).contains(&token.len())
        && token
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn line(session: Session, token: &str, more: &str, options: &WebOptions) -> Option<HeaderValue> {
    let name = session.name(options.secure_cookies);
    let secure = if options.secure_cookies {
        "; Secure"
    } else {
        ""
    };
    let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict{secure}{more}");
    HeaderValue::from_str(&text).ok()
}

/// The header that starts a session; it ends with the browser at the latest.
pub(crate) fn set(session: Session, token: &str, options: &WebOptions) -> Option<HeaderValue> {
    line(session, token, "", options)
}

/// The header by which a browser is known again, for half a year.
pub(crate) fn set_known(word: &str, options: &WebOptions) -> Option<HeaderValue> {
    let lasts = format!("; Max-Age={KNOWN_FOR}");
    line(Session::Known, word, &lasts, options)
}

/// The header that ends it.
pub(crate) fn clear(session: Session, options: &WebOptions) -> Option<HeaderValue> {
    line(session, "", "; Max-Age=0", options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_well_formed_tokens_of_the_right_name_are_taken() {
        let plain = WebOptions::default();
        let secure = WebOptions {
            secure_cookies: true,
            ..WebOptions::default()
        };
        let token_text = "a".repeat(43);
        let mut headers = HeaderMap::new();
        let line = format!("x=1; candor-desk={token_text}; candor-room=short");
        headers.insert(header::COOKIE, line.parse().unwrap());
        assert_eq!(
            token(&headers, Session::Desk, &plain),
            Some(token_text.clone())
        );
        assert_eq!(token(&headers, Session::Room, &plain), None);
        let mut other = HeaderMap::new();
        let line = format!("candor-desk=candor_{token_text}");
        other.insert(header::COOKIE, line.parse().unwrap());
        assert_eq!(token(&other, Session::Desk, &plain), None, "no session");
        assert_eq!(token(&headers, Session::Desk, &secure), None);
        let set = set(Session::Desk, &token_text, &secure).unwrap();
        let set = set.to_str().unwrap();
        assert!(set.starts_with("__Host-candor-desk=") && set.contains("; Secure"));
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"));
    }
}
