//! The account of all histories: what lets a cut-off history, a case taken away and a
//! head from elsewhere be seen, although the chains that are left hold in themselves.
//!
//! Each head (case, number of events, hash) stands beside its own keyed hash. One
//! account covers all heads: how many cases and events there are, and the XOR of another
//! keyed hash of each head, all under a third keyed hash. XOR, because a commit then
//! replaces one head by the next without looking at the others.
//!
//! Invariants: the account moves in the transaction that moves a head; an account that
//! does not hold is never made good by a later commit; heads are sealed as found only
//! once, in the migration that brings the account, and that cannot be run again without
//! the key (see [`key_check`]).
//!
//! Deliberately absent: protection against an old copy of the whole data folder.

use candor_base::{CaseId, Digest, ProgramSlug};
use candor_ledger::ChainHead;
use candor_ports::{HistoryAccount, HistoryCheck, StoreError};

use crate::db::{Connection, change, count, int, many, named, one, params};
use crate::key::InstanceKey;
use crate::seal::{Key, keyed_hash};
use crate::sql::{self, Statement};

/// The schema from which on there is an account.
pub(crate) const SINCE: u32 = 4;

/// The value by which the database recognises its instance key. It is another one since
/// there is an account, so that a database that was set back to a form without account,
/// to have its heads sealed anew, is not taken.
pub(crate) fn key_check(key: &InstanceKey, instance: &[u8; 16], schema: u32) -> [u8; 32] {
    let purpose = if schema < SINCE {
        "key-check"
    } else {
        "key-check-with-history-account"
    };
    keyed_hash(key.inner(purpose).bytes(), &[instance])
}

/// The keys over heads and account.
#[derive(Debug)]
pub(crate) struct HistoryKeys {
    head: Key,
    element: Key,
    account: Key,
}

/// What the account says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Account {
    cases: u64,
    events: u64,
    root: [u8; 32],
}

impl Account {
    /// Puts a head in, or takes it out again.
    fn toggle(&mut self, element: &[u8; 32]) {
        for (to, from) in self.root.iter_mut().zip(element) {
            *to ^= from;
        }
    }
}

/// How a case moves from one head to the next.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Move<'a> {
    pub(crate) program: &'a ProgramSlug,
    pub(crate) case: &'a CaseId,
    /// `None` for a new case.
    pub(crate) before: Option<&'a ChainHead>,
    pub(crate) after: &'a ChainHead,
}

impl HistoryKeys {
    pub(crate) fn new(key: &InstanceKey) -> Self {
        Self {
            head: key.inner("history-heads"),
            element: key.inner("history-elements"),
            account: key.inner("history-account"),
        }
    }

    /// The keyed hash that stands beside a head.
    pub(crate) fn head(&self, program: &ProgramSlug, case: &CaseId, head: &ChainHead) -> [u8; 32] {
        over(&self.head, program, case, head)
    }

    fn element(&self, program: &ProgramSlug, case: &CaseId, head: &ChainHead) -> [u8; 32] {
        over(&self.element, program, case, head)
    }

    fn account(&self, account: &Account) -> [u8; 32] {
        let (cases, events) = (account.cases.to_be_bytes(), account.events.to_be_bytes());
        keyed_hash(self.account.bytes(), &[&cases, &events, &account.root])
    }

    /// Moves the account on with one case, inside the writer's transaction.
    pub(crate) fn advance(&self, tx: &Connection<'_>, step: &Move<'_>) -> Result<(), StoreError> {
        let Some(mut account) = self.stored(tx)?.ok() else {
            return Ok(());
        };
        let from = step.before.map_or(0, |head| head.seq);
        if let Some(before) = step.before {
            account.toggle(&self.element(step.program, step.case, before));
        } else {
            account.cases = account.cases.saturating_add(1);
        }
        let new = step.after.seq.saturating_sub(from);
        account.events = account.events.saturating_add(new);
        account.toggle(&self.element(step.program, step.case, step.after));
        let (cases, events) = (int(account.cases)?, int(account.events)?);
        let values = params![cases, events, account.root, self.account(&account)];
        change(tx, sql::HISTORY_UPDATE, values).map(|_| ())
    }

