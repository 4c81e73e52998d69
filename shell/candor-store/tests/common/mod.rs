//! Builders for the store's tests.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]

use std::path::Path;

use candor_base::{AccountId, BlobId, CaseId, CaseRef, Digest, Instant, ProgramSlug, Sensitive};
use candor_case::{Actor, Event, Recorded, Stage, WaitingOn};
use candor_cluster::Cluster;
use candor_ports::{
    AccountRecord, CaseRow, Commit, KeptReading, NewBlob, NewPolicy, NewReceipt, OutboxItem,
    ProgramRecord, Publication, Role, Store,
};
use candor_store::{DatabaseUrl, InstanceKey, OpenError, SealedStore};

pub fn key() -> InstanceKey {
    InstanceKey::from_bytes([42; 32])
}

pub fn at(seconds: i64) -> Instant {
    Instant::from_unix(1_790_000_000 + seconds).unwrap()
}

pub fn slug(name: &str) -> ProgramSlug {
    name.parse().unwrap()
}

pub fn digest(seed: &str) -> Digest {
    candor_ledger::sha256(seed.as_bytes())
}

/// An id out of a text: the same text, the same id.
pub fn bytes16(seed: &str) -> [u8; 16] {
    digest(seed).as_bytes()[..16].try_into().unwrap()
}

pub fn case(seed: &str) -> CaseId {
    CaseId::from_bytes(bytes16(seed))
}

pub fn reference(seed: &str) -> CaseRef {
    CaseRef::new("TDX", digest(seed).as_bytes()[..5].try_into().unwrap()).unwrap()
}

/// Where the data of a test lies: a data folder, or a database of its own.
pub enum House {
    Sqlite(tempfile::TempDir),
    Postgres(Cluster),
}

impl House {
    /// A data folder.
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// A database; `None` on a machine without PostgreSQL.
    pub fn postgres() -> Option<Self> {
        Cluster::start().map(Self::Postgres)
    }

    /// The data folder, for an engine that has one.
    pub fn folder(&self) -> Option<std::path::PathBuf> {
        match self {
            Self::Sqlite(dir) => Some(dir.path().join("data")),
            Self::Postgres(_) => None,
        }
    }

    /// Opens what is there.
    pub fn open(&self) -> SealedStore {
        match self {
            Self::Sqlite(dir) => SealedStore::open(&dir.path().join("data"), &key()).unwrap(),
            Self::Postgres(cluster) => connect(&cluster.url("postgres")),
        }
    }

    /// Does something to the tables, past every rule: nobody has them open.
    pub fn meddle(&self, sql: &str) {
        match self {
            Self::Sqlite(dir) => {
                let conn = rusqlite::Connection::open(dir.path().join("data/candor.db")).unwrap();
                conn.pragma_update(None, "foreign_keys", false).unwrap();
                conn.execute_batch(sql).unwrap();
            }
            Self::Postgres(cluster) => {
                let past =
                    "SET search_path = candor, pg_temp; SET session_replication_role = replica;";
                cluster.sql("postgres", &format!("{past} {sql}"));
            }
        }
    }

    /// Opens what is there with a key, or says why not.
    pub fn open_with(&self, key: &InstanceKey) -> Result<SealedStore, OpenError> {
        match self {
            Self::Sqlite(dir) => SealedStore::open(&dir.path().join("data"), key),
            Self::Postgres(cluster) => {
                let url = DatabaseUrl::parse(&cluster.url("postgres")).unwrap();
                SealedStore::connect(&url, key)
            }
        }
    }

    /// A store with the program `threatdex`.
    pub fn store(&self) -> SealedStore {
        let store = self.open();
        put_program(&store, "threatdex");
        store
    }
}

pub fn connect(url: &str) -> SealedStore {
    SealedStore::connect(&DatabaseUrl::parse(url).unwrap(), &key()).unwrap()
}

/// Each test named, once with every engine.
#[macro_export]
macro_rules! with_every_engine {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { super::$name(&super::House::sqlite()); })*
        }
        mod postgres {
            $(#[test] fn $name() {
                if let Some(house) = super::House::postgres() {
                    super::$name(&house);
                }
            })*
        }
    };
}

