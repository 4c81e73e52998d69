//! The whole product: the use cases of `candor-app` over the SQLite store in a temporary
//! folder. People fill in forms; the post is a courier; the clock is moved by hand.
//!
//! Invariants: nobody reaches a case but by a session and a form; the reporter comes in
//! by the code of the receipt, a party by its invitation; a start opens the folder anew.
//!
//! Deliberately absent: HTTP, HTML, SMTP; passwords and second factors (sessions of the
//! team are put into the store); acts about regulators and of Candor itself.

mod forms;
mod outside;
mod store;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use candor_app::input::{ActError, ActInput, ReportInput};
use candor_app::{App, AppConfig, Parts};
use candor_base::{AccountId, CaseId, Instant, ProgramSlug, SessionId};
use candor_case::{Actor, CaseState, Command, Recorded, ReportFacts, replay};
use candor_policy::settings::PolicyInForce;
use candor_ports::{
    AccountRecord, Clock, Courier, CourierError, Entropy, Letter, LetterKind, NewPolicy,
    ProgramRecord, Role, SessionKind, SessionRecord, Store as _,
};
use candor_store::{InstanceKey, SealedStore, verify_log};
use sha2::{Digest as _, Sha256};

use self::forms::Desk;
use self::store::{Door, Guarded};
use super::CANARY;
use super::bug::Bug;
use super::dice::Dice;
use super::house::{Answer, Break, House};
use super::policies::login;
use super::post::{Fate, Post, Sent};
use crate::parts::person;

/// The program, by its name in addresses.
const SLUG: &str = "lanternfish";
/// Calls of the mail in one go, until nothing more is due.
const CALLS: u32 = 50;

