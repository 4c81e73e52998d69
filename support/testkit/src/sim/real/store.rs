//! The real store behind a door that can break: before a commit, after it, and before an
//! outbox item is settled. Behind a break nothing is written until the next start.
//!
//! Here, too, the mistakes are built in that lie in storing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use candor_base::{AccountId, BlobId, CaseId, CaseRef, Digest, Instant, ProgramSlug, SessionId};
use candor_case::{Event, Recorded};
use candor_ports::{
    AccountRecord, CaseReader, CaseRow, Change, Changes, Cleared, Commit, Counters, Erasing,
    HeldMail, HeldMails, HistoryCheck, Kept, NewPolicy, OutboxLease, OutboxOutcome, PolicyAct,
    ProgramRecord, Publication, ReadLog, RowChange, Search, SessionRecord, SignInAct, SignInLine,
    SignIns, Store, StoreError, StoredEvent, Tombstone, WordPlace, Words,
};
use candor_store::SealedStore;

use crate::sim::bug::Bug;
use crate::sim::house::Break;

/// What the door is told, and what happened at it.
#[derive(Debug, Default)]
pub(super) struct Door {
    /// Where to break next.
    pub(super) next: Option<Break>,
    /// It broke.
    pub(super) broken: bool,
    /// A mistake.
    pub(super) bug: Option<Bug>,
    /// A title that a mistake told.
    pub(super) title: Option<String>,
}

/// The store with its door.
#[derive(Debug)]
pub(super) struct Guarded {
    pub(super) inner: SealedStore,
    pub(super) door: Arc<Mutex<Door>>,
}

fn broke() -> StoreError {
    StoreError::Failed("the machine broke".to_owned())
}

impl Guarded {
    fn whole(&self) -> Result<(), StoreError> {
        if self.door.lock().unwrap().broken {
            Err(broke())
        } else {
            Ok(())
        }
    }

    /// Whether it breaks here.
    fn breaks(&self, at: Break) -> bool {
        let mut door = self.door.lock().unwrap();
        let now = door.next == Some(at);
        if now {
            door.next = None;
            door.broken = true;
        }
        now
    }

    fn spoil(&self, commit: &mut Commit, lost: bool) {
        let mut door = self.door.lock().unwrap();
        match door.bug {
            Some(Bug::DueHourEarly) => {
                for recorded in &mut commit.events {
                    if let Event::ClockStarted { due: Some(due), .. } = &mut recorded.event {
                        *due = due.plus_seconds(-3_600);
                    }
                }
            }
            Some(Bug::EffectLost) if lost => commit.outbox.clear(),
            Some(Bug::TitleInFeed) => {
                for blob in &commit.blobs {
                    let json = serde_json::from_slice::<serde_json::Value>(blob.bytes.reveal());
                    let title = json.ok().and_then(|v| Some(v.get("title")?.to_string()));
                    door.title = title.or(door.title.take());
                }
            }
            _ => {}
        }
    }
}

macro_rules! reads {
    ($($name:ident($($arg:ident: $ty:ty),*) -> $out:ty;)*) => {$(
        fn $name(&self, $($arg: $ty),*) -> Result<$out, StoreError> {
            self.inner.$name($($arg),*)
        }
    )*};
}

macro_rules! writes {
    ($($name:ident($($arg:ident: $ty:ty),*) -> $out:ty;)*) => {$(
        fn $name(&self, $($arg: $ty),*) -> Result<$out, StoreError> {
            self.whole()?;
            self.inner.$name($($arg),*)
        }
    )*};
}

impl ReadLog for Guarded {
    writes! {
        note_read(program: &ProgramSlug, case: &CaseId, account: &AccountId, at: Instant) -> ();
    }

    reads! {
        case_readers(program: &ProgramSlug, case: &CaseId) -> Vec<CaseReader>;
        cases_read(account: &AccountId, since: Instant) -> u32;
    }
}

impl SignIns for Guarded {
    writes! {
        note_sign_in(account: Option<&AccountId>, act: SignInAct, at: Instant) -> ();
        sweep_sign_ins(before: Instant) -> u64;
    }

    reads! {
        sign_ins(since: Instant, most: u32) -> Vec<SignInLine>;
        wrong_sign_ins(at: Instant) -> u32;
    }
}

impl HeldMails for Guarded {
    writes! {
        hold_mail(mail: HeldMail, most: u32) -> Kept;
        settle_mail(program: &ProgramSlug, id: &BlobId, at: Instant, head: Vec<u8>, instead: Option<Vec<u8>>) -> bool;
        sweep_mails(before: Instant) -> u64;
    }

    reads! {
        held_mails(program: &ProgramSlug, most: u32) -> Vec<HeldMail>;
        waiting_mails(program: &ProgramSlug) -> u32;
        held_mail(program: &ProgramSlug, id: &BlobId) -> Option<HeldMail>;
    }
}

impl Changes for Guarded {
    reads! {
        changes(program: &ProgramSlug, after: u64, limit: u32) -> Vec<RowChange>;
    }
}

impl Counters for Guarded {
    writes! {
        count(keys: &[Digest], now: Instant, change: Change) -> ();
        sweep_counters(now: Instant, most: u32) -> u64;
    }

    reads! {
        counted(key: &Digest, now: Instant) -> Option<String>;
    }
}