    /// The stored account, or why there is none to go on from.
    fn stored(&self, conn: &Connection<'_>) -> Result<Result<Account, HistoryAccount>, StoreError> {
        let row = one(conn, sql::HISTORY_SELECT, params![], |row| {
            let numbers: (i64, i64) = (row.get(0)?, row.get(1)?);
            Ok((numbers, row.get(2)?, row.get::<[u8; 32]>(3)?))
        })?;
        let Some(((cases, events), root, mac)) = row else {
            return Ok(Err(HistoryAccount::Gone));
        };
        let (Ok(cases), Ok(events)) = (count(cases), count(events)) else {
            return Ok(Err(HistoryAccount::Changed));
        };
        let account = Account {
            cases,
            events,
            root,
        };
        Ok(if self.account(&account) == mac {
            Ok(account)
        } else {
            Err(HistoryAccount::Changed)
        })
    }

    /// Compares heads and account, on one snapshot.
    pub(crate) fn check(&self, conn: &Connection<'_>) -> Result<HistoryCheck, StoreError> {
        let (found, foreign) = self.walk(conn)?;
        let account = match self.stored(conn)? {
            Err(why) => why,
            Ok(account) if account == found => HistoryAccount::Holds,
            Ok(account) => HistoryAccount::Differs {
                cases: (account.cases, found.cases),
                events: (account.events, found.events),
            },
        };
        Ok(HistoryCheck { foreign, account })
    }

    /// The account as the heads that are there make it, and the cases whose head does
    /// not stand under the key.
    fn walk(
        &self,
        conn: &Connection<'_>,
    ) -> Result<(Account, Vec<(ProgramSlug, CaseId)>), StoreError> {
        let mut found = Account::default();
        let mut foreign = Vec::new();
        for (program, case, head, mac) in heads(conn)? {
            found.cases = found.cases.saturating_add(1);
            found.events = found.events.saturating_add(head.seq);
            found.toggle(&self.element(&program, &case, &head));
            if mac.as_deref() != Some(self.head(&program, &case, &head).as_slice()) {
                foreign.push((program, case));
            }
        }
        Ok((found, foreign))
    }

    /// Seals all heads as they are found, with the migration that brings the account.
    pub(crate) fn seal_as_found(&self, tx: &Connection<'_>) -> Result<u64, StoreError> {
        self.seal_all(tx, sql::HISTORY_INSERT)
    }

    /// Seals all heads anew under these keys; the account held under the ones before.
    pub(crate) fn seal_anew(&self, tx: &Connection<'_>, before: &Self) -> Result<u64, StoreError> {
        let check = before.check(tx)?;
        if check.account != HistoryAccount::Holds || !check.foreign.is_empty() {
            let why = "a history was changed outside Candor; nothing was sealed anew";
            return Err(StoreError::Damaged(why.to_owned()));
        }
        self.seal_all(tx, sql::HISTORY_UPDATE)
    }

    fn seal_all(&self, tx: &Connection<'_>, write: Statement) -> Result<u64, StoreError> {
        for (program, case, head, _) in heads(tx)? {
            let mac = self.head(&program, &case, &head);
            change(tx, sql::HISTORY_SEAL_HEAD, params![case.as_bytes(), mac])?;
        }
        let (account, _) = self.walk(tx)?;
        let (cases, events) = (int(account.cases)?, int(account.events)?);
        let values = params![cases, events, account.root, self.account(&account)];
        change(tx, write, values)?;
        Ok(account.cases)
    }
}

fn over(key: &Key, program: &ProgramSlug, case: &CaseId, head: &ChainHead) -> [u8; 32] {
    let seq = head.seq.to_be_bytes();
    let (program, hash) = (program.as_str().as_bytes(), head.hash.as_bytes());
    keyed_hash(key.bytes(), &[program, case.as_bytes(), &seq, hash])
}

type Head = (ProgramSlug, CaseId, ChainHead, Option<Vec<u8>>);

fn heads(conn: &Connection<'_>) -> Result<Vec<Head>, StoreError> {
    let rows = many(conn, sql::HISTORY_HEADS, params![], |row| {
        let place: (String, [u8; 16]) = (row.get(0)?, row.get(1)?);
        let hash = Digest::from_bytes(row.get(3)?);
        Ok((place, row.get::<i64>(2)?, hash, row.get(4)?))
    })?;
    rows.into_iter()
        .map(|(place, seq, hash, mac)| {
            let (program, case) = named(place)?;
            let seq = count(seq)?;
            Ok((program, case, ChainHead { seq, hash }, mac))
        })
        .collect()
}
