//! A simulator of the whole product: people, mail, clocks and crashes on a virtual clock,
//! with laws that are judged after every step.
//!
//! Two forms share the same people ([`people`], `acts`), the same breakdowns and the same
//! [`laws`]:
//!
//! - [`paper`]: the core and the loop of the engine in memory (decide, fold, effects,
//!   commit, wake instants, outbox, chain). Not run here: use cases, rights, pages,
//!   sealing, SQLite. It is fast, and made for thousands of case-years.
//! - [`real`]: the use cases of `candor-app` over the SQLite store in a temporary folder,
//!   with forms filled in as a browser would send them, and every public page, feed and
//!   letter read back. Not run here: HTTP, HTML and SMTP; passwords and second factors
//!   (a session is put into the store); acts about regulators and of Candor itself.
//!
//! One number decides everything in a run, so that a failing run is repeated by that
//! number alone: `cargo xtask soak sim --seed N`, with `--real` for the second form.
//!
//! Start reading in [`run`].

mod acts;
mod asides;
pub mod bug;
mod cve;
pub mod dice;
pub mod house;
pub mod laws;
mod outbox;
pub mod paper;
mod parties;
pub mod people;
pub mod policies;
pub mod post;
pub mod real;
mod regulators;
pub mod run;

use std::rc::Rc;

use candor_base::Instant;
use candor_case::{Actor, Context};
use candor_policy::settings::PolicyInForce;

pub use self::bug::Bug;
pub use self::dice::Dice;
pub use self::run::{Broken, Form, Tally, simulate};

/// Stands in every draft and every message of a simulated case: where outsiders read, it
/// must not stand before its time.
pub const CANARY: &str = "CANARY";

/// What somebody who is about to act has before them.
pub(crate) struct Mind {
    pub(crate) dice: Dice,
    pub(crate) now: Instant,
    pub(crate) policy: Rc<PolicyInForce>,
}

impl Mind {
    pub(crate) fn context(&self, actor: Actor) -> Context<'_> {
        Context {
            now: self.now,
            actor,
            policy: &self.policy,
            team: paper::TEAM,
        }
    }
}
