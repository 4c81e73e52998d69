//! Rights: who may do what, decided here and nowhere else.
//!
//! Invariants: a [`Permit`] cannot be made outside this crate; without one no
//! view is built and no command is sent; an act that is in no list is nobody's.
//! A stranger gets `None` for everything, whatever the reason.
//!
//! Deliberately absent: sessions and look-ups. Whoever asks brings the facts.

use std::collections::BTreeMap;

use candor_base::{AccountId, CaseId, ProgramSlug};
use candor_case::Actor;
use serde::{Deserialize, Serialize};

/// What a person may do in one program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProgramRole {
    /// Everything in the program, its settings and people included.
    Owner,
    /// Works on cases.
    Member,
}

/// What a token of the API is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// Reads cases.
    Read,
    /// Reads cases and acts on them.
    Act,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// A member of the team, both factors given.
    Staff {
        /// The account.
        account: AccountId,
        /// Manages people and programs of the instance; reads no case by that alone.
        admin: bool,
        /// Roles by program.
        roles: BTreeMap<ProgramSlug, ProgramRole>,
    },
    /// A program that a member of the team gave a token to; never more than that person.
    Token {
        /// The account that made the token.
        account: AccountId,
        /// The one program it is for. The person has a role there now.
        program: ProgramSlug,
        /// What it is good for.
        scope: TokenScope,
    },
    /// The reporter, in the room of one case.
    Room {
        /// The program.
        program: ProgramSlug,
        /// The case.
        case: CaseId,
    },
    /// Another party, on its page of one case.
    Party {
        /// The program.
        program: ProgramSlug,
        /// The case.
        case: CaseId,
        /// Its number there.
        party: u32,
    },
    /// Candor itself: time passed, a mail arrived or did not.
    System,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Read the case as far as one's view goes.
    ReadCase,
    /// Read a file of the case.
    ReadFile,
    /// Do this act on the case (`candor_case::Command::name`).
    Act(&'static str),
    /// Erase the case for good, or ask for that.
    EraseCase,
    /// Take a copy of the whole case out of the house.
    ExportCase,
    /// List the cases of a program.
    ReadInbox,
    /// Hand in a report that reached the team otherwise (S4-08).
    HandIn,
    /// Read and change a program's settings.
    Settings,
    /// Read the list of people of a program and add to it.
    People,
}

/// What the right is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFacts {
    /// The program.
    pub program: ProgramSlug,
    /// The case, when it is about one.
    pub case: Option<CaseId>,
    /// Who leads the case, where the right may depend on it.
    pub lead: Option<AccountId>,
}

impl CaseFacts {
    /// About a whole program.
    pub const fn program(program: ProgramSlug) -> Self {
        Self {
            program,
            case: None,
            lead: None,
        }
    }

    /// About one case.
    pub const fn case(program: ProgramSlug, case: CaseId) -> Self {
        Self {
            program,
            case: Some(case),
            lead: None,
        }
    }

    /// The same, led by this person.
    #[must_use]
    pub fn led_by(self, lead: Option<AccountId>) -> Self {
        Self { lead, ..self }
    }
}

/// Proof that a right was granted; names for whom, what and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    actor: Actor,
    action: Action,
    facts: CaseFacts,
}

impl Permit {
    /// Who acts, as a case records it.
    pub const fn actor(&self) -> Actor {
        self.actor
    }

    /// What was granted.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// The program it holds for.
    pub const fn program(&self) -> &ProgramSlug {
        &self.facts.program
    }

    /// The case it holds for, when it is about one.
    pub const fn case(&self) -> Option<CaseId> {
        self.facts.case
    }

    /// The team's side, as opposed to the reporter's.
    pub const fn is_team(&self) -> bool {
        matches!(self.actor, Actor::Team(_))
    }
}

/// Acts of the team.
pub const TEAM_ACTS: &[&str] = &[
    "assign",
    "acknowledge",
    "ask",
    "waive",
    "say",
    "assess",
    "accept",
    "reject",
    "mark_duplicate",
    "decide_objection",
    "fix",
    "mitigate",
    "plan_communication",
    "propose_date",
    "answer_date",
    "set_date_alone",
    "confirm_date",
    "record_fact",
    "save_draft",
    "approve",
    "publish",
    "answer_outlet",
    "record_cve",
    "invite_party",
    "renew_invitation",
    "party_status",
    "notify_party",
    "record_leak",
    "remove_party",
    "add_credit",
    "remove_credit",
    "extend",
    "waive_promise",
    "answer_alarm",
    "record_breach",
    "defer",
    "ask_to_end",
    "resume",
    "go_on",
    "work_out",
    "hand_over",
    "suspect_leak",
    "decide_leak",
    "end_embargo",
    "link_advisory",
    "close",
    "reopen",
    "note_signal",
    "record_awareness",
    "decide_not_reportable",
    "save_pack",
    "file_stage",
    "record_measure",
    "inform_users",
];

