//! The languages a text is written in, by its commonest words and its script.
//!
//! Invariants: a text with letters has at least one language; a second one counts only
//! where much of the text is in it.
//!
//! Deliberately absent: languages that share their commonest words with those here.

use std::sync::LazyLock;

use super::words::Words;

/// Languages with words that stand in no other language of this list.
const WORDS: &[(&str, &str)] = &[
    (
        "en",
        "the and of to please is for this we be are with you your by or that will not report",
    ),
    (
        "de",
        "und der die das nicht wir sie ist werden eine einer bitte mit für auf von zu wird bei oder",
    ),
    (
        "fr",
        "les des nous vous et le est pour dans votre avec sur vos cette être une ou aux qui",
    ),
    (
        "es",
        "los las el por y con del su lo esta nuestra vulnerabilidades seguridad una si al este",
    ),
    (
        "pt",
        "você não os do da dos das em uma ao são vulnerabilidade segurança nós você ou seu",
    ),
    (
        "it",
        "il di della delle gli che per vulnerabilità sono nel alla questo sicurezza con una dei",
    ),
    (
        "nl",
        "het een van wij niet met voor deze aan beveiliging u zijn worden kunt naar bij",
    ),
    (
        "pl",
        "nie się jest dla bezpieczeństwa oraz przez zgłoszenia prosimy lub proszę aby",
    ),
    (
        "sv",
        "och att det som för inte vi är på till säkerhet du ett vid om",
    ),
    ("tr", "ve bir bu için güvenlik lütfen ile olarak bildirin"),
    (
        "ru",
        "и в на не мы вы для безопасности уязвимости пожалуйста об по или если",
    ),
    (
        "uk",
        "і та не ми ви для безпеки вразливості будь ласка або якщо",
    ),
];

/// Fewest words of a language for it to be one of the text's.
const FEWEST: usize = 3;

/// How much of a text is looked at, in bytes: its beginning tells.
const TELLING: usize = 64 * 1024;

/// Which languages a word belongs to, by their place in [`WORDS`].
static BY_WORD: LazyLock<Words<usize>> = LazyLock::new(|| {
    let lists = WORDS.iter().enumerate();
    let all = lists.flat_map(|(place, (_, list))| list.split(' ').map(move |word| (word, place)));
    let mut all: Vec<(&str, usize)> = all.collect();
    // A language that names a word twice counts it once.
    all.sort_unstable();
    all.dedup();
    Words::new(all)
});

/// The languages of a text, the main one first.
pub(crate) fn languages(low: &str) -> Vec<&'static str> {
    let mut end = TELLING.min(low.len());
    while !low.is_char_boundary(end) {
        end -= 1;
    }
    let low = low.get(..end).unwrap_or("");
    let mut counts: Vec<(usize, &'static str)> = WORDS.iter().map(|(code, _)| (0, *code)).collect();
    for word in low.split(|c: char| !c.is_alphanumeric()) {
        for place in BY_WORD.of(word) {
            if let Some(count) = counts.get_mut(place) {
                count.0 += 1;
            }
        }
    }
    let script = if low.is_ascii() {
        Vec::new()
    } else {
        scripts(low)
    };
    let unspaced = script.iter().any(|(n, _)| *n > 0);
    counts.extend(script);
    let latin = low.chars().any(|c| c.is_ascii_alphabetic());
    let most = counts.iter().map(|(n, _)| *n).max().unwrap_or(0);
    let least = if most >= FEWEST { FEWEST } else { 1 };
    counts.retain(|(n, code)| *n >= least && n.saturating_mul(share(code, unspaced)) >= most);
    counts.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    let mut out: Vec<&'static str> = counts.into_iter().map(|(_, code)| code).collect();
    if most < FEWEST {
        out.truncate(1);
    }
    if out.is_empty() && latin {
        out.push("en");
    }
    out
}

/// How many times less than the main language a second one may be.
fn share(code: &str, unspaced: bool) -> usize {
    match code {
        "en" if unspaced => 8,
        _ => 3,
    }
}

/// Languages told by their letters: words are not set apart in them, so three letters
/// count as one.
fn scripts(low: &str) -> Vec<(usize, &'static str)> {
    let count = |is: fn(char) -> bool| low.chars().filter(|c| is(*c)).count();
    let kana = count(|c| matches!(c, '\u{3040}'..='\u{30ff}'));
    let han = count(|c| matches!(c, '\u{3400}'..='\u{9fff}'));
    let hangul = count(|c| matches!(c, '\u{ac00}'..='\u{d7a3}'));
    let japanese = kana.saturating_mul(8) > han && kana > 0;
    vec![
        (if japanese { (kana + han) / 3 } else { 0 }, "ja"),
        (if japanese { 0 } else { han / 3 }, "zh"),
        (hangul / 3, "ko"),
    ]
}

/// Languages that a sentence names, as codes, in the order of the sentence.
pub(crate) fn named(low: &str) -> Vec<&'static str> {
    const NAMES: &[(&str, &str)] = &[
        ("english", "en"),
        ("german", "de"),
        ("french", "fr"),
        ("spanish", "es"),
        ("portuguese", "pt"),
        ("italian", "it"),
        ("dutch", "nl"),
        ("polish", "pl"),
        ("russian", "ru"),
        ("chinese", "zh"),
        ("japanese", "ja"),
        ("korean", "ko"),
        ("swedish", "sv"),
        ("ukrainian", "uk"),
        ("turkish", "tr"),
        ("englisch", "en"),
        ("deutsch", "de"),
        ("anglais", "en"),
        ("français", "fr"),
        ("inglés", "en"),
        ("español", "es"),
        ("inglês", "en"),
        ("português", "pt"),
        ("inglese", "en"),
        ("italiano", "it"),
        ("英語", "en"),
        ("日本語", "ja"),
        ("英文", "en"),
        ("中文", "zh"),
    ];
    let mut found: Vec<(usize, &'static str)> = NAMES
        .iter()
        .filter_map(|(name, code)| super::find(low, name).map(|(at, _)| (at, *code)))
        .collect();
    found.sort_unstable();
    let mut out: Vec<&'static str> = Vec::new();
    for (_, code) in found {
        if !out.contains(&code) {
            out.push(code);
        }
    }
    out
}
