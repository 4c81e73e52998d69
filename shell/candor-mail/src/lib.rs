//! Mail out: letters become plain-text mails, and leave by SMTP or as files.
//!
//! Invariants: a mail holds nothing of a report, no title and no receipt code
//! (rule M-1); a subject is `[reference] neutral words`; the same letter twice
//! has the same Message-ID and is one file; plain SMTP goes to the own machine
//! only.
//!
//! Deliberately absent: retries and back-off (the outbox has them), reading
//! mail, and looking up addresses.

mod eml;
mod message;
mod smtp;
mod words;

pub use eml::EmlCourier;
pub use message::{Sender, SenderError};
pub use smtp::{Security, SmtpCourier, SmtpError, SmtpSettings, explain};
pub use words::{Words, words};
