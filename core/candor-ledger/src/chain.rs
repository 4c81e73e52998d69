//! The hash chain of one case: each event is bound to all events before it.
//!
//! Form (version 1, never changed): the hash of event `seq` is SHA-256 over the
//! framed fields `candor/case-event/v1`, previous hash (32 bytes), `seq` (eight
//! bytes, big end first), case id (16 bytes), the event's stored JSON as it is.
//! Before the first event stands SHA-256 over `candor/case-chain/v1`, case id.
//! Events count from 1 without gaps.
//!
//! Deliberately absent: what an event means. The bytes are hashed as stored,
//! so no later change of the JSON library can break an old chain.

use candor_base::{CaseId, Digest};
use serde::{Deserialize, Serialize};

use crate::framed::Framed;

/// The hash of event number `seq`, which follows the event hashed to `previous`.
pub fn link(previous: &Digest, seq: u64, case: &CaseId, event_json: &[u8]) -> Digest {
    Framed::new("candor/case-event/v1")
        .field(previous.as_bytes())
        .field(&seq.to_be_bytes())
        .field(case.as_bytes())
        .field(event_json)
        .finish()
}

/// The end of a chain: how many events it holds and the hash of the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainHead {
    /// Number of the last event; 0 when there is none.
    pub seq: u64,
    /// Hash of the last event, or of the empty chain.
    pub hash: Digest,
}

impl ChainHead {
    /// The head of a case without events.
    pub fn start(case: &CaseId) -> Self {
        Self {
            seq: 0,
            hash: Framed::new("candor/case-chain/v1")
                .field(case.as_bytes())
                .finish(),
        }
    }

    /// The head after one more event.
    #[must_use]
    pub fn next(&self, case: &CaseId, event_json: &[u8]) -> Self {
        let seq = self.seq.saturating_add(1);
        Self {
            seq,
            hash: link(&self.hash, seq, case, event_json),
        }
    }
}

/// Where a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("event {seq}: {why}")]
pub struct ChainBreak {
    /// Number of the event at which the break shows.
    pub seq: u64,
    /// What is wrong there.
    pub why: BreakReason,
}

/// What is wrong at a break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BreakReason {
    /// The numbers do not run 1, 2, 3 …: an event was removed, added or moved.
    #[error("event {expected} should stand here; an event was removed, added or moved")]
    OutOfOrder {
        /// The number that should stand here.
        expected: u64,
    },
    /// The stored hash is not the hash of what is stored.
    #[error("the stored event or its hash was changed after it was written")]
    Changed,
    /// The chain ends before the known head.
    #[error("the events after this one are gone; {expected} were known")]
    CutOff {
        /// How many events were known.
        expected: u64,
    },
    /// The chain holds more events than the known head, or others.
    #[error("this event is not the one that was known to be the last")]
    OtherHead,
}

/// Walks the stored events of a case, in order of their numbers, and gives the head.
///
/// A chain cut off at its end is still a chain: use [`verify_chain_to`] where
/// the head is known from elsewhere.
pub fn verify_chain<J: AsRef<[u8]>>(
    case: &CaseId,
    events: impl IntoIterator<Item = (u64, J, Digest)>,
) -> Result<ChainHead, ChainBreak> {
    let mut head = ChainHead::start(case);
    for (seq, json, stored) in events {
        let next = head.next(case, json.as_ref());
        if seq != next.seq {
            let why = BreakReason::OutOfOrder { expected: next.seq };
            return Err(ChainBreak { seq, why });
        }
        if stored != next.hash {
            let why = BreakReason::Changed;
            return Err(ChainBreak { seq, why });
        }
        head = next;
    }
    Ok(head)
}

