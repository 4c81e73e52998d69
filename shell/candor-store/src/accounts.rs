//! Staff accounts and sessions.
//!
//! Invariant: whoever counts or changes what stands there does so inside the one
//! writer, or only when the record is still the one that was read.
//!
//! Login, name, address, pass hash and roles lie in one sealed record; the login is
//! found by its keyed hash. Only counters that change on their own stand in clear.

use candor_base::{AccountId, CaseId, Digest, Instant, ProgramSlug, SessionId};
use candor_ports::{
    AccountRecord, Passkey, Role, SessionAbout, SessionKind, SessionRecord, StoreError,
};
use serde::{Deserialize, Serialize};

use crate::db::{Param, Row, change, count, instant, int, many, one, params};
use crate::keyring::{damaged, seal};
use crate::seal::Place;
use crate::sealing::{open_json, to_json};
use crate::sql;
use crate::store::SealedStore;

/// How often a change is made anew because somebody else was first. Each time
/// somebody else has come through, so this many at once would have to change one account.
const SWAPS: u32 = 64;

/// The sealed part of an account. Its shape is stored: fields are only ever added.
#[derive(Serialize, Deserialize)]
struct StoredAccount {
    login: String,
    name: String,
    email: Option<String>,
    pass_hash: String,
    totp_sealed: Option<Vec<u8>>,
    #[serde(default)]
    recovery: Vec<Digest>,
    #[serde(default)]
    passkeys: Vec<Passkey>,
    admin: bool,
    roles: Vec<(ProgramSlug, Role)>,
    created: Instant,
}

/// What a session is for, as stored.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
enum StoredKind {
    Staff {
        account: AccountId,
    },
    HalfStaff {
        account: AccountId,
    },
    Room {
        program: ProgramSlug,
        case: CaseId,
    },
    Party {
        program: ProgramSlug,
        case: CaseId,
        party: u32,
    },
}

/// The sealed part of a session.
#[derive(Serialize, Deserialize)]
struct StoredSession {
    #[serde(flatten)]
    kind: StoredKind,
    #[serde(flatten)]
    about: SessionAbout,
}

impl StoredSession {
    /// The account, where it is one of an account.
    fn account(&self) -> Option<AccountId> {
        match self.kind {
            StoredKind::Staff { account } | StoredKind::HalfStaff { account } => Some(account),
            StoredKind::Room { .. } | StoredKind::Party { .. } => None,
        }
    }
}

impl From<&SessionKind> for StoredKind {
    fn from(kind: &SessionKind) -> Self {
        match kind.clone() {
            SessionKind::Staff(account) => Self::Staff { account },
            SessionKind::HalfStaff(account) => Self::HalfStaff { account },
            SessionKind::Room { program, case } => Self::Room { program, case },
            SessionKind::Party {
                program,
                case,
                party,
            } => Self::Party {
                program,
                case,
                party,
            },
        }
    }
}

impl From<StoredKind> for SessionKind {
    fn from(kind: StoredKind) -> Self {
        match kind {
            StoredKind::Staff { account } => Self::Staff(account),
            StoredKind::HalfStaff { account } => Self::HalfStaff(account),
            StoredKind::Room { program, case } => Self::Room { program, case },
            StoredKind::Party {
                program,
                case,
                party,
            } => Self::Party {
                program,
                case,
                party,
            },
        }
    }
}

pub(crate) fn account_place(id: &AccountId) -> Place {
    Place::new("candor/account/v1").at(id.as_bytes())
}

pub(crate) fn session_place(id: &SessionId) -> Place {
    Place::new("candor/session/v1").at(id.as_bytes())
}

/// An account's row before it is opened.
struct AccountRow {
    id: AccountId,
    sealed: Vec<u8>,
    totp_last_step: i64,
    failures: u32,
    locked_until: Option<i64>,
}

