//! People who work here: accounts, sign-in, sessions.
//!
//! Invariants: no way in with one factor; a session is known only by the hash of
//! its token; wrong login, wrong pass phrase and wrong code have one answer.

mod again;
pub(crate) mod hashing;
mod history;
pub(crate) mod known;
pub(crate) mod operator;
mod own;
mod passkeys;
mod people;
mod recovery;
pub(crate) mod session;
mod sessions;
mod set_up;
mod sign_in;
pub(crate) mod signed;
pub(crate) mod throttle;
pub(crate) mod tokens;
mod told;
mod totp;
