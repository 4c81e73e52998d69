//! Fixed views for the snapshot tests: one case of a made-up project, half-way.

use std::collections::BTreeMap;

use candor_access::view::{
    AccountView, AdvisoryCard, AllowedAct, AssessmentView, BranchView, CasePageView, ClauseLine,
    ClockLook, ClockView, CompletenessView, DraftView, EmbargoView, FieldError, FieldView,
    FileView, InboxRow, InboxView, OutletView, PeopleView, PolicyPageView, PolicySection,
    ProgramCard, PromiseView, ReceiptView, ReportFormView, ReportView, RoomView, SettingsView,
    StatLine, StatisticsView, TimelineEntry, When,
};
use candor_access::{ContentKey, Demand, Lane, MessageKind, Severity};
use candor_base::{Finding, Level, Span};

use crate::style::{moment, sample_clock, sample_message, sample_steps};

pub(crate) fn text(text: &str) -> String {
    text.to_owned()
}

fn pair(one: &str, two: &str) -> (String, String) {
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
    form.errors.push(FieldError {
        field: text("version"),
        message: text("This line is too long."),
    });
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
            "If you hear nothing by then, open your report and choose “Ask again”.",
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
        own_proposal: None,
        date_settled: false,
        draft: Some(text(
            "LUM-2027-7K3F9QMA: SQL injection\nDRAFT, not published\n",
        )),
        advisory: None,
        credit: (text("not_answered"), None),
        credit_open: true,
        can_object: true,
        objection: None,
        can_follow_up: true,
        follow_up_since: Some(at(48, "").at),
        can_withdraw: true,
        can_write: true,
        free_to_publish: None,
        duties: form().duties,
        safe_harbour: form().safe_harbour,
        embargo: Some(text("Please keep the details to yourself until that date.")),
        receipt_note: Some(receipt().note),
    }
}

fn file() -> FileView {
    FileView {
        id: text("f1"),
        name: text("poc.py"),
        size: text("2 KiB"),
        sha256: "ab".repeat(32),
    }
}

pub(crate) fn inbox() -> InboxView {
    let row = |reference: &str, title: &str, overdue| InboxRow {
        reference: text(reference),
        title: text(title),
        stage: text("Assessing"),
        severity: (overdue == 0).then_some(Severity::Critical),
        reporter_severity: Some(Severity::High),
        next: Some(text("Send the first assessment")),
        due: Some(at(
            48,
            if overdue > 0 {
                "12 hours ago"
            } else {
                "in 2 days"
            },
        )),
        overdue,
        received: at(0, "3 days ago"),
        lead: (overdue == 0).then(|| text("Ada")),
        waiting_on: text("the team"),
        public: overdue > 0,
        mail_failed: overdue > 0,
    };
    InboxView {
        program: program(),
        list: text("open"),
        rows: vec![
            row("LUM-7K3F-9QMA", "SQL injection in the search endpoint", 1),
            row("LUM-2XTR-0WVB", "Session cookie survives sign-out", 0),
        ],
        counts: [2, 1, 1, 0, 3],
    }
}

fn acts() -> Vec<AllowedAct> {
    let mut acts: Vec<AllowedAct> = [
        "acknowledge",
        "ask",
        "say",
        "assess",
        "accept",
        "reject",
        "mark_duplicate",
        "decide_objection",
        "fix",
        "mitigate",
        "propose_date",
        "answer_date",
        "set_date_alone",
        "plan_communication",
        "record_fact",
        "save_draft",
        "approve",
        "publish",
        "answer_outlet",
        "assign",
        "extend",
        "record_breach",
        "close",
    ]
    .iter()
    .map(|act| AllowedAct {
        act: text(act),
        blocked: None,
    })
    .collect();
    acts[0].blocked = Some(text("The report was acknowledged already."));
    acts
}

pub(crate) fn case() -> CasePageView {
    CasePageView {
        program: program(),
        reference: text("LUM-7K3F-9QMA"),
        title: text("SQL injection in the search endpoint"),
        seq: 12,
        stage: text("Assessing"),
        steps: sample_steps().unwrap(),
        severity: None,
        reporter_severity: Some(Severity::High),
        lead: Some(text("Ada")),
        people: vec![pair("a1", "Ada"), pair("a2", "Grace")],
        waiting_on: text("the team"),
        alarms: vec![text("The reporter says it is already public.")],
        next_step: Some(text("Assess the report: it is overdue.")),
        report: report(),
        completeness: CompletenessView {
            items: vec![
                (text("description"), text("Description"), text("given")),
                (
                    text("proof_of_concept"),
                    text("Proof of concept"),
                    text("asked"),
                ),
                (text("impact"), text("Impact"), text("mandatory")),
            ],
            blocking: vec![text("Impact")],
        },
        clocks: clocks(),
        messages: [Lane::Everyone, Lane::Team, Lane::Reporter]
            .into_iter()
            .map(|lane| sample_message(lane, MessageKind::Plain).unwrap())
            .collect(),
        assessment: None,
        decision: None,
        in_scope: vec![pair("api", "Backend API")],
        out_of_scope: vec![pair("se", "Social engineering")],
        unsupported: vec![pair("v0", "< 1.0")],
        severity_help: vec![line("high", "High: privilege escalation", 45)],
        cvss_version: text("3.1"),
        suggested_branches: vec![text("1.x")],
        branches: branches(),
        mitigation: Some(text("Switch the search off.")),
        communication_plan: Some(text("Distributors on Monday, everybody on Tuesday.")),
        duties: vec![pair("data", "Avoid accessing data belonging to others.")],
        embargo: EmbargoView {
            state: text("An embargo is proposed."),
            until: Some(at(2160, "in 88 days")),
            proposal: Some((text("the reporter"), at(2000, "in 81 days"))),
            proposal_by_reporter: true,
            settled: false,
            told: false,
        },
        draft: draft(),
        published: None,
        outlets: vec![OutletView {
            id: text("changelog"),
            name: text("Release notes in CHANGELOG.md"),
            answer: None,
            text: Some(text("- Security: SQL injection (LUM-2027-7K3F9QMA)")),
        }],
        timeline: timeline(),
        acts: acts(),
        other_cases: vec![pair("LUM-2XTR-0WVB", "Session cookie survives sign-out")],
        policy_version: text("3f9a1c02"),
    }
}

