//! Texts and files on their way into a case: named by reference, sealed by the
//! store.
//!
//! Invariants: an event holds only the reference; a file's name lies in a body
//! of its own, whose id follows from the file's, so that a list of files is read
//! without opening them.

use std::cell::RefCell;

use candor_access::view::FieldError;
use candor_base::{BlobId, Body, Sensitive, TextError};
use candor_case::{FileRef, MessageRef, TextRef};
use candor_ports::{Entropy, NewBlob};

use crate::input::{ActError, FileInput};
use crate::random;

/// Bodies to be stored with the next commit.
#[derive(Debug)]
pub(crate) struct Bodies<'a> {
    entropy: &'a dyn Entropy,
    made: RefCell<Vec<NewBlob>>,
}

impl<'a> Bodies<'a> {
    pub(crate) fn new(entropy: &'a dyn Entropy) -> Self {
        Self {
            entropy,
            made: RefCell::default(),
        }
    }

    /// Adds a text that was judged already.
    pub(crate) fn raw_text(&self, text: &str) -> TextRef {
        TextRef {
            blob: self.put(text.as_bytes().to_vec()),
            sha256: random::sha256(text.as_bytes()),
            chars: u32::try_from(text.chars().count()).unwrap_or(u32::MAX),
        }
    }

    /// Adds a text that is sealed already; the reference names the plain bytes.
    pub(crate) fn sealed(&self, plain: &[u8], sealed: Vec<u8>) -> TextRef {
        let chars = std::str::from_utf8(plain).map_or(0, |t| t.chars().count());
        TextRef {
            blob: self.put(sealed),
            sha256: random::sha256(plain),
            chars: u32::try_from(chars).unwrap_or(u32::MAX),
        }
    }

    /// Adds a text a person typed.
    pub(crate) fn text(&self, text: &str) -> Result<TextRef, TextError> {
        Body::new(text).map(|body| self.raw_text(body.as_str()))
    }

    /// Adds a message with its files.
    pub(crate) fn message(&self, text: &str, files: &[FileInput]) -> Result<MessageRef, TextError> {
        Ok(MessageRef {
            id: random::message_id(self.entropy),
            text: self.text(text)?,
            files: files.iter().map(|file| self.file(file)).collect(),
        })
    }

    /// Adds a file and its name.
    pub(crate) fn file(&self, file: &FileInput) -> FileRef {
        let blob = self.put(file.bytes.clone());
        self.made.borrow_mut().push(NewBlob {
            id: name_of(&blob),
            bytes: Sensitive::new(safe_name(&file.name).into_bytes()),
        });
        FileRef {
            blob,
            sha256: random::sha256(&file.bytes),
            bytes: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
        }
    }

    fn put(&self, bytes: Vec<u8>) -> BlobId {
        let id = random::blob_id(self.entropy);
        self.made.borrow_mut().push(NewBlob {
            id,
            bytes: Sensitive::new(bytes),
        });
        id
    }

    /// Everything added.
    pub(crate) fn into_blobs(self) -> Vec<NewBlob> {
        self.made.into_inner()
    }
}

/// One field to correct.
pub(crate) fn field_error(field: &str, message: impl Into<String>) -> ActError {
    ActError::Fields(vec![FieldError {
        field: field.to_owned(),
        message: message.into(),
    }])
}

/// The body that holds a file's name.
pub(crate) fn name_of(file: &BlobId) -> BlobId {
    let mut named = b"candor/file-name/v1".to_vec();
    named.extend(file.as_bytes());
    BlobId::from_bytes(random::head(random::sha256(&named).as_bytes()))
}

/// A sign that is not seen, or that turns the reading direction.
pub(crate) const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A name that does no harm on any system: no folders, no controls, no marks
/// that turn the reading direction, at most 100 letters.
pub(crate) fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let clean: String = last
        .chars()
        .map(|c| {
            if c.is_control() || is_unseen(c) || "\"'<>:|?*%;&$`".contains(c) {
                '_'
            } else {
                c
            }
        })
        .take(100)
        .collect();
    let clean = clean
        .trim_matches(|c: char| c == '.' || c.is_whitespace())
        .to_owned();
    if clean.is_empty() {
        "file".to_owned()
    } else {
        clean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_harmless() {
        for (given, safe) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\a.txt", "a.txt"),
            ("poc\u{202e}txt.exe", "poc_txt.exe"),
            ("a\r\nb: c", "a__b_ c"),
            ("..", "file"),
            ("", "file"),
        ] {
            assert_eq!(safe_name(given), safe, "{given:?}");
        }
        assert_eq!(safe_name(&"x".repeat(500)).len(), 100);
    }

    #[test]
    fn the_name_of_a_file_lies_apart_from_it() {
        let id = BlobId::from_bytes([3; 16]);
        assert_ne!(name_of(&id), id);
        assert_eq!(name_of(&id), name_of(&id));
        assert_ne!(name_of(&id), name_of(&BlobId::from_bytes([4; 16])));
    }
}
