//! Fixed views for the snapshot tests: one case of a made-up project, half-way.

mod around;
mod desk;
mod erasure;
mod policy;

pub(crate) use desk::{
    alarms, case, found, held_mails, inbox, passkeys, people, published_case, sessions, settings,
    sign_ins,
};
pub(crate) use erasure::{erased, erasure};
pub(crate) use policy::{history, policy_desk, preview};

use std::collections::BTreeMap;

use candor_access::view::{
    AdvisoryCard, ClauseLine, ClockLook, ClockView, CountTable, FieldView, FileView, PgpKeyView,
    PolicyPageView, PolicySection, ProgramCard, PromiseView, ReceiptView, ReportFormView, RoomView,
    ShareLine, StatLine, StatisticsView, TheirKeyView, TimeLine, When,
};
use candor_access::{ContentKey, Demand, Lane, MessageKind};
use candor_base::{Finding, Level, Span};

use crate::style::{moment, sample_clock, sample_message, sample_steps};

pub(crate) fn text(text: &str) -> String {
    text.to_owned()
}

pub(crate) fn pair(one: &str, two: &str) -> (String, String) {
    (text(one), text(two))
}

pub(crate) fn at(hours: i64, relative: &str) -> When {
    moment(hours, relative).unwrap()
}

pub(crate) fn program() -> ProgramCard {
    ProgramCard {
        slug: text("lumen"),
        name: text("Lumen"),
        promise: Some(text("A person answers you within 48 hours")),
    }
}

pub(crate) fn line(id: &str, words: &str, at: u32) -> ClauseLine {
    ClauseLine {
        id: text(id),
        text: text(words),
        lines: Some(format!("line {at}")),
        note: None,
    }
}

pub(crate) fn promises() -> Vec<PromiseView> {
    let promise = |words: &str, firmness: &str, has_clock, at: u32| PromiseView {
        text: text(words),
        firmness: text(firmness),
        has_clock,
        by_candor: false,
        quote: Some(format!("{words}.")),
        lines: Some(format!("line {at}")),
    };
    vec![
        promise("A person answers you within 48 hours", "promise", true, 34),
        promise(
            "You get a first assessment within 5 business days",
            "target",
            true,
            35,
        ),
        promise(
            "How long a fix takes varies by severity",
            "no number given",
            false,
            37,
        ),
        PromiseView {
            text: text("You hear from us at least every 14 days"),
            firmness: text("Candor's own rhythm"),
            has_clock: true,
            by_candor: true,
            quote: None,
            lines: None,
        },
    ]
}

pub(crate) fn policy() -> PolicyPageView {
    let mut stated = line("no-zone", "The policy names no time zone.", 0);
    stated.lines = None;
    stated.note = Some(text("not stated"));
    PolicyPageView {
        repository: Some("https://github.com/example/threatdex".into()),
        program: program(),
        promises: promises(),
        calendar: text(
            "Business days are Monday to Friday, UTC, no holidays: Candor's default, the policy does not say.",
        ),
        public_ban: vec![line(
            "ban",
            "Do not report security vulnerabilities through public issues.",
            20,
        )],
        channels: vec![
            line("form", "The form on this page.", 0),
            line("mail", "Email: security@lumen.example", 22),
        ],
        sections: vec![
            PolicySection {
                id: text("scope"),
                title: text("In scope"),
                intro: Some(text("What the policy covers.")),
                lines: vec![
                    line("api", "Backend API: authentication, authorization", 9),
                    stated,
                ],
            },
            PolicySection {
                id: text("harbour"),
                title: text("Safe harbour"),
                intro: None,
                lines: vec![line(
                    "good-faith",
                    "We will not act against research in good faith.",
                    60,
                )],
            },
        ],
        not_yet_run: vec![line("pgp", "Encrypt with our OpenPGP key.", 24)],
        version: text("3f9a1c02"),
        since: at(-200, "9 days ago"),
        review: Some(text(
            "Reviewed on 1 December 2026; the next review is due in December 2027.",
        )),
        findings: vec![finding()],
        key: Some(PgpKeyView {
            fingerprint: text("15CE 84C3 C112 26ED 0185 C471 5B38 08C3 5539 DE92"),
            address: text("https://sec.example.org/p/lumen/openpgp.asc"),
        }),
        past: None,
    }
}

