//! What the desk shows of the sample case.

use std::collections::BTreeMap;

use candor_access::view::{
    AccountView, AlarmLine, AlarmsView, AllowedAct, AssessmentView, BranchView, CasePageView,
    ClockLook, CompletenessView, CveView, DoorDay, DraftView, EmbargoView, FieldError, FoundRow,
    Heard, HeldMailLine, HeldMailsView, InboxRow, InboxView, LedgerLine, OtherCreditView,
    OutletView, PartyLine, PeopleView, PersonAct, RegulatorQuestion, ReportView, SearchView,
    SettingsView, SignInAlarm, SignInReview, SignInRow, SignInsView, TimelineEntry,
};
use candor_access::{Lane, MessageKind, Severity};
use candor_app::input::{NewPasskey, OwnPasskeys, PasskeyLine, PasskeyQuestion, SessionLine};

use super::{at, clocks, file, finding, line, pair, program, text};
use crate::style::{sample_message, sample_steps};

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
        attacked: false,
        mail_failed: overdue > 0,
    };
    InboxView {
        program: program(),
        owner: true,
        filter: "open".into(),
        previous: None,
        next: Some(text("LUM-2XTR-0WVB")),
        rows: vec![
            row("LUM-7K3F-9QMA", "SQL injection in the search endpoint", 1),
            row("LUM-2XTR-0WVB", "Session cookie survives sign-out", 0),
        ],
        counts: [2, 1, 1, 0, 3],
        clock: None,
        troubles: Vec::new(),
        mails: 2,
        stages: vec![pair("received", "Received"), pair("triaged", "Assessed")],
        team: vec![pair("0f3a", "Ada"), pair("0f3b", "Grace")],
    }
}

pub(crate) fn found() -> SearchView {
    let inbox = inbox();
    let rows = inbox.rows.into_iter().map(|row| FoundRow {
        row,
        places: vec!["title", "messages"],
    });
    SearchView {
        program: inbox.program,
        asked: "\"heap\" over* -stack <b>".to_owned(),
        heard: Heard::Part,
        rows: rows.collect(),
        total: 120,
        page: 1,
        first: 50,
        more: true,
        not_yet: 3,
        owner: inbox.owner,
    }
}

pub(crate) fn alarms() -> AlarmsView {
    let mut inbox = inbox();
    inbox.rows.truncate(1);
    AlarmsView {
        program: program(),
        owner: true,
        alarms: vec![AlarmLine {
            value: text("LUM-7K3F-9QMA promise-1"),
            reference: text("LUM-7K3F-9QMA"),
            title: text("SQL injection in the search endpoint"),
            what: text("A person answers you"),
            due: Some(at(48, "12 hours ago")),
            told: 2,
            lead: None,
        }],
        more: 3,
        rows: inbox.rows,
    }
}

fn acts() -> Vec<AllowedAct> {
    let mut acts: Vec<AllowedAct> = [
        "acknowledge",
        "ask",
        "waive",
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
        "invite_party",
        "renew_invitation",
        "party_status",
        "notify_party",
        "record_leak",
        "remove_party",
        "add_credit",
        "remove_credit",
        "record_cve",
        "answer_alarm",
        "waive_promise",
        "record_breach",
        "work_out",
        "defer",
        "hand_over",
        "go_on",
        "suspect_leak",
        "decide_leak",
        "end_embargo",
        "link_advisory",
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

fn ledger() -> Vec<LedgerLine> {
    vec![LedgerLine {
        what: text("A person answers"),
        clause: text("promise-1, line 12"),
        quote: Some(text("We answer within 48 hours.")),
        firmness: text("promise"),
        policy: text("0123456789ab"),
        period: 1,
        due: Some(at(48, "12 hours ago")),
        look: ClockLook::Late,
        state: text("missed by 2 hours, then done by “acknowledged” by Ada"),
        notes: vec![text("Warned at 80 %"), text("Seen by Ada")],
    }]
}

pub(crate) fn case() -> CasePageView {
    CasePageView {
        program: program(),
        owner: true,
        reference: text("LUM-7K3F-9QMA"),
        title: text("SQL injection in the search endpoint"),
        seq: 12,
        stage: text("Assessing"),
        closed: false,
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
        ledger: ledger(),
        parties: vec![PartyLine {
            number: 1,
            name: text("Harbour Linux"),
            kind: text("distributor"),
            contact: Some(text("security@harbour.example")),
            consent: text("took the terms"),
            status: text("affected"),
            fix: text("fix ready"),
            here: true,
            notes: vec![text("Invited yesterday")],
        }],
        party_terms: text("Until the day you keep this to yourself."),
        open_alarms: vec![pair("promise-2", "A first assessment")],
        extendable: vec![pair("promise-2", "A first assessment, due tomorrow")],
        waivable: vec![pair("promise-2", "A first assessment, due tomorrow")],
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
        next_release: Some(text("By the policy: 1.4.3 or 1.5.0.")),
        branches: branches(),
        mitigation: Some(text("Switch the search off.")),
        communication_plan: Some(text("Distributors on Monday, everybody on Tuesday.")),
        duties: vec![pair("data", "Avoid accessing data belonging to others.")],
        embargo: EmbargoView {
            state: text("An embargo is proposed."),
            until: Some(at(2160, "in 88 days")),
            proposal: Some((text("the reporter"), at(2000, "in 81 days"))),
            can_answer: true,
            answers: vec![pair("the team", "has until Tue 2 Nov 2027 to answer")],
            reporter_left: None,
            settled: false,
            told: false,
            rules: Vec::new(),
        },
        draft: draft(),
        published: None,
        outlets: vec![OutletView {
            id: text("changelog"),
            name: text("Release notes in CHANGELOG.md"),
            answer: None,
            text: Some(text("- Security: SQL injection (LUM-2027-7K3F9QMA)")),
            note: None,
        }],
        cve: CveView {
            lines: vec![
                pair("MITRE", "asked Fri 2 Apr 2027; over"),
                pair(
                    "CVE-1900-0001",
                    "assigned; its record is published after the advisory",
                ),
            ],
            open: vec![text("CVE-1900-0001")],
            request: Some(text("Product: Lumen\nAffected versions: < 1.4.2\n")),
        },
        regulators: vec![(
            text("EU CRA: exploited vulnerability: Early warning"),
            Some(at(24, "in 20 hours")),
        )],
        timeline: timeline(),
        acts: acts(),
        around: super::around::around(),
        readers: vec![pair("Ada", "Fri 20 Nov 2026, 10:00 UTC")],
        other_cases: vec![pair("LUM-2XTR-0WVB", "Session cookie survives sign-out")],
        policy_version: text("3f9a1c02"),
    }
}

/// The same case once it was assessed and published.
pub(crate) fn published_case() -> CasePageView {
    let mut case = case();
    case.stage = text("Published");
    case.closed = true;
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
        others: vec![OtherCreditView {
            key: text("00 remediation_developer"),
            name: text("Lin"),
            what: text("developed the fix"),
            consent: text("Said yes in the review."),
        }],
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
        regulators: vec![RegulatorQuestion {
            field: text("regulator_eu-cra"),
            question: text("Does this project fall under the EU Cyber Resilience Act?"),
            help: text("Article 14 holds for manufacturers."),
            answers: vec![pair("manufacturer", "Yes, we are the manufacturer")],
        }],
        errors: vec![FieldError {
            field: text("holidays"),
            message: text("Write 2026-12-25."),
        }],
        courier: text("Mail is written to files."),
        base: text("beef"),
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
            cases_read: 31,
            read_alarm: Some(text("Fri 20 Nov 2026, 10:00:00 UTC")),
        }],
        programs: vec![pair("lumen", "Lumen")],
        can_add: true,
    }
}