/// The clock that is moved by hand.
#[derive(Debug)]
struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Instant {
        Instant::from_unix(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// Randomness that is the same in every run.
#[derive(Debug)]
struct Repeats(Mutex<Dice>);

impl Entropy for Repeats {
    fn fill(&self, buffer: &mut [u8]) {
        let mut dice = self.0.lock().unwrap();
        for chunk in buffer.chunks_mut(8) {
            let bytes = dice.next().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}

/// The courier hands every letter to the post.
#[derive(Debug)]
struct Carrier(Mutex<Post>);

impl Courier for Carrier {
    fn deliver(&self, letter: &Letter) -> Result<(), CourierError> {
        let LetterKind::Case(kind) = &letter.body.kind else {
            return Ok(());
        };
        let reference = letter.body.reference.as_ref();
        let fate = self.0.lock().unwrap().take(Sent {
            case: reference.map(ToString::to_string).unwrap_or_default(),
            kind: kind.clone(),
            to: letter.to.reveal().clone(),
            key: letter.key.clone(),
            words: format!("{:?}", letter.body),
        });
        let code = |code: &str| code.to_owned();
        match fate {
            Fate::Taken => Ok(()),
            Fate::Late => Err(CourierError::Transient { code: code("451") }),
            Fate::Refused => Err(CourierError::Permanent { code: code("550") }),
        }
    }

    fn describe(&self) -> String {
        "a simulated post".to_owned()
    }
}

/// A case and the ways into it.
#[derive(Debug)]
struct Ways {
    case: CaseId,
    reference: String,
    /// The code of the receipt.
    code: String,
    /// The code of each party.
    parties: BTreeMap<u32, String>,
    report: ReportInput,
}

/// The whole product.
#[derive(Debug)]
pub struct Real {
    folder: tempfile::TempDir,
    clock: Arc<HandClock>,
    entropy: Arc<Repeats>,
    carrier: Arc<Carrier>,
    door: Arc<Mutex<Door>>,
    running: Option<(Arc<Guarded>, App)>,
    policies: BTreeMap<candor_base::Digest, Rc<PolicyInForce>>,
    cases: Vec<Ways>,
    sessions: AtomicU64,
    /// Something broke that nobody broke.
    fault: Option<String>,
}

impl Real {
    /// An empty folder, a team of three, no program yet.
    pub fn new(post: Post, seed: u64, bug: Option<Bug>) -> Self {
        let door = Door {
            bug,
            ..Door::default()
        };
        let mut house = Self {
            folder: folder(),
            clock: Arc::new(HandClock(AtomicI64::new(0))),
            entropy: Arc::new(Repeats(Mutex::new(Dice::new(seed)))),
            carrier: Arc::new(Carrier(Mutex::new(post))),
            door: Arc::new(Mutex::new(door)),
            running: None,
            policies: BTreeMap::new(),
            cases: Vec::new(),
            sessions: AtomicU64::new(1),
            fault: None,
        };
        house.open();
        house
    }

    fn open(&mut self) {
        let key = InstanceKey::from_bytes([42; 32]);
        let inner = SealedStore::open(&self.folder.path().join("data"), &key).unwrap();
        let vault = Arc::new(inner.vault());
        let door = Arc::clone(&self.door);
        let store = Arc::new(Guarded { inner, door });
        let app = App::new(Parts {
            store: Arc::clone(&store) as Arc<dyn candor_ports::Store>,
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            entropy: Arc::clone(&self.entropy) as Arc<dyn Entropy>,
            vault,
            courier: Arc::clone(&self.carrier) as Arc<dyn Courier>,
            config: AppConfig {
                public_url: "https://sec.example.org".to_owned(),
                fresh_factor_minutes: 60,
                ..AppConfig::default()
            },
        });
        self.running = Some((store, app.unwrap()));
    }

    fn store(&self) -> &Guarded {
        &self.running.as_ref().unwrap().0
    }

    fn app(&self) -> &App {
        &self.running.as_ref().unwrap().1
    }

    fn team(&self, program: &ProgramSlug) {
        for number in [1_u8, 2, 3] {
            let role = if number == 3 {
                Role::Owner
            } else {
                Role::Member
            };
            let account = AccountRecord {
                id: person(number),
                login: login(number),
                name: format!("Person {number}"),
                email: Some(format!("p{number}@team.example.org")),
                pass_hash: String::new(),
                totp_sealed: Some(vec![1]),
                totp_last_step: 0,
                recovery: Vec::new(),
                passkeys: Vec::new(),
                admin: number == 3,
                roles: vec![(program.clone(), role)],
                failures: 0,
                locked_until: None,
                created: self.clock.now(),
            };
            self.store().inner.add_account(account).unwrap();
        }
    }

    /// A session of a member of the team, put into the store: signing in has tests of
    /// its own, and takes as long as it should.
    fn staff(&self, account: AccountId) -> String {
        let number = self.sessions.fetch_add(1, Ordering::SeqCst);
        let token = format!("{:A<43}", format!("s{number:012}"));
        let now = self.clock.now();
        let session = SessionRecord {
            id: SessionId::from_bytes(Sha256::digest(&token).into()),
            kind: SessionKind::Staff(account),
            about: candor_ports::SessionAbout {
                factor: Some(now),
                ..candor_ports::SessionAbout::default()
            },
            created: now,
            seen: now,
            expires: now.plus_seconds(3_600),
        };
        self.store().inner.add_session(session).unwrap();
        token
    }

    /// Fills in the form of an act and sends it.
    fn send(&mut self, case: usize, actor: Actor, command: &Command) -> Result<String, ActError> {
        let state = self.state(case);
        let policy = Rc::clone(&self.policies[&state.facts.policy]);
        let older = self.cases.first().map(|w| w.reference.clone());
        let desk = Desk {
            policy: &policy,
            proposal: state.embargo.proposal.as_ref().map(|p| p.at),
            older: older.filter(|_| case > 0),
        };
        let fields = forms::fields(command, &desk).ok_or(ActError::NotFound)?;
        let act = ActInput {
            act: command.name().to_owned(),
            seq: Some(state.seq),
            fields,
            ..ActInput::default()
        };
        let (reference, code) = {
            let ways = &self.cases[case];
            (ways.reference.clone(), ways.code.clone())
        };
        match actor {
            Actor::Team(account) => {
                let token = self.staff(account);
                self.app().desk_act(&token, SLUG, &reference, act)
            }
            Actor::Reporter => {
                let token = self.app().enter_room(SLUG, &code)?;
                self.app().room_act(SLUG, &token, act)
            }
            Actor::Party(number) => {
                let code = self.cases[case].parties.get(&number).cloned();
                let code = code.ok_or(ActError::NotFound)?;
                let (token, own) = self.app().enter_party(SLUG, &reference, &code)?;
                if let Some(own) = own {
                    self.cases[case].parties.insert(number, own);
                }
                self.app().party_act(SLUG, &token, act)
            }
            Actor::System => Err(ActError::NotFound),
        }
    }

    /// A code that a page has just shown for a party that is new.
    fn note_code(&mut self, case: usize, said: &str) {
        let code = said.split_once("Its code is ").and_then(|(_, rest)| {
            let (code, _) = rest.split_once('.')?;
            Some(code.to_owned())
        });
        let newest = self.state(case).parties.last().map(|p| p.number);
        if let (Some(code), Some(number)) = (code, newest) {
            self.cases[case].parties.insert(number, code);
        }
    }

    fn is_broken(&self) -> bool {
        self.door.lock().unwrap().broken
    }

    fn answer(&mut self, error: &ActError) -> Answer {
        match error {
            ActError::Refused(no) => Answer::Refused(no.code),
            ActError::NotFound | ActError::Fields(_) | ActError::SignedOut | ActError::StepUp => {
                Answer::NotTaken
            }
            ActError::Fault(_) if self.is_broken() => Answer::Broke,
            ActError::Fault(fault) => {
                self.fault = Some(format!("a fault that nobody made: {}", fault.operator));
                Answer::NotTaken
            }
        }
    }

    fn load(&self, case: usize) -> Vec<Recorded> {
        let program: ProgramSlug = SLUG.parse().unwrap();
        let found = self.store().inner.load(&program, &self.cases[case].case);
        found.unwrap().unwrap()
    }
}

/// In memory where the machine has a folder for that.
fn folder() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let made = tempfile::Builder::new()
        .prefix("candor-sim")
        .tempdir_in(memory);
    made.or_else(|_| tempfile::tempdir()).unwrap()
}

/// What a browser sends for a report: every field that was given, with the canary.
fn typed(report: &ReportFacts) -> ReportInput {
    let mut fields = BTreeMap::new();
    for key in &report.given {
        let name = serde_json::to_value(key).unwrap();
        let name = name.as_str().unwrap().to_owned();
        fields.insert(name, format!("{CANARY} of {}", report.reference));
    }
    let mut put = |name: &str, value: &str| fields.insert(name.to_owned(), value.to_owned());
    put("severity", "");
    put("nonce", &format!("{:A<43}", report.case.to_string()));
    put("duties", "accepted");
    if report.contact_given {
        put("email", &format!("{}@mail.example.org", report.reference));
    }
    if report.public.is_some() {
        put("is_public", "yes");
        put("public_where", "https://forum.example.org/1");
    }
    ReportInput {
        fields,
        ..ReportInput::default()
    }
}

impl House for Real {
    fn set_clock(&mut self, now: Instant) {
        self.clock.0.store(now.unix(), Ordering::SeqCst);
    }

    fn put_policy(&mut self, text: &[u8], policy: &Rc<PolicyInForce>) {
        let program: ProgramSlug = SLUG.parse().unwrap();
        let before = self.store().inner.programs().unwrap();
        let over = before.first().map(|p| p.policy);
        let record = ProgramRecord {
            slug: program.clone(),
            name: "Lanternfish".to_owned(),
            policy: policy.digest,
            created: self.clock.now(),
        };
        let version = NewPolicy {
            digest: policy.digest,
            text: text.to_vec(),
            reading: None,
            file: "SECURITY.md".to_owned(),
            settings: serde_json::to_string(&policy.settings).unwrap(),
            since: self.clock.now(),
        };
        self.store()
            .inner
            .put_program(record, over, version, None)
            .unwrap();
        self.policies.insert(policy.digest, Rc::clone(policy));
        if over.is_none() {
            self.team(&program);
        }
    }

    fn receive(&mut self, report: &ReportFacts) -> Answer {
        let input = typed(report);
        let taken = self.app().submit_report(SLUG, input.clone());
        let Ok(receipt) = taken else {
            self.fault = Some(format!("a report was not taken: {taken:?}"));
            return Answer::NotTaken;
        };
        let program: ProgramSlug = SLUG.parse().unwrap();
        let reference = receipt.reference.parse().unwrap();
        let case = self.store().inner.find(&program, &reference);
        self.cases.push(Ways {
            case: case.unwrap().unwrap(),
            reference: receipt.reference,
            code: receipt.code,
            parties: BTreeMap::new(),
            report: input,
        });
        Answer::Done
    }

    fn receive_again(&mut self, _: &ReportFacts) -> bool {
        let ways = self.cases.last().unwrap();
        let again = self.app().submit_report(SLUG, ways.report.clone());
        again.is_ok_and(|r| r.reference == ways.reference && r.code == ways.code)
    }

    fn act(&mut self, case: usize, actor: Actor, command: &Command) -> Answer {
        let sent = self.send(case, actor, command);
        if self.is_broken() {
            // Also where the answer came back, and what follows from the act broke.
            return Answer::Broke;
        }
        match sent {
            Ok(said) => {
                self.note_code(case, &said);
                Answer::Done
            }
            Err(error) => self.answer(&error),
        }
    }

    fn look(&mut self) -> Result<(), String> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let looked = self.app().tick().map_err(|fault| fault.operator)?;
        let again = self.app().tick().map_err(|fault| fault.operator)?;
        if again > 0 && looked > 0 {
            return Err("a second look finds more".to_owned());
        }
        Ok(())
    }

    fn deliver(&mut self) -> bool {
        for _ in 0..CALLS {
            let gone = self.app().deliver();
            if self.is_broken() {
                return false;
            }
            match gone {
                Ok(0) => break,
                Ok(_) => {}
                Err(fault) => {
                    self.fault = Some(fault.operator);
                    break;
                }
            }
        }
        self.door.lock().unwrap().next = None;
        true
    }

    fn break_next(&mut self, at: Option<Break>) {
        self.door.lock().unwrap().next = at;
    }

    fn restart(&mut self) {
        self.running = None;
        {
            let mut door = self.door.lock().unwrap();
            door.broken = false;
            door.next = None;
        }
        self.open();
    }

    fn cases(&self) -> usize {
        self.cases.len()
    }

    fn history(&self, case: usize, behind: u64) -> Vec<Recorded> {
        let behind = usize::try_from(behind).unwrap();
        self.load(case).split_off(behind)
    }

    fn seq(&self, case: usize) -> u64 {
        let program: ProgramSlug = SLUG.parse().unwrap();
        let head = self
            .store()
            .inner
            .chain_head(&program, &self.cases[case].case);
        head.unwrap().map_or(0, |(seq, _)| seq)
    }

    fn state(&self, case: usize) -> CaseState {
        replay(&self.load(case)).expect("a case")
    }

    fn next_wake(&self) -> Option<Instant> {
        self.store().inner.next_wake().unwrap()
    }

    fn with_post<T>(&mut self, ask: impl FnOnce(&mut Post) -> T) -> T {
        ask(&mut self.carrier.0.lock().unwrap())
    }

    fn public_words(&self) -> String {
        outside::words(self.app())
    }

    fn verify(&self) -> Result<(), String> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let report = verify_log(&self.store().inner).map_err(|why| why.to_string())?;
        let broken = report.breaks.first().map(ToString::to_string);
        broken.or_else(|| report.missing()).map_or(Ok(()), Err)
    }
}
