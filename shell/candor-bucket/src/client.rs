//! Speaking with the server.
//!
//! A request is signed as AWS's Signature Version 4 in its address, for a quarter of an
//! hour, and the digest of what is put is signed with it. What a server says to try again
//! is tried again, and so is what got no answer: putting the same bytes under the same name
//! twice is putting them once.

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use candor_ports::{Objects, ObjectsError, SeenObject};
use jiff::Timestamp;
use rusty_s3::actions::ListObjectsV2;
use rusty_s3::{Credentials, S3Action, UrlStyle};
use sha2::{Digest as _, Sha256};
use ureq::http::Response;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use url::Url;

use crate::settings::{Keys, Place, Settings, SettingsError, endpoint};

/// How long a signature is good for; a clock may be wrong by somewhat less.
const SIGNED_FOR: Duration = Duration::from_mins(15);
/// Waits before the second, third and fourth try.
const WAITS: [Duration; 3] = [
    Duration::from_millis(200),
    Duration::from_millis(600),
    Duration::from_millis(1800),
];
/// No further try once so much time went by.
const GIVE_UP: Duration = Duration::from_secs(15);
/// Until there is a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Until the answer begins.
const ANSWER: Duration = Duration::from_secs(30);
/// One try as a whole, with its bytes.
const WHOLE: Duration = Duration::from_mins(2);
/// The largest object read, in bytes: more than the largest that a message can have.
const MOST: u64 = 1024 * 1024 * 1024;
/// The largest other answer: a page of a listing, an error.
const MOST_WORDS: u64 = 4 * 1024 * 1024;
/// A listing ends after so many pages of a thousand.
const PAGES: u32 = 10_000;
/// The signed digest of what is put.
const CHECKSUM: &str = "x-amz-checksum-sha256";

/// A bucket, and the keys to it.
#[derive(Debug)]
pub struct Bucket {
    agent: ureq::Agent,
    server: rusty_s3::Bucket,
    credentials: Credentials,
    prefix: String,
    shown: String,
}

/// Why one try failed.
enum Failed {
    /// Another may not.
    Now(String),
    /// So would any other.
    Always(ObjectsError),
}

/// What a server said to one request.
type Answer = Response<ureq::Body>;

impl Bucket {
    /// Takes settings and keys together. Asks no server.
    pub fn new(settings: &Settings, keys: &Keys) -> Result<Self, SettingsError> {
        let place = Place::parse(&settings.url)?;
        let region = settings.region.clone();
        let region = region.unwrap_or_else(|| "us-east-1".to_owned());
        let endpoint = endpoint(settings, &region)?;
        let in_path = settings.path_style.unwrap_or(settings.endpoint.is_some());
        let style = if in_path {
            UrlStyle::Path
        } else {
            UrlStyle::VirtualHost
        };
        let server = rusty_s3::Bucket::new(endpoint, style, place.bucket.clone(), region)
            .map_err(|_| SettingsError::Endpoint)?;
        let (id, secret) = (keys.id.reveal().clone(), keys.secret.reveal().clone());
        let credentials = match &keys.token {
            Some(token) => Credentials::new_with_token(id, secret, token.reveal().clone()),
            None => Credentials::new(id, secret),
        };
        Ok(Self {
            agent: agent(roots(settings.trusted.as_deref())?),
            server,
            credentials,
            shown: place.shown(),
            prefix: place.prefix,
        })
    }

