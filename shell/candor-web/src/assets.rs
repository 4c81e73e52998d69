//! The stylesheet and the script for passkeys, carried in the binary and named by their own
//! hashes.

use std::fmt::Write as _;
use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

/// The stylesheet.
pub(crate) const STYLE: &str = include_str!("../assets/candor.css");

/// First digits of its hash: a changed file gets a new address.
pub(crate) static STYLE_HASH: LazyLock<String> =
    LazyLock::new(|| hex(Sha256::digest(STYLE.as_bytes()).iter().take(8)));

/// Its file name.
pub(crate) static STYLE_FILE: LazyLock<String> =
    LazyLock::new(|| format!("candor.{}.css", *STYLE_HASH));

/// Its path.
pub(crate) static STYLE_PATH: LazyLock<String> =
    LazyLock::new(|| format!("/assets/{}", *STYLE_FILE));

/// The script for passkeys.
pub(crate) const SCRIPT: &str = include_str!("../assets/passkey.js");

/// Its file name, with the first digits of its hash.
pub(crate) static SCRIPT_FILE: LazyLock<String> = LazyLock::new(|| {
    let hash = hex(Sha256::digest(SCRIPT.as_bytes()).iter().take(8));
    format!("passkey.{hash}.js")
});

/// Its path.
pub(crate) static SCRIPT_PATH: LazyLock<String> =
    LazyLock::new(|| format!("/assets/{}", *SCRIPT_FILE));

/// Bytes in hex.
pub(crate) fn hex<'a>(bytes: impl Iterator<Item = &'a u8>) -> String {
    bytes.fold(String::new(), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}
