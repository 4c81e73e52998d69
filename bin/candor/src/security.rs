//! The part `security` of the configuration: how the API signs, and which other sites may ask it.
//!
//! Its names are those that deployment advice in policies uses, so that such an example works
//! as it is written. A secret may name a variable of the environment, `"${NAME}"`.
//!
//! Invariants: a secret that is missing, short or copied from an example stops the start; only
//! `HS256` signs; no wildcard lets every site ask; a secret is never part of a message.

use candor_app::ApiSessions;
use candor_base::Sensitive;
use serde::{Deserialize, Deserializer};

use crate::secret::{self, Ways, Whose};
use crate::stop::Stop;

/// Said where the secret stands in the configuration itself.
pub(crate) const PLAIN_SECRET: &str = "The secret that signs for the API stands in the \
    configuration itself, where backups and colleagues find it. Name a variable of the \
    environment instead, security.secret_key = \"${NAME}\", or use security.secret_key_file or \
    security.secret_key_command.";
/// Said where an origin is still that of an example.
pub(crate) const EXAMPLE_ORIGIN: &str = "security.cors_origins still names the placeholder of \
    an example. Name the sites that may ask the API from a browser, or leave it out.";

/// Shortest secret, in bytes (RFC 7518 section 3.2: as long as the hash).
const SHORTEST: usize = 32;
/// Fewest different bytes in a secret.
const FEWEST: usize = 8;
/// Words of examples, in small letters.
const EXAMPLES: [&str; 11] = [
    "changeme",
    "change-me",
    "change_me",
    "your-secret",
    "your_secret",
    "yoursecret",
    "secret-key",
    "secret_key",
    "example",
    "placeholder",
    "password",
];
/// Minutes of a signed token, where nothing else is said; and the most.
const MINUTES: u32 = 60;
const MOST_MINUTES: u32 = 24 * 60;

/// The part of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ApiSecurity {
    /// The secret, or the variable that holds it: `"${NAME}"`.
    #[serde(deserialize_with = "kept")]
    secret_key: Option<Sensitive<String>>,
    /// A file that holds it.
    secret_key_file: Option<std::path::PathBuf>,
    /// The environment variable that holds it.
    secret_key_env: Option<String>,
    /// The command that prints it: a program and its arguments.
    secret_key_command: Option<Vec<String>>,
    /// `HS256`, and no other.
    jwt_algorithm: Option<String>,
    /// A signed token of the API opens nothing after so many minutes.
    jwt_expiration_minutes: Option<u32>,
    /// Sites whose pages may ask the API from a browser, as `https://name`.
    cors_origins: Vec<String>,
}

/// A text that is never shown. An empty one stays: it is a mistake that has to be said.
fn kept<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Sensitive<String>>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(Sensitive::new))
}

/// The variable that a text names, `"${NAME}"`; none where it is a secret itself.
fn variable(text: &str) -> Result<Option<&str>, Stop> {
    if !text.contains("${") {
        return Ok(None);
    }
    let name = text.strip_prefix("${").and_then(|t| t.strip_suffix('}'));
    let fits =
        |n: &&str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    name.filter(fits).map(Some).ok_or_else(|| {
        Stop::input(
            "In the configuration, security.secret_key names a variable in a way that cannot be \
             read. Write \"${NAME}\" and nothing else.",
        )
    })
}

/// Whether a secret can be used.
fn strong(secret: &str) -> Result<(), Stop> {
    let no = |why: &str| {
        Err(Stop::input(format!(
            "security.secret_key {why}, so the server does not start with it. Make one with \
             `openssl rand -base64 32`."
        )))
    };
    let small = secret.to_ascii_lowercase();
    if EXAMPLES.iter().any(|word| small.contains(word)) {
        return no("looks like the text of an example");
    }
    if secret.len() < SHORTEST {
        return no("has fewer than 32 bytes");
    }
    let bytes: std::collections::BTreeSet<u8> = secret.bytes().collect();
    if bytes.len() < FEWEST {
        return no("repeats itself");
    }
    Ok(())
}

/// Whether a text is an origin: scheme and host, and no path; without TLS on this machine only.
fn is_origin(text: &str) -> bool {
    let host = |rest: &str| {
        !rest.is_empty()
            && rest
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-:[]".contains(&b))
    };
    if let Some(rest) = text.strip_prefix("https://") {
        return host(rest);
    }
    let here = |rest: &str| {
        let name = rest.split(':').next().unwrap_or_default();
        matches!(name, "localhost" | "127.0.0.1")
    };
    text.strip_prefix("http://")
        .is_some_and(|rest| host(rest) && here(rest))
}

