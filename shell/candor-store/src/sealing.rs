//! A commit made ready for the writer: everything sealed, hashed and, where
//! large, already durable in files. The writer thread is left with plain inserts.
//!
//! Invariants: each sealed value is bound to program, case and its own place; the
//! read row also to the number of events it was made from, so that an old row put
//! back beside newer events does not open.

use candor_base::{BlobId, CaseId, Digest, ProgramSlug};
use candor_case::Recorded;
use candor_ledger::ChainHead;
use candor_ports::{CaseRow, Commit, NewBlob, Publication, StoreError};

use crate::bodies::{Bodies, FileName};
use crate::error::from_io;
use crate::keyring::{self, damaged, seal};
use crate::leaves::StepLeaf;
use crate::seal::{Key, Place, random};
use crate::search::HiddenWords;

/// Where a case stands, as a commit finds it.
#[derive(Debug)]
pub(crate) struct Standing {
    /// The key of the case.
    pub(crate) key: Key,
    /// The head its decision was made on.
    pub(crate) head: ChainHead,
    /// The wrapped key, for a case that does not exist yet.
    pub(crate) new_key: Option<Vec<u8>>,
}

/// A sealed body.
#[derive(Debug)]
pub(crate) enum SealedBody {
    /// In the database.
    Inline(Vec<u8>),
    /// In a file.
    File(FileName),
}

/// A sealed outbox item.
#[derive(Debug)]
pub(crate) struct SealedItem {
    pub(crate) key: String,
    pub(crate) effect: Vec<u8>,
    pub(crate) not_before: i64,
}

/// A sealed receipt.
#[derive(Debug)]
pub(crate) struct SealedReceipt {
    pub(crate) code_hash: Digest,
    pub(crate) leaf: Digest,
    pub(crate) note: Vec<u8>,
}

/// A commit without a readable word in it, but for what it publishes.
#[derive(Debug)]
pub(crate) struct SealedCommit {
    pub(crate) program: ProgramSlug,
    pub(crate) case: CaseId,
    pub(crate) reference_hash: Digest,
    pub(crate) before: ChainHead,
    pub(crate) after: ChainHead,
    pub(crate) new_key: Option<Vec<u8>>,
    pub(crate) events: Vec<(u64, Vec<u8>, Digest)>,
    pub(crate) bodies: Vec<(BlobId, SealedBody)>,
    pub(crate) row: Vec<u8>,
    /// What it is found by, hashed.
    pub(crate) words: Vec<HiddenWords>,
    pub(crate) wake: Option<i64>,
    pub(crate) outbox: Vec<SealedItem>,
    pub(crate) receipt: Option<SealedReceipt>,
    pub(crate) publication: Option<Publication>,
    /// The leaf of this step in the public log; `None` when nothing happened to the case.
    pub(crate) leaf: Option<StepLeaf>,
}

impl SealedCommit {
    /// Seals a commit; writes its large bodies to files.
    pub(crate) fn new(
        commit: Commit,
        standing: Standing,
        reference_hash: Digest,
        bodies: &Bodies,
    ) -> Result<Self, StoreError> {
        let (program, case) = (&commit.program, &commit.case);
        let Standing { key, head, new_key } = standing;
        let (events, after) = seal_events(&key, case, head, &commit.events)?;
        let row = seal_row(&key, program, &commit.row, after.seq)?;
        let outbox = commit
            .outbox
            .iter()
            .map(|item| {
                let place = outbox_place(program, case, &item.key);
                Ok(SealedItem {
                    key: item.key.clone(),
                    effect: seal(&key, &place, item.effect.as_bytes())?,
                    not_before: item.not_before.unix(),
                })
            })
            .collect::<Result<_, StoreError>>()?;
        let receipt = commit
            .receipt
            .as_ref()
            .map(|r| {
                Ok::<_, StoreError>(SealedReceipt {
                    code_hash: r.code_hash,
                    leaf: r.leaf,
                    note: seal(&key, &note_place(program, case), r.note.as_bytes())?,
                })
            })
            .transpose()?;
        let leaf = StepLeaf::new(case, head.seq, &after)?;
        let sealed = seal_bodies(&key, program, case, &commit.blobs, bodies)?;
        Ok(Self {
            reference_hash,
            before: head,
            after,
            new_key,
            events,
            bodies: sealed,
            row,
            words: Vec::new(),
            wake: commit.wake.map(candor_base::Instant::unix),
            outbox,
            receipt,
            publication: commit.publication,
            leaf,
            program: commit.program,
            case: commit.case,
        })
    }

    /// The files written for it.
    pub(crate) fn files(&self) -> Vec<FileName> {
        files(&self.bodies)
    }
}

fn files(bodies: &[(BlobId, SealedBody)]) -> Vec<FileName> {
    let name = |body: &SealedBody| match body {
        SealedBody::File(name) => Some(*name),
        SealedBody::Inline(_) => None,
    };
    bodies.iter().filter_map(|(_, body)| name(body)).collect()
}

type SealedEvents = (Vec<(u64, Vec<u8>, Digest)>, ChainHead);

