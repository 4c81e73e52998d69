//! What is done with other parties, and what they do, in a simulation.

use candor_case::model::cs::VendorPath;
use candor_case::{Actor, CaseState, Command, Invitation, PartyKind, PartyStatus};

use super::{Dice, Mind};
use crate::act;
use crate::parts::text;

/// The command of an act about parties; `None` for another act.
pub(super) fn command(
    mind: &mut Mind,
    case: &CaseState,
    actor: Actor,
    name: &str,
) -> Option<Command> {
    let dice = &mut mind.dice;
    let number = match actor {
        Actor::Party(own) => own,
        _ if case.parties.is_empty() => 1,
        _ => dice.pick(&case.parties).number,
    };
    Some(match name {
        "invite_party" => invite(dice, case),
        "enter_party" => {
            let party = case.party(number)?;
            Command::EnterParty {
                number,
                used: party.code,
                code: text("a party's own code").sha256,
            }
        }
        "answer_terms" => Command::AnswerTerms {
            accepted: !dice.once_in(5),
        },
        "party_status" => Command::PartyStatus {
            number,
            status: *dice.pick(&[
                PartyStatus::Unknown,
                PartyStatus::Affected,
                PartyStatus::NotAffected,
            ]),
            fix: *dice.pick(&[
                VendorPath::Aware,
                VendorPath::FixReady,
                VendorPath::FixDeployed,
            ]),
        },
        "notify_party" => act::notify_party(number),
        "record_leak" => Command::RecordLeak {
            party: matches!(actor, Actor::Party(_))
                .then_some(number)
                .or_else(|| dice.once_in(2).then_some(number)),
            what: text("the draft was on a public list for an hour"),
        },
        "remove_party" => Command::RemoveParty {
            number,
            reason: text("it asked to be left out"),
        },
        _ => return None,
    })
}

fn invite(dice: &mut Dice, case: &CaseState) -> Command {
    let name = format!("Party {}", case.parties.len() + 1);
    Command::InviteParty(Box::new(Invitation {
        kind: *dice.pick(&[
            PartyKind::Vendor,
            PartyKind::Distributor,
            PartyKind::Coordinator,
        ]),
        name: text(&name),
        contact: dice.once_in(2).then(|| text("psirt@vendor.example.org")),
        terms: text("Keep it to yourselves until the day."),
        code: text(&name).sha256,
    }))
}
