//! The instance key: 32 bytes in a file of its own, outside the data directory.
//!
//! Invariants: the file is readable by its owner only, appears whole or not at
//! all, and is never overwritten; the key itself never leaves this type, only
//! what is derived from it does.
//!
//! Deliberately absent: where the file lies. The caller chooses a folder that does
//! not end in the same backup as the data.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use candor_ledger::{KeyName, VerifierKey};
use candor_ports::Vault;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::folder;
use crate::seal::{Key, NoEntropy, Place, random};

/// What stands before the 64 hexadecimal digits.
const MARK: &str = "candor-instance-key-v1 ";

/// Why there is no instance key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Others than its owner can read or write the file.
    #[error("{} is open to others (mode {mode:o}); it must be 600", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file holds no key.
    #[error("{} holds no instance key", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read or made.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system gave no random bytes.
    #[error("the system gave no random bytes for a new key")]
    NoEntropy,
}

impl KeyError {
    /// What happened and what to do, for the person who started Candor.
    pub fn for_person(&self) -> String {
        match self {
            Self::Exposed { path, .. } => format!(
                "Other users of this machine can read Candor's key in {0}. \
                 Candor does not use it like that. Make it private: chmod 600 {0}",
                path.display()
            ),
            Self::Malformed { path } => format!(
                "The file {} should hold Candor's key, but it holds something else. \
                 Candor left it as it is. Put the right key file back, or move this file away.",
                path.display()
            ),
            Self::Io { path, source } => format!(
                "Candor cannot use its key file {}: {source}. \
                 Check that the folder exists and belongs to you.",
                path.display()
            ),
            Self::NoEntropy => "The system could not give random bytes for a new key. \
                 Try again in a moment."
                .to_owned(),
        }
    }
}

/// 32 bytes from which keys for many purposes are derived.
#[derive(Clone)]
pub(crate) struct Root(Key);

impl Root {
    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Key::from_bytes(bytes))
    }

    /// The bytes themselves, to be sealed under another root.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.0.bytes()
    }

    /// A key for one purpose of the store itself.
    pub(crate) fn inner(&self, purpose: &str) -> Key {
        Key::from_bytes(self.expand("candor/store/v1/", purpose))
    }

    /// The public half of the key that signs receipts and checkpoints.
    pub(crate) fn log_verifier(&self) -> VerifierKey {
        let seed = self.expand("candor/derive/v1/", "receipt-signing");
        VerifierKey::of_seed(&KeyName::log(), &seed)
    }

    /// HKDF-SHA256 (RFC 5869) over the key, with prefix and purpose as info.
    fn expand(&self, prefix: &str, purpose: &str) -> [u8; 32] {
        let hkdf = Hkdf::<Sha256>::new(None, self.0.bytes());
        let mut out = [0_u8; 32];
        let info = [prefix.as_bytes(), purpose.as_bytes()];
        match hkdf.expand_multi_info(&info, &mut out) {
            Ok(()) => out,
            // 32 bytes are far below HKDF's limit. Should that ever change, the key
            // still depends on both inputs and is still a secret.
            Err(_) => crate::seal::keyed_hash(self.0.bytes(), &info),
        }
    }
}

/// The key that opens everything that is kept: program keys, accounts, sessions, settings and
/// the stable key are sealed under it. It can be changed (`SealedStore::rotate_instance`).
#[derive(Clone)]
pub struct InstanceKey(Root);

/// The key that never changes: what is found by a keyed hash, and the key that signs receipts,
/// hang on it. It lies sealed in the store (`SealedStore::vault`).
#[derive(Clone)]
pub struct StableKey(Root);

impl StableKey {
    pub(crate) const fn new(root: Root) -> Self {
        Self(root)
    }
}

impl std::fmt::Debug for StableKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[stable key]")
    }
}

impl std::fmt::Debug for InstanceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[instance key]")
    }
}

