//! The blind index: which cases hold a token.
//!
//! A token is stored as 60 bits of its HMAC under a key of its program, written in twelve
//! letters and digits, so that neither engine's parser sees anything but a word. Equal
//! words of one program look equal to a thief, words of two programs do not.
//!
//! Invariants: tokens are written in the transaction of the commit that brought the words;
//! a case that was not found by everything before a commit is not found by that commit
//! either, until all of it is made anew.
//!
//! Deliberately absent: what words are, ranking, and who may find what.

use std::collections::{BTreeMap, BTreeSet};

use candor_base::{CaseId, ProgramSlug};
use candor_ports::{Search, StoreError, WordPlace, Words};

use crate::db::{
    Connection, Row, change, count, int, many, named, one, params, program_and_case, put,
};
use crate::keyring::damaged;
use crate::seal::{Key, KeyedHash};
use crate::sealing::SealedCommit;
use crate::sql;
use crate::store::SealedStore;

/// Letters of a stored token, five bits each.
const LETTERS: usize = 12;
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Tokens of one place as they are stored, one after the other.
#[derive(Debug)]
pub(crate) struct HiddenWords {
    place: i64,
    tokens: String,
}

/// A token as it is stored.
fn hidden(hash: &KeyedHash, token: &str) -> String {
    let bytes = hash.of(&[token.as_bytes()]);
    let bits = bytes
        .iter()
        .take(8)
        .fold(0_u64, |n, b| (n << 8) | u64::from(*b));
    let letter = |n: usize| {
        let five = usize::try_from((bits >> (n * 5)) & 31).unwrap_or_default();
        ALPHABET.get(five).copied().map_or('a', char::from)
    };
    (0..LETTERS).map(letter).collect()
}

/// All that a commit brings, as it is stored.
pub(crate) fn hide(key: &Key, words: &Words) -> Vec<HiddenWords> {
    let hash = KeyedHash::new(key);
    let filled = words.iter().filter(|(_, tokens)| !tokens.is_empty());
    filled
        .map(|(place, tokens)| HiddenWords {
            place: number(*place),
            tokens: joined(&hash, tokens, " "),
        })
        .collect()
}

/// In the order of the hashes, which says nothing about the words.
fn joined(hash: &KeyedHash, tokens: &BTreeSet<String>, between: &str) -> String {
    let hidden: BTreeSet<String> = tokens.iter().map(|token| hidden(hash, token)).collect();
    hidden.into_iter().collect::<Vec<_>>().join(between)
}

fn number(place: WordPlace) -> i64 {
    let at = WordPlace::ALL.iter().position(|p| *p == place);
    at.and_then(|at| i64::try_from(at).ok()).unwrap_or_default()
}

fn place(number: i64) -> Result<WordPlace, StoreError> {
    let at = usize::try_from(number).ok();
    at.and_then(|at| WordPlace::ALL.get(at).copied())
        .ok_or_else(|| damaged("the place of a word"))
}

/// What a commit brings, inside the writer's transaction.
pub(crate) fn add(tx: &Connection<'_>, commit: &SealedCommit) -> Result<(), StoreError> {
    let case = commit.case.as_bytes();
    let (before, after) = (int(commit.before.seq)?, int(commit.after.seq)?);
    let first = commit.new_key.is_some();
    if first {
        put(tx, sql::SEARCH_BEGIN, params![case, after])?;
    } else if change(tx, sql::SEARCH_GO_ON, params![case, before, after])? == 0 {
        return Ok(());
    }
    add_parts(tx, &commit.case, &commit.words)
}

fn add_parts(tx: &Connection<'_>, case: &CaseId, words: &[HiddenWords]) -> Result<(), StoreError> {
    for HiddenWords { place, tokens } in words {
        // The second takes the number that the first was given.
        put(tx, sql::SEARCH_ADD_PART, params![case.as_bytes(), *place])?;
        put(tx, sql::SEARCH_ADD_TOKENS, params![tokens])?;
    }
    Ok(())
}

impl Search for SealedStore {
    fn cases_with(
        &self,
        program: &ProgramSlug,
        any: &[BTreeSet<String>],
    ) -> Result<Vec<BTreeMap<CaseId, BTreeSet<WordPlace>>>, StoreError> {
        let hash = KeyedHash::new(&self.keys.words(program));
        self.readers.read(|conn| {
            let found = |tokens: &BTreeSet<String>| {
                let mut cases: BTreeMap<CaseId, BTreeSet<WordPlace>> = BTreeMap::new();
                if tokens.is_empty() {
                    return Ok(cases);
                }
                let read = |row: &Row<'_>| Ok((row.get::<[u8; 16]>(0)?, row.get::<i64>(1)?));
                let asked = joined(&hash, tokens, " OR ");
                for (case, at) in many(conn, sql::SEARCH_FIND, params![asked], read)? {
                    let case = CaseId::from_bytes(case);
                    cases.entry(case).or_default().insert(place(at)?);
                }
                Ok(cases)
            };
            any.iter().map(found).collect()
        })
    }

    fn not_found_yet(
        &self,
        after: Option<&CaseId>,
        limit: u32,
    ) -> Result<Vec<(ProgramSlug, CaseId)>, StoreError> {
        let after = after.map(CaseId::as_bytes);
        self.readers
            .read(|conn| {
                many(
                    conn,
                    sql::SEARCH_BEHIND,
                    params![after, limit],
                    program_and_case,
                )
            })?
            .into_iter()
            .map(named)
            .collect()
    }

    fn count_not_found_yet(&self, program: Option<&ProgramSlug>) -> Result<u64, StoreError> {
        let program = program.map(ProgramSlug::as_str);
        let found = self.readers.read(|conn| {
            let values = params![program];
            one(conn, sql::SEARCH_COUNT_BEHIND, values, |row| row.get(0))
        })?;
        found.map_or(Ok(0), count)
    }

    fn replace_words(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        seq: u64,
        words: Words,
    ) -> Result<(), StoreError> {
        let words = hide(&self.keys.words(program), &words);
        let (program, case, seq) = (program.clone(), *case, int(seq)?);
        self.writer.run(move |tx| {
            let of = params![program.as_str(), case.as_bytes()];
            let head = one(tx, sql::CASES_HEAD, of, |row| {
                Ok((row.get::<Option<Vec<u8>>>(0)?.is_some(), row.get::<i64>(1)?))
            })?;
            // A case whose key was destroyed meanwhile is found by nothing.
            if head != Some((true, seq)) {
                return Err(StoreError::Conflict);
            }
            let case_id = case.as_bytes();
            change(tx, sql::SEARCH_CLEAR_TOKENS, params![case_id])?;
            change(tx, sql::SEARCH_CLEAR_PARTS, params![case_id])?;
            change(tx, sql::SEARCH_BEGIN, params![case_id, seq])?;
            add_parts(tx, &case, &words)
        })
    }
}
