//! A certificate of one's own: encrypted pages, plain ones sent on, files that are renewed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::{Place, Server};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
};

/// Certificates of an authority of our own, by the installed openssl.
struct Authority<'a>(&'a Place);

impl<'a> Authority<'a> {
    fn new(place: &'a Place) -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            assert!(std::env::var("CI").is_err(), "openssl is needed");
            eprintln!("skipped: openssl is not there");
            return None;
        }
        let made = Self(place);
        made.openssl(
            "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=ours",
        );
        Some(made)
    }

    fn openssl(&self, line: &str) {
        let made = Command::new("openssl")
            .args(line.split(' '))
            .current_dir(self.0.path(""))
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
    }

    /// A certificate for this machine, with its key: `NAME.pem` and `NAME.key`.
    fn certificate(&self, name: &str) {
        self.0
            .write("ext", "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
        self.openssl(&format!(
            "req -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}"
        ));
        self.openssl(&format!(
            "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out {name}.pem -days 1 -extfile ext"
        ));
    }

    /// Puts a certificate in the place of the one that is served.
    fn put(&self, certificate: &str, key: &str) {
        std::fs::copy(self.0.path(certificate), self.0.path("shown.pem")).unwrap();
        std::fs::copy(self.0.path(key), self.0.path("shown.key")).unwrap();
    }

    fn der(&self, name: &str) -> CertificateDer<'static> {
        CertificateDer::from_pem_file(self.0.path(name)).unwrap()
    }

    /// Asks for a page; gives the answer and the certificate that was shown.
    fn ask(
        &self,
        server: &Server,
        path: &str,
        version: &'static SupportedProtocolVersion,
    ) -> std::io::Result<(String, CertificateDer<'static>)> {
        let mut roots = RootCertStore::empty();
        roots.add(self.der("ca.pem")).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let client = ClientConnection::new(Arc::new(config), name).unwrap();
        let socket = TcpStream::connect(address(server))?;
        let mut stream = StreamOwned::new(client, socket);
        let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let shown = stream.conn.peer_certificates().unwrap()[0].clone();
        Ok((answer, shown.into_owned()))
    }
}

fn address(server: &Server) -> String {
    server
        .base
        .trim_start_matches("https://")
        .trim_end_matches('/')
        .to_owned()
}

fn in_clear(address: &str, head: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    // What is no text, or is cut off, is no answer either.
    let _ = stream.read_to_string(&mut answer);
    answer
}

fn config(place: &Place, more: &str) {
    let text = format!("[tls]\ncertificate = \"shown.pem\"\nkey = \"shown.key\"\n{more}");
    place.write("c.toml", text);
}

#[test]
fn pages_are_encrypted_plain_requests_sent_on_and_new_certificates_taken_up() {
    let place = Place::new();
    let Some(ours) = Authority::new(&place) else {
        return;
    };
    ours.certificate("first");
    ours.certificate("second");
    ours.put("first.pem", "first.key");
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    config(&place, &format!("redirect = \"{free}\"\n"));
    let policy = place.policy();
    let server = place.serve(&[policy.to_str().unwrap(), "--config", "c.toml"]);
    assert!(
        server.base.starts_with("https://127.0.0.1:"),
        "{}",
        server.base
    );

    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let (page, shown) = ours.ask(&server, "/p/lantern/", version).unwrap();
        assert!(page.starts_with("HTTP/1.1 200"), "{page:.200}");
        assert!(
            page.to_lowercase()
                .contains("strict-transport-security: max-age=31536000")
        );
        assert_eq!(shown, ours.der("first.pem"));
    }
    let wrong = in_clear(&address(&server), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(!wrong.contains("HTTP"), "{wrong}");
    let head = "GET /p/lantern/ HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n";
    let sent_on = in_clear(&free.to_string(), head).to_lowercase();
    assert!(sent_on.starts_with("http/1.1 308"), "{sent_on}");
    let to = format!("location: https://{}/p/lantern/", address(&server));
    assert!(sent_on.contains(&to), "{sent_on}");

    // Half of a renewal: what does not fit together is not taken up.
    ours.put("second.pem", "first.key");
    std::thread::sleep(Duration::from_secs(6));
    let (_, shown) = ours
        .ask(&server, "/healthz", &rustls::version::TLS13)
        .unwrap();
    assert_eq!(shown, ours.der("first.pem"));
    ours.put("second.pem", "second.key");
    let began = Instant::now();
    loop {
        let (_, shown) = ours
            .ask(&server, "/healthz", &rustls::version::TLS13)
            .unwrap();
        if shown == ours.der("second.pem") {
            break;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "never taken up");
        std::thread::sleep(Duration::from_millis(500));
    }
    let (ended, log) = server.terminate();
    assert_eq!(ended, 0, "{log}");
    assert_eq!(
        log.matches("the certificate until now stays").count(),
        1,
        "{log}"
    );
    assert_eq!(
        log.matches("the new certificate is shown").count(),
        1,
        "{log}"
    );
}

#[test]
fn whoever_never_finishes_the_handshake_keeps_nobody_out() {
    let place = Place::new();
    let Some(ours) = Authority::new(&place) else {
        return;
    };
    ours.certificate("first");
    ours.put("first.pem", "first.key");
    config(&place, "[limits]\nconnections = 16\n");
    let policy = place.policy();
    let server = place.serve(&[policy.to_str().unwrap(), "--config", "c.toml"]);
    let silent: Vec<TcpStream> = (0..40)
        .map(|_| TcpStream::connect(address(&server)).unwrap())
        .collect();
    let (page, _) = ours
        .ask(&server, "/p/lantern/", &rustls::version::TLS13)
        .unwrap();
    assert!(page.starts_with("HTTP/1.1 200"), "{page:.200}");
    drop(silent);
}

#[test]
fn files_that_do_not_fit_stop_the_start() {
    let place = Place::new();
    let Some(ours) = Authority::new(&place) else {
        return;
    };
    ours.certificate("first");
    ours.certificate("second");
    let policy = place.policy();
    let policy = policy.to_str().unwrap();
    config(&place, "");
    let start = |more: &[&str]| {
        let all = [
            &[
                "serve",
                policy,
                "--config",
                "c.toml",
                "--listen",
                "127.0.0.1:0",
            ],
            more,
        ];
        place.run(&all.concat()).must(2)
    };
    start(&[]).says("tls.certificate shown.pem cannot be used");
    ours.put("first.pem", "second.key");
    start(&[]).says("tls.key shown.key cannot be used");
    let kind = "PRIVATE KEY-----";
    let damaged = format!("-----BEGIN {kind}\ncanary\n-----END {kind}\n");
    place.write("shown.key", damaged);
    let ended = start(&[]).says("tls.key");
    assert!(!ended.err.contains("canary"), "{}", ended.err);
    ours.put("first.pem", "first.key");
    start(&["--public-url", "http://a.test"]).says("begins with https://");
    assert!(!place.data().exists(), "nothing was made");
}
