//! The public log: at fixed intervals, what waits gets its place in the tree, and a
//! checkpoint is signed and published.
//!
//! Invariants: nothing is signed unless the log begins with what was published last, kept
//! outside the database, so that a backup that was put back can never make the log say
//! something else than before; nothing is shown that is not kept there; one interval adds one
//! bundle, whichever replica is at it.
//!
//! Deliberately absent: what a leaf stands for, and the instant of any leaf.

mod adopt;
mod ask;
mod tiles;

pub use adopt::Adopted;
pub use ask::LogStatus;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use candor_base::{Digest, Instant};
use candor_ledger::merkle::verify_consistency;
use candor_ledger::{
    Checkpoint, KeyName, Leaf, VerifierKey, WitnessKey, bundle, bundle_size, sha256, tile_bytes,
    tiles_since,
};
use candor_ports::{
    Entropy, LogGrowth, LogHead, LogKeeper, LogStore, StoreError, Vault, WaitingLeaf,
};

use crate::app::lock;
use crate::input::Fault;
use tiles::Tiles;

/// Seconds that a replica has for the work of one interval.
const LEASE: u32 = 60;

/// How the log is kept.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// The name a new log gets: host and path, such as `reports.example.org/log`.
    pub origin: KeyName,
    /// Seconds between two checkpoints.
    pub every: u32,
    /// Leaves that an interval adds.
    pub leaves: u32,
    /// Whose cosignatures are taken.
    pub witnesses: Vec<WitnessKey>,
}

/// The log, with what it needs of the world.
pub struct PublicLog {
    store: Arc<dyn LogStore>,
    keeper: Arc<dyn LogKeeper>,
    settings: LogSettings,
    seed: [u8; 32],
    key: VerifierKey,
    /// Compared with what was published since the start.
    looked: AtomicBool,
    /// Why nothing is signed just now, in words for the operator.
    trouble: Mutex<Option<String>>,
}

impl fmt::Debug for PublicLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicLog")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// The last checkpoint that was published.
struct Kept {
    note: Option<String>,
    size: u64,
    root: Digest,
}

impl PublicLog {
    /// Puts it together; the key is the one that signs receipts.
    pub fn new(
        store: Arc<dyn LogStore>,
        keeper: Arc<dyn LogKeeper>,
        vault: &dyn Vault,
        settings: LogSettings,
    ) -> Self {
        let seed = vault.derive("receipt-signing");
        Self {
            key: VerifierKey::of_seed(&settings.origin, &seed),
            store,
            keeper,
            settings,
            seed,
            looked: AtomicBool::new(false),
            trouble: Mutex::default(),
        }
    }

    /// Does what this interval asks for; gives the new size of the log where it grew.
    ///
    /// # Errors
    /// When the store or the folder fails, or when what was published is not the beginning
    /// of this log: then nothing is signed.
    pub fn advance(&self, now: Instant, entropy: &dyn Entropy) -> Result<Option<u64>, Fault> {
        let done = self.try_advance(now, entropy);
        *lock(&self.trouble) = done.as_ref().err().map(|fault| fault.operator.clone());
        done
    }

    fn try_advance(&self, now: Instant, entropy: &dyn Entropy) -> Result<Option<u64>, Fault> {
        let slot = now.unix().div_euclid(i64::from(self.settings.every.max(1)));
        let head = self.store.log_head()?;
        let idle = head.slot >= slot && head.published == head.size;
        if idle && self.looked.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let kept = self.kept(&head)?;
        self.publish(&head, &kept)?;
        self.looked.store(true, Ordering::Relaxed);
        if head.slot >= slot || !self.store.lease_log(slot, now, LEASE)? {
            return Ok(None);
        }
        // Whoever had the work before may have finished it meanwhile.
        let head = self.store.log_head()?;
        if head.slot >= slot {
            return Ok(None);
        }
        let kept = self.kept(&head)?;
        let growth = self.growth(&head, &kept, slot, entropy)?;
        let size = growth.size;
        match self.store.grow_log(growth) {
            Ok(()) => {}
            Err(StoreError::Conflict) => return Ok(None),
            Err(why) => return Err(why.into()),
        }
        self.publish(&self.store.log_head()?, &kept)?;
        Ok(Some(size))
    }

    /// What was published last, if this log begins with it.
    fn kept(&self, head: &LogHead) -> Result<Kept, Fault> {
        let Some(note) = self.keeper.checkpoint()? else {
            if head.published > 0 {
                return Err(self.gone());
            }
            return Ok(Kept {
                note: None,
                size: 0,
                root: sha256(b""),
            });
        };
        let Checkpoint { origin, size, root } = self.opened(&note)?;
        if head.origin.as_deref().is_some_and(|o| o != origin.as_str()) {
            return Err(self.refused("it is the checkpoint of another log"));
        }
        if size > head.size {
            return Err(self.refused(&format!(
                "it has {size} leaves, and the database has {}: an older backup was put back",
                head.size
            )));
        }
        if self.tiles().root(size)? != root {
            return Err(self.refused("the log in the database does not begin with it"));
        }
        let note = Some(note);
        Ok(Kept { note, size, root })
    }

