//! `candor case erase`, beside a running server, for an owner who is signed in.
//!
//! Invariants: the code of the second factor is asked for, never taken as an argument; the same
//! use case answers as on the desk.

use serde_json::json;

use crate::cli::CaseEraseArgs;
use crate::local::Link;
use crate::say::{self, harmless};
use crate::sign_in_cmd;
use crate::stop::{Done, Stop};
use crate::terminal;

/// One step towards the erasure of a case.
pub(crate) fn run(args: &CaseEraseArgs) -> Done {
    let token = sign_in_cmd::token(&args.local.data)?.ok_or_else(|| {
        Stop::refused("Only an owner who is signed in erases a case. Run `candor sign-in` first.")
    })?;
    let mut link = Link::connect(&args.local.data)?;
    let (step, code) = if args.take_back {
        ("take-back", String::new())
    } else {
        let step = if args.reason.is_some() {
            "ask"
        } else {
            "erase"
        };
        if step == "erase" {
            say::line("This destroys the key of the case. Nothing brings it back.");
        }
        (step, terminal::ask_secret("Code of your second factor:")?)
    };
    let said = link.ask(&json!({
        "op": "erase-case", "token": token, "reference": args.reference, "step": step,
        "reason": args.reason, "totp": code,
    }))?;
    say::line(&harmless(said.as_str().unwrap_or("Done.")));
    Ok(())
}
