//! The envelope: instance key, program keys, case keys.
//!
//! The instance key wraps the stable key of the instance and one random key a program; that wraps one random key a
//! case; that seals everything about the case. Destroying the wrapped case key
//! makes the case unreadable, backups of the database alone included.
//!
//! Invariant: a wrapped key opens only for its own program and case.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use candor_base::{CaseId, CaseRef, Digest, ProgramSlug};
use candor_ledger::VerifierKey;
use candor_ports::StoreError;

use crate::db::{Connection, one, params};
use crate::history::HistoryKeys;
use crate::key::{InstanceKey, Root};
use crate::seal::{Key, Place, keyed_hash};
use crate::sql;

/// What the row of the instance says of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyRow {
    /// Which instance this is.
    pub(crate) instance: [u8; 16],
    /// The stable key under the instance key; `None`: it is the instance key.
    stable: Option<Vec<u8>>,
    /// How often keys were changed.
    pub(crate) epoch: i64,
}

impl KeyRow {
    /// As it stands there.
    pub(crate) fn read(conn: &Connection<'_>) -> Result<Self, StoreError> {
        let row = one(conn, sql::INSTANCE_KEYS, params![], |row| {
            Ok(Self {
                instance: row.get(0)?,
                stable: row.get(1)?,
                epoch: row.get(2)?,
            })
        })?;
        let gone = || StoreError::Damaged("the row of the instance was removed".to_owned());
        row.ok_or_else(gone)
    }

    /// The stable key.
    pub(crate) fn stable(&self, key: &InstanceKey) -> Result<Root, StoreError> {
        let Some(sealed) = &self.stable else {
            return Ok(key.root().clone());
        };
        open_key(
            &key.inner("stable-key"),
            &stable_place(&self.instance),
            sealed,
        )
        .map(|stable| Root::from_bytes(*stable.bytes()))
        .ok_or_else(|| damaged("the stable key"))
    }
}

/// A stable key under the instance key.
pub(crate) fn wrap_stable(
    key: &InstanceKey,
    instance: &[u8; 16],
    stable: &Root,
) -> Result<Vec<u8>, StoreError> {
    seal(
        &key.inner("stable-key"),
        &stable_place(instance),
        stable.bytes(),
    )
}

/// The stable key of a new instance, under the instance key.
pub(crate) fn new_stable(key: &InstanceKey, instance: &[u8; 16]) -> Result<Vec<u8>, StoreError> {
    wrap_stable(key, instance, &Root::from_bytes(*fresh()?.bytes()))
}

fn stable_place(instance: &[u8; 16]) -> Place {
    Place::new("candor/stable-key/v1").at(instance)
}

/// Keys derived once from the instance key, and the program keys opened so far.
#[derive(Debug)]
pub(crate) struct Keyring {
    wrap: Key,
    reference: Key,
    words: Key,
    tombstone: Key,
    login: Key,
    account: Key,
    session: Key,
    setting: Key,
    history: HistoryKeys,
    log: VerifierKey,
    programs: RwLock<BTreeMap<ProgramSlug, Key>>,
}

/// What is said when something sealed does not open.
pub(crate) fn damaged(what: &str) -> StoreError {
    StoreError::Damaged(format!("{what} does not open"))
}

/// Seals, or says why not.
pub(crate) fn seal(key: &Key, place: &Place, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let too_long = || StoreError::Failed("too long to seal".to_owned());
    key.seal(place, plain).ok_or_else(too_long)
}

/// A fresh key.
pub(crate) fn fresh() -> Result<Key, StoreError> {
    Key::random().map_err(|e| StoreError::Failed(e.to_string()))
}

impl Keyring {
    /// The keys of an instance; `stable` is what [`KeyRow::stable`] gives.
    pub(crate) fn new(key: &InstanceKey, stable: &Root) -> Self {
        Self {
            wrap: key.inner("program-keys"),
            reference: stable.inner("case-references"),
            words: stable.inner("search-words"),
            tombstone: stable.inner("tombstones"),
            login: stable.inner("logins"),
            account: key.inner("accounts"),
            session: key.inner("sessions"),
            setting: key.inner("settings"),
            history: HistoryKeys::new(key),
            log: stable.log_verifier(),
            programs: RwLock::default(),
        }
    }

    /// Wraps program keys.
    pub(crate) fn wrap(&self) -> &Key {
        &self.wrap
    }

    /// Seals accounts.
    pub(crate) fn account(&self) -> &Key {
        &self.account
    }

    /// Seals sessions.
    pub(crate) fn session(&self) -> &Key {
        &self.session
    }

    /// Seals settings.
    pub(crate) fn setting(&self) -> &Key {
        &self.setting
    }

