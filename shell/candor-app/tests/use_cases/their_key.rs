//! Letters to a reporter who has an OpenPGP key (S1-13, rules M-8 and M-11).

use candor_app::input::SubmitError;
use candor_app::{ArrivedMail, MailAnswer};
use candor_ports::{Letter, OwnKey};

use crate::common::{World, act, report};

const KIM: &str = "kim@reporter.test";
const SLUG: &str = "lanternfish";

/// A world whose clock is not before that of the machine, which signs keys.
fn world() -> (World, String) {
    let world = World::taking_mail();
    world.at("2036-06-01T08:00:00Z");
    world.app().make_missing_keys().unwrap();
    let ada = world.set_up();
    (world, ada)
}

fn key(user: &str) -> OwnKey {
    let at = "2026-11-24T00:00:00Z".parse().unwrap();
    candor_testkit::open_pgp().make(user, at).unwrap()
}

fn letters(world: &World, to: &str) -> Vec<Letter> {
    world.app().deliver().unwrap();
    let all = world.courier.letters.lock().unwrap().clone();
    all.into_iter().filter(|l| l.to.reveal() == to).collect()
}

fn said(letter: &Letter) -> Option<&str> {
    let said = letter.sealing.as_ref()?.said.as_ref()?;
    Some(said.reveal().as_str())
}

/// Files a report in the form; gives the session of its room and its reference.
fn filed(world: &World, key: &str) -> (String, String) {
    let fields = [
        ("summary", "Overflow"),
        ("description", "The parser overflows."),
        ("email", KIM),
        ("openpgp_key", key),
    ];
    let receipt = world.app().submit_report(SLUG, report(&fields)).unwrap();
    let session = world.app().enter_room(SLUG, &receipt.code).unwrap();
    (session, receipt.reference)
}

fn write(world: &World, ada: &str, reference: &str, text: &str) {
    let said = act("say", &[("lane", "reporter"), ("message", text)]);
    world.app().desk_act(ada, SLUG, reference, said).unwrap();
}

#[test]
fn s1_13_what_the_team_writes_reaches_whoever_named_a_key_encrypted() {
    let (world, ada) = world();
    let kim = key("Kim <kim@reporter.test>");
    let (session, reference) = filed(&world, &kim.armored);
    write(&world, &ada, &reference, "canary-reply");
    let all = letters(&world, KIM);
    assert!(all.iter().all(|l| l.sealing.is_some()), "{all:?}");
    let with: Vec<&Letter> = all.iter().filter(|l| said(l).is_some()).collect();
    assert_eq!(said(with[0]), Some("canary-reply"));
    assert_eq!(with.len(), 1, "the receipt holds no message");
    // Nothing of it stands where a letter in clear would hold it.
    assert!(!format!("{:?}", with[0].body).contains("canary"));
    let room = world.app().room(SLUG, &session).unwrap();
    let shown = room.key.unwrap();
    assert_eq!(shown.fingerprint.replace(' ', ""), kim.fingerprint);
    let page = world.app().case_page(&ada, SLUG, &reference).unwrap();
    assert!(format!("{page:?}").contains("Letters to the reporter are encrypted to it"));
}

#[test]
fn a_note_of_the_team_is_in_no_letter() {
    let (world, ada) = world();
    let (_, reference) = filed(&world, &key("Kim").armored);
    let note = act("say", &[("lane", "team"), ("message", "canary-note")]);
    world.app().desk_act(&ada, SLUG, &reference, note).unwrap();
    write(&world, &ada, &reference, "Thank you.");
    let all = letters(&world, KIM);
    assert!(all.iter().any(|l| said(l) == Some("Thank you.")));
    assert!(
        !all.iter()
            .any(|l| said(l).is_some_and(|t| t.contains("canary")))
    );
}

#[test]
fn a_key_that_cannot_be_used_is_said_and_the_report_is_not_lost() {
    let (world, _) = world();
    let send = |key: &str| {
        let fields = [("summary", "x"), ("email", KIM), ("openpgp_key", key)];
        world.app().submit_report(SLUG, report(&fields))
    };
    for wrong in ["no key", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabc\n"] {
        let Err(SubmitError::Form(form)) = send(wrong) else {
            panic!("{wrong} was taken for a key");
        };
        assert_eq!(form.errors[0].field, "openpgp_key");
        assert!(form.errors[0].message.contains("leave this field empty"));
    }
    assert!(send("").is_ok());
}

