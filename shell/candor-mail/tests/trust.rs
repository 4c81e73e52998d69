//! Which certificates of a mail server are trusted, and how a refusal reads.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;

use candor_base::Sensitive;
use candor_mail::{Security, Sender, SmtpCourier, SmtpError, SmtpSettings, explain};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A certificate of the server's own for this machine, and its key, both in PEM. None
/// where the tool that makes them is missing.
fn own_certificate() -> Option<(Vec<u8>, Vec<u8>)> {
    let dir = tempfile::tempdir().unwrap();
    let (key, cert) = (dir.path().join("key"), dir.path().join("cert"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
        ])
        .args(["-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output()
        .is_ok_and(|out| out.status.success());
    if !made {
        assert!(std::env::var("CI").is_err(), "openssl is needed");
        eprintln!("skipped: openssl is not there");
        return None;
    }
    Some((std::fs::read(cert).unwrap(), std::fs::read(key).unwrap()))
}

/// Speaks SMTP inside TLS to one caller; signs nobody in.
fn server(cert: &[u8], key: &[u8]) -> u16 {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let chain = CertificateDer::pem_slice_iter(cert)
        .collect::<Result<Vec<_>, _>>()
        .unwrap();
    let key = PrivateKeyDer::from_pem_slice(key).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        talk(StreamOwned::new(
            ServerConnection::new(Arc::new(config)).unwrap(),
            stream,
        ));
    });
    port
}

fn talk(stream: StreamOwned<ServerConnection, TcpStream>) {
    let mut stream = BufReader::new(stream);
    if stream.get_mut().write_all(b"220 ready\r\n").is_err() {
        return;
    }
    let mut line = String::new();
    while stream.read_line(&mut line).is_ok_and(|n| n > 0) {
        let answer: &[u8] = match line.split([' ', '\r']).next().unwrap() {
            "EHLO" => b"250-here\r\n250 AUTH PLAIN\r\n",
            "AUTH" => b"535 no\r\n",
            "NOOP" => b"250 fine\r\n",
            _ => b"221 bye\r\n",
        };
        if stream.get_mut().write_all(answer).is_err() {
            return;
        }
        line.clear();
    }
}

fn settings(port: u16, trusted: Option<Vec<u8>>, sign_in: bool) -> SmtpSettings {
    let who = || ("candor".to_owned(), Sensitive::new("wrong".to_owned()));
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: Some(port),
        security: Security::Tls,
        sign_in: sign_in.then(who),
        trusted,
        timeout_seconds: 5,
    }
}

fn courier(settings: &SmtpSettings) -> SmtpCourier {
    SmtpCourier::new(settings, Sender::new("candor@project.test").unwrap()).unwrap()
}

#[test]
fn a_certificate_of_its_own_is_trusted_only_when_it_was_named() {
    let Some((cert, key)) = own_certificate() else {
        return;
    };
    let unknown = courier(&settings(server(&cert, &key), None, false)).check();
    let words = explain(&unknown.unwrap_err());
    assert!(words.contains("ca_file"), "{words}");

    let named = settings(server(&cert, &key), Some(cert.clone()), false);
    assert_eq!(courier(&named).check(), Ok(()));

    let stranger = settings(server(&cert, &key), Some(cert.clone()), true);
    let words = explain(&courier(&stranger).check().unwrap_err());
    assert!(words.contains("refuses the sign-in (535)"), "{words}");
}

#[test]
fn a_file_without_a_certificate_is_named_before_any_letter() {
    let odd = settings(25, Some(b"not a certificate".to_vec()), false);
    let got = SmtpCourier::new(&odd, Sender::new("candor@project.test").unwrap());
    assert_eq!(got.err(), Some(SmtpError::Trusted));
}