fn account_row(row: &Row<'_>) -> Result<AccountRow, StoreError> {
    Ok(AccountRow {
        id: AccountId::from_bytes(row.get(0)?),
        sealed: row.get(1)?,
        totp_last_step: row.get(2)?,
        failures: row.get(3)?,
        locked_until: row.get(4)?,
    })
}

/// An account's row ready to be written.
struct SealedAccount {
    id: AccountId,
    login_hash: [u8; 32],
    sealed: Vec<u8>,
    totp_last_step: i64,
    failures: u32,
    locked_until: Option<i64>,
}

impl SealedAccount {
    fn params(&self) -> [&dyn Param; 6] {
        [
            &self.id,
            &self.login_hash,
            &self.sealed,
            &self.totp_last_step,
            &self.failures,
            &self.locked_until,
        ]
    }
}

fn no_account() -> StoreError {
    StoreError::Failed("there is no such account".to_owned())
}

impl SealedStore {
    fn seal_account(&self, account: AccountRecord) -> Result<SealedAccount, StoreError> {
        let id = account.id;
        let login_hash = *self.keys.login_hash(&account.login).as_bytes();
        let json = zeroize::Zeroizing::new(to_json(&StoredAccount {
            login: account.login,
            name: account.name,
            email: account.email,
            pass_hash: account.pass_hash,
            totp_sealed: account.totp_sealed,
            recovery: account.recovery,
            passkeys: account.passkeys,
            admin: account.admin,
            roles: account.roles,
            created: account.created,
        })?);
        Ok(SealedAccount {
            id,
            login_hash,
            sealed: seal(self.keys.account(), &account_place(&id), &json)?,
            totp_last_step: int(account.totp_last_step)?,
            failures: account.failures,
            locked_until: account.locked_until.map(Instant::unix),
        })
    }

    fn open_account(&self, row: &AccountRow) -> Result<AccountRecord, StoreError> {
        let place = account_place(&row.id);
        let stored: StoredAccount =
            open_json(self.keys.account(), &place, &row.sealed, "an account")?;
        Ok(AccountRecord {
            id: row.id,
            login: stored.login,
            name: stored.name,
            email: stored.email,
            pass_hash: stored.pass_hash,
            totp_sealed: stored.totp_sealed,
            totp_last_step: count(row.totp_last_step)?,
            recovery: stored.recovery,
            passkeys: stored.passkeys,
            admin: stored.admin,
            roles: stored.roles,
            failures: row.failures,
            locked_until: row.locked_until.map(instant).transpose()?,
            created: stored.created,
        })
    }

    pub(crate) fn insert_account(&self, account: AccountRecord) -> Result<(), StoreError> {
        let row = self.seal_account(account)?;
        self.writer
            .run(move |tx| change(tx, sql::ACCOUNT_INSERT, &row.params()).map(|_| ()))
    }

    pub(crate) fn rewrite_account(&self, account: AccountRecord) -> Result<(), StoreError> {
        let row = self.seal_account(account)?;
        self.writer.run(
            move |tx| match change(tx, sql::ACCOUNT_UPDATE, &row.params())? {
                0 => Err(no_account()),
                _ => Ok(()),
            },
        )
    }

    /// The first account, and the end of the setting that allowed it, in one transaction.
    pub(crate) fn insert_first_account(
        &self,
        account: AccountRecord,
        spent: &str,
    ) -> Result<(), StoreError> {
        let row = self.seal_account(account)?;
        let spent = spent.to_owned();
        self.writer.run(move |tx| {
            if change(tx, sql::ACCOUNT_INSERT_FIRST, &row.params())? == 0 {
                return Err(StoreError::Exists);
            }
            change(tx, sql::SETTING_DELETE, params![&spent]).map(|_| ())
        })
    }

