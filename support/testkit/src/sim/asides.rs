//! What people do beside the straight road, in a simulation.

use candor_base::Instant;
use candor_case::{
    Aside, CaseState, Command, ContextKind, CreditWish, Matter, OriginalNews, PartyRole,
};

use super::Dice;
use crate::aside;
use crate::parts::{named, text};

/// The command of this name, when it is one of these.
pub(super) fn command(
    dice: &mut Dice,
    case: &CaseState,
    now: Instant,
    name: &str,
) -> Option<Command> {
    let yes = dice.once_in(2);
    Some(match name {
        "defer" => {
            let days = i64::try_from(dice.below(90)).unwrap();
            aside::defer(&now.plus_seconds(days * 86_400 + 60).to_string())
        }
        "resume" => aside::resume(),
        "go_on" => aside::go_on(),
        "suspect_leak" => aside::suspect_leak(),
        "decide_leak" => aside::decide_leak(dice.once_in(4)),
        "leave_embargo" => aside::leave_embargo(),
        "choose_key" => aside::take_back_key(),
        "end_embargo" => aside::end_embargo(),
        "link_advisory" => aside::link_advisory(1, "https://distributor.example/7"),
        "agree" => {
            let matters: Vec<Matter> = case.around.consents.iter().map(|c| c.matter).collect();
            let matter = if matters.is_empty() {
                Matter::Suggestion
            } else {
                *dice.pick(&matters)
            };
            aside::agree(matter, yes)
        }
        "ask_to_end" => Command::Aside(Aside::AskToEnd {
            reason: text("nobody uses this part any more"),
        }),
        "confirm_date" => {
            let at = case.around.date_alone.as_ref().map_or(now, |d| d.at);
            Command::Aside(Aside::ConfirmDate { at })
        }
        "work_out" => {
            let kinds = [
                ContextKind::Implementation,
                ContextKind::Configuration,
                ContextKind::Dependency,
                ContextKind::Deployment,
            ];
            aside::work_out(*dice.pick(&kinds), yes.then_some("what came out"))
        }
        "hand_over" => hand_over(dice, case, now),
        "link_report" => {
            let credit = if yes {
                named("a second finder")
            } else {
                CreditWish::Anonymous
            };
            aside::link("a later one", &case.received.to_string(), credit)
        }
        "follow_original" if yes => aside::follow_original(OriginalNews::Published),
        "follow_original" => aside::follow_original(OriginalNews::EndedUnpublished),
        _ => return None,
    })
}

/// Mostly the next step with the last party.
fn hand_over(dice: &mut Dice, case: &CaseState, now: Instant) -> Command {
    let open = case.around.hand_overs.iter().rfind(|h| h.ended.is_none());
    let Some(party) = open else {
        let roles = [PartyRole::Upstream, PartyRole::Operator, PartyRole::Other];
        return aside::name_party(*dice.pick(&roles), dice.once_in(2));
    };
    match dice.below(4) {
        0 => aside::told_party(party.number, &now.to_string(), dice.once_in(3)),
        1 => aside::party_answered(party.number),
        2 => aside::share_fix(party.number, dice.once_in(2)),
        _ => aside::end_party(party.number),
    }
}