pub(crate) fn finding() -> Finding {
    Finding {
        code: text("promise-without-number"),
        level: Level::Warning,
        span: Some(Span::line(37)),
        message: text("This promise has no number, so no clock can run."),
        help: text("Say how many days, or set it in the settings."),
    }
}

fn form_field(key: ContentKey, label: &str, demand: Demand) -> FieldView {
    FieldView {
        key,
        label: text(label),
        help: format!("{label}, in the policy's words."),
        demand,
        choices: Vec::new(),
        multiline: !matches!(key, ContentKey::Summary | ContentKey::Component),
        value: String::new(),
        error: None,
    }
}

pub(crate) fn form() -> ReportFormView {
    let mut severity = form_field(ContentKey::Severity, "Severity", Demand::Optional);
    severity.multiline = false;
    severity.choices = vec![text("Critical"), text("High"), text("Medium"), text("Low")];
    ReportFormView {
        program: program(),
        nonce: text("bm9uY2U"),
        fields: vec![
            form_field(ContentKey::Summary, "Summary", Demand::Asked),
            form_field(ContentKey::Description, "Description", Demand::Mandatory),
            severity,
            form_field(ContentKey::Component, "Affected components", Demand::Asked),
            form_field(ContentKey::Steps, "Reproduction steps", Demand::Asked),
            form_field(
                ContentKey::ProofOfConcept,
                "Proof of concept",
                Demand::Optional,
            ),
            form_field(
                ContentKey::Contact,
                "Your contact information",
                Demand::Asked,
            ),
        ],
        version: form_field(ContentKey::Versions, "Affected version", Demand::Asked),
        versions: vec![
            line("v1", "1.x.x: supported", 4),
            line("v0", "< 1.0: not supported", 5),
        ],
        out_of_scope: vec![line(
            "se",
            "Social engineering attacks targeting maintainers",
            17,
        )],
        duties: vec![line(
            "data",
            "Avoid accessing or modifying data belonging to others.",
            63,
        )],
        safe_harbour: vec![line(
            "good-faith",
            "We will not act against research in good faith.",
            60,
        )],
        channels: vec![line("mail", "Email: security@lumen.example", 22)],
        public_ban: vec![line(
            "ban",
            "Do not report security vulnerabilities through public issues.",
            20,
        )],
        when_to_report: vec![line("unsure", "Report also when you are not sure.", 18)],
        incomplete_rule: Some(line(
            "incomplete",
            "Reports without a description cannot be progressed.",
            33,
        )),
        credit: Some(line(
            "credit",
            "With your permission we name you in the advisory.",
            80,
        )),
        promises: promises(),
        max_files_bytes: 25 * 1024 * 1024,
        values: BTreeMap::new(),
        errors: Vec::new(),
        attach_again: false,
    }
}

pub(crate) fn form_with_errors() -> ReportFormView {
    let mut form = form();
    for field in &mut form.fields {
        if field.key == ContentKey::Description {
            field.error = Some(text("Please say what you found."));
        } else if field.key == ContentKey::Summary {
            field.value = text("<script>alert(1)</script> & more");
        }
    }
    form.values.insert(text("certainty"), text("likely"));
    form.values.insert(text("warned"), text("se"));
    form.version.error = Some(text("This line is too long."));
    form.attach_again = true;
    form
}

pub(crate) fn clocks() -> Vec<ClockView> {
    let clock = |look, what: &str, key: &str| {
        let mut clock = sample_clock(look).unwrap();
        clock.what = text(what);
        clock.key = text(key);
        clock
    };
    vec![
        clock(
            ClockLook::Overdue,
            "You get a first assessment",
            "assessment",
        ),
        clock(ClockLook::Running, "The fix is there", "fix"),
        clock(ClockLook::Met, "A person answers you", "acknowledgement"),
    ]
}