    /// Reads, changes, and writes only over what was read.
    pub(crate) fn swap_account(
        &self,
        id: &AccountId,
        edit: &dyn Fn(&mut AccountRecord) -> bool,
    ) -> Result<bool, StoreError> {
        for _ in 0..SWAPS {
            let found = self.readers.read(|conn| {
                one(
                    conn,
                    sql::ACCOUNT_SELECT,
                    params![id.as_bytes()],
                    account_row,
                )
            })?;
            let old = found.ok_or_else(no_account)?;
            let mut account = self.open_account(&old)?;
            if !edit(&mut account) {
                return Ok(false);
            }
            // An edit changes a record, it does not move it to another person.
            account.id = *id;
            let new = self.seal_account(account)?;
            let swapped = self.writer.run(move |tx| {
                let values = params![new.id.as_bytes(), new.login_hash, new.sealed, old.sealed];
                change(tx, sql::ACCOUNT_SWAP, values).map(|changed| changed == 1)
            })?;
            if swapped {
                return Ok(true);
            }
        }
        Err(StoreError::Conflict)
    }

    /// Reads and writes the counter inside the one writer.
    pub(crate) fn count_failure(
        &self,
        id: &AccountId,
        now: Instant,
        pause: fn(u32) -> Option<i64>,
    ) -> Result<(), StoreError> {
        let id = *id;
        self.writer.run(move |tx| {
            let before: Option<u32> =
                one(tx, sql::ACCOUNT_FAILURES, params![id.as_bytes()], |row| {
                    row.get(0)
                })?;
            let count = before.ok_or_else(no_account)?.saturating_add(1);
            let until = pause(count).map(|seconds| now.plus_seconds(seconds).unix());
            let values = params![id.as_bytes(), count, until];
            change(tx, sql::ACCOUNT_SET_FAILURES, values).map(|_| ())
        })
    }

    pub(crate) fn set_failures(
        &self,
        id: &AccountId,
        count: u32,
        until: Option<Instant>,
    ) -> Result<(), StoreError> {
        let (id, until) = (*id, until.map(Instant::unix));
        self.writer.run(move |tx| {
            let values = params![id.as_bytes(), count, until];
            match change(tx, sql::ACCOUNT_SET_FAILURES, values)? {
                0 => Err(no_account()),
                _ => Ok(()),
            }
        })
    }

    pub(crate) fn list_accounts(&self) -> Result<Vec<AccountRecord>, StoreError> {
        let rows = self
            .readers
            .read(|conn| many(conn, sql::ACCOUNT_LIST, params![], account_row))?;
        let mut accounts: Vec<_> = rows
            .into_iter()
            .map(|row| self.open_account(&row))
            .collect::<Result<_, _>>()?;
        // The database cannot sort what it cannot read.
        accounts.sort_by(|a, b| a.login.cmp(&b.login));
        Ok(accounts)
    }

    pub(crate) fn read_account(&self, id: &AccountId) -> Result<Option<AccountRecord>, StoreError> {
        self.readers
            .read(|conn| {
                one(
                    conn,
                    sql::ACCOUNT_SELECT,
                    params![id.as_bytes()],
                    account_row,
                )
            })?
            .map(|row| self.open_account(&row))
            .transpose()
    }

    pub(crate) fn find_account(&self, login: &str) -> Result<Option<AccountRecord>, StoreError> {
        let hash = self.keys.login_hash(login);
        let found = self
            .readers
            .read(|conn| {
                one(
                    conn,
                    sql::ACCOUNT_BY_LOGIN,
                    params![hash.as_bytes()],
                    account_row,
                )
            })?
            .map(|row| self.open_account(&row))
            .transpose()?;
        match found {
            // A hash moved to another account's row must not open that account.
            Some(account) if account.login != login => Err(damaged("an account")),
            other => Ok(other),
        }
    }

    pub(crate) fn spend_totp_step(&self, id: &AccountId, step: u64) -> Result<bool, StoreError> {
        let (id, step) = (*id, int(step)?);
        self.writer.run(move |tx| {
            let values = params![id.as_bytes(), step];
            change(tx, sql::ACCOUNT_USE_TOTP_STEP, values).map(|changed| changed == 1)
        })
    }

