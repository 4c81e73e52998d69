//! One store's place in a bucket: large sealed bodies as objects.
//!
//! An object is put, and the bucket has said so, before the transaction that names it
//! begins. When that never commits, the object is an orphan: harmless, since sealed, and
//! swept once it is a day old.
//!
//! Invariants: names are random, so no object ever replaces another and none tells anything.
//! Each store has a room of its own below the prefix, and a copy that was put back or moved
//! gets another: no store ever sweeps what another one names.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use candor_base::BlobId;
use candor_ports::{Objects, ObjectsError, StoreError};

use crate::bodies::FileName;
use crate::db::{Connection, one, params};
use crate::error::OpenError;
use crate::key::InstanceKey;
use crate::keyring::{KeyRow, Keyring, fresh};
use crate::programs::setting_place;
use crate::sealing::open_text;
use crate::sql;

/// The setting that says where large bodies lie.
pub(crate) const BODIES_AT: &str = "bodies-at";

/// Younger orphans may belong to a commit under way, in seconds.
const ORPHAN_AGE: i64 = 24 * 3600;

/// A room in a bucket, as the store remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct At {
    /// Its name, random.
    room: BlobId,
    /// The bucket and the prefix.
    pub(crate) place: String,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.room, self.place)
    }
}

impl At {
    /// A new room in this bucket.
    pub(crate) fn new(bucket: &dyn Objects) -> Result<Self, StoreError> {
        let random: [u8; 32] = *fresh()?.bytes();
        let mut room = [0; 16];
        room.iter_mut()
            .zip(random)
            .for_each(|(to, from)| *to = from);
        Ok(Self {
            room: BlobId::from_bytes(room),
            place: bucket.place().to_owned(),
        })
    }

    /// Out of the setting.
    pub(crate) fn parse(text: &str) -> Result<Self, StoreError> {
        let damaged = || StoreError::Damaged("where bodies lie cannot be read".to_owned());
        let (room, place) = text.split_once(' ').ok_or_else(damaged)?;
        Ok(Self {
            room: room.parse().map_err(|_| damaged())?,
            place: place.to_owned(),
        })
    }

    /// What a database says, read without a store.
    pub(crate) fn kept(
        conn: &Connection<'_>,
        key: &InstanceKey,
    ) -> Result<Option<Self>, StoreError> {
        let sealed: Option<Vec<u8>> = one(conn, sql::SETTING_SELECT, params![BODIES_AT], |row| {
            row.get(0)
        })?;
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        let stable = KeyRow::read(conn)?.stable(key)?;
        let keys = Keyring::new(key, &stable);
        let place = setting_place(BODIES_AT);
        let text = open_text(keys.setting(), &place, &sealed, "a setting")?;
        Self::parse(&text).map(Some)
    }

    /// The room, when this is the bucket that it lies in.
    pub(crate) fn enter(
        self,
        bucket: Option<Arc<dyn Objects>>,
        data: &str,
    ) -> Result<Room, OpenError> {
        match bucket {
            Some(objects) if objects.place() == self.place => Ok(Room { objects, at: self }),
            named => Err(OpenError::OtherBucket {
                path: data.into(),
                kept: self.place,
                named: named.map(|bucket| bucket.place().to_owned()),
            }),
        }
    }
}

/// A room that is open.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    objects: Arc<dyn Objects>,
    at: At,
}

impl Room {
    /// `<room>/ab/cdef…`
    fn object(&self, name: &FileName) -> String {
        let text = BlobId::from_bytes(*name).to_string();
        let (folder, file) = text.split_at_checked(2).unwrap_or(("", &text));
        format!("{}/{folder}/{file}", self.at.room)
    }

    /// Which file an object is; `None` for one that is not ours.
    fn file(&self, object: &str) -> Option<FileName> {
        let rest = object.strip_prefix(&format!("{}/", self.at.room))?;
        let (folder, file) = rest.split_once('/')?;
        let id: BlobId = format!("{folder}{file}").parse().ok()?;
        let name = *id.as_bytes();
        (self.object(&name) == object).then_some(name)
    }

    pub(crate) fn write(&self, name: &FileName, sealed: &[u8]) -> Result<(), ObjectsError> {
        self.objects.put(&self.object(name), sealed)
    }

    pub(crate) fn read(&self, name: &FileName) -> Result<Option<Vec<u8>>, ObjectsError> {
        self.objects.get(&self.object(name))
    }

    pub(crate) fn remove(&self, name: &FileName) -> Result<(), ObjectsError> {
        self.objects.delete(&self.object(name))
    }

    /// Objects that are old enough to be orphans. Whoever asks then looks which are named:
    /// in this order, one that is named meanwhile is found named.
    pub(crate) fn old(&self, now: i64) -> Result<BTreeSet<FileName>, ObjectsError> {
        let all = self.objects.list(&format!("{}/", self.at.room))?;
        let old = all.into_iter().filter(|object| {
            // One of unknown age is not old.
            let written = object.written.unwrap_or(now);
            now.saturating_sub(written) > ORPHAN_AGE
        });
        Ok(old.filter_map(|object| self.file(&object.name)).collect())
    }
}
