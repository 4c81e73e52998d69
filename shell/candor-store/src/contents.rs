//! Proof that what the events name is still there, unchanged: every text and file against
//! its digest, the receipt against its leaf, the version of the policy.
//!
//! Invariants: one case and one body in memory at a time; what an event names is found by
//! its form (a body and its digest side by side), so that an event of a later version is
//! checked without a word about it here.
//!
//! Deliberately absent: published advisories, outbox items and the names of files. Nothing
//! in here knows how those follow from events.

use candor_base::{BlobId, CaseId, CaseRef, Digest, ProgramSlug};
use candor_case::{Event, Recorded, ReportFacts};
use candor_ledger::{Receipt, sha256};
use candor_ports::{Store, StoreError};
use serde::Deserialize;
use serde_json::Value;

/// What is wrong with what an event names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContentFault {
    /// The text or file that this event names is not there.
    BodyGone(u64),
    /// The text or file that this event names is not the one that was stored.
    BodyChanged(u64),
    /// The receipt that was given is not there.
    ReceiptGone,
    /// The receipt is not the one that was given.
    ReceiptChanged,
    /// The version of the policy that the case follows is not there.
    PolicyGone,
    /// A text or file that no event names does not open.
    Unnamed,
}

impl std::fmt::Display for ContentFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::BodyGone(seq) => write!(f, "a text or file that event {seq} names is gone"),
            Self::BodyChanged(seq) => write!(
                f,
                "a text or file that event {seq} names was changed outside Candor"
            ),
            Self::ReceiptGone => f.write_str("the receipt that was given is gone"),
            Self::ReceiptChanged => {
                f.write_str("the receipt that was given was changed outside Candor")
            }
            Self::Unnamed => f.write_str("a text or file was changed outside Candor"),
            Self::PolicyGone => f.write_str("the version of the policy that it follows is gone"),
        }
    }
}

/// What a look into one case found.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// Its reference, where its first event tells.
    pub(crate) reference: Option<CaseRef>,
    /// Texts and files that were read.
    pub(crate) bodies: u64,
    /// Texts and files that events name.
    pub(crate) named: Vec<BlobId>,
    /// What is wrong, in the order of the events.
    pub(crate) faults: Vec<ContentFault>,
}

/// A fault that wants the position of its event.
type OfEvent = fn(u64) -> ContentFault;

/// A body as an event names it.
#[derive(Deserialize)]
struct Named {
    blob: BlobId,
    sha256: Digest,
}

/// Looks into one case. `None` when its history does not open with the key.
pub(crate) fn look(
    store: &dyn Store,
    program: &ProgramSlug,
    case: &CaseId,
) -> Result<Option<Contents>, StoreError> {
    let events = match store.load(program, case) {
        Ok(Some(events)) => events,
        Ok(None) | Err(StoreError::Damaged(_)) => return Ok(None),
        Err(why) => return Err(why),
    };
    let mut found = Contents::default();
    // The report is stored as it was sealed for the case; only its receipt has that digest.
    let mut report = None;
    if let Some(facts) = events.iter().find_map(received) {
        let sealed = receipt(store, program, case, facts, &mut found.faults)?;
        report = Some((facts.report.blob, sealed));
        if store.policy(program, &facts.policy)?.is_none() {
            found.faults.push(ContentFault::PolicyGone);
        }
        found.reference = Some(facts.reference.clone());
    }
    for event in &events {
        for Named { blob, sha256 } in named(event)? {
            let want = match report {
                Some((of_report, sealed)) if of_report == blob => sealed,
                _ => Some(sha256),
            };
            found.bodies += 1;
            found.named.push(blob);
            let fault = body(store, program, case, &blob, want.as_ref())?;
            found.faults.extend(fault.map(|fault| fault(event.seq)));
        }
    }
    Ok(Some(found))
}

fn received(event: &Recorded) -> Option<&ReportFacts> {
    match &event.event {
        Event::Received { facts, .. } => Some(facts),
        _ => None,
    }
}

/// The digest of the report as sealed, out of a receipt that is the one of these facts:
/// their leaf stands in the chain, and it is made over that digest.
fn receipt(
    store: &dyn Store,
    program: &ProgramSlug,
    case: &CaseId,
    facts: &ReportFacts,
    faults: &mut Vec<ContentFault>,
) -> Result<Option<Digest>, StoreError> {
    let note = match store.receipt_note(program, case) {
        Ok(Some(note)) => note,
        Ok(None) => {
            faults.push(ContentFault::ReceiptGone);
            return Ok(None);
        }
        Err(StoreError::Damaged(_)) => {
            faults.push(ContentFault::ReceiptChanged);
            return Ok(None);
        }
        Err(why) => return Err(why),
    };
    // A signed note is its text, an empty line, and the signatures.
    let text = note
        .rsplit_once("\n\n")
        .map(|(text, _)| format!("{text}\n"));
    let given = text.and_then(|text| Receipt::parse(&text).ok());
    let given = given.filter(|r| {
        *r.leaf().digest() == facts.leaf
            && r.report == facts.report.sha256
            && r.case == facts.reference
            && r.program == facts.program
    });
    if given.is_none() {
        faults.push(ContentFault::ReceiptChanged);
    }
    Ok(given.map(|r| r.sealed))
}

/// Reads one body; without a digest to compare, that it opens in its place must do.
fn body(
    store: &dyn Store,
    program: &ProgramSlug,
    case: &CaseId,
    blob: &BlobId,
    want: Option<&Digest>,
) -> Result<Option<OfEvent>, StoreError> {
    match store.blob(program, case, blob) {
        Ok(Some(bytes)) if want.is_none_or(|want| sha256(&bytes) == *want) => Ok(None),
        Ok(Some(_)) | Err(StoreError::Damaged(_)) => Ok(Some(ContentFault::BodyChanged)),
        Ok(None) => Ok(Some(ContentFault::BodyGone)),
        Err(why) => Err(why),
    }
}

/// Every body that an event names.
fn named(event: &Recorded) -> Result<Vec<Named>, StoreError> {
    let whole = serde_json::to_value(event)
        .map_err(|why| StoreError::Failed(format!("an event as JSON: {why}")))?;
    let mut out = Vec::new();
    let mut open = vec![&whole];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => {
                if fields.contains_key("blob") {
                    out.extend(Named::deserialize(value).ok());
                }
                open.extend(fields.values());
            }
            Value::Array(values) => open.extend(values),
            _ => {}
        }
    }
    Ok(out)
}
