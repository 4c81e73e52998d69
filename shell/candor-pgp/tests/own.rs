//! A key of one's own, against the real gpg.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_base::Instant;
use candor_pgp::Pgp;
use candor_ports::{NotOpened, OpenPgp as _};

/// A key signs itself now, by the clock of the machine: it is asked about a little later.
fn at() -> Instant {
    now(60)
}

fn now(later: i64) -> Instant {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    Instant::from_unix(i64::try_from(since.as_secs()).unwrap() + later).unwrap()
}

#[test]
fn what_is_sealed_is_opened_by_its_key_and_its_signer_is_known() {
    let ours = Pgp.make("Lantern <security@lantern.test>", now(0)).unwrap();
    let theirs = Pgp.make("Kim <kim@reporter.test>", now(0)).unwrap();
    let sealed = Pgp
        .seal(b"canary", &theirs.certificate, &ours.secret, at())
        .unwrap();
    assert!(sealed.starts_with(b"-----BEGIN PGP MESSAGE-----"));
    let secrets = [ours.secret.clone(), theirs.secret.clone()];
    let opened = Pgp
        .open(&secrets, &sealed, Some(&ours.certificate), 100)
        .unwrap();
    assert_eq!(
        (opened.plain.as_slice(), opened.signed),
        (&b"canary"[..], Some(true))
    );
    let other = Pgp
        .open(&secrets, &sealed, Some(&theirs.certificate), 100)
        .unwrap();
    assert_eq!(other.signed, Some(false));
    let short = Pgp.open(&secrets, &sealed, None, 5);
    assert_eq!(short, Err(NotOpened::TooLarge));
    let others = Pgp.open(&secrets[..1], &sealed, None, 100);
    assert_eq!(others, Err(NotOpened::ForOthers));
    let mut changed = sealed.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    assert_eq!(
        Pgp.open(&secrets, &changed, None, 100),
        Err(NotOpened::Damaged)
    );
    assert_eq!(
        Pgp.open(&secrets, b"nothing", None, 100),
        Err(NotOpened::Damaged)
    );
}

#[test]
fn a_certificate_is_known_by_its_fingerprint_and_says_whether_it_can_be_used() {
    let ours = Pgp.make("Lantern", now(0)).unwrap();
    let found = Pgp.certificate(ours.armored.as_bytes(), at()).unwrap();
    assert_eq!((found.fingerprint, found.refused), (ours.fingerprint, None));
    let early: Instant = "2020-01-01T00:00:00Z".parse().unwrap();
    let found = Pgp.certificate(&ours.certificate, early).unwrap();
    assert!(found.refused.unwrap().contains("not valid yet"));
    let why = Pgp.certificate(b"nothing", at()).unwrap_err();
    assert!(
        why.starts_with("This holds no OpenPGP certificate"),
        "{why}"
    );
    let why = Pgp.certificate(&ours.secret, at()).unwrap_err();
    assert!(why.contains("holds a secret key"), "{why}");
}

#[test]
fn gpg_takes_the_key_encrypts_to_it_and_reads_what_it_signs() {
    let Some(gpg) = candor_cluster::Gpg::start() else {
        return;
    };
    let ours = Pgp
        .make("Lantern <security@lantern.test>", now(-5))
        .unwrap();
    let file = gpg.path("ours.asc");
    std::fs::write(&file, &ours.armored).unwrap();
    gpg.must(&["--import", file.to_str().unwrap()]);
    let plain = gpg.path("plain");
    std::fs::write(&plain, b"canary").unwrap();
    let theirs = gpg.path("theirs.asc");
    gpg.must(&[
        "--trust-model",
        "always",
        "--armor",
        "--recipient",
        &ours.fingerprint,
        "--output",
        theirs.to_str().unwrap(),
        "--encrypt",
        plain.to_str().unwrap(),
    ]);
    let message = std::fs::read(&theirs).unwrap();
    let opened = Pgp
        .open(std::slice::from_ref(&ours.secret), &message, None, 100)
        .unwrap();
    assert_eq!(
        (opened.plain.as_slice(), opened.signed),
        (&b"canary"[..], None)
    );

    let kim = "kim@reporter.test";
    gpg.key_with(kim, "correct horse", "future-default", "never");
    let to = gpg.certificate(kim);
    let sealed = Pgp.seal(b"canary", &to, &ours.secret, at()).unwrap();
    let file = gpg.path("sealed.asc");
    std::fs::write(&file, sealed).unwrap();
    let status = gpg.path("status");
    let read = gpg.must(&[
        "--passphrase",
        "correct horse",
        "--status-file",
        status.to_str().unwrap(),
        "--decrypt",
        file.to_str().unwrap(),
    ]);
    assert_eq!(read, b"canary");
    let status = std::fs::read_to_string(status).unwrap();
    assert!(status.contains("GOODSIG"), "{status}");
}

#[test]
fn the_addresses_of_a_certificate_are_those_its_owner_signed() {
    let of = |user: &str| {
        let key = Pgp.make(user, now(0)).unwrap();
        Pgp.certificate(&key.certificate, at()).unwrap().addresses
    };
    assert_eq!(of("Kim <Kim@Reporter.test>"), ["kim@reporter.test"]);
    assert_eq!(of("kim@reporter.test"), ["kim@reporter.test"]);
    assert_eq!(of("Kim <kim@a.test> <kim@b.test>"), ["kim@b.test"]);
    assert!(of("Kim").is_empty() && of("Kim <>").is_empty());
    let Some(gpg) = candor_cluster::Gpg::start() else {
        return;
    };
    let kim = "kim@reporter.test";
    gpg.key(kim, "future-default", "never");
    let found = |gpg: &candor_cluster::Gpg| Pgp.certificate(&gpg.certificate("kim"), at()).unwrap();
    gpg.must(&["--quick-add-uid", kim, "Kim <kim@second.test>"]);
    assert_eq!(found(&gpg).addresses.len(), 2);
    // Taken back by its owner.
    gpg.must(&["--quick-revoke-uid", kim, "Kim <kim@second.test>"]);
    assert_eq!(found(&gpg).addresses, [kim]);
}

#[test]
fn what_unpacks_to_very_much_stops_at_the_limit() {
    let Some(gpg) = candor_cluster::Gpg::start() else {
        return;
    };
    let ours = Pgp.make("Lantern", now(-5)).unwrap();
    let file = gpg.path("ours.asc");
    std::fs::write(&file, &ours.armored).unwrap();
    gpg.must(&["--import", file.to_str().unwrap()]);
    let plain = gpg.path("plain");
    let zeros = std::fs::File::create(&plain).unwrap();
    zeros.set_len(256 * 1024 * 1024).unwrap();
    // Our keys do not ask for bzip2: what is packed with it all the same is kept unread.
    for (packed, refused) in [
        ("zlib", NotOpened::TooLarge),
        ("zip", NotOpened::TooLarge),
        ("bzip2", NotOpened::Damaged),
    ] {
        let bomb = gpg.path(packed);
        let mut args = vec!["--trust-model", "always", "-z", "9"];
        args.extend(["--compress-algo", packed, "--recipient", &ours.fingerprint]);
        args.extend(["--output", bomb.to_str().unwrap(), "--encrypt"]);
        args.push(plain.to_str().unwrap());
        gpg.must(&args);
        let bomb = std::fs::read(&bomb).unwrap();
        assert!(bomb.len() < 512 * 1024, "{packed}: {}", bomb.len());
        let secret = std::slice::from_ref(&ours.secret);
        let opened = Pgp.open(secret, &bomb, None, 1024 * 1024);
        assert_eq!(opened, Err(refused), "{packed}");
    }
}
