//! The tail of an address to which a participant answers, or to which reports on a letter
//! that did not arrive go: `security+7k3f9qma.r20820.0c9f…@your.site`.
//!
//! Invariants: a tail is made for one case and one participant, or for one letter, and its
//! keyed hash (80 bits) says so; whoever cannot make that hash gets no answer that tells a
//! case that exists from one that does not; a tail for answers ends on its day.
//!
//! Deliberately absent: who may write. A tail alone opens nothing: the sender is looked at too.

use candor_base::{CaseId, CaseRef, Instant, ProgramSlug};
use subtle::ConstantTimeEq as _;

use crate::app::App;
use crate::input::Fault;
use crate::random;

/// Days for which an answer is taken.
const DAYS: i64 = 180;
const DAY: i64 = 86_400;
/// Letters of the keyed hash.
const HASH: usize = 20;

/// What a tail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    /// An answer of the reporter, until the end of that day since 1970.
    Reporter { until: i64 },
    /// An answer of a party.
    Party { number: u32, until: i64 },
    /// A report on a letter: event, effect and recipient that its key names, and whether it
    /// tells the reporter of something that was written.
    Letter {
        seq: u64,
        index: u32,
        to: u32,
        tells: bool,
    },
}

impl Tag {
    /// The tag of a reporter's answers to a letter of this moment.
    pub(crate) fn reporter(now: Instant) -> Self {
        let until = last_day(now);
        Self::Reporter { until }
    }

    /// The tag of a party's answers to a letter of this moment.
    pub(crate) fn party(number: u32, now: Instant) -> Self {
        let until = last_day(now);
        Self::Party { number, until }
    }

    /// The tag of a letter with this key in the outbox of a case.
    pub(crate) fn letter(key: &str, case: CaseId, tells: bool) -> Option<Self> {
        let rest = key.strip_prefix(&format!("{case}-"))?;
        let mut parts = rest.split('-');
        let (seq, index, to) = (parts.next()?, parts.next()?, parts.next()?);
        let (seq, index, to) = (seq.parse().ok()?, index.parse().ok()?, to.parse().ok()?);
        parts.next().is_none().then_some(Self::Letter {
            seq,
            index,
            to,
            tells,
        })
    }

    fn text(self) -> String {
        match self {
            Self::Reporter { until } => format!("r{until}"),
            Self::Party { number, until } => format!("p{number}-{until}"),
            Self::Letter {
                seq,
                index,
                to,
                tells,
            } => {
                let kind = if tells { 'c' } else { 'b' };
                format!("{kind}{seq}-{index}-{to}")
            }
        }
    }

    /// Only what [`Tag::text`] writes.
    fn read(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_at_checked(1)?;
        let mut numbers = rest.split('-');
        let read = match kind {
            "r" => Self::Reporter {
                until: numbers.next()?.parse().ok()?,
            },
            "p" => Self::Party {
                number: numbers.next()?.parse().ok()?,
                until: numbers.next()?.parse().ok()?,
            },
            "b" | "c" => Self::Letter {
                tells: kind == "c",
                seq: numbers.next()?.parse().ok()?,
                index: numbers.next()?.parse().ok()?,
                to: numbers.next()?.parse().ok()?,
            },
            _ => return None,
        };
        (read.text() == text).then_some(read)
    }

    /// Whether its day is over.
    pub(crate) fn is_over(self, now: Instant) -> bool {
        match self {
            Self::Reporter { until } | Self::Party { until, .. } => day_of(now) > until,
            Self::Letter { .. } => false,
        }
    }
}

fn day_of(at: Instant) -> i64 {
    at.unix().div_euclid(DAY)
}

fn last_day(now: Instant) -> i64 {
    day_of(now).saturating_add(DAYS)
}

/// A tail whose hash fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) program: ProgramSlug,
    pub(crate) case: CaseId,
    pub(crate) tag: Tag,
}

/// Whether a text has the form of a tail.
pub(crate) fn looks_like_one(text: &str) -> bool {
    parts(&text.to_lowercase()).is_some()
}

