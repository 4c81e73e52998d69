//! A report that came by mail to an address of the program (S1-05).
//!
//! Invariants: the mail as it came lies with the report; the same mail twice is one case; a
//! mail that cannot be read becomes a case all the same, so that its clocks run (M-10); an
//! address is taken as the reporter's only where an automatic answer may go to it.

use std::collections::BTreeMap;

use candor_base::{CaseId, ProgramSlug, ReceiptCode};
use candor_case::{Actor, IntakeChannel};
use candor_mime::{Incoming, Limits, Protection, Remark};

use super::from_mail::ENCRYPTED;
use super::read::{MAX_FILES, is_address};
use super::{NotTaken, Source, read};
use crate::app::App;
use crate::input::{Fault, FileInput};
use crate::pgp::was_opened;
use crate::programs::InForce;
use crate::random;

/// The name of the mail itself among the files.
pub(crate) const MAIL_FILE: &str = "mail.eml";

/// A mail that is to become a report.
pub(crate) struct ByMail<'a> {
    /// As it was read, or why not.
    pub(crate) read: Result<&'a Incoming, String>,
    /// As it came.
    pub(crate) raw: &'a [u8],
    /// The sender in the envelope.
    pub(crate) from: Option<&'a str>,
    /// An automatic answer may go to its sender.
    pub(crate) answer: bool,
}

/// The limits within which a mail is read: what it holds must fit beside it.
pub(crate) fn limits(max_files: u64, raw: usize) -> Limits {
    let room = usize::try_from(max_files).unwrap_or(usize::MAX);
    Limits {
        files: MAX_FILES.saturating_sub(1),
        file_bytes: room.saturating_sub(raw),
        ..Limits::default()
    }
}

/// The text, or what stands in its place.
pub(crate) fn text_of(mail: &Incoming) -> String {
    let text = mail.text.reveal();
    let mut out = match (mail.protection, text.trim().is_empty()) {
        (Protection::Encrypted, true) => ENCRYPTED.to_owned(),
        (_, true) => "(The mail has no text. What it holds lies with it.)".to_owned(),
        _ => text.clone(),
    };
    for remark in &mail.remarks {
        let words = match remark {
            Remark::TextCut => "(The text was longer. All of it is in the mail as it came.)",
            Remark::FilesLeft => "(Not every file was taken out of the mail as it came.)",
            Remark::HeaderTwice => continue,
        };
        out = format!("{out}\n\n{words}");
    }
    // The remarks must not make it longer than can be stored.
    if out.chars().count() > candor_base::Body::MAX {
        return text.clone();
    }
    out
}

/// The files of a mail.
pub(crate) fn files_of(mail: &Incoming) -> Vec<FileInput> {
    let file = |file: &candor_mime::AttachedFile| FileInput {
        name: file.name.clone(),
        bytes: file.bytes.clone(),
    };
    mail.files.iter().map(file).collect()
}

/// How somebody wants to be named, where a line of the mail says so (S1-36):
/// `Credit: Jane Doe`, or `Credit: anonymous`.
fn credit(text: &str) -> Option<(&'static str, String)> {
    text.lines().take(2_000).find_map(|line| {
        let (label, wish) = line.split_once(':')?;
        let label = label.trim().to_lowercase();
        if !matches!(
            label.as_str(),
            "credit" | "credit as" | "credits" | "credit to"
        ) {
            return None;
        }
        let wish = wish.trim().trim_end_matches('.').trim();
        match wish.to_lowercase().as_str() {
            "" => None,
            "no" | "none" | "anonymous" | "no credit" | "please do not name me" => {
                Some(("anonymous", String::new()))
            }
            _ => Some(("named", wish.chars().take(120).collect())),
        }
    })
}

