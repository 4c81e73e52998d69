//! Words in several languages, numbers, and texts of bad will.

use proptest::prelude::*;

use super::*;

fn english() -> Tongues {
    Tongues::new(&[])
}

fn german() -> Tongues {
    Tongues::new(&["de".to_owned(), "en".to_owned()])
}

fn all(text: &str) -> Vec<String> {
    let mut out = BTreeSet::new();
    pieces(text, &mut |piece| {
        let (Piece::Word(text) | Piece::Joined(text) | Piece::Pair(text)) = piece;
        out.insert(text);
    });
    out.into_iter().collect()
}

/// Whether a text is found by what was typed.
fn finds(typed: &str, text: &str, tongues: &Tongues) -> bool {
    let mut tokens = BTreeSet::new();
    add(&mut tokens, tongues, text);
    let sought = sought(typed, tongues);
    let held = |s: &Sought| s.tokens.iter().any(|t| tokens.contains(t));
    !sought.is_empty() && sought.iter().all(|s| held(s) != s.without)
}

#[test]
fn words_are_folded_and_cut_at_signs() {
    assert_eq!(
        all("Heap-Overflow in ＰＮＧ"),
        ["heap", "in", "overflow", "png"]
    );
    assert_eq!(all("STRASSE Straße strasse"), ["strasse"]);
    assert_eq!(all("ΟΔΟΣ οδος"), ["οδοσ"]);
    assert_eq!(all("a . * \u{200b} --"), Vec::<String>::new());
    assert_eq!(all(&"x".repeat(500)), ["x".repeat(LONGEST)]);
}

#[test]
fn numbers_with_signs_are_found_as_they_are_written() {
    assert_eq!(
        all("(libpng-1.6.3, CVE-2026-1234)."),
        [
            "1.6.3",
            "1234",
            "2026",
            "cve",
            "cve-2026-1234",
            "libpng",
            "libpng-1.6.3"
        ]
    );
    let e = english();
    let text = "It is cve-2026-1234, seen in libpng-1.6.3 at port 77.";
    for typed in [
        "CVE-2026-1234",
        "1.6.3",
        "libpng-1.6.3",
        "libpng 1.6.3",
        "77",
        "2026",
    ] {
        assert!(finds(typed, text, &e), "{typed}");
    }
    for typed in ["CVE-2026-77", "1.6", "6.3", "libpng-1.6"] {
        assert!(!finds(typed, text, &e), "{typed}");
    }
}

#[test]
fn forms_of_a_word_are_one_in_english_and_in_the_policy_s_language() {
    let (e, g) = (english(), german());
    assert!(finds("overflow", "Overflowing buffers", &e));
    assert!(finds("buffers", "a buffer", &g));
    assert!(finds("Lücken", "Eine Lücke im Parser", &g));
    assert!(!finds("Lücken", "Eine Lücke im Parser", &e));
    assert!(finds("lücke", "Eine Lücke im Parser", &e));
}

#[test]
fn a_star_asks_for_a_beginning() {
    let e = english();
    let text = "A cryptographic flaw";
    for typed in ["crypt*", "CRYPTO*", "cryptograph*", "cry*"] {
        assert!(finds(typed, text, &e), "{typed}");
    }
    // Seven letters are looked at, and a word of two letters is a word.
    assert!(finds("cryptogams*", text, &e));
    for typed in ["crypt", "cr*", "ypt*", "*", "crypts*"] {
        assert!(!finds(typed, text, &e), "{typed}");
    }
    assert_eq!(sought("*", &e), BTreeSet::new());
}

#[test]
fn all_words_have_to_be_there_and_none_with_a_minus() {
    let e = english();
    let text = "Heap overflow in the parser";
    assert!(finds("parser heap", text, &e));
    assert!(!finds("parser stack", text, &e));
    assert!(finds("parser -stack", text, &e));
    assert!(!finds("parser -heaps", text, &e));
    assert!(!finds("parser -over*", text, &e));
    // Within a word it is a sign like others.
    assert!(finds("heap-overflow", text, &e));
    assert_eq!(
        sought(&"ab cd ef gh ij kl mn op qr st uv wx yz".to_uppercase(), &e).len(),
        WORDS
    );
}

#[test]
fn scripts_without_spaces_are_found_by_pairs() {
    let e = english();
    let text = "解析器存在heap溢出漏洞";
    for typed in ["溢出", "漏洞", "溢出漏洞", "heap", "解析器 漏洞"] {
        assert!(finds(typed, text, &e), "{typed}");
    }
    for typed in ["洞漏", "器漏", "注入"] {
        assert!(!finds(typed, text, &e), "{typed}");
    }
    assert!(finds("バッファ", "バッファオーバーフロー", &e));
    assert!(finds("火", "a 火 b", &e));
}

#[test]
fn a_text_without_end_has_an_end() {
    let text: String = (0..60_000).fold(String::new(), |text, n| text + &format!("w{n} "));
    let mut tokens = BTreeSet::new();
    add(&mut tokens, &english(), &text);
    assert!(tokens.len() <= MOST + 16);
}

const CODES: [&str; 19] = [
    "ar", "da", "de", "el", "es", "fi", "fr", "hu", "it", "nl", "no", "nb", "pt", "pt-BR", "ro",
    "ru", "sv", "ta", "tr",
];

/// Words of the scripts that stemmers know, and others.
fn odd_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zäöüßéèêçñåøıİœæ]{1,12}( [a-zäöüßéèêçñåøıİœæ]{1,12}){0,6}",
        "[а-яё]{1,12}( [а-яё]{1,12}){0,4}",
        "[α-ωάέήίόύώς]{1,12}( [α-ωάέήίόύώ]{1,12}){0,4}",
        "[ا-ي]{1,12}( [ا-ي]{1,12}){0,4}",
        "[அ-ஹா-்]{1,12}( [அ-ஹா-்]{1,12}){0,4}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// No text stops a stemmer, and each of its words finds it as it is written.
    #[test]
    fn every_word_of_a_text_finds_it(text in odd_text()) {
        let codes: Vec<String> = CODES.iter().map(|c| (*c).to_owned()).collect();
        let tongues = Tongues::new(&codes);
        prop_assert_eq!(tongues.0.len(), 18);
        let minus = |w: &str| folded(w).split_whitespace().any(|p| p.starts_with(['-', '\u{2212}']));
        for word in text.split_whitespace().filter(|w| !minus(w)) {
            let asked = sought(word, &tongues);
            prop_assert!(asked.is_empty() || finds(word, &text, &tongues), "{:?}", word);
        }
    }
}
