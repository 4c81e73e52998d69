//! What the script of a page hands over, as JSON with fields in base64url.
//!
//! Invariant: whatever is longer than its limit is not read.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::device::DeviceData;
use crate::refused::Refused;
use crate::site::Site;

/// The longest text that is read.
pub const MOST_BYTES: usize = 16 * 1024;
/// The longest name of a key (section 4, credential id).
const MOST_ID: usize = 1_023;
const MOST_PUBLIC: usize = 2_048;
const MOST_SIGNATURE: usize = 2_048;

/// Nothing that the script of our page could have said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not what the script of the page hands over")]
pub struct Unreadable;

/// What the browser itself says of the ceremony (section 5.8.1).
#[derive(Debug, Clone)]
pub(crate) struct Client {
    bytes: Vec<u8>,
    said: ClientSaid,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientSaid {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    #[serde(default)]
    top_origin: Option<String>,
}

impl Client {
    fn read(bytes: Vec<u8>) -> Option<Self> {
        let said = serde_json::from_slice(&bytes).ok()?;
        Some(Self { bytes, said })
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn is_for(&self, kind: &str, question: &str, site: &Site) -> Result<(), Refused> {
        let said = &self.said;
        if said.kind != kind {
            return Err(Refused::Kind);
        }
        if said.challenge != question {
            return Err(Refused::Question);
        }
        if said.origin != site.origin() || said.cross_origin || said.top_origin.is_some() {
            return Err(Refused::Site);
        }
        Ok(())
    }

    fn question(&self) -> &str {
        &self.said.challenge
    }
}

/// A key that a browser made.
#[derive(Debug, Clone)]
pub struct NewKey {
    pub(crate) client: Client,
    pub(crate) device: DeviceData,
    pub(crate) id: Vec<u8>,
    pub(crate) number: i64,
    pub(crate) public: Vec<u8>,
}

/// A key that a person gave at the door.
#[derive(Debug, Clone)]
pub struct Given {
    pub(crate) client: Client,
    pub(crate) device: DeviceData,
    pub(crate) id: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    owner: Vec<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct NewKeyJson {
    id: String,
    client_data: String,
    device_data: String,
    algorithm: i64,
    public_key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct GivenJson {
    id: String,
    client_data: String,
    device_data: String,
    signature: String,
    owner: String,
}

fn bytes(text: &str, most: usize) -> Result<Vec<u8>, Unreadable> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Unreadable)?;
    (bytes.len() <= most).then_some(bytes).ok_or(Unreadable)
}

fn name(text: &str) -> Result<Vec<u8>, Unreadable> {
    let id = bytes(text, MOST_ID)?;
    (!id.is_empty()).then_some(id).ok_or(Unreadable)
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Unreadable> {
    if text.len() > MOST_BYTES {
        return Err(Unreadable);
    }
    serde_json::from_str(text).map_err(|_| Unreadable)
}

fn ceremony(client: &str, device: &str) -> Result<(Client, DeviceData), Unreadable> {
    let client = Client::read(bytes(client, MOST_BYTES)?).ok_or(Unreadable)?;
    let device = DeviceData::read(bytes(device, MOST_BYTES)?).ok_or(Unreadable)?;
    Ok((client, device))
}

impl NewKey {
    /// Reads what the script of the page handed over.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let json: NewKeyJson = read(text)?;
        let (client, device) = ceremony(&json.client_data, &json.device_data)?;
        Ok(Self {
            client,
            device,
            id: name(&json.id)?,
            number: json.algorithm,
            public: bytes(&json.public_key, MOST_PUBLIC)?,
        })
    }

    /// The question that it says it answers. Not believed: [`crate::take`] compares it.
    pub fn question(&self) -> &str {
        self.client.question()
    }
}

impl Given {
    /// Reads what the script of the page handed over.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let json: GivenJson = read(text)?;
        let (client, device) = ceremony(&json.client_data, &json.device_data)?;
        Ok(Self {
            client,
            device,
            id: name(&json.id)?,
            signature: bytes(&json.signature, MOST_SIGNATURE)?,
            owner: bytes(&json.owner, 64)?,
        })
    }

    /// The question that it says it answers. Not believed: [`crate::claim`] compares it.
    pub fn question(&self) -> &str {
        self.client.question()
    }

    /// The name of the key.
    pub fn id(&self) -> &[u8] {
        &self.id
    }

    /// Whose key it is, by what the device was told when the key was made; empty where the device
    /// does not say. Not believed.
    pub fn owner(&self) -> &[u8] {
        &self.owner
    }
}