    /// Whether somebody without keys can read this object, or list what there is.
    pub fn is_open_to_all(&self, name: &str) -> Result<bool, ObjectsError> {
        let object = self.server.object_url(&self.key(name));
        let mut list = ListObjectsV2::new(&self.server, None);
        list.with_max_keys(1);
        let list = list.sign(SIGNED_FOR);
        let opens = |url: &Url| {
            tried(|| {
                let answer = self.agent.get(url.as_str()).call();
                match settle(answer.map_err(|why| broken(&why))?) {
                    Ok(_) => Ok(true),
                    Err(Failed::Always(_)) => Ok(false),
                    Err(again) => Err(again),
                }
            })
        };
        Ok(opens(&object)? || opens(&list)?)
    }

    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// One page of a listing, and the word that brings the next.
    fn page(
        &self,
        under: &str,
        after: Option<&str>,
    ) -> Result<(Vec<SeenObject>, Option<String>), ObjectsError> {
        let mut list = self.server.list_objects_v2(Some(&self.credentials));
        list.with_prefix(self.key(under));
        if let Some(after) = after {
            list.with_continuation_token(after.to_owned());
        }
        let text = tried(|| {
            let answer = self.agent.get(list.sign(SIGNED_FOR).as_str()).call();
            let answer = settle(answer.map_err(|why| broken(&why))?)?;
            let bytes = read(answer, MOST_WORDS)?;
            String::from_utf8(bytes).map_err(|_| odd())
        })?;
        let listed = ListObjectsV2::parse_response(&text)
            .map_err(|_| ObjectsError::Refused("its listing cannot be read".to_owned()))?;
        let seen = listed.contents.into_iter().filter_map(|object| {
            let written = object.last_modified.as_deref();
            Some(SeenObject {
                // Others than those asked for are none of ours.
                name: object.key.strip_prefix(&self.prefix)?.to_owned(),
                written: written
                    .and_then(|text| Timestamp::from_str(text).ok())
                    .map(Timestamp::as_second),
            })
        });
        Ok((seen.collect(), listed.next_continuation_token))
    }
}

impl Objects for Bucket {
    fn place(&self) -> &str {
        &self.shown
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), ObjectsError> {
        let key = self.key(name);
        let digest = STANDARD.encode(Sha256::digest(bytes));
        let mut action = self.server.put_object(Some(&self.credentials), &key);
        action.headers_mut().insert(CHECKSUM, digest.as_str());
        tried(|| {
            let request = self.agent.put(action.sign(SIGNED_FOR).as_str());
            let answer = request.header(CHECKSUM, &digest).send(bytes);
            settle(answer.map_err(|why| broken(&why))?).map(drop)
        })
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, ObjectsError> {
        let key = self.key(name);
        let action = self.server.get_object(Some(&self.credentials), &key);
        tried(|| {
            let answer = self.agent.get(action.sign(SIGNED_FOR).as_str()).call();
            match settle(answer.map_err(|why| broken(&why))?) {
                Ok(answer) => read(answer, MOST).map(Some),
                Err(Failed::Always(ObjectsError::Refused(code))) if code == GONE => Ok(None),
                Err(why) => Err(why),
            }
        })
    }

    fn list(&self, under: &str) -> Result<Vec<SeenObject>, ObjectsError> {
        let (mut all, mut after) = (Vec::new(), None);
        for _ in 0..PAGES {
            let (seen, next) = self.page(under, after.as_deref())?;
            all.extend(seen);
            match next {
                Some(next) => after = Some(next),
                None => return Ok(all),
            }
        }
        Err(ObjectsError::Refused("its listing does not end".to_owned()))
    }

    fn delete(&self, name: &str) -> Result<(), ObjectsError> {
        let key = self.key(name);
        let action = self.server.delete_object(Some(&self.credentials), &key);
        tried(|| {
            let answer = self.agent.delete(action.sign(SIGNED_FOR).as_str()).call();
            match settle(answer.map_err(|why| broken(&why))?) {
                Ok(_) => Ok(()),
                Err(Failed::Always(ObjectsError::Refused(code))) if code == GONE => Ok(()),
                Err(why) => Err(why),
            }
        })
    }
}

/// Tries until it works, is refused for good, or the tries or the time are over.
fn tried<T>(once: impl Fn() -> Result<T, Failed>) -> Result<T, ObjectsError> {
    let began = Instant::now();
    let mut waits = WAITS.iter();
    loop {
        match once() {
            Ok(done) => return Ok(done),
            Err(Failed::Always(why)) => return Err(why),
            Err(Failed::Now(why)) => match waits.next() {
                Some(wait) if began.elapsed() < GIVE_UP => std::thread::sleep(*wait),
                _ => return Err(ObjectsError::Unreachable(why)),
            },
        }
    }
}

/// What a server calls an object that is not there. A bucket that is not there has another
/// name, and is a failure.
const GONE: &str = "NoSuchKey (404)";

/// The certificates that are believed.
fn roots(trusted: Option<&[u8]>) -> Result<RootCerts, SettingsError> {
    let Some(pem) = trusted else {
        return Ok(RootCerts::WebPki);
    };
    let certificates: Vec<Certificate<'static>> = parse_pem(pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err(SettingsError::Certificates);
    }
    Ok(RootCerts::Specific(Arc::new(certificates)))
}

