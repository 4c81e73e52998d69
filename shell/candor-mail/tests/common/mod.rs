//! Letters to test with.

use candor_base::{CaseRef, Instant, Sensitive};
use candor_case::MailKind;
use candor_ports::{Letter, LetterBody, LetterDate, LetterKind};

pub(crate) fn letter(kind: MailKind, to_reporter: bool) -> Letter {
    let address = if to_reporter {
        "rita@reporter.test"
    } else {
        "team@project.test"
    };
    Letter {
        to: Sensitive::new(address.to_owned()),
        key: "case1:4:0:reporter".to_owned(),
        thread: "thread-of-case1".to_owned(),
        at: "2026-11-22T10:00:00Z".parse::<Instant>().unwrap(),
        answers_to: None,
        reports_to: None,
        sealing: None,
        body: LetterBody {
            kind: LetterKind::Case(kind),
            program: "ThreatDex".to_owned(),
            reference: Some("TDX-7K3F-9QMA".parse::<CaseRef>().unwrap()),
            to_reporter,
            dates: vec![LetterDate {
                what: "A person answers you".to_owned(),
                when: "Tue 24 Nov 2026, 11:00:00 Europe/Oslo (2026-11-24 10:00:00 UTC)".to_owned(),
                note: Some("target".to_owned()),
            }],
            promise: Some("A person answers you within 48 hours".to_owned()),
            link: "https://reports.project.test/p/threatdex/room".to_owned(),
            follow_up: to_reporter.then(|| {
                "If you hear nothing within two business days, press “Follow up” in your room."
                    .to_owned()
            }),
            code: None,
            answerable: false,
            key_refused: None,
        },
    }
}
