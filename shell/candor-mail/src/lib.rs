//! Letters become plain-text mails, and leave by SMTP or as files; mail that the site's mail
//! server hands over is taken by LMTP.
//!
//! Invariants: a mail holds nothing of a report and no title (rule M-1), and a receipt
//! code only where its reporter saw no page that showed it (decision 0019); a subject is `[reference] neutral words`; the same letter twice
//! has the same Message-ID and is one file; plain SMTP goes to the own machine
//! only.
//!
//! Deliberately absent: retries and back-off (the outbox has them), reading what is in a
//! mail (`candor-mime`), and looking up addresses.

mod eml;
pub mod lmtp;
mod message;
mod smtp;
mod words;

pub use eml::EmlCourier;
pub use message::{Sender, SenderError};
pub use smtp::{Security, SmtpCourier, SmtpError, SmtpSettings, explain};
pub use words::{Words, words};
