//! A small world for the use cases: a store in a temporary directory, a clock
//! that is moved by hand, random bytes that repeat, a courier that remembers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use candor_app::input::{ActError, ActInput, FileInput, ReportInput, SignedIn};
use candor_app::{App, AppConfig, MailConfig, Parts};
use candor_base::Instant;
use candor_cluster::Cluster;
use candor_policy::{PolicyInForce, Settings};
use candor_ports::{
    Clock, Courier, CourierError, Entropy, Forge, KeptReading, Letter, NewPolicy, PolicyAct,
    PolicyActKind, Steady, Store as _,
};
use candor_store::{DatabaseUrl, InstanceKey, SealedStore};

use crate::gated::{Gate, Gated};

pub(crate) const PASS: &str = "seven quiet lanterns under water";

/// The clock on the wall, and the steady one: seconds since the machine was started, and
/// its how many-th start this is. Below nought: a machine without one.
#[derive(Debug)]
pub(crate) struct HandClock(pub(crate) AtomicI64, AtomicI64, AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Instant {
        Instant::from_unix(self.0.load(Ordering::SeqCst)).unwrap()
    }

    fn steady(&self) -> Option<Steady> {
        let seconds = self.1.load(Ordering::SeqCst);
        let start = self.2.load(Ordering::SeqCst);
        (seconds >= 0).then(|| Steady {
            seconds,
            start: format!("start-{start}").into(),
        })
    }
}

#[derive(Debug)]
struct Counter(AtomicU64);

impl Entropy for Counter {
    fn fill(&self, buffer: &mut [u8]) {
        // SplitMix64: plain, repeatable, never the same twice.
        for chunk in buffer.chunks_mut(8) {
            let mut z = self
                .0
                .fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst)
                .wrapping_add(0x9E37_79B9_7F4A_7C15);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^= z >> 31;
            for (slot, byte) in chunk.iter_mut().zip(z.to_le_bytes()) {
                *slot = byte;
            }
        }
    }
}

/// What happens while a letter is on its way.
#[derive(Default)]
pub(crate) struct Meanwhile(pub(crate) Mutex<Option<Box<dyn Fn() + Send>>>);

impl std::fmt::Debug for Meanwhile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Meanwhile")
    }
}

/// Remembers letters; fails as often as it is told to.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    /// Happens with each letter, but not within itself.
    pub(crate) meanwhile: Meanwhile,
    pub(crate) letters: Mutex<Vec<Letter>>,
    pub(crate) failures: Mutex<Vec<CourierError>>,
    /// Every try, by the letter's key.
    pub(crate) tried: Mutex<Vec<String>>,
}

impl Courier for Recorder {
    fn deliver(&self, letter: &Letter) -> Result<(), CourierError> {
        self.tried.lock().unwrap().push(letter.key.clone());
        if let Some(error) = self.failures.lock().unwrap().pop() {
            return Err(error);
        }
        self.letters.lock().unwrap().push(letter.clone());
        let meanwhile = self.meanwhile.0.lock().unwrap().take();
        if let Some(act) = meanwhile {
            act();
            *self.meanwhile.0.lock().unwrap() = Some(act);
        }
        Ok(())
    }

    fn describe(&self) -> String {
        "remembers letters".to_owned()
    }
}

pub(crate) struct World {
    dir: tempfile::TempDir,
    /// Where the data lies when it is not in the folder.
    cluster: Option<Cluster>,
    clock: Arc<HandClock>,
    entropy: Arc<Counter>,
    pub(crate) courier: Arc<Recorder>,
    /// Fills the disk, counts what sessions write.
    pub(crate) gate: Arc<Gate>,
    app: Option<App>,
    /// Mail that is taken.
    mail: MailConfig,
    /// For so long the second factor counts as fresh: whole days pass here between acts.
    pub(crate) fresh_minutes: u32,
    /// Pass phrase and second factor by login.
    known: Mutex<BTreeMap<String, (String, String)>>,
}

fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

pub(crate) fn act(name: &str, pairs: &[(&str, &str)]) -> ActInput {
    ActInput {
        act: name.to_owned(),
        fields: fields(pairs),
        ..ActInput::default()
    }
}

pub(crate) fn file(name: &str, bytes: &[u8]) -> FileInput {
    FileInput {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
    }
}

pub(crate) fn report(pairs: &[(&str, &str)]) -> ReportInput {
    ReportInput {
        fields: fields(pairs),
        ..ReportInput::default()
    }
}

impl World {
    /// A server that has never been started before, on Monday 1 June 2026, 08:00 UTC.
    pub(crate) fn new() -> Self {
        Self::on(None, MailConfig::default())
    }

    /// The same, and it takes mail.
    pub(crate) fn taking_mail() -> Self {
        Self::on(None, Self::mail_taken())
    }

    /// The same on a PostgreSQL database; `None` where there is none.
    pub(crate) fn taking_mail_on_postgres() -> Option<Self> {
        Cluster::start().map(|cluster| Self::on(Some(cluster), Self::mail_taken()))
    }

    fn mail_taken() -> MailConfig {
        MailConfig {
            takes: true,
            answers: Some("answer@lanternfish.io".to_owned()),
            own_host: Some("lanternfish.io".to_owned()),
            checks_by: Some("mx.lanternfish.io".to_owned()),
            ..MailConfig::default()
        }
    }

    /// The same on a PostgreSQL database; `None` where there is none.
    pub(crate) fn on_postgres() -> Option<Self> {
        Cluster::start().map(|cluster| Self::on(Some(cluster), MailConfig::default()))
    }

    fn on(cluster: Option<Cluster>, mail: MailConfig) -> Self {
        let start: Instant = "2026-06-01T08:00:00Z".parse().unwrap();
        let mut world = Self {
            dir: tempfile::tempdir().unwrap(),
            cluster,
            clock: Arc::new(HandClock(
                AtomicI64::new(start.unix()),
                AtomicI64::new(-1),
                AtomicI64::new(1),
            )),
            entropy: Arc::new(Counter(AtomicU64::new(1))),
            courier: Arc::default(),
            gate: Arc::default(),
            app: None,
            mail,
            fresh_minutes: 720,
            known: Mutex::default(),
        };
        world.start();
        world.put(include_str!("fixtures/SECURITY.md"));
        world
    }

    pub(crate) fn put(&self, text: &str) {
        self.app()
            .put_program("lanternfish", "SECURITY.md", text.as_bytes())
            .unwrap();
    }

    pub(crate) fn app(&self) -> &App {
        self.app.as_ref().unwrap()
    }

    /// Asks this forge from now on.
    pub(crate) fn ask(&mut self, forge: Arc<dyn Forge>) {
        self.app = self.app.take().map(|app| app.with_forge(forge));
    }

    fn start(&mut self) {
        self.app = Some(self.another());
    }

    /// What is written down, read without the server.
    fn store(&self) -> SealedStore {
        let key = InstanceKey::from_bytes([42; 32]);
        match &self.cluster {
            None => SealedStore::open(&self.dir.path().join("data"), &key).unwrap(),
            Some(cluster) => {
                let url = DatabaseUrl::parse(&cluster.url("postgres")).unwrap();
                SealedStore::connect(&url, &key).unwrap()
            }
        }
    }

    /// Stops the server; gives the events of all cases, each by its seq, instant and kind.
    pub(crate) fn histories(mut self) -> Vec<Vec<(u64, Instant, String)>> {
        drop(self.app.take());
        let store = self.store();
        let of = |(program, case)| {
            let events = store.load(&program, &case).unwrap().unwrap();
            let kind = |event: &dyn std::fmt::Debug| {
                let text = format!("{event:?}");
                let name = text.split([' ', '(', '{']).next();
                name.unwrap_or_default().to_owned()
            };
            events
                .iter()
                .map(|e| (e.seq, e.at, kind(&e.event)))
                .collect()
        };
        store.all_cases().unwrap().into_iter().map(of).collect()
    }

