//! What was found in a text, kept while one policy is compiled: many grammars
//! ask about the same sentence.
//!
//! Invariants: an answer is that of a fresh look, since the text itself is
//! compared; nothing is kept when the compiler has answered.
//!
//! Deliberately absent: any effect on what is found.

use std::cell::RefCell;

use crate::grammar::Duration;

use super::index::{Found, INDEX, goes_on, sort, starts};

/// Fewest and most texts kept at a time; each is a power of two.
const SLOTS: (usize, usize) = (512, 8192);

/// What is known about one text.
#[derive(Default)]
struct Seen {
    text: String,
    /// Whether this is about any text yet.
    known: bool,
    /// Where pieces may begin, in order, with the signs that stand there.
    starts: Vec<(u32, u32)>,
    /// Which signs stand at these places, as bits.
    beginnings: Vec<u64>,
    /// The patterns that fit, when they were asked for.
    found: Option<Vec<Found>>,
    /// Which fields have such patterns, as bits.
    fields: u128,
    /// The times in it, when they were asked for.
    times: Option<Vec<Duration>>,
}

/// What is known about the texts that were asked about.
struct Memo {
    slots: Vec<Seen>,
    /// The slot that answered last: most questions are about the same text again.
    last: usize,
}

thread_local! {
    static MEMO: RefCell<Option<Memo>> = const { RefCell::new(None) };
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
    MEMO.with_borrow_mut(|memo| *memo = Some(Memo { slots, last: 0 }));
    let _forget = Forget;
    work()
}

fn with<R>(low: &str, ask: impl FnOnce(&mut Seen) -> R) -> Option<R> {
    MEMO.with_borrow_mut(|memo| {
        let memo = memo.as_mut()?;
        if !memo.slots.get(memo.last).is_some_and(|s| s.is_about(low)) {
            memo.turn_to(low);
        }
        memo.slots.get_mut(memo.last).map(ask)
    })
}

impl Memo {
    /// Makes the slot of a text the last one, and fills it where it knows nothing yet.
    #[inline(never)]
    fn turn_to(&mut self, low: &str) {
        let slots = &mut self.slots;
        let mut place = slot_of(low) & slots.len().saturating_sub(1);
        let other = place ^ 1;
        let is_there = |at: usize| slots.get(at).is_some_and(|s| s.is_about(low));
        if !is_there(place) {
            if is_there(other) {
                place = other;
            } else if slots.len() > other {
                // What was asked for last stays a little longer.
                slots.swap(place, other);
            }
        }
        self.last = place;
        if let Some(slot) = slots.get_mut(place)
            && !slot.is_about(low)
        {
            slot.learn(low);
        }
    }
}

impl Seen {
    fn is_about(&self, low: &str) -> bool {
        self.known && self.text == low
    }

    fn learn(&mut self, low: &str) {
        self.text.clear();
        self.text.push_str(low);
        self.known = true;
        self.found = None;
        self.times = None;
        self.starts.clear();
        self.starts.reserve(low.len() / 3);
        self.beginnings.clear();
        self.beginnings
            .resize(if low.len() <= 1024 { 16 } else { 256 }, 0);
        let (places, bits) = (&mut self.starts, &mut self.beginnings);
        let bytes = low.as_bytes();
        starts(low, |start| {
            let first = signs(bytes.get(start..).unwrap_or(&[]));
            let (word, bit) = bit_of(first, bits.len());
            if let Some(slot) = bits.get_mut(word) {
                *slot |= bit;
            }
            places.push((first, u32::try_from(start).unwrap_or(u32::MAX)));
        });
    }

    /// Whether a pattern cannot fit, told by its first signs alone.
    fn rules_out(&self, pattern: &[u8]) -> bool {
        let (first, next) = match pattern {
            [a, b, c, rest @ ..] => ([*a, *b, *c], rest.first()),
            _ => return false,
        };
        // The first piece may end within them.
        if first.contains(&b'$') || first.contains(&b'.') || next == Some(&b'.') {
            return false;
        }
        let (at, bit) = bit_of(signs(&first), self.beginnings.len());
        self.beginnings.get(at).is_some_and(|w| w & bit == 0)
    }

    /// Where a pattern first fits.
    fn find(&self, pattern: &str) -> Option<(usize, usize)> {
        if self.rules_out(pattern.as_bytes()) {
            return None;
        }
        let (mut piece, mut rest) = next_piece(pattern.as_bytes());
        let (start, mut end) = self.piece(piece, 0)?;
        while let Some(more) = rest {
            (piece, rest) = next_piece(more);
            (_, end) = self.piece(piece, end)?;
        }
        Some((start, end))
    }

