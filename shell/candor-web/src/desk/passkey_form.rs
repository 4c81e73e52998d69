//! A form that goes out with the answer of a device, wherever a passkey is asked for.
//!
//! Invariant: it stays hidden until the script of the page shows it.

use askama::Template;
use askama::filters::HtmlSafe;
use candor_app::input::PasskeyQuestion;

/// A form that is sent with the answer of a device.
#[derive(Debug, Template)]
#[template(path = "ui/passkey_form.html")]
pub(crate) struct PasskeyForm {
    pub(crate) ask: PasskeyQuestion,
    pub(crate) action: String,
    pub(crate) guard: String,
    pub(crate) fields: Vec<(String, String)>,
    /// The field for the answer.
    pub(crate) answer: &'static str,
    pub(crate) button: &'static str,
}

impl HtmlSafe for PasskeyForm {}

impl PasskeyForm {
    /// At the door.
    pub(crate) fn door(ask: PasskeyQuestion) -> Self {
        Self {
            ask,
            action: "/desk/passkey".to_owned(),
            guard: String::new(),
            fields: Vec::new(),
            answer: "passkey",
            button: "Sign in with a passkey",
        }
    }
}
