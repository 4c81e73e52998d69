//! The store itself: its parts, and the interface over them.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use candor_base::{AccountId, BlobId, CaseId, CaseRef, Digest, Instant, ProgramSlug, SessionId};
use candor_case::Recorded;
use candor_ports::{
    AccountRecord, CaseRow, Commit, HistoryCheck, NewPolicy, Objects, ObjectsError, OutboxLease,
    OutboxOutcome, PolicyAct, ProgramRecord, Publication, SessionRecord, Space, Store, StoreError,
    StoredEvent,
};

use crate::bodies::Bodies;
use crate::db::{ask, many, params};
use crate::engine::{Readers, Writer};
use crate::error::OpenError;
use crate::key::{InstanceKey, Root, StableKey};
use crate::keyring::Keyring;
use crate::postgres::DatabaseUrl;
use crate::reserve::Reserve;
use crate::room::{At, BODIES_AT};
use crate::sql;
use crate::{postgres, sqlite};

/// Everything that is kept, sealed, on one of the two engines: SQLite in a data folder, or a
/// PostgreSQL database.
///
/// Fields drop in this order: the readers, then the writer (which then folds the
/// write-ahead log into the file), the lock last.
pub struct SealedStore {
    pub(crate) readers: Readers,
    pub(crate) writer: Writer,
    pub(crate) bodies: Box<Bodies>,
    pub(crate) keys: Arc<Keyring>,
    /// What never changes.
    pub(crate) stable: Root,
    /// Which instance this is.
    pub(crate) instance: [u8; 16],
    /// Room on the disk; none where the disk is not ours.
    pub(crate) reserve: Option<Arc<Reserve>>,
    /// The data folder, or the address of the database.
    place: PathBuf,
    /// Held, never read.
    _lock: Option<File>,
}

impl fmt::Debug for SealedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedStore")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl SealedStore {
    /// Opens the data directory, or makes it. Never writes to a file that is not
    /// a database of this instance.
    pub fn open(folder: &Path, key: &InstanceKey) -> Result<Self, OpenError> {
        let sqlite::Opened {
            lock,
            path,
            conn,
            keys,
        } = sqlite::open(folder, key)?;
        let failed = |why: String| OpenError::Io {
            path: path.clone(),
            why,
        };
        let stable = keys.stable(key).map_err(|why| failed(why.to_string()))?;
        let reserve = Arc::new(Reserve::new(folder));
        let writer = sqlite::Writer::start(conn, Arc::clone(&reserve));
        let store = Self {
            readers: Readers::Sqlite(sqlite::Readers::new(path.clone())),
            writer: Writer::Sqlite(writer.map_err(|e| failed(e.to_string()))?),
            bodies: Box::new(Bodies::new(folder)),
            keys: Arc::new(Keyring::new(key, &stable)),
            stable,
            instance: keys.instance,
            reserve: Some(reserve),
            place: folder.to_owned(),
            _lock: Some(lock),
        };
        store.sweep();
        if let Err(error) = store.sweep_words() {
            tracing::warn!(%error, "words of an erased case are still in the bytes of the index");
        }
        Ok(store)
    }

    /// Opens a PostgreSQL database, or fills an empty one. Many processes may have the
    /// same one open.
    pub fn connect(url: &DatabaseUrl, key: &InstanceKey) -> Result<Self, OpenError> {
        Self::connect_to(url, key, postgres::Migrating::Yes)
    }

    pub(crate) fn connect_to(
        url: &DatabaseUrl,
        key: &InstanceKey,
        migrating: postgres::Migrating,
    ) -> Result<Self, OpenError> {
        let postgres::Opened {
            readers,
            writer,
            keys,
        } = postgres::open(url, key, migrating)?;
        let stable = keys.stable(key).map_err(|why| OpenError::Io {
            path: PathBuf::from(url.place()),
            why: why.to_string(),
        })?;
        Ok(Self {
            readers: Readers::Postgres(readers),
            writer: Writer::Postgres(writer),
            bodies: Box::new(Bodies::none()),
            keys: Arc::new(Keyring::new(key, &stable)),
            stable,
            instance: keys.instance,
            reserve: None,
            place: PathBuf::from(url.place()),
            _lock: None,
        })
    }

    /// With the bucket in which large bodies lie from now on, and those of before. `None`:
    /// there is none; a store that had one refuses that.
    pub fn with_bucket(self, bucket: Option<Arc<dyn Objects>>) -> Result<Self, OpenError> {
        let failed = |why: StoreError| OpenError::Io {
            path: self.place.clone(),
            why: why.to_string(),
        };
        if let Some(bucket) = &bucket {
            let new = At::new(bucket.as_ref()).map_err(failed)?;
            self.first_setting(BODIES_AT, &new.to_string())
                .map_err(failed)?;
        }
        let Some(kept) = self.read_setting(BODIES_AT).map_err(failed)? else {
            return Ok(self);
        };
        let at = At::parse(&kept).map_err(failed)?;
        let room = at.enter(bucket, &self.place.display().to_string())?;
        Ok(Self {
            bodies: Box::new(self.bodies.in_room(room)),
            ..self
        })
    }

    /// Removes from the bucket what no commit names and is older than a day; gives the
    /// number.
    pub fn sweep_bucket(&self, now: Instant) -> Result<u32, StoreError> {
        let Some(room) = self.bodies.room() else {
            return Ok(0);
        };
        let away = |why: ObjectsError| StoreError::Away(why.to_string());
        let mut old = room.old(now.unix()).map_err(away)?;
        let named: Vec<[u8; 16]> = self
            .readers
            .read(|conn| many(conn, sql::BLOB_FILES, params![], |row| row.get(0)))?;
        for name in &named {
            old.remove(name);
        }
        let mut swept = 0;
        for name in &old {
            room.remove(name).map_err(away)?;
            swept += 1;
        }
        Ok(swept)
    }

    /// Sees to the reserve on the disk: gives it up when the disk is all but full, makes it
    /// again when there is room. Without a disk of its own there is nothing to do.
    pub fn tend_reserve(&self) {
        let Some(reserve) = &self.reserve else { return };
        reserve.give_up_when_low();
        if let Err(error) = reserve.keep() {
            tracing::warn!(%error, "the reserve on the disk could not be made");
        }
    }

    /// Whether a PostgreSQL database holds data of Candor.
    pub fn is_there(url: &DatabaseUrl) -> Result<bool, OpenError> {
        postgres::has_data(url)
    }

    /// The key that never changes, for everything outside the store that needs one.
    pub fn vault(&self) -> StableKey {
        StableKey::new(self.stable.clone())
    }

    /// Removes what interrupted commits left behind. Not being able to is no reason not to start.
    fn sweep(&self) {
        let used = |name: &[u8; 16]| {
            let found = self
                .readers
                .read(|conn| ask(conn, sql::BLOB_FILE_IS_USED, params![name]));
            found.ok()
        };
        match self.bodies.sweep(SystemTime::now(), used) {
            Ok(0) => {}
            Ok(files) => tracing::info!(files, "bodies without a commit were removed"),
            Err(error) => tracing::warn!(%error, "bodies without a commit could not be removed"),
        }
    }
}