    fn seal_session(&self, session: &SessionRecord) -> Result<Vec<u8>, StoreError> {
        let json = to_json(&StoredSession {
            kind: StoredKind::from(&session.kind),
            about: session.about.clone(),
        })?;
        seal(self.keys.session(), &session_place(&session.id), &json)
    }

    pub(crate) fn reseal_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        let (id, sealed) = (session.id, self.seal_session(session)?);
        self.writer.run(move |tx| {
            let values = params![id.as_bytes(), sealed];
            change(tx, sql::SESSION_RESEAL, values).map(|_| ())
        })
    }

    pub(crate) fn insert_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        let id = session.id;
        let sealed = self.seal_session(session)?;
        let created = session.created.unix();
        let (seen, expires) = (session.seen.unix(), session.expires.unix());
        self.writer.run(move |tx| {
            let values = params![id.as_bytes(), sealed, created, seen, expires];
            change(tx, sql::SESSION_INSERT, values).map(|_| ())
        })
    }

    pub(crate) fn read_session(&self, id: &SessionId) -> Result<Option<SessionRecord>, StoreError> {
        let row = self.readers.read(|conn| {
            one(conn, sql::SESSION_SELECT, params![id.as_bytes()], |row| {
                let times: (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
                Ok((row.get::<Vec<u8>>(0)?, times))
            })
        })?;
        row.map(|(sealed, (created, seen, expires))| {
            let stored = self.open_session(id, &sealed)?;
            Ok(SessionRecord {
                id: *id,
                kind: stored.kind.into(),
                about: stored.about,
                created: instant(created)?,
                seen: instant(seen)?,
                expires: instant(expires)?,
            })
        })
        .transpose()
    }

    pub(crate) fn see_session(&self, id: &SessionId, seen: Instant) -> Result<(), StoreError> {
        let (id, seen) = (*id, seen.unix());
        self.writer
            .run(move |tx| change(tx, sql::SESSION_TOUCH, params![id.as_bytes(), seen]).map(|_| ()))
    }

    pub(crate) fn delete_session(&self, id: &SessionId) -> Result<(), StoreError> {
        let id = *id;
        self.writer
            .run(move |tx| change(tx, sql::SESSION_DELETE, params![id.as_bytes()]).map(|_| ()))
    }

    fn open_session(&self, id: &SessionId, sealed: &[u8]) -> Result<StoredSession, StoreError> {
        open_json(self.keys.session(), &session_place(id), sealed, "a session")
    }

    /// Whose a session is cannot be read in the table, so each is opened.
    fn session_ids_of(&self, account: &AccountId) -> Result<Vec<SessionId>, StoreError> {
        let all = self.readers.read(|conn| {
            many(conn, sql::SESSION_LIST, params![], |row| {
                Ok((SessionId::from_bytes(row.get(0)?), row.get::<Vec<u8>>(1)?))
            })
        })?;
        let mut own = Vec::new();
        for (id, sealed) in all {
            if self.open_session(&id, &sealed)?.account() == Some(*account) {
                own.push(id);
            }
        }
        Ok(own)
    }

    pub(crate) fn list_sessions_of(
        &self,
        account: &AccountId,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let mut own = Vec::new();
        for id in self.session_ids_of(account)? {
            // Ended in the meantime: gone from the list.
            own.extend(self.read_session(&id)?);
        }
        Ok(own)
    }

    pub(crate) fn delete_sessions_of(&self, account: &AccountId) -> Result<u32, StoreError> {
        let mut ended = 0;
        for id in self.session_ids_of(account)? {
            self.delete_session(&id)?;
            ended += 1;
        }
        Ok(ended)
    }

    pub(crate) fn delete_old_sessions(
        &self,
        now: Instant,
        idle_before: Instant,
    ) -> Result<(), StoreError> {
        let (now, idle_before) = (now.unix(), idle_before.unix());
        self.writer
            .run(move |tx| change(tx, sql::SESSION_SWEEP, params![now, idle_before]).map(|_| ()))
    }
}