    /// Where a piece first stands at or behind a place.
    fn piece(&self, piece: &[u8], from: usize) -> Option<(usize, usize)> {
        let (word, closed) = closing(piece);
        let wanted = signs(word);
        let mask = match word.len() {
            0 => 0,
            1 => 0xff,
            2 => 0xffff,
            _ => 0xff_ffff,
        };
        let bytes = self.text.as_bytes();
        let first = match from {
            0 => 0,
            _ => self.starts.partition_point(|(_, at)| (*at as usize) < from),
        };
        let places = self.starts.get(first..)?.iter();
        places
            .filter(|(signs, _)| signs & mask == wanted)
            .map(|(_, at)| *at as usize)
            .find(|at| {
                bytes.get(*at..).is_some_and(|b| b.starts_with(word))
                    && !(closed && goes_on(bytes, at + word.len()))
            })
            .map(|at| (at, at + word.len()))
    }

    /// The patterns of a field that fit.
    fn of_field(&mut self, field: u8) -> &[Found] {
        if self.found.is_none() {
            let found = self.patterns();
            self.fields = found.iter().fold(0, |bits, f| bits | field_bit(f.field));
            self.found = Some(found);
        }
        if self.fields & field_bit(field) == 0 {
            return &[];
        }
        let found = self.found.as_deref().unwrap_or(&[]);
        let from = found.partition_point(|f| f.field < field);
        let own = found.get(from..).unwrap_or(&[]);
        let to = own.partition_point(|f| f.field == field);
        own.get(..to).unwrap_or(&[])
    }

    /// Looks through the text once for all patterns.
    fn patterns(&self) -> Vec<Found> {
        let mut hits = Vec::with_capacity(self.starts.len());
        for (_, start) in &self.starts {
            INDEX.walk(self.text.as_bytes(), *start as usize, &mut hits);
        }
        sort(&mut hits);
        let mut found = Vec::new();
        INDEX.found(&hits, &mut found);
        found
    }
}

fn field_bit(field: u8) -> u128 {
    1_u128.checked_shl(u32::from(field)).unwrap_or(0)
}

/// The first piece of a pattern, and what stands behind it.
fn next_piece(pattern: &[u8]) -> (&[u8], Option<&[u8]>) {
    const JOINT: &[u8] = b" .. ";
    let joint = pattern.windows(JOINT.len()).position(|w| w == JOINT);
    match joint {
        None => (pattern, None),
        Some(at) => (
            pattern.get(..at).unwrap_or(&[]),
            pattern.get(at + JOINT.len()..),
        ),
    }
}

/// The signs of a piece, and whether they must end their word.
fn closing(piece: &[u8]) -> (&[u8], bool) {
    match piece.split_last() {
        Some((b'$', word)) => (word, true),
        _ => (piece, false),
    }
}

/// The first three signs of a text as one number.
fn signs(bytes: &[u8]) -> u32 {
    match bytes {
        [a, b, c, ..] => u32::from(*a) | u32::from(*b) << 8 | u32::from(*c) << 16,
        [a, b] => u32::from(*a) | u32::from(*b) << 8,
        [a] => u32::from(*a),
        [] => 0,
    }
}

/// Length, ends and middle tell most texts apart; where they do not, the text decides.
fn slot_of(low: &str) -> usize {
    let bytes = low.as_bytes();
    let eight = |from: usize| {
        let part = bytes.get(from..).and_then(<[u8]>::first_chunk::<8>);
        part.map(|part| u64::from_le_bytes(*part))
    };
    let last = bytes.len().saturating_sub(8);
    let mut mixed = bytes.len() as u64;
    let mut mix = |value: u64| {
        mixed = (mixed ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed ^= mixed >> 29;
    };
    match eight(0) {
        Some(first) => {
            mix(first);
            for from in [last / 4, last / 2, last] {
                mix(eight(from).unwrap_or(0));
            }
        }
        None => mix(bytes.iter().fold(0, |sum, b| sum << 8 | u64::from(*b))),
    }
    usize::try_from(mixed >> 20).unwrap_or(0)
}

/// The patterns of a field that fit a text; none when nothing is remembered now.
pub(super) fn of_field<R>(low: &str, field: u8, use_them: impl FnOnce(&[Found]) -> R) -> Option<R> {
    with(low, |seen| use_them(seen.of_field(field)))
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

/// Where a pattern first fits a text; looks afresh when nothing is remembered now.
pub(super) fn find(
    low: &str,
    pattern: &str,
    look: impl FnOnce(&str, &str) -> Option<(usize, usize)>,
) -> Option<(usize, usize)> {
    with(low, |seen| seen.find(pattern)).unwrap_or_else(|| look(low, pattern))
}

/// Whether any of several patterns fits; none when nothing is remembered now.
pub(super) fn finds_any(low: &str, patterns: &[&str]) -> Option<bool> {
    with(low, |seen| patterns.iter().any(|p| seen.find(p).is_some()))
}

/// The bit that stands for three signs.
fn bit_of(signs: u32, words: usize) -> (usize, u64) {
    let mixed = signs.wrapping_mul(0x9E37_79B1) >> 8;
    let bit = mixed & 63;
    // The number of words is a power of two.
    let word = (mixed >> 6) as usize & words.saturating_sub(1);
    (word, 1 << bit)
}
