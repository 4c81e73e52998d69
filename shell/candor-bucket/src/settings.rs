//! Which bucket, where, and with whose keys.
//!
//! Invariants: what stands here was parsed; a prefix can only name places below itself.

use candor_base::Sensitive;
use url::{Host, Url};

/// A bucket as somebody names it.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// `s3://bucket` or `s3://bucket/prefix`.
    pub url: String,
    /// The server, `https://s3.example.org`; without one that of AWS in the region.
    pub endpoint: Option<String>,
    /// The region; without one `us-east-1`, which most other servers take.
    pub region: Option<String>,
    /// The name of the bucket stands in the path. Otherwise it stands before the name of
    /// the server. Without a word: in the path where an endpoint is named.
    pub path_style: Option<bool>,
    /// Without encryption also to another machine.
    pub plain_http: bool,
    /// Certificates in PEM, trusted instead of the public authorities.
    pub trusted: Option<Vec<u8>>,
}

/// The keys of somebody who may use the bucket.
#[derive(Debug, Clone)]
pub struct Keys {
    /// The access key id.
    pub id: Sensitive<String>,
    /// The secret access key.
    pub secret: Sensitive<String>,
    /// The session token that belongs to keys for a short time.
    pub token: Option<Sensitive<String>>,
}

/// What is wrong with settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Not the address of a bucket.
    #[error("the address of the bucket is not of the form s3://bucket or s3://bucket/prefix")]
    Address,
    /// Not the address of a server.
    #[error("the endpoint is not an address like https://s3.example.org")]
    Endpoint,
    /// Sealed bytes, names and keys would go over the network for everybody to see.
    #[error(
        "the endpoint has no encryption (http), and it is another machine; use https, or say \
         plain_http = true"
    )]
    Plain,
    /// No certificate in the file.
    #[error("there is no certificate in PEM among those to be trusted")]
    Certificates,
}

/// A place under which objects lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) bucket: String,
    /// Empty, or ending with `/`.
    pub(crate) prefix: String,
}

impl Place {
    pub(crate) fn parse(text: &str) -> Result<Self, SettingsError> {
        let rest = text.strip_prefix("s3://").ok_or(SettingsError::Address)?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let of_bucket = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
        let is_bucket = (3..=63).contains(&bucket.len())
            && bucket.chars().all(of_bucket)
            && !bucket.starts_with(['.', '-'])
            && !bucket.ends_with(['.', '-'])
            && !bucket.contains("..");
        let prefix = prefix.trim_end_matches('/');
        let of_part = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let is_part = |p: &str| !p.is_empty() && p != "." && p != ".." && p.chars().all(of_part);
        if !is_bucket
            || prefix.len() > 200
            || !(prefix.is_empty() || prefix.split('/').all(is_part))
        {
            return Err(SettingsError::Address);
        }
        Ok(Self {
            bucket: bucket.to_owned(),
            prefix: if prefix.is_empty() {
                String::new()
            } else {
                format!("{prefix}/")
            },
        })
    }

    /// As it is shown and compared.
    pub(crate) fn shown(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.prefix)
            .trim_end_matches('/')
            .to_owned()
    }
}

/// The address of the server; encrypted, or this very machine, or allowed.
pub(crate) fn endpoint(settings: &Settings, region: &str) -> Result<Url, SettingsError> {
    let text = settings.endpoint.clone();
    let text = text.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
    let url = Url::parse(&text).map_err(|_| SettingsError::Endpoint)?;
    let bare = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    let local = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => return Err(SettingsError::Endpoint),
    };
    match url.scheme() {
        _ if !bare => Err(SettingsError::Endpoint),
        "https" => Ok(url),
        "http" if local || settings.plain_http => Ok(url),
        "http" => Err(SettingsError::Plain),
        _ => Err(SettingsError::Endpoint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_bucket_and_what_lies_below() {
        let place = Place::parse("s3://reports/team/one/").unwrap();
        assert_eq!(
            (place.bucket.as_str(), place.prefix.as_str()),
            ("reports", "team/one/")
        );
        assert_eq!(place.shown(), "s3://reports/team/one");
        assert_eq!(
            Place::parse("s3://reports").unwrap().shown(),
            "s3://reports"
        );
        for wrong in [
            "reports",
            "https://reports",
            "s3://",
            "s3://ab",
            "s3://UPPER",
            "s3://a..b",
            "s3://reports/../other",
            "s3://reports/a//b",
            "s3://reports/a b",
            "s3://re?ports/a",
            "s3://-reports",
            "s3://user:secret@reports",
        ] {
            assert_eq!(Place::parse(wrong), Err(SettingsError::Address), "{wrong}");
        }
    }

    fn at(endpoint: &str, plain_http: bool) -> Result<Url, SettingsError> {
        let settings = Settings {
            endpoint: Some(endpoint.to_owned()),
            plain_http,
            ..Settings::default()
        };
        super::endpoint(&settings, "us-east-1")
    }

    #[test]
    fn without_encryption_only_this_machine_or_what_was_allowed() {
        assert!(at("https://s3.example.org", false).is_ok());
        for local in [
            "http://127.0.0.1:9000",
            "http://[::1]:9000",
            "http://localhost:9000",
        ] {
            assert!(at(local, false).is_ok(), "{local}");
        }
        for far in [
            "http://s3.example.org",
            "http://10.0.0.1",
            "http://localhost.example.org",
        ] {
            assert_eq!(at(far, false), Err(SettingsError::Plain), "{far}");
            assert!(at(far, true).is_ok(), "{far}");
        }
        for wrong in [
            "s3.example.org",
            "ftp://s3.example.org",
            "https://u:p@s3.example.org",
        ] {
            assert_eq!(at(wrong, true), Err(SettingsError::Endpoint), "{wrong}");
        }
        let aws = super::endpoint(&Settings::default(), "eu-west-1").unwrap();
        assert_eq!(aws.as_str(), "https://s3.eu-west-1.amazonaws.com/");
    }
}
