//! Steps with CVE ids, in a simulation.

use candor_base::{CveId, Instant};
use candor_case::{Command, CveAct};

use super::Dice;
use crate::parts::text;

/// Any step, with one of three ids.
pub(super) fn command(dice: &mut Dice, now: Instant) -> Command {
    let id: CveId = dice
        .word(&["CVE-1900-0001", "CVE-1900-0002", "CVE-1900-0003"])
        .parse()
        .unwrap();
    Command::Cve(match dice.below(9) {
        0 => CveAct::Request {
            from: text("the authority of the project"),
            at: now,
        },
        1 => CveAct::Reserve { id },
        2 | 3 => CveAct::Assign { id },
        4 => CveAct::Publish { id, at: now },
        5 | 6 => CveAct::Reject {
            id,
            reason: text("it is used for nothing"),
        },
        7 => CveAct::EndRequests {
            reason: text("no answer came"),
        },
        _ => CveAct::NotNeeded {
            reason: text("nothing is published"),
        },
    })
}