impl ApiSecurity {
    /// The secret stands in the configuration itself, for everybody who sees it.
    pub(crate) fn has_plain_secret(&self) -> bool {
        let plain = |s: &Sensitive<String>| !s.reveal().contains("${");
        self.secret_key.as_ref().is_some_and(plain)
    }

    /// An origin is still that of an example.
    pub(crate) fn has_example_origin(&self) -> bool {
        let mut origins = self.cors_origins.iter();
        origins.any(|o| o.contains("your-domain.") || o.contains("your-site."))
    }

    fn secret(&self) -> Result<Option<Sensitive<String>>, Stop> {
        let text = self.secret_key.as_ref().map(|s| s.reveal().as_str());
        let named = text.map(variable).transpose()?.flatten();
        let found = secret::one_of(
            &Whose::API,
            &Ways {
                file: self.secret_key_file.as_deref(),
                env: self.secret_key_env.as_deref().or(named),
                command: self.secret_key_command.as_deref(),
                plain: self.secret_key.as_ref().filter(|_| named.is_none()),
            },
        )?;
        if self.secret_key_env.is_some() && named.is_some() {
            return Err(Stop::input(
                "In the configuration, security.secret_key and security.secret_key_env both \
                 name where the secret is. Keep one.",
            ));
        }
        if let Some(secret) = &found {
            strong(secret.reveal())?;
        }
        Ok(found)
    }

    /// How the API signs; nothing where the instance key does it, for 60 minutes each.
    pub(crate) fn sessions(&self) -> Result<ApiSessions, Stop> {
        if let Some(other) = self.jwt_algorithm.as_ref().filter(|a| *a != "HS256") {
            return Err(Stop::input(format!(
                "In the configuration, security.jwt_algorithm is \"{other}\"; it may be \
                 \"HS256\" only."
            )));
        }
        let minutes = self.jwt_expiration_minutes.unwrap_or(MINUTES);
        if !(1..=MOST_MINUTES).contains(&minutes) {
            return Err(Stop::input(format!(
                "In the configuration, security.jwt_expiration_minutes is {minutes}; it may be 1 \
                 to {MOST_MINUTES}."
            )));
        }
        Ok(ApiSessions {
            key: self.secret()?,
            minutes,
        })
    }

    /// Sites whose pages may ask the API.
    pub(crate) fn origins(&self) -> Result<Vec<String>, Stop> {
        for origin in &self.cors_origins {
            if origin.contains('*') {
                return Err(Stop::input(
                    "In the configuration, security.cors_origins holds a *. Requests of the API \
                     carry a token, so only sites that are named may send them. Name each site.",
                ));
            }
            if !is_origin(origin) {
                return Err(Stop::input(format!(
                    "In the configuration, security.cors_origins holds \"{origin}\", which is no \
                     origin. Write it in small letters like https://app.your.site, without a path."
                )));
            }
        }
        Ok(self.cors_origins.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strength(secret: &str) -> Result<(), String> {
        strong(secret).map_err(|stop| stop.message)
    }

    #[test]
    fn weak_secrets_are_told_apart_and_never_said() {
        strength("v9Qe3xT1pLm7Zr5Kb8Wd2Ys6Hf4Jc0Ng").unwrap();
        for (secret, why) in [
            ("", "fewer than 32"),
            ("v9Qe3xT1pLm7Zr5Kb8Wd2Ys6Hf4Jc0N", "fewer than 32"),
            ("your-secret-key-of-this-application-1", "example"),
            ("CHANGEME-v9Qe3xT1pLm7Zr5Kb8Wd2Ys6Hf4", "example"),
            ("abcabcabcabcabcabcabcabcabcabcabcabc", "repeats"),
        ] {
            let said = strength(secret).unwrap_err();
            assert!(said.contains(why), "{said}");
            assert!(secret.is_empty() || !said.contains(secret), "{said}");
        }
    }

    #[test]
    fn a_variable_is_named_by_itself() {
        assert_eq!(variable("plain").unwrap(), None);
        assert_eq!(variable("${A_1}").unwrap(), Some("A_1"));
        for odd in ["${}", "${A", "x${A}", "${A}x", "${A B}", "${A}${B}"] {
            assert!(variable(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn origins_are_sites_by_name() {
        for good in [
            "https://your-domain.com",
            "https://a.example:8443",
            "http://localhost:4200",
            "http://127.0.0.1",
        ] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "",
            "*",
            "null",
            "https://",
            "http://a.example",
            "https://a.example/",
            "https://A.example",
            "https://a.example/x",
            "ftp://a.example",
            "http://localhost.evil.example",
            "https://u@a.example",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
