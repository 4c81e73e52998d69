//! What was read in a mail.

use std::fmt;

use candor_base::{Instant, Sensitive};

use crate::bounce::Bounce;

/// An address with the name that stands before it.
#[derive(Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name, as the mail says it.
    pub name: Option<String>,
    /// The address, as the mail says it.
    pub address: String,
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[mailbox]")
    }
}

/// A file that came with a mail.
#[derive(Clone, PartialEq, Eq)]
pub struct AttachedFile {
    /// Its name without folders; empty when it has none.
    pub name: String,
    /// Its bytes, decoded.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for AttachedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[file of {} bytes]", self.bytes.len())
    }
}

/// How a mail is protected, by what it says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Protection {
    /// Not at all.
    #[default]
    None,
    /// Signed; the signature was not looked at.
    Signed,
    /// Encrypted.
    Encrypted,
}

/// Where reports on its delivery go (`Return-Path`).
#[derive(Clone, PartialEq, Eq, Default)]
pub enum ReturnPath {
    /// The mail does not say.
    #[default]
    NotSaid,
    /// Nowhere: nothing may answer it (RFC 5321, section 4.5.5).
    Nowhere,
    /// To this address.
    To(String),
}

impl fmt::Debug for ReturnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSaid => "NotSaid",
            Self::Nowhere => "Nowhere",
            Self::To(_) => "To([address])",
        })
    }
}

/// Signs that no person wrote it, or not to us alone (RFC 3834, RFC 2919).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "signs that are there or not, each on its own"
)]
pub struct Signs {
    /// `Auto-Submitted` is there and is not `no`, or an older header says the same.
    pub automatic: bool,
    /// It came over a mailing list.
    pub list: bool,
    /// `Precedence` is bulk, list or junk.
    pub bulk: bool,
    /// It carries the mark of Candor's own letters.
    pub own: bool,
    /// A filter on its way takes it for junk.
    pub junk: bool,
}

impl Signs {
    /// Nothing may answer such a mail by itself.
    pub const fn is_any(self) -> bool {
        self.automatic || self.list || self.bulk || self.own || self.junk
    }
}

/// Something a person should know about how it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remark {
    /// A header that may stand there once stands there several times.
    HeaderTwice,
    /// The text was longer than can be shown.
    TextCut,
    /// Not every file was taken out; they are in the mail as it came.
    FilesLeft,
}

/// A mail, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Incoming {
    /// `From`. Anybody can write anything there.
    pub from: Vec<Mailbox>,
    /// `To` and `Cc`.
    pub to: Vec<Mailbox>,
    /// The subject, one line.
    pub subject: Sensitive<String>,
    /// `Message-ID`, without brackets.
    pub message_id: Option<String>,
    /// Messages that it answers or follows, without brackets, nearest first.
    pub follows: Vec<String>,
    /// When its author says that it was written.
    pub date: Option<Instant>,
    /// When the last server on its way says that it took it in.
    pub received: Option<Instant>,
    /// Where reports on its delivery go.
    pub return_path: ReturnPath,
    /// Signs that no person wrote it.
    pub signs: Signs,
    /// What servers wrote about checks of the sender (`Authentication-Results`,
    /// `Received-SPF`). Evidence for a person: anybody can write it, too.
    pub evidence: Vec<String>,
    /// What is written in it, as plain text.
    pub text: Sensitive<String>,
    /// Files that came with it.
    pub files: Vec<AttachedFile>,
    /// Mails that lie in it as they came: forwarded as attachments.
    pub mails: Sensitive<Vec<Vec<u8>>>,
    /// How it is protected.
    pub protection: Protection,
    /// The report on a delivery that it is.
    pub bounce: Option<Bounce>,
    /// What a person should know.
    pub remarks: Vec<Remark>,
}

impl Incoming {
    /// The one sender; none where there is none or where there are several.
    pub fn sender(&self) -> Option<&Mailbox> {
        match self.from.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}
