//! What a run needs of the product, in whichever form it is there.
//!
//! Two houses stand behind this: `paper` (core and the loop of the engine in memory,
//! for large numbers) and `real` (the use cases over the real store). Both are asked by
//! the same people, and judged by the same laws.

use std::rc::Rc;

use candor_base::{Instant, RefusalCode};
use candor_case::{Actor, CaseState, Command, Recorded, ReportFacts};
use candor_policy::settings::PolicyInForce;

use super::post::Post;

/// What came of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Done and stored.
    Done,
    /// The product said no.
    Refused(RefusalCode),
    /// Something to correct in a form, or a page that is not there for this person.
    NotTaken,
    /// The machine broke: whoever asked does not know whether it was done.
    Broke,
}

/// Where the machine breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// Decided, and gone before it was stored.
    BeforeCommit,
    /// Stored, and gone before anybody was told.
    AfterCommit,
    /// The post has the letter; that it has it was not written down.
    BeforeSettle,
}

/// The product as a run sees it.
pub trait House {
    /// Sets the clock of the machine, forward or back.
    fn set_clock(&mut self, now: Instant);
    /// Brings a policy version into force for new reports.
    fn put_policy(&mut self, text: &[u8], policy: &Rc<PolicyInForce>);
    /// A report comes in under the version in force.
    fn receive(&mut self, report: &ReportFacts) -> Answer;
    /// Sends the last report once more, as an impatient finger does: true when it made
    /// no second case.
    fn receive_again(&mut self, report: &ReportFacts) -> bool;
    /// Somebody acts on a case.
    fn act(&mut self, case: usize, actor: Actor, command: &Command) -> Answer;
    /// The clocks look, once. An error is a broken law of looking itself.
    fn look(&mut self) -> Result<(), String>;
    /// The mail goes out; false when the machine broke on the way.
    fn deliver(&mut self) -> bool;
    /// The next thing that is stored or settled breaks the machine here, or nothing does.
    fn break_next(&mut self, at: Option<Break>);
    /// Starts on what was stored.
    fn restart(&mut self);
    /// How many cases there are.
    fn cases(&self) -> usize;
    /// The events of a case behind this number, as stored.
    fn history(&self, case: usize, behind: u64) -> Vec<Recorded>;
    /// How many events a case has.
    fn seq(&self, case: usize) -> u64;
    /// The case as the product holds it.
    fn state(&self, case: usize) -> CaseState;
    /// When the clocks have to look next.
    fn next_wake(&self) -> Option<Instant>;
    /// The post.
    fn with_post<T>(&mut self, ask: impl FnOnce(&mut Post) -> T) -> T;
    /// Everything that anybody outside can read now.
    fn public_words(&self) -> String;
    /// Whether every history is what it was.
    fn verify(&self) -> Result<(), String>;
}
