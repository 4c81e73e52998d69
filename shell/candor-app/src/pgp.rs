//! The OpenPGP key of each program: made once, published, used to open what was encrypted to it
//! (S1-13, S1-14, S4-06).
//!
//! Invariants: a program has its key from the first start on; the secret part lies among the
//! settings, which are sealed; what cannot be opened is kept as it came, and said; what is
//! opened is bounded like what is attached, and is shown to the team alone: whoever has only
//! seen an encrypted message pass must not get it opened by sending it again (`for_others`).
//!
//! Deliberately absent: OpenPGP itself (`candor_ports::OpenPgp`), trust in anybody's key.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use candor_access::view::{PgpKeyView, PublicFile};
use candor_base::{Instant, ProgramSlug};
use candor_mime::{Incoming, Limits, Protection, read};
use candor_policy::model::ChannelKind;
use candor_ports::{OpenPgp, OpenedMessage};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::input::{ActError, Fault, FileInput};
use crate::intake::read::tells;
use crate::programs::{InForce, public_file};

const BEGIN: &str = "-----BEGIN PGP MESSAGE-----";
const END: &str = "-----END PGP MESSAGE-----";
pub(crate) const BEGIN_KEY: &[u8] = b"-----BEGIN PGP PUBLIC KEY BLOCK-----";
/// Messages that are opened in one report or mail.
const MOST_MESSAGES: usize = 10;
/// Stands with what was opened; what it stands with is for the team alone.
const WAS_SEALED: &str =
    "(This came encrypted, and was opened with the OpenPGP key of the program.)";
/// Shown to everybody else in its place.
const FOR_TEAM: &str = "(This came encrypted. The team reads it. It is not shown here: else \
    somebody who saw it pass could send it again to read it.)";

/// A key of a program, as it is kept. Its shape is stored: fields are only ever added.
#[derive(Clone, Serialize, Deserialize)]
struct StoredKey {
    secret: String,
    certificate: String,
    armored: String,
    fingerprint: String,
    made: Instant,
}

impl std::fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[key {}]", self.fingerprint)
    }
}

fn setting(program: &ProgramSlug) -> String {
    format!("pgp-keys/{program}")
}

fn bytes(text: &str) -> Result<Vec<u8>, Fault> {
    let bytes = STANDARD.decode(text);
    bytes.map_err(|_| Fault::inside("an OpenPGP key that is kept cannot be read"))
}

/// The addresses at which a program takes mail, in small letters: those of the policy, then
/// the one that the owner set.
pub(crate) fn mail_addresses(in_force: &InForce) -> impl Iterator<Item = String> {
    let channels = in_force.policy.policy.channels.iter();
    let named = channels
        .filter(|channel| channel.value.kind == ChannelKind::Email)
        .filter_map(|channel| channel.value.value.as_deref());
    let set = in_force.policy.settings.security_address.as_deref();
    named.chain(set).map(|a| a.trim().to_lowercase())
}

/// What stands in brackets or is no text would end the name in a user id.
fn user_id(in_force: &InForce) -> String {
    let name: String = in_force
        .name
        .chars()
        .filter(|c| !c.is_control() && !"<>()\"".contains(*c))
        .take(60)
        .collect();
    match mail_addresses(in_force).next() {
        Some(address) => format!("{} security <{address}>", name.trim()),
        None => format!("{} security", name.trim()),
    }
}

impl App {
    pub(crate) fn open_pgp(&self) -> Option<&dyn OpenPgp> {
        self.pgp.as_deref()
    }

    /// The newest first.
    fn pgp_keys(&self, program: &ProgramSlug) -> Result<Vec<StoredKey>, Fault> {
        let keys = self.kept(&setting(program), "the OpenPGP keys of a program")?;
        Ok(keys.unwrap_or_default())
    }

    /// Makes a key for every program that has none.
    pub fn make_missing_keys(&self) -> Result<u32, Fault> {
        let Some(pgp) = self.open_pgp() else {
            return Ok(0);
        };
        let mut made = 0_u32;
        for record in self.store().programs()? {
            if !self.pgp_keys(&record.slug)?.is_empty() {
                continue;
            }
            let in_force = self.policy_of(&record.slug, &record.policy)?;
            let now = self.now();
            let key = pgp
                .make(&user_id(&in_force), now)
                .map_err(|why| Fault::inside(format!("no OpenPGP key could be made: {why}")))?;
            let keys = [StoredKey {
                secret: STANDARD.encode(&key.secret),
                certificate: STANDARD.encode(&key.certificate),
                armored: key.armored,
                fingerprint: key.fingerprint,
                made: now,
            }];
            self.keep(&setting(&record.slug), Some(&keys))?;
            made = made.saturating_add(1);
        }
        Ok(made)
    }

