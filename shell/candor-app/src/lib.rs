//! Being written.
pub mod input;
