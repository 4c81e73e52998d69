//! Judges: slow, plain second implementations of what Candor decides, written from
//! the documents and not from the code, so that a mistake has to be made twice.

pub mod embargo;
