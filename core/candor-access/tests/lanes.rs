//! The reporter's view never holds a word of the team's: canaries in every text
//! the team keeps to itself, random histories, and a search of the whole view.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::collections::{BTreeMap, BTreeSet};

use candor_access::build::{
    CaseMaterial, DeskExtra, RoomExtra, build_case_page, build_room, files_for, regulator_texts,
    texts_for,
};
use candor_access::view::ProgramCard;
use candor_access::{Action, CaseFacts, Permit, Principal, ProgramRole, permit};
use candor_base::{AccountId, BlobId, CaseId, CaseRef, Digest, Instant, MessageId, ProgramSlug};
use candor_case::{
    Actor, Assessment, AttackFact, CaseState, Certainty, Command, Context, CreditWish, FileRef,
    IntakeChannel, Lane, MessageKind, MessageRef, PublicPlace, Recorded, RegulatorAct, ReportFacts,
    Reproduction, ScopeVerdict, SupportClaim, Team, TextRef, Verdict, decide, evolve, record,
};
use candor_policy::{PolicyInForce, Settings, compile};
use proptest::prelude::*;

const POLICY: &str = "# Security policy\n\nReport vulnerabilities to security@acme.example.\n\n\
    We will acknowledge your report within 48 hours.\n";

fn program() -> ProgramSlug {
    "ours".parse().unwrap()
}

fn case_id() -> CaseId {
    CaseId::from_bytes([1; 16])
}

/// Texts and file names by body, and the next free id.
#[derive(Default)]
struct Bodies {
    texts: BTreeMap<BlobId, String>,
    names: BTreeMap<BlobId, String>,
    next: u8,
}

impl Bodies {
    fn id(&mut self) -> [u8; 16] {
        self.next += 1;
        [self.next; 16]
    }

    fn text(&mut self, text: &str) -> TextRef {
        let blob = BlobId::from_bytes(self.id());
        self.texts.insert(blob, text.to_owned());
        TextRef {
            blob,
            sha256: Digest::from_bytes([0; 32]),
            chars: 100,
        }
    }

    fn message(&mut self, text: &str) -> MessageRef {
        let blob = BlobId::from_bytes(self.id());
        self.names.insert(blob, format!("{text}.txt"));
        MessageRef {
            id: MessageId::from_bytes(self.id()),
            text: self.text(text),
            files: vec![FileRef {
                blob,
                sha256: Digest::from_bytes([0; 32]),
                bytes: 1,
            }],
        }
    }
}

fn facts(bodies: &mut Bodies, policy: &PolicyInForce) -> ReportFacts {
    ReportFacts {
        case: case_id(),
        reference: CaseRef::new("OUR", [9; 5]).unwrap(),
        program: program(),
        policy: policy.digest,
        channel: IntakeChannel::Form,
        first_received: None,
        report: bodies.text("report"),
        files: Vec::new(),
        given: BTreeSet::new(),
        missing: BTreeSet::new(),
        mandatory_missing: BTreeSet::new(),
        component: None,
        support: SupportClaim::NotGiven,
        certainty: Certainty::Sure,
        public: Some(PublicPlace {
            place: bodies.text("public place"),
        }),
        reporter_severity: None,
        credit: CreditWish::NotAnswered,
        warned_of: Vec::new(),
        duties_accepted: true,
        contact_given: true,
        identity: None,
        leaf: Digest::from_bytes([0; 32]),
    }
}

/// What the team does, by number; everything it keeps to itself is a canary.
fn command(n: u8, bodies: &mut Bodies) -> Command {
    let secret = format!("CANARY-{n}");
    let assessment = |bodies: &mut Bodies| Assessment {
        scope: ScopeVerdict::In { clause: None },
        is_vulnerability: Verdict::Yes,
        severity: None,
        cvss: None,
        impacts: BTreeSet::new(),
        effects: Some(bodies.text("CANARY-effects")),
        criticality: Some(bodies.text("CANARY-criticality")),
        difference_note: Some(bodies.text("CANARY-difference")),
        affected_versions: vec!["CANARY-versions".to_owned()],
        deployment: Some(bodies.text("CANARY-deployment")),
        factors: Vec::new(),
        reproduction: Reproduction::Record(bodies.text("CANARY-reproduction")),
    };
    match n % 9 {
        0 => Command::Say {
            lane: Lane::Team,
            kind: MessageKind::Plain,
            message: bodies.message(&secret),
        },
        1 => Command::Say {
            lane: Lane::Team,
            kind: MessageKind::Plan,
            message: bodies.message(&secret),
        },
        2 => Command::Acknowledge {
            message: bodies.message("open words"),
            plan: false,
        },
        // An assessment that is not told.
        3 => Command::Assess {
            assessment: Box::new(assessment(bodies)),
            message: None,
        },
        4 => Command::Mitigate {
            text: Some(bodies.text(&secret)),
        },
        5 => Command::PlanCommunication {
            text: bodies.text(&secret),
        },
        7 => Command::Regulator(RegulatorAct::NoteSignal {
            subject: candor_duty::Subject::Vulnerability,
            at: "2026-06-01T08:00:00Z".parse().unwrap(),
            evidence: bodies.text(&secret),
            regimes: ["eu-cra-vulnerability".parse().unwrap()].into(),
        }),
        6 => Command::RecordFact {
            fact: AttackFact::AttacksObserved,
            evidence: bodies.text(&secret),
        },
        _ => Command::Say {
            lane: Lane::Reporter,
            kind: MessageKind::Status,
            message: bodies.message("open words"),
        },
    }
}

