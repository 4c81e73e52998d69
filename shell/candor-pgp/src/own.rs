//! A key of one's own: made, kept as bytes, used for opening and signing.
//!
//! Invariants: Ed25519 for signing and Curve25519 for encryption, in the form of version 4
//! that gpg 2.2 reads; never RSA (RUSTSEC-2023-0071); the secret part leaves as bytes only
//! to be sealed by whoever asked for it.
//!
//! Deliberately absent: where it is kept, and passphrases.

use std::io::Read as _;

use candor_base::Instant;
use candor_ports::{NotOpened, OpenPgp, OpenedMessage, OwnKey, TheirCertificate};
use pgp::composed::{
    ArmorOptions, Deserializable as _, EncryptionCaps, KeyType, MessageBuilder,
    SecretKeyParamsBuilder, SignedPublicKey, SignedSecretKey, SubkeyParamsBuilder,
};
use pgp::crypto::ecc_curve::ECCCurve;
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::ser::Serialize as _;
use pgp::types::{KeyDetails as _, Password, Timestamp};
use rand::rngs::OsRng;

use crate::certificate::{Certificate, EncryptionPart};
use crate::open::{OpenError, SecretKeys};

/// OpenPGP by this crate.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pgp;

fn words(why: impl std::fmt::Display) -> String {
    format!("OpenPGP: {why}")
}

fn make(user: &str, at: Instant) -> Result<SignedSecretKey, String> {
    let made = u32::try_from(at.unix()).map_err(words)?;
    let made = Timestamp::from_secs(made);
    let encryption = SubkeyParamsBuilder::default()
        .key_type(KeyType::ECDH(ECCCurve::Curve25519Legacy))
        .can_encrypt(EncryptionCaps::All)
        .created_at(made)
        .build()
        .map_err(words)?;
    SecretKeyParamsBuilder::default()
        .key_type(KeyType::Ed25519Legacy)
        .can_certify(true)
        .can_sign(true)
        .created_at(made)
        .primary_user_id(user.to_owned())
        .preferred_symmetric_algorithms([SymmetricKeyAlgorithm::AES256].into_iter().collect())
        .preferred_hash_algorithms([HashAlgorithm::Sha256].into_iter().collect())
        .subkey(encryption)
        .build()
        .map_err(words)?
        .generate(OsRng)
        .map_err(words)
}

fn own(bytes: &[u8]) -> Result<SignedSecretKey, String> {
    SignedSecretKey::from_bytes(bytes).map_err(words)
}

impl OpenPgp for Pgp {
    fn make(&self, user: &str, at: Instant) -> Result<OwnKey, String> {
        let key = make(user, at)?;
        let public: SignedPublicKey = key.to_public_key();
        Ok(OwnKey {
            secret: key.to_bytes().map_err(words)?,
            certificate: public.to_bytes().map_err(words)?,
            armored: public
                .to_armored_string(ArmorOptions::default())
                .map_err(words)?,
            fingerprint: public.fingerprint().to_string().to_ascii_uppercase(),
        })
    }

    fn certificate(&self, bytes: &[u8], at: Instant) -> Result<TheirCertificate, String> {
        let found =
            Certificate::parse(bytes).map_err(|why| format!("This {}.", why.for_person()))?;
        Ok(TheirCertificate {
            fingerprint: found.fingerprint(),
            addresses: found.addresses(at),
            refused: found.recipient(at).err().map(|why| why.for_person()),
        })
    }

    fn open(
        &self,
        secrets: &[Vec<u8>],
        message: &[u8],
        signer: Option<&[u8]>,
        most: usize,
    ) -> Result<OpenedMessage, NotOpened> {
        let mut why = NotOpened::ForOthers;
        for secret in secrets {
            let keys = SecretKeys::parse(secret).map_err(|_| NotOpened::Damaged)?;
            let unlocked = keys.unlock(None).map_err(|_| NotOpened::Damaged)?;
            let mut inside = match unlocked.open(message) {
                Ok(inside) => inside,
                Err(OpenError::NotForThisKey) => continue,
                Err(_) => {
                    why = NotOpened::Damaged;
                    continue;
                }
            };
            let mut plain = Vec::new();
            let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
            let read = (&mut inside).take(limit).read_to_end(&mut plain);
            if read.is_err() {
                return Err(NotOpened::Damaged);
            }
            if plain.len() > most {
                return Err(NotOpened::TooLarge);
            }
            let asked = signer.and_then(|bytes| Certificate::parse(bytes).ok());
            let verdict = asked.and_then(|asked| inside.is_signed_by(&asked));
            return Ok(OpenedMessage {
                plain,
                signed: verdict,
            });
        }
        Err(why)
    }

    fn directory_name(&self, local: &str) -> String {
        use sha1::Digest as _;
        z_base_32(&sha1::Sha1::digest(local.to_lowercase().as_bytes()))
    }

    fn seal(&self, plain: &[u8], to: &[u8], secret: &[u8], at: Instant) -> Result<Vec<u8>, String> {
        let recipient = Certificate::parse(to)
            .map_err(words)?
            .recipient(at)
            .map_err(words)?;
        let signer = own(secret)?;
        let mut builder = MessageBuilder::from_bytes("", plain.to_vec())
            .seipd_v1(OsRng, SymmetricKeyAlgorithm::AES256);
        for key in &recipient.keys {
            match key {
                EncryptionPart::Primary(key) => builder.encrypt_to_key(OsRng, key),
                EncryptionPart::Sub(key) => builder.encrypt_to_key(OsRng, key),
            }
            .map_err(words)?;
        }
        builder.sign(
            &signer.primary_key,
            Password::empty(),
            HashAlgorithm::Sha256,
        );
        let mut out = Vec::new();
        builder
            .to_armored_writer(OsRng, ArmorOptions::default(), &mut out)
            .map_err(words)?;
        Ok(out)
    }
}

/// Five bits a letter, in the alphabet of z-base-32; 20 bytes are 32 letters.
fn z_base_32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ybndrfg8ejkmcpqxot1uwisza345h769";
    let mut out = String::new();
    for group in bytes.chunks(5) {
        let all = group
            .iter()
            .fold(0_u64, |n, byte| (n << 8) | u64::from(*byte));
        let all = all << (8 * (5 - group.len()));
        for place in (0..8).rev() {
            let five = usize::try_from((all >> (place * 5)) & 31).unwrap_or(0);
            out.push(LETTERS.get(five).map_or('y', |b| char::from(*b)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of the draft (draft-koch-openpgp-webkey-service, section 3.1).
    #[test]
    fn the_directory_name_is_that_of_the_draft() {
        let name = "iy9q119eutrkn8s1mk4r39qejnbu3n5q";
        assert_eq!(Pgp.directory_name("Joe.Doe"), name);
    }
}
