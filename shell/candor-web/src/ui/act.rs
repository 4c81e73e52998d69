//! An act: one thing a person can do, as a folded form.
//!
//! Invariants: forms on one page never share an id; after a refusal the form
//! that was sent is open, with everything that was typed.

use std::collections::BTreeMap;

use askama::Template;
use candor_access::view::FieldError;

use super::field::{Field, Kind};

/// What came back from an act that was not done.
#[derive(Debug, Clone, Default)]
pub(crate) struct Again {
    /// The form that was sent.
    pub form: String,
    /// What was typed.
    pub fields: BTreeMap<String, String>,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
}

/// What all forms of a page share.
#[derive(Debug, Clone, Default)]
pub(crate) struct Forms {
    /// Where they are sent.
    pub action: String,
    /// Value of the session.
    pub guard: String,
    /// Events on the page, to notice that it is old.
    pub seq: Option<u64>,
    /// The one that came back.
    pub again: Option<Again>,
    /// The one that is sensible next.
    pub next: Option<String>,
    /// Why acts are not possible now.
    pub blocked: BTreeMap<String, String>,
}

/// A folded form.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/act.html")]
pub(crate) struct Act {
    /// Unique on the page.
    key: String,
    /// The act.
    name: &'static str,
    title: String,
    intro: String,
    fields: Vec<Field>,
    hidden: Vec<(&'static str, String)>,
    button: String,
    look: &'static str,
    action: String,
    guard: String,
    seq: Option<u64>,
    blocked: Option<String>,
    next: bool,
    open: bool,
}

impl askama::filters::HtmlSafe for Act {}

impl Act {
    /// The act.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// It is not possible now.
    pub(crate) fn is_blocked(&self) -> bool {
        self.blocked.is_some()
    }

    /// Its heading and why it is not possible now.
    pub(crate) fn not_now(&self) -> Option<(String, String)> {
        let why = self.blocked.clone()?;
        Some((self.title.clone(), why))
    }

    /// The most sensible one on its page.
    pub(crate) fn is_next(&self) -> bool {
        self.next
    }

    fn files(&self) -> bool {
        self.fields.iter().any(|field| field.kind == Kind::Files)
    }

    /// Says what the act is for.
    pub(crate) fn intro(mut self, words: impl Into<String>) -> Self {
        self.intro = words.into();
        self
    }

    /// Names the button.
    pub(crate) fn button(mut self, words: &str) -> Self {
        words.clone_into(&mut self.button);
        self
    }

    /// Marks it as something that is not easily undone.
    pub(crate) fn grave(mut self) -> Self {
        self.look = "button-bad";
        self
    }

    /// Opens it from the start.
    pub(crate) fn opened(mut self) -> Self {
        self.open = true;
        self
    }

    /// Adds a value nobody types.
    pub(crate) fn hidden(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.hidden.push((name, value.into()));
        self
    }
}

impl Forms {
    /// A form for one act.
    pub(crate) fn act(&self, act: &'static str, title: &str, fields: Vec<Field>) -> Act {
        self.keyed(act, act, title, fields)
    }

    /// A form for an act of which the page holds several.
    pub(crate) fn keyed(
        &self,
        key: &str,
        act: &'static str,
        title: &str,
        fields: Vec<Field>,
    ) -> Act {
        let again = self.again.as_ref().filter(|again| again.form == key);
        let fields = fields
            .into_iter()
            .map(|field| refill(field, key, again))
            .collect();
        let next = self.next.as_deref() == Some(key);
        Act {
            key: key.to_owned(),
            name: act,
            title: title.to_owned(),
            intro: String::new(),
            fields,
            hidden: Vec::new(),
            button: title.to_owned(),
            look: if next { "button-main" } else { "" },
            action: self.action.clone(),
            guard: self.guard.clone(),
            seq: self.seq,
            blocked: self.blocked.get(act).cloned(),
            next,
            open: again.is_some() || (next && self.again.is_none()),
        }
    }
}

fn refill(field: Field, key: &str, again: Option<&Again>) -> Field {
    let field = field.within(key);
    let Some(again) = again else {
        return field;
    };
    let error = again
        .errors
        .iter()
        .find(|e| e.field == field.name)
        .map(|e| e.message.clone());
    if matches!(field.kind, Kind::Files | Kind::Secret) {
        return field.error(error);
    }
    let value = again.fields.get(&field.name).cloned().unwrap_or_default();
    field.value(value).error(error)
}
