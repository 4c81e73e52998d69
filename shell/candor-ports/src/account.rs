//! Staff accounts and sessions: plain tables.

use candor_base::{AccountId, CaseId, Digest, Instant, ProgramSlug, SessionId};
use serde::{Deserialize, Serialize};

/// What a person may do in one program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything in the program, its settings and people included.
    Owner,
    /// Works on cases; may take the second look.
    Member,
}

/// A staff account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRecord {
    /// Its id.
    pub id: AccountId,
    /// What the person types to sign in; lower case, unique.
    pub login: String,
    /// Name shown to colleagues and reporters.
    pub name: String,
    /// Address for notices, when given.
    pub email: Option<String>,
    /// Argon2id hash in PHC form.
    pub pass_hash: String,
    /// The TOTP secret, sealed; `None` until the second factor is confirmed.
    pub totp_sealed: Option<Vec<u8>>,
    /// The last TOTP step used, so that no code works twice.
    pub totp_last_step: u64,
    /// Keyed hashes of the recovery codes that were not used yet.
    pub recovery: Vec<Digest>,
    /// Passkeys that open the desk without a pass phrase.
    pub passkeys: Vec<Passkey>,
    /// Manages programs and accounts of the instance.
    pub admin: bool,
    /// Roles by program.
    pub roles: Vec<(ProgramSlug, Role)>,
    /// Failed attempts since the last success.
    pub failures: u32,
    /// No attempt is looked at before this.
    pub locked_until: Option<Instant>,
    /// When it was made.
    pub created: Instant,
}

impl AccountRecord {
    /// Takes everything away that proves more than the pass phrase does.
    pub fn forget_factors(&mut self) {
        self.totp_sealed = None;
        self.recovery.clear();
        self.passkeys.clear();
    }
}

/// A passkey of an account. Its shape is stored: fields are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// The name that its device gave it.
    pub id: Vec<u8>,
    /// How it signs: the number of a COSE algorithm.
    pub algorithm: i64,
    /// The public key, as a `SubjectPublicKeyInfo`.
    pub public: Vec<u8>,
    /// What its device counted at the last use; 0 where it does not count.
    pub counter: u32,
    /// It lies with other devices, too.
    pub synced: bool,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub made: Instant,
    /// When it was used last.
    pub used: Option<Instant>,
}

/// What a session is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionKind {
    /// A member of the team, both factors given.
    Staff(AccountId),
    /// A member of the team who still has to confirm the second factor.
    HalfStaff(AccountId),
    /// A reporter in the room of one case.
    Room {
        /// The program.
        program: ProgramSlug,
        /// The case.
        case: CaseId,
    },
    /// Another party on its page of one case.
    Party {
        /// The program.
        program: ProgramSlug,
        /// The case.
        case: CaseId,
        /// Its number there.
        party: u32,
    },
}

/// The family of a browser, as it says by itself. It may say what it likes: good for telling
/// one's own sessions apart, and for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Browser {
    /// Firefox.
    Firefox,
    /// Edge.
    Edge,
    /// Opera.
    Opera,
    /// Chrome, Chromium, and what calls itself so.
    Chrome,
    /// Safari.
    Safari,
    /// Any other, or one that says nothing.
    #[serde(other)]
    Other,
}

/// What is kept of a session beside whose it is. Fields are only ever added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionAbout {
    /// The browser that signed in; `None`: no browser, or a session from before this was kept.
    pub browser: Option<Browser>,
    /// A half session in which another second factor is set up instead of the one there is.
    pub replaces: bool,
    /// When the second factor was given last in it.
    pub factor: Option<Instant>,
}

/// A session. Its secret is known only to the browser; the id is its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Hash of the secret.
    pub id: SessionId,
    /// What for.
    pub kind: SessionKind,
    /// What else is kept of it.
    pub about: SessionAbout,
    /// When it was made.
    pub created: Instant,
    /// Last use, for the idle limit.
    pub seen: Instant,
    /// Its end, whatever happens.
    pub expires: Instant,
}