/// Rule M-11, and never a silent step back: an old key is not replaced by none.
#[test]
fn a_key_that_ended_turns_letters_into_a_call_and_not_into_clear_text() {
    let Some(gpg) = candor_cluster::Gpg::start() else {
        return;
    };
    let (world, _) = world();
    gpg.key(KIM, "future-default", "2036-07-01");
    let kim = String::from_utf8(gpg.certificate(KIM)).unwrap();
    let (_, reference) = filed(&world, &kim);
    assert!(letters(&world, KIM)[0].sealing.is_some());
    world.at("2036-07-03T08:00:00Z");
    let ada = world.sign_in_again("ada");
    write(&world, &ada, &reference, "canary-reply");
    let all = letters(&world, KIM);
    let last = all.last().unwrap();
    assert!(last.sealing.is_none() && !format!("{last:?}").contains("canary"));
    assert!(last.body.key_refused.as_ref().unwrap().contains("expired"));
    let page = world.app().case_page(&ada, SLUG, &reference).unwrap();
    assert!(format!("{page:?}").contains("It cannot be used"));
}

#[test]
fn the_room_names_changes_and_takes_back_the_key_and_nothing_else_does() {
    let (world, ada) = world();
    let (session, reference) = filed(&world, "");
    let choose = |fields: &[(&str, &str)]| {
        let fields = act("choose_key", fields);
        world.app().room_act(SLUG, &session, fields)
    };
    let last = || letters(&world, KIM).pop().unwrap();
    write(&world, &ada, &reference, "one");
    assert!(last().sealing.is_none());
    assert!(choose(&[("letters", "key"), ("key", "none")]).is_err());
    assert!(choose(&[]).is_err(), "an empty form changes nothing");
    let kim = key("Somebody else");
    choose(&[("letters", "key"), ("key", &kim.armored)]).unwrap();
    assert!(choose(&[("letters", "key"), ("key", &kim.armored)]).is_err());
    world.wait(700);
    write(&world, &ada, &reference, "two");
    assert_eq!(said(&last()), Some("two"));
    let another = key("Eve <kim@reporter.test>");
    let eve = format!(
        "From: {KIM}\r\nSubject: Re\r\nMessage-ID: <9@reporter.test>\r\n\r\n{}\r\n",
        another.armored.replace('\n', "\r\n")
    );
    let tail = last().answers_to.unwrap();
    let mail = ArrivedMail {
        to: &tail,
        from: Some(KIM),
        bytes: eve.as_bytes(),
    };
    assert_eq!(world.app().take_mail(&mail).unwrap(), MailAnswer::Stored);
    let shown = world.app().room(SLUG, &session).unwrap().key.unwrap();
    assert_eq!(shown.fingerprint.replace(' ', ""), kim.fingerprint);
    choose(&[("letters", "plain")]).unwrap();
    world.wait(700);
    write(&world, &ada, &reference, "three");
    assert!(last().sealing.is_none() && last().body.key_refused.is_none());
    assert_eq!(world.app().room(SLUG, &session).unwrap().key, None);
}

/// A key that lies with a mail as evidence is somebody else's: only one that names the
/// sender's address is theirs.
#[test]
fn a_key_that_came_along_with_a_mail_counts_where_it_names_its_sender() {
    let (world, _) = world();
    let take = |n: u32, key: &OwnKey| {
        let raw = format!(
            "From: k{n}@reporter.test\r\nSubject: Overflow\r\nMessage-ID: <{n}@reporter.test>\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n\
             Content-Type: text/plain\r\n\r\nThe parser overflows.\r\n--b\r\nContent-Type: \
             application/pgp-keys; name=\"key.asc\"\r\nContent-Disposition: attachment; \
             filename=\"key.asc\"\r\n\r\n{}\r\n--b--\r\n",
            key.armored.replace('\n', "\r\n")
        );
        let mail = ArrivedMail {
            to: "security@lanternfish.io",
            from: Some("k@reporter.test"),
            bytes: raw.as_bytes(),
        };
        assert_eq!(world.app().take_mail(&mail).unwrap(), MailAnswer::Stored);
        letters(&world, &format!("k{n}@reporter.test")).remove(0)
    };
    let theirs = take(1, &key("Kim <K1@reporter.test>"));
    assert!(theirs.sealing.is_some());
    assert!(theirs.body.code.is_some(), "the code is safe in it");
    let others = take(2, &key("Vic <vic@victim.test>"));
    assert!(others.sealing.is_none() && others.body.code.is_some());
}
