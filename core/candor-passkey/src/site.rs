//! The site that a passkey belongs to.

use sha2::{Digest as _, Sha256};

/// The site, as browsers name it (sections 5.1.3 and 13.4.9): the name of the host, to which keys
/// are bound, and the origin that must have shown the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    host: String,
    origin: String,
}

impl Site {
    /// The site at an address; `None` where browsers make no passkeys: at a number in the place
    /// of a name, and without encryption unless the name is `localhost`.
    pub fn of(address: &str) -> Option<Self> {
        let (scheme, rest) = address.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let usual = match scheme.as_str() {
            "https" => "443",
            "http" => "80",
            _ => return None,
        };
        let authority = rest.split(['/', '?', '#']).next()?.to_ascii_lowercase();
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority.as_str(), None),
        };
        let name = !host.is_empty()
            && host
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
            && !host
                .rsplit('.')
                .next()
                .is_some_and(|last| last.chars().all(|c| c.is_ascii_digit()));
        let port_is_one = |p: &str| !p.is_empty() && p.chars().all(|c| c.is_ascii_digit());
        let safe = scheme == "https" || host == "localhost" || host.ends_with(".localhost");
        if !name || !safe || !port.is_none_or(port_is_one) {
            return None;
        }
        let origin = match port.filter(|p| *p != usual) {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        };
        Some(Self {
            host: host.to_owned(),
            origin,
        })
    }

    /// The name that keys are bound to.
    pub fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        let mut out = [0; 32];
        out.copy_from_slice(&Sha256::digest(self.host.as_bytes()));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_named_as_browsers_name_it() {
        let origin = |address| Site::of(address).map(|s| (s.host, s.origin));
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(
            origin("https://Desk.Example.org:443/base"),
            pair("desk.example.org", "https://desk.example.org")
        );
        assert_eq!(
            origin("https://desk.example.org:8443"),
            pair("desk.example.org", "https://desk.example.org:8443")
        );
        assert_eq!(
            origin("http://localhost:8080"),
            pair("localhost", "http://localhost:8080")
        );
    }

    #[test]
    fn where_browsers_make_no_passkeys_there_is_no_site() {
        for address in [
            "",
            "desk.example.org",
            "http://desk.example.org",
            "https://127.0.0.1",
            "https://192.0.2.7:8443",
            "https://[::1]:8443",
            "https://",
            "https://a b",
            "https://name:",
            "https://user@name",
            "ftp://localhost",
        ] {
            assert_eq!(Site::of(address), None, "{address}");
        }
    }
}
