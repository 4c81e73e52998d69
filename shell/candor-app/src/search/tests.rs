//! What is asked, against words found by looking through plain texts.

use proptest::prelude::*;

use super::words::{Piece, pieces};
use super::*;

fn case(n: usize) -> CaseId {
    CaseId::from_bytes([u8::try_from(n).unwrap(); 16])
}

/// Texts of a few words that often meet, in several forms.
fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "heap",
        "Heaps",
        "overflow",
        "OVERFLOWING",
        "crypto",
        "cryptography",
        "Straße",
        "strasse",
        "日本語",
        "日本",
        "CVE-2026-1",
        "2026",
        "1.4.2",
        "Lücke",
        "Lücken",
        "a",
        "in",
        "log",
    ]);
    prop::collection::vec(word, 0..6).prop_map(|words| words.join(" "))
}

/// What somebody who reads the plain text says: does it hold the word that was typed?
fn plainly(text: &str, typed: &str) -> bool {
    let held = |piece: &Piece| {
        let mut found = false;
        pieces(text, &mut |p| found |= same(&p, piece));
        found
    };
    if let Some(start) = typed.strip_suffix('*') {
        let start: String = words::folded(start).chars().take(7).collect();
        let mut found = false;
        pieces(text, &mut |p| {
            found |= matches!(&p, Piece::Word(w) if w.starts_with(&start));
        });
        return found;
    }
    let mut all = Vec::new();
    pieces(typed, &mut |p| all.push(p));
    let joined: Vec<Piece> = all
        .iter()
        .filter(|p| matches!(p, Piece::Joined(_)))
        .cloned()
        .collect();
    let wanted = if joined.is_empty() { all } else { joined };
    wanted.iter().all(held)
}

fn same(a: &Piece, b: &Piece) -> bool {
    use rust_stemmers::{Algorithm, Stemmer};
    match (a, b) {
        (Piece::Word(a), Piece::Word(b)) => {
            let by = |algorithm| Stemmer::create(algorithm);
            let (en, de) = (by(Algorithm::English), by(Algorithm::German));
            let stems = |w: &str| [en.stem(w).into_owned(), de.stem(w).into_owned()];
            stems(a).iter().any(|stem| stems(b).contains(stem))
        }
        (a, b) => a == b,
    }
}

fn tokens_of(tongues: &Tongues, texts: &[(WordPlace, String)]) -> Words {
    let mut gathering = Gathering::new(tongues);
    for (place, text) in texts {
        gathering.text(*place, text);
    }
    gathering.finish()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn tokens_find_what_reading_the_plain_texts_finds(
        cases in prop::collection::vec((text(), text(), text()), 0..8),
        asked in prop::collection::vec(
            (
                prop::sample::select(vec![
                    "heap", "overflows", "crypt*", "cryptogr*", "heap*", "STRASSE", "日本語",
                    "CVE-2026-1", "1.4.2", "lücke", "log", "none",
                ]),
                any::<bool>(),
            ),
            1..4,
        ),
    ) {
        let tongues = Tongues::new(&["de".to_owned()]);
        let places = [WordPlace::Title, WordPlace::Report, WordPlace::Note];
        let texts: Vec<Vec<(WordPlace, String)>> = cases
            .into_iter()
            .map(|(a, b, c)| places.into_iter().zip([a, b, c]).collect())
            .collect();
        let index: Vec<Words> = texts.iter().map(|t| tokens_of(&tongues, t)).collect();
        // The first word is wanted, so that the question is one.
        let typed: Vec<(String, bool)> = asked
            .iter()
            .enumerate()
            .map(|(n, (word, without))| ((*word).to_owned(), *without && n > 0))
            .collect();
        let line: Vec<String> = typed
            .iter()
            .map(|(word, without)| format!("{}{word}", if *without { "-" } else { "" }))
            .collect();
        let question = sought(&line.join(" "), &tongues);
        let found = question
            .words
            .iter()
            .map(|word| {
                let mut cases: BTreeMap<CaseId, BTreeSet<WordPlace>> = BTreeMap::new();
                for (n, words) in index.iter().enumerate() {
                    for (place, tokens) in words {
                        if !tokens.is_disjoint(&word.tokens) {
                            cases.entry(case(n)).or_default().insert(*place);
                        }
                    }
                }
                cases
            })
            .collect();
        let found: BTreeSet<CaseId> = matching(&question, found).into_keys().collect();
        let naive: BTreeSet<CaseId> = texts
            .iter()
            .enumerate()
            .filter(|(_, texts)| {
                typed.iter().all(|(word, without)| {
                    let held = if word == "日本語" {
                        // Each pair may stand in another place.
                        ["日本", "本語"].iter().all(|w| texts.iter().any(|(_, t)| plainly(t, w)))
                    } else {
                        texts.iter().any(|(_, text)| plainly(text, word))
                    };
                    held != *without
                })
            })
            .map(|(n, _)| case(n))
            .collect();
        prop_assert_eq!(found, naive);
    }
}

#[test]
fn a_word_counts_where_it_counts_most() {
    let tongues = Tongues::new(&[]);
    let words = tokens_of(
        &tongues,
        &[
            (WordPlace::Report, "heap lamp".to_owned()),
            (WordPlace::Title, "Heap".to_owned()),
            (WordPlace::Note, "heap lamp oil".to_owned()),
        ],
    );
    let at = |token: &str| -> Vec<WordPlace> {
        let holding = words.iter().filter(|(_, tokens)| tokens.contains(token));
        holding.map(|(place, _)| *place).collect()
    };
    assert_eq!(at("w:heap"), [WordPlace::Title]);
    assert_eq!(at("w:lamp"), [WordPlace::Report]);
    assert_eq!(at("w:oil"), [WordPlace::Note]);
}
