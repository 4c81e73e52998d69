//! Programs, their policy versions, and settings of the instance.

use candor_base::{AccountId, Digest, ProgramSlug};
use candor_ports::{KeptReading, NewPolicy, PolicyAct, PolicyActKind, ProgramRecord, StoreError};

use crate::db::{change, instant, many, one, params, slug};
use crate::keyring::{self, damaged, seal};
use crate::seal::Place;
use crate::sealing::open_text;
use crate::sql;
use crate::store::SealedStore;

pub(crate) fn settings_place(program: &ProgramSlug, digest: &Digest) -> Place {
    Place::new("candor/policy-settings/v1")
        .at(program.as_str().as_bytes())
        .at(digest.as_bytes())
}

pub(crate) fn setting_place(key: &str) -> Place {
    Place::new("candor/setting/v1").at(key.as_bytes())
}

/// A setting as it is stored.
pub(crate) fn sealed_setting(
    keys: &keyring::Keyring,
    key: &str,
    value: &str,
) -> Result<Vec<u8>, StoreError> {
    seal(keys.setting(), &setting_place(key), value.as_bytes())
}

/// How a kind is stored.
const KINDS: [(PolicyActKind, &str); 4] = [
    (PolicyActKind::File, "file"),
    (PolicyActKind::Published, "published"),
    (PolicyActKind::Settings, "settings"),
    (PolicyActKind::Reviewed, "reviewed"),
];

impl SealedStore {
    /// What was done with the policy of a program, oldest first.
    pub(crate) fn list_policy_acts(
        &self,
        program: &ProgramSlug,
    ) -> Result<Vec<PolicyAct>, StoreError> {
        let rows = self.readers.read(|conn| {
            many(
                conn,
                sql::POLICY_ACT_LIST,
                params![program.as_str()],
                |row| {
                    let kind: String = row.get(1)?;
                    let account: Option<[u8; 16]> = row.get(3)?;
                    Ok((row.get::<i64>(0)?, kind, row.get(2)?, account))
                },
            )
        })?;
        rows.into_iter()
            .map(|(at, kind, digest, account)| {
                let kind = KINDS.iter().find(|(_, name)| *name == kind);
                Ok(PolicyAct {
                    at: instant(at)?,
                    kind: kind.ok_or_else(|| damaged("a policy act"))?.0,
                    digest: Digest::from_bytes(digest),
                    account: account.map(AccountId::from_bytes),
                })
            })
            .collect()
    }

    pub(crate) fn list_programs(&self) -> Result<Vec<ProgramRecord>, StoreError> {
        let rows = self.readers.read(|conn| {
            many(conn, sql::PROGRAM_LIST, params![], |row| {
                let texts: (String, String) = (row.get(0)?, row.get(1)?);
                Ok((texts, row.get(2)?, row.get::<i64>(3)?))
            })
        })?;
        rows.into_iter()
            .map(|((program, name), policy, created)| {
                Ok(ProgramRecord {
                    slug: slug(&program)?,
                    name,
                    policy: Digest::from_bytes(policy),
                    created: instant(created)?,
                })
            })
            .collect()
    }