    /// One more server on the same data; only a database can have two.
    pub(crate) fn another(&self) -> App {
        let inner = self.store();
        let vault = Arc::new(inner.vault());
        let gate = Arc::clone(&self.gate);
        App::new(Parts {
            store: Arc::new(Gated { inner, gate }),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            entropy: Arc::clone(&self.entropy) as Arc<dyn Entropy>,
            vault,
            courier: Arc::clone(&self.courier) as Arc<dyn Courier>,
            config: AppConfig {
                public_url: "https://sec.example.org".to_owned(),
                max_files_bytes: 1_000_000,
                fresh_factor_minutes: self.fresh_minutes,
                mail: self.mail.clone(),
                letters_leave: true,
                running: candor_app::Running {
                    version: "0.1.0".to_owned(),
                    made: Some("2026-05-31T00:00:00Z".parse().unwrap()),
                    old_after_days: 90,
                    looks: true,
                },
                ..AppConfig::default()
            },
        })
        .unwrap()
        .with_pgp(candor_testkit::open_pgp())
    }

    /// Stops the server for good: what it wrote down, and where.
    pub(crate) fn closed(self) -> (tempfile::TempDir, std::path::PathBuf) {
        drop(self.app);
        let data = self.dir.path().join("data");
        (self.dir, data)
    }

    /// Does something to what is written down while the server stands still.
    pub(crate) fn beside(&mut self, work: impl FnOnce(&SealedStore)) {
        drop(self.app.take());
        work(&self.store());
        self.start();
    }

    /// Stops the server and starts it again on what it wrote down.
    pub(crate) fn restart(&mut self) {
        self.restart_with(include_str!("fixtures/SECURITY.md"));
    }

    /// The same with another policy.
    pub(crate) fn restart_with(&mut self, text: &str) {
        drop(self.app.take());
        self.start();
        self.put(text);
    }

    /// Starts again on a version of `text` whose promises are those of another text, as
    /// if an earlier compiler had read it that way.
    pub(crate) fn read_by_an_earlier_version(&mut self, text: &str, meant: &str) {
        drop(self.app.take());
        let read = candor_policy::compile(meant.as_bytes()).unwrap().value;
        let reading = read.to_reading().unwrap();
        let policy = PolicyInForce::assemble(text.as_bytes(), read, Settings::default());
        let key = InstanceKey::from_bytes([42; 32]);
        let store = SealedStore::open(&self.dir.path().join("data"), &key).unwrap();
        let mut program = store.programs().unwrap().remove(0);
        let over = std::mem::replace(&mut program.policy, policy.digest);
        let act = PolicyAct {
            at: self.now(),
            kind: PolicyActKind::Published,
            digest: policy.digest,
            account: None,
        };
        let version = NewPolicy {
            digest: policy.digest,
            text: text.as_bytes().to_vec(),
            reading: Some(KeptReading {
                compiler: "0.0.9".to_owned(),
                policy: reading,
            }),
            file: "SECURITY.md".to_owned(),
            settings: "{}".to_owned(),
            since: self.now(),
        };
        store
            .put_program(program, Some(over), version, Some(act))
            .unwrap();
        drop(store);
        self.start();
    }

    pub(crate) fn now(&self) -> Instant {
        self.clock.now()
    }

    pub(crate) fn at(&self, text: &str) {
        let at: Instant = text.parse().unwrap();
        self.clock.0.store(at.unix(), Ordering::SeqCst);
    }

