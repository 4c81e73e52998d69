//! SMTP out, by lettre.
//!
//! Invariants: the connection is encrypted before anything is said, unless the
//! server is this very machine; every step has a time limit; a code of 4xx
//! means later, 5xx means never, but a refused sign-in is the operator's to
//! mend and therefore means later.
//!
//! Deliberately absent: a connection pool; letters are few.

use std::error::Error as _;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use candor_base::Sensitive;
use candor_ports::{Courier, CourierError, Letter, OpenPgp};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{SmtpTransport, Transport as _};

use crate::message::{Sender, message, permanent, transient};

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Security {
    /// STARTTLS, required; port 587 when none is given.
    #[default]
    StartTls,
    /// TLS from the first byte; port 465 when none is given.
    Tls,
    /// None; only to this very machine. Port 25 when none is given.
    Plain,
}

/// Where and how to hand letters over.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// Name of the server, as in its certificate.
    pub host: String,
    /// Port, when not the usual one.
    pub port: Option<u16>,
    /// Protection.
    pub security: Security,
    /// Sign-in name and password, when the server wants them.
    pub sign_in: Option<(String, Sensitive<String>)>,
    /// Certificates in PEM that are trusted beside the public authorities: for a
    /// server with a certificate of its own or of a private authority.
    pub trusted: Option<Vec<u8>>,
    /// Longest wait for any answer, in seconds.
    pub timeout_seconds: u32,
}

/// Why these settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SmtpError {
    /// Unprotected mail beyond this machine.
    #[error(
        "mail without encryption goes only to this machine; for `{0}` set security to \"starttls\" or \"tls\""
    )]
    PlainBeyondLoopback(String),
    /// The file of trusted certificates holds none that can be read.
    #[error("ca_file holds no certificate in PEM (it begins with -----BEGIN CERTIFICATE-----)")]
    Trusted,
    /// TLS could not be set up for this name.
    #[error("no encrypted connection to `{0}` can be set up: is the name right?")]
    Tls(String),
}

/// Hands letters to an SMTP server.
#[derive(Debug, Clone)]
pub struct SmtpCourier {
    transport: SmtpTransport,
    sender: Sender,
    pgp: Option<Arc<dyn OpenPgp>>,
    place: String,
}

impl SmtpCourier {
    /// With what letters are encrypted whose recipient has a key; without it those wait.
    #[must_use]
    pub fn with_open_pgp(mut self, pgp: Arc<dyn OpenPgp>) -> Self {
        self.pgp = Some(pgp);
        self
    }

    /// Prepares the courier; connects to nothing yet.
    pub fn new(settings: &SmtpSettings, sender: Sender) -> Result<Self, SmtpError> {
        // Refused when a provider is already set, which is just as well.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let host = settings.host.trim();
        let tls = || protection(host, settings.trusted.as_deref());
        let (usual, tls) = match settings.security {
            Security::StartTls => (587, Tls::Required(tls()?)),
            Security::Tls => (465, Tls::Wrapper(tls()?)),
            Security::Plain if is_this_machine(host) => (25, Tls::None),
            Security::Plain => return Err(SmtpError::PlainBeyondLoopback(host.to_owned())),
        };
        let port = settings.port.unwrap_or(usual);
        let wait = Duration::from_secs(u64::from(settings.timeout_seconds.clamp(1, 300)));
        let mut builder = SmtpTransport::builder_dangerous(host)
            .port(port)
            .tls(tls)
            .timeout(Some(wait));
        if let Some((name, password)) = &settings.sign_in {
            builder =
                builder.credentials(Credentials::new(name.clone(), password.reveal().clone()));
        }
        Ok(Self {
            transport: builder.build(),
            sender,
            pgp: None,
            place: format!("{host}:{port}"),
        })
    }

    /// Connects and says good day, for `candor doctor`; sends nothing.
    pub fn check(&self) -> Result<(), CourierError> {
        match self.transport.test_connection() {
            Ok(true) => Ok(()),
            Ok(false) => Err(transient("noop")),
            Err(why) => Err(map_error(&why)),
        }
    }
}

