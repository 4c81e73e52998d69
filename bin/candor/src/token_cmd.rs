//! `candor token`, beside a running server, for somebody who is signed in.
//!
//! Invariants: the code of the second factor is asked for, never taken as an argument; a token
//! goes to standard output and nowhere else.

use candor_app::input::ApiTokenLine;
use serde_json::json;

use crate::cli::{TokenCommand, TokenCreateArgs, TokenListArgs, TokenRevokeArgs};
use crate::local::Link;
use crate::say::{self, harmless};
use crate::stop::{Done, Stop};
use crate::{policy, sign_in_cmd, terminal};

pub(crate) fn run(command: &TokenCommand) -> Done {
    match command {
        TokenCommand::Create(args) => create(args),
        TokenCommand::List(args) => list(args),
        TokenCommand::Revoke(args) => revoke(args),
    }
}

fn session(data: &std::path::Path) -> Result<String, Stop> {
    sign_in_cmd::token(data)?.ok_or_else(|| {
        Stop::refused("Tokens are for people who are signed in. Run `candor sign-in` first.")
    })
}

fn create(args: &TokenCreateArgs) -> Done {
    let session = session(&args.local.data)?;
    let mut link = Link::connect(&args.local.data)?;
    let code = terminal::ask_secret("Code of your second factor:")?;
    let made = link.ask(&json!({
        "op": "api-token", "do": "make", "token": session, "program": args.program, "name": args.name,
        "scope": args.scope.word(), "days": args.days.to_string(), "totp": code,
    }))?;
    let token = made.as_str().unwrap_or_default();
    if args.json {
        say::line(&policy::json(&json!({"token": token}))?);
        return Ok(());
    }
    say::line(token);
    say::note("Keep it like a pass phrase; it is shown only now. Send it in the header");
    say::note("Authorization: Bearer …  The API begins at /api/v1.");
    Ok(())
}

fn list(args: &TokenListArgs) -> Done {
    let session = session(&args.local.data)?;
    let request =
        json!({"op": "api-token", "do": "list", "token": session, "program": args.program});
    let found = Link::connect(&args.local.data)?.ask(&request)?;
    if args.json {
        say::line(&policy::json(&found)?);
        return Ok(());
    }
    let lines: Vec<ApiTokenLine> = serde_json::from_value(found)
        .map_err(|_| Stop::environment("The running server is of another version."))?;
    if lines.is_empty() {
        say::line("You have no token for this program.");
    }
    for line in &lines {
        let used = line
            .used
            .map_or_else(|| "not used yet".to_owned(), |at| format!("last used {at}"));
        let scope = serde_json::to_value(line.scope).unwrap_or_default();
        say::line(&format!(
            "{}  {:<4}  until {}  {used}  {}",
            harmless(&line.id),
            scope.as_str().unwrap_or("-"),
            line.expires,
            harmless(&line.name)
        ));
    }
    Ok(())
}

fn revoke(args: &TokenRevokeArgs) -> Done {
    let session = session(&args.local.data)?;
    let request = json!({"op": "api-token", "do": "end", "token": session, "id": args.number});
    Link::connect(&args.local.data)?.ask(&request)?;
    say::line("The token is revoked.");
    Ok(())
}