    /// The checkpoint outside the database, if this instance signed it.
    fn opened(&self, note: &str) -> Result<Checkpoint, Fault> {
        Checkpoint::open(note, &self.key).map_err(|why| self.refused(&why.to_string()))
    }

    /// What this interval adds, signed.
    fn growth(
        &self,
        head: &LogHead,
        kept: &Kept,
        slot: i64,
        entropy: &dyn Entropy,
    ) -> Result<LogGrowth, Fault> {
        let waiting = self.store.waiting_leaves()?;
        let count = u64::try_from(waiting.len()).unwrap_or(u64::MAX);
        let (receipts, others) = waiting.into_iter().partition(|leaf| leaf.seq == 0);
        let mut random = || {
            let mut bytes = [0; 32];
            entropy.fill(&mut bytes);
            bytes
        };
        let size = bundle_size(count, self.settings.leaves);
        let hash = |leaf: &WaitingLeaf| Leaf::from_digest(leaf.leaf).hash();
        let added = bundle(receipts, others, size, hash, &mut random);
        let hashes: Vec<Digest> = added.iter().map(|placed| placed.hash).collect();
        let placed = (head.size..)
            .zip(added)
            .filter_map(|(place, placed)| placed.leaf.map(|leaf| (leaf.case, leaf.seq, place)))
            .collect();
        let tiles = self.tiles();
        let (gained, root) = tiles.grow(head.size, &hashes)?;
        let size = head.size.saturating_add(size);
        let proof = tiles.with(&gained).consistency(kept.size, size)?;
        if !verify_consistency((kept.size, &kept.root), (size, &root), &proof) {
            return Err(self.refused("the log that would be signed does not begin with it"));
        }
        let origin = match &head.origin {
            Some(origin) => origin.parse().map_err(|_| {
                Fault::inside("the name of the public log in the database was changed")
            })?,
            None => self.settings.origin.clone(),
        };
        let checkpoint = Checkpoint { origin, size, root };
        let note = checkpoint.sign(&self.seed);
        Ok(LogGrowth {
            origin: checkpoint.origin.to_string(),
            from: head.size,
            size,
            slot,
            note: note.map_err(|why| Fault::inside(format!("signing a checkpoint: {why}")))?,
            gained: gained.iter().map(|g| (g.level, g.index, g.hash)).collect(),
            placed,
        })
    }

    /// Keeps outside the database what it does not have yet, and only then lets it be seen.
    fn publish(&self, head: &LogHead, kept: &Kept) -> Result<(), Fault> {
        let Some(note) = head.note.as_deref().filter(|_| head.size > kept.size) else {
            // The folder was written, and the database did not hear of it.
            if head.published < head.size && head.size == kept.size {
                self.store.log_published(head.size)?;
            }
            return Ok(());
        };
        self.put_tiles(kept.size, head.size)?;
        self.keeper.put_checkpoint(kept.note.as_deref(), note)?;
        self.store.log_published(head.size)?;
        Ok(())
    }

    /// Keeps the tiles that a log of `new` leaves has and one of `old` has not.
    fn put_tiles(&self, old: u64, new: u64) -> Result<(), Fault> {
        for tile in tiles_since(old, new) {
            let mut hashes = self.store.log_tile(tile.level, tile.index)?;
            let width = usize::from(tile.width);
            let Some(hashes) = hashes.as_mut().filter(|found| found.len() >= width) else {
                return Err(Fault::inside("a tile of the public log is gone"));
            };
            hashes.truncate(width);
            self.keeper
                .put_tile(&tile.to_string(), &tile_bytes(hashes))?;
        }
        Ok(())
    }

    fn tiles(&self) -> Tiles<'_> {
        Tiles::new(self.store.as_ref())
    }

    fn refused(&self, why: &str) -> Fault {
        Fault {
            person: "The public log stands still.".to_owned(),
            operator: format!(
                "the public log is not signed on: it does not fit the checkpoint that was \
                 published last and is kept in {}: {why}. Run `candor log adopt`, and read \
                 \"The log\" in the guide for operators.",
                self.keeper.place()
            ),
        }
    }

    fn gone(&self) -> Fault {
        Fault {
            person: "The public log stands still.".to_owned(),
            operator: format!(
                "the public log is not signed on: the checkpoint that was published last is \
                 not in {}. If the database is no older than what was published, run `candor \
                 log adopt --database`; else put that folder back first. See \"The log\" in \
                 the guide for operators.",
                self.keeper.place()
            ),
        }
    }
}
