//! The OpenPGP key of a program: published, asked for by mail, used to open what comes.

use candor_app::{ArrivedMail, MailAnswer};
use candor_ports::{Letter, LetterKind, OwnKey};

use crate::common::{World, file, report};

const KIM: &str = "kim@reporter.test";
const ADDRESS: &str = "security@lanternfish.io";

/// Somebody who encrypts. The machine's clock signs keys: the world must not be before it.
struct Rita(OwnKey);

fn world() -> (World, String, Rita) {
    let world = World::taking_mail();
    world.at("2036-06-01T08:00:00Z");
    world.app().make_missing_keys().unwrap();
    let ada = world.set_up();
    let pgp = candor_testkit::open_pgp();
    let rita = pgp.make("Rita", "2026-11-24T00:00:00Z".parse().unwrap());
    (world, ada, Rita(rita.unwrap()))
}

impl Rita {
    /// To the key that the program publishes.
    fn seal(&self, world: &World, plain: &str) -> String {
        let key = world.app().pgp_file("lanternfish").unwrap().body;
        let sealed =
            candor_testkit::open_pgp().seal(plain.as_bytes(), &key, &self.0.secret, world.now());
        String::from_utf8(sealed.unwrap()).unwrap()
    }
}

fn take(world: &World, head: &str, text: &str) {
    let raw = format!("{head}\r\n\r\n{text}\r\n");
    let answer = world.app().take_mail(&ArrivedMail {
        to: ADDRESS,
        from: Some(KIM),
        bytes: raw.as_bytes(),
    });
    assert_eq!(answer.unwrap(), MailAnswer::Stored);
}

fn pages(world: &World, ada: &str) -> Vec<String> {
    let inbox = world.app().inbox(ada, "lanternfish", "open").unwrap();
    let page = |reference: String| {
        let page = world
            .app()
            .case_page(ada, "lanternfish", &reference)
            .unwrap();
        format!("{page:?}")
    };
    inbox.rows.into_iter().map(|r| page(r.reference)).collect()
}

#[test]
fn the_key_is_made_once_and_published_wherever_somebody_looks() {
    let (world, _, _) = world();
    assert_eq!(world.app().make_missing_keys().unwrap(), 0);
    let page = world.app().policy_page("lanternfish").unwrap();
    let key = page.key.unwrap();
    let text = world.app().security_txt(Some("lanternfish")).unwrap().body;
    let text = String::from_utf8(text).unwrap();
    assert!(
        text.contains(&format!("Encryption: {}\n", key.address)),
        "{text}"
    );
    let armored = world.app().pgp_file("lanternfish").unwrap().body;
    assert!(armored.starts_with(b"-----BEGIN PGP PUBLIC KEY BLOCK-----"));
    let pgp = candor_testkit::open_pgp();
    let found = pgp.certificate(&armored, world.now()).unwrap();
    assert_eq!(found.fingerprint, key.fingerprint.replace(' ', ""));
    assert_eq!(found.refused, None);
    let name = pgp.directory_name("security");
    let by = |host: &str, name: &str| world.app().pgp_by_address(host, name);
    let binary = by("LANTERNFISH.io", &name).unwrap().body;
    assert_eq!(
        pgp.certificate(&binary, world.now()).unwrap().fingerprint,
        found.fingerprint
    );
    assert!(by("other.test", &name).is_err() && by("lanternfish.io", "x").is_err());
}

