//! Tokens of the API, asked for over the local socket by somebody who is signed in.
//!
//! Invariant: the same use cases answer as on the desk.

use candor_app::App;
use candor_app::input::{ActError, NewApiToken};
use serde::Deserialize;
use serde_json::{Value, json};

use super::socket::{no_program, not_changed};

/// What is asked; `token` is the session of whoever asks.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub(super) enum Ask {
    /// One's tokens for a program.
    List { token: String, program: String },
    /// A new one.
    Make {
        token: String,
        program: String,
        name: String,
        scope: String,
        days: String,
        totp: String,
    },
    /// The end of one.
    End { token: String, id: String },
}

pub(super) fn answer(app: &App, ask: Ask) -> Result<Value, String> {
    match ask {
        Ask::List { token, program } => {
            let found = app.api_tokens(&token, &program).map_err(no_program)?;
            Ok(json!(found.tokens))
        }
        Ask::Make {
            token,
            program,
            name,
            scope,
            days,
            totp,
        } => {
            let wanted = NewApiToken {
                name,
                scope,
                days,
                totp,
            };
            let made = app.make_api_token(&token, &program, &wanted);
            made.map(Value::String).map_err(no_program)
        }
        Ask::End { token, id } => match app.end_api_token(&token, &id) {
            Ok(()) => Ok(Value::Null),
            Err(ActError::NotFound) => Err("You have no token of this number.".to_owned()),
            Err(other) => Err(not_changed(other)),
        },
    }
}
