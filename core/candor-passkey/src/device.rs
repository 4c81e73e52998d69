//! What a device says of itself and of the person (section 6.1).
//!
//! Invariant: flags that contradict each other are refused.

use crate::algorithm::Algorithm;
use crate::refused::Refused;
use crate::site::Site;

/// A key that was taken, as it is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The name that the device gave the key, 1 to 1,023 bytes.
    pub id: Vec<u8>,
    /// How it signs.
    pub algorithm: Algorithm,
    /// The public key, as a `SubjectPublicKeyInfo` (RFC 5280). Nobody has looked into it yet.
    pub public: Vec<u8>,
    /// What the device counts; 0 where it does not count.
    pub counter: u32,
    /// The key lies with other devices, too.
    pub synced: bool,
}

const HASH: usize = 32;
/// Up to the counter and with it.
const HEAD: usize = HASH + 1 + 4;
const MODEL: usize = 16;

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const MAY_SYNC: u8 = 0x08;
const SYNCED: u8 = 0x10;
const NAMES_KEY: u8 = 0x40;

/// The bytes that a device signs, of which the head was found to be there.
#[derive(Debug, Clone)]
pub(crate) struct DeviceData {
    bytes: Vec<u8>,
    flags: u8,
    counter: u32,
}

/// The state of a device at a ceremony.
#[derive(Debug, Clone, Copy)]
pub(crate) struct State {
    pub(crate) counter: u32,
    pub(crate) synced: bool,
}

impl DeviceData {
    pub(crate) fn read(bytes: Vec<u8>) -> Option<Self> {
        let flags = *bytes.get(HASH)?;
        let counter = bytes.get(HASH + 1..HEAD)?.try_into().ok()?;
        Some(Self {
            flags,
            counter: u32::from_be_bytes(counter),
            bytes,
        })
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    const fn says(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    pub(crate) fn state(&self, site: &Site) -> Result<State, Refused> {
        if self.bytes.get(..HASH) != Some(site.hash().as_slice()) {
            return Err(Refused::Site);
        }
        if !self.says(PRESENT) || !self.says(VERIFIED) {
            return Err(Refused::Person);
        }
        // A key that cannot be with others cannot be with others now.
        if self.says(SYNCED) && !self.says(MAY_SYNC) {
            return Err(Refused::Key);
        }
        Ok(State {
            counter: self.counter,
            synced: self.says(SYNCED),
        })
    }

    /// The name of the key that was made, where one was.
    pub(crate) fn named(&self) -> Option<&[u8]> {
        if !self.says(NAMES_KEY) {
            return None;
        }
        let at = HEAD + MODEL;
        let length: [u8; 2] = self.bytes.get(at..at + 2)?.try_into().ok()?;
        let length = usize::from(u16::from_be_bytes(length));
        self.bytes.get(at + 2..at + 2 + length)
    }
}
