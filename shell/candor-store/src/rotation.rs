//! Changing keys: the instance key, or the key of a program.
//!
//! Everything that was sealed under the old key is sealed anew under the new one, in one
//! transaction together with the epoch of the keys: after a crash at any moment either the
//! old key opens everything or the new one does. Other processes on the same database write
//! nothing more under the old keys (`postgres/writer.rs`); they must be started anew.
//!
//! Invariants: the chain of a case is hashed over sealed events, so no event is ever sealed
//! anew; the stable key stays; an account of histories that does not hold is not made good.
//!
//! Deliberately absent: key files, and telling anybody.

use std::sync::Arc;

use candor_base::{AccountId, CaseId, Digest, ProgramSlug, SessionId};
use candor_ports::StoreError;
use zeroize::Zeroizing;

use crate::accounts::{account_place, session_place};
use crate::db::{Connection, change, many, one, params, slug};
use crate::history::{self, key_check};
use crate::key::InstanceKey;
use crate::keyring::{Keyring, case_place, damaged, fresh, program_place, seal, wrap_stable};
use crate::programs::{setting_place, settings_place};
use crate::seal::{Key, Place};
use crate::sql;
use crate::store::SealedStore;

/// How much was sealed anew under a new instance key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rotated {
    /// Keys of programs.
    pub programs: u64,
    /// Accounts.
    pub accounts: u64,
    /// Sessions.
    pub sessions: u64,
    /// Settings.
    pub settings: u64,
    /// Heads of histories.
    pub histories: u64,
}

/// How much was sealed anew under a new key of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProgramRotated {
    /// Keys of cases.
    pub cases: u64,
    /// Settings of policy versions.
    pub policies: u64,
}

/// Opens under one key and seals under another.
fn reseal(
    from: &Key,
    to: &Key,
    place: &Place,
    sealed: &[u8],
    what: &str,
) -> Result<Vec<u8>, StoreError> {
    let plain = Zeroizing::new(from.open(place, sealed).ok_or_else(|| damaged(what))?);
    seal(to, place, &plain)
}

fn counted<T>(rows: &[T]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

/// From one set of keys to the next.
struct Swap<'k> {
    from: &'k Keyring,
    to: &'k Keyring,
}

impl Swap<'_> {
    fn programs(&self, tx: &Connection<'_>) -> Result<u64, StoreError> {
        let rows = many(tx, sql::PROGRAM_KEYS, params![], |row| {
            Ok((row.get::<String>(0)?, row.get::<Vec<u8>>(1)?))
        })?;
        for (name, sealed) in &rows {
            let place = program_place(&slug(name)?);
            let (from, to) = (self.from.wrap(), self.to.wrap());
            let sealed = reseal(from, to, &place, sealed, "the key of a program")?;
            change(tx, sql::PROGRAM_SET_KEY, params![name, sealed])?;
        }
        Ok(counted(&rows))
    }

    fn accounts(&self, tx: &Connection<'_>) -> Result<u64, StoreError> {
        let rows = many(tx, sql::ACCOUNT_SEALED, params![], |row| {
            Ok((row.get::<[u8; 16]>(0)?, row.get::<Vec<u8>>(1)?))
        })?;
        for (id, sealed) in &rows {
            let place = account_place(&AccountId::from_bytes(*id));
            let (from, to) = (self.from.account(), self.to.account());
            let sealed = reseal(from, to, &place, sealed, "an account")?;
            change(tx, sql::ACCOUNT_RESEAL, params![id, sealed])?;
        }
        Ok(counted(&rows))
    }

    fn sessions(&self, tx: &Connection<'_>) -> Result<u64, StoreError> {
        let rows = many(tx, sql::SESSION_LIST, params![], |row| {
            Ok((row.get::<[u8; 32]>(0)?, row.get::<Vec<u8>>(1)?))
        })?;
        for (id, sealed) in &rows {
            let place = session_place(&SessionId::from_bytes(*id));
            let (from, to) = (self.from.session(), self.to.session());
            let sealed = reseal(from, to, &place, sealed, "a session")?;
            change(tx, sql::SESSION_RESEAL, params![id, sealed])?;
        }
        Ok(counted(&rows))
    }

    fn settings(&self, tx: &Connection<'_>) -> Result<u64, StoreError> {
        let rows = many(tx, sql::SETTING_LIST, params![], |row| {
            Ok((row.get::<String>(0)?, row.get::<Vec<u8>>(1)?))
        })?;
        for (key, sealed) in &rows {
            let (from, to) = (self.from.setting(), self.to.setting());
            let sealed = reseal(from, to, &setting_place(key), sealed, "a setting")?;
            change(tx, sql::SETTING_UPSERT, params![key, sealed])?;
        }
        Ok(counted(&rows))
    }
}

