//! Every principal kind against every action: the table of rights, written a
//! second time as words.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::collections::BTreeMap;

use candor_access::{
    Action, CaseFacts, PARTY_ACTS, Principal, ProgramRole, REPORTER_ACTS, SYSTEM_ACTS, TEAM_ACTS,
    TokenScope, known_act, permit,
};
use candor_base::{AccountId, CaseId, ProgramSlug};
use candor_case::{Actor, COMMANDS};

fn slug(text: &str) -> ProgramSlug {
    text.parse().unwrap()
}

fn case(n: u8) -> CaseId {
    CaseId::from_bytes([n; 16])
}

fn staff(admin: bool, role: Option<ProgramRole>) -> Principal {
    let roles: BTreeMap<_, _> = role.map(|r| (slug("ours"), r)).into_iter().collect();
    Principal::Staff {
        account: AccountId::from_bytes([7; 16]),
        admin,
        roles,
    }
}

/// Name, principal.
fn principals() -> Vec<(&'static str, Principal)> {
    let room = |program: &str, n: u8| Principal::Room {
        program: slug(program),
        case: case(n),
    };
    let party = |n: u8| Principal::Party {
        program: slug("ours"),
        case: case(n),
        party: 3,
    };
    let token = |program: &str, scope: TokenScope| Principal::Token {
        account: AccountId::from_bytes([7; 16]),
        program: slug(program),
        scope,
    };
    vec![
        ("reading token", token("ours", TokenScope::Read)),
        ("acting token", token("ours", TokenScope::Act)),
        (
            "acting token of another program",
            token("theirs", TokenScope::Act),
        ),
        ("owner", staff(false, Some(ProgramRole::Owner))),
        ("member", staff(false, Some(ProgramRole::Member))),
        ("admin", staff(true, None)),
        ("admin owner", staff(true, Some(ProgramRole::Owner))),
        ("admin member", staff(true, Some(ProgramRole::Member))),
        ("nobody", staff(false, None)),
        ("reporter", room("ours", 1)),
        ("reporter of another case", room("ours", 2)),
        ("reporter of another program", room("theirs", 1)),
        ("party", party(1)),
        ("party of another case", party(2)),
        ("system", Principal::System),
    ]
}

fn actions() -> Vec<Action> {
    let mut out = vec![
        Action::ReadCase,
        Action::ReadFile,
        Action::EraseCase,
        Action::ExportCase,
        Action::ReadInbox,
        Action::HandIn,
        Action::Settings,
        Action::People,
        Action::Act("nonsense"),
    ];
    let mut acts: Vec<&'static str> = [TEAM_ACTS, REPORTER_ACTS, PARTY_ACTS, SYSTEM_ACTS].concat();
    acts.sort_unstable();
    acts.dedup();
    out.extend(acts.into_iter().map(Action::Act));
    out
}

/// The same table in other words: who may do what about case 1 of `ours`, or about the program.
fn expected(who: &str, action: Action, about_case: bool) -> bool {
    let works_here = matches!(who, "owner" | "member" | "admin owner" | "admin member");
    let owns = matches!(who, "owner" | "admin owner");
    match (action, about_case) {
        (Action::ReadCase | Action::ReadFile, true) => {
            works_here || matches!(who, "reporter" | "party" | "reading token" | "acting token")
        }
        (Action::Act(act), true) => {
            (works_here || who == "acting token") && TEAM_ACTS.contains(&act)
                || who == "reporter" && REPORTER_ACTS.contains(&act)
                || who == "party" && PARTY_ACTS.contains(&act)
                || who == "system" && SYSTEM_ACTS.contains(&act)
        }
        (Action::ReadInbox, false) => works_here || matches!(who, "reading token" | "acting token"),
        (Action::HandIn, false) => works_here,
        (Action::Settings, false) | (Action::EraseCase | Action::ExportCase, true) => owns,
        (Action::People, false) => owns || who.starts_with("admin"),
        _ => false,
    }
}

#[test]
fn every_cell_of_the_table_is_as_written() {
    let mut cells = 0;
    for (who, principal) in principals() {
        for action in actions() {
            for (facts, about_case) in [
                (CaseFacts::case(slug("ours"), case(1)), true),
                (CaseFacts::program(slug("ours")), false),
            ] {
                let got = permit(&principal, action, &facts);
                let want = expected(who, action, about_case);
                assert_eq!(got.is_some(), want, "{who}, {action:?}, case: {about_case}");
                cells += 1;
            }
        }
    }
    assert!(cells > 500, "{cells}");
}

#[test]
fn whoever_leads_a_case_may_take_it_out_and_gets_no_other_right_by_that() {
    let lead = AccountId::from_bytes([7; 16]);
    let facts = || CaseFacts::case(slug("ours"), case(1)).led_by(Some(lead));
    for (who, principal) in principals() {
        for action in actions() {
            let got = permit(&principal, action, &facts()).is_some();
            let leads = matches!(who, "member" | "admin member") && action == Action::ExportCase;
            assert_eq!(
                got,
                leads || expected(who, action, true),
                "{who}, {action:?}"
            );
        }
    }
    let other = facts().led_by(Some(AccountId::from_bytes([8; 16])));
    let member = staff(false, Some(ProgramRole::Member));
    assert!(permit(&member, Action::ExportCase, &other).is_none());
}

#[test]
fn nobody_has_a_right_in_a_program_that_is_not_theirs() {
    for (who, principal) in principals() {
        if matches!(who, "reporter of another program" | "system")
            || who == "acting token of another program"
            || who.starts_with("admin")
        {
            continue;
        }
        for action in actions() {
            for facts in [
                CaseFacts::case(slug("theirs"), case(1)),
                CaseFacts::program(slug("theirs")),
            ] {
                assert_eq!(
                    permit(&principal, action, &facts),
                    None,
                    "{who}, {action:?}"
                );
            }
        }
    }
}

#[test]
fn a_permit_says_for_whom_what_and_where() {
    let facts = CaseFacts::case(slug("ours"), case(1));
    let owner = staff(false, Some(ProgramRole::Owner));
    let granted = permit(&owner, Action::Act("accept"), &facts).unwrap();
    assert_eq!(granted.actor(), Actor::Team(AccountId::from_bytes([7; 16])));
    assert_eq!(granted.action(), Action::Act("accept"));
    assert_eq!(
        (granted.program(), granted.case()),
        (&slug("ours"), Some(case(1)))
    );
    assert!(granted.is_team());
}

/// A command nobody may send, or an act no case knows, would be a hole in the table.
#[test]
fn the_lists_cover_every_command_and_nothing_else() {
    for command in COMMANDS {
        assert_eq!(known_act(command), Some(command), "{command} is in no list");
    }
    for act in [TEAM_ACTS, REPORTER_ACTS, PARTY_ACTS, SYSTEM_ACTS].concat() {
        assert!(COMMANDS.contains(&act), "{act} is no command");
    }
    assert_eq!(known_act("nonsense"), None);
}
