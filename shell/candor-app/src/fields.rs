//! Reading the fields of an act, with errors that name them.

use std::collections::{BTreeMap, BTreeSet};

use candor_access::build::words;
use candor_base::{AccountId, Instant};
use candor_calendar::WorkCalendar;
use candor_case::{MessageRef, TextRef};
use candor_policy::model::{ContentKey, Severity};

use crate::input::{ActError, ActInput, FileInput};
use crate::intake::read::{attached, check_files};
use crate::seal::{Bodies, field_error};
use crate::times;

/// The fields of one act.
pub(crate) struct Fields {
    fields: BTreeMap<String, String>,
    files: Vec<FileInput>,
}

impl Fields {
    /// Takes the fields; files must fit.
    pub(crate) fn new(input: ActInput, max_files: u64) -> Result<Self, ActError> {
        let files = attached(input.files);
        match check_files(&files, max_files) {
            Some(error) => Err(ActError::Fields(vec![error])),
            None => Ok(Self {
                fields: input.fields,
                files,
            }),
        }
    }

    /// A field, trimmed; empty when it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |t| t.trim())
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }

    pub(crate) fn is_on(&self, name: &str) -> bool {
        matches!(self.get(name), "on" | "yes" | "true" | "1")
    }

    pub(crate) fn has_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// A field that must not be empty.
    pub(crate) fn need(&self, name: &str, message: &str) -> Result<&str, ActError> {
        let text = self.get(name);
        if text.is_empty() {
            Err(field_error(name, message))
        } else {
            Ok(text)
        }
    }

    /// A short field as plain text, when there is something in it.
    pub(crate) fn short(&self, name: &str) -> Result<Option<String>, ActError> {
        let text = self.get(name);
        if text.is_empty() {
            return Ok(None);
        }
        candor_base::Line::new(text)
            .map(|line| Some(line.as_str().to_owned()))
            .map_err(|e| field_error(name, e.to_string()))
    }

    /// A text to seal, when there is one.
    pub(crate) fn text(
        &self,
        name: &str,
        bodies: &Bodies<'_>,
    ) -> Result<Option<TextRef>, ActError> {
        if self.get(name).is_empty() {
            return Ok(None);
        }
        bodies
            .text(self.get(name))
            .map(Some)
            .map_err(|e| field_error(name, e.to_string()))
    }

    /// A text to seal that must be there.
    pub(crate) fn need_text(
        &self,
        name: &str,
        message: &str,
        bodies: &Bodies<'_>,
    ) -> Result<TextRef, ActError> {
        if self.get(name).is_empty() {
            return Err(field_error(name, message));
        }
        in_words(name, self.get(name))?;
        self.text(name, bodies)?
            .ok_or_else(|| field_error(name, message))
    }

    /// A message with the files, when one was written. Files alone make one too.
    pub(crate) fn message(&self, bodies: &Bodies<'_>) -> Result<Option<MessageRef>, ActError> {
        let text = self.get("message");
        if text.is_empty() && self.files.is_empty() {
            return Ok(None);
        }
        let text = if text.is_empty() { "(files)" } else { text };
        bodies
            .message(text, &self.files)
            .map(Some)
            .map_err(|e| field_error("message", e.to_string()))
    }

    /// A message that must be there.
    pub(crate) fn need_message(&self, bodies: &Bodies<'_>) -> Result<MessageRef, ActError> {
        if self.files.is_empty() && !self.get("message").is_empty() {
            in_words("message", self.get("message"))?;
        }
        self.message(bodies)?
            .ok_or_else(|| field_error("message", "Please write a message."))
    }

    /// A message of this text with the files.
    pub(crate) fn message_of(
        &self,
        text: &str,
        bodies: &Bodies<'_>,
    ) -> Result<MessageRef, ActError> {
        bodies
            .message(text, &self.files)
            .map_err(|e| field_error("message", e.to_string()))
    }

    /// One of a list of words.
    pub(crate) fn choice<T: Copy>(
        &self,
        name: &str,
        words: &[(&str, T)],
        message: &str,
    ) -> Result<T, ActError> {
        let typed = self.get(name);
        words
            .iter()
            .find(|(word, _)| *word == typed)
            .map(|(_, value)| *value)
            .ok_or_else(|| field_error(name, message))
    }

    /// Lines of a field that hold something.
    pub(crate) fn lines(&self, name: &str) -> Vec<&str> {
        self.get(name)
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .collect()
    }

    /// Names of report contents, one a line.
    pub(crate) fn contents(&self, name: &str) -> Result<BTreeSet<ContentKey>, ActError> {
        self.lines(name)
            .into_iter()
            .map(|word| {
                words::content_key(word).ok_or_else(|| {
                    field_error(
                        name,
                        format!("\u{201c}{word}\u{201d} is no field of the report."),
                    )
                })
            })
            .collect()
    }

    /// A severity word, when one was chosen.
    pub(crate) fn severity(&self, name: &str) -> Result<Option<Severity>, ActError> {
        match self.get(name) {
            "" => Ok(None),
            "low" => Ok(Some(Severity::Low)),
            "medium" => Ok(Some(Severity::Medium)),
            "high" => Ok(Some(Severity::High)),
            "critical" => Ok(Some(Severity::Critical)),
            _ => Err(field_error(name, "Choose low, medium, high or critical.")),
        }
    }

    /// An account by its id, when one was chosen.
    pub(crate) fn account(&self, name: &str) -> Result<Option<AccountId>, ActError> {
        match self.get(name) {
            "" => Ok(None),
            id => id
                .parse()
                .map(Some)
                .map_err(|_| field_error(name, "Choose a person.")),
        }
    }

    /// The fields `date` and `time` as a moment in the policy's zone.
    pub(crate) fn moment(&self, calendar: &WorkCalendar) -> Result<Instant, ActError> {
        times::typed(self.get("date"), self.get("time"), calendar)
            .map_err(|why| field_error("date", why))
    }
}

/// A full stop says nothing: what others rely on holds a letter or a digit of some script.
fn in_words(name: &str, text: &str) -> Result<(), ActError> {
    if text.chars().any(char::is_alphanumeric) {
        Ok(())
    } else {
        Err(field_error(
            name,
            "There is no word in this. Please write it in words.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_alone_are_no_words_in_any_script() {
        for good in ["ok", "7", "謝謝", "да", "شكرا", "-> see v2"] {
            assert!(in_words("message", good).is_ok(), "{good}");
        }
        for none in [".", "..", "?!", "—", "👍", "…"] {
            assert!(in_words("message", none).is_err(), "{none}");
        }
    }
}