/// Acts of the reporter.
pub const REPORTER_ACTS: &[&str] = &[
    "say",
    "supply",
    "choose_credit",
    "answer_date",
    "propose_date",
    "object",
    "follow_up",
    "withdraw",
    "leave_embargo",
    "agree",
    "choose_key",
];

/// Acts of another party.
pub const PARTY_ACTS: &[&str] = &[
    "say",
    "answer_terms",
    "party_status",
    "record_leak",
    "propose_date",
    "answer_date",
    "leave_embargo",
    "link_advisory",
];

/// Acts of Candor itself.
pub const SYSTEM_ACTS: &[&str] = &[
    "receive",
    "tick",
    "recount",
    "mail_outcome",
    "say",
    "answer_outlet",
    "link_report",
    "follow_original",
    "enter_party",
];

/// The act of this name as the lists above hold it; `None` for an unknown word.
pub fn known_act(name: &str) -> Option<&'static str> {
    [TEAM_ACTS, REPORTER_ACTS, PARTY_ACTS, SYSTEM_ACTS]
        .into_iter()
        .flatten()
        .copied()
        .find(|act| *act == name)
}

/// Grants the right, or does not.
pub fn permit(who: &Principal, action: Action, facts: &CaseFacts) -> Option<Permit> {
    let actor = match who {
        Principal::Staff {
            account,
            admin,
            roles,
        } => {
            let role = roles.get(&facts.program).copied();
            let leads = facts.case.is_some() && facts.lead == Some(*account);
            let as_lead = role.is_some() && leads && action == Action::ExportCase;
            let may = as_lead || staff_may(role, *admin, action, facts.case.is_some());
            may.then_some(Actor::Team(*account))
        }
        Principal::Token {
            account,
            program,
            scope,
        } => {
            let own = *program == facts.program;
            let may = own && token_may(*scope, action, facts.case.is_some());
            may.then_some(Actor::Team(*account))
        }
        Principal::Room { program, case } => {
            let own = *program == facts.program && facts.case == Some(*case);
            (own && reporter_may(action)).then_some(Actor::Reporter)
        }
        Principal::Party {
            program,
            case,
            party,
        } => {
            let own = *program == facts.program && facts.case == Some(*case);
            (own && party_may(action)).then_some(Actor::Party(*party))
        }
        Principal::System => {
            let may = matches!(action, Action::Act(act) if SYSTEM_ACTS.contains(&act));
            (may && facts.case.is_some()).then_some(Actor::System)
        }
    }?;
    Some(Permit {
        actor,
        action,
        facts: facts.clone(),
    })
}

fn staff_may(role: Option<ProgramRole>, admin: bool, action: Action, about_case: bool) -> bool {
    match action {
        Action::ReadCase | Action::ReadFile => role.is_some() && about_case,
        Action::Act(act) => role.is_some() && about_case && TEAM_ACTS.contains(&act),
        Action::EraseCase | Action::ExportCase => role == Some(ProgramRole::Owner) && about_case,
        Action::ReadInbox | Action::HandIn => role.is_some() && !about_case,
        Action::Settings => role == Some(ProgramRole::Owner) && !about_case,
        Action::People => (admin || role == Some(ProgramRole::Owner)) && !about_case,
    }
}

/// Work on cases, and nothing that takes a second factor or changes who may do what.
fn token_may(scope: TokenScope, action: Action, about_case: bool) -> bool {
    match action {
        Action::ReadCase | Action::ReadFile => about_case,
        Action::ReadInbox => !about_case,
        Action::Act(act) => scope == TokenScope::Act && about_case && TEAM_ACTS.contains(&act),
        Action::EraseCase
        | Action::ExportCase
        | Action::HandIn
        | Action::Settings
        | Action::People => false,
    }
}

/// How much a party reads is for the read gate to say (`CaseState::party_sees`).
fn party_may(action: Action) -> bool {
    match action {
        Action::ReadCase | Action::ReadFile => true,
        Action::Act(act) => PARTY_ACTS.contains(&act),
        Action::EraseCase
        | Action::ExportCase
        | Action::ReadInbox
        | Action::HandIn
        | Action::Settings
        | Action::People => false,
    }
}

fn reporter_may(action: Action) -> bool {
    match action {
        Action::ReadCase | Action::ReadFile => true,
        Action::Act(act) => REPORTER_ACTS.contains(&act),
        Action::EraseCase
        | Action::ExportCase
        | Action::ReadInbox
        | Action::HandIn
        | Action::Settings
        | Action::People => false,
    }
}
