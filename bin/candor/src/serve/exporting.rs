//! A copy of a case through the socket: its files in pieces, one after the other.
//!
//! Invariants: the pieces of a file come in their order and before the next file; a copy is
//! whole only when the answer says so.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use candor_app::App;
use candor_app::input::{ActError, Fault};
use serde_json::{Value, json};

use super::socket::{Say, not_changed, said};
use crate::case_cmd::program_of;

/// Bytes of a file in one line.
const PIECE: usize = 256 * 1024;

/// Why a copy ended before its end.
enum Broken {
    Fault(Fault),
    /// Whoever asked has gone.
    Gone,
}

impl From<Fault> for Broken {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Gives a copy away, with the instant at which it was made in each line.
pub(super) fn export(
    app: &App,
    token: &str,
    reference: &str,
    totp: &str,
    say: Say<'_>,
) -> Result<Value, String> {
    let nothing = || "There is no such case that you may take a copy of.".to_owned();
    let reference = reference.trim().to_uppercase();
    let rows = app.operator_list().map_err(said)?;
    let program = program_of(&rows, &reference).ok_or_else(nothing)?;
    let pack = match app.export(token, &program, &reference, totp) {
        Ok(pack) => pack,
        Err(ActError::NotFound) => return Err(nothing()),
        Err(other) => return Err(not_changed(other)),
    };
    let at = pack.view.exported.at.unix();
    let mut files = 0_u64;
    let done = candor_web::pack_files(app, &pack, &mut |path, bytes| {
        files = files.saturating_add(1);
        let mut first = true;
        let mut rest = bytes;
        while first || !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(PIECE));
            let line = json!({"piece": {
                "path": path, "first": first, "at": at, "bytes": STANDARD.encode(now),
            }});
            say(&line).map_err(|_| Broken::Gone)?;
            (first, rest) = (false, later);
        }
        Ok(())
    });
    match done {
        Ok(()) => Ok(json!({"reference": reference, "files": files})),
        Err(Broken::Fault(fault)) => Err(said(fault)),
        Err(Broken::Gone) => Err("The copy could not be given away.".to_owned()),
    }
}
