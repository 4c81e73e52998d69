//! The OpenPGP key of a reporter: named in the form or the room, or sent along with the mail,
//! and used for every letter from then on (S1-13, rules M-8 and M-11).
//!
//! Invariants: once a key is known, nothing that is written in a case leaves in clear; only
//! the form of the report, the mail that was the report and the room name one, so that no
//! later mail can put another in its place; one that came along with a mail counts only where
//! it names the address that the mail came from. A key that can no longer be used is never
//! replaced by none: letters then say that there is something to read, and why no more.
//!
//! Deliberately absent: keys of the team and of parties, key servers, trust in signatures of
//! other people, the `Autocrypt` header.

use std::collections::BTreeMap;

use candor_access::view::{FieldError, TheirKeyView};
use candor_base::{Instant, Sensitive};
use candor_case::{Actor, KeyChoice, Lane};
use candor_ports::{Sealing, TheirCertificate};

use crate::app::App;
use crate::engine::Loaded;
use crate::input::{ActError, Fault, FileInput};
use crate::pgp::{BEGIN_KEY, grouped};
use crate::report::FiledIdentity;
use crate::seal::field_error;

/// The field of the form that holds it.
pub(crate) const KEY_FIELD: &str = "openpgp_key";
/// Longest certificate that is kept, in bytes: as long as a field of a report may be.
const MAX_KEY: usize = 90_000;
/// Longest text of a message in a letter, in characters; the whole stands in the room.
const MAX_SAID: usize = 50_000;

/// The key of a reporter, as it stands now.
pub(crate) struct TheirKey {
    armored: String,
    judged: TheirCertificate,
}

impl App {
    /// What stands in a field as a key; else why it cannot be one.
    fn judged_key(&self, armored: &str) -> Result<TheirCertificate, String> {
        let Some(pgp) = self.open_pgp() else {
            return Err("This server has no OpenPGP. Leave the key out.".to_owned());
        };
        if armored.len() > MAX_KEY {
            return Err("This certificate is too long. Export it with `gpg --armor \
                        --export-options export-minimal --export NAME`."
                .to_owned());
        }
        pgp.certificate(armored.trim().as_bytes(), self.now())
    }

    /// What is wrong with a key that somebody typed; a report without one is as welcome.
    pub(crate) fn wrong_key(&self, typed: &BTreeMap<String, String>) -> Option<FieldError> {
        let key = typed.get(KEY_FIELD).filter(|key| !key.trim().is_empty())?;
        let message = match self.judged_key(key) {
            Ok(judged) => judged.refused?,
            Err(why) => why,
        };
        Some(FieldError {
            field: KEY_FIELD.to_owned(),
            message: format!("{message} You can also leave this field empty."),
        })
    }

    /// The key that the reporter names in the room.
    pub(crate) fn chosen_key(&self, typed: &str) -> Result<(), ActError> {
        let why = match self.judged_key(typed) {
            Ok(judged) => judged.refused,
            Err(why) => Some(why),
        };
        why.map_or(Ok(()), |why| Err(field_error("key", why)))
    }

    /// Takes a certificate from among the files that came with a mail, where it names the
    /// address of the mail: one that lies there as evidence is somebody else's.
    pub(crate) fn key_along(&self, typed: &mut BTreeMap<String, String>, files: &[FileInput]) {
        let Some(address) = typed.get("email").map(|a| a.trim().to_lowercase()) else {
            return;
        };
        if typed.contains_key(KEY_FIELD) {
            return;
        }
        let armored = |file: &FileInput| {
            let text = std::str::from_utf8(&file.bytes).ok()?.trim();
            let begins = text.as_bytes().starts_with(BEGIN_KEY);
            begins.then(|| text.to_owned())
        };
        let theirs = files.iter().filter_map(armored).find(|text| {
            let judged = self.judged_key(text);
            judged.is_ok_and(|k| k.refused.is_none() && k.addresses.contains(&address))
        });
        if let Some(key) = theirs {
            typed.insert(KEY_FIELD.to_owned(), key);
        }
    }

    /// The key for letters to the reporter of a case; `None` where none was ever named, or it
    /// was taken back.
    pub(crate) fn their_key(
        &self,
        loaded: &Loaded,
        identity: &FiledIdentity,
    ) -> Result<Option<TheirKey>, Fault> {
        let armored = match &loaded.state.around.key {
            KeyChoice::TakenBack => return Ok(None),
            KeyChoice::Named(text) => self.text(loaded, &text.blob)?,
            KeyChoice::AsFiled => match identity.fields.get(KEY_FIELD) {
                Some(key) => key.clone(),
                None => return Ok(None),
            },
        };
        let judged = self.judged_key(&armored).unwrap_or_else(|why| {
            // It was read when it was taken; whoever named it is not to get clear letters.
            TheirCertificate {
                fingerprint: String::new(),
                addresses: Vec::new(),
                refused: Some(why),
            }
        });
        Ok(Some(TheirKey { armored, judged }))
    }

    /// What a letter to the reporter is encrypted and signed with, or why it cannot be.
    pub(crate) fn sealing(
        &self,
        loaded: &Loaded,
        identity: &FiledIdentity,
        about: Option<Instant>,
    ) -> Result<Option<Result<Sealing, String>>, Fault> {
        let Some(key) = self.their_key(loaded, identity)? else {
            return Ok(None);
        };
        if let Some(why) = key.judged.refused {
            return Ok(Some(Err(why)));
        }
        let Some(secret) = self.pgp_signer(&loaded.program)? else {
            return Ok(Some(Err("This server has no key to sign with.".to_owned())));
        };
        Ok(Some(Ok(Sealing {
            certificate: Sensitive::new(key.armored.into_bytes()),
            secret: Sensitive::new(secret),
            said: self.said_then(loaded, about)?.map(Sensitive::new),
        })))
    }

    /// What the team wrote to the reporter at a moment.
    fn said_then(&self, loaded: &Loaded, at: Option<Instant>) -> Result<Option<String>, Fault> {
        let Some(at) = at else {
            return Ok(None);
        };
        let mut out: Vec<String> = Vec::new();
        let then = loaded.state.messages.iter().filter(|m| m.at == at);
        for message in then.filter(|m| m.lane != Lane::Team && m.from != Actor::Reporter) {
            if !loaded.state.reporter_reads(message) {
                continue;
            }
            out.push(self.text(loaded, &message.message.text.blob)?);
            let files = message.message.files.len();
            if files > 0 {
                out.push(format!("({files} file(s) lie with it in your room.)"));
            }
        }
        let all = out.join("\n\n");
        let cut: String = all.chars().take(MAX_SAID).collect();
        let cut = if cut.len() < all.len() {
            format!("{cut}\n\n(The rest is in your room.)")
        } else {
            cut
        };
        Ok((!cut.is_empty()).then_some(cut))
    }
}

impl TheirKey {
    /// As pages show it.
    pub(crate) fn view(&self) -> TheirKeyView {
        TheirKeyView {
            fingerprint: grouped(&self.judged.fingerprint),
            refused: self.judged.refused.clone(),
        }
    }

    /// In a line for the team.
    pub(crate) fn line(&self) -> String {
        match &self.judged.refused {
            None => format!(
                "{}. Letters to the reporter are encrypted to it, and hold what you write.",
                grouped(&self.judged.fingerprint)
            ),
            Some(why) => format!(
                "{}. It cannot be used: {why} Letters to the reporter hold no message until they \
                 name another key in their room.",
                grouped(&self.judged.fingerprint)
            ),
        }
    }
}
