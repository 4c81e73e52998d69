//! A place of its own for each test, with the program of this build; everything else of the
//! head lies in `support/campaign`.
#![allow(dead_code, unused_imports, reason = "each test file uses a part of it")]

use std::ops::Deref;
use std::path::Path;

pub(crate) use candor_campaign::{Ended, POLICY, Server, opens, shared, submit};

/// The program of this build.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_candor");

/// A temporary place for it.
pub(crate) struct Place(candor_campaign::Place);

impl Place {
    pub(crate) fn new() -> Self {
        Self(candor_campaign::Place::new(Path::new(PROGRAM)))
    }
}

impl Deref for Place {
    type Target = candor_campaign::Place;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
