//! "If you hear nothing within N, do this" (S1-21).
//!
//! Invariants: this is the reporter's clock, never a promise of the project.
//!
//! Deliberately absent: what Candor does then.

use super::durations::durations;
use super::{add, sentences};
use crate::model::{FollowUp, Policy};
use crate::read::{Document, UnitKind};
use crate::vocab;

/// Adds every such sentence.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if matches!(unit.kind, UnitKind::Heading | UnitKind::Code) {
            continue;
        }
        for low in &sentences(unit) {
            if !vocab::any(low, |l| l.silence) {
                continue;
            }
            let time = durations(low).into_iter().next();
            let acts = [
                "follow up",
                "follow-up",
                "contact",
                "email",
                "write",
                "resend",
                "reach out",
                "escalat",
                "ping",
                "reminder",
            ]
            .iter()
            .any(|w| vocab::fits(low, w));
            if !acts {
                continue;
            }
            let action = time
                .as_ref()
                .and_then(|d| low.get(d.end..))
                .map_or(low.as_str(), |rest| rest.trim_start_matches([',', ' ']))
                .trim_end_matches('.')
                .to_owned();
            add(
                &mut policy.follow_up,
                "follow-up",
                unit,
                FollowUp {
                    after: time.map(|d| (d.amount, d.unit)),
                    action,
                },
            );
        }
    }
}
