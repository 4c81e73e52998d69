//! Whole words: numbers, units and what stands beside them.
//!
//! Invariants: a word is told by one look, whatever the number of languages; of
//! equal words the first language's counts.
//!
//! Deliberately absent: patterns; see `fit`.

use std::sync::LazyLock;

use super::{LANGUAGES, Language, is_unspaced};
use crate::model::TermUnit;

/// Whole words of all languages and what they stand for, in the order of the languages.
pub(super) struct Words<T> {
    sorted: Vec<(&'static str, T)>,
    /// Lengths of the words that begin with a byte, as bits: most words of a
    /// text are told to be none of these by one look.
    lengths: Vec<u64>,
}

impl<T: Copy> Words<T> {
    pub(super) fn new(mut all: Vec<(&'static str, T)>) -> Self {
        // A stable sort: of equal words the first language's stays first.
        all.sort_by_key(|(word, _)| *word);
        let mut lengths = vec![0; 256];
        for (word, _) in &all {
            if let Some(bits) = word
                .bytes()
                .next()
                .and_then(|b| lengths.get_mut(usize::from(b)))
            {
                *bits |= 1 << word.len().min(63);
            }
        }
        Self {
            sorted: all,
            lengths,
        }
    }

    pub(super) fn of<'a>(&'a self, word: &'a str) -> impl Iterator<Item = T> + 'a {
        let bits = word
            .bytes()
            .next()
            .and_then(|b| self.lengths.get(usize::from(b)));
        let may = bits.is_some_and(|bits| bits & (1 << word.len().min(63)) != 0);
        let from = if may {
            self.sorted.partition_point(|(w, _)| *w < word)
        } else {
            self.sorted.len()
        };
        let rest = self.sorted.get(from..).unwrap_or(&[]);
        rest.iter()
            .take_while(move |(w, _)| *w == word)
            .map(|(_, t)| *t)
    }
}

static NUMBERS: LazyLock<Words<u32>> =
    LazyLock::new(|| Words::new(LANGUAGES.iter().flat_map(|l| l.numbers).copied().collect()));

/// The number a word stands for.
pub(crate) fn number(word: &str) -> Option<u32> {
    NUMBERS.of(word).next()
}

/// The words of one list of all languages.
fn listed(list: fn(&Language) -> &'static [&'static str]) -> Words<()> {
    let all = LANGUAGES.iter().flat_map(|l| list(l)).map(|w| (*w, ()));
    Words::new(all.collect())
}

static BUSINESS: LazyLock<Words<()>> = LazyLock::new(|| listed(|l| l.business));
static BUSINESS_AFTER: LazyLock<Words<()>> = LazyLock::new(|| listed(|l| l.business_after));
static PLAIN_UNITS: LazyLock<Words<()>> = LazyLock::new(|| listed(|l| l.plain_units));
static EVERY: LazyLock<Words<()>> = LazyLock::new(|| listed(|l| l.every));
static UNITS: LazyLock<Words<(u32, TermUnit)>> =
    LazyLock::new(|| Words::new(LANGUAGES.iter().flat_map(|l| l.units).copied().collect()));

static WEEKDAYS: LazyLock<Words<()>> =
    LazyLock::new(|| Words::new(super::times::WEEKDAYS.iter().map(|w| (*w, ())).collect()));

/// Whether a word is the name of a day of the week.
pub(crate) fn is_weekday(word: &str) -> bool {
    WEEKDAYS.of(word).next().is_some()
}

/// Whether a word before a unit makes it a business unit.
pub(crate) fn is_business(word: &str) -> bool {
    BUSINESS.of(word).next().is_some()
}

/// Whether a word behind a unit makes it a business unit.
pub(crate) fn is_business_after(word: &str) -> bool {
    BUSINESS_AFTER.of(word).next().is_some()
}

/// Whether a word between a number and its unit changes nothing.
pub(crate) fn is_plain_unit(word: &str) -> bool {
    PLAIN_UNITS.of(word).next().is_some()
}

/// Whether a word says that something comes again.
pub(crate) fn is_every(word: &str) -> bool {
    EVERY.of(word).next().is_some()
}

/// The unit a word stands for, and how many of it. Scripts without blanks glue
/// what follows to the unit.
pub(crate) fn unit(word: &str) -> Option<(u32, TermUnit)> {
    let word = word.trim_end_matches('\'');
    if !word.starts_with(is_unspaced) {
        return UNITS.of(word).next();
    }
    LANGUAGES.iter().find_map(|l| {
        l.units
            .iter()
            .find(|(w, _)| w.starts_with(is_unspaced) && word.starts_with(w))
            .map(|(_, unit)| *unit)
    })
}
