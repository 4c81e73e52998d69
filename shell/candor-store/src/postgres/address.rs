//! The address of a PostgreSQL database, and how its server is trusted.
//!
//! Invariants: shown without its password, in every form; a connection that leaves this
//! machine is encrypted and the server's certificate is checked, unless the address itself
//! says `sslmode=disable`.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use candor_base::Sensitive;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use super::tls::Tls;

/// A database of PostgreSQL: `postgres://user@host:5432/candor`.
#[derive(Clone)]
pub struct DatabaseUrl {
    config: Config,
    encrypted: bool,
    /// A file of certificates that are trusted in place of the public authorities.
    trusted: Option<PathBuf>,
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DatabaseUrl").field(&self.place()).finish()
    }
}

/// Where PostgreSQL listens unless told otherwise.
const USUAL_PORT: u16 = 5432;

impl DatabaseUrl {
    /// Reads an address; the error says in words what is wrong, without repeating it, since
    /// a password may stand in it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let known = ["postgres://", "postgresql://"];
        if !known.iter().any(|scheme| text.starts_with(scheme)) {
            return Err("it does not begin with postgres://".to_owned());
        }
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let mut kept = Vec::new();
        let (mut mode, mut trusted) = (None, None);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value.to_owned()),
                Some(("sslrootcert", value)) => trusted = Some(PathBuf::from(decoded(value)?)),
                _ => kept.push(pair),
            }
        }
        let rest = format!("{base}?{}", kept.join("&"));
        let mut config: Config = rest
            .parse()
            .map_err(|e: tokio_postgres::Error| super::error::words(&e))?;
        if config.get_hosts().is_empty() {
            return Err("it names no host".to_owned());
        }
        if config.get_dbname().is_none() {
            return Err("it names no database: postgres://user@host/NAME".to_owned());
        }
        let encrypted = match mode.as_deref() {
            None => !config.get_hosts().iter().all(is_here),
            Some("disable") => false,
            Some("require" | "verify-ca" | "verify-full") => true,
            Some(_) => {
                return Err(
                    "sslmode may be verify-full or disable: an encryption that is given up when \
                     somebody in between asks for it protects nothing"
                        .to_owned(),
                );
            }
        };
        config
            .application_name("candor")
            .ssl_mode(if encrypted {
                SslMode::Require
            } else {
                SslMode::Disable
            })
            .connect_timeout(Duration::from_secs(8))
            .keepalives_idle(Duration::from_secs(20));
        Ok(Self {
            config,
            encrypted,
            trusted,
        })
    }

    /// With a password that was kept elsewhere.
    #[must_use]
    pub fn with_password(mut self, password: &Sensitive<String>) -> Self {
        self.config.password(password.reveal());
        self
    }

    /// The address itself holds a password.
    pub fn has_password(&self) -> bool {
        self.config.get_password().is_some()
    }

    /// Host, port where it is not the usual one, and database, to be shown.
    pub fn place(&self) -> String {
        let ports = self.config.get_ports();
        let hosts: Vec<String> = self
            .config
            .get_hosts()
            .iter()
            .enumerate()
            .map(|(at, host)| {
                // One port may stand for all hosts.
                let port = ports.get(at).or_else(|| ports.first());
                match (host, port) {
                    (Host::Tcp(name), Some(port)) if *port != USUAL_PORT => {
                        format!("{name}:{port}")
                    }
                    (Host::Tcp(name), _) => name.clone(),
                    (Host::Unix(path), _) => path.display().to_string(),
                }
            })
            .collect();
        let name = self.config.get_dbname().unwrap_or_default();
        format!("postgres://{}/{name}", hosts.join(","))
    }

    pub(super) fn config(&self) -> Config {
        self.config.clone()
    }

    /// What encrypts the connection; `None` where nothing does.
    pub(super) fn tls(&self) -> Result<Option<Tls>, String> {
        self.encrypted
            .then(|| Tls::new(self.trusted.as_deref()))
            .transpose()
    }
}

/// Nothing on the way to it can be listened to from elsewhere.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|ip| ip.is_loopback())
        }
    }
}

/// A value of a query, with `%2F` and the like undone.
fn decoded(text: &str) -> Result<String, String> {
    let wrong = || "a % in it is not followed by two hexadecimal digits".to_owned();
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next(), rest.next()];
        let value = digits
            .into_iter()
            .try_fold(0_u8, |sum, digit| {
                let digit = char::from(digit?).to_digit(16)?;
                sum.checked_mul(16)?.checked_add(u8::try_from(digit).ok()?)
            })
            .ok_or_else(wrong)?;
        bytes.push(value);
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_the_machine_is_encrypted() {
        let encrypted = |text: &str| DatabaseUrl::parse(text).unwrap().encrypted;
        assert!(encrypted("postgres://u@db.example.org/candor"));
        assert!(encrypted("postgres://u@10.0.0.7/candor"));
        assert!(encrypted("postgres://u@localhost,db.example.org/candor"));
        assert!(encrypted(
            "postgresql://u@localhost/candor?sslmode=verify-full"
        ));
        assert!(!encrypted("postgres://u@localhost/candor"));
        assert!(!encrypted("postgres://u@127.0.0.1:5433/candor"));
        assert!(!encrypted("postgres://u@%2Frun%2Fpg/candor"));
        assert!(!encrypted(
            "postgres://u@db.example.org/candor?sslmode=disable"
        ));
    }

    #[test]
    fn mistakes_are_named_and_no_password_is_shown() {
        for bad in [
            "mysql://u:canary@h/d",
            "postgres://u:canary@h",
            "postgres://u:canary@h/d?sslmode=prefer",
            "postgres://u:canary@h/d?sslrootcert=%2",
            "postgres://u:canary@h/d?no_such=1",
            "postgres:///d",
        ] {
            let said = DatabaseUrl::parse(bad).unwrap_err();
            assert!(!said.contains("canary"), "{said}");
        }
        let good = DatabaseUrl::parse("postgres://u:canary@h/d").unwrap();
        assert!(good.has_password());
        assert!(!format!("{good:?}{}", good.place()).contains("canary"));
        assert_eq!(good.place(), "postgres://h/d");
        let other = DatabaseUrl::parse("postgres://u:canary@127.0.0.1:18953/d").unwrap();
        assert_eq!(other.place(), "postgres://127.0.0.1:18953/d");
        let plain = DatabaseUrl::parse("postgres://u@h/d?sslrootcert=%2Fa%20b.pem").unwrap();
        assert!(!plain.has_password());
        assert_eq!(plain.trusted.as_deref(), Some("/a b.pem".as_ref()));
        let with = plain.with_password(&Sensitive::new("canary".to_owned()));
        assert!(with.has_password() && !format!("{with:?}").contains("canary"));
    }
}
