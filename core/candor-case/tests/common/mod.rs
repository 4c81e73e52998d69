//! A small world for the tests of this crate: a policy made by hand, people, texts
//! and a clock that moves when it is told to.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::needless_pass_by_value,
    clippy::field_reassign_with_default,
    reason = "each test file uses its own part, and a story reads best in short lines"
)]

pub mod asides;

use std::collections::BTreeSet;

use candor_base::{
    AccountId, BlobId, CaseId, CaseRef, Digest, Instant, MessageId, ProgramSlug, Refusal,
    RefusalCode, Span,
};
use candor_case::*;
use candor_policy::model::*;
use candor_policy::settings::{PolicyInForce, Settings};

pub const ANN: Actor = Actor::Team(AccountId::from_bytes([1; 16]));
pub const BEN: Actor = Actor::Team(AccountId::from_bytes([2; 16]));

pub fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub fn clause<T>(id: &str, value: T) -> Clause<T> {
    Clause {
        id: ClauseId(id.to_owned()),
        span: Span::line(1),
        quote: id.to_owned(),
        value,
    }
}

fn promise(milestone: Milestone, term: Term) -> Promise {
    Promise {
        milestone,
        alternatives: Vec::new(),
        condition: None,
        severity: None,
        term,
        from: Origin::Receipt,
        firmness: Firmness::Commit,
    }
}

fn within(amount: u32, unit: TermUnit) -> Term {
    Term::Within {
        amount,
        at_least: None,
        unit,
    }
}

fn step(number: u32, stage: StepStage, demands: &[StepDemand]) -> Clause<Step> {
    clause(
        &format!("step-{number}"),
        Step {
            number,
            stage,
            demands: demands.to_vec(),
        },
    )
}

fn scope(id: &str, topic: ScopeTopic) -> Clause<ScopeItem> {
    clause(
        id,
        ScopeItem {
            name: id.to_owned(),
            detail: String::new(),
            paths: Vec::new(),
            topic,
        },
    )
}

/// A policy that says much: hours, business days, a recurring update, a severity, a
/// window, steps with demands, outlets, duties.
pub fn full_policy() -> PolicyInForce {
    let mut p = Policy::default();
    p.promises = vec![
        clause(
            "promise-1",
            promise(Milestone::Acknowledgement, within(48, TermUnit::Hours)),
        ),
        clause(
            "promise-2",
            promise(Milestone::Assessment, within(5, TermUnit::BusinessDays)),
        ),
        clause(
            "promise-3",
            promise(
                Milestone::Update,
                Term::Every {
                    amount: 7,
                    unit: TermUnit::Days,
                },
            ),
        ),
        clause(
            "promise-4",
            Promise {
                severity: Some(Severity::Critical),
                firmness: Firmness::Target,
                ..promise(Milestone::Fix, within(14, TermUnit::Days))
            },
        ),
        clause(
            "promise-5",
            Promise {
                severity: Some(Severity::Medium),
                ..promise(Milestone::Fix, within(60, TermUnit::Days))
            },
        ),
        clause(
            "promise-6",
            promise(Milestone::Disclosure, within(90, TermUnit::Days)),
        ),
        clause(
            "promise-7",
            promise(
                Milestone::Credit,
                Term::Unquantified {
                    words: String::from("if you wish"),
                },
            ),
        ),
    ];
    p.disclosure = vec![clause(
        "disclosure-1",
        DisclosureRule {
            stated: true,
            rule: DisclosureKind::Window {
                amount: 90,
                unit: TermUnit::Days,
                from: Origin::Receipt,
            },
            severity: None,
        },
    )];
    p.steps = vec![
        step(
            1,
            StepStage::Triage,
            &[StepDemand::Reproduction, StepDemand::SeverityRating],
        ),
        step(2, StepStage::Fix, &[StepDemand::PrivateBranch]),
        step(
            3,
            StepStage::Testing,
            &[StepDemand::Review, StepDemand::TestRecord],
        ),
    ];
    p.in_scope = vec![scope("in-scope-1", ScopeTopic::Component)];
    p.out_of_scope = vec![
        scope("out-of-scope-1", ScopeTopic::ThirdParty),
        scope("out-of-scope-2", ScopeTopic::DenialOfService),
        scope("out-of-scope-3", ScopeTopic::UnsafeDefaults),
    ];
    p.versions = vec![clause(
        "version-2",
        VersionRule {
            label: String::from("older"),
            range: VersionRange::Older,
            support: Support::None,
            end: None,
        },
    )];
    p.outlets = vec![clause(
        "outlet-1",
        Outlet {
            kind: OutletKind::Changelog,
            name: String::from("CHANGELOG.md"),
        },
    )];
    p.duties = vec![clause(
        "duty-1",
        Duty {
            kind: DutyKind::NoDemands,
            also: Vec::new(),
        },
    )];
    in_force(p)
}