#[test]
fn an_encrypted_mail_is_opened_into_its_case() {
    let (world, ada, rita) = world();
    let head = |n: u32| format!("From: {KIM}\r\nSubject: ...\r\nMessage-ID: <{n}@reporter.test>");
    take(&world, &head(1), &rita.seal(&world, "canary-inline"));
    let inner = "Content-Type: text/plain; protected-headers=\"v1\"\r\nSubject: canary-subject\r\n\r\n\
                 canary-wrapped\r\n";
    let wrapped = format!(
        "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n--b\r\n\
         Content-Type: application/octet-stream; name=\"encrypted.asc\"\r\n\r\n{}\r\n--b--",
        rita.seal(&world, inner).replace('\n', "\r\n")
    );
    let multipart = "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/encrypted; \
                     protocol=\"application/pgp-encrypted\"; boundary=\"b\"";
    take(&world, &(head(2) + multipart), &wrapped);
    let all = pages(&world, &ada).concat();
    for canary in [
        "canary-inline",
        "canary-wrapped",
        "canary-subject",
        "mail.eml",
    ] {
        assert!(all.contains(canary), "{canary}");
    }
}

#[test]
fn what_is_typed_or_attached_encrypted_is_opened_and_kept_as_it_was_sent() {
    let (world, ada, rita) = world();
    let sealed = rita.seal(&world, "canary-typed");
    let mut input = report(&[("summary", "See below"), ("description", &sealed)]);
    input.files = vec![file(
        "poc.txt.asc",
        rita.seal(&world, "canary-file").as_bytes(),
    )];
    world
        .app()
        .submit_report("lanternfish", input.clone())
        .unwrap();
    let shown = pages(&world, &ada).concat();
    assert!(shown.contains("canary-typed"));
    assert!(shown.contains("as-it-was-sent.asc") && shown.contains("poc.txt"));
    // For another key: it stays as it is, and is a report all the same.
    let other = candor_testkit::open_pgp()
        .seal(
            b"canary-other",
            &rita.0.certificate,
            &rita.0.secret,
            world.now(),
        )
        .unwrap();
    let other = String::from_utf8(other).unwrap();
    world
        .app()
        .submit_report(
            "lanternfish",
            report(&[("summary", "x"), ("description", &other)]),
        )
        .unwrap();
    let shown = pages(&world, &ada).concat();
    assert!(shown.contains("made for another key") && !shown.contains("canary-other"));
}

#[test]
fn who_asks_for_the_key_gets_it_without_a_case_and_once_a_day() {
    let (world, ada, _) = world();
    let ask = |n: u32, more: &str| {
        let head = format!(
            "From: {KIM}\r\nSubject: PGP key request\r\nMessage-ID: <{n}@reporter.test>{more}"
        );
        take(&world, &head, "Please.");
    };
    let sent = || -> Vec<Letter> {
        let letters = world.courier.letters.lock().unwrap();
        let keys = |l: &&Letter| matches!(l.body.kind, LetterKind::PgpKey { .. });
        letters.iter().filter(keys).cloned().collect()
    };
    ask(1, "");
    ask(2, "");
    ask(3, "\r\nAuto-Submitted: auto-replied");
    let [letter] = sent().try_into().unwrap();
    let LetterKind::PgpKey { armored, .. } = letter.body.kind else {
        panic!("another letter");
    };
    let published = world.app().pgp_file("lanternfish").unwrap().body;
    assert_eq!(armored.as_bytes(), published);
    assert!(letter.answers_to.is_none());
    assert!(pages(&world, &ada).is_empty(), "no case, no clock");
    assert_eq!(
        world
            .app()
            .held_mails(&ada, "lanternfish")
            .unwrap()
            .waiting
            .len(),
        1
    );
    world.wait(86_401);
    ask(4, "");
    assert_eq!(sent().len(), 2);
}

/// One automatic letter a day goes to an address, and the code of a report by mail stands
/// nowhere but in a letter: it waits, and is not left out.
#[test]
fn who_asks_for_the_key_and_reports_on_the_same_day_gets_the_code_a_day_later() {
    let (world, _, rita) = world();
    let head = |n: u32, subject: &str| {
        format!("From: {KIM}\r\nSubject: {subject}\r\nMessage-ID: <{n}@reporter.test>")
    };
    take(&world, &head(1, "PGP key request"), "Please.");
    take(&world, &head(2, "..."), &rita.seal(&world, "canary"));
    let codes = || {
        world.app().deliver().unwrap();
        let letters = world.courier.letters.lock().unwrap();
        let to_kim = letters.iter().filter(|l| l.to.reveal() == KIM);
        to_kim.filter(|l| l.body.code.is_some()).count()
    };
    assert_eq!(codes(), 0);
    world.wait(86_401);
    assert_eq!(codes(), 1);
    world.wait(86_401);
    assert_eq!(codes(), 1);
}

