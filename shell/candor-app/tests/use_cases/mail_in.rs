//! Mail that arrives: reports, answers, reports on letters, and what a person has to look at.

use candor_access::view::HeldMailsView;
use candor_app::input::ActError;
use candor_app::{ArrivedMail, MailAnswer};
use candor_case::MailKind;
use candor_ports::{Letter, LetterKind};

use crate::common::{FULL, World, act};
use crate::road::submit;

const ADDRESS: &str = "security@lanternfish.io";
const KIM: &str = "kim@reporter.test";

/// A mail as a server hands it over.
fn mail(head: &str, text: &str) -> String {
    format!(
        "Received: from there by here; Mon, 01 Jun 2026 08:00:00 +0000\r\n{head}\r\n\r\n{text}\r\n"
    )
}

fn take(world: &World, to: &str, from: Option<&str>, raw: &str) -> MailAnswer {
    let arrived = ArrivedMail {
        to,
        from,
        bytes: raw.as_bytes(),
    };
    world.app().take_mail(&arrived).unwrap()
}

fn from_kim(world: &World, id: &str, text: &str) -> MailAnswer {
    let head =
        format!("From: Kim <{KIM}>\r\nSubject: Overflow\r\nMessage-ID: <{id}@reporter.test>");
    take(world, ADDRESS, Some(KIM), &mail(&head, text))
}

fn letters(world: &World) -> Vec<Letter> {
    world.app().deliver().unwrap();
    world.courier.letters.lock().unwrap().clone()
}

fn to_kim(world: &World) -> Vec<Letter> {
    let mut all = letters(world);
    all.retain(|l| l.to.reveal() == KIM);
    all
}

fn references(world: &World, ada: &str) -> Vec<String> {
    let inbox = world.app().inbox(ada, "lanternfish", "open").unwrap();
    inbox.rows.into_iter().map(|r| r.reference).collect()
}

fn held(world: &World, ada: &str) -> HeldMailsView {
    world.app().held_mails(ada, "lanternfish").unwrap()
}

#[test]
fn a_mail_to_the_address_of_the_policy_becomes_a_case_once() {
    let world = World::taking_mail();
    let ada = world.set_up();
    let text = "The parser overflows.\nCredit: Kim of the Reef";
    assert_eq!(from_kim(&world, "1", text), MailAnswer::Stored);
    assert_eq!(
        from_kim(&world, "1", text),
        MailAnswer::Stored,
        "sent again"
    );
    let all = references(&world, &ada);
    assert_eq!(all.len(), 1);
    let page = world.app().case_page(&ada, "lanternfish", &all[0]).unwrap();
    assert_eq!(page.report.channel, "mail");
    let shown = format!("{page:?}");
    assert!(shown.contains("The parser overflows.") && shown.contains("mail.eml"));
    assert!(shown.contains("Kim of the Reef"), "S1-36");
    // Its reporter gets a receipt with the code, once, and can enter with it.
    let [receipt] = to_kim(&world).try_into().unwrap();
    assert_eq!(receipt.body.kind, LetterKind::Case(MailKind::Receipt));
    let code = receipt.body.code.unwrap();
    world
        .app()
        .enter_room("lanternfish", code.reveal())
        .unwrap();
    world
        .desk(
            &ada,
            &all[0],
            act("say", &[("lane", "reporter"), ("message", "Thank you.")]),
        )
        .unwrap();
    let [_, second] = to_kim(&world).try_into().unwrap();
    assert!(second.body.code.is_none(), "the code travels once");
}

