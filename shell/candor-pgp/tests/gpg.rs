//! Both ways with the gpg that is installed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::io::{self, Read};

use candor_base::Instant;
use candor_cluster::Gpg;
use candor_pgp::{
    Certificate, CertificateError, OpenError, Refusal, SecretKeys, UnlockError, seal,
};

/// The present: gpg makes its keys now.
fn now() -> Instant {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    Instant::from_unix(i64::try_from(since.as_secs()).unwrap() + 1).unwrap()
}

fn certificate(gpg: &Gpg, name: &str) -> Certificate {
    Certificate::parse(&gpg.certificate(name)).unwrap()
}

fn secret(gpg: &Gpg, name: &str, pass: &str) -> SecretKeys {
    SecretKeys::parse(&gpg.secret(name, pass)).unwrap()
}

#[test]
fn what_we_encrypt_gpg_opens_and_what_gpg_encrypts_we_open() {
    let Some(gpg) = Gpg::start() else { return };
    let text: Vec<u8> = (0..1_500_000_u32).map(|n| (n % 251) as u8).collect();
    for (name, kind) in [
        ("curve@example.org", "future-default"),
        ("rsa@example.org", "rsa3072"),
    ] {
        let print = gpg.key_with(name, "correct horse", kind, "never");
        if kind == "rsa3072" {
            let add = ["--quick-add-key", &print, kind, "encr"];
            gpg.must(&[&["--passphrase", "correct horse"][..], &add].concat());
        }
        let certificate = certificate(&gpg, name);
        assert_eq!(certificate.fingerprint(), print);
        let recipient = certificate.recipient(now()).unwrap();
        let file = gpg.path("ours.pgp");
        let out = std::fs::File::create(&file).unwrap();
        seal(&text[..], out, &[recipient]).unwrap();
        let file = file.to_str().unwrap();
        let theirs = gpg.must(&["--passphrase", "correct horse", "--decrypt", file]);
        assert!(theirs == text, "{name}");

        let plain = gpg.path("plain");
        std::fs::write(&plain, &text).unwrap();
        let theirs = gpg.path("theirs");
        for more in [&["--encrypt"][..], &["--armor", "--sign", "--encrypt"]] {
            let mut args = vec!["--passphrase", "correct horse", "--local-user", name];
            args.extend(["--recipient", name, "--output", theirs.to_str().unwrap()]);
            args.extend(more);
            args.push(plain.to_str().unwrap());
            gpg.must(&args);
            let locked = secret(&gpg, name, "correct horse");
            assert!(locked.is_locked());
            let opener = locked.unlock(Some("correct horse")).unwrap();
            let input = io::BufReader::new(std::fs::File::open(&theirs).unwrap());
            let mut found = Vec::new();
            opener.open(input).unwrap().read_to_end(&mut found).unwrap();
            assert!(found == text, "{name} {more:?}");
        }
    }
}

#[test]
fn each_of_several_recipients_opens_it_and_nobody_else() {
    let Some(gpg) = Gpg::start() else { return };
    let mut recipients = Vec::new();
    for name in ["one@example.org", "two@example.org", "three@example.org"] {
        gpg.key(name, "future-default", "never");
        if name != "three@example.org" {
            recipients.push(certificate(&gpg, name).recipient(now()).unwrap());
        }
    }
    let mut message = Vec::new();
    seal(&b"for two"[..], &mut message, &recipients).unwrap();
    let open = |name: &str| {
        let opener = secret(&gpg, name, "").unlock(None).unwrap();
        let mut text = String::new();
        opener
            .open(&message[..])
            .map(|mut inside| inside.read_to_string(&mut text).map(|_| text).unwrap())
    };
    assert_eq!(open("one@example.org").as_deref(), Ok("for two"));
    assert_eq!(open("two@example.org").as_deref(), Ok("for two"));
    assert_eq!(open("three@example.org"), Err(OpenError::NotForThisKey));
}