pub fn in_force(policy: Policy) -> PolicyInForce {
    PolicyInForce {
        digest: Digest::from_bytes([7; 32]),
        policy,
        settings: Settings {
            second_look_minutes: 10,
            ..Settings::default()
        },
    }
}

pub fn text(n: u8, chars: u32) -> TextRef {
    TextRef {
        blob: BlobId::from_bytes([n; 16]),
        sha256: Digest::from_bytes([n; 32]),
        chars,
    }
}

pub fn message(n: u8) -> MessageRef {
    MessageRef {
        id: MessageId::from_bytes([n; 16]),
        text: text(n, 120),
        files: Vec::new(),
    }
}

pub fn facts() -> ReportFacts {
    ReportFacts {
        case: CaseId::from_bytes([9; 16]),
        reference: CaseRef::new("TST", [1, 2, 3, 4, 5]).unwrap(),
        program: ProgramSlug::from_name("test"),
        policy: Digest::from_bytes([7; 32]),
        channel: IntakeChannel::Form,
        first_received: None,
        report: text(200, 400),
        files: Vec::new(),
        given: BTreeSet::from([ContentKey::Description]),
        missing: BTreeSet::new(),
        mandatory_missing: BTreeSet::new(),
        component: None,
        support: SupportClaim::NotGiven,
        certainty: Certainty::Sure,
        public: None,
        reporter_severity: None,
        credit: CreditWish::NotAnswered,
        warned_of: Vec::new(),
        duties_accepted: true,
        contact_given: true,
        identity: None,
        leaf: Digest::from_bytes([8; 32]),
    }
}

pub fn assessment(severity: Option<Severity>) -> Assessment {
    Assessment {
        scope: ScopeVerdict::In { clause: None },
        is_vulnerability: Verdict::Yes,
        severity,
        cvss: None,
        impacts: BTreeSet::new(),
        effects: None,
        criticality: None,
        difference_note: None,
        affected_versions: vec![String::from("< 2")],
        deployment: None,
        factors: Vec::new(),
        reproduction: Reproduction::Record(text(30, 50)),
    }
}

pub fn draft(n: u8) -> AdvisoryDraftRef {
    AdvisoryDraftRef {
        text: text(n, 900),
        missing: Vec::new(),
        has_mitigation: true,
        has_cve: false,
        cve: None,
    }
}

pub fn row(status: FixStatus) -> FixChange {
    FixChange {
        branch: String::from("main"),
        status,
        kind: FixKind::Patch,
        private_branch: Some(String::from("tidy-headers")),
        change: None,
        author: Some(AccountId::from_bytes([1; 16])),
        author_outside: false,
        reviewer: Some(AccountId::from_bytes([2; 16])),
        reviewed_alone: false,
        test: Some(text(31, 60)),
    }
}

pub fn released() -> FixStatus {
    FixStatus::Released {
        version: String::from("2.0.1"),
    }
}

/// One case, its log and the time.
#[derive(Clone)]
pub struct World {
    pub policy: PolicyInForce,
    pub now: Instant,
    pub team: u32,
    pub state: Option<CaseState>,
    pub log: Vec<Recorded>,
}

impl World {
    pub fn new(policy: PolicyInForce) -> Self {
        Self {
            policy,
            now: at("2026-06-01T08:00:00Z"),
            team: 2,
            state: None,
            log: Vec::new(),
        }
    }

    /// A world in which the report is in.
    pub fn with_report(policy: PolicyInForce) -> Self {
        let mut w = Self::new(policy);
        w.ok(Actor::Reporter, Command::Receive(Box::new(facts())));
        w
    }

    /// A world in which the case is accepted with one branch.
    pub fn accepted(policy: PolicyInForce) -> Self {
        let mut w = Self::with_report(policy);
        w.ok(ANN, acknowledge(false));
        w.ok(ANN, assess(Some(Severity::Critical)));
        w.ok(ANN, accept());
        w
    }

    /// A world with a fix released, the advisory written and approved by Ann.
    pub fn approved(policy: PolicyInForce) -> Self {
        let mut w = Self::accepted(policy);
        w.fix_to_release();
        w.ok(ANN, Command::SaveDraft(draft(50)));
        w.ok(
            ANN,
            Command::Approve {
                draft: text(50, 0).sha256,
            },
        );
        w
    }

    pub fn fix_to_release(&mut self) {
        for status in [
            FixStatus::InDevelopment,
            FixStatus::Ready,
            FixStatus::Tested,
            released(),
        ] {
            self.ok(ANN, Command::Fix(Box::new(row(status))));
        }
    }

    /// Both sides agree on a date so many seconds from now.
    pub fn agreed_in(&mut self, seconds: i64) {
        self.ok(ANN, propose(self.now.plus_seconds(seconds)));
        self.ok(Actor::Reporter, Command::AnswerDate(DateAnswer::Accept));
    }