#[test]
fn an_answer_goes_into_the_case_by_its_address_and_its_sender_only() {
    let world = World::taking_mail();
    let ada = world.set_up();
    from_kim(&world, "1", "The parser overflows.");
    let reference = references(&world, &ada).remove(0);
    let to = to_kim(&world)[0].answers_to.clone().unwrap();
    let answer = |from: &str, head: &str| {
        let head = format!("From: {from}\r\nSubject: Re: [{reference}]\r\n{head}");
        take(
            &world,
            &to,
            Some(from),
            &mail(&head, "More details: canary."),
        )
    };
    let said = || {
        let page = world
            .app()
            .case_page(&ada, "lanternfish", &reference)
            .unwrap();
        format!("{page:?}").matches("More details: canary.").count()
    };
    answer(KIM, "Message-ID: <2@reporter.test>");
    answer(KIM, "Message-ID: <2@reporter.test>");
    assert_eq!(said(), 1, "the same answer again");
    assert_eq!(held(&world, &ada).waiting.len(), 0);
    // Somebody else who saw the address, a forged one, a machine.
    answer("eve@reporter.test", "Message-ID: <3@reporter.test>");
    let forged = "Authentication-Results: mx.lanternfish.io; dmarc=fail header.from=reporter.test";
    answer(KIM, &format!("Message-ID: <4@reporter.test>\r\n{forged}"));
    answer(
        KIM,
        "Message-ID: <5@reporter.test>\r\nAuto-Submitted: auto-replied",
    );
    answer(
        KIM,
        "Message-ID: <6@reporter.test>\r\nFrom: kim@reporter.test",
    );
    assert_eq!(said(), 1);
    let waiting = held(&world, &ada).waiting;
    assert_eq!(waiting.len(), 4, "{waiting:?}");
    assert!(
        waiting
            .iter()
            .all(|m| m.case.as_deref() == Some(reference.as_str()))
    );
    // Half a year later the address has ended.
    world.wait(181 * 86_400);
    let late = "From: kim@reporter.test\r\nMessage-ID: <7@reporter.test>";
    let late = take(&world, &to, Some(KIM), &mail(late, "More details: canary."));
    assert_eq!(late, MailAnswer::NoSuchAddress);
    let ada = world.sign_in_again("ada");
    let page = world
        .app()
        .case_page(&ada, "lanternfish", &reference)
        .unwrap();
    assert_eq!(
        format!("{page:?}").matches("More details: canary.").count(),
        1
    );
}

