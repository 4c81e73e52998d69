//! A field of a form: label, help, demand, error and the control itself.
//!
//! Invariants: every control has a label bound to it; help and error are named
//! by `aria-describedby`; an error summary can link to `#f-…`.

use std::fmt::Write as _;

use askama::Template;

/// What kind of control a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One line.
    Text,
    /// One line in monospace.
    Mono,
    /// Several lines; how many are shown.
    Area(u8),
    /// E-mail address.
    Email,
    /// A pass phrase, never sent back.
    Secret,
    /// A one-time code.
    Code,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A number.
    Number,
    /// One of a list, folded.
    Select,
    /// One of a list, open.
    Radio,
    /// Any of a list.
    Checks,
    /// Yes or nothing.
    Check,
    /// Files.
    Files,
}

/// One choice.
#[derive(Debug, Clone)]
pub(crate) struct Opt {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// More words on it.
    pub help: Option<String>,
    /// Chosen now.
    pub on: bool,
}

/// A field.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/field.html")]
pub(crate) struct Field {
    /// Anchor and id of the control.
    pub id: String,
    /// Name in the form.
    pub name: String,
    /// Label.
    pub label: String,
    /// Help, in the policy's words where the policy has words.
    pub help: Option<String>,
    /// The control.
    pub kind: Kind,
    /// Value shown.
    pub value: String,
    /// Choices.
    pub options: Vec<Opt>,
    /// Badge: look and word.
    pub demand: Option<(&'static str, &'static str)>,
    /// What is wrong.
    pub error: Option<String>,
    /// `autocomplete` of the control.
    pub autocomplete: &'static str,
}

impl askama::filters::HtmlSafe for Field {}

/// A field of one line, to be refined.
pub(crate) fn field(name: &str, label: &str) -> Field {
    Field {
        id: format!("f-{name}"),
        name: name.to_owned(),
        label: label.to_owned(),
        help: None,
        kind: Kind::Text,
        value: String::new(),
        options: Vec::new(),
        demand: None,
        error: None,
        autocomplete: "off",
    }
}

impl Field {
    /// Sets the control.
    pub(crate) fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Adds help.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        let help = help.into();
        self.help = (!help.trim().is_empty()).then_some(help);
        self
    }

    /// Sets the value; choices follow it.
    pub(crate) fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        let chosen: Vec<&str> = self.value.lines().collect();
        for option in &mut self.options {
            option.on = chosen.contains(&option.value.as_str());
        }
        self
    }

    /// Adds a choice; call before [`Field::value`].
    pub(crate) fn option(mut self, value: impl Into<String>, label: impl Into<String>) -> Self {
        self.options.push(Opt {
            value: value.into(),
            label: label.into(),
            help: None,
            on: false,
        });
        self
    }

    /// Adds choices.
    pub(crate) fn options<I: IntoIterator<Item = (String, String)>>(mut self, choices: I) -> Self {
        self.options
            .extend(choices.into_iter().map(|(value, label)| Opt {
                value,
                label,
                help: None,
                on: false,
            }));
        self
    }

    /// Marks it as required for this form to be sent.
    pub(crate) fn required(mut self) -> Self {
        self.demand = Some(("bad", "required"));
        self
    }

    /// Marks it with a badge.
    pub(crate) fn demand(mut self, demand: (&'static str, &'static str)) -> Self {
        self.demand = Some(demand);
        self
    }

    /// Says what is wrong.
    pub(crate) fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    /// Sets the browser's completion hint.
    pub(crate) fn complete(mut self, hint: &'static str) -> Self {
        self.autocomplete = hint;
        self
    }

    /// Gives the control an id of its own, where several forms share a page.
    pub(crate) fn within(mut self, form: &str) -> Self {
        self.id = format!("f-{form}-{}", self.name);
        self
    }

    fn grouped(&self) -> bool {
        matches!(self.kind, Kind::Radio | Kind::Checks)
    }

    /// Few short choices stand beside each other.
    fn row(&self) -> bool {
        self.grouped()
            && self.options.len() <= 5
            && self
                .options
                .iter()
                .all(|o| o.label.chars().count() <= 26 && o.help.is_none())
    }

    fn single_check(&self) -> bool {
        self.kind == Kind::Check
    }

    fn checked(&self) -> bool {
        matches!(self.value.as_str(), "on" | "yes" | "true")
    }

    fn input_type(&self) -> &'static str {
        match self.kind {
            Kind::Email => "email",
            Kind::Secret => "password",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::Files => "file",
            Kind::Radio => "radio",
            Kind::Check | Kind::Checks => "checkbox",
            _ => "text",
        }
    }

    fn rows(&self) -> u8 {
        match self.kind {
            Kind::Area(rows) => rows,
            _ => 1,
        }
    }

    fn numeric(&self) -> bool {
        matches!(self.kind, Kind::Number | Kind::Code)
    }

    fn class(&self) -> &'static str {
        match self.kind {
            Kind::Mono | Kind::Code => "input input-mono",
            _ => "input",
        }
    }

    /// Ids of help and error, for `aria-describedby`.
    fn described(&self) -> Option<String> {
        let mut ids = String::new();
        if self.error.is_some() {
            let _ = write!(ids, "{}-error", self.id);
        }
        if self.help.is_some() {
            let gap = if ids.is_empty() { "" } else { " " };
            let _ = write!(ids, "{gap}{}-help", self.id);
        }
        (!ids.is_empty()).then_some(ids)
    }
}