    /// Ann sets the date without agreement and Ben confirms it.
    pub fn alone(&mut self, moment: Instant) {
        self.ok(ANN, set_alone(moment));
        self.ok(BEN, confirm(moment));
    }

    pub fn case(&self) -> &CaseState {
        self.state.as_ref().unwrap()
    }

    pub fn clock(&self, key: &str) -> &CaseClock {
        &self.case().clocks[&candor_policy::ClockKey(key.to_owned())]
    }

    pub fn go(&mut self, moment: &str) -> &mut Self {
        self.now = at(moment);
        self
    }

    pub fn later(&mut self, seconds: i64) -> &mut Self {
        self.now = self.now.plus_seconds(seconds);
        self
    }

    pub fn context(&self, actor: Actor) -> Context<'_> {
        Context {
            now: self.now,
            actor,
            policy: &self.policy,
            team: Team {
                publishers: self.team,
            },
        }
    }

    pub fn decide(&self, actor: Actor, command: &Command) -> Result<Vec<Event>, Refusal> {
        decide(self.state.as_ref(), command, &self.context(actor))
    }

    pub fn try_do(&mut self, actor: Actor, command: &Command) -> Result<Vec<Recorded>, Refusal> {
        let events = self.decide(actor, command)?;
        let recorded = record(self.state.as_ref(), events, &self.context(actor));
        for r in &recorded {
            self.state = evolve(self.state.take(), r);
            self.log.push(r.clone());
        }
        Ok(recorded)
    }

    pub fn ok(&mut self, actor: Actor, command: Command) -> Vec<&'static str> {
        let recorded = self
            .try_do(actor, &command)
            .unwrap_or_else(|r| panic!("{} was refused: {r:?}", command.name()));
        recorded.iter().map(|r| r.event.name()).collect()
    }

    pub fn tick(&mut self) -> Vec<&'static str> {
        self.ok(Actor::System, Command::Tick)
    }

    #[track_caller]
    pub fn refused(&self, actor: Actor, command: &Command, code: RefusalCode) {
        match self.decide(actor, command) {
            Err(refusal) => assert_eq!(refusal.code, code, "{refusal:?}"),
            Ok(events) => panic!("{} was not refused: {events:?}", command.name()),
        }
    }
}

pub fn acknowledge(plan: bool) -> Command {
    Command::Acknowledge {
        message: message(10),
        plan,
    }
}

pub fn assess(severity: Option<Severity>) -> Command {
    Command::Assess {
        assessment: Box::new(assessment(severity)),
        message: Some(message(11)),
    }
}

pub fn accept() -> Command {
    Command::Accept(Acceptance {
        waived: BTreeSet::new(),
        branches: vec![String::from("main")],
        target_release: None,
        message: message(12),
    })
}

pub fn status() -> Command {
    Command::Say {
        lane: Lane::Reporter,
        kind: MessageKind::Status,
        message: message(13),
    }
}

pub fn ask() -> Command {
    Command::Ask {
        items: BTreeSet::from([ContentKey::Steps]),
        message: message(14),
    }
}

pub fn supply() -> Command {
    Command::Supply {
        items: BTreeSet::from([ContentKey::Steps]),
        message: message(15),
    }
}

pub fn reject(ground: RejectionGround) -> Command {
    Command::Reject {
        ground,
        is_vulnerability: Verdict::No,
        reason: message(16),
        keep_as_suggestion: false,
    }
}

pub fn out_of_scope() -> RejectionGround {
    RejectionGround::OutOfScope {
        clause: ClauseId(String::from("out-of-scope-1")),
    }
}

pub fn propose(moment: Instant) -> Command {
    Command::ProposeDate {
        at: moment,
        reason: Some(text(17, 40)),
        message: Some(message(17)),
    }
}

pub fn set_alone(moment: Instant) -> Command {
    Command::SetDateAlone {
        at: moment,
        reason: text(18, 40),
        message: message(18),
    }
}

pub fn confirm(at: Instant) -> Command {
    Command::Aside(Aside::ConfirmDate { at })
}

pub fn extend(clock: &str, days: u32) -> Command {
    Command::Extend {
        clock: clock.to_owned(),
        days,
        reason: text(40, 30),
    }
}

pub fn waive(clock: &str) -> Command {
    Command::WaivePromise {
        clock: clock.to_owned(),
        reason: text(41, 30),
    }
}

/// The reporter's answer to a question about what was promised.
pub fn answer_question(number: u32, given: bool) -> Command {
    Command::Aside(Aside::Agree {
        matter: Matter::Question(number),
        given,
    })
}

pub fn fact(fact: AttackFact) -> Command {
    Command::RecordFact {
        fact,
        evidence: text(19, 40),
    }
}

pub fn publish(n: u8) -> Command {
    Command::Publish {
        draft: text(n, 0).sha256,
    }
}