/// What a room shows to whoever has its code, with every file that can be had there.
fn room(world: &World, code: &str) -> String {
    let session = world.app().enter_room("lanternfish", code).unwrap();
    let view = world.app().room("lanternfish", &session).unwrap();
    let mut all = format!("{view:?}");
    let said = view.messages.iter().flat_map(|m| &m.files);
    for file in view.files.iter().chain(said) {
        let got = world.app().room_file("lanternfish", &session, &file.id);
        if let Ok((_, bytes)) = got {
            all.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    all
}

/// Eve saw what Kim sent pass, and cannot read it. She sends it again as her own.
#[test]
fn whoever_saw_an_encrypted_report_pass_does_not_get_it_opened() {
    let (world, ada, rita) = world();
    let sealed = rita.seal(&world, "canary-text");
    let file = |name: &str| file(name, rita.seal(&world, "canary-file").as_bytes());
    let mut typed = report(&[("summary", "x"), ("description", &sealed)]);
    typed.files = vec![file("a.txt.asc")];
    let mut attached = report(&[("summary", "y"), ("description", "See the file.")]);
    attached.files = vec![file("b.txt.asc")];
    for input in [typed, attached] {
        let receipt = world.app().submit_report("lanternfish", input).unwrap();
        let shown = room(&world, &receipt.code);
        assert!(!shown.contains("canary"), "{shown}");
        assert!(shown.contains("The team reads it."));
    }
    // By mail, and as an answer in a case of her own.
    let inner = "Content-Type: text/plain\r\nSubject: canary-subject\r\n\r\ncanary-wrapped\r\n";
    let wrapped = |n: u32| {
        format!(
            "From: {KIM}\r\nSubject: ...\r\nMessage-ID: <{n}@reporter.test>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; \
             boundary=\"b\"\r\n\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: \
             1\r\n\r\n--b\r\nContent-Type: application/octet-stream; name=\"encrypted.asc\"\r\n\r\n\
             {}\r\n--b--\r\n",
            rita.seal(&world, inner).replace('\n', "\r\n")
        )
    };
    let send = |to: &str, raw: &str| {
        let mail = ArrivedMail {
            to,
            from: Some(KIM),
            bytes: raw.as_bytes(),
        };
        assert_eq!(world.app().take_mail(&mail).unwrap(), MailAnswer::Stored);
    };
    send(ADDRESS, &wrapped(1));
    world.app().deliver().unwrap();
    let letters = world.courier.letters.lock().unwrap().clone();
    let receipt = letters.into_iter().find(|l| l.body.code.is_some()).unwrap();
    let tail = receipt.answers_to.clone().unwrap();
    send(&tail, &wrapped(2));
    let shown = room(&world, receipt.body.code.unwrap().reveal());
    assert!(!shown.contains("canary"), "{shown}");
    assert!(shown.matches("The team reads it.").count() >= 2, "{shown}");
    // The team reads all of it.
    let all = pages(&world, &ada).concat();
    for canary in ["canary-text", "canary-subject", "canary-wrapped"] {
        assert!(all.contains(canary), "{canary}");
    }
    assert!(!all.contains("The team reads it."));
}

/// What is worked out of a text tells of it, too: how somebody wants to be named, how bad it is,
/// what the files within are called and what they are.
#[test]
fn nothing_that_follows_from_what_was_opened_is_told_to_who_only_passed_it_on() {
    let (world, _, rita) = world();
    let opens = |code: &str| room(&world, code);
    let sealed = |plain: &str| rita.seal(&world, plain);
    for field in [
        "severity",
        "version",
        "public_where",
        "credit_name",
        "name",
        "affiliation",
    ] {
        let fields = [
            ("summary", "x"),
            ("credit", "named"),
            (field, &sealed("canary critical 2.0")),
        ];
        let Ok(receipt) = world.app().submit_report("lanternfish", report(&fields)) else {
            continue;
        };
        let shown = opens(&receipt.code);
        assert!(
            !shown.contains("canary") && !shown.contains("Critical"),
            "{field}: {shown}"
        );
    }
    let inner = "Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nText.\r\nCredit: canary-kim\r\n\
                 --i\r\nContent-Type: text/plain; name=canary-name.txt\r\nContent-Disposition: \
                 attachment; filename=canary-name.txt\r\n\r\nfile\r\n--i--\r\n";
    let raw = format!(
        "MIME-Version: 1.0\r\nContent-Type: multipart/encrypted; \
         protocol=\"application/pgp-encrypted\"; boundary=b\r\nFrom: {KIM}\r\nMessage-ID: <1@x>",
    );
    let body = format!(
        "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n--b\r\n\
         Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n{}\r\n--b--",
        sealed(inner).replace('\n', "\r\n")
    );
    take(&world, &raw, &body);
    world.app().deliver().unwrap();
    let letters = world.courier.letters.lock().unwrap().clone();
    let code = letters.into_iter().find_map(|l| l.body.code).unwrap();
    let shown = opens(code.reveal());
    assert!(!shown.contains("canary"), "{shown}");
    let file = "3b9c358f36f0a31b6ad3e14f309c7cf198ac9246e8316f9ce543d5b19ac02b80";
    assert!(!shown.contains(file), "{shown}");
}

/// On whichever way a mail comes in, it is opened as one: by the mail server, handed in by
/// somebody, or out of the list of what waits for a look.
#[test]
fn an_encrypted_mail_that_is_handed_in_is_opened_as_a_mail() {
    let (world, ada, rita) = world();
    let inner = "Content-Type: text/plain\r\nSubject: canary-subject\r\n\r\ncanary-wrapped\r\n";
    let raw = |more: &str| {
        format!(
            "From: {KIM}\r\nSubject: ...\r\n{more}MIME-Version: 1.0\r\nContent-Type: \
             multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n\r\n--b\r\n\
             Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n--b\r\nContent-Type: \
             application/octet-stream; name=encrypted.asc\r\n\r\n{}\r\n--b--\r\n",
            rita.seal(&world, inner).replace('\n', "\r\n")
        )
    };
    let mut input = report(&[
        ("came_by", "mail"),
        ("received_date", "2036-06-01"),
        ("received_time", "07:00"),
    ]);
    let mut other = input.clone();
    other
        .fields
        .insert("description".to_owned(), "In words of the team.".to_owned());
    other.files = vec![file("mail.eml", raw("").as_bytes())];
    let receipt = world.app().hand_in(&ada, "lanternfish", other).unwrap();
    assert!(room(&world, &receipt.code).contains("The team reads it."));
    input.files = vec![file("mail.eml", raw("").as_bytes())];
    world.app().hand_in(&ada, "lanternfish", input).unwrap();
    let junk = raw("X-Spam-Flag: YES\r\nMessage-ID: <9@x>\r\n");
    let (head, body) = junk.split_once("\r\n\r\n").unwrap();
    take(&world, head, body);
    let waiting = world.app().held_mails(&ada, "lanternfish").unwrap().waiting;
    let settled = world
        .app()
        .settle_mail(&ada, "lanternfish", &waiting[0].id, ("report", ""));
    settled.unwrap();
    let shown = pages(&world, &ada);
    assert_eq!(shown.len(), 3);
    for page in shown
        .iter()
        .filter(|page| !page.contains("In words of the team."))
    {
        for told in ["canary-subject", "canary-wrapped", "was opened with"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        assert!(!page.contains("opened.txt"), "{page}");
    }
}