/// Like [`verify_chain`], and the chain must end at the known head.
pub fn verify_chain_to<J: AsRef<[u8]>>(
    case: &CaseId,
    known: &ChainHead,
    events: impl IntoIterator<Item = (u64, J, Digest)>,
) -> Result<(), ChainBreak> {
    let head = verify_chain(case, events)?;
    if head == *known {
        return Ok(());
    }
    let why = if head.seq < known.seq {
        BreakReason::CutOff {
            expected: known.seq,
        }
    } else {
        BreakReason::OtherHead
    };
    Err(ChainBreak { seq: head.seq, why })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Row = (u64, Vec<u8>, Digest);

    fn rows(case: &CaseId, events: &[Vec<u8>]) -> (Vec<Row>, ChainHead) {
        let mut head = ChainHead::start(case);
        let mut out = Vec::new();
        for json in events {
            head = head.next(case, json);
            out.push((head.seq, json.clone(), head.hash));
        }
        (out, head)
    }

    fn case() -> CaseId {
        CaseId::from_bytes([7; 16])
    }

    fn events() -> impl Strategy<Value = Vec<Vec<u8>>> {
        prop::collection::vec(prop::collection::vec(any::<u8>(), 1..40), 2..12)
    }

    proptest! {
        #[test]
        fn an_honest_chain_holds(events in events()) {
            let (rows, head) = rows(&case(), &events);
            prop_assert_eq!(verify_chain(&case(), rows.clone()), Ok(head));
            prop_assert_eq!(verify_chain_to(&case(), &head, rows.clone()), Ok(()));
            let other = CaseId::from_bytes([8; 16]);
            prop_assert!(verify_chain(&other, rows).is_err());
        }

        #[test]
        fn any_changed_byte_is_found(
            events in events(),
            row in any::<prop::sample::Index>(),
            byte in any::<prop::sample::Index>(),
            flip in 1_u8..,
        ) {
            let (mut rows, _) = rows(&case(), &events);
            let row = row.index(rows.len());
            let at = byte.index(rows[row].1.len());
            rows[row].1[at] ^= flip;
            let broken = verify_chain(&case(), rows).unwrap_err();
            prop_assert_eq!(broken.seq, row as u64 + 1);
            prop_assert_eq!(broken.why, BreakReason::Changed);
        }

        #[test]
        fn any_changed_hash_is_found(
            events in events(),
            row in any::<prop::sample::Index>(),
            byte in 0_usize..32,
            flip in 1_u8..,
        ) {
            let (mut rows, _) = rows(&case(), &events);
            let row = row.index(rows.len());
            let mut bytes = *rows[row].2.as_bytes();
            bytes[byte] ^= flip;
            rows[row].2 = Digest::from_bytes(bytes);
            prop_assert!(verify_chain(&case(), rows).is_err());
        }

        #[test]
        fn deletion_swap_and_insertion_are_found(
            events in events(),
            a in any::<prop::sample::Index>(),
            b in any::<prop::sample::Index>(),
        ) {
            let (rows, head) = rows(&case(), &events);
            let (a, b) = (a.index(rows.len()), b.index(rows.len()));
            let mut deleted = rows.clone();
            deleted.remove(a);
            prop_assert!(verify_chain_to(&case(), &head, deleted.clone()).is_err());
            // Renumbering hides the gap but not the hashes; the last event's loss shows against the head.
            for (i, row) in deleted.iter_mut().enumerate() {
                row.0 = i as u64 + 1;
            }
            prop_assert!(verify_chain_to(&case(), &head, deleted).is_err());
            if a != b {
                let mut swapped = rows.clone();
                swapped.swap(a, b);
                prop_assert!(verify_chain(&case(), swapped.clone()).is_err());
                for (i, row) in swapped.iter_mut().enumerate() {
                    row.0 = i as u64 + 1;
                }
                prop_assert!(verify_chain(&case(), swapped).is_err());
            }
            let mut doubled = rows.clone();
            doubled.insert(a, rows[a].clone());
            prop_assert!(verify_chain(&case(), doubled).is_err());
        }

        #[test]
        fn a_cut_off_end_is_found_against_a_known_head(
            events in events(),
            keep in any::<prop::sample::Index>(),
        ) {
            let (mut rows, head) = rows(&case(), &events);
            let keep = keep.index(rows.len());
            rows.truncate(keep);
            let broken = verify_chain_to(&case(), &head, rows).unwrap_err();
            prop_assert_eq!(broken.why, BreakReason::CutOff { expected: head.seq });
        }

        #[test]
        fn a_rewritten_past_is_found_against_a_known_head(
            events in events(),
            row in any::<prop::sample::Index>(),
        ) {
            let (_, head) = rows(&case(), &events);
            let mut forged = events.clone();
            let row = row.index(forged.len());
            forged[row].push(b' ');
            let (forged, _) = rows(&case(), &forged);
            let broken = verify_chain_to(&case(), &head, forged).unwrap_err();
            prop_assert_eq!(broken.why, BreakReason::OtherHead);
        }
    }

    /// Computed apart from this code (Python's hashlib) from the form in the module head.
    #[test]
    fn the_form_of_a_link_never_changes() {
        let head = ChainHead::start(&case());
        assert_eq!(
            head.hash.to_string(),
            "8deecf2c9b89a206ec823598046a64cf1a80d4166be9d26654cf91ec74ca7095"
        );
        let next = head.next(&case(), br#"{"received":{}}"#);
        assert_eq!(
            next.hash.to_string(),
            "d71d57759e8ca6ab7dfd956395f963a0137739fe52347f9c1df8fa4e14006401"
        );
    }
}