/// A store with the program `threatdex`.
pub fn open(folder: &Path) -> SealedStore {
    let store = SealedStore::open(folder, &key()).unwrap();
    put_program(&store, "threatdex");
    store
}

pub fn put_program(store: &dyn Store, name: &str) {
    let known = store.programs().unwrap();
    let over = known.iter().find(|p| p.slug.as_str() == name);
    store
        .put_program(program(name), over.map(|p| p.policy), policy("text"), None)
        .unwrap();
}

pub fn program(name: &str) -> ProgramRecord {
    ProgramRecord {
        slug: slug(name),
        name: name.to_owned(),
        policy: digest("policy-text"),
        created: at(0),
    }
}

pub fn policy(text: &str) -> NewPolicy {
    NewPolicy {
        digest: digest(&format!("policy-{text}")),
        text: text.as_bytes().to_vec(),
        reading: Some(KeptReading {
            compiler: "0.1.0".to_owned(),
            policy: "{}".to_owned(),
        }),
        file: "SECURITY.md".to_owned(),
        settings: "{}".to_owned(),
        since: at(0),
    }
}

/// An event whose words are `words`.
pub fn event(seq: u64, words: &str) -> Recorded {
    Recorded {
        seq,
        at: at(i64::try_from(seq).unwrap()),
        actor: Actor::System,
        event: Event::MailSettled {
            key: words.to_owned(),
            delivered: true,
            code: None,
            unreached: None,
        },
    }
}

pub fn row(seed: &str, title: &str) -> CaseRow {
    CaseRow {
        case: case(seed),
        reference: reference(seed),
        title: title.to_owned(),
        stage: Stage::Received,
        severity: None,
        reporter_severity: None,
        impact_rank: 255,
        received: at(0),
        changed: at(0),
        waiting_on: WaitingOn::Team,
        waits_outside: Vec::new(),
        lead: None,
        next_due: Some(at(100)),
        next_milestone: None,
        next_met_by: None,
        overdue: 0,
        closed: false,
        public: false,
        attacked: false,
        mail_failed: false,
        clocks: Vec::new(),
        dates: Vec::new(),
    }
}

/// A commit of one event to a case of `threatdex`.
pub fn commit(seed: &str, expected_seq: u64) -> Commit {
    Commit {
        program: slug("threatdex"),
        case: case(seed),
        expected_seq,
        events: vec![event(expected_seq + 1, "words")],
        blobs: Vec::new(),
        row: row(seed, "a title"),
        words: candor_ports::Words::new(),
        wake: None,
        outbox: Vec::new(),
        receipt: None,
        publication: None,
    }
}

pub fn blob(seed: &str, bytes: &[u8]) -> NewBlob {
    NewBlob {
        id: BlobId::from_bytes(bytes16(seed)),
        bytes: Sensitive::new(bytes.to_vec()),
    }
}

pub fn receipt(seed: &str) -> NewReceipt {
    NewReceipt {
        code_hash: digest(&format!("code-{seed}")),
        leaf: digest(&format!("leaf-{seed}")),
        note: format!("note of {seed}"),
    }
}

pub fn item(key: &str, not_before: Instant) -> OutboxItem {
    OutboxItem {
        key: key.to_owned(),
        effect: r#"{"effect":"publish"}"#.to_owned(),
        not_before,
    }
}

pub fn publication(id: &str, published: Instant) -> Publication {
    Publication {
        id: id.to_owned(),
        published,
        updated: published,
        advisory: "{}".to_owned(),
        csaf: "{}".to_owned(),
        csaf_name: "tdx.json".to_owned(),
    }
}

pub fn account(login: &str) -> AccountRecord {
    AccountRecord {
        id: AccountId::from_bytes(bytes16(login)),
        login: login.to_owned(),
        name: "Ada".to_owned(),
        email: Some("ada@example.org".to_owned()),
        pass_hash: "$argon2id$…".to_owned(),
        totp_sealed: Some(vec![1, 2, 3]),
        totp_last_step: 0,
        recovery: Vec::new(),
        passkeys: Vec::new(),
        admin: true,
        roles: vec![(slug("threatdex"), Role::Owner)],
        failures: 0,
        locked_until: None,
        created: at(0),
    }
}
