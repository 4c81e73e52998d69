//! A folder for gpg, and the shared test data beside the repository.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use candor_base::Instant;

/// 2026-11-23 06:15:00.
pub(crate) fn today() -> Instant {
    Instant::from_unix(1_795_414_500).unwrap()
}

/// The folder of OpenPGP test data. Absent data skips the test on a developer's machine and
/// fails it in CI.
pub(crate) fn shared() -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/conformance/openpgp"))
        .find(|path| path.is_dir());
    if found.is_none() {
        missing("shared/conformance/openpgp is not here");
    }
    found
}

fn missing(why: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}");
    eprintln!("skipped: {why}");
}

/// A key ring of its own; its agent ends with it.
pub(crate) struct Gpg {
    home: tempfile::TempDir,
}

impl Gpg {
    /// None, said in words, where gpg is not installed.
    pub(crate) fn start() -> Option<Self> {
        if Command::new("gpg").arg("--version").output().is_err() {
            missing("gpg is not here");
            return None;
        }
        // Short: the path of the agent's socket may not be long.
        let home = tempfile::Builder::new().prefix("g").tempdir().unwrap();
        // As few rounds for a passphrase as there are: a test keeps nothing secret.
        std::fs::write(home.path().join("gpg-agent.conf"), "s2k-count 65536\n").unwrap();
        Some(Self { home })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        Command::new("gpg")
            .env("GNUPGHOME", self.home.path())
            .args(["--batch", "--yes", "--quiet", "--trust-model", "always"])
            .args(["--pinentry-mode", "loopback"])
            .args(args)
            .output()
            .unwrap()
    }

    /// What it prints; it must succeed.
    pub(crate) fn must(&self, args: &[&str]) -> Vec<u8> {
        let done = self.run(args);
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "gpg {args:?}: {said}");
        done.stdout
    }

    /// A new key without a passphrase; gives its fingerprint.
    pub(crate) fn key(&self, name: &str, kind: &str, expires: &str) -> String {
        self.key_with(name, "", kind, expires)
    }

    /// A new key under a passphrase; of the kind `future-default` with a subkey for encryption.
    pub(crate) fn key_with(&self, name: &str, pass: &str, kind: &str, expires: &str) -> String {
        self.must(&[
            "--passphrase",
            pass,
            "--quick-gen-key",
            name,
            kind,
            "default",
            expires,
        ]);
        let list = self.must(&["--with-colons", "--list-keys", name]);
        let list = String::from_utf8(list).unwrap();
        let line = list.lines().find(|line| line.starts_with("fpr:")).unwrap();
        line.split(':').nth(9).unwrap().to_owned()
    }
}

impl Drop for Gpg {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf")
            .env("GNUPGHOME", self.home.path())
            .args(["--kill", "gpg-agent"])
            .output();
    }
}
