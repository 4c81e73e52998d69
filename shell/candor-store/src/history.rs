//! The account of all histories: what lets a cut-off history, a case taken away and a
//! head from elsewhere be seen, although the chains that are left hold in themselves.
//!
//! Each head (case, number of events, hash) stands beside its own keyed hash. One
//! account covers all heads: how many cases and events there are, and the XOR of another
//! keyed hash of each head, all under a third keyed hash. XOR, because a commit then
//! replaces one head by the next without looking at the others. It also holds the sums of
//! what lies beside the histories (`beside.rs`).
//!
//! Invariants: the account moves in the transaction that moves a head; an account that
//! does not hold is never made good by a later commit; heads are sealed as found only
//! once, in the migration that brings the account, and that cannot be run again without
//! the key (see [`key_check`]); the hashes of the head of an erased case are over its
//! tombstone, too, so that none can be taken away or put there without the key.
//!
//! Deliberately absent: protection against an old copy of the whole data folder.

use candor_base::{CaseId, Digest, ProgramSlug};
use candor_ledger::ChainHead;
use candor_ports::{HistoryAccount, HistoryCheck, KeyFault, StoreError};

use std::collections::BTreeMap;

use crate::beside::{self, Hashes, Sums};
use crate::db::{Connection, change, count, int, many, named, one, params, put};
use crate::key::InstanceKey;
use crate::seal::{Key, keyed_hash};
use crate::sql;

/// The schema from which on there is an account.
pub(crate) const SINCE: u32 = 4;

/// The schema from which on cases can be erased.
pub(crate) const ERASED_SINCE: u32 = 12;

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
    beside: Hashes,
}

/// What the account says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Account {
    cases: u64,
    events: u64,
    root: [u8; 32],
    /// `None` in an account from before it counted that.
    beside: Option<Sums>,
}

impl Account {
    /// Puts a head in, or takes it out again.
    fn toggle(&mut self, element: &[u8; 32]) {
        for (to, from) in self.root.iter_mut().zip(element) {
            *to ^= from;
        }
    }

    /// Whether it is the account of these histories.
    fn compared(&self, found: &Self) -> HistoryAccount {
        let of = |account: &Self| (account.cases, account.events, account.root);
        if of(self) == of(found) {
            HistoryAccount::Holds
        } else {
            HistoryAccount::Differs {
                cases: (self.cases, found.cases),
                events: (self.events, found.events),
            }
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
            beside: Hashes::new(key),
        }
    }

    /// Hashes of what lies beside the histories.
    pub(crate) const fn beside(&self) -> &Hashes {
        &self.beside
    }

    /// The keyed hash that stands beside a head; `erased` is the tombstone, sealed.
    pub(crate) fn head(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        head: &ChainHead,
        erased: Option<&[u8]>,
    ) -> [u8; 32] {
        over(&self.head, program, case, head, erased)
    }

    fn element(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        head: &ChainHead,
        erased: Option<&[u8]>,
    ) -> [u8; 32] {
        over(&self.element, program, case, head, erased)
    }

    fn account(&self, account: &Account) -> [u8; 32] {
        let (cases, events) = (account.cases.to_be_bytes(), account.events.to_be_bytes());
        let beside = account.beside.map(Sums::to_bytes);
        let mut parts: Vec<&[u8]> = vec![&cases, &events, &account.root];
        parts.extend(beside.as_deref());
        keyed_hash(self.account.bytes(), &parts)
    }

    /// Writes the account, with what lies beside.
    fn write(&self, tx: &Connection<'_>, account: &Account) -> Result<(), StoreError> {
        let (cases, events) = (int(account.cases)?, int(account.events)?);
        let (mac, beside) = (self.account(account), account.beside.map(Sums::to_bytes));
        let values = params![cases, events, account.root, mac, beside];
        put(tx, sql::HISTORY_UPDATE, values)
    }

    /// Moves the account on with something beside the histories, inside the writer's
    /// transaction.
    pub(crate) fn count(&self, tx: &Connection<'_>, change: &Sums) -> Result<(), StoreError> {
        let Some(mut account) = self.stored(tx)?.ok() else {
            return Ok(());
        };
        if let Some(beside) = &mut account.beside {
            beside.add(change);
        }
        self.write(tx, &account)
    }