fn history(policy: &PolicyInForce, acts: &[u8], bodies: &mut Bodies) -> (CaseState, Vec<Recorded>) {
    let now: Instant = "2026-06-01T08:00:00Z".parse().unwrap();
    let context = |actor| Context {
        now,
        actor,
        policy,
        team: Team { publishers: 1 },
    };
    let team = context(Actor::Team(AccountId::from_bytes([7; 16])));
    let receive = Command::Receive(Box::new(facts(bodies, policy)));
    let mut state: Option<CaseState> = None;
    let mut events = Vec::new();
    let mut step = |command: &Command, context: &Context<'_>, state: &mut Option<CaseState>| {
        // What the case refuses did not happen.
        let Ok(decided) = decide(state.as_ref(), command, context) else {
            return;
        };
        for recorded in record(state.as_ref(), decided, context) {
            *state = evolve(state.take(), &recorded);
            events.push(recorded);
        }
    };
    step(&receive, &context(Actor::System), &mut state);
    for n in acts {
        let command = command(*n, bodies);
        step(&command, &team, &mut state);
    }
    (state.unwrap(), events)
}

fn granted(who: &Principal, action: Action) -> Permit {
    permit(who, action, &CaseFacts::case(program(), case_id())).unwrap()
}

fn team() -> Principal {
    Principal::Staff {
        account: AccountId::from_bytes([7; 16]),
        admin: false,
        roles: [(program(), ProgramRole::Member)].into(),
    }
}

fn reporter() -> Principal {
    Principal::Room {
        program: program(),
        case: case_id(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_canary_of_the_team_reaches_the_room(acts in proptest::collection::vec(any::<u8>(), 0..14)) {
        let policy = compile(POLICY.as_bytes()).unwrap().value;
        let policy = PolicyInForce::assemble(POLICY.as_bytes(), policy, Settings::default());
        let mut bodies = Bodies::default();
        let (state, events) = history(&policy, &acts, &mut bodies);
        let card = ProgramCard { slug: "ours".to_owned(), name: "Ours".to_owned(), promise: None };
        let people = BTreeMap::new();
        // The worst case: everything was opened, also what need not be.
        let material = CaseMaterial {
            program: &card,
            state: &state,
            events: &events,
            policy: &policy,
            now: "2026-06-02T08:00:00Z".parse().unwrap(),
            texts: &bodies.texts,
            file_names: &bodies.names,
            people: &people,
            report: &[],
            title: "title",
        };
        let room = granted(&reporter(), Action::ReadCase);
        let view = build_room(&room, &material, RoomExtra::default()).unwrap();
        let json = serde_json::to_string(&view).unwrap();
        prop_assert!(!json.contains("CANARY"), "{}", json);
        prop_assert!(!json.contains("regulator") && !json.contains("eu-cra"), "{}", json);
        prop_assert!(regulator_texts(&room, &state).is_empty());
        for blob in texts_for(&room, &state, &events) {
            prop_assert!(!bodies.texts[&blob].contains("CANARY"));
        }
        for file in files_for(&room, &state) {
            prop_assert!(!bodies.names[&file.blob].contains("CANARY"));
        }
        // The same search finds them where they belong, so that it could find them at all.
        let desk = granted(&team(), Action::ReadCase);
        let page = build_case_page(&desk, &material, DeskExtra::default()).unwrap();
        let kept = state.messages.iter().any(|m| m.lane == Lane::Team);
        let json = serde_json::to_string(&page).unwrap();
        prop_assert!(!kept || json.contains("CANARY"));
    }

    #[test]
    fn a_view_needs_the_right_permit(action in 0_usize..4) {
        let policy = compile(POLICY.as_bytes()).unwrap().value;
        let policy = PolicyInForce::assemble(POLICY.as_bytes(), policy, Settings::default());
        let mut bodies = Bodies::default();
        let (state, events) = history(&policy, &[], &mut bodies);
        let card = ProgramCard { slug: "ours".to_owned(), name: "Ours".to_owned(), promise: None };
        let people = BTreeMap::new();
        let material = CaseMaterial {
            program: &card,
            state: &state,
            events: &events,
            policy: &policy,
            now: "2026-06-02T08:00:00Z".parse().unwrap(),
            texts: &bodies.texts,
            file_names: &bodies.names,
            people: &people,
            report: &[],
            title: "title",
        };
        let action = [Action::ReadCase, Action::ReadFile, Action::Act("say"), Action::Act("publish")][action];
        let elsewhere = CaseFacts::case(program(), CaseId::from_bytes([2; 16]));
        for (who, facts) in [
            (reporter(), CaseFacts::case(program(), case_id())),
            (team(), CaseFacts::case(program(), case_id())),
            (team(), elsewhere),
        ] {
            let Some(permit) = permit(&who, action, &facts) else { continue };
            let reads = action == Action::ReadCase && permit.case() == Some(case_id());
            let room = build_room(&permit, &material, RoomExtra::default());
            let page = build_case_page(&permit, &material, DeskExtra::default());
            prop_assert_eq!(room.is_some(), reads && !permit.is_team());
            prop_assert_eq!(page.is_some(), reads && permit.is_team());
        }
    }
}