pub(crate) fn held_mails() -> HeldMailsView {
    let line = |id: &str, subject: &str, became: Option<&str>| HeldMailLine {
        id: text(id),
        received: text("Fri 20 Nov 2026, 10:00:00 UTC"),
        from: text("kim@reporter.test"),
        subject: text(subject),
        text: text("Hello,\nany news?\n<b>Kim</b>"),
        why: text("It seems to belong to a case."),
        case: Some(text("LUM-7K3F-9QMA")),
        became: became.map(text),
    };
    HeldMailsView {
        program: program(),
        waiting: vec![line("0f3a", "Re: [LUM-7K3F-9QMA] Your report", None)],
        settled: vec![line("0f3b", "Invoice", Some("Junk: Ada"))],
    }
}

pub(crate) fn sessions() -> Vec<SessionLine> {
    let line = |id: &str, browser: &str, this| SessionLine {
        id: text(id),
        began: text("Fri 20 Nov 2026, 10:00:00 UTC"),
        used: text("within the last ten minutes"),
        browser: text(browser),
        half: false,
        this,
    };
    let half = SessionLine {
        half: true,
        ..line("00112233aabb", "another browser", false)
    };
    vec![
        line("0123456789ab", "Firefox", true),
        line("ba9876543210", "no browser", false),
        half,
    ]
}

pub(crate) fn passkeys() -> OwnPasskeys {
    OwnPasskeys {
        lines: vec![PasskeyLine {
            id: text("0123456789ab"),
            name: text("Laptop <b>"),
            made: text("Fri 20 Nov 2026, 10:00:00 UTC"),
            used: None,
            synced: true,
        }],
        new: Some(NewPasskey {
            ask: PasskeyQuestion {
                host: text("desk.example.org"),
                question: text("cXVlc3Rpb24"),
            },
            owner: text("b3duZXI"),
            login: text("ada"),
            name: text("Ada \"A\""),
            algorithms: vec![-7, -8],
            known: vec![text("a2V5")],
        }),
    }
}

pub(crate) fn sign_ins() -> SignInsView {
    let row = |who: Option<&str>, what: &str, times| SignInRow {
        when: text("Fri 20 Nov 2026, 10:00:00 UTC"),
        who: who.map(text),
        what: text(what),
        times,
        wrong: what.starts_with("wrong"),
    };
    let day = |date: &str, right, wrong| DoorDay {
        date: text(date),
        right,
        wrong,
    };
    SignInsView {
        days: vec![
            day("Wed 18 Nov 2026", 0, 0),
            day("Thu 19 Nov 2026", 3, 1),
            day("Fri 20 Nov 2026", 1, 41),
        ],
        rows: vec![
            row(None, "wrong pass phrase or code", 41),
            row(Some("Ada"), "signed in", 1),
            row(Some("Grace"), "set up the second factor", 1),
        ],
        more: true,
        acts: vec![PersonAct {
            when: text("Fri 20 Nov 2026, 10:00:00 UTC"),
            by: text("Ada"),
            about: text("Grace"),
            what: text("was given a new start"),
        }],
        alarm: Some(SignInAlarm {
            at: text("Fri 20 Nov 2026, 10:00:00 UTC"),
            wrong: 11,
        }),
        review: Some(SignInReview {
            due: text("Fri 20 Nov 2026, 10:00:00 UTC"),
            overdue: true,
            made: vec![pair("Ada", "Wed 21 Oct 2026, 10:00:00 UTC")],
        }),
    }
}
