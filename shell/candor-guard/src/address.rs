//! Addresses that may be called.

use std::net::IpAddr;

/// An address of a server: encrypted, or on this very machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

/// Why an address is not called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not an http or https address.
    #[error("this is not a web address; write it like https://reports.your.site/p/name")]
    Form,
    /// http to another machine.
    #[error("nothing is sent without encryption; use the https:// address of that server")]
    NotEncrypted,
    /// Holds a user name, a query or a fragment.
    #[error("the address must be plain: no user name, no `?` and no `#`")]
    NotPlain,
}

impl Address {
    /// Takes an address; a slash at its end is dropped.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let (encrypted, rest) = if let Some(rest) = text.strip_prefix("https://") {
            (true, rest)
        } else if let Some(rest) = text.strip_prefix("http://") {
            (false, rest)
        } else {
            return Err(AddressError::Form);
        };
        let host = rest.split('/').next().unwrap_or("");
        if rest.contains(['@', '?', '#', '\\']) {
            return Err(AddressError::NotPlain);
        }
        let odd = |c: char| c.is_whitespace() || c.is_control();
        if host.is_empty() || rest.contains(odd) {
            return Err(AddressError::Form);
        }
        if !encrypted && !is_this_machine(host) {
            return Err(AddressError::NotEncrypted);
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }

    /// The address of something below it.
    #[must_use]
    pub fn join(&self, path: &str) -> Self {
        Self(format!("{}/{}", self.0, path.trim_start_matches('/')))
    }

    /// Without this ending, when it has it (`/report`).
    #[must_use]
    pub fn without(&self, ending: &str) -> Self {
        Self(self.0.strip_suffix(ending).unwrap_or(&self.0).to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_this_machine(host_and_port: &str) -> bool {
    let host = match host_and_port.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(""),
        None => host_and_port.split(':').next().unwrap_or(""),
    };
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encrypted_or_own_addresses_are_taken() {
        for fine in [
            "https://a.test/p/x/",
            "http://127.0.0.1:8080/p/x",
            "http://localhost:1/",
            "http://[::1]:8080/p/x",
        ] {
            assert!(Address::parse(fine).is_ok(), "{fine}");
        }
        for (bad, why) in [
            ("http://a.test/p/x", AddressError::NotEncrypted),
            ("http://127.0.0.1.evil.test/", AddressError::NotEncrypted),
            ("http://10.0.0.1/", AddressError::NotEncrypted),
            ("https://me@a.test/", AddressError::NotPlain),
            ("https://a.test/?x", AddressError::NotPlain),
            ("http://127.0.0.1\\@evil.test/", AddressError::NotPlain),
            ("ftp://a.test/", AddressError::Form),
            ("https:///x", AddressError::Form),
            ("https://a b/", AddressError::Form),
            ("", AddressError::Form),
        ] {
            assert_eq!(Address::parse(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn parts_are_joined_with_one_slash() {
        let a = Address::parse("https://a.test/p/x/").unwrap();
        assert_eq!(
            a.join("/report.json").as_str(),
            "https://a.test/p/x/report.json"
        );
        assert_eq!(a.join("report").without("/report"), a);
    }
}
