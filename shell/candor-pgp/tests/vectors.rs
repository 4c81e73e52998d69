//! Keys and messages of other programs, read in place.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::io::Read as _;
use std::path::{Path, PathBuf};

use candor_base::Instant;
use candor_pgp::{Certificate, CertificateError, OpenError, Refusal, SealError, SecretKeys, seal};
use pgp::composed::{ArmorOptions, Deserializable as _, Edata, Message, SignedSecretKey};

/// 2026-11-23 06:15:00.
fn today() -> Instant {
    Instant::from_unix(1_795_414_500).unwrap()
}

/// The folder of OpenPGP test data. Absent data skips the test on a developer's machine and
/// fails it in CI.
fn shared() -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/conformance/openpgp"))
        .find(|path| path.is_dir());
    if found.is_none() {
        let why = "shared/conformance/openpgp is not here";
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}");
        eprintln!("skipped: {why}");
    }
    found
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// What is inside of a message, or why it cannot be read.
fn inside(key: &[u8], pass: Option<&str>, message: &[u8]) -> Result<Vec<u8>, String> {
    let keys = SecretKeys::parse(key).map_err(|why| why.to_string())?;
    let opener = keys.unlock(pass).map_err(|why| why.to_string())?;
    let mut content = opener.open(message).map_err(|why| why.to_string())?;
    let mut out = Vec::new();
    content
        .read_to_end(&mut out)
        .map_err(|why| why.to_string())?;
    Ok(out)
}

#[test]
fn keys_of_every_kind_of_rfc_9580_open_their_messages() {
    let Some(folder) = shared() else { return };
    let mut opened = 0;
    for kind in [
        "v4-ed25519-x25519",
        "v4-legacy",
        "v4-rsa",
        "v6-25519-annex-a-4",
        "v6-ed25519-x448",
        "v6-nistp",
        "v6-rsa",
    ] {
        let place = folder.join("rfc9580").join(kind);
        let key = read(&place.join("tsk.asc"));
        for form in ["enc-seipdv1.msg", "enc-seipdv2.msg"] {
            let Ok(message) = std::fs::read(place.join(form)) else {
                continue;
            };
            let text = inside(&key, None, &message);
            assert_eq!(text.as_deref(), Ok(&b"hello world\n"[..]), "{kind}/{form}");
            opened += 1;
        }
    }
    assert_eq!(opened, 12);
}

#[test]
fn a_key_for_others_is_told_from_a_damaged_message() {
    let Some(folder) = shared() else { return };
    let place = folder.join("rfc9580");
    let key = read(&place.join("v4-rsa/tsk.asc"));
    let foreign = read(&place.join("v6-rsa/enc-seipdv1.msg"));
    let open = |message: &[u8]| {
        let opener = SecretKeys::parse(&key).unwrap().unlock(None).unwrap();
        opener.open(message).map(|_| ()).unwrap_err()
    };
    assert_eq!(open(&foreign), OpenError::NotForThisKey);
    assert!(matches!(open(b""), OpenError::Unreadable(_)));
    assert!(matches!(open(b"no message"), OpenError::Unreadable(_)));
    let signed = read(&place.join("v4-ed25519-x25519/csf.msg"));
    assert!(matches!(open(&signed), OpenError::Unreadable(_)));
}

#[test]
fn messages_of_older_programs_open_only_when_protected_against_change() {
    let Some(folder) = shared() else { return };
    let place = folder.join("openpgp-interop/testcases/messages");
    let (mut opened, mut refused) = (0, Vec::new());
    for entry in std::fs::read_dir(&place).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let text = String::from_utf8(read(&path)).unwrap();
        let field = |name: &str| {
            let (_, rest) = text.split_once(&format!("\"{name}\""))?;
            let mut parts = rest.split('"');
            parts.nth(1).map(str::to_owned)
        };
        let (Some(key), Some(pass)) = (field("decryptKey"), field("passphrase")) else {
            continue;
        };
        let wanted = field("textcontent").unwrap();
        // Some name a key that lies outside of this collection.
        let Ok(key) = std::fs::read(place.join(&key)) else {
            continue;
        };
        let message = read(&path.with_extension("asc"));
        match inside(&key, Some(&pass), &message) {
            Ok(found) => {
                let escaped = String::from_utf8_lossy(&found)
                    .replace('\r', "\\r")
                    .replace('\n', "\\n");
                assert_eq!(escaped, wanted, "{}", path.display());
                opened += 1;
            }
            Err(why) => {
                let name = path.file_stem().unwrap().to_str().unwrap();
                refused.push(format!("{name}: {why}"));
            }
        }
    }
    // A key of version 3, which PGP 2 made in the nineties.
    assert_eq!(
        refused,
        ["gnupg-v1-002: no OpenPGP certificate, or damaged: no secret key"]
    );
    assert_eq!(opened, 23);
}

