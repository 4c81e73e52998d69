//! What `candor doctor` needs to know of the inside: programs, people, cases.
//!
//! Invariant: no content of a case, no address of anybody; logins and roles only.

use candor_app::{GithubState, github_state};
use candor_base::Level;
use candor_ports::{LETTERS_HELD, Role, Store, StoreError};
use serde::{Deserialize, Serialize};

/// The inside of an instance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Overview {
    /// Programs.
    pub programs: Vec<Program>,
    /// People.
    pub people: Vec<Person>,
    /// Number of cases.
    pub cases: usize,
    /// A running server listens beyond this machine without encryption.
    #[serde(default)]
    pub exposed: bool,
    /// The clock of the machine is in doubt: what that means, and what to do.
    #[serde(default)]
    pub clock: Option<String>,
    /// The last backup that the server tried failed: of what.
    #[serde(default)]
    pub backup: Option<String>,
    /// Cases that the search does not find yet.
    #[serde(default)]
    pub not_found_yet: u64,
    /// Letters are held back since a backup was put back.
    #[serde(default)]
    pub letters_held: bool,
    /// The data was put back from a backup: what that means.
    #[serde(default)]
    pub restored: Option<String>,
    /// The public log stands still: why.
    #[serde(default)]
    pub log: Option<String>,
    /// The disk is full, or was: what that means, and what to do.
    #[serde(default)]
    pub disk: Option<String>,
}

/// A program.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Program {
    /// Its name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Mistakes and warnings of its policy, as `code (line 3)`.
    pub findings: Vec<String>,
    /// How its repository on GitHub stands, where it was asked.
    #[serde(default)]
    pub github: Option<GithubState>,
}

/// Somebody with an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Person {
    /// What they type to sign in.
    pub login: String,
    /// Manages the instance.
    pub admin: bool,
    /// `program: owner`.
    pub roles: Vec<String>,
    /// The second factor is confirmed.
    pub second_factor: bool,
}

/// Gathers it from the store.
pub(crate) fn overview(store: &dyn Store) -> Result<Overview, StoreError> {
    let mut programs = Vec::new();
    for record in store.programs()? {
        let findings = store
            .policy(&record.slug, &record.policy)?
            .and_then(|version| candor_policy::read_policy(&version.text).ok())
            .map(|given| given.compiled.findings)
            .unwrap_or_default();
        programs.push(Program {
            github: github_state(store, &record.slug)?,
            slug: record.slug.to_string(),
            name: record.name,
            findings: findings
                .iter()
                .filter(|f| f.level != Level::Note)
                .map(|f| match f.span {
                    Some(span) => format!("{} ({span})", f.code),
                    None => f.code.clone(),
                })
                .collect(),
        });
    }
    let people = store
        .accounts()?
        .into_iter()
        .map(|a| Person {
            login: a.login,
            admin: a.admin,
            roles: a
                .roles
                .iter()
                .map(|(program, role)| match role {
                    Role::Owner => format!("{program}: owner"),
                    Role::Member => format!("{program}: member"),
                })
                .collect(),
            second_factor: a.totp_sealed.is_some(),
        })
        .collect();
    Ok(Overview {
        programs,
        people,
        cases: store.all_cases()?.len(),
        exposed: false,
        clock: None,
        backup: None,
        not_found_yet: store.count_not_found_yet(None)?,
        letters_held: store.setting(LETTERS_HELD)?.is_some(),
        restored: candor_app::restored(store)?.map(|restored| restored.operator()),
        log: None,
        disk: candor_app::space_trouble(store.space()),
    })
}