impl Store for SealedStore {
    fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        self.append(commit)
    }

    fn space(&self) -> Space {
        self.reserve
            .as_ref()
            .map_or_else(Space::default, |reserve| reserve.space())
    }

    fn load(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<Vec<Recorded>>, StoreError> {
        self.read_events(program, case)
    }

    fn find(
        &self,
        program: &ProgramSlug,
        reference: &CaseRef,
    ) -> Result<Option<CaseId>, StoreError> {
        self.find_case(program, reference)
    }

    fn rows(&self, program: &ProgramSlug) -> Result<Vec<CaseRow>, StoreError> {
        self.read_rows(program)
    }

    fn blob(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        blob: &BlobId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.read_blob(program, case, blob)
    }

    fn receipt(&self, code_hash: &Digest) -> Result<Option<(ProgramSlug, CaseId)>, StoreError> {
        self.find_receipt(code_hash)
    }

    fn receipt_note(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<String>, StoreError> {
        self.read_note(program, case)
    }

    fn due(&self, now: Instant, limit: u32) -> Result<Vec<(ProgramSlug, CaseId)>, StoreError> {
        self.due_cases(now, limit)
    }

    fn next_wake(&self) -> Result<Option<Instant>, StoreError> {
        self.earliest_wake()
    }

    fn lease_outbox(
        &self,
        now: Instant,
        seconds: u32,
        limit: u32,
    ) -> Result<Vec<OutboxLease>, StoreError> {
        self.lease(now, seconds, limit)
    }

    fn settle_outbox(
        &self,
        key: &str,
        fence: u64,
        outcome: OutboxOutcome,
    ) -> Result<bool, StoreError> {
        self.settle(key, fence, outcome)
    }

    fn programs(&self) -> Result<Vec<ProgramRecord>, StoreError> {
        self.list_programs()
    }

    fn put_program(
        &self,
        program: ProgramRecord,
        over: Option<Digest>,
        policy: NewPolicy,
        act: Option<PolicyAct>,
    ) -> Result<(), StoreError> {
        self.write_program(program, over, policy, act)
    }

    fn policy_acts(&self, program: &ProgramSlug) -> Result<Vec<PolicyAct>, StoreError> {
        self.list_policy_acts(program)
    }

    fn policy(
        &self,
        program: &ProgramSlug,
        digest: &Digest,
    ) -> Result<Option<NewPolicy>, StoreError> {
        self.read_policy(program, digest)
    }

    fn add_account(&self, account: AccountRecord) -> Result<(), StoreError> {
        self.insert_account(account)
    }

    fn add_first_account(&self, account: AccountRecord, spent: &str) -> Result<(), StoreError> {
        self.insert_first_account(account, spent)
    }

    fn update_account(&self, account: AccountRecord) -> Result<(), StoreError> {
        self.rewrite_account(account)
    }

    fn change_account(
        &self,
        id: &AccountId,
        change: &dyn Fn(&mut AccountRecord) -> bool,
    ) -> Result<bool, StoreError> {
        self.swap_account(id, change)
    }

    fn note_failure(
        &self,
        id: &AccountId,
        now: Instant,
        pause: fn(u32) -> Option<i64>,
    ) -> Result<(), StoreError> {
        self.count_failure(id, now, pause)
    }

    fn clear_failures(&self, id: &AccountId) -> Result<(), StoreError> {
        self.set_failures(id, 0, None)
    }

    fn accounts(&self) -> Result<Vec<AccountRecord>, StoreError> {
        self.list_accounts()
    }

    fn account(&self, id: &AccountId) -> Result<Option<AccountRecord>, StoreError> {
        self.read_account(id)
    }

    fn account_by_login(&self, login: &str) -> Result<Option<AccountRecord>, StoreError> {
        self.find_account(login)
    }

    fn use_totp_step(&self, id: &AccountId, step: u64) -> Result<bool, StoreError> {
        self.spend_totp_step(id, step)
    }

    fn add_session(&self, session: SessionRecord) -> Result<(), StoreError> {
        self.insert_session(&session)
    }

    fn session(&self, id: &SessionId) -> Result<Option<SessionRecord>, StoreError> {
        self.read_session(id)
    }

    fn touch_session(&self, id: &SessionId, seen: Instant) -> Result<(), StoreError> {
        self.see_session(id, seen)
    }

    fn keep_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        self.reseal_session(session)
    }

    fn end_session(&self, id: &SessionId) -> Result<(), StoreError> {
        self.delete_session(id)
    }

    fn sessions_of(&self, account: &AccountId) -> Result<Vec<SessionRecord>, StoreError> {
        self.list_sessions_of(account)
    }

    fn end_sessions_of(&self, account: &AccountId) -> Result<u32, StoreError> {
        self.delete_sessions_of(account)
    }

    fn sweep_sessions(&self, now: Instant, idle_before: Instant) -> Result<(), StoreError> {
        self.delete_old_sessions(now, idle_before)
    }

    fn publications(&self, program: &ProgramSlug) -> Result<Vec<Publication>, StoreError> {
        self.read_publications(program)
    }

    fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.read_setting(key)
    }

    fn settings_under(&self, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        self.read_settings_under(prefix)
    }

    fn put_setting(&self, key: &str, value: Option<&str>) -> Result<(), StoreError> {
        self.write_setting(key, value)
    }

    fn chain(&self, program: &ProgramSlug, case: &CaseId) -> Result<Vec<StoredEvent>, StoreError> {
        self.read_chain(program, case)
    }

    fn chain_head(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<(u64, Digest)>, StoreError> {
        self.read_head(program, case)
    }

    fn heads(&self, program: &ProgramSlug) -> Result<Vec<(CaseId, u64)>, StoreError> {
        self.read_heads(program)
    }

    fn load_each(
        &self,
        program: &ProgramSlug,
        wanted: &BTreeSet<CaseId>,
        each: &mut dyn FnMut(CaseId, Vec<Recorded>),
    ) -> Result<(), StoreError> {
        self.read_each(program, wanted, each)
    }

    fn all_cases(&self) -> Result<Vec<(ProgramSlug, CaseId)>, StoreError> {
        self.every_case()
    }

    fn check_history(&self) -> Result<HistoryCheck, StoreError> {
        self.read_history_check()
    }

    fn replace_row(
        &self,
        program: &ProgramSlug,
        row: CaseRow,
        seq: u64,
        wake: Option<Instant>,
    ) -> Result<(), StoreError> {
        self.rewrite_row(program, &row, seq, wake)
    }
}

