//! What opens a backup: an age identity, an OpenPGP secret key, or somebody who did it already.
//!
//! Invariant: what comes out is not yet known to be whole; whoever reads it checks that.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use age::x25519::Identity;
use candor_pgp::Opener;

use super::{age_file, pgp_file};
use crate::cli::backup::OpeningArgs;
use crate::stop::Stop;

/// A backup, and what opens it.
pub(super) struct Opening {
    file: PathBuf,
    by: By,
}

enum By {
    Age(Vec<Identity>),
    OpenPgp(Box<Opener>),
    /// It comes decrypted on standard input.
    Clear,
}

impl Opening {
    /// Reads the secrets that are named.
    pub(super) fn of(args: &OpeningArgs) -> Result<Self, Stop> {
        let clear = args.file == Path::new("-");
        let by = match (&args.identity, &args.openpgp_key) {
            (None, None) if clear => By::Clear,
            _ if clear => {
                return Err(Stop::input(
                    "What comes on standard input is taken as decrypted already. Leave --identity \
                     and --openpgp-key out, or name the file.",
                ));
            }
            (Some(file), _) => By::Age(age_file::identities(file)?),
            (None, Some(file)) => {
                let passphrase = args.passphrase_file.as_deref();
                By::OpenPgp(Box::new(pgp_file::secret_key(file, passphrase)?))
            }
            (None, None) => {
                return Err(Stop::input(
                    "What opens this backup? Give the age identity with --identity, or the \
                     OpenPGP secret key with --openpgp-key.",
                ));
            }
        };
        Ok(Self {
            file: args.file.clone(),
            by,
        })
    }

    /// Whether it can be read only once.
    pub(super) const fn is_stream(&self) -> bool {
        matches!(self.by, By::Clear)
    }

    /// Begins to read it.
    pub(super) fn input(&self) -> Result<Box<dyn Read>, Stop> {
        Ok(match &self.by {
            By::Age(identities) => Box::new(age_file::open(&self.file, identities)?),
            By::OpenPgp(opener) => Box::new(pgp_file::open(&self.file, opener)?),
            By::Clear => Box::new(io::stdin().lock()),
        })
    }
}