    /// The key of a program as pages show it; `None` where there is none.
    pub(crate) fn pgp_view(&self, program: &ProgramSlug) -> Result<Option<PgpKeyView>, Fault> {
        let keys = self.pgp_keys(program)?;
        Ok(keys.first().map(|key| PgpKeyView {
            fingerprint: grouped(&key.fingerprint),
            address: format!("{}/openpgp.asc", self.page_of(program)),
        }))
    }

    /// The newest key, armoured, with its fingerprint.
    pub(crate) fn pgp_armored(
        &self,
        program: &ProgramSlug,
    ) -> Result<Option<(String, String)>, Fault> {
        let first = self.pgp_keys(program)?.into_iter().next();
        Ok(first.map(|key| (key.armored, grouped(&key.fingerprint))))
    }

    /// The secret key that signs letters of a program.
    pub(crate) fn pgp_signer(&self, program: &ProgramSlug) -> Result<Option<Vec<u8>>, Fault> {
        let first = self.pgp_keys(program)?.into_iter().next();
        first.map(|key| bytes(&key.secret)).transpose()
    }

    /// The certificate of a program, armoured.
    pub fn pgp_file(&self, slug: &str) -> Result<PublicFile, ActError> {
        let (slug, _) = self.known_program(slug)?;
        let key = self.pgp_armored(&slug)?.ok_or(ActError::NotFound)?;
        Ok(public_file("application/pgp-keys", key.0.into_bytes()))
    }

    /// The certificate for an address, as a Web Key Directory gives it: `host` is that of the
    /// address, `name` the hash of what stands before the @.
    pub fn pgp_by_address(&self, host: &str, name: &str) -> Result<PublicFile, ActError> {
        let pgp = self.open_pgp().ok_or(ActError::NotFound)?;
        let host = host.to_lowercase();
        for record in self.store().programs()? {
            let in_force = self.policy_of(&record.slug, &record.policy)?;
            let ours = mail_addresses(&in_force).any(|address| {
                let parts = address.rsplit_once('@');
                parts.is_some_and(|(local, at)| at == host && pgp.directory_name(local) == name)
            });
            if ours && let Some(key) = self.pgp_keys(&record.slug)?.first() {
                let certificate = bytes(&key.certificate)?;
                return Ok(public_file("application/octet-stream", certificate));
            }
        }
        Err(ActError::NotFound)
    }

    /// Opens a message with any key the program ever had.
    fn pgp_open(
        &self,
        program: &ProgramSlug,
        message: &[u8],
    ) -> Result<Result<OpenedMessage, String>, Fault> {
        let Some(pgp) = self.open_pgp() else {
            return Ok(Err("this server has no key".to_owned()));
        };
        let keys = self.pgp_keys(program)?;
        let secrets: Vec<Vec<u8>> = keys
            .iter()
            .map(|key| bytes(&key.secret))
            .collect::<Result<_, _>>()?;
        let most = usize::try_from(self.parts.config.max_files_bytes).unwrap_or(usize::MAX);
        let opened = pgp.open(&secrets, message, None, most);
        Ok(opened.map_err(|why| why.to_string()))
    }

    /// A text with every armoured message in it opened; `None` when there is none.
    fn opened_text(&self, program: &ProgramSlug, text: &str) -> Result<Option<String>, Fault> {
        let mut out = String::new();
        let mut rest = text;
        let mut found = 0;
        while let Some((before, from)) = cut(rest, BEGIN) {
            let Some((block, after)) = cut(from, END) else {
                break;
            };
            found += 1;
            if found > MOST_MESSAGES {
                break;
            }
            let block = format!("{block}{END}\n");
            out.push_str(before);
            match self.pgp_open(program, unquoted(&block).as_bytes())? {
                Ok(opened) => {
                    out.push_str(String::from_utf8_lossy(&opened.plain).trim_end());
                    out.push_str("\n\n");
                    out.push_str(WAS_SEALED);
                }
                Err(why) => {
                    out.push_str(&block);
                    let _ = write!(out, "\n(This could not be opened: {why}.)");
                }
            }
            rest = after.strip_prefix(END).unwrap_or(after);
        }
        out.push_str(rest);
        let fits = out.chars().count() <= candor_base::Body::MAX;
        Ok((found > 0 && fits).then_some(out))
    }