fn fields(mail: &ByMail<'_>) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut put = |name: &str, text: String| {
        if !text.trim().is_empty() {
            out.insert(name.to_owned(), text);
        }
    };
    let envelope = mail.from.unwrap_or("nobody");
    let read = match &mail.read {
        Ok(read) => *read,
        Err(why) => {
            put(
                "description",
                format!("This mail cannot be read: {why}. It lies with the report as it came."),
            );
            put("contact", format!("The mail came from {envelope}."));
            return out;
        }
    };
    let text = text_of(read);
    put("summary", read.subject.reveal().clone());
    // Whoever only passes an encrypted mail on must not read in the room whom it names.
    if let Some((wish, name)) = credit(&text).filter(|_| !was_opened(&text)) {
        put("credit", wish.to_owned());
        put("credit_name", name);
    }
    put("description", text);
    let claimed: Vec<String> = read
        .from
        .iter()
        .take(3)
        .map(|from| from.address.clone())
        .collect();
    match read
        .sender()
        .filter(|from| mail.answer && is_address(&from.address))
    {
        Some(from) => {
            put("email", from.address.clone());
            put("name", from.name.clone().unwrap_or_default());
        }
        None => put(
            "contact",
            format!(
                "The mail says that it is from {}. Whether that is so is not clear: it came from \
                 {envelope}. Nothing is sent there by itself.",
                claimed.join(", ")
            ),
        ),
    }
    put("mail_checks", read.evidence.join("\n"));
    out
}

impl App {
    /// Stores a mail as a case; in words why not.
    pub(crate) fn report_by_mail(
        &self,
        slug: &ProgramSlug,
        in_force: &InForce,
        mail: &ByMail<'_>,
    ) -> Result<Result<(), String>, Fault> {
        let mut typed = fields(mail);
        let id = mail.read.as_ref().ok().and_then(|m| m.message_id.clone());
        let own = random::sha256(mail.raw);
        let id = id.map_or_else(|| own.as_bytes().to_vec(), String::into_bytes);
        let key = self.vault().derive("mail-nonce");
        let nonce = random::keyed_token(&key, &[slug.as_str().as_bytes(), &id]);
        typed.insert("nonce".to_owned(), nonce);
        let mut files = mail.read.as_ref().map(|m| files_of(m)).unwrap_or_default();
        let max = self.parts.config.max_files_bytes;
        let envelope = |typed: &BTreeMap<String, String>, files| {
            read::envelope(typed, files, IntakeChannel::Mail, max)
                .map_err(|errors| errors.into_iter().map(|e| e.message).collect::<String>())
        };
        // Servers on the way write into a mail: sent again, only what its author wrote is same.
        let content = match envelope(&typed, files.clone()) {
            Ok(plain) => plain.content,
            Err(why) => return Ok(Err(why)),
        };
        // After that: whether a key can be used changes with time, too.
        self.key_along(&mut typed, &files);
        files.push(FileInput {
            name: MAIL_FILE.to_owned(),
            bytes: mail.raw.to_vec(),
        });
        let mut envelope = match envelope(&typed, files) {
            Ok(envelope) => envelope,
            Err(why) => return Ok(Err(why)),
        };
        envelope.content = content;
        let source = Source {
            actor: Actor::System,
            first_received: None,
            keep_code: envelope.identity.email().is_some(),
        };
        match self.take_in(slug, in_force, &envelope, source) {
            Ok(_) => Ok(Ok(())),
            Err(NotTaken::Refused(why)) => Ok(Err(why)),
            Err(NotTaken::Fault(fault)) => Err(fault),
        }
    }

    /// The code of a case that came by mail waits, sealed, for the first letter that leaves:
    /// its reporter saw no page that showed it.
    pub(super) fn keep_mail_code(&self, case: CaseId, code: &ReceiptCode) -> Result<(), Fault> {
        let code = code.grouped();
        Ok(self.store().put_setting(&code_key(case), Some(&code))?)
    }

    /// The code that waits for a letter.
    pub(crate) fn mail_code(&self, case: CaseId) -> Result<Option<String>, Fault> {
        Ok(self.store().setting(&code_key(case))?)
    }

    /// It left, or nobody is to have it.
    pub(crate) fn drop_mail_code(&self, case: CaseId) -> Result<(), Fault> {
        Ok(self.store().put_setting(&code_key(case), None)?)
    }
}

fn code_key(case: CaseId) -> String {
    format!("mail-code/{case}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_about_credit_is_taken_at_its_word() {
        let named = |name: &str| Some(("named", name.to_owned()));
        assert_eq!(credit("Hello\nCredit: Jane Doe\nBye"), named("Jane Doe"));
        assert_eq!(credit("credit as: @jane."), named("@jane"));
        let anonymous = Some(("anonymous", String::new()));
        assert_eq!(credit("Credit: Anonymous"), anonymous);
        assert_eq!(credit("Credit: no credit"), anonymous);
        for none in [
            "",
            "Credit:",
            "The credit: card field overflows",
            "Credit card",
        ] {
            assert_eq!(credit(none), None, "{none}");
        }
    }
}
