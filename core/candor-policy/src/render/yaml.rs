//! A small writer of YAML: mappings, lists and texts, nothing that could surprise a reader.
//!
//! Invariants: every text stands in double quotes with everything escaped that YAML 1.2
//! (section 5.7) would read as something else, so that no text can become a key, a tag
//! or a second document.
//!
//! Deliberately absent: reading YAML.

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Yaml {
    /// Yes or no.
    Bool(bool),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Yaml>),
    /// A mapping, in order; keys are Candor's own.
    Map(Vec<(&'static str, Yaml)>),
}

impl Yaml {
    /// A text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A list of texts.
    pub(super) fn texts(texts: impl IntoIterator<Item = String>) -> Self {
        Self::List(texts.into_iter().map(Self::Text).collect())
    }
}

/// Writes a mapping as a document.
pub(super) fn write(entries: &[(&'static str, Yaml)]) -> String {
    let mut out = String::new();
    map(&mut out, entries, 0, 0);
    out
}

fn map(out: &mut String, entries: &[(&'static str, Yaml)], indent: usize, first: usize) {
    for (n, (key, value)) in entries.iter().enumerate() {
        let blanks = if n == 0 { first } else { indent };
        out.push_str(&" ".repeat(blanks));
        out.push_str(key);
        out.push(':');
        put(out, value, indent);
    }
}

/// A value behind its key.
fn put(out: &mut String, value: &Yaml, indent: usize) {
    match value {
        Yaml::Bool(yes) => out.push_str(if *yes { " true\n" } else { " false\n" }),
        Yaml::Text(text) => {
            out.push(' ');
            out.push_str(&quoted(text));
            out.push('\n');
        }
        Yaml::List(list) if list.is_empty() => out.push_str(" []\n"),
        Yaml::List(list) => {
            out.push('\n');
            for one in list {
                out.push_str(&" ".repeat(indent + 2));
                out.push('-');
                match one {
                    Yaml::Map(entries) if !entries.is_empty() => {
                        map(out, entries, indent + 4, 1);
                    }
                    other => put(out, other, indent + 2),
                }
            }
        }
        Yaml::Map(entries) if entries.is_empty() => out.push_str(" {}\n"),
        Yaml::Map(entries) => {
            out.push('\n');
            map(out, entries, indent + 2, indent + 2);
        }
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let code = format!("\\u{:04X}", u32::from(c));
                out.push_str(&code);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_anything_else() {
        let out = write(&[
            ("a", Yaml::text("yes: \"no\"\n- b # c \u{85}")),
            ("list", Yaml::texts(["x".to_owned(), "'y'".to_owned()])),
            (
                "people",
                Yaml::List(vec![Yaml::Map(vec![
                    ("name", Yaml::text("A")),
                    ("primary", Yaml::Bool(true)),
                ])]),
            ),
            ("none", Yaml::List(Vec::new())),
            ("deep", Yaml::Map(vec![("b", Yaml::Bool(false))])),
        ]);
        let expected = "a: \"yes: \\\"no\\\"\\n- b # c \\u0085\"\nlist:\n  - \"x\"\n  - \"'y'\"\npeople:\n  - name: \"A\"\n    primary: true\nnone: []\ndeep:\n  b: false\n";
        assert_eq!(out, expected);
    }
}