fn agent(roots: RootCerts) -> ureq::Agent {
    // Refused when a provider is already set, which is just as well.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    ureq::Agent::config_builder()
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent(concat!("candor/", env!("CARGO_PKG_VERSION")))
        .timeout_connect(Some(CONNECT))
        .timeout_recv_response(Some(ANSWER))
        .timeout_global(Some(WHOLE))
        .build()
        .new_agent()
}

/// Whether an answer is a good one; what it says otherwise.
fn settle(answer: Answer) -> Result<Answer, Failed> {
    let status = answer.status().as_u16();
    if (200..300).contains(&status) {
        return Ok(answer);
    }
    let words = read(answer, MOST_WORDS).unwrap_or_default();
    let said = format!("{} ({status})", code(&String::from_utf8_lossy(&words)));
    Err(match status {
        408 | 429 | 500..=599 => Failed::Now(said),
        _ => Failed::Always(ObjectsError::Refused(said)),
    })
}

/// The code in an error, as `<Code>AccessDenied</Code>`. Its other words may repeat what
/// was asked, so they are left out.
fn code(words: &str) -> &str {
    let code = words
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"))
        .map_or("", |(code, _)| code);
    let is_one = (1..=60).contains(&code.len()) && code.chars().all(|c| c.is_ascii_alphanumeric());
    if is_one { code } else { "no reason given" }
}

fn read(mut answer: Answer, most: u64) -> Result<Vec<u8>, Failed> {
    let body = answer.body_mut().with_config().limit(most);
    body.read_to_vec().map_err(|why| match why {
        ureq::Error::BodyExceedsLimit(_) => odd(),
        other => broken(&other),
    })
}

fn odd() -> Failed {
    Failed::Always(ObjectsError::Refused(
        "its answer is none that a bucket gives".to_owned(),
    ))
}

/// No answer. The words of the client may hold the address, so only its kind is said.
fn broken(why: &ureq::Error) -> Failed {
    Failed::Now(match why {
        ureq::Error::Timeout(_) => "no answer in time".to_owned(),
        ureq::Error::Io(inner) => inner.kind().to_string(),
        ureq::Error::HostNotFound => "no such host".to_owned(),
        ureq::Error::ConnectionFailed => "no connection".to_owned(),
        ureq::Error::Tls(words) => format!("no safe connection ({words})"),
        ureq::Error::Rustls(inner) => format!("no safe connection ({inner})"),
        _ => "it broke off".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_base::Sensitive;

    /// The example that AWS publishes for an address that is signed
    /// (Signature Version 4, authenticating requests with query parameters).
    #[test]
    fn a_signature_is_the_one_that_aws_publishes() {
        let settings = Settings {
            url: "s3://examplebucket".to_owned(),
            endpoint: Some("https://s3.amazonaws.com".to_owned()),
            path_style: Some(false),
            ..Settings::default()
        };
        let keys = Keys {
            id: Sensitive::new("AKIAIOSFODNN7EXAMPLE".to_owned()),
            secret: Sensitive::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned()),
            token: None,
        };
        let bucket = Bucket::new(&settings, &keys).unwrap();
        let at: Timestamp = "2013-05-24T00:00:00Z".parse().unwrap();
        let key = bucket.key("test.txt");
        let action = bucket.server.get_object(Some(&bucket.credentials), &key);
        let signed = action.sign_with_time(Duration::from_hours(24), &at);
        assert!(
            signed.as_str().ends_with(
                "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
            ),
            "{signed}"
        );
        assert_eq!(signed.host_str(), Some("examplebucket.s3.amazonaws.com"));
        assert!(!format!("{bucket:?}").contains("wJalr"));
    }

    #[test]
    fn only_a_code_is_taken_out_of_an_error() {
        assert_eq!(
            code("<Error><Code>NoSuchKey</Code><Key>a</Key>"),
            "NoSuchKey"
        );
        for odd in ["", "<Code></Code>", "<Code>a b</Code>", "<Code>x"] {
            assert_eq!(code(odd), "no reason given", "{odd}");
        }
    }
}