    /// A mail with what was encrypted in it opened: its text, what PGP/MIME wraps, and files.
    /// The mail as it came is kept by whoever took it.
    pub(crate) fn opened_mail(
        &self,
        program: &ProgramSlug,
        mut mail: Incoming,
    ) -> Result<Incoming, Fault> {
        if let Some(text) = self.opened_text(program, mail.text.reveal())? {
            mail.text = candor_base::Sensitive::new(text);
            if !mail.text.reveal().contains(BEGIN) {
                mail.protection = Protection::None;
            }
        }
        let wrapped =
            mail.protection == Protection::Encrypted && mail.text.reveal().trim().is_empty();
        let sealed: Vec<usize> = mail
            .files
            .iter()
            .enumerate()
            .filter(|(_, file)| is_message(&file.name, &file.bytes))
            .map(|(place, _)| place)
            .take(MOST_MESSAGES)
            .collect();
        let mut why_not = None;
        for place in sealed {
            let Some(file) = mail.files.get(place).cloned() else {
                continue;
            };
            let opened = match self.pgp_open(program, &file.bytes)? {
                Ok(opened) => opened,
                Err(why) => {
                    why_not = Some(why);
                    continue;
                }
            };
            let inner = wrapped
                .then(|| read(&opened.plain, &Limits::default()).ok())
                .flatten();
            if let Some(inner) = inner {
                let text = format!("{WAS_SEALED}\n\n{}", inner.text.reveal().trim_end());
                let text: String = text.chars().take(candor_base::Body::MAX).collect();
                mail.text = candor_base::Sensitive::new(text);
                // The subject that stands inside is the one that was meant (M-1).
                if !inner.subject.reveal().is_empty() {
                    mail.subject = inner.subject;
                }
                mail.files.extend(inner.files);
                mail.protection = Protection::None;
            } else {
                let text = format!("{WAS_SEALED}\n\n{}", mail.text.reveal());
                let text: String = text.chars().take(candor_base::Body::MAX).collect();
                mail.text = candor_base::Sensitive::new(text);
                mail.files.push(candor_mime::AttachedFile {
                    name: unsealed_name(&file.name),
                    bytes: opened.plain,
                });
            }
        }
        if let Some(why) = why_not.filter(|_| mail.text.reveal().trim().is_empty()) {
            mail.text = candor_base::Sensitive::new(format!(
                "This mail is encrypted and could not be opened: {why}. It lies with the report as \
                 it came; ask its sender to encrypt it to the key on the policy page, or to send it \
                 without."
            ));
        }
        self.within_files(&mut mail);
        Ok(mail)
    }

    /// What was unpacked must not be more than may be attached: the last files go first.
    fn within_files(&self, mail: &mut Incoming) {
        let most = usize::try_from(self.parts.config.max_files_bytes).unwrap_or(usize::MAX);
        let size = |mail: &Incoming| mail.files.iter().map(|f| f.bytes.len()).sum::<usize>();
        while mail.files.len() > 19 || size(mail) > most / 2 {
            if mail.files.pop().is_none() {
                break;
            }
            if !mail.remarks.contains(&candor_mime::Remark::FilesLeft) {
                mail.remarks.push(candor_mime::Remark::FilesLeft);
            }
        }
    }

    /// The same for what was typed and attached: fields are opened in place, a file that opens
    /// lies beside the one that was sent.
    pub(crate) fn open_sent(
        &self,
        program: &ProgramSlug,
        typed: &mut BTreeMap<String, String>,
        files: &mut Vec<FileInput>,
    ) -> Result<(), Fault> {
        let mut kept = Vec::new();
        // Of the other fields the reporter's own page would tell what was worked out.
        let told = typed.iter_mut().filter(|(name, _)| tells(name));
        for (_, text) in told.filter(|(_, text)| text.contains(BEGIN)) {
            if let Some(opened) = self.opened_text(program, text)? {
                let sent = std::mem::replace(text, opened);
                kept.push(FileInput {
                    name: "as-it-was-sent.asc".to_owned(),
                    bytes: sent.into_bytes(),
                });
            }
        }
        for file in files.iter().take(MOST_MESSAGES) {
            if !is_message(&file.name, &file.bytes) {
                continue;
            }
            if let Ok(opened) = self.pgp_open(program, &file.bytes)? {
                mark_opened(typed);
                kept.push(FileInput {
                    name: unsealed_name(&file.name),
                    bytes: opened.plain,
                });
            }
        }
        let most = usize::try_from(self.parts.config.max_files_bytes).unwrap_or(usize::MAX);
        for file in kept {
            let all: usize = files.iter().map(|f| f.bytes.len()).sum();
            // What does not fit is left out: what was sent lies there in any case.
            if files.len() < 20 && all.saturating_add(file.bytes.len()) <= most {
                files.push(file);
            }
        }
        Ok(())
    }
}