    /// Moves the account on with one case and what its commit brings beside, inside the
    /// writer's transaction.
    pub(crate) fn advance(
        &self,
        tx: &Connection<'_>,
        step: &Move<'_>,
        change: &Sums,
    ) -> Result<(), StoreError> {
        let Some(mut account) = self.stored(tx)?.ok() else {
            return Ok(());
        };
        if let Some(beside) = &mut account.beside {
            beside.add(change);
        }
        let from = step.before.map_or(0, |head| head.seq);
        if let Some(before) = step.before {
            account.toggle(&self.element(step.program, step.case, before, None));
        } else {
            account.cases = account.cases.saturating_add(1);
        }
        let new = step.after.seq.saturating_sub(from);
        account.events = account.events.saturating_add(new);
        account.toggle(&self.element(step.program, step.case, step.after, None));
        self.write(tx, &account)
    }

    /// Moves the account on with a case that is erased, inside the writer's transaction.
    pub(crate) fn erase(
        &self,
        tx: &Connection<'_>,
        of: (&ProgramSlug, &CaseId, &ChainHead),
        erased: &[u8],
        change: &Sums,
    ) -> Result<(), StoreError> {
        let Some(mut account) = self.stored(tx)?.ok() else {
            return Ok(());
        };
        if let Some(beside) = &mut account.beside {
            beside.add(change);
        }
        let (program, case, head) = of;
        account.toggle(&self.element(program, case, head, None));
        account.toggle(&self.element(program, case, head, Some(erased)));
        self.write(tx, &account)
    }

    /// The stored account, or why there is none to go on from.
    fn stored(&self, conn: &Connection<'_>) -> Result<Result<Account, HistoryAccount>, StoreError> {
        self.stored_since(conn, beside::SINCE)
    }

    /// The account as it is stored by this schema.
    fn stored_since(
        &self,
        conn: &Connection<'_>,
        schema: u32,
    ) -> Result<Result<Account, HistoryAccount>, StoreError> {
        let with_beside = schema >= beside::SINCE;
        let select = if with_beside {
            sql::HISTORY_SELECT
        } else {
            sql::HISTORY_SELECT_FIRST
        };
        let row = one(conn, select, params![], |row| {
            let numbers: (i64, i64) = (row.get(0)?, row.get(1)?);
            let beside: Option<Vec<u8>> = if with_beside { row.get(4)? } else { None };
            Ok((numbers, row.get(2)?, row.get::<[u8; 32]>(3)?, beside))
        })?;
        let Some(((cases, events), root, mac, beside)) = row else {
            return Ok(Err(HistoryAccount::Gone));
        };
        let (Ok(cases), Ok(events)) = (count(cases), count(events)) else {
            return Ok(Err(HistoryAccount::Changed));
        };
        let beside = beside.as_deref().map(Sums::from_bytes);
        let account = Account {
            cases,
            events,
            root,
            beside: beside.flatten(),
        };
        let whole = account.beside.is_some() == with_beside;
        Ok(if whole && self.account(&account) == mac {
            Ok(account)
        } else {
            Err(HistoryAccount::Changed)
        })
    }

    /// Compares heads, what lies beside, and account, on one snapshot.
    pub(crate) fn check(&self, conn: &Connection<'_>) -> Result<HistoryCheck, StoreError> {
        self.check_since(conn, ERASED_SINCE)
    }

    /// The same in a database of an older schema.
    pub(crate) fn check_since(
        &self,
        conn: &Connection<'_>,
        schema: u32,
    ) -> Result<HistoryCheck, StoreError> {
        let (found, foreign) = self.walk(conn, schema)?;
        let mut beside = Vec::new();
        let account = match self.stored_since(conn, schema)? {
            Err(why) => why,
            Ok(account) => {
                if let Some(sums) = &account.beside {
                    beside = sums.differences(&self.beside.walk(conn)?);
                }
                account.compared(&found)
            }
        };
        Ok(HistoryCheck {
            foreign,
            keys: key_faults(conn, schema)?,
            account,
            beside,
        })
    }

    /// The account as the heads that are there make it, and the cases whose head does
    /// not stand under the key.
    fn walk(
        &self,
        conn: &Connection<'_>,
        schema: u32,
    ) -> Result<(Account, Vec<(ProgramSlug, CaseId)>), StoreError> {
        let erased = tombstones(conn, schema)?;
        let mut found = Account::default();
        let mut foreign = Vec::new();
        for (program, case, head, mac) in heads(conn)? {
            found.cases = found.cases.saturating_add(1);
            found.events = found.events.saturating_add(head.seq);
            let erased = erased.get(&case).map(Vec::as_slice);
            found.toggle(&self.element(&program, &case, &head, erased));
            let want = self.head(&program, &case, &head, erased);
            if mac.as_deref() != Some(want.as_slice()) {
                foreign.push((program, case));
            }
        }
        Ok((found, foreign))
    }

