//! The blind index: the same cases on both engines, and nothing in it for a thief.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use candor_base::CaseId;
use candor_ports::{Commit, Search as _, Store as _, StoreError, WordPlace, Words};
use candor_store::SealedStore;
use common::*;

with_every_engine!(
    cases_are_found_by_what_their_commits_brought,
    a_program_finds_nothing_of_another,
    a_refused_commit_brings_nothing,
    words_can_be_made_anew,
    many_tokens_and_odd_ones_are_kept,
    what_is_behind_is_named_and_made_good,
    as_a_reading_of_plain_words_finds,
);

fn words(of: &[(WordPlace, &[&str])]) -> Words {
    of.iter()
        .map(|(place, tokens)| (*place, tokens.iter().map(|t| (*t).to_owned()).collect()))
        .collect()
}

fn with(seed: &str, seq: u64, of: &[(WordPlace, &[&str])]) -> Commit {
    let mut commit = commit(seed, seq);
    commit.words = words(of);
    commit
}

type Hits = BTreeMap<CaseId, BTreeSet<WordPlace>>;

fn any(tokens: &[&str]) -> BTreeSet<String> {
    tokens.iter().map(|t| (*t).to_owned()).collect()
}

fn found(store: &SealedStore, program: &str, tokens: &[&str]) -> Hits {
    let asked = [any(tokens)];
    let mut found = store.cases_with(&slug(program), &asked).unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn hits(of: &[(&str, &[WordPlace])]) -> Hits {
    of.iter()
        .map(|(seed, places)| (case(seed), places.iter().copied().collect()))
        .collect()
}

use WordPlace::{File, Message, Note, Number, Report, Title};

fn cases_are_found_by_what_their_commits_brought(house: &House) {
    let store = house.store();
    store
        .commit(with("a", 0, &[(Title, &["heap"]), (Report, &["lamp"])]))
        .unwrap();
    store.commit(with("b", 0, &[(Report, &["heap"])])).unwrap();
    store
        .commit(with("a", 1, &[(Message, &["later", "heap"]), (Note, &[])]))
        .unwrap();
    store.commit(with("b", 1, &[])).unwrap();
    store.commit(with("b", 2, &[(Note, &["later"])])).unwrap();
    let p = "threatdex";
    let heap = hits(&[("a", &[Title, Message]), ("b", &[Report])]);
    assert_eq!(found(&store, p, &["heap"]), heap);
    let later = hits(&[("a", &[Message]), ("b", &[Note])]);
    assert_eq!(found(&store, p, &["later"]), later);
    assert_eq!(found(&store, p, &["lamp"]), hits(&[("a", &[Report])]));
    let either = hits(&[("a", &[Report, Message]), ("b", &[Note])]);
    assert_eq!(found(&store, p, &["later", "lamp", "none"]), either);
    assert_eq!(found(&store, p, &["none"]), Hits::new());
    assert_eq!(found(&store, p, &[]), Hits::new());
    let all = store
        .cases_with(&slug(p), &[any(&["later"]), any(&["none"]), any(&["heap"])])
        .unwrap();
    assert_eq!(all, [later, Hits::new(), heap.clone()]);
    assert_eq!(store.count_not_found_yet(None).unwrap(), 0);
    drop(store);
    let store = house.open();
    assert_eq!(found(&store, p, &["heap"]), heap);
}

fn a_program_finds_nothing_of_another(house: &House) {
    let store = house.store();
    put_program(&store, "other");
    store.commit(with("a", 0, &[(Title, &["heap"])])).unwrap();
    let mut elsewhere = with("b", 0, &[(Title, &["heap"])]);
    elsewhere.program = slug("other");
    store.commit(elsewhere).unwrap();
    assert_eq!(
        found(&store, "threatdex", &["heap"]),
        hits(&[("a", &[Title])])
    );
    assert_eq!(found(&store, "other", &["heap"]), hits(&[("b", &[Title])]));
    assert_eq!(found(&store, "nowhere", &["heap"]), Hits::new());
}

fn a_refused_commit_brings_nothing(house: &House) {
    let store = house.store();
    store.commit(with("a", 0, &[(Title, &["heap"])])).unwrap();
    let refused = store.commit(with("a", 7, &[(Message, &["never"])]));
    assert_eq!(refused, Err(StoreError::Conflict));
    assert_eq!(found(&store, "threatdex", &["never"]), Hits::new());
}

fn words_can_be_made_anew(house: &House) {
    let store = house.store();
    let p = slug("threatdex");
    store.commit(with("a", 0, &[(Title, &["old"])])).unwrap();
    store
        .commit(with("a", 1, &[(Message, &["older"])]))
        .unwrap();
    store.commit(with("b", 0, &[(Title, &["old"])])).unwrap();
    let anew =
        |seq, of: &[(WordPlace, &[&str])]| store.replace_words(&p, &case("a"), seq, words(of));
    anew(2, &[(File, &["new"])]).unwrap();
    let found = |token| found(&store, "threatdex", &[token]);
    assert_eq!(found("old"), hits(&[("b", &[Title])]));
    assert_eq!(found("older"), Hits::new());
    assert_eq!(found("new"), hits(&[("a", &[File])]));
    assert_eq!(anew(1, &[(Number, &["late"])]), Err(StoreError::Conflict));
    assert_eq!(found("new"), hits(&[("a", &[File])]));
    let nobody = store.replace_words(&p, &case("z"), 1, words(&[(Number, &["late"])]));
    assert_eq!(nobody, Err(StoreError::Conflict));
    assert_eq!(found("late"), Hits::new());
    anew(2, &[]).unwrap();
    assert_eq!(found("new"), Hits::new());
    assert_eq!(store.count_not_found_yet(None).unwrap(), 0);
}

fn many_tokens_and_odd_ones_are_kept(house: &House) {
    let store = house.store();
    let odd = [
        "' OR 1=1 --",
        "NEAR",
        "\u{1f980}",
        "a & b | !c",
        "p:*",
        "1e5",
        "a OR b",
    ];
    store.commit(with("odd", 0, &[(Report, &odd)])).unwrap();
    for token in odd {
        let hit = hits(&[("odd", &[Report])]);
        assert_eq!(found(&store, "threatdex", &[token]), hit, "{token}");
    }
    let mut fat = commit("fat", 0);
    let all = (0..20_000).map(|n| format!("word{n}")).collect();
    fat.words.insert(Report, all);
    store.commit(fat).unwrap();
    let fat = hits(&[("fat", &[Report])]);
    assert_eq!(found(&store, "threatdex", &["word19999"]), fat);
    assert_eq!(found(&store, "threatdex", &["word20000"]), Hits::new());
}

fn what_is_behind_is_named_and_made_good(house: &House) {
    let store = house.store();
    let p = slug("threatdex");
    for seed in ["a", "b", "c"] {
        store.commit(with(seed, 0, &[(Title, &["heap"])])).unwrap();
    }
    drop(store);
    // As a restore leaves it, or a version from before.
    house.meddle("DELETE FROM search_case");
    let store = house.open();
    assert_eq!(store.count_not_found_yet(None).unwrap(), 3);
    assert_eq!(store.count_not_found_yet(Some(&p)).unwrap(), 3);
    let other = slug("promon");
    assert_eq!(store.count_not_found_yet(Some(&other)).unwrap(), 0);
    // What comes now would make a case look whole that is not: it waits for the rest.
    store
        .commit(with("a", 1, &[(Message, &["later"])]))
        .unwrap();
    assert_eq!(found(&store, "threatdex", &["later"]), Hits::new());
    let mut named = Vec::new();
    let mut after = None;
    while let Some((program, case)) = store.not_found_yet(after.as_ref(), 1).unwrap().pop() {
        assert_eq!(program, p);
        named.push(case);
        after = Some(case);
    }
    assert_eq!(named.len(), 3);
    assert!(named.is_sorted());
    let whole = words(&[(Title, &["heap"]), (Message, &["later"])]);
    store.replace_words(&p, &case("a"), 2, whole).unwrap();
    assert_eq!(store.count_not_found_yet(None).unwrap(), 2);
    assert!(
        !store
            .not_found_yet(None, 9)
            .unwrap()
            .contains(&(p, case("a")))
    );
    let later = hits(&[("a", &[Message])]);
    assert_eq!(found(&store, "threatdex", &["later"]), later);
    store
        .commit(with("a", 2, &[(Message, &["latest"])]))
        .unwrap();
    assert_eq!(found(&store, "threatdex", &["latest"]), later);
}

/// A corpus out of dice that always fall the same: both engines find what looking
/// through the plain words finds, so they find the same.
fn as_a_reading_of_plain_words_finds(house: &House) {
    let store = house.store();
    let mut dice = 20_261_123_u64;
    let mut roll = |sides: u64| {
        dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % sides
    };
    let mut plain: Vec<(CaseId, WordPlace, String)> = Vec::new();
    for n in 0..40 {
        let seed = format!("case-{n}");
        for seq in 0..=roll(3) {
            let mut commit = commit(&seed, seq);
            for _ in 0..roll(4) {
                let place = WordPlace::ALL[usize::try_from(roll(6)).unwrap()];
                for _ in 0..=roll(6) {
                    let token = format!("word{}", roll(30));
                    plain.push((case(&seed), place, token.clone()));
                    commit.words.entry(place).or_default().insert(token);
                }
            }
            store.commit(commit).unwrap();
        }
    }
    for _ in 0..60 {
        let asked: BTreeSet<String> = (0..=roll(3)).map(|_| format!("word{}", roll(33))).collect();
        let mut naive = Hits::new();
        for (case, place, _) in plain.iter().filter(|(_, _, t)| asked.contains(t)) {
            naive.entry(*case).or_default().insert(*place);
        }
        let found = store.cases_with(&slug("threatdex"), &[asked]).unwrap();
        assert_eq!(found, [naive]);
    }
}

fn all_bytes(folder: &std::path::Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(all_bytes(&path));
        } else {
            all.extend(std::fs::read(&path).unwrap());
        }
    }
    all
}

