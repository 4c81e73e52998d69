//! Settings by which a store knows that it was put back from a backup, or moved.
//!
//! Deliberately absent: copying itself; that is below the store.

/// When the store was put back from a backup, in seconds of Unix time. Whoever continues
/// something outside (a public log) compares before going on.
pub const RESTORED_AT: &str = "restored-at";
/// When that backup was made, in seconds of Unix time.
pub const RESTORED_FROM: &str = "restored-from";
/// While it is there no letter leaves: after a restore it is not known which left already.
pub const LETTERS_HELD: &str = "letters-held";
/// Where everything was moved to. Two that go on with the same cases would each be wrong.
pub const MOVED_TO: &str = "moved-to";
