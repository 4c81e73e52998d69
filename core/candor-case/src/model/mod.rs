//! The formal model of coordinated disclosure (CERT/CC, Vultron): four small
//! machines, each a type with its table of edges and one `step`.
//!
//! - [`rm`]: the report, one per participant;
//! - [`em`]: the embargo, one per case;
//! - [`pec`]: consent to the embargo, one per participant;
//! - [`cs`]: what is true outside: the vendor's path for each vendor, public facts
//!   for each case;
//! - [`message`]: what participants tell each other of all that, and what receiving it does;
//! - [`history`]: the orders in which it can come, and how likely each is by luck;
//! - [`skill`]: how much better than luck it went.
//!
//! Invariants: every function is total and pure; a move that is no edge is `None`;
//! a table and the machine that reads it stand in one file. The case has these
//! types as its dimensions: there is no second copy of the rules.
//!
//! Deliberately absent: people, instants, reasons. Whether a move is wise or
//! allowed to somebody is for the case to say, not for the model.

pub mod cs;
pub mod em;
pub mod history;
pub mod message;
pub mod pec;
pub mod rm;
pub mod skill;

/// The state reached from `from` by `by`, where the table has such an edge.
fn follow<S: Copy + PartialEq, M: Copy + PartialEq>(
    edges: &[(S, M, S)],
    from: S,
    by: M,
) -> Option<S> {
    edges
        .iter()
        .find(|(start, name, _)| *start == from && *name == by)
        .map(|(_, _, end)| *end)
}
