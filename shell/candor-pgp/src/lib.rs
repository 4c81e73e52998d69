//! OpenPGP: who may receive something encrypted, encrypting to them, opening with a secret key.
//!
//! Invariants: nothing is encrypted to a certificate that is expired, revoked, not yet valid,
//! weak, or not held together by its own signatures; memory stays bounded for input of any
//! length; no error says anything of a secret or of a text.
//!
//! Deliberately absent: whether a certificate belongs to whom it names, key servers, files
//! and folders, and the present time (it is an argument).

mod certificate;
mod open;
mod own;
mod seal;

pub use certificate::{Certificate, CertificateError, MAX_KEY_FILE, Recipient, Refusal};
pub use open::{OpenError, Opened, Opener, SecretKeys, UnlockError};
pub use own::Pgp;
pub use seal::{SealError, seal};