/// Eight letters of a reference, tag, hash.
fn parts(text: &str) -> Option<(&str, Tag, &str)> {
    let mut parts = text.split('.');
    let (case, tag, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let plain = |t: &str, n: usize| t.len() == n && t.bytes().all(|b| b.is_ascii_alphanumeric());
    let whole = parts.next().is_none() && plain(case, 8) && plain(hash, HASH);
    whole
        .then(|| Tag::read(tag))
        .flatten()
        .map(|tag| (case, tag, hash))
}

impl App {
    fn tail_hash(&self, program: &ProgramSlug, case: CaseId, tag: Tag) -> String {
        let key = self.vault().derive("mail-tail");
        let text = tag.text();
        let parts: [&[u8]; 3] = [
            program.as_str().as_bytes(),
            case.as_bytes(),
            text.as_bytes(),
        ];
        let hash = candor_base::Digest::from_bytes(random::keyed(&key, &parts)).to_string();
        hash.chars().take(HASH).collect()
    }

    /// The tail for one purpose.
    pub(crate) fn tail(
        &self,
        program: &ProgramSlug,
        (case, reference): (CaseId, &CaseRef),
        tag: Tag,
    ) -> String {
        let letters = reference.as_str().rsplit('-').take(2).collect::<Vec<_>>();
        let letters: String = letters.into_iter().rev().collect();
        let hash = self.tail_hash(program, case, tag);
        format!("{}.{}.{hash}", letters.to_lowercase(), tag.text())
    }

    /// What a tail is for; `None` when its hash does not fit, whatever the reason.
    pub(crate) fn read_tail(&self, text: &str) -> Result<Option<Found>, Fault> {
        let text = text.to_lowercase();
        let Some((letters, tag, hash)) = parts(&text) else {
            return Ok(None);
        };
        let (Some(one), Some(two)) = (letters.get(..4), letters.get(4..)) else {
            return Ok(None);
        };
        for record in self.store().programs()? {
            let reference = format!("{}-{one}-{two}", record.slug.prefix());
            let Ok(reference) = reference.parse::<CaseRef>() else {
                continue;
            };
            let Some(case) = self.store().find(&record.slug, &reference)? else {
                continue;
            };
            let ours = self.tail_hash(&record.slug, case, tag);
            if bool::from(ours.as_bytes().ct_eq(hash.as_bytes())) {
                let program = record.slug;
                return Ok(Some(Found { program, case, tag }));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_they_are_written_and_nothing_else_is() {
        for tag in [
            Tag::Reporter { until: 20_820 },
            Tag::Party {
                number: 3,
                until: 20_820,
            },
            Tag::Letter {
                seq: 12,
                index: 0,
                to: 1,
                tells: false,
            },
            Tag::Letter {
                seq: 12,
                index: 0,
                to: 1,
                tells: true,
            },
        ] {
            assert_eq!(Tag::read(&tag.text()), Some(tag));
        }
        for bad in [
            "", "r", "r1-2", "r01", "r+1", "p1", "p1-2-3", "b1-2", "x1", "é1", "b1-2-3-4",
        ] {
            assert_eq!(Tag::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_address_is_no_longer_than_it_may_be() {
        // RFC 5321, section 4.5.3.1.1: 64 octets before the @.
        let tag = Tag::Letter {
            seq: 100_000,
            index: 30,
            to: 300,
            tells: true,
        };
        let longest = "7k3f9qma".len() + 1 + tag.text().len() + 1 + HASH;
        assert!("security-team+".len() + longest <= 64, "{longest}");
    }

    #[test]
    fn a_letter_is_named_by_its_key() {
        let case = CaseId::from_bytes([7; 16]);
        let tag = Tag::Letter {
            seq: 12,
            index: 1,
            to: 0,
            tells: false,
        };
        assert_eq!(
            Tag::letter(&format!("{case}-12-1-0"), case, false),
            Some(tag)
        );
        for bad in ["12-1-0", "x-12-1-0"] {
            assert_eq!(Tag::letter(bad, case, false), None);
        }
        assert_eq!(Tag::letter(&format!("{case}-12-1-0-9"), case, false), None);
        let other = CaseId::from_bytes([8; 16]);
        assert_eq!(Tag::letter(&format!("{other}-12-1-0"), case, false), None);
    }
}