impl Erasing for Guarded {
    reads! {
        tombstone(program: &ProgramSlug, case: &CaseId) -> Option<Tombstone>;
        tombstones(program: &ProgramSlug) -> Vec<(CaseId, Tombstone)>;
    }

    writes! {
        erase(program: &ProgramSlug, case: &CaseId, seq: u64, tombstone: &Tombstone) -> Cleared;
    }
}

impl Search for Guarded {
    reads! {
        cases_with(program: &ProgramSlug, any: &[BTreeSet<String>]) -> Vec<BTreeMap<CaseId, BTreeSet<WordPlace>>>;
        not_found_yet(after: Option<&CaseId>, limit: u32) -> Vec<(ProgramSlug, CaseId)>;
        count_not_found_yet(program: Option<&ProgramSlug>) -> u64;
    }

    writes! {
        replace_words(program: &ProgramSlug, case: &CaseId, seq: u64, words: Words) -> ();
    }
}

impl Store for Guarded {
    fn space(&self) -> candor_ports::Space {
        self.inner.space()
    }

    fn commit(&self, mut commit: Commit) -> Result<(), StoreError> {
        self.whole()?;
        if self.breaks(Break::BeforeCommit) {
            return Err(broke());
        }
        let after = self.breaks(Break::AfterCommit);
        self.spoil(&mut commit, after);
        self.inner.commit(commit)?;
        if after { Err(broke()) } else { Ok(()) }
    }

    fn settle_outbox(
        &self,
        key: &str,
        fence: u64,
        outcome: OutboxOutcome,
    ) -> Result<bool, StoreError> {
        self.whole()?;
        if self.breaks(Break::BeforeSettle) {
            return Err(broke());
        }
        self.inner.settle_outbox(key, fence, outcome)
    }

    fn programs(&self) -> Result<Vec<ProgramRecord>, StoreError> {
        let mut all = self.inner.programs()?;
        if let Some(title) = &self.door.lock().unwrap().title {
            for program in &mut all {
                program.name = format!("{}: {title}", program.name);
            }
        }
        Ok(all)
    }

    writes! {
        lease_outbox(now: Instant, seconds: u32, limit: u32) -> Vec<OutboxLease>;
        put_program(program: ProgramRecord, over: Option<Digest>, policy: NewPolicy, act: Option<PolicyAct>) -> ();
        add_account(account: AccountRecord) -> ();
        add_first_account(account: AccountRecord, spent: &str) -> ();
        update_account(account: AccountRecord) -> ();
        change_account(id: &AccountId, change: &dyn Fn(&mut AccountRecord) -> bool) -> bool;
        note_failure(id: &AccountId, now: Instant, pause: fn(u32) -> Option<i64>) -> ();
        clear_failures(id: &AccountId) -> ();
        use_totp_step(id: &AccountId, step: u64) -> bool;
        add_session(session: SessionRecord) -> ();
        touch_session(id: &SessionId, seen: Instant) -> ();
        keep_session(session: &SessionRecord) -> ();
        end_session(id: &SessionId) -> ();
        end_sessions_of(account: &AccountId) -> u32;
        sweep_sessions(now: Instant, idle_before: Instant) -> ();
        put_setting(key: &str, value: Option<&str>) -> ();
        replace_row(program: &ProgramSlug, row: CaseRow, seq: u64, wake: Option<Instant>) -> ();
    }

    reads! {
        load(program: &ProgramSlug, case: &CaseId) -> Option<Vec<Recorded>>;
        heads(program: &ProgramSlug) -> Vec<(CaseId, u64)>;
        load_each(program: &ProgramSlug, wanted: &BTreeSet<CaseId>, each: &mut dyn FnMut(CaseId, Vec<Recorded>)) -> ();
        find(program: &ProgramSlug, reference: &CaseRef) -> Option<CaseId>;
        rows(program: &ProgramSlug) -> Vec<CaseRow>;
        blob(program: &ProgramSlug, case: &CaseId, blob: &BlobId) -> Option<Vec<u8>>;
        receipt(code_hash: &Digest) -> Option<(ProgramSlug, CaseId)>;
        receipt_note(program: &ProgramSlug, case: &CaseId) -> Option<String>;
        due(now: Instant, limit: u32) -> Vec<(ProgramSlug, CaseId)>;
        next_wake() -> Option<Instant>;
        policy(program: &ProgramSlug, digest: &Digest) -> Option<NewPolicy>;
        policy_acts(program: &ProgramSlug) -> Vec<PolicyAct>;
        accounts() -> Vec<AccountRecord>;
        account(id: &AccountId) -> Option<AccountRecord>;
        account_by_login(login: &str) -> Option<AccountRecord>;
        session(id: &SessionId) -> Option<SessionRecord>;
        sessions_of(account: &AccountId) -> Vec<SessionRecord>;
        publications(program: &ProgramSlug) -> Vec<Publication>;
        setting(key: &str) -> Option<String>;
        settings_under(prefix: &str) -> Vec<(String, String)>;
        chain(program: &ProgramSlug, case: &CaseId) -> Vec<StoredEvent>;
        chain_head(program: &ProgramSlug, case: &CaseId) -> Option<(u64, Digest)>;
        check_history() -> HistoryCheck;
        all_cases() -> Vec<(ProgramSlug, CaseId)>;
    }
}
