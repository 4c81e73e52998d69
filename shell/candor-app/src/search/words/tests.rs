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
    let question = sought(typed, tongues);
    let held = |s: &&Sought| s.tokens.iter().any(|t| tokens.contains(t));
    let unwanted: BTreeSet<usize> = question.words.iter().filter_map(|s| s.without).collect();
    let pieces = |of: Option<usize>| question.words.iter().filter(move |s| s.without == of);
    let whole = |of: usize| pieces(Some(of)).all(|s| held(&s));
    question.is_one() && pieces(None).all(|s| held(&s)) && !unwanted.into_iter().any(whole)
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
    assert_eq!(sought("*", &e), Question::default());
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
}

#[test]
fn an_unwanted_thing_of_several_pieces_is_unwanted_as_a_whole() {
    let e = english();
    for text in ["the stack of the parser", "a heap in the parser"] {
        assert!(finds("parser -heap-overflow", text, &e), "{text}");
    }
    assert!(!finds("parser -heap-overflow", "parser: heap overflow", &e));
    assert!(!finds("parser -heap -overflow", "a heap in the parser", &e));
    assert!(finds("解析 -溢出漏洞", "解析器溢出", &e));
    assert!(!finds("解析 -溢出漏洞", "解析器溢出漏洞", &e));
}

#[test]
fn what_is_not_looked_for_is_said() {
    let e = english();
    let asked = |typed: &str| sought(typed, &e);
    let many = asked("ab cd ef gh ij kl mn op qr st uv wx yz");
    assert_eq!((many.words.len(), many.left_out), (WORDS, true));
    let twelve = asked("ab cd ef gh ij kl mn op qr st uv wx AB");
    assert_eq!((twelve.words.len(), twelve.left_out), (WORDS, false));
    assert!(asked("heap c").left_out && asked("x-ray").left_out);
    assert!(!asked("火 heap 1.4.2 cve-2026-1").left_out);
}

#[test]
fn a_dotted_capital_i_is_an_i() {
    assert_eq!(all("İSTANBUL İstanbul istanbul"), ["istanbul"]);
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
            prop_assert!(!asked.is_one() || finds(word, &text, &tongues), "{:?}", word);
        }
    }
}
