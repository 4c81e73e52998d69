//! Calling a server.

use std::collections::BTreeMap;
use std::time::Duration;

use ureq::tls::{RootCerts, TlsConfig};

use crate::address::Address;
use crate::multipart::{FilePart, encode};

/// Largest answer read, in bytes.
const MOST: u64 = 4 * 1024 * 1024;

/// What a server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Body as text.
    pub text: String,
}

/// What a server said, with its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    answer: Answer,
    /// Names in small letters.
    headers: BTreeMap<String, String>,
}

impl Fetched {
    /// Status code.
    pub const fn status(&self) -> u16 {
        self.answer.status
    }

    /// Body as text.
    pub fn text(&self) -> &str {
        &self.answer.text
    }

    /// The first header of this name, written in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// No connection, or it broke.
    #[error(
        "the server could not be reached ({0}); is the address right, and is the server running?"
    )]
    Unreachable(String),
    /// The server took too long.
    #[error("the server did not answer in time; try again later")]
    Timeout,
    /// The encrypted connection could not be made.
    #[error("no safe connection could be made ({0}); nothing was sent")]
    Unsafe(String),
    /// The answer is larger than anything that belongs here.
    #[error("the answer of the server is too large to be one of Candor's")]
    TooLarge,
}

/// How something is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Something new.
    Post,
    /// A change of what is there.
    Patch,
}

/// The client.
#[derive(Debug)]
pub struct Client {
    agent: ureq::Agent,
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}

impl Client {
    /// A client with bounded waits.
    pub fn new() -> Self {
        Self::within(Duration::from_mins(2))
    }

    /// A client whose every call is over within this time.
    pub fn within(longest: Duration) -> Self {
        // Refused when a provider is already set, which is just as well.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let tls = TlsConfig::builder().root_certs(RootCerts::WebPki).build();
        let config = ureq::Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(concat!("candor/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_global(Some(longest))
            .build();
        Self {
            agent: config.new_agent(),
        }
    }

    /// Fetches something.
    pub fn get(&self, address: &Address, accept: &str) -> Result<Answer, GuardError> {
        let answer = self
            .agent
            .get(address.as_str())
            .header("Accept", accept)
            .call()
            .map_err(|why| map_error(&why))?;
        read(answer)
    }

    /// Fetches JSON with a token of the server's API. No redirection is followed, so the token
    /// goes to this address and no other.
    pub fn get_with_token(&self, address: &Address, token: &str) -> Result<Answer, GuardError> {
        let answer = self
            .agent
            .get(address.as_str())
            .header("Accept", "application/json")
            .header("Authorization", format!("Bearer {token}"))
            .call()
            .map_err(|why| map_error(&why))?;
        read(answer)
    }

    /// Fetches something with a query and headers of the caller's. What stands in the query
    /// is sent as it is: the caller sees that it is plain.
    ///
    /// # Errors
    /// Why there is no answer. An answer of any status is none.
    pub fn fetch(
        &self,
        address: &Address,
        query: &str,
        headers: &[(&str, &str)],
    ) -> Result<Fetched, GuardError> {
        let url = match query {
            "" => address.as_str().to_owned(),
            query => format!("{}?{query}", address.as_str()),
        };
        let mut request = self.agent.get(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        fetched(request.call().map_err(|why| map_error(&why))?)
    }

    /// Sends JSON with headers of the caller's.
    ///
    /// # Errors
    /// Why there is no answer. An answer of any status is none.
    pub fn send_json(
        &self,
        verb: Verb,
        address: &Address,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Fetched, GuardError> {
        let mut request = match verb {
            Verb::Post => self.agent.post(address.as_str()),
            Verb::Patch => self.agent.patch(address.as_str()),
        };
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.content_type("application/json");
        fetched(request.send(body).map_err(|why| map_error(&why))?)
    }

    /// Sends a form with files and asks for JSON.
    pub fn post(
        &self,
        address: &Address,
        fields: &BTreeMap<String, String>,
        files: &[FilePart],
    ) -> Result<Answer, GuardError> {
        let (boundary, body) = encode(fields, files);
        let answer = self
            .agent
            .post(address.as_str())
            .header("Accept", "application/json")
            .content_type(format!("multipart/form-data; boundary={boundary}"))
            .send(body.as_slice())
            .map_err(|why| map_error(&why))?;
        read(answer)
    }
}

fn fetched(answer: ureq::http::Response<ureq::Body>) -> Result<Fetched, GuardError> {
    let mut headers = BTreeMap::new();
    for (name, value) in answer.headers() {
        if let Ok(value) = value.to_str() {
            let name = name.as_str().to_owned();
            headers.entry(name).or_insert_with(|| value.to_owned());
        }
    }
    Ok(Fetched {
        answer: read(answer)?,
        headers,
    })
}

fn read(mut answer: ureq::http::Response<ureq::Body>) -> Result<Answer, GuardError> {
    let status = answer.status().as_u16();
    let bytes = answer
        .body_mut()
        .with_config()
        .limit(MOST)
        .read_to_vec()
        .map_err(|why| map_error(&why))?;
    Ok(Answer {
        status,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    })
}

fn map_error(why: &ureq::Error) -> GuardError {
    match why {
        ureq::Error::Timeout(_) => GuardError::Timeout,
        ureq::Error::BodyExceedsLimit(_) => GuardError::TooLarge,
        ureq::Error::Tls(words) => GuardError::Unsafe((*words).to_owned()),
        ureq::Error::Rustls(inner) => GuardError::Unsafe(inner.to_string()),
        ureq::Error::Io(inner) => GuardError::Unreachable(inner.kind().to_string()),
        ureq::Error::HostNotFound => GuardError::Unreachable("no such host".to_owned()),
        ureq::Error::ConnectionFailed => GuardError::Unreachable("no connection".to_owned()),
        _ => GuardError::Unreachable("it broke off".to_owned()),
    }
}
