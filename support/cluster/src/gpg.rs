//! A key ring of the installed gpg, for one test.
//!
//! Invariant: it lies in a folder of its own, and its agent ends with it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The key ring.
#[derive(Debug)]
pub struct Gpg {
    home: tempfile::TempDir,
}

impl Gpg {
    /// Makes an empty one; `None`, and a line that says so, when gpg is not on this machine.
    pub fn start() -> Option<Self> {
        if Command::new("gpg").arg("--version").output().is_err() {
            let why = "gpg is not installed";
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}");
            println!("skipped: {why}");
            return None;
        }
        // Short: the path of the agent's socket may not be long.
        let home = tempfile::Builder::new().prefix("g").tempdir().unwrap();
        // As few rounds for a passphrase as there are: a test keeps nothing secret.
        std::fs::write(home.path().join("gpg-agent.conf"), "s2k-count 65536\n").unwrap();
        Some(Self { home })
    }

    /// Its folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// A path in its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Runs gpg without asking anybody.
    pub fn run(&self, args: &[&str]) -> Output {
        Command::new("gpg")
            .env("GNUPGHOME", self.home.path())
            .args(["--batch", "--yes", "--quiet", "--trust-model", "always"])
            .args(["--pinentry-mode", "loopback"])
            .args(args)
            .output()
            .unwrap()
    }

    /// What it prints; it must succeed.
    pub fn must(&self, args: &[&str]) -> Vec<u8> {
        let done = self.run(args);
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "gpg {args:?}: {said}");
        done.stdout
    }

    /// A new key of a kind without a passphrase, valid for `expires`; gives its fingerprint.
    pub fn key(&self, name: &str, kind: &str, expires: &str) -> String {
        self.key_with(name, "", kind, expires)
    }

    /// The same under a passphrase; of the kind `future-default` with a subkey for encryption.
    pub fn key_with(&self, name: &str, pass: &str, kind: &str, expires: &str) -> String {
        let phrase = ["--passphrase", pass];
        let make = ["--quick-gen-key", name, kind, "default", expires];
        self.must(&[&phrase[..], &make].concat());
        let list = self.must(&["--with-colons", "--list-keys", name]);
        let list = String::from_utf8(list).unwrap();
        let line = list.lines().find(|line| line.starts_with("fpr:")).unwrap();
        line.split(':').nth(9).unwrap().to_owned()
    }

    /// Its certificate, armoured.
    pub fn certificate(&self, name: &str) -> Vec<u8> {
        self.must(&["--export", "--armor", name])
    }

    /// Its secret key, binary, still under its passphrase.
    pub fn secret(&self, name: &str, pass: &str) -> Vec<u8> {
        self.must(&["--passphrase", pass, "--export-secret-keys", name])
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
