//! The lines of a security.txt: fields, comments, signature (RFC 9116 section 4).
//!
//! Invariants: every line is a field, a comment, blank, part of the signature's
//! frame, or malformed; one pass.
//!
//! Deliberately absent: what the fields mean.

use candor_base::Span;

/// Fields of RFC 9116 section 2.5 and of the registry it founded.
const FIELDS: [&str; 9] = [
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

/// A field with its line.
pub(super) struct Field<'a> {
    /// Lower case.
    pub(super) name: String,
    /// Without blanks around it.
    pub(super) value: &'a str,
    /// Its line.
    pub(super) at: Span,
}

/// What the lines hold.
#[derive(Default)]
pub(super) struct Lines<'a> {
    /// The fields in order.
    pub(super) fields: Vec<Field<'a>>,
    /// Lines that break the form, and how.
    pub(super) malformed: Vec<(u32, &'static str)>,
}

impl<'a> Lines<'a> {
    /// The fields of one name.
    pub(super) fn named<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Field<'a>> {
        self.fields.iter().filter(move |f| f.name == name)
    }
}

/// Whether nearly all lines are fields of a security.txt.
pub(super) fn looks_like_one(text: &str) -> bool {
    let lines = split(text);
    let known = lines
        .fields
        .iter()
        .filter(|f| FIELDS.contains(&f.name.as_str()))
        .count();
    let others = lines.fields.len() - known + lines.malformed.len();
    known >= 2 && others * 4 <= known
}

/// Where in the frame of a signed text a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// Not signed, or inside the signed text.
    Text,
    /// Between "BEGIN PGP SIGNED MESSAGE" and the blank line.
    Headers,
    /// Inside the signature.
    Signature,
    /// Behind it.
    After,
}

/// Takes a text apart.
pub(super) fn split(text: &str) -> Lines<'_> {
    let mut out = Lines::default();
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => {
            out.malformed
                .push((1, "The file begins with a byte order mark."));
            rest
        }
        None => text,
    };
    let mut frame = Frame::Text;
    let mut signed = false;
    let mut last = 0;
    for (line, number) in text.lines().zip(1u32..) {
        last = number;
        match frame {
            Frame::Headers if line.is_empty() => frame = Frame::Text,
            Frame::Headers => {}
            Frame::Signature if line == "-----END PGP SIGNATURE-----" => frame = Frame::After,
            Frame::Signature => {
                if line.starts_with('-') {
                    out.malformed
                        .push((number, "The signature is broken here."));
                }
            }
            Frame::After => out
                .malformed
                .push((number, "Nothing may stand behind the signature.")),
            Frame::Text if line == "-----BEGIN PGP SIGNED MESSAGE-----" => {
                signed = true;
                frame = Frame::Headers;
            }
            Frame::Text if line == "-----BEGIN PGP SIGNATURE-----" => frame = Frame::Signature,
            Frame::Text => one(line.strip_prefix("- ").unwrap_or(line), number, &mut out),
        }
    }
    if signed && frame != Frame::After {
        out.malformed
            .push((last.max(1), "The signature has no end."));
    }
    if !text.is_empty() && !text.ends_with('\n') {
        out.malformed
            .push((last.max(1), "The last line has no end."));
    }
    out
}

/// A line of the text itself.
fn one<'a>(line: &'a str, number: u32, out: &mut Lines<'a>) {
    if line.trim().is_empty() || line.starts_with('#') {
        return;
    }
    let Some((name, value)) = line.split_once(':') else {
        out.malformed.push((number, "This line is no field."));
        return;
    };
    let wrong = if name.trim().is_empty() {
        Some("This field has no name.")
    } else if name.ends_with(char::is_whitespace) {
        Some("A blank stands before the colon.")
    } else if value.trim().is_empty() {
        Some("This field has no value.")
    } else if !value.starts_with(' ') {
        Some("A blank is missing behind the colon.")
    } else {
        None
    };
    if let Some(wrong) = wrong {
        out.malformed.push((number, wrong));
    }
    let (name, value) = (name.trim(), value.trim());
    if !name.is_empty() && !value.is_empty() {
        out.fields.push(Field {
            name: name.to_lowercase(),
            value,
            at: Span::line(number),
        });
    }
}
