//! A bucket of an object store, as far as sealed bodies need one.

/// An object as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenObject {
    /// Its name, as it was put.
    pub name: String,
    /// When it was written, in seconds since 1970; `None` when the bucket does not say.
    pub written: Option<i64>,
}

/// Why a bucket did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectsError {
    /// No answer, or one that says to come again, after all tries.
    #[error("the bucket cannot be reached: {0}")]
    Unreachable(String),
    /// An answer that will be the same next time: wrong keys, no such bucket, no right.
    #[error("the bucket refuses: {0}")]
    Refused(String),
}

/// Objects under names, in one bucket. Names are ours: lower-case letters, digits, `/` and
/// `-`. No name is used twice, so nothing is ever replaced.
///
/// Every wait is bounded. What `put` said `Ok` to is durable.
pub trait Objects: Send + Sync + std::fmt::Debug {
    /// The place, to be shown: `s3://bucket/prefix`. Two places are the same when this is.
    fn place(&self) -> &str;
    /// Keeps bytes under a new name.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), ObjectsError>;
    /// Reads them; `None` when there is nothing of that name.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, ObjectsError>;
    /// Everything whose name begins so.
    fn list(&self, under: &str) -> Result<Vec<SeenObject>, ObjectsError>;
    /// Removes one; one that is not there is removed already.
    fn delete(&self, name: &str) -> Result<(), ObjectsError>;
}