/// Abuse case 5 of the threat model: nothing that can be written into a mail enters a case.
#[test]
fn five_hundred_forged_mails_enter_no_case_and_add_nobody() {
    let world = World::taking_mail();
    let ada = world.set_up();
    from_kim(&world, "1", "The parser overflows.");
    let form = submit(&world, FULL);
    let reference = references(&world, &ada)
        .into_iter()
        .find(|r| *r != form.reference)
        .unwrap();
    let to = to_kim(&world)[0].answers_to.clone().unwrap();
    let (head, hash) = to.split_once('@').unwrap().0.rsplit_once('.').unwrap();
    let thread = to_kim(&world)[0].thread.clone();
    let events = |reference: &str| {
        let page = world
            .app()
            .case_page(&ada, "lanternfish", reference)
            .unwrap();
        (page.seq, format!("{:?}", page.parties))
    };
    let before = (events(&reference), events(&form.reference));
    let subjects = [
        format!("Re: [{reference}] news"),
        format!("[{}]", reference.to_lowercase()),
        format!("=?utf-8?B?W1wwXQ==?= [{reference}]"),
        "Re: your report".to_owned(),
        format!("Fwd: Re: [EXT] [{}]", form.reference),
    ];
    let senders = [
        KIM.to_owned(),
        format!("Kim <{KIM}>, eve@evil.test"),
        format!("\"{KIM}\" <eve@evil.test>"),
        format!("=?utf-8?Q?{KIM}?= <eve@evil.test>"),
        "ada@team.example.org".to_owned(),
    ];
    let more = [
        format!("In-Reply-To: <{thread}@lanternfish.io>"),
        format!("References: <x@y> <{thread}@lanternfish.io>"),
        format!("Reply-To: {to}\r\nX-Candor-Case: {reference}"),
        format!("Cc: mallory@evil.test\r\nIn-Reply-To: <{thread}@lanternfish.io>"),
        format!("Sender: {KIM}\r\nReturn-Path: <{KIM}>\r\nReferences: <{thread}@lanternfish.io>"),
    ];
    let flip = |at: usize| {
        let mut hash: Vec<char> = hash.chars().collect();
        hash[at % 20] = if hash[at % 20] == '0' { '1' } else { '0' };
        format!(
            "{head}.{}@lanternfish.io",
            hash.into_iter().collect::<String>()
        )
    };
    let other_tag = to.replace(".r", ".p1-");
    let mut sent = 0;
    for (n, subject) in subjects.iter().enumerate() {
        for (m, sender) in senders.iter().enumerate() {
            for (k, extra) in more.iter().enumerate() {
                let recipients = [
                    ADDRESS.to_owned(),
                    flip(n + m * 5 + k),
                    format!("security+{}", to.split_once('+').unwrap().1),
                    other_tag.clone(),
                ];
                for to in recipients {
                    let id = format!("forged-{n}-{m}-{k}-{sent}@evil.test");
                    let head = format!(
                        "From: {sender}\r\nSubject: {subject}\r\nMessage-ID: <{id}>\r\n{extra}"
                    );
                    take(&world, &to, Some(KIM), &mail(&head, "canary-forged"));
                    sent += 1;
                    if sent % 40 == 0 {
                        world.wait(3_600);
                    }
                }
            }
        }
    }
    assert_eq!(sent, 500);
    let ada = world.sign_in_again("ada");
    let after = |reference: &str| {
        let page = world
            .app()
            .case_page(&ada, "lanternfish", reference)
            .unwrap();
        assert!(!format!("{page:?}").contains("canary-forged"));
        (page.seq, format!("{:?}", page.parties))
    };
    let (one, two) = (after(&reference), after(&form.reference));
    assert_eq!(one.1, before.0.1);
    assert_eq!(two.1, before.1.1);
}

/// Abuse case 6: an address is no target.
#[test]
fn ten_thousand_mails_in_the_name_of_a_victim_send_one_letter() {
    let world = World::taking_mail();
    world.set_up();
    let victim = "victim@bystander.test";
    for n in 0..10_000 {
        let head = format!("From: {victim}\r\nSubject: x\r\nMessage-ID: <{n}@evil.test>");
        take(&world, ADDRESS, Some(victim), &mail(&head, "x"));
        if n % 2_500 == 0 {
            world.app().deliver().unwrap();
        }
    }
    let mut all = letters(&world);
    all.retain(|l| l.to.reveal() == victim);
    assert!(all.len() <= 1, "{}", all.len());
    // Of another house than its envelope: nothing at all.
    let head = "From: second@bystander.test\r\nSubject: x\r\nMessage-ID: <z@evil.test>";
    world.wait(3_700);
    take(&world, ADDRESS, Some("eve@evil.test"), &mail(head, "x"));
    assert!(
        !letters(&world)
            .iter()
            .any(|l| l.to.reveal() == "second@bystander.test")
    );
}

#[test]
fn two_machines_that_answer_each_other_end_in_one_round() {
    let world = World::taking_mail();
    world.set_up();
    let robot = "robot@reporter.test";
    // A machine that hides what it is, and answers whatever it gets.
    let head = format!("From: {robot}\r\nSubject: I am away\r\nMessage-ID: <0@reporter.test>");
    take(&world, ADDRESS, Some(robot), &mail(&head, "I am away."));
    let mut rounds = 0;
    let mut answered = 0;
    for n in 1..20 {
        let all = letters(&world);
        let new: Vec<Letter> = all
            .into_iter()
            .filter(|l| l.to.reveal() == robot)
            .skip(answered)
            .collect();
        if new.is_empty() {
            break;
        }
        rounds += 1;
        answered += new.len();
        for letter in new {
            let to = letter
                .answers_to
                .clone()
                .unwrap_or_else(|| ADDRESS.to_owned());
            let head = format!(
                "From: {robot}\r\nSubject: Re: I am away\r\nMessage-ID: <{n}@reporter.test>"
            );
            take(&world, &to, Some(robot), &mail(&head, "I am away."));
        }
    }
    assert_eq!(rounds, 1);
}