fn holds(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

/// The ways in which an unkeyed hash of a word could be written.
fn plain_hashes(word: &str) -> Vec<Vec<u8>> {
    let hash = *digest(word).as_bytes();
    let hex = digest(word).to_string();
    let bits = u64::from_be_bytes(hash[..8].try_into().unwrap());
    let letters: Vec<u8> = (0..12)
        .map(|n| {
            b"abcdefghijklmnopqrstuvwxyz234567"[usize::try_from((bits >> (n * 5)) & 31).unwrap()]
        })
        .collect();
    vec![hash[..6].to_vec(), hex.as_bytes()[..12].to_vec(), letters]
}

#[test]
fn a_thief_reads_no_word_and_no_hash_that_could_be_guessed() {
    let house = House::sqlite();
    let store = house.store();
    let token = "w:heliotrope";
    store.commit(with("a", 0, &[(Report, &[token])])).unwrap();
    assert_eq!(found(&store, "threatdex", &[token]).len(), 1);
    let folder = house.folder().unwrap();
    let (running, closed) = (all_bytes(&folder), {
        drop(store);
        all_bytes(&folder)
    });
    for bytes in [running, closed] {
        assert!(bytes.len() > 10_000);
        for word in [token, "heliotrope", "heliotro", "helio"] {
            assert!(!holds(&bytes, word.as_bytes()), "{word}");
            for part in plain_hashes(word) {
                assert!(!holds(&bytes, &part), "a plain hash of {word}");
            }
        }
    }
}

/// The stored tokens that the index file names, as its vocabulary lists them.
fn vocabulary(conn: &rusqlite::Connection) -> BTreeSet<String> {
    let text = "CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'search_token', 'row')";
    conn.execute_batch(text).unwrap();
    let mut terms = conn.prepare("SELECT term FROM temp.terms").unwrap();
    let terms = terms.query_map([], |row| row.get(0)).unwrap();
    terms.collect::<rusqlite::Result<_>>().unwrap()
}

/// Whoever destroys the key of a case, its words are found no more in the same transaction;
/// the next start takes them out of the bytes of the file.
#[test]
fn with_the_key_of_a_case_its_words_are_gone() {
    let house = House::sqlite();
    let store = house.store();
    store
        .commit(with("a", 0, &[(Title, &["heap", "only-here"])]))
        .unwrap();
    store.commit(with("b", 0, &[(Title, &["heap"])])).unwrap();
    drop(store);
    let path = house.folder().unwrap().join("candor.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    let before = vocabulary(&conn);
    assert_eq!(before.len(), 2);
    let erase = "UPDATE cases SET key_sealed = NULL WHERE case_id = ?1";
    assert_eq!(conn.execute(erase, [case("a").as_bytes()]).unwrap(), 1);
    drop(conn);
    drop(house.open());
    let conn = rusqlite::Connection::open(&path).unwrap();
    let after = vocabulary(&conn);
    assert_eq!(after.len(), 1);
    drop(conn);
    let bytes = std::fs::read(&path).unwrap();
    for gone in before.difference(&after) {
        // The index keeps a term without the letters it shares with the one before.
        assert!(!holds(&bytes, &gone.as_bytes()[2..]), "{gone}");
    }
    let store = house.open();
    assert_eq!(
        found(&store, "threatdex", &["heap"]),
        hits(&[("b", &[Title])])
    );
    assert_eq!(store.count_not_found_yet(None).unwrap(), 0);
    let refused = store.replace_words(&slug("threatdex"), &case("a"), 1, Words::new());
    assert_eq!(refused, Err(StoreError::Conflict));
}

#[test]
fn with_the_key_of_a_case_its_words_are_gone_on_postgres() {
    let Some(house) = House::postgres() else {
        return;
    };
    let store = house.store();
    store.commit(with("a", 0, &[(Title, &["heap"])])).unwrap();
    store.commit(with("b", 0, &[(Title, &["heap"])])).unwrap();
    let id = case("a");
    let House::Postgres(cluster) = &house else {
        return;
    };
    let erase = format!(
        "SET search_path = candor; UPDATE cases SET key_sealed = NULL WHERE case_id = '\\x{id}'"
    );
    cluster.sql("postgres", &erase);
    assert_eq!(
        found(&store, "threatdex", &["heap"]),
        hits(&[("b", &[Title])])
    );
    assert_eq!(store.count_not_found_yet(None).unwrap(), 0);
}
