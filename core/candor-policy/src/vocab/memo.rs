//! What was found in a text, kept while one policy is compiled: many grammars
//! ask about the same sentence.
//!
//! Invariants: an answer is that of a fresh look, since the text itself is
//! compared; nothing is kept when the compiler has answered.
//!
//! Deliberately absent: any effect on what is found.

use std::cell::RefCell;

use crate::grammar::Duration;

use super::index::{Found, INDEX, starts};

/// Fewest and most texts kept at a time; each is a power of two.
const SLOTS: (usize, usize) = (512, 8192);

/// What is known about one text.
#[derive(Default)]
struct Seen {
    text: String,
    /// Which beginnings of words stand in it, as bits.
    beginnings: Vec<u64>,
    /// The patterns that fit, when they were asked for.
    found: Option<Vec<Found>>,
    /// The times in it, when they were asked for.
    times: Option<Vec<Duration>>,
}

thread_local! {
    static MEMO: RefCell<Option<Vec<Seen>>> = const { RefCell::new(None) };
}

/// Forgets everything when it goes, also after a panic.
struct Forget;

impl Drop for Forget {
    fn drop(&mut self) {
        MEMO.with_borrow_mut(|memo| *memo = None);
    }
}

/// Runs something that asks about the parts of a text of this many bytes again and again.
pub(crate) fn remembering<R>(bytes: usize, work: impl FnOnce() -> R) -> R {
    let mut slots = Vec::new();
    let size = (bytes / 8).next_power_of_two().clamp(SLOTS.0, SLOTS.1);
    slots.resize_with(size, Seen::default);
    MEMO.with_borrow_mut(|memo| *memo = Some(slots));
    let _forget = Forget;
    work()
}

fn with<R>(low: &str, ask: impl FnOnce(&mut Seen) -> R) -> Option<R> {
    MEMO.with_borrow_mut(|memo| {
        let slots = memo.as_mut()?;
        let mut place = slot_of(low) & slots.len().saturating_sub(1);
        let other = place ^ 1;
        if slots.get(place).is_some_and(|s| s.text != low) {
            if slots.get(other).is_some_and(|s| s.text == low) {
                place = other;
            } else if slots.len() > other {
                // What was asked for last stays a little longer.
                slots.swap(place, other);
            }
        }
        let slot = slots.get_mut(place)?;
        if slot.text != low || slot.beginnings.is_empty() {
            slot.text.clear();
            slot.text.push_str(low);
            slot.found = None;
            slot.times = None;
            beginnings(low, &mut slot.beginnings);
        }
        Some(ask(slot))
    })
}

/// Length, ends and middle tell most texts apart; where they do not, the text decides.
fn slot_of(low: &str) -> usize {
    let bytes = low.as_bytes();
    let middle = bytes.len() / 2;
    let parts = [
        bytes.first_chunk::<8>(),
        bytes.last_chunk::<8>(),
        bytes.get(middle..).and_then(<[u8]>::first_chunk::<8>),
        bytes.get(middle / 2..).and_then(<[u8]>::first_chunk::<8>),
    ];
    let mut mixed = bytes.len() as u64;
    for part in parts {
        let value = match part {
            Some(eight) => u64::from_le_bytes(*eight),
            None => bytes.iter().fold(0, |sum, b| sum << 8 | u64::from(*b)),
        };
        mixed = (mixed ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed ^= mixed >> 29;
    }
    usize::try_from(mixed >> 20).unwrap_or(0)
}

/// The patterns of a field that fit a text; none when nothing is remembered now.
pub(super) fn of_field<R>(low: &str, field: u8, use_them: impl FnOnce(&[Found]) -> R) -> Option<R> {
    with(low, |seen| {
        let found = seen.found.get_or_insert_with(|| patterns(low));
        let from = found.partition_point(|f| f.field < field);
        let own = found.get(from..).unwrap_or(&[]);
        let to = own.partition_point(|f| f.field == field);
        use_them(own.get(..to).unwrap_or(&[]))
    })
}

/// The times of a text: looked for once.
pub(crate) fn times(low: &str, look: impl FnOnce(&str) -> Vec<Duration>) -> Vec<Duration> {
    if let Some(Some(known)) = with(low, |seen| seen.times.clone()) {
        return known;
    }
    let times = look(low);
    with(low, |seen| seen.times = Some(times.clone()));
    times
}

/// Whether a pattern cannot fit a text, told by the pattern's first signs alone.
pub(super) fn rules_out(low: &str, pattern: &str) -> bool {
    let Some(first) = first_signs(pattern.as_bytes()) else {
        return false;
    };
    with(low, |seen| {
        let (word, bit) = place(first, seen.beginnings.len());
        seen.beginnings.get(word).is_some_and(|w| w & bit == 0)
    })
    .unwrap_or(false)
}

/// The first three bytes of a pattern, where they belong to its first piece.
fn first_signs(pattern: &[u8]) -> Option<[u8; 3]> {
    let first = *pattern.first_chunk::<3>()?;
    let cut = first.contains(&b'$')
        || first.ends_with(b" .")
        || (first.ends_with(b" ") && pattern.get(3) == Some(&b'.'));
    (!cut).then_some(first)
}

fn beginnings(low: &str, bits: &mut Vec<u64>) {
    bits.clear();
    bits.resize(if low.len() <= 1024 { 16 } else { 256 }, 0);
    let bytes = low.as_bytes();
    starts(low, |start| {
        let Some(first) = bytes.get(start..).and_then(<[u8]>::first_chunk::<3>) else {
            return;
        };
        let (word, bit) = place(*first, bits.len());
        if let Some(slot) = bits.get_mut(word) {
            *slot |= bit;
        }
    });
}

/// Looks through a text once for all patterns.
fn patterns(low: &str) -> Vec<Found> {
    let mut hits = Vec::new();
    starts(low, |start| INDEX.walk(low.as_bytes(), start, &mut hits));
    hits.sort_unstable();
    let mut found = Vec::new();
    INDEX.found(&hits, &mut found);
    found
}

fn place(first: [u8; 3], words: usize) -> (usize, u64) {
    let [a, b, c] = first.map(u32::from);
    let mixed = (a | b << 8 | c << 16).wrapping_mul(0x9E37_79B1) >> 8;
    let bit = mixed & 63;
    // The number of words is a power of two.
    let word = (mixed >> 6) as usize & words.saturating_sub(1);
    (word, 1 << bit)
}