fn seal_events(
    key: &Key,
    case: &CaseId,
    mut head: ChainHead,
    events: &[Recorded],
) -> Result<SealedEvents, StoreError> {
    let mut sealed = Vec::with_capacity(events.len());
    for event in events {
        if event.seq != head.seq.saturating_add(1) {
            return Err(StoreError::Failed("events are not numbered on".to_owned()));
        }
        let json = to_json(event)?;
        let bytes = seal(key, &event_place(case, event.seq), &json)?;
        head = head.next(case, &bytes);
        sealed.push((head.seq, bytes, head.hash));
    }
    if head.seq == 0 {
        return Err(StoreError::Failed("a case begins with an event".to_owned()));
    }
    Ok((sealed, head))
}

fn seal_bodies(
    key: &Key,
    program: &ProgramSlug,
    case: &CaseId,
    blobs: &[NewBlob],
    bodies: &Bodies,
) -> Result<Vec<(BlobId, SealedBody)>, StoreError> {
    let mut done = Vec::with_capacity(blobs.len());
    for blob in blobs {
        match seal_body(key, program, case, blob, bodies) {
            Ok(body) => done.push((blob.id, body)),
            Err(e) => {
                bodies.discard(&files(&done));
                return Err(e);
            }
        }
    }
    Ok(done)
}

fn seal_body(
    key: &Key,
    program: &ProgramSlug,
    case: &CaseId,
    blob: &NewBlob,
    bodies: &Bodies,
) -> Result<SealedBody, StoreError> {
    let plain = blob.bytes.reveal();
    let sealed = seal(key, &blob_place(program, case, &blob.id), plain)?;
    if bodies.is_inline(plain.len()) {
        return Ok(SealedBody::Inline(sealed));
    }
    let name: FileName = random().map_err(|e| StoreError::Failed(e.to_string()))?;
    bodies.write(&name, &sealed).map_err(|e| from_io(&e))?;
    Ok(SealedBody::File(name))
}

/// Seals a read row made from so many events.
pub(crate) fn seal_row(
    key: &Key,
    program: &ProgramSlug,
    row: &CaseRow,
    seq: u64,
) -> Result<Vec<u8>, StoreError> {
    seal(key, &row_place(program, &row.case, seq), &to_json(row)?)
}

/// Opens a read row.
pub(crate) fn open_row(
    key: &Key,
    program: &ProgramSlug,
    case: &CaseId,
    seq: u64,
    sealed: &[u8],
) -> Result<CaseRow, StoreError> {
    open_json(key, &row_place(program, case, seq), sealed, "a read row")
}

/// Opens an event and checks that it is the one that stands there.
pub(crate) fn open_event(
    key: &Key,
    case: &CaseId,
    seq: u64,
    sealed: &[u8],
) -> Result<Recorded, StoreError> {
    let event: Recorded = open_json(key, &event_place(case, seq), sealed, "an event")?;
    if event.seq == seq {
        Ok(event)
    } else {
        Err(damaged("an event"))
    }
}

/// Opens a text.
pub(crate) fn open_text(
    key: &Key,
    place: &Place,
    sealed: &[u8],
    what: &str,
) -> Result<String, StoreError> {
    let bytes = key.open(place, sealed).ok_or_else(|| damaged(what))?;
    String::from_utf8(bytes).map_err(|_| damaged(what))
}

/// Opens a value stored as JSON.
pub(crate) fn open_json<T: serde::de::DeserializeOwned>(
    key: &Key,
    place: &Place,
    sealed: &[u8],
    what: &str,
) -> Result<T, StoreError> {
    let json = key.open(place, sealed).ok_or_else(|| damaged(what))?;
    // The cause may quote stored text, so it is left out.
    serde_json::from_slice(&json)
        .map_err(|_| StoreError::Damaged(format!("{what} has an unknown shape")))
}

/// A value as JSON.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(|_| StoreError::Failed("a value has no JSON form".to_owned()))
}

/// A new key for a case that does not exist yet, and its wrapped form.
pub(crate) fn first_standing(
    program_key: &Key,
    program: &ProgramSlug,
    case: &CaseId,
) -> Result<Standing, StoreError> {
    let key = keyring::fresh()?;
    let wrapped = keyring::wrap_case(program_key, program, case, &key)?;
    Ok(Standing {
        key,
        head: ChainHead::start(case),
        new_key: Some(wrapped),
    })
}

fn event_place(case: &CaseId, seq: u64) -> Place {
    Place::new("candor/event/v1")
        .at(case.as_bytes())
        .at(&seq.to_be_bytes())
}

fn in_case(kind: &str, program: &ProgramSlug, case: &CaseId) -> Place {
    Place::new(kind)
        .at(program.as_str().as_bytes())
        .at(case.as_bytes())
}

fn row_place(program: &ProgramSlug, case: &CaseId, seq: u64) -> Place {
    in_case("candor/row/v1", program, case).at(&seq.to_be_bytes())
}

/// The place of a body.
pub(crate) fn blob_place(program: &ProgramSlug, case: &CaseId, blob: &BlobId) -> Place {
    in_case("candor/blob/v1", program, case).at(blob.as_bytes())
}

/// The place of a receipt note.
pub(crate) fn note_place(program: &ProgramSlug, case: &CaseId) -> Place {
    in_case("candor/note/v1", program, case)
}

/// The place of an outbox item.
pub(crate) fn outbox_place(program: &ProgramSlug, case: &CaseId, key: &str) -> Place {
    in_case("candor/outbox/v1", program, case).at(key.as_bytes())
}
