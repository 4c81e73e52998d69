//! What a mail that is handed in says by itself: nobody has to copy it into the form.
//!
//! Invariants: the mail as it came stays among the files, whatever was read in it; what
//! somebody typed goes before what the mail says; where it is not clear who sent it, no
//! address is taken from it, so that no receipt goes to a stranger.

use std::collections::BTreeMap;

use candor_base::Instant;
use candor_mime::{Incoming, Limits, Protection, Remark, read};

use super::read::{MAX_FILES, is_address};
use crate::input::{ActError, Fault, FileInput};
use crate::pgp::{mark_opened, was_opened};
use crate::seal::field_error;

/// Said in the place of a text that nobody could read yet.
pub(super) const ENCRYPTED: &str = "This mail is encrypted, and Candor cannot open it. It lies with the \
    report as it came; somebody who holds the key has to read it.";

/// Fills what was left open from the mail among the files; gives when the last server on
/// its way took it in. Nothing happens where no mail is among them.
/// `unseal` opens what is encrypted in it.
pub(super) fn fill(
    typed: &mut BTreeMap<String, String>,
    files: &mut Vec<FileInput>,
    max_files: u64,
    unseal: &dyn Fn(Incoming) -> Result<Incoming, Fault>,
) -> Result<Option<Instant>, ActError> {
    let way = typed.get("came_by").map_or("", |t| t.trim());
    let within = way == "forwarded";
    if way != "mail" && !within {
        return Ok(None);
    }
    let mut mails = files.iter().filter(|file| is_mail(file));
    let (Some(original), None) = (mails.next(), mails.next()) else {
        return Ok(None);
    };
    let used: usize = files.iter().map(|file| file.bytes.len()).sum();
    let room = usize::try_from(max_files).unwrap_or(usize::MAX);
    let limits = Limits {
        files: MAX_FILES.saturating_sub(files.len()),
        file_bytes: room.saturating_sub(used),
        ..Limits::default()
    };
    let mail = match opened(&original.bytes, within, &limits) {
        Ok(mail) => unseal(mail)?,
        // What was typed is enough; the file is kept all the same.
        Err(_) if is_typed(typed, "description") => return Ok(None),
        Err(why) => {
            return Err(field_error(
                "files",
                format!(
                    "The mail cannot be read: {why}. Type the report; the file is kept with it."
                ),
            ));
        }
    };
    let received = mail.received.or(mail.date);
    put(typed, "summary", mail.subject.reveal());
    let text = mail.text.reveal();
    match mail.protection {
        Protection::Encrypted if text.is_empty() => put(typed, "description", ENCRYPTED),
        _ => put(typed, "description", text),
    }
    if was_opened(text) {
        // Its files are for the team alone, also where somebody typed another description.
        mark_opened(typed);
    }
    sender(typed, &mail);
    files.extend(mail.files.into_iter().map(|file| FileInput {
        name: file.name,
        bytes: file.bytes,
    }));
    Ok(received)
}

/// The mail itself, or the one that lies in it.
fn opened(raw: &[u8], within: bool, limits: &Limits) -> Result<Incoming, String> {
    let outer = read(raw, limits).map_err(|why| why.to_string())?;
    if !within {
        return Ok(outer);
    }
    match outer.mails.reveal().as_slice() {
        [only] => read(only, limits).map_err(|why| why.to_string()),
        [] => Err("no other mail lies in it".to_owned()),
        _ => Err("several mails lie in it".to_owned()),
    }
}

fn sender(typed: &mut BTreeMap<String, String>, mail: &Incoming) {
    if is_typed(typed, "email") || mail.remarks.contains(&Remark::HeaderTwice) {
        return;
    }
    let Some(from) = mail.sender().filter(|from| is_address(&from.address)) else {
        return;
    };
    put(typed, "email", &from.address);
    put(typed, "name", from.name.as_deref().unwrap_or_default());
}

fn is_mail(file: &FileInput) -> bool {
    let end = file.name.rsplit('.').next().unwrap_or_default();
    file.name.contains('.') && end.eq_ignore_ascii_case("eml")
}

fn is_typed(typed: &BTreeMap<String, String>, name: &str) -> bool {
    typed.get(name).is_some_and(|text| !text.trim().is_empty())
}

fn put(typed: &mut BTreeMap<String, String>, name: &str, text: &str) {
    if !is_typed(typed, name) && !text.is_empty() {
        typed.insert(name.to_owned(), text.to_owned());
    }
}