pub(crate) fn receipt() -> ReceiptView {
    ReceiptView {
        program: program(),
        reference: text("LUM-7K3F-9QMA"),
        code: text("7K3F-9QMA-2XTR-0WVB-5HJN-8CDE-41"),
        note: text("candor receipt 1\nLUM-7K3F-9QMA\n\n\u{2014} lumen.example/receipts abcd\n"),
        verifier_key: text("lumen.example/receipts+1234abcd+AbCd"),
        received: at(0, "just now"),
        clocks: vec![sample_clock(ClockLook::Running).unwrap()],
        missing: vec![text("Proof of concept")],
        duties: form().duties,
        safe_harbour: form().safe_harbour,
        follow_up: Some(text(
            "If you hear nothing by then, open your report and choose “Follow up”.",
        )),
    }
}

pub(crate) fn room() -> RoomView {
    let message = |lane, kind| sample_message(lane, kind).unwrap();
    RoomView {
        program: program(),
        reference: text("LUM-7K3F-9QMA"),
        title: text("SQL injection in the search endpoint"),
        status: text("The team is assessing your report and waits for your answer."),
        steps: sample_steps().unwrap(),
        clocks: clocks(),
        messages: vec![
            message(Lane::Everyone, MessageKind::Acknowledgement),
            message(Lane::Reporter, MessageKind::Question),
        ],
        asked: vec![pair("proof_of_concept", "Proof of concept")],
        report: vec![pair("Summary", "SQL injection in the search endpoint")],
        files: vec![file()],
        assessment: vec![pair("Severity", "High")],
        fixes: vec![pair("1.4", "in development")],
        date: Some(at(2160, "in 88 days")),
        proposed: Some(at(2000, "in 81 days")),
        proposed_by: text("the project"),
        answers_out: None,
        left: None,
        cve: vec![pair(
            "CVE-1900-0001",
            "assigned; its record follows the advisory",
        )],
        of_others: Vec::new(),
        can_leave: true,
        own_proposal: None,
        date_settled: false,
        draft: Some(text(
            "LUM-2027-7K3F9QMA: SQL injection\nDRAFT, not published\n",
        )),
        advisory: None,
        credit: (text("not_answered"), None),
        credit_open: true,
        credit_asked: true,
        statement: None,
        can_object: true,
        objection: None,
        can_follow_up: true,
        follow_up_since: Some(at(48, "Wed 4 Nov 2026, 10:03:15 Europe/Berlin")),
        can_withdraw: true,
        questions: vec![(
            text("suggestion"),
            text("May the team keep it as a suggestion?"),
            None,
        )],
        can_write: true,
        free_to_publish: None,
        duties: form().duties,
        safe_harbour: form().safe_harbour,
        embargo: Some(text("Please keep the details to yourself until that date.")),
        receipt_note: Some(receipt().note),
        logged: Some(true),
        key: Some(TheirKeyView {
            fingerprint: "4E1B 4A3D 0A1C 7D6E 2F90  8B5C 11D2 93AF 6C07 E851".to_owned(),
            refused: None,
        }),
        can_choose_key: true,
    }
}

pub(crate) fn file() -> FileView {
    FileView {
        id: text("f1"),
        name: text("poc.py"),
        size: text("2 KiB"),
        sha256: "ab".repeat(32),
    }
}

pub(crate) fn statistics() -> StatisticsView {
    StatisticsView {
        program: program(),
        published: 6,
        reports: 11,
        lines: vec![StatLine {
            what: text("A person answers you (promised)"),
            kept: 9,
            missed: 2,
            running: 1,
            at_first: Some((8, 3)),
            recurring: false,
        }],
        times: vec![TimeLine {
            what: text("Until a person answers"),
            n: 11,
            words: [text("14 hours"), text("2 days"), text("4 days")],
            business_days: Some([1, 2, 3]),
            marks: [146, 500, 1_000],
        }],
        shares: vec![ShareLine {
            what: text("Reports answered and triaged in time"),
            permille: 818,
            of: text("9 of 11"),
            band: Some(text("good")),
        }],
        counts: vec![CountTable {
            what: text("How reports ended"),
            rows: vec![(text("published"), 6, 545), (text("duplicate"), 5, 454)],
        }],
        numbers: Vec::new(),
        withheld: None,
        period: text("Since January 2026."),
        asked: (String::new(), String::new()),
    }
}

pub(crate) fn advisory_card() -> AdvisoryCard {
    AdvisoryCard {
        id: text("LUM-2027-7K3F9QMA"),
        title: text("SQL injection in search"),
        severity: Some(text("High")),
        published: at(2160, "today"),
    }
}
