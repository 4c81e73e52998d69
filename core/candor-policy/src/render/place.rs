//! Where a line of a rendered policy can stand: its section, and its form there.
//!
//! Invariants: sections stand in the order that readers of policies know; each heading
//! and each lead-in is one that the compiler reads.
//!
//! Deliberately absent: what the lines say.

use std::borrow::Cow;

/// A section, in the order of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Intro,
    Versions,
    Reporting,
    WhenToReport,
    Contents,
    Severity,
    Assessment,
    Response,
    Commitment,
    Process,
    Disclosure,
    Outlets,
    InScope,
    OutOfScope,
    Duties,
    Harbour,
    Credit,
    Advice,
    Practices,
    Contact,
    Disclaimer,
    About,
}

impl Section {
    pub(super) const ALL: [Self; 22] = [
        Self::Intro,
        Self::Versions,
        Self::Reporting,
        Self::WhenToReport,
        Self::Contents,
        Self::Severity,
        Self::Assessment,
        Self::Response,
        Self::Commitment,
        Self::Process,
        Self::Disclosure,
        Self::Outlets,
        Self::InScope,
        Self::OutOfScope,
        Self::Duties,
        Self::Harbour,
        Self::Credit,
        Self::Advice,
        Self::Practices,
        Self::Contact,
        Self::Disclaimer,
        Self::About,
    ];

    /// Its heading; none for what stands under the title.
    pub(super) const fn heading(self) -> &'static str {
        match self {
            Self::Intro => "",
            Self::Versions => "## Supported Versions",
            Self::Reporting => "## Reporting a Vulnerability",
            Self::WhenToReport => "### When to Report",
            Self::Contents => "### What to Include",
            Self::Response => "## Response Times",
            Self::Commitment => "## Our Commitment",
            Self::Severity => "## Severity Levels",
            Self::Assessment => "## Assessment",
            Self::Process => "## Our Process",
            Self::Disclosure => "## Disclosure Policy",
            Self::Outlets => "## Security Advisories",
            Self::InScope => "### In Scope",
            Self::OutOfScope => "### Out of Scope",
            Self::Duties => "## Rules of Engagement",
            Self::Harbour => "## Safe Harbour",
            Self::Credit => "## Credit",
            Self::Advice => "## Recommendations for Users",
            Self::Practices => "## Security Practices",
            Self::Contact => "## Contact",
            Self::Disclaimer => "## Disclaimer",
            Self::About => "## About This Policy",
        }
    }

    /// A heading that stands over this one and its like.
    pub(super) const fn over(self) -> Option<&'static str> {
        match self {
            Self::InScope | Self::OutOfScope => Some("## Scope"),
            _ => None,
        }
    }
}

/// The form of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// A row of the table with this header.
    Row(&'static [&'static str]),
    /// An item of the list that this sentence leads into; empty without one.
    Item(Cow<'static, str>),
    /// A numbered item.
    Numbered(Cow<'static, str>),
    /// A sentence, also one that stands in a paragraph of its own with its list.
    Sentence,
    /// A line of configuration.
    Code,
}

impl Form {
    /// An item under a sentence of Candor's own.
    pub(super) const fn item(lead: &'static str) -> Self {
        Self::Item(Cow::Borrowed(lead))
    }

    /// Where forms stand in a section: first what needs no words before it, then lists
    /// with what leads into them, then sentences.
    pub(super) fn place(&self) -> u8 {
        match self {
            Self::Row(_) => 0,
            Self::Item(lead) | Self::Numbered(lead) if lead.is_empty() => 1,
            Self::Item(_) | Self::Numbered(_) => 2,
            Self::Sentence => 3,
            Self::Code => 4,
        }
    }
}

/// The title.
pub(super) fn title(product: Option<&str>) -> String {
    match product {
        None => "# Security Policy\n".to_owned(),
        Some(name) => format!("# Security Policy for {name}\n"),
    }
}

/// Adds the lines of one form, with what leads into them.
pub(super) fn block(out: &mut String, form: &Form, lines: &[&str]) {
    out.push('\n');
    match form {
        Form::Row(header) => {
            let rule: Vec<&str> = header.iter().map(|_| "---").collect();
            out.push_str(&row(header));
            out.push_str(&row(&rule));
            all(out, lines);
        }
        Form::Item(lead) => {
            led(out, lead);
            for text in lines {
                line(out, &format!("- {text}"));
            }
        }
        Form::Numbered(lead) => {
            led(out, lead);
            for (n, text) in lines.iter().enumerate() {
                line(out, &format!("{}. {text}", n + 1));
            }
        }
        Form::Sentence => all(out, lines),
        Form::Code => {
            line(out, "```yaml");
            all(out, lines);
            line(out, "```");
        }
    }
}

/// A row of cells.
pub(super) fn row<T: AsRef<str>>(cells: &[T]) -> String {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    format!("| {} |\n", cells.join(" | "))
}

fn led(out: &mut String, lead: &str) {
    if !lead.is_empty() {
        line(out, lead);
        out.push('\n');
    }
}

fn all(out: &mut String, lines: &[&str]) {
    for text in lines {
        line(out, text);
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}