/// Everything a program key seals, under a new one.
fn change_program_key(
    tx: &Connection<'_>,
    keys: &Keyring,
    program: &ProgramSlug,
) -> Result<ProgramRotated, StoreError> {
    let unknown = || StoreError::Failed(format!("there is no program {program}"));
    let (old, _) = keys.stored_program(tx, program)?.ok_or_else(unknown)?;
    let new = fresh()?;
    let name = program.as_str();
    let cases = many(tx, sql::CASES_KEYS, params![name], |row| {
        Ok((row.get::<[u8; 16]>(0)?, row.get::<Vec<u8>>(1)?))
    })?;
    for (id, sealed) in &cases {
        let place = case_place(program, &CaseId::from_bytes(*id));
        let sealed = reseal(&old, &new, &place, sealed, "the key of a case")?;
        change(tx, sql::CASES_SET_KEY, params![name, id, sealed])?;
    }
    let policies = many(tx, sql::POLICY_SETTINGS, params![name], |row| {
        Ok((row.get::<[u8; 32]>(0)?, row.get::<Vec<u8>>(1)?))
    })?;
    for (digest, sealed) in &policies {
        let place = settings_place(program, &Digest::from_bytes(*digest));
        let sealed = reseal(&old, &new, &place, sealed, "the settings of a policy")?;
        change(tx, sql::POLICY_RESEAL, params![name, digest, sealed])?;
    }
    let wrapped = keys.wrap_program(program, &new)?;
    change(tx, sql::PROGRAM_SET_KEY, params![name, wrapped])?;
    change(tx, sql::INSTANCE_NEXT_EPOCH, params![])?;
    Ok(ProgramRotated {
        cases: counted(&cases),
        policies: counted(&policies),
    })
}

impl SealedStore {
    /// Seals everything that hangs on the instance key under another one. The store is used
    /// up: open it again with the new key. Refused where the account of all histories does
    /// not hold.
    pub fn rotate_instance(self, to: &InstanceKey) -> Result<Rotated, StoreError> {
        let next = Keyring::new(to, &self.stable);
        if next.wrap().bytes() == self.keys.wrap().bytes() {
            let why = "the new instance key is the one in use";
            return Err(StoreError::Failed(why.to_owned()));
        }
        let check = key_check(to, &self.instance, history::SINCE);
        let stable = wrap_stable(to, &self.instance, &self.stable)?;
        let from = Arc::clone(&self.keys);
        self.writer.run(move |tx| {
            let swap = Swap {
                from: &from,
                to: &next,
            };
            let rotated = Rotated {
                programs: swap.programs(tx)?,
                accounts: swap.accounts(tx)?,
                sessions: swap.sessions(tx)?,
                settings: swap.settings(tx)?,
                histories: next.history().seal_anew(tx, from.history())?,
            };
            match change(tx, sql::INSTANCE_ROTATE, params![check, stable])? {
                1 => Ok(rotated),
                _ => Err(damaged("the row of the instance")),
            }
        })
    }

    /// Gives a program a new key, and seals everything under it that hangs on the old one.
    /// The store is used up: open it again.
    pub fn rotate_program(self, program: &ProgramSlug) -> Result<ProgramRotated, StoreError> {
        let keys = Arc::clone(&self.keys);
        let program = program.clone();
        self.writer
            .run(move |tx| change_program_key(tx, &keys, &program))
    }

    /// How often keys were changed.
    pub fn key_epoch(&self) -> Result<u64, StoreError> {
        let epoch = self
            .readers
            .read(|conn| one(conn, sql::INSTANCE_KEYS, params![], |row| row.get::<i64>(2)))?;
        Ok(epoch.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// Every sealed column, and which key seals it. A column that is new must be named here,
    /// and sealed anew above where a key that can be changed seals it.
    const SEALED: &[(&str, &str)] = &[
        ("account.record_sealed", "instance"),
        ("cases.key_sealed", "program"),
        ("cases.row_sealed", "case"),
        ("instance.stable_sealed", "instance"),
        ("outbox.effect_sealed", "case"),
        ("policy.settings_sealed", "program"),
        ("program.key_sealed", "instance"),
        ("receipt.note_sealed", "case"),
        ("session.kind_sealed", "instance"),
        ("setting.value_sealed", "instance"),
        // Hashed into the chain as they are.
        ("blob.sealed", "case"),
        ("event.sealed", "case"),
        // Keyed hashes that are made anew with the instance key.
        ("cases.head_mac", "instance"),
        ("history_account.mac", "instance"),
        ("history_account.root", "instance"),
        ("history_account.beside", "instance"),
        ("instance.key_check", "instance"),
        // Keyed hashes under the stable key, or under none.
        ("account.login_hash", "stable"),
        ("cases.reference_hash", "stable"),
        ("cases.erased_sealed", "stable"),
        ("counter.key", "stable"),
        ("held_mail.head_sealed", "stable"),
        ("held_mail.mail_sealed", "stable"),
        ("receipt.code_hash", "stable"),
        ("session.session_id", "none"),
    ];

    #[test]
    fn every_secret_column_has_its_key_named() {
        let migrations =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/sqlite/migrations");
        let mut found = BTreeSet::new();
        for file in std::fs::read_dir(migrations).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let mut table = String::new();
            for line in text.lines() {
                let words: Vec<&str> = line.split_whitespace().collect();
                let column = match words.as_slice() {
                    ["CREATE", "TABLE", name, ..] => {
                        (*name).clone_into(&mut table);
                        continue;
                    }
                    ["ALTER", "TABLE", name, "ADD", "COLUMN", column, ..] => {
                        format!("{name}.{column}")
                    }
                    [column, ..] => format!("{table}.{column}"),
                    [] => continue,
                };
                if line.ends_with("-- secret") {
                    found.insert(column);
                }
            }
        }
        let named: BTreeSet<String> = SEALED.iter().map(|(c, _)| (*c).to_owned()).collect();
        assert_eq!(found, named);
    }
}
