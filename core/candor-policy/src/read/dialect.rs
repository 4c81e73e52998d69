//! Which mark-up a text is written in, told by marks that only one has.
//!
//! Invariants: one pass; in doubt it is Markdown, which plain text is read as too.
//!
//! Deliberately absent: file names; a text from the desk has none.

/// A mark-up language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Markdown, plain text, HTML.
    Markdown,
    /// reStructuredText.
    Rst,
    /// `AsciiDoc`.
    AsciiDoc,
    /// `security.txt` (RFC 9116): one field a line.
    SecurityTxt,
}

/// The fields of RFC 9116 and those registered since, lower case.
pub(super) const FIELDS: [&str; 9] = [
    "acknowledgments",
    "canonical",
    "contact",
    "csaf",
    "encryption",
    "expires",
    "hiring",
    "policy",
    "preferred-languages",
];

/// Tells the mark-up of a text.
pub(super) fn of(text: &str) -> Dialect {
    let mut atx = 0_usize;
    let mut equals = 0_usize;
    let mut rst = 0_usize;
    let mut asciidoc = 0_usize;
    let mut fields = 0_usize;
    let mut contacts = 0_usize;
    let mut others = 0_usize;
    let mut fenced = false;
    for line in text.lines() {
        let line = line.trim_end();
        if line.starts_with("```") {
            fenced = !fenced;
        }
        if fenced || line.is_empty() {
            continue;
        }
        atx += usize::from(is_marked(line, '#') || line.starts_with("```"));
        equals += usize::from(is_marked(line, '='));
        rst += usize::from(is_rst(line));
        asciidoc += usize::from(is_asciidoc(line));
        match field(line) {
            Some("contact") => contacts += 1,
            Some(_) => fields += 1,
            None => others += usize::from(!is_apart(line)),
        }
    }
    if contacts > 0 && others <= (contacts + fields) / 3 {
        Dialect::SecurityTxt
    } else if atx == 0 && asciidoc + equals > rst {
        Dialect::AsciiDoc
    } else if rst > 0 && rst >= atx {
        Dialect::Rst
    } else {
        Dialect::Markdown
    }
}

fn is_marked(line: &str, mark: char) -> bool {
    let rest = line.trim_start_matches(mark);
    let level = line.len().saturating_sub(rest.len());
    (1..=6).contains(&level) && rest.starts_with(' ') && !rest.trim().is_empty()
}

fn is_rst(line: &str) -> bool {
    let text = line.trim_start();
    let marked = text
        .strip_prefix(".. ")
        .is_some_and(|rest| rest.starts_with('_') || rest.contains("::"));
    let grid = text.starts_with("+==") && text.ends_with("=+");
    marked || grid || text.contains(">`_") || text.contains(":ref:`") || text.contains(":doc:`")
}

fn is_asciidoc(line: &str) -> bool {
    let attribute = line.starts_with(':')
        && line
            .get(1..)
            .and_then(|rest| rest.split_once(':'))
            .is_some_and(|(name, value)| {
                !name.is_empty()
                    && !name.contains([' ', '`'])
                    && (value.is_empty() || value.starts_with(' '))
            });
    attribute
        || line == "|==="
        || line.starts_with("include::")
        || line.contains("link:http")
        || (line.starts_with("[[") && line.ends_with("]]"))
        || (line.starts_with("[source") && line.ends_with(']'))
}

/// The field a line of `security.txt` sets, lower case.
pub(super) fn field(line: &str) -> Option<&'static str> {
    let (name, value) = line.split_once(':')?;
    let filled = !value.trim().is_empty();
    FIELDS
        .into_iter()
        .find(|f| filled && name.eq_ignore_ascii_case(f))
}

/// A remark, or the frame of a signature.
fn is_apart(line: &str) -> bool {
    let bare = line.trim();
    let in_armour = bare.len() >= 40 && !bare.contains(' ');
    bare.starts_with('#')
        || bare.starts_with("-----")
        || bare.starts_with("Hash:")
        || bare.starts_with("Version:")
        || in_armour
        || (bare.starts_with('=') && bare.len() == 5)
}