    /// Seals all heads as they are found, with the migration that brings the account.
    pub(crate) fn seal_as_found(&self, tx: &Connection<'_>) -> Result<u64, StoreError> {
        let account = self.seal_heads(tx, SINCE)?;
        let (cases, events) = (int(account.cases)?, int(account.events)?);
        let values = params![cases, events, account.root, self.account(&account)];
        change(tx, sql::HISTORY_INSERT, values)?;
        Ok(account.cases)
    }

    /// Counts what lies beside the histories as it is found, with the migration that brings
    /// that. An account that does not hold as it was before stays as it is.
    pub(crate) fn count_as_found(&self, tx: &Connection<'_>) -> Result<(), StoreError> {
        let Ok(mut account) = self.stored_since(tx, beside::SINCE - 1)? else {
            return Ok(());
        };
        account.beside = Some(self.beside.walk(tx)?);
        self.write(tx, &account)
    }

    /// Seals all heads anew under these keys; the account held under the ones before.
    pub(crate) fn seal_anew(&self, tx: &Connection<'_>, before: &Self) -> Result<u64, StoreError> {
        let check = before.check(tx)?;
        if !check.holds() {
            let why = "something was changed outside Candor; nothing was sealed anew";
            return Err(StoreError::Damaged(why.to_owned()));
        }
        let mut account = self.seal_heads(tx, ERASED_SINCE)?;
        account.beside = Some(self.beside.walk(tx)?);
        self.write(tx, &account)?;
        Ok(account.cases)
    }

    /// Seals every head as it is found; gives the account of them.
    fn seal_heads(&self, tx: &Connection<'_>, schema: u32) -> Result<Account, StoreError> {
        let erased = tombstones(tx, schema)?;
        for (program, case, head, _) in heads(tx)? {
            let erased = erased.get(&case).map(Vec::as_slice);
            let mac = self.head(&program, &case, &head, erased);
            change(tx, sql::HISTORY_SEAL_HEAD, params![case.as_bytes(), mac])?;
        }
        self.walk(tx, schema).map(|(account, _)| account)
    }
}

fn over(
    key: &Key,
    program: &ProgramSlug,
    case: &CaseId,
    head: &ChainHead,
    erased: Option<&[u8]>,
) -> [u8; 32] {
    let seq = head.seq.to_be_bytes();
    let (program, hash) = (program.as_str().as_bytes(), head.hash.as_bytes());
    let mut parts: Vec<&[u8]> = vec![program, case.as_bytes(), &seq, hash];
    parts.extend(erased);
    keyed_hash(key.bytes(), &parts)
}

/// A case that is not simply there with its key: whether there is a key, and the tombstone.
type Odd = (ProgramSlug, CaseId, bool, Option<Vec<u8>>);

/// Such cases; none in a schema from before any could be erased.
fn odd(conn: &Connection<'_>, schema: u32) -> Result<Vec<Odd>, StoreError> {
    if schema < ERASED_SINCE {
        return Ok(Vec::new());
    }
    let rows = many(conn, sql::HISTORY_ERASED, params![], |row| {
        let place: (String, [u8; 16]) = (row.get(0)?, row.get(1)?);
        Ok((place, row.get::<i64>(2)? != 0, row.get(3)?))
    })?;
    rows.into_iter()
        .map(|(place, has_key, erased)| {
            let (program, case) = named(place)?;
            Ok((program, case, has_key, erased))
        })
        .collect()
}

fn tombstones(conn: &Connection<'_>, schema: u32) -> Result<BTreeMap<CaseId, Vec<u8>>, StoreError> {
    let odd = odd(conn, schema)?.into_iter();
    Ok(odd
        .filter_map(|(_, case, _, erased)| Some((case, erased?)))
        .collect())
}

fn key_faults(
    conn: &Connection<'_>,
    schema: u32,
) -> Result<Vec<(ProgramSlug, CaseId, KeyFault)>, StoreError> {
    let fault = |(program, case, has_key, erased): Odd| match (has_key, erased) {
        (true, Some(_)) => Some((program, case, KeyFault::PutBack)),
        (false, None) => Some((program, case, KeyFault::Gone)),
        _ => None,
    };
    Ok(odd(conn, schema)?.into_iter().filter_map(fault).collect())
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