#[test]
fn a_letter_that_comes_back_shows_on_its_case() {
    let world = World::taking_mail();
    let ada = world.set_up();
    from_kim(&world, "1", "The parser overflows.");
    let reference = references(&world, &ada).remove(0);
    let back = to_kim(&world)[0].reports_to.clone().unwrap();
    let report = |action: &str| {
        format!(
            "From: MAILER-DAEMON@mx.test\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; \
             report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n\
             Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n\
             Final-Recipient: rfc822; {KIM}\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
        )
    };
    let failed = || {
        let page = world
            .app()
            .case_page(&ada, "lanternfish", &reference)
            .unwrap();
        format!("{page:?}").contains("5.1.1")
    };
    take(&world, &back, None, &report("delayed"));
    assert!(!failed());
    assert_eq!(
        take(&world, &back, None, &report("failed")),
        MailAnswer::Stored
    );
    assert!(failed());
    // The team is told of it by letter; when that comes back as well, nothing more is written.
    let seq = || {
        let page = world.app().case_page(&ada, "lanternfish", &reference);
        page.unwrap().seq
    };
    let before = seq();
    let told = letters(&world);
    let told = told
        .iter()
        .rfind(|l| l.body.kind == LetterKind::Case(MailKind::MailFailed))
        .unwrap();
    let to = told.reports_to.clone().unwrap();
    take(&world, &to, None, &report("failed"));
    assert_eq!(seq(), before);
    // A report on delivery to the public address is only something to look at.
    take(&world, ADDRESS, None, &report("failed"));
    assert_eq!(held(&world, &ada).waiting.len(), 1);
    assert_eq!(references(&world, &ada).len(), 1);
}

/// A mail server of the site may say so before Candor has written down that it has the letter.
#[test]
fn a_letter_that_comes_back_before_it_is_settled_shows_on_its_case() {
    let Some(world) = World::taking_mail_on_postgres() else {
        return;
    };
    let ada = world.set_up();
    let (another, courier) = (world.another(), std::sync::Arc::clone(&world.courier));
    *world.courier.meanwhile.0.lock().unwrap() = Some(Box::new(move || {
        let letter = courier.letters.lock().unwrap().last().cloned().unwrap();
        if letter.to.reveal() != KIM {
            return;
        }
        let bytes = "From: MAILER-DAEMON@mx.test\r\nMIME-Version: 1.0\r\nContent-Type: \
            multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n\
            --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n\
            Final-Recipient: rfc822; kim@reporter.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n";
        let back = ArrivedMail {
            to: &letter.reports_to.unwrap(),
            from: None,
            bytes: bytes.as_bytes(),
        };
        assert_eq!(another.take_mail(&back).unwrap(), MailAnswer::Stored);
    }));
    from_kim(&world, "1", "The parser overflows.");
    let reference = references(&world, &ada).remove(0);
    assert_eq!(to_kim(&world).len(), 1);
    let page = world.app().case_page(&ada, "lanternfish", &reference);
    let page = page.unwrap();
    assert!(
        page.alarms.iter().any(|n| n.contains("did not arrive")),
        "{page:?}"
    );
}