    pub(crate) fn write_program(
        &self,
        program: ProgramRecord,
        over: Option<Digest>,
        policy: NewPolicy,
        act: Option<PolicyAct>,
    ) -> Result<(), StoreError> {
        let another = act.as_ref().is_some_and(|a| a.digest != policy.digest);
        if program.policy != policy.digest || another {
            let why = "the program names another policy version than the one given";
            return Err(StoreError::Failed(why.to_owned()));
        }
        // Two callers may make the same program at once: the key that was stored
        // first counts, so key and settings are both made by the writer.
        let keys = self.keys.clone();
        self.writer.run(move |tx| {
            let slug = &program.slug;
            let in_force: Option<[u8; 32]> =
                one(tx, sql::PROGRAM_POLICY, params![slug.as_str()], |row| {
                    row.get(0)
                })?;
            if in_force.map(Digest::from_bytes) != over {
                return Err(StoreError::Conflict);
            }
            let existing = keys.stored_program(tx, slug)?;
            let (key, wrapped) = if let Some(found) = existing {
                found
            } else {
                let key = keyring::fresh()?;
                let wrapped = keys.wrap_program(slug, &key)?;
                (key, wrapped)
            };
            let created = program.created.unix();
            let current = program.policy.as_bytes();
            let values = params![slug.as_str(), program.name, current, created, wrapped];
            change(tx, sql::PROGRAM_UPSERT, values)?;
            let place = settings_place(slug, &policy.digest);
            let settings = seal(&key, &place, policy.settings.as_bytes())?;
            let (digest, since) = (policy.digest.as_bytes(), policy.since.unix());
            let reading = policy.reading.as_ref();
            let values = params![
                slug.as_str(),
                digest,
                policy.text,
                policy.file,
                settings,
                since,
                reading.map(|r| &r.policy),
                reading.map(|r| &r.compiler)
            ];
            change(tx, sql::POLICY_INSERT, values)?;
            let Some(act) = &act else {
                return Ok(());
            };
            let kind = KINDS.iter().find(|(kind, _)| *kind == act.kind);
            let values = params![
                slug.as_str(),
                act.at.unix(),
                kind.map(|(_, name)| *name),
                act.digest.as_bytes(),
                act.account.as_ref().map(AccountId::as_bytes)
            ];
            change(tx, sql::POLICY_ACT_INSERT, values).map(|_| ())
        })
    }

    pub(crate) fn read_policy(
        &self,
        program: &ProgramSlug,
        digest: &Digest,
    ) -> Result<Option<NewPolicy>, StoreError> {
        self.readers.read(|conn| {
            let values = params![program.as_str(), digest.as_bytes()];
            let row = one(conn, sql::POLICY_SELECT, values, |row| {
                let text: Vec<u8> = row.get(0)?;
                let sealed: Vec<u8> = row.get(2)?;
                let kept: (Option<String>, Option<String>) = (row.get(4)?, row.get(5)?);
                Ok((text, row.get(1)?, sealed, row.get::<i64>(3)?, kept))
            })?;
            let (Some((text, file, sealed, since, (reading, compiler))), Some(key)) =
                (row, self.keys.program(conn, program)?)
            else {
                return Ok(None);
            };
            let place = settings_place(program, digest);
            Ok(Some(NewPolicy {
                digest: *digest,
                text,
                file,
                settings: open_text(&key, &place, &sealed, "the settings of a policy")?,
                since: instant(since)?,
                reading: reading
                    .zip(compiler)
                    .map(|(policy, compiler)| KeptReading { compiler, policy }),
            }))
        })
    }

    pub(crate) fn read_setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        let sealed: Option<Vec<u8>> = self
            .readers
            .read(|conn| one(conn, sql::SETTING_SELECT, params![key], |row| row.get(0)))?;
        sealed
            .map(|sealed| {
                let place = setting_place(key);
                open_text(self.keys.setting(), &place, &sealed, "a setting")
            })
            .transpose()
    }

    /// Settings whose name begins so.
    pub(crate) fn read_settings_under(
        &self,
        prefix: &str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let rows = self.readers.read(|conn| {
            many(conn, sql::SETTING_UNDER, params![prefix], |row| {
                Ok((row.get::<String>(0)?, row.get::<Vec<u8>>(1)?))
            })
        })?;
        let open = |(key, sealed): (String, Vec<u8>)| {
            let place = setting_place(&key);
            let text = open_text(self.keys.setting(), &place, &sealed, "a setting")?;
            Ok((key, text))
        };
        rows.into_iter().map(open).collect()
    }

    /// Writes a setting unless it is there, whoever else tries the same.
    pub(crate) fn first_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let sealed = sealed_setting(&self.keys, key, value)?;
        let key = key.to_owned();
        self.writer
            .run(move |tx| change(tx, sql::SETTING_FIRST, params![key, sealed]).map(drop))
    }

    pub(crate) fn write_setting(&self, key: &str, value: Option<&str>) -> Result<(), StoreError> {
        let sealed = value
            .map(|value| sealed_setting(&self.keys, key, value))
            .transpose()?;
        let key = key.to_owned();
        self.writer.run(move |tx| {
            match &sealed {
                Some(sealed) => change(tx, sql::SETTING_UPSERT, params![key, sealed])?,
                None => change(tx, sql::SETTING_DELETE, params![key])?,
            };
            Ok(())
        })
    }
}