    /// Seals what is left of an erased case. It follows from the stable key, so that a
    /// tombstone stays as it is for ever.
    pub(crate) fn tombstone(&self) -> &Key {
        &self.tombstone
    }

    /// Over heads and their account.
    pub(crate) fn history(&self) -> &HistoryKeys {
        &self.history
    }

    /// What the checkpoints of the public log are signed with, whatever its name.
    pub(crate) const fn log(&self) -> &VerifierKey {
        &self.log
    }

    /// What a case reference is looked up by.
    pub(crate) fn reference_hash(&self, program: &ProgramSlug, reference: &CaseRef) -> Digest {
        let fields = [program.as_str().as_bytes(), reference.as_str().as_bytes()];
        Digest::from_bytes(keyed_hash(self.reference.bytes(), &fields))
    }

    /// What the words of a program are hashed under. It follows from the stable key, so that
    /// a change of the other keys leaves the words where they are.
    pub(crate) fn words(&self, program: &ProgramSlug) -> Key {
        Key::from_bytes(keyed_hash(
            self.words.bytes(),
            &[program.as_str().as_bytes()],
        ))
    }

    /// What a login is looked up by.
    pub(crate) fn login_hash(&self, login: &str) -> Digest {
        Digest::from_bytes(keyed_hash(self.login.bytes(), &[login.as_bytes()]))
    }

    /// Wraps a new program key.
    pub(crate) fn wrap_program(
        &self,
        slug: &ProgramSlug,
        key: &Key,
    ) -> Result<Vec<u8>, StoreError> {
        seal(&self.wrap, &program_place(slug), key.bytes())
    }

    /// The key of a program; `None` when there is no such program.
    pub(crate) fn program(
        &self,
        conn: &Connection<'_>,
        slug: &ProgramSlug,
    ) -> Result<Option<Key>, StoreError> {
        // The map only ever gains whole entries, so a poisoned lock does no harm.
        let known = self.programs.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = known.get(slug) {
            return Ok(Some(key.clone()));
        }
        drop(known);
        let Some((key, _)) = self.stored_program(conn, slug)? else {
            return Ok(None);
        };
        self.programs
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(slug.clone(), key.clone());
        Ok(Some(key))
    }

    /// The key of a program with its wrapped form, as this connection sees it. Not
    /// remembered, since a write transaction may yet be undone.
    pub(crate) fn stored_program(
        &self,
        conn: &Connection<'_>,
        slug: &ProgramSlug,
    ) -> Result<Option<(Key, Vec<u8>)>, StoreError> {
        let sealed: Option<Vec<u8>> = one(conn, sql::PROGRAM_KEY, params![slug.as_str()], |row| {
            row.get(0)
        })?;
        sealed
            .map(|sealed| {
                open_key(&self.wrap, &program_place(slug), &sealed)
                    .map(|key| (key, sealed))
                    .ok_or_else(|| damaged("the key of a program"))
            })
            .transpose()
    }

    /// The key of a case out of its wrapped form; `None` there means it was removed.
    pub(crate) fn case(
        &self,
        conn: &Connection<'_>,
        program: &ProgramSlug,
        case: &CaseId,
        sealed: Option<&[u8]>,
    ) -> Result<Key, StoreError> {
        let removed = || StoreError::Damaged("the key of this case was removed".to_owned());
        let sealed = sealed.ok_or_else(removed)?;
        let wrap = self
            .program(conn, program)?
            .ok_or_else(|| damaged("the key of a program"))?;
        open_key(&wrap, &case_place(program, case), sealed)
            .ok_or_else(|| damaged("the key of a case"))
    }
}

/// Wraps a new case key.
pub(crate) fn wrap_case(
    wrap: &Key,
    program: &ProgramSlug,
    case: &CaseId,
    key: &Key,
) -> Result<Vec<u8>, StoreError> {
    seal(wrap, &case_place(program, case), key.bytes())
}

pub(crate) fn open_key(wrap: &Key, place: &Place, sealed: &[u8]) -> Option<Key> {
    let bytes = zeroize::Zeroizing::new(wrap.open(place, sealed)?);
    let bytes: [u8; 32] = bytes.as_slice().try_into().ok()?;
    Some(Key::from_bytes(bytes))
}

pub(crate) fn program_place(slug: &ProgramSlug) -> Place {
    Place::new("candor/program-key/v1").at(slug.as_str().as_bytes())
}

pub(crate) fn case_place(program: &ProgramSlug, case: &CaseId) -> Place {
    Place::new("candor/case-key/v1")
        .at(program.as_str().as_bytes())
        .at(case.as_bytes())
}