#[test]
fn certificates_are_judged_at_a_moment() {
    let Some(folder) = shared() else { return };
    let alice = read(&folder.join("protected-headers/alice@openpgp.example.pub.asc"));
    let alice = Certificate::parse(&alice).unwrap();
    assert_eq!(
        alice.fingerprint(),
        "EB85BB5FA33A75E15E944E63F231550C4F47E38E"
    );
    assert_eq!(alice.recipient(today()).unwrap().until(), None);
    let early = Instant::from_unix(1_000_000_000).unwrap();
    assert_eq!(alice.recipient(early).unwrap_err(), Refusal::NotYet);

    let secret = read(&folder.join("protected-headers/bob@openpgp.example.sec.asc"));
    assert_eq!(
        Certificate::parse(&secret).unwrap_err(),
        CertificateError::Secret
    );
    assert!(SecretKeys::parse(&secret).is_ok());

    let keys = folder.join("openpgp-interop/testcases/keys");
    let judge = |name: &str| {
        let bytes = read(&keys.join(format!("{name}.asc")));
        let certificate = Certificate::parse(&bytes).unwrap();
        certificate.recipient(today()).map(|_| ()).unwrap_err()
    };
    let old = Refusal::Weak("it signs itself with an old hash (SHA-1 or MD5)");
    for name in ["gnupg-v1-003", "gnupg-v1-004", "subkey-001", "uid-001"] {
        assert_eq!(judge(name), old, "{name}");
    }
    for name in ["pgp-6-5-001", "gnupg-v1-001", "gnupg-v1-002"] {
        assert!(
            matches!(judge(name), Refusal::Weak(why) if why.contains("DSA")),
            "{name}"
        );
    }
}

/// The certificate of a secret key.
fn public(secret: &[u8]) -> Certificate {
    let (key, _) = SignedSecretKey::from_armor_single(secret).unwrap();
    let armoured = key
        .to_public_key()
        .to_armored_bytes(ArmorOptions::default());
    Certificate::parse(&armoured.unwrap()).unwrap()
}

/// Whether a message is of the second form.
fn second_form(message: &[u8]) -> bool {
    match Message::from_bytes(message).unwrap() {
        Message::Encrypted {
            edata: Edata::SymEncryptedProtectedData { reader },
            ..
        } => format!("{:?}", reader.config()).contains("V2"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_second_form_is_used_only_when_everybody_understands_it() {
    let Some(folder) = shared() else { return };
    let key = |kind: &str| read(&folder.join("rfc9580").join(kind).join("tsk.asc"));
    let new = key("v6-25519-annex-a-4");
    let old = read(&folder.join("protected-headers/bob@openpgp.example.sec.asc"));
    for (to, second) in [
        (vec![&new], true),
        (vec![&old], false),
        (vec![&new, &old], false),
    ] {
        let recipients: Vec<_> = to
            .iter()
            .map(|key| public(key).recipient(today()).unwrap())
            .collect();
        let mut message = Vec::new();
        seal(&b"hello"[..], &mut message, &recipients).unwrap();
        assert_eq!(second_form(&message), second, "{} recipients", to.len());
        for key in to {
            assert_eq!(inside(key, None, &message).as_deref(), Ok(&b"hello"[..]));
        }
    }
    assert!(matches!(
        seal(&b""[..], Vec::new(), &[]),
        Err(SealError::Nobody)
    ));
}

#[test]
fn no_certificate_is_taken_from_nonsense() {
    for bytes in [
        &b""[..],
        b"hello",
        &[0xff; 40],
        &[0x99, 0x01],
        &[0xc6; 2_000],
    ] {
        assert!(matches!(
            Certificate::parse(bytes),
            Err(CertificateError::Unreadable(_))
        ));
        assert!(SecretKeys::parse(bytes).is_err());
    }
    let long = vec![b'a'; candor_pgp::MAX_KEY_FILE + 1];
    assert_eq!(
        Certificate::parse(&long).unwrap_err(),
        CertificateError::TooLong
    );
}

/// Every file of a folder and of those inside of it, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(files(&path));
        } else {
            out.push(path);
        }
    }
    out.sort();
    out
}

/// Reads bytes as all that they could be; gives how many bytes came out of a message.
fn as_everything(bytes: &[u8], key: &[u8]) -> u64 {
    const MOST: u64 = 4 * 1024 * 1024;
    let _ = Certificate::parse(bytes).map(|c| (c.recipient(today()).is_ok(), c.addresses(today())));
    let _ = SecretKeys::parse(bytes).map(|keys| keys.is_locked());
    let opener = SecretKeys::parse(key).unwrap().unlock(None).unwrap();
    let Ok(mut content) = opener.open(bytes) else {
        return 0;
    };
    let read = std::io::copy(&mut content.by_ref().take(MOST), &mut std::io::sink());
    read.unwrap_or(0)
}

#[test]
fn every_file_whole_cut_and_damaged_is_read_as_everything_without_harm() {
    let Some(folder) = shared() else { return };
    let key = read(&folder.join("rfc9580/v6-25519-annex-a-4/tsk.asc"));
    let all = files(&folder);
    assert_eq!(all.len(), 135);
    let mut opened = 0;
    for path in all {
        let whole = read(&path);
        opened += u64::from(as_everything(&whole, &key) > 0);
        // The same places each time: a step that no structure repeats.
        for at in (0..whole.len()).step_by(whole.len() / 7 + 1) {
            as_everything(&whole[..at], &key);
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << (at % 8);
            as_everything(&damaged, &key);
        }
    }
    assert_eq!(opened, 2, "its own two messages, and no other");
}