impl Courier for SmtpCourier {
    fn deliver(&self, letter: &Letter) -> Result<(), CourierError> {
        let mail = message(letter, &self.sender, self.pgp.as_deref())?;
        match self.transport.send(&mail) {
            Ok(_) => Ok(()),
            Err(why) => {
                let mapped = map_error(&why);
                // The code only: a server's words may hold the address.
                tracing::warn!(outcome = %mapped, "a letter was not taken by the mail server");
                Err(mapped)
            }
        }
    }

    fn describe(&self) -> String {
        format!("SMTP {}", self.place)
    }
}

fn protection(host: &str, trusted: Option<&[u8]>) -> Result<TlsParameters, SmtpError> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = trusted {
        // A PEM without any certificate would be read as an empty list.
        let mark = b"-----BEGIN CERTIFICATE-----";
        if !pem.windows(mark.len()).any(|part| part == mark) {
            return Err(SmtpError::Trusted);
        }
        let certificate = Certificate::from_pem(pem).map_err(|_| SmtpError::Trusted)?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|_| SmtpError::Tls(host.to_owned()))
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

fn map_error(why: &lettre::transport::smtp::Error) -> CourierError {
    if let Some(code) = why.status() {
        let code = code.to_string();
        // 53x: sign-in required, refused or too weak. That is ours to mend.
        let ours = code.starts_with("53");
        return if why.is_permanent() && !ours {
            permanent(&code)
        } else {
            transient(code)
        };
    }
    if why.is_timeout() {
        transient("timeout")
    } else if why.is_client() && why.to_string().contains("authentication") {
        transient("sign-in")
    } else if why.is_client() {
        transient("starttls")
    } else {
        transient(cause(why).unwrap_or(if why.is_tls() { "tls" } else { "connect" }))
    }
}

/// What lies under an error of the connection, when it is one that can be named.
fn cause(why: &lettre::transport::smtp::Error) -> Option<&'static str> {
    let mut next = why.source();
    while let Some(error) = next {
        let wrapped = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .and_then(|inner| inner.downcast_ref::<rustls::Error>());
        match wrapped.or_else(|| error.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidCertificate(_)) => return Some("certificate"),
            Some(_) => return Some("tls"),
            None => {}
        }
        let refused = error
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == ErrorKind::ConnectionRefused);
        if refused {
            return Some("refused");
        }
        next = error.source();
    }
    None
}

/// What an error of the mail server means and what to do, for the operator.
pub fn explain(error: &CourierError) -> String {
    let (CourierError::Transient { code } | CourierError::Permanent { code }) = error;
    match code.as_str() {
        "refused" => "nothing listens there; check host and port".to_owned(),
        "connect" => "it cannot be reached; check host, port and network".to_owned(),
        "timeout" => "it does not answer in time; check host, port and firewall".to_owned(),
        "certificate" => "its certificate is not trusted; check that host is the name in the \
                          certificate, and for a private authority name its certificate in ca_file"
            .to_owned(),
        "tls" => "no encrypted connection could be made; check security (\"tls\" or \"starttls\") \
                  and port"
            .to_owned(),
        "starttls" => "it offers no encryption by STARTTLS; check security and port".to_owned(),
        "sign-in" => "it knows no way to sign in that can be used here".to_owned(),
        code if code.starts_with("53") => {
            format!("it refuses the sign-in ({code}); check user and password_file")
        }
        code => format!("it answers {code}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_mail_stays_on_this_machine() {
        let settings = |host: &str, security| SmtpSettings {
            host: host.to_owned(),
            port: None,
            security,
            sign_in: None,
            trusted: None,
            timeout_seconds: 5,
        };
        let sender = || Sender::new("candor@your.site").unwrap();
        for host in ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]"] {
            assert!(
                SmtpCourier::new(&settings(host, Security::Plain), sender()).is_ok(),
                "{host}"
            );
        }
        for host in [
            "mail.your.site",
            "10.0.0.1",
            "0.0.0.0",
            "localhost.your.site",
        ] {
            let got = SmtpCourier::new(&settings(host, Security::Plain), sender());
            assert!(
                matches!(got, Err(SmtpError::PlainBeyondLoopback(_))),
                "{host}"
            );
            assert!(SmtpCourier::new(&settings(host, Security::StartTls), sender()).is_ok());
        }
    }
}