/// The same case once it was assessed and published.
pub(crate) fn published_case() -> CasePageView {
    let mut case = case();
    case.stage = text("Published");
    case.severity = Some(Severity::High);
    case.alarms.clear();
    case.assessment = Some(AssessmentView {
        lines: vec![pair("Severity", "High"), pair("CVSS", "8.8 (High)")],
        by: text("Ada"),
        when: at(30, "2 months ago"),
        told: true,
    });
    case.published = Some(text("/p/lumen/advisories/LUM-2027-7K3F9QMA"));
    case.acts = vec![
        AllowedAct {
            act: text("answer_outlet"),
            blocked: None,
        },
        AllowedAct {
            act: text("close"),
            blocked: Some(text("One outlet has no answer yet.")),
        },
    ];
    case
}

fn report() -> ReportView {
    ReportView {
        fields: vec![
            pair("Summary", "SQL injection in the search endpoint"),
            pair(
                "Description",
                "The q parameter reaches the database.\n<b>As it is.</b>",
            ),
        ],
        files: vec![file()],
        identity: vec![pair("E-mail address", "eve@example.org")],
        sha256: "cd".repeat(32),
        channel: text("the form"),
        certainty: text("shown to work"),
        public: Some(text("https://example.org/post, since Monday")),
        support: Some(text("1.4.2 is supported.")),
        warned_of: vec![text("Social engineering")],
    }
}

fn branches() -> Vec<BranchView> {
    vec![BranchView {
        branch: text("1.x"),
        status: text("ready"),
        words: text("ready, not yet tested"),
        version: None,
        kind: text("patch"),
        private_branch: Some(text("private/fix-search")),
        change: None,
        reviewer: Some(text("Grace")),
        test: None,
    }]
}

fn draft() -> DraftView {
    DraftView {
        values: BTreeMap::from([
            pair("title", "SQL injection in search"),
            pair("severity", "High"),
        ]),
        findings: vec![finding()],
        preview: text("LUM-2027-7K3F9QMA: SQL injection\nDRAFT, not published\n"),
        digest: Some("ef".repeat(32)),
        approved: None,
        publish_blocked: Some(text("The draft was not approved yet.")),
        credit: text("The reporter has not said whether to be named."),
    }
}

fn timeline() -> Vec<TimelineEntry> {
    let entry = |hours, who: &str, what: &str, kind: &str| TimelineEntry {
        when: at(hours, ""),
        who: text(who),
        what: text(what),
        kind: text(kind),
        event: text("event"),
    };
    vec![
        entry(60, "Candor", "Promise missed: first assessment", "miss"),
        entry(20, "Ada", "Acknowledged", "met"),
        entry(0, "the reporter", "Report received", "report"),
    ]
}

pub(crate) fn settings() -> SettingsView {
    SettingsView {
        program: program(),
        values: BTreeMap::from([pair("zone", "Europe/Oslo"), pair("four_eyes", "on")]),
        questions: vec![finding()],
        findings: vec![finding()],
        errors: vec![FieldError {
            field: text("holidays"),
            message: text("Write 2026-12-25."),
        }],
        courier: text("Mail is written to files."),
    }
}

pub(crate) fn people() -> PeopleView {
    PeopleView {
        accounts: vec![AccountView {
            id: text("a1"),
            login: text("ada"),
            name: text("Ada"),
            roles: text("owner of Lumen"),
            second_factor: true,
        }],
        programs: vec![pair("lumen", "Lumen")],
        can_add: true,
    }
}

pub(crate) fn statistics() -> StatisticsView {
    StatisticsView {
        program: program(),
        lines: vec![StatLine {
            what: text("A person answers you"),
            kept: 9,
            missed: 2,
            running: 1,
            median: Some(text("14 hours")),
        }],
        withheld: None,
        period: text("Since January 2026."),
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
