//! What is wrong in a canonical policy: the line, what stands there, how to mend it.
//!
//! Invariant: the words are for the owner who edits the file, not for a programmer.

use std::fmt;

use serde::de;

/// A mistake in a canonical policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1; `None` when it is the file as a whole.
    pub line: Option<u32>,
    /// What is wrong and how to mend it, in one or two sentences.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Mistake {}

impl Mistake {
    pub(crate) fn new(line: u32, message: impl Into<String>) -> Self {
        Self {
            line: (line > 0).then_some(line),
            message: message.into(),
        }
    }

    /// The mistake with this line, when it has none of its own.
    pub(crate) fn or_at(mut self, line: u32) -> Self {
        if self.line.is_none() && line > 0 {
            self.line = Some(line);
        }
        self
    }

    /// A key that does not belong there.
    pub(crate) fn unknown_key(line: u32, key: &str, known: &[&str]) -> Self {
        Self::new(
            line,
            format!(
                "there is no key `{}` here. {}",
                short(key),
                did_you_mean(key, known)
            ),
        )
    }
}

impl de::Error for Mistake {
    fn custom<T: fmt::Display>(what: T) -> Self {
        let what = what.to_string();
        // The calendar crate speaks of digits and integers; owners write days.
        if what.contains("failed to parse") {
            return Self::new(0, "this is no day. Write it like 2026-12-25.");
        }
        Self::new(0, what)
    }

    fn invalid_type(found: de::Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        Self::new(
            0,
            format!(
                "{} stands here, but {} belongs here.",
                found_words(&found),
                wanted_words(&wanted.to_string())
            ),
        )
    }

    fn invalid_value(found: de::Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        Self::new(
            0,
            format!(
                "{} is not possible here; {} belongs here.",
                found_words(&found),
                wanted_words(&wanted.to_string())
            ),
        )
    }

    fn invalid_length(found: usize, wanted: &dyn de::Expected) -> Self {
        Self::new(
            0,
            format!("this list has {found} parts, but {wanted} is needed."),
        )
    }

    fn unknown_variant(found: &str, known: &'static [&'static str]) -> Self {
        Self::new(
            0,
            format!(
                "`{}` is not one of the words possible here. {}",
                short(found),
                did_you_mean(found, known)
            ),
        )
    }

    fn unknown_field(found: &str, known: &'static [&'static str]) -> Self {
        Self::unknown_key(0, found, known)
    }

    fn missing_field(field: &'static str) -> Self {
        let field = if field == "span" { "lines" } else { field };
        Self::new(
            0,
            format!("the key `{field}` is missing here. Write it, or take the whole entry out."),
        )
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(
            0,
            format!("the key `{field}` stands here twice. Keep one of them."),
        )
    }
}

fn short(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(60)
        .collect::<String>()
}

fn found_words(found: &de::Unexpected<'_>) -> String {
    match found {
        de::Unexpected::Bool(b) => format!("{b}"),
        de::Unexpected::Signed(n) => format!("the number {n}"),
        de::Unexpected::Unsigned(n) => format!("the number {n}"),
        de::Unexpected::Float(n) => format!("the number {n}"),
        de::Unexpected::Str(s) => format!("the text \"{}\"", short(s)),
        de::Unexpected::Seq => "a list".to_owned(),
        de::Unexpected::Map => "a table".to_owned(),
        _ => "something else".to_owned(),
    }
}

/// What serde calls the wanted thing, in words for people.
fn wanted_words(wanted: &str) -> String {
    match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" => {
            "a whole number without quotation marks, such as 48,".to_owned()
        }
        "i8" | "i16" | "i32" | "i64" => "a whole number".to_owned(),
        "a boolean" => "true or false, without quotation marks,".to_owned(),
        "a string" => "a text in quotation marks".to_owned(),
        "a sequence" => "a list in brackets, such as [ \"one\", \"two\" ],".to_owned(),
        other if other.starts_with("struct ") || other.contains("tagged enum") => {
            "a table with keys".to_owned()
        }
        other if other.starts_with("enum ") || other == "variant identifier" => {
            "one word in quotation marks".to_owned()
        }
        other => other.to_owned(),
    }
}

/// "Did you mean …?" with the nearest word, else all of them.
pub fn did_you_mean(found: &str, known: &[&str]) -> String {
    let near = known
        .iter()
        .map(|k| (distance(found, k), *k))
        .min()
        .filter(|(d, k)| *d <= 2.max(k.chars().count() / 3));
    let inside = |k: &&&str| k.len() > 3 && found.to_lowercase().contains(**k);
    let near = near
        .map(|(_, k)| k)
        .or_else(|| known.iter().find(inside).copied());
    match near {
        Some(k) => format!("Did you mean `{k}`?"),
        None if known.is_empty() => "Take it out.".to_owned(),
        None => format!("Possible are {}.", known.join(", ")),
    }
}

/// Edits between two short words (Levenshtein).
fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().take(60).collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (i, a) in one.chars().take(60).enumerate() {
        let mut next = vec![i.saturating_add(1)];
        for (b, (diagonal, above)) in two.iter().zip(row.iter().zip(row.iter().skip(1))) {
            let left = next.last().copied().unwrap_or(0);
            let changed = diagonal.saturating_add(usize::from(a != *b));
            next.push(changed.min(above.min(&left).saturating_add(1)));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_named() {
        assert_eq!(distance("amuont", "amount"), 2);
        assert_eq!(distance("", "abc"), 3);
        let said = Mistake::unknown_key(3, "amonut", &["amount", "unit"]).to_string();
        assert_eq!(
            said,
            "line 3: there is no key `amonut` here. Did you mean `amount`?"
        );
        let said = Mistake::unknown_key(0, "timezone", &["workweek", "zone"]).to_string();
        assert!(said.ends_with("Did you mean `zone`?"), "{said}");
        let said = Mistake::unknown_key(0, "qqq", &["amount", "unit"]).to_string();
        assert!(said.ends_with("Possible are amount, unit."), "{said}");
    }
}
