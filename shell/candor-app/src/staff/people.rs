//! The people of a program: reading the list, adding to it.

use std::collections::BTreeMap;

use candor_access::Action;
use candor_access::view::{AccountView, PeopleView, StaffProgram};
use candor_base::{Instant, ProgramSlug};
use candor_calendar::{WorkCalendar, show};
use candor_ports::{AccountRecord, Role, StoreError};

use crate::app::{App, program_card};
use crate::input::{ActError, Fault};
use crate::listing::Listing;
use crate::random;
use crate::seal::field_error;
use crate::staff::set_up::{checked_email, checked_login, checked_name};

/// Groups of five letters in a first pass phrase: 125 random bits.
pub(crate) const FIRST_PASS_GROUPS: usize = 5;

impl App {
    /// The programs a member of the team works in: own name, whether they manage
    /// the instance, programs with their counts.
    pub fn staff_programs(
        &self,
        token: &str,
    ) -> Result<(String, bool, Vec<StaffProgram>), ActError> {
        let staff = self.staff(token)?;
        let mut out = Vec::new();
        for (slug, role) in &staff.account.roles {
            let Some(record) = self.program(slug)? else {
                continue;
            };
            staff.may(Action::ReadInbox, slug)?;
            let in_force = self.policy_of(slug, &record.policy)?;
            let (open, overdue) = self.listing(slug, Listing::not_closed)?;
            out.push(StaffProgram {
                program: program_card(slug, &in_force),
                role: role_word(*role).to_owned(),
                open,
                overdue,
            });
        }
        out.sort_by(|a, b| {
            a.program
                .name
                .to_lowercase()
                .cmp(&b.program.name.to_lowercase())
        });
        Ok((staff.account.name, staff.account.admin, out))
    }

    /// The people page: for those who manage the instance everybody, for an owner
    /// the people of their programs.
    pub fn people(&self, token: &str) -> Result<PeopleView, ActError> {
        let staff = self.staff(token)?;
        let mut programs = Vec::new();
        for record in self.store().programs()? {
            if staff.may(Action::People, &record.slug).is_ok() {
                programs.push((record.slug.to_string(), record.name));
            }
        }
        if programs.is_empty() {
            return Err(ActError::NotFound);
        }
        let seen = |a: &AccountRecord| {
            staff.account.admin || a.roles.iter().any(|(p, _)| shared(&programs, p))
        };
        let mut accounts: Vec<AccountRecord> = self.store().accounts()?;
        accounts.retain(seen);
        accounts.sort_by_key(|a| a.name.to_lowercase());
        Ok(PeopleView {
            accounts: accounts
                .iter()
                .map(|a| {
                    let known = |p: &ProgramSlug| staff.account.admin || shared(&programs, p);
                    Ok(account_view(a, &known, self.reads_of(&a.id)?))
                })
                .collect::<Result<_, Fault>>()?,
            programs,
            can_add: true,
        })
    }

    /// Adds a person, or gives a person who is there a role in another program.
    /// Gives the first pass phrase, shown once; empty when the person has one.
    pub fn add_person(
        &self,
        token: &str,
        mut fields: BTreeMap<String, String>,
    ) -> Result<String, ActError> {
        let staff = self.staff(token)?;
        let mut field = |name: &str| fields.remove(name).unwrap_or_default().trim().to_owned();
        let program: ProgramSlug = field("program")
            .parse()
            .map_err(|_| field_error("program", "Choose a program."))?;
        staff.may(Action::People, &program)?;
        self.fresh(&staff, None)?;
        if self.program(&program)?.is_none() {
            return Err(field_error("program", "Choose a program."));
        }
        let role = match field("role").as_str() {
            "owner" => Role::Owner,
            "member" => Role::Member,
            _ => return Err(field_error("role", "Choose owner or member.")),
        };
        let login = checked_login(&field("login"))?;
        if let Some(account) = self.store().account_by_login(&login)? {
            return self.give_role(&account, &program, role);
        }
        let pass = random::spoken(self.entropy(), FIRST_PASS_GROUPS);
        let account = AccountRecord {
            id: random::account_id(self.entropy()),
            name: checked_name(&field("name"))?,
            email: checked_email(&field("email"))?,
            pass_hash: self.hashing.hash(&pass, self.entropy())?,
            totp_sealed: None,
            totp_last_step: 0,
            recovery: Vec::new(),
            passkeys: Vec::new(),
            admin: false,
            roles: vec![(program, role)],
            failures: 0,
            locked_until: None,
            created: self.now(),
            login,
        };
        match self.store().add_account(account) {
            Ok(()) => Ok(pass),
            Err(StoreError::Exists) => Err(field_error("login", "This login is taken.")),
            Err(other) => Err(other.into()),
        }
    }

    fn give_role(
        &self,
        account: &AccountRecord,
        program: &ProgramSlug,
        role: Role,
    ) -> Result<String, ActError> {
        let given = self.store().change_account(&account.id, &|account| {
            let new = account.roles.iter().all(|(p, _)| p != program);
            if new {
                account.roles.push((program.clone(), role));
            }
            new
        })?;
        if given {
            Ok(String::new())
        } else {
            Err(field_error(
                "login",
                "This person works in the program already.",
            ))
        }
    }
}

/// Whether this program is one of those the page is about.
fn shared(programs: &[(String, String)], program: &ProgramSlug) -> bool {
    programs.iter().any(|(slug, _)| slug == program.as_str())
}

/// A person with the roles that whoever looks may know of: an owner learns nothing of
/// what somebody does in other programs.
fn account_view(
    account: &AccountRecord,
    known: &dyn Fn(&ProgramSlug) -> bool,
    (cases_read, alarm): (u32, Option<Instant>),
) -> AccountView {
    let mut roles: Vec<String> = account
        .roles
        .iter()
        .filter(|(program, _)| known(program))
        .map(|(program, role)| format!("{} of {program}", role_word(*role)))
        .collect();
    if account.admin {
        roles.insert(0, "manages this instance".to_owned());
    }
    AccountView {
        id: account.id.to_string(),
        login: account.login.clone(),
        name: account.name.clone(),
        roles: roles.join(", "),
        second_factor: account.totp_sealed.is_some(),
        cases_read,
        read_alarm: alarm.map(|at| show(at, &WorkCalendar::default())),
    }
}

const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Member => "member",
    }
}
