//! A store whose disk can be full: it reads as ever and refuses to write. It counts
//! what sessions write, and every question, too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use candor_base::{AccountId, BlobId, CaseId, CaseRef, Digest, Instant, ProgramSlug, SessionId};
use candor_case::Recorded;
use candor_ports::{
    AccountRecord, CaseReader, CaseRow, Change, Changes, Cleared, Commit, Counters, Erasing,
    HeldMail, HeldMails, HistoryCheck, Kept, NewPolicy, OutboxLease, OutboxOutcome, PolicyAct,
    ProgramRecord, Publication, ReadLog, RowChange, Search, SessionRecord, SignInAct, SignInLine,
    SignIns, Store, StoreError, StoredEvent, Tombstone, WordPlace, Words,
};
use candor_store::SealedStore;

#[derive(Debug)]
pub(crate) struct Gated {
    pub(crate) inner: SealedStore,
    pub(crate) gate: std::sync::Arc<Gate>,
}

#[derive(Debug, Default)]
pub(crate) struct Gate {
    pub(crate) full: AtomicBool,
    pub(crate) touches: AtomicU64,
    /// Questions to the store.
    pub(crate) reads: AtomicU64,
}

impl Gated {
    fn writable(&self) -> Result<(), StoreError> {
        if self.gate.full.load(Ordering::SeqCst) {
            Err(StoreError::Unwritable(
                "database or disk is full".to_owned(),
            ))
        } else {
            Ok(())
        }
    }
}

macro_rules! reads {
    ($($name:ident($($arg:ident: $ty:ty),*) -> $out:ty;)*) => {$(
        fn $name(&self, $($arg: $ty),*) -> Result<$out, StoreError> {
            self.gate.reads.fetch_add(1, Ordering::SeqCst);
            self.inner.$name($($arg),*)
        }
    )*};
}

macro_rules! writes {
    ($($name:ident($($arg:ident: $ty:ty),*) -> $out:ty;)*) => {$(
        fn $name(&self, $($arg: $ty),*) -> Result<$out, StoreError> {
            self.writable()?;
            self.inner.$name($($arg),*)
        }
    )*};
}

impl ReadLog for Gated {
    writes! {
        note_read(program: &ProgramSlug, case: &CaseId, account: &AccountId, at: Instant) -> ();
    }

    reads! {
        case_readers(program: &ProgramSlug, case: &CaseId) -> Vec<CaseReader>;
        cases_read(account: &AccountId, since: Instant) -> u32;
    }
}

impl SignIns for Gated {
    writes! {
        note_sign_in(account: Option<&AccountId>, act: SignInAct, at: Instant) -> ();
        sweep_sign_ins(before: Instant) -> u64;
    }

    reads! {
        sign_ins(since: Instant, most: u32) -> Vec<SignInLine>;
        wrong_sign_ins(at: Instant) -> u32;
    }
}

impl HeldMails for Gated {
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

impl Changes for Gated {
    reads! {
        changes(program: &ProgramSlug, after: u64, limit: u32) -> Vec<RowChange>;
    }
}

impl Counters for Gated {
    writes! {
        count(keys: &[Digest], now: Instant, change: Change) -> ();
        sweep_counters(now: Instant, most: u32) -> u64;
    }

    reads! {
        counted(key: &Digest, now: Instant) -> Option<String>;
    }
}

impl Erasing for Gated {
    writes! {
        erase(program: &ProgramSlug, case: &CaseId, seq: u64, tombstone: &Tombstone) -> Cleared;
    }

    reads! {
        tombstone(program: &ProgramSlug, case: &CaseId) -> Option<Tombstone>;
        tombstones(program: &ProgramSlug) -> Vec<(CaseId, Tombstone)>;
    }
}

impl Search for Gated {
    reads! {
        cases_with(program: &ProgramSlug, any: &[BTreeSet<String>]) -> Vec<BTreeMap<CaseId, BTreeSet<WordPlace>>>;
        not_found_yet(after: Option<&CaseId>, limit: u32) -> Vec<(ProgramSlug, CaseId)>;
        count_not_found_yet(program: Option<&ProgramSlug>) -> u64;
    }

    writes! {
        replace_words(program: &ProgramSlug, case: &CaseId, seq: u64, words: Words) -> ();
    }
}

impl Store for Gated {
    fn space(&self) -> candor_ports::Space {
        self.inner.space()
    }

    fn touch_session(&self, id: &SessionId, seen: Instant) -> Result<(), StoreError> {
        self.gate.touches.fetch_add(1, Ordering::SeqCst);
        self.writable()?;
        self.inner.touch_session(id, seen)
    }

    writes! {
        commit(commit: Commit) -> ();
        lease_outbox(now: Instant, seconds: u32, limit: u32) -> Vec<OutboxLease>;
        settle_outbox(key: &str, fence: u64, outcome: OutboxOutcome) -> bool;
        put_program(program: ProgramRecord, over: Option<Digest>, policy: NewPolicy, act: Option<PolicyAct>) -> ();
        add_account(account: AccountRecord) -> ();
        add_first_account(account: AccountRecord, spent: &str) -> ();
        update_account(account: AccountRecord) -> ();
        change_account(id: &AccountId, change: &dyn Fn(&mut AccountRecord) -> bool) -> bool;
        note_failure(id: &AccountId, now: Instant, pause: fn(u32) -> Option<i64>) -> ();
        clear_failures(id: &AccountId) -> ();
        use_totp_step(id: &AccountId, step: u64) -> bool;
        add_session(session: SessionRecord) -> ();
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
        programs() -> Vec<ProgramRecord>;
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
