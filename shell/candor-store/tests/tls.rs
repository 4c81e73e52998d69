//! Connections to PostgreSQL over the network: encrypted, and to the server that was named.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_cluster::Cluster;
use candor_store::{DatabaseUrl, OpenError, SealedStore};
use common::key;

/// The error, and its words for the person.
fn refused(address: &str) -> (OpenError, String) {
    let url = DatabaseUrl::parse(address).unwrap();
    let error = SealedStore::connect(&url, &key()).unwrap_err();
    let said = error.for_person();
    (error, said)
}

/// Certificates of an authority of our own, by the installed openssl: its own, and one for
/// this name with its key.
struct Authority {
    folder: tempfile::TempDir,
}

impl Authority {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = Self { folder };
        made.openssl(&[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=Authority",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            "-addext",
            "keyUsage=critical,keyCertSign",
        ]);
        made
    }

    fn openssl(&self, args: &[&str]) {
        let ran = std::process::Command::new("openssl")
            .args(args)
            .current_dir(self.folder.path())
            .output()
            .expect("openssl can be run");
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{said}");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(name)).unwrap()
    }

    fn trusted(&self) -> String {
        let path = self.folder.path().join("ca.pem");
        path.to_str().unwrap().replace('/', "%2F")
    }

    /// Certificate and key of a server of this name.
    fn server(&self, name: &str) -> (Vec<u8>, Vec<u8>) {
        let names = format!("subjectAltName=DNS:{name}\n");
        std::fs::write(self.folder.path().join("names"), names).unwrap();
        self.openssl(&[
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=server",
            "-keyout",
            "server.key",
            "-out",
            "server.csr",
        ]);
        self.openssl(&[
            "x509",
            "-req",
            "-in",
            "server.csr",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "2",
            "-extfile",
            "names",
            "-out",
            "server.pem",
        ]);
        (self.read("server.pem"), self.read("server.key"))
    }
}

#[test]
fn a_connection_over_the_network_is_encrypted_to_the_server_that_was_named() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let settings = [
        "fsync=off",
        "listen_addresses=127.0.0.1",
        &format!("port={port}"),
    ];
    let Some(cluster) = Cluster::with(&settings) else {
        return;
    };
    let (ours, theirs) = (Authority::new(), Authority::new());
    let at = |host: &str, more: &str| format!("postgres://candor@{host}:{port}/postgres?{more}");
    let full = format!("sslmode=verify-full&sslrootcert={}", ours.trusted());

    // A server that does not encrypt is refused, not spoken to in clear.
    let (_, said) = refused(&at("localhost", &full));
    assert!(!said.contains("candor@"), "{said}");
    assert_eq!(
        cluster.sql("postgres", "SELECT to_regnamespace('candor')"),
        ""
    );

    let (certificate, private) = ours.server("localhost");
    cluster.file("server.pem", &certificate);
    cluster.file("server.key", &private);
    for setting in [
        "ssl_cert_file = 'server.pem'",
        "ssl_key_file = 'server.key'",
        "ssl = on",
    ] {
        cluster.sql("postgres", &format!("ALTER SYSTEM SET {setting}"));
    }
    cluster.sql("postgres", "SELECT pg_reload_conf()");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while cluster.sql("postgres", "SHOW ssl") != "on" {
        assert!(std::time::Instant::now() < until, "{}", cluster.log());
        std::thread::sleep(std::time::Duration::from_millis(50));
    }

    // Another name than that of the certificate, another authority, the public ones.
    let wrong = format!("sslmode=verify-full&sslrootcert={}", theirs.trusted());
    for address in [
        at("127.0.0.1", &full),
        at("localhost", &wrong),
        at("localhost", "sslmode=verify-full"),
        at("localhost", "sslmode=require"),
    ] {
        let (error, said) = refused(&address);
        assert!(!said.is_empty(), "{address}");
        let told = format!("{error:?}").to_lowercase();
        assert!(told.contains("certificate"), "{address}: {told}");
    }
    assert_eq!(
        cluster.sql("postgres", "SELECT to_regnamespace('candor')"),
        ""
    );

    let address = DatabaseUrl::parse(&at("localhost", &full)).unwrap();
    let store = SealedStore::connect(&address, &key()).unwrap();
    let encrypted = "SELECT bool_and(s.ssl), count(*) > 0 FROM pg_stat_ssl s \
                     JOIN pg_stat_activity a USING (pid) WHERE a.application_name = 'candor'";
    assert_eq!(cluster.sql("postgres", encrypted), "t|t");
    drop(store);
}