    /// Both clocks go on.
    /// The clock on the wall, to be moved while something else goes on.
    pub(crate) fn clock(&self) -> Arc<HandClock> {
        Arc::clone(&self.clock)
    }

    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds, Ordering::SeqCst);
        if self.clock.1.load(Ordering::SeqCst) >= 0 {
            self.clock.1.fetch_add(seconds, Ordering::SeqCst);
        }
    }

    /// Gives the machine a steady clock: from now on, setting the clock is a jump.
    pub(crate) fn steady(&self) {
        self.clock.1.store(1_000, Ordering::SeqCst);
    }

    /// Switches the machine off and on again, so many seconds later.
    pub(crate) fn reboot(&mut self, off: i64) {
        self.clock.0.fetch_add(off, Ordering::SeqCst);
        self.clock.1.store(10, Ordering::SeqCst);
        self.clock.2.fetch_add(1, Ordering::SeqCst);
        self.restart();
    }

    /// Sets up the first account; gives a session.
    pub(crate) fn set_up(&self) -> String {
        let code = self.app().set_up_code().unwrap().unwrap();
        let half = self
            .app()
            .set_up(&code, "ada", "Ada", "ada@team.example.org", PASS)
            .unwrap();
        self.enrol(&half, "ada", PASS)
    }

    /// Sets up the second factor; gives a session.
    pub(crate) fn enrol(&self, half: &str, login: &str, pass: &str) -> String {
        let secret = self.app().enrolment(half).unwrap().secret;
        let code = totp(&secret, self.now());
        let mut known = self.known.lock().unwrap();
        known.insert(login.to_owned(), (pass.to_owned(), secret));
        self.app().confirm_enrolment(half, &code).unwrap().token
    }

    /// Adds a colleague; gives a session.
    pub(crate) fn colleague(&self, owner: &str, login: &str, role: &str) -> String {
        let email = format!("{login}@team.example.org");
        let pass = self
            .app()
            .add_person(
                owner,
                fields(&[
                    ("login", login),
                    ("name", login),
                    ("email", &email),
                    ("program", "lanternfish"),
                    ("role", role),
                ]),
            )
            .unwrap();
        let SignedIn::Enrol(half) = self.app().sign_in(login, &pass, "").unwrap() else {
            panic!("a new person has no second factor yet");
        };
        self.enrol(&half, login, &pass)
    }

    /// The second factor of a login, as it was spelled.
    pub(crate) fn secret(&self, login: &str) -> String {
        self.known.lock().unwrap()[login].1.clone()
    }

    /// The pass phrase of a login.
    pub(crate) fn pass(&self, login: &str) -> String {
        self.known.lock().unwrap()[login].0.clone()
    }

    /// Signs in with the pass phrase of [`World::set_up`] or of a colleague.
    pub(crate) fn sign_in_again(&self, login: &str) -> String {
        let (pass, secret) = self.known.lock().unwrap()[login].clone();
        let code = totp(&secret, self.now());
        match self.app().sign_in(login, &pass, &code).unwrap() {
            SignedIn::Full(token) => token,
            SignedIn::Enrol(_) => panic!("the second factor is set up"),
        }
    }

    pub(crate) fn desk(
        &self,
        token: &str,
        reference: &str,
        input: ActInput,
    ) -> Result<String, ActError> {
        self.app().desk_act(token, "lanternfish", reference, input)
    }

    pub(crate) fn room(&self, token: &str, input: ActInput) -> Result<String, ActError> {
        self.app().room_act("lanternfish", token, input)
    }
}

/// What an authenticator shows for a secret spelled in groups.
pub(crate) fn totp(secret: &str, now: Instant) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(now.unix()).unwrap())
        .to_string()
}

/// A report with everything the policy asks for.
pub(crate) const FULL: &[(&str, &str)] = &[
    ("summary", "Lantern daemon runs commands from the network"),
    (
        "description",
        "The daemon passes a header to a shell. CANARYDESC",
    ),
    ("impact", "Remote code execution"),
    ("versions", "2.3"),
    ("steps", "1. Start the daemon. 2. Send the header."),
    ("severity", "Critical"),
    ("component", "Server"),
    ("email", "finder@mail.example.org"),
    ("credit", "named"),
    ("credit_name", "Grace Hopper"),
];
