//! Where a copy goes to, as somebody names it.

use std::path::Path;
use std::sync::Arc;

use candor_ports::Objects;

use super::source::{Origin, Place};
use crate::error::OpenError;
use crate::key::InstanceKey;
use crate::postgres::DatabaseUrl;
use crate::store::SealedStore;

/// Where to: a data folder that is empty or not there, or a database without data of
/// Candor; and a bucket for large bodies.
#[derive(Debug, Clone)]
pub struct Destination(Origin);

impl Destination {
    /// A data folder.
    pub fn folder(path: &Path) -> Self {
        Self(Origin::folder(path))
    }

    /// A database.
    pub fn database(url: &DatabaseUrl) -> Self {
        Self(Origin::database(url))
    }

    /// With a bucket, into which large bodies go.
    #[must_use]
    pub fn with_bucket(self, bucket: Option<Arc<dyn Objects>>) -> Self {
        Self(self.0.with_bucket(bucket))
    }

    /// The same place, to be read.
    pub fn origin(&self) -> &Origin {
        &self.0
    }

    /// The place, to be shown.
    pub fn shown(&self) -> String {
        match &self.0.place {
            Place::Folder(folder) => folder.display().to_string(),
            Place::Database(url) => url.place(),
        }
    }

    /// Opens what was put there.
    pub fn open(&self, key: &InstanceKey) -> Result<SealedStore, OpenError> {
        let store = match &self.0.place {
            Place::Folder(folder) => SealedStore::open(folder, key),
            Place::Database(url) => SealedStore::connect(url, key),
        };
        store?.with_bucket(self.0.bucket.clone())
    }
}