impl InstanceKey {
    /// Takes 32 random bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Root::from_bytes(bytes))
    }

    /// The root itself, for instances in which it is the stable key as well.
    pub(crate) const fn root(&self) -> &Root {
        &self.0
    }

    /// Reads the key; `None` when there is no such file.
    pub fn load(path: &Path) -> Result<Option<Self>, KeyError> {
        let io = |source| KeyError::Io {
            path: path.to_owned(),
            source,
        };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(io(e)),
        };
        if let Some(mode) = folder::open_to_others(&file).map_err(io)? {
            let path = path.to_owned();
            return Err(KeyError::Exposed { path, mode });
        }
        let mut text = Zeroizing::new(String::new());
        let malformed = || KeyError::Malformed {
            path: path.to_owned(),
        };
        // A key file is short; whatever is longer is something else.
        match io::Read::read_to_string(&mut io::Read::take(&file, 1024), &mut text) {
            Ok(_) => Self::parse(&text).map(Some).ok_or_else(malformed),
            Err(e) if e.kind() == io::ErrorKind::InvalidData => Err(malformed()),
            Err(e) => Err(io(e)),
        }
    }

    /// Reads the key, or makes a new one where there is no file yet.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        let io = |source| KeyError::Io {
            path: path.to_owned(),
            source,
        };
        if let Some(key) = Self::load(path)? {
            // A start that was cut off may have made the file and not its name.
            let parent = path.parent().unwrap_or_else(|| Path::new("."));
            folder::settle(path)
                .and_then(|()| folder::settle(parent))
                .map_err(io)?;
            return Ok(key);
        }
        let bytes = Zeroizing::new(random::<32>().map_err(|NoEntropy| KeyError::NoEntropy)?);
        Self::write(path, &bytes).map_err(io)?;
        // Read back: when another process was faster, its key is the key.
        Self::load(path)?.ok_or_else(|| KeyError::Malformed {
            path: path.to_owned(),
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let digits = text.trim_end().strip_prefix(MARK)?;
        let digest: candor_base::Digest = digits.parse().ok()?;
        Some(Self::from_bytes(*digest.as_bytes()))
    }

    /// Out of a text that did not come from a file: the line of a key file, or the 32
    /// bytes in Base64 (RFC 4648, section 4), with or without its padding.
    pub fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(key) = Self::parse(text) {
            return Some(key);
        }
        let digits = text.trim_end_matches('=');
        let bytes = Zeroizing::new(STANDARD_NO_PAD.decode(digits).ok()?);
        let bytes: [u8; 32] = bytes.as_slice().try_into().ok()?;
        Some(Self::from_bytes(bytes))
    }

    /// Whether both are one key.
    pub fn is_same(&self, other: &Self) -> bool {
        let mark = |key: &Self| key.0.expand("candor/same/v1/", "");
        mark(self) == mark(other)
    }

    /// Writes the key whole under another name, then links it to its own: a link
    /// never replaces a file that is there.
    fn write(path: &Path, bytes: &[u8; 32]) -> io::Result<()> {
        let parent = path.parent().unwrap_or_else(|| Path::new("."));
        if !parent.as_os_str().is_empty() {
            folder::make_private(parent)?;
        }
        let name =
            candor_base::CaseId::from_bytes(random().map_err(|e| io::Error::other(e.to_string()))?);
        let temp = parent.join(format!(".candor-key-{name}"));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        folder::owner_only(&mut options);
        let written = (|| {
            let mut file = options.open(&temp)?;
            let digits = candor_base::Digest::from_bytes(*bytes);
            let line = Zeroizing::new(format!("{MARK}{digits}\n"));
            file.write_all(line.as_bytes())?;
            file.sync_all()?;
            match fs::hard_link(&temp, path) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
                other => other,
            }
        })();
        let _ = fs::remove_file(&temp);
        written?;
        folder::sync(parent)
    }

    /// A key for one purpose of the store itself.
    pub(crate) fn inner(&self, purpose: &str) -> Key {
        self.0.inner(purpose)
    }
}

impl Vault for StableKey {
    fn derive(&self, purpose: &str) -> [u8; 32] {
        self.0.expand("candor/derive/v1/", purpose)
    }

    fn seal(&self, context: &str, plain: &[u8]) -> Vec<u8> {
        let place = Place::new("candor/vault/v1").at(context.as_bytes());
        // Too long is the only way to fail (256 GiB); what comes out then never opens.
        self.0
            .inner("vault")
            .seal(&place, plain)
            .unwrap_or_default()
    }

    fn open(&self, context: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let place = Place::new("candor/vault/v1").at(context.as_bytes());
        self.0.inner("vault").open(&place, sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_ever_after() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config/candor/instance.key");
        let first = InstanceKey::load_or_create(&path).unwrap();
        let again = InstanceKey::load_or_create(&path).unwrap();
        assert!(first.is_same(&again));
        assert!(!first.is_same(&InstanceKey::from_bytes([1; 32])));
        let left: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
        assert_eq!(left.len(), 1, "only the key file is left");
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("instance.key");
        InstanceKey::load_or_create(&path).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = InstanceKey::load_or_create(&path).unwrap_err();
        assert!(matches!(refused, KeyError::Exposed { mode: 0o640, .. }));
        assert!(refused.for_person().contains("chmod 600"));
    }

    #[test]
    fn a_file_without_a_key_is_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("instance.key");
        for content in [&b""[..], b"hello", &[0xFF; 40], &[b'a'; 5000]] {
            fs::write(&path, content).unwrap();
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            }
            let refused = InstanceKey::load_or_create(&path).unwrap_err();
            assert!(matches!(refused, KeyError::Malformed { .. }), "{refused}");
            assert_eq!(fs::read(&path).unwrap(), content);
        }
    }

    #[test]
    fn the_vault_opens_only_in_the_same_context_and_instance() {
        let key = StableKey::new(Root::from_bytes([1; 32]));
        let sealed = key.seal("totp", b"secret");
        assert_eq!(key.open("totp", &sealed).as_deref(), Some(&b"secret"[..]));
        assert_eq!(key.open("other", &sealed), None);
        let other = StableKey::new(Root::from_bytes([2; 32]));
        assert_eq!(other.open("totp", &sealed), None);
        assert_eq!(format!("{key:?}"), "[stable key]");
        let key = InstanceKey::from_bytes([1; 32]);
        assert_eq!(format!("{key:?}"), "[instance key]");
    }

    /// Computed apart from this code (Python's hmac) from RFC 5869.
    #[test]
    fn derived_keys_never_change() {
        let key = StableKey::new(Root::from_bytes([7; 32]));
        assert_eq!(
            candor_base::Digest::from_bytes(key.derive("receipt-code")).to_string(),
            "603c583c015fdaa42bd33366716985a68df7f6b0f59d565c25203063cdf5d626"
        );
    }
}