#[test]
fn who_may_not_receive_is_told_why() {
    let Some(gpg) = Gpg::start() else { return };
    // Expired: asked about a moment after its end.
    gpg.key("ends@example.org", "future-default", "2d");
    let ends = certificate(&gpg, "ends@example.org");
    let until = ends.recipient(now()).unwrap().until().unwrap();
    let days = until.seconds_since(now());
    assert!((170_000..=172_900).contains(&days), "{days}");
    assert_eq!(ends.recipient(until).unwrap_err(), Refusal::Expired(until));
    assert!(ends.recipient(until.plus_seconds(-1)).is_ok());

    // Extended by its owner: counts again.
    let print = ends.fingerprint();
    gpg.must(&["--passphrase", "", "--quick-set-expire", &print, "30d"]);
    gpg.must(&["--passphrase", "", "--quick-set-expire", &print, "30d", "*"]);
    let longer = certificate(&gpg, "ends@example.org");
    assert!(longer.recipient(until).is_ok());

    // Revoked: gpg lays a revocation ready with each key.
    let print = gpg.key("gone@example.org", "future-default", "never");
    let ready = gpg.path("openpgp-revocs.d").join(format!("{print}.rev"));
    let text = std::fs::read_to_string(ready)
        .unwrap()
        .replace(":-----", "-----");
    std::fs::write(gpg.path("gone.rev"), text).unwrap();
    assert!(
        certificate(&gpg, "gone@example.org")
            .recipient(now())
            .is_ok()
    );
    gpg.must(&["--import", gpg.path("gone.rev").to_str().unwrap()]);
    let gone = certificate(&gpg, "gone@example.org");
    assert_eq!(gone.recipient(now()).unwrap_err(), Refusal::Revoked);

    // No key for encryption.
    gpg.must(&[
        "--passphrase",
        "",
        "--quick-gen-key",
        "signs@example.org",
        "ed25519",
        "sign",
    ]);
    let signs = certificate(&gpg, "signs@example.org");
    assert_eq!(
        signs.recipient(now()).unwrap_err(),
        Refusal::NoEncryptionKey
    );

    // Too short.
    gpg.key("short@example.org", "rsa1024", "never");
    let short = certificate(&gpg, "short@example.org");
    assert!(matches!(short.recipient(now()), Err(Refusal::Weak(_))));

    // Signed with an old hash.
    gpg.must(&[
        "--passphrase",
        "",
        "--cert-digest-algo",
        "SHA1",
        "--allow-weak-digest-algos",
        "--quick-gen-key",
        "old@example.org",
        "rsa2048",
        "default",
        "never",
    ]);
    let old = certificate(&gpg, "old@example.org");
    assert!(matches!(old.recipient(now()), Err(Refusal::Weak(_))));

    // Two in one file, and a secret one.
    let two = gpg.must(&["--export", "gone@example.org", "ends@example.org"]);
    assert_eq!(
        Certificate::parse(&two).unwrap_err(),
        CertificateError::Several
    );
    let key = gpg.must(&["--export-secret-keys", "ends@example.org"]);
    assert_eq!(
        Certificate::parse(&key).unwrap_err(),
        CertificateError::Secret
    );
}

#[test]
fn a_locked_key_asks_for_its_passphrase_and_a_wrong_one_is_said() {
    let Some(gpg) = Gpg::start() else { return };
    gpg.key_with("locked@example.org", "right", "future-default", "never");
    let key = || secret(&gpg, "locked@example.org", "right");
    assert_eq!(key().unlock(None).unwrap_err(), UnlockError::Locked);
    let wrong = key().unlock(Some("wrong")).unwrap_err();
    assert_eq!(wrong, UnlockError::WrongPassphrase);
    assert!(key().unlock(Some("right")).is_ok());
}

#[test]
fn a_changed_message_is_noticed_at_the_latest_at_its_end() {
    let Some(gpg) = Gpg::start() else { return };
    gpg.key("one@example.org", "future-default", "never");
    let recipient = certificate(&gpg, "one@example.org")
        .recipient(now())
        .unwrap();
    let text: Vec<u8> = (0..5_000_u32).map(|n| (n % 251) as u8).collect();
    let mut message = Vec::new();
    seal(&text[..], &mut message, &[recipient]).unwrap();
    let opener = secret(&gpg, "one@example.org", "").unlock(None).unwrap();
    let holds = |bytes: &[u8]| {
        let mut found = Vec::new();
        let read = opener
            .open(bytes)
            .is_ok_and(|mut inside| inside.read_to_end(&mut found).is_ok());
        read.then_some(found)
    };
    assert_eq!(holds(&message).as_deref(), Some(&text[..]));
    for at in (0..message.len()).step_by(13) {
        let mut bent = message.clone();
        bent[at] ^= 0x10;
        let found = holds(&bent);
        assert!(found.is_none_or(|found| found == text), "byte {at}");
        assert_eq!(holds(&message[..at]), None, "cut at {at}");
    }
}

/// Gives bytes without end, up to a number.
struct Long(u64);

impl Read for Long {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer
            .len()
            .min(usize::try_from(self.0).unwrap_or(usize::MAX));
        buffer[..length].fill(b'x');
        self.0 -= length as u64;
        Ok(length)
    }
}

/// The most memory this process ever had, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_long_message_passes_in_a_few_megabytes() {
    let Some(gpg) = Gpg::start() else { return };
    gpg.key("one@example.org", "future-default", "never");
    let recipient = certificate(&gpg, "one@example.org")
        .recipient(now())
        .unwrap();
    let opener = secret(&gpg, "one@example.org", "").unlock(None).unwrap();
    let file = gpg.path("long.pgp");
    let before = peak();
    let size = 64 * 1024 * 1024;
    seal(
        Long(size),
        std::fs::File::create(&file).unwrap(),
        &[recipient],
    )
    .unwrap();
    let input = io::BufReader::new(std::fs::File::open(&file).unwrap());
    let mut inside = opener.open(input).unwrap();
    assert_eq!(io::copy(&mut inside, &mut io::sink()).unwrap(), size);
    let grew = peak() - before;
    assert!(grew < 16 * 1024, "{grew} KiB");
}