/// Says of a report that something with it was opened, where no text of it says so.
pub(crate) fn mark_opened(typed: &mut BTreeMap<String, String>) {
    typed.insert("opened".to_owned(), WAS_SEALED.to_owned());
}

/// Whether a text holds something that was opened.
pub(crate) fn was_opened(text: &str) -> bool {
    text.contains(WAS_SEALED)
}

/// A report and its title, as somebody outside the team reads them.
pub(crate) fn for_others(report: &mut [(String, String)], title: &mut String) {
    if report.iter().any(|(_, text)| was_opened(text)) {
        for (_, text) in report.iter_mut() {
            FOR_TEAM.clone_into(text);
        }
        "Encrypted report".clone_into(title);
    }
}

/// A text of a case, as somebody outside the team reads it.
pub(crate) fn text_for_others(text: String) -> String {
    if was_opened(&text) {
        FOR_TEAM.to_owned()
    } else {
        text
    }
}

/// Before a mark, and from it on.
fn cut<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let at = text.find(mark)?;
    text.split_at_checked(at)
}

/// Mail programs put `> ` before what they quote.
fn unquoted(block: &str) -> String {
    let bare = |line: &str| line.trim_start_matches(['>', ' ']).trim_end().to_owned();
    let lines: Vec<String> = block.lines().map(bare).collect();
    lines.join("\n") + "\n"
}

/// Whether a file may be a message: by its first line, or by its name.
fn is_message(name: &str, bytes: &[u8]) -> bool {
    let begins = |mark: &[u8]| bytes.trim_ascii_start().starts_with(mark);
    let name = name.to_lowercase();
    let binary = [".gpg", ".pgp"].iter().any(|end| name.ends_with(end));
    begins(BEGIN.as_bytes()) || (binary && !begins(BEGIN_KEY) && !begins(b"-----BEGIN"))
}

fn unsealed_name(name: &str) -> String {
    let ends = [".asc", ".gpg", ".pgp"];
    let bare = ends.iter().find_map(|end| name.strip_suffix(end));
    match bare.filter(|bare| !bare.is_empty() && *bare != "encrypted") {
        Some(bare) => bare.to_owned(),
        None => "opened.txt".to_owned(),
    }
}

/// In groups of four, as people read it aloud.
pub(crate) fn grouped(fingerprint: &str) -> String {
    let letters: Vec<char> = fingerprint.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|g| g.iter().collect()).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_known_by_its_first_line_or_its_name() {
        assert!(is_message("x", b"\n-----BEGIN PGP MESSAGE-----\n"));
        assert!(is_message("poc.tar.GPG", b"\x85\x01"));
        assert!(!is_message("poc.tar", b"\x85\x01"));
        assert!(!is_message(
            "key.pgp",
            b"-----BEGIN PGP PUBLIC KEY BLOCK-----"
        ));
        assert!(!is_message("sig.asc", b"-----BEGIN PGP SIGNATURE-----"));
        assert_eq!(unsealed_name("poc.tar.gpg"), "poc.tar");
        assert_eq!(unsealed_name("encrypted.asc"), "opened.txt");
        assert_eq!(unsealed_name(".gpg"), "opened.txt");
    }

    #[test]
    fn a_quoted_block_is_read_without_its_quotes() {
        let quoted = "> -----BEGIN PGP MESSAGE-----\n>\n> abc\n> -----END PGP MESSAGE-----";
        assert!(unquoted(quoted).starts_with("-----BEGIN PGP MESSAGE-----\n\nabc\n"));
        assert_eq!(grouped("15CE84C3"), "15CE 84C3");
    }
}
