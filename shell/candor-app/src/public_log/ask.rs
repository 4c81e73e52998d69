//! What anybody, a reporter, a witness and the operator can ask of the log.
//!
//! Invariant: only what was published is shown.

use candor_access::view::PublicFile;
use candor_base::{CaseId, ProgramSlug};
use candor_ledger::{
    Cosignature, LogProof, TileId, VerifierKey, WitnessError, add_cosignatures, cosignatures,
    request, sha256, tile_bytes, tree,
};
use candor_ports::StoreError;
use serde::{Deserialize, Serialize};

use super::PublicLog;
use crate::app::{App, lock};
use crate::input::Fault;

/// How the log is, for the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogStatus {
    /// Its name.
    pub origin: String,
    /// The key that its checkpoints are checked with.
    pub verifier_key: String,
    /// Leaves in the newest checkpoint.
    pub size: u64,
    /// Leaves in the newest checkpoint that was published.
    pub published: u64,
    /// Leaves that wait for their place.
    pub waiting: u64,
    /// Seconds between two checkpoints.
    pub every_seconds: u32,
    /// Where what was published is kept.
    pub kept_in: String,
    /// Who cosigned what was published last: name and time.
    pub cosigned: Vec<(String, String)>,
    /// Why nothing is signed just now.
    pub trouble: Option<String>,
}

fn file(media_type: &'static str, body: Vec<u8>) -> PublicFile {
    PublicFile {
        media_type,
        etag: format!("\"{}\"", sha256(&body)),
        body,
    }
}

impl PublicLog {
    /// The checkpoint that was published last.
    pub fn checkpoint(&self) -> Result<Option<PublicFile>, Fault> {
        let note = self.store.log_head()?.published_note;
        Ok(note.map(|note| file("text/plain; charset=utf-8", note.into_bytes())))
    }

    /// A tile of the log that was published, by its path after `tile/`, and whether it is
    /// full.
    pub fn tile(&self, path: &str) -> Result<Option<(PublicFile, bool)>, Fault> {
        let Ok(tile) = path.parse::<TileId>() else {
            return Ok(None);
        };
        let published = self.store.log_head()?.published;
        let under = 8_u32.saturating_mul(u32::from(tile.level));
        let hashes = published.checked_shr(under).unwrap_or(0);
        let first = tile.index.checked_mul(tree::TILE);
        let there = first.and_then(|first| hashes.checked_sub(first));
        if there.is_none_or(|there| there < u64::from(tile.width)) {
            return Ok(None);
        }
        let Some(mut found) = self.store.log_tile(tile.level, tile.index)? else {
            return Ok(None);
        };
        found.truncate(usize::from(tile.width));
        let body = file("application/octet-stream", tile_bytes(&found));
        Ok(Some((body, tile.is_full())))
    }

    /// The proof that the receipt of a case stands in the log; `None` until it is published.
    pub fn proof(&self, program: &ProgramSlug, case: &CaseId) -> Result<Option<String>, Fault> {
        let Some(index) = self.store.receipt_place(program, case)? else {
            return Ok(None);
        };
        let head = self.store.log_head()?;
        let Some(checkpoint) = head.published_note.filter(|_| index < head.published) else {
            return Ok(None);
        };
        let hashes = self.tiles().inclusion(index, head.published)?;
        Ok(hashes.map(|hashes| {
            let proof = LogProof {
                index,
                hashes,
                checkpoint,
            };
            proof.to_text()
        }))
    }

    /// What is sent to a witness that saw a log of `old` leaves last; `None` when nothing was
    /// published, or when the log is not that long.
    pub fn request(&self, old: u64) -> Result<Option<String>, Fault> {
        let head = self.store.log_head()?;
        let Some(note) = head.published_note.filter(|_| old <= head.published) else {
            return Ok(None);
        };
        let proof = self.tiles().consistency(old, head.published)?;
        Ok(Some(request(old, &proof, &note)))
    }

    /// Takes the signatures of witnesses of what was published last; gives whose were new.
    ///
    /// # Errors
    /// The outer one when something broke, the inner one when no signature could be taken.
    pub fn cosign(&self, sent: &str) -> Result<Result<Vec<Cosignature>, WitnessError>, Fault> {
        let head = self.store.log_head()?;
        let Some(note) = head.published_note else {
            return Ok(Err(WitnessError::None));
        };
        let (longer, added) = match add_cosignatures(&note, sent, &self.settings.witnesses) {
            Ok(done) => done,
            Err(why) => return Ok(Err(why)),
        };
        if !self.store.cosign_log(head.published, &note, &longer)? {
            return Err(StoreError::Conflict.into());
        }
        // A folder that lies elsewhere may be behind; it gets this with the next checkpoint.
        if self.keeper.checkpoint()?.as_deref() == Some(note.as_str()) {
            self.keeper.put_checkpoint(Some(&note), &longer)?;
        }
        Ok(Ok(added))
    }

    /// How it is.
    pub fn status(&self) -> Result<LogStatus, Fault> {
        let head = self.store.log_head()?;
        let waiting = self.store.waiting_leaves()?.len();
        let origin = head
            .origin
            .unwrap_or_else(|| self.settings.origin.to_string());
        let name = origin
            .parse()
            .unwrap_or_else(|_| self.settings.origin.clone());
        let by = |c: Cosignature| (c.witness.to_string(), c.at.to_string());
        let cosigned = head
            .published_note
            .and_then(|note| cosignatures(&note, &self.settings.witnesses).ok())
            .unwrap_or_default();
        Ok(LogStatus {
            origin,
            verifier_key: VerifierKey::of_seed(&name, &self.seed).to_string(),
            size: head.size,
            published: head.published,
            waiting: u64::try_from(waiting).unwrap_or(u64::MAX),
            every_seconds: self.settings.every,
            kept_in: self.keeper.place(),
            cosigned: cosigned.into_iter().map(by).collect(),
            trouble: lock(&self.trouble).clone(),
        })
    }

    /// Why nothing is signed just now, by the last look of this server.
    pub(crate) fn trouble(&self) -> Option<String> {
        lock(&self.trouble).clone()
    }

    /// Seconds between two checkpoints.
    pub const fn every(&self) -> u32 {
        self.settings.every
    }
}

impl App {
    /// Does what this interval asks of the public log. While the clock is in doubt, nothing.
    pub fn advance_log(&self) -> Result<(), Fault> {
        let Some(log) = self.public_log() else {
            return Ok(());
        };
        if self.clock_doubt().is_some() {
            return Ok(());
        }
        log.advance(self.now(), self.entropy()).map(|_| ())
    }
}
