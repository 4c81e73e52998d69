//! Advisories from GitHub that somebody hands over through the local socket.
//!
//! Invariant: the same use case answers wherever they come from.

use candor_app::App;
use candor_app::input::ActError;
use serde_json::Value;

use super::socket::not_changed;

pub(super) fn import(
    app: &App,
    token: &str,
    program: &str,
    (advisory, all): (&str, bool),
) -> Result<Value, String> {
    match app.import_github(token, program, advisory, all) {
        Ok(done) => {
            serde_json::to_value(&done).map_err(|_| "The answer could not be written.".to_owned())
        }
        Err(ActError::NotFound) => {
            Err("There is no such program in which you may hand in reports.".to_owned())
        }
        Err(other) => Err(not_changed(other)),
    }
}