/// Rule M-7: the promise that a letter had met counts again when that letter comes back.
#[test]
fn a_letter_that_comes_back_reopens_the_promise_it_had_met() {
    let world = World::taking_mail();
    let ada = world.set_up();
    from_kim(&world, "1", "The parser overflows.");
    let reference = references(&world, &ada).remove(0);
    let answer = act("acknowledge", &[("message", "Thank you, we look at it.")]);
    world.desk(&ada, &reference, answer).unwrap();
    let met = || {
        let page = world.app().case_page(&ada, "lanternfish", &reference);
        let clocks = page.unwrap().clocks;
        let first = clocks.into_iter().find(|c| c.what.contains("person"));
        first.unwrap().look
    };
    let kept = met();
    world.app().deliver().unwrap();
    let told = to_kim(&world);
    let told = told
        .iter()
        .rfind(|l| l.body.kind == LetterKind::Case(MailKind::YouHaveAMessage))
        .unwrap();
    let back = told.reports_to.clone().unwrap();
    let report = format!(
        "From: MAILER-DAEMON@mx.test\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; \
         report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n\
         Final-Recipient: rfc822; {KIM}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    );
    take(&world, &back, None, &report);
    assert_ne!(met(), kept);
    let page = world.app().case_page(&ada, "lanternfish", &reference);
    assert!(format!("{:?}", page.unwrap()).contains("counts again: the reporter was not reached"));
}

#[test]
fn a_mail_that_cannot_be_read_or_opened_is_a_case_all_the_same() {
    let world = World::taking_mail();
    let ada = world.set_up();
    let sealed = "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----";
    from_kim(&world, "1", sealed);
    take(&world, ADDRESS, Some(KIM), "\r\n\r\nno header at all\r\n");
    let all = references(&world, &ada);
    assert_eq!(all.len(), 2);
    for reference in all {
        let page = world
            .app()
            .case_page(&ada, "lanternfish", &reference)
            .unwrap();
        assert!(!page.clocks.is_empty(), "its clocks run");
        assert!(format!("{page:?}").contains("mail.eml"));
    }
}

/// S3-26: an enquiry that is no report is answered and filed without a case; S1-21: junk is
/// listed for a person.
#[test]
fn what_waits_becomes_what_a_person_says_it_is() {
    let world = World::taking_mail();
    let ada = world.set_up();
    let grace = world.colleague(&ada, "grace", "member");
    let case = submit(&world, FULL);
    for n in 0..4 {
        let head = format!(
            "From: lee@vendor.test\r\nSubject: Question {n}\r\nMessage-ID: <{n}@vendor.test>\r\n\
             X-Spam-Flag: YES"
        );
        let stored = take(
            &world,
            ADDRESS,
            Some("lee@vendor.test"),
            &mail(&head, "canary-held"),
        );
        assert_eq!(stored, MailAnswer::Stored);
    }
    assert_eq!(references(&world, &ada).len(), 1, "no case yet");
    let inbox = world.app().inbox(&grace, "lanternfish", "open").unwrap();
    assert_eq!(inbox.mails, 4);
    world.app().housekeeping().unwrap();
    world.app().housekeeping().unwrap();
    let waits = |l: &&Letter| matches!(l.body.kind, LetterKind::MailWaits { mails: 4 });
    assert_eq!(
        letters(&world).iter().filter(waits).count(),
        1,
        "owners, once a day"
    );
    let arrived = world.now();
    world.wait(7_200);
    let (ada, grace) = (world.sign_in_again("ada"), world.sign_in_again("grace"));
    let room = world.app().enter_room("lanternfish", &case.code).unwrap();
    let subjects: Vec<String> = held(&world, &ada)
        .waiting
        .into_iter()
        .map(|m| m.subject)
        .collect();
    let ids: Vec<String> = held(&world, &ada)
        .waiting
        .into_iter()
        .map(|m| m.id)
        .collect();
    let settle = |id: &str, what: &str, case: &str| {
        world
            .app()
            .settle_mail(&grace, "lanternfish", id, (what, case))
    };
    // A report: a case whose clocks count from when the mail came.
    settle(&ids[0], "report", "").unwrap();
    let new = references(&world, &ada)
        .into_iter()
        .find(|r| *r != case.reference);
    let page = world
        .app()
        .case_page(&ada, "lanternfish", &new.unwrap())
        .unwrap();
    let from = page.clocks.iter().map(|c| c.from.at).min().unwrap();
    assert_eq!(from, arrived);
    // Into a case: the team reads it, the reporter does not.
    let unknown = settle(&ids[1], "attach", "LAN-0000-0000");
    assert!(matches!(unknown, Err(ActError::Fields(_))), "{unknown:?}");
    settle(&ids[1], "attach", &case.reference.to_lowercase()).unwrap();
    let page = world
        .app()
        .case_page(&ada, "lanternfish", &case.reference)
        .unwrap();
    assert!(format!("{page:?}").contains("canary-held"));
    let room = world.app().room("lanternfish", &room).unwrap();
    assert!(!format!("{room:?}").contains("canary-held"));
    settle(&ids[2], "enquiry", "").unwrap();
    settle(&ids[3], "junk", "").unwrap();
    let again = settle(&ids[3], "report", "").unwrap();
    assert!(again.contains("Nothing was changed"));
    assert_eq!(references(&world, &ada).len(), 2);
    let all = held(&world, &ada);
    assert_eq!((all.waiting.len(), all.settled.len()), (0, 4));
    let kept = |id: &str| {
        let raw = world.app().held_mail(&grace, "lanternfish", id).unwrap();
        String::from_utf8(raw).unwrap().contains("canary-held")
    };
    assert!(kept(&ids[2]) && kept(&ids[3]));
    // What lies in a case lies nowhere else: erased there, it is gone.
    assert!(!kept(&ids[0]) && !kept(&ids[1]));
    let lines = format!("{:?}", all.settled);
    for (n, subject) in subjects.iter().enumerate() {
        assert_eq!(lines.contains(subject), n > 1, "{subject}");
    }
    let foreign = world
        .app()
        .held_mail(&grace, "lanternfish", &"0".repeat(32));
    assert!(matches!(foreign, Err(ActError::NotFound)));
}

#[test]
fn a_flood_waits_for_a_look_and_then_at_the_mail_server() {
    let world = World::taking_mail();
    let ada = world.set_up();
    let mut said = Vec::new();
    for n in 0..600 {
        said.push(from_kim(
            &world,
            &format!("flood-{n}"),
            &format!("Text {n}"),
        ));
    }
    assert_eq!(references(&world, &ada).len().min(50), 50);
    let inbox = world.app().inbox(&ada, "lanternfish", "open").unwrap();
    assert_eq!((inbox.counts[0], inbox.mails), (60, 500));
    assert_eq!(said.iter().filter(|s| **s == MailAnswer::Later).count(), 40);
    assert_eq!(said[559], MailAnswer::Stored);
    assert_eq!(said[560], MailAnswer::Later);
}

#[test]
fn nobody_learns_from_an_address_whether_a_case_exists() {
    let world = World::taking_mail();
    let ada = world.set_up();
    from_kim(&world, "1", "The parser overflows.");
    let reference = references(&world, &ada).remove(0);
    let letters: String = reference
        .split('-')
        .skip(1)
        .collect::<String>()
        .to_lowercase();
    let hash = "0".repeat(20);
    for base in ["answer", "security"] {
        let there = format!("{base}+{letters}.r20820.{hash}@lanternfish.io");
        let not_there = format!("{base}+00000000.r20820.{hash}@lanternfish.io");
        let known = |to: &str| world.app().takes_mail_for(to).unwrap();
        assert_eq!(known(&there), known(&not_there), "{base}");
    }
    for nobody in ["", "x", "@", "nobody@lanternfish.io", "security@other.test"] {
        assert!(!world.app().takes_mail_for(nobody).unwrap(), "{nobody}");
    }
    assert!(
        world
            .app()
            .takes_mail_for("Security+anything@LANTERNFISH.io")
            .unwrap()
    );
}