#[cfg(test)]
#[path = "../tests/common/mod.rs"]
pub(crate) mod common;

#[cfg(test)]
mod tests {
    use super::common::*;
    use super::*;
    use crate::sqlite::Db as _;

    fn writer(store: &SealedStore) -> &sqlite::Writer {
        match &store.writer {
            Writer::Sqlite(writer) => writer,
            Writer::Postgres(_) => panic!("of another engine"),
        }
    }

    fn limit_pages(store: &SealedStore, most: u32) {
        let limit =
            move |c: &rusqlite::Connection| c.pragma_update(None, "max_page_count", most).db();
        writer(store).run(limit).unwrap();
    }

    #[test]
    fn the_settings_that_durability_stands_on_are_in_force() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        let ask = |pragma: &'static str| -> String {
            let text = format!("SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma}");
            let read = move |c: &rusqlite::Connection| c.query_row(&text, [], |r| r.get(0)).db();
            writer(&store).run(read).unwrap()
        };
        assert_eq!(ask("journal_mode"), "wal");
        assert_eq!(ask("synchronous"), "2", "FULL");
        assert_eq!(ask("foreign_keys"), "1");
        let Readers::Sqlite(readers) = &store.readers else {
            panic!("of another engine");
        };
        let writing = readers.read(|c| c.execute("DELETE FROM event", []).db());
        assert!(writing.is_err(), "a reader cannot write");
    }

    #[test]
    fn a_full_disk_is_said_and_later_the_same_commit_goes_through() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        limit_pages(&store, 80);
        let fat = |seed: &str| {
            let mut c = commit(seed, 0);
            c.blobs = vec![blob(seed, &[1; 30_000])];
            c.receipt = Some(receipt(seed));
            c
        };
        let mut stored = 0_usize;
        let refused = loop {
            match store.commit(fat(&stored.to_string())) {
                Ok(()) => stored += 1,
                Err(e) => break e,
            }
        };
        assert!(matches!(refused, StoreError::Unwritable(_)), "{refused:?}");
        let program = slug("threatdex");
        let next = stored.to_string();
        assert!(stored > 0);
        assert_eq!(store.rows(&program).unwrap().len(), stored);
        assert_eq!(store.load(&program, &case(&next)).unwrap(), None);
        assert_eq!(store.receipt(&receipt(&next).code_hash).unwrap(), None);
        limit_pages(&store, 10_000);
        store.commit(fat(&next)).unwrap();
        assert_eq!(store.rows(&program).unwrap().len(), stored + 1);
        assert!(crate::verify_log(&store).unwrap().holds());
    }

    /// A data folder as it was before there was an account over all histories.
    fn of_schema_3(folder: &Path, instance_key: &InstanceKey) {
        let conn = rusqlite::Connection::open(folder.join("candor.db")).unwrap();
        conn.execute_batch(
            "ALTER TABLE cases DROP COLUMN erased_sealed; \
             DROP TABLE counter; DROP TABLE sign_in; DROP TABLE held_mail; ALTER TABLE schema_version DROP COLUMN oldest; \
             DROP TRIGGER cases_erased; DROP TABLE search_token; DROP TABLE search_part; \
             DROP TABLE search_case; DROP TRIGGER cases_inserted; DROP TRIGGER cases_moved; \
             DROP INDEX cases_changed; ALTER TABLE cases DROP COLUMN changed; \
             DROP TABLE log_leaf; DROP TABLE log_tile; DROP TABLE log_checkpoint; \
             DROP TABLE log_state; DROP TABLE case_read; DROP TABLE history_account; \
             ALTER TABLE cases DROP COLUMN head_mac; \
             ALTER TABLE instance DROP COLUMN stable_sealed; \
             ALTER TABLE instance DROP COLUMN key_epoch; \
             DELETE FROM schema_version WHERE version >= 4;",
        )
        .unwrap();
        let instance: [u8; 16] = conn
            .query_row("SELECT instance_id FROM instance", [], |row| row.get(0))
            .unwrap();
        let check = crate::history::key_check(instance_key, &instance, 3);
        conn.execute("UPDATE instance SET key_check = ?1", [check])
            .unwrap();
    }

    #[test]
    fn data_from_before_the_account_is_sealed_once_at_its_first_start() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        store.commit(commit("a", 0)).unwrap();
        store.commit(commit("b", 0)).unwrap();
        drop(store);
        of_schema_3(dir.path(), &key());
        let other = InstanceKey::from_bytes([7; 32]);
        assert!(matches!(
            SealedStore::open(dir.path(), &other),
            Err(OpenError::WrongKey { .. })
        ));
        let store = SealedStore::open(dir.path(), &key()).unwrap();
        let report = crate::verify_log(&store).unwrap();
        assert_eq!((report.cases, report.events, report.holds()), (2, 2, true));
        store.commit(commit("a", 1)).unwrap();
        store.commit(commit("c", 0)).unwrap();
        drop(store);
        let store = SealedStore::open(dir.path(), &key()).unwrap();
        let report = crate::verify_log(&store).unwrap();
        assert_eq!((report.cases, report.events, report.holds()), (3, 4, true));
    }
}
