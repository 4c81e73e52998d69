//! The outbox of the fast house: what is to be sent, lent to one who tries, tried again.
//!
//! The times are those of `candor-app`: a lease of 120 seconds, eight waits, then given
//! up.

use candor_base::Instant;
use candor_case::{AlarmStep, CaseState, MailKind, Recipient};

use super::post::{Fate, Post, Sent};
use crate::parts::person;

const LEASE: i64 = 120;
const BACK_OFF: [i64; 8] = [60, 300, 1_800, 7_200, 21_600, 21_600, 43_200, 43_200];

#[derive(Debug)]
struct Item {
    case: usize,
    sent: Sent,
    not_before: Instant,
    made: Instant,
    tries: usize,
}

/// What became of a letter.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) case: usize,
    pub(super) key: String,
    pub(super) failure: Option<String>,
    /// When that was written which the reporter was to hear of by it.
    pub(super) told: Option<Instant>,
}

/// What waits to be sent.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    items: Vec<Item>,
}

impl Outbox {
    /// Adds one item for each recipient.
    pub(super) fn add(
        &mut self,
        case: usize,
        state: &CaseState,
        (seq, index): (u64, usize),
        (to, mail): (Recipient, &MailKind),
        now: Instant,
    ) {
        let reference = state.facts.reference.to_string();
        for (n, to) in recipients(state, to).into_iter().enumerate() {
            let key = format!("{}-{seq}-{index}-{n}", state.facts.case);
            let words = format!("{reference} {to} {}", serde_json::to_string(mail).unwrap());
            self.items.push(Item {
                case,
                sent: Sent {
                    case: reference.clone(),
                    kind: mail.clone(),
                    to,
                    key,
                    words,
                },
                not_before: now,
                made: now,
                tries: 0,
            });
        }
    }

    /// Loses what was added at this moment: a mistake that is built in.
    pub(super) fn forget(&mut self, made: Instant) {
        self.items.retain(|i| i.made != made || i.tries > 0);
    }

    /// Hands over what is due; gives the outcomes that a case has to hear of. One that
    /// breaks leaves the first letter lent, so that it comes again.
    pub(super) fn deliver(&mut self, now: Instant, post: &mut Post, breaks: bool) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let mut kept = Vec::new();
        let mut broken = false;
        for mut item in std::mem::take(&mut self.items) {
            if item.not_before > now || broken {
                kept.push(item);
                continue;
            }
            let fate = post.take(item.sent.clone());
            if breaks {
                broken = true;
                item.not_before = now.plus_seconds(LEASE);
                kept.push(item);
                continue;
            }
            let silent = item.sent.kind == MailKind::MailFailed;
            let failure = match fate {
                Fate::Taken => None,
                Fate::Refused => Some("550"),
                Fate::Late => match BACK_OFF.get(item.tries) {
                    Some(wait) => {
                        item.tries += 1;
                        item.not_before = now.plus_seconds(*wait);
                        kept.push(item);
                        continue;
                    }
                    None => Some("451"),
                },
            };
            if !silent {
                let tells =
                    item.sent.kind == MailKind::YouHaveAMessage && item.sent.to == "reporter";
                outcomes.push(Outcome {
                    case: item.case,
                    key: item.sent.key,
                    told: failure.and(tells.then_some(item.made)),
                    failure: failure.map(str::to_owned),
                });
            }
        }
        self.items = kept;
        outcomes
    }
}

/// Whom a letter reaches: the reporter, one of the team, all three of them, a party.
fn recipients(state: &CaseState, to: Recipient) -> Vec<String> {
    let one = |number: u8| vec![person(number).to_string()];
    match to {
        Recipient::Reporter if state.facts.contact_given => vec!["reporter".to_owned()],
        Recipient::Reporter => Vec::new(),
        Recipient::Account(id) => vec![id.to_string()],
        Recipient::Party(number) => state
            .party(number)
            .filter(|p| p.removed.is_none() && p.invitation.contact.is_some())
            .map(|_| format!("party-{number}"))
            .into_iter()
            .collect(),
        Recipient::Step(AlarmStep::Owner | AlarmStep::Duty) => one(1),
        Recipient::Step(AlarmStep::Deputy) => one(2),
        Recipient::Step(AlarmStep::Lead) => one(3),
        Recipient::Team => [1, 2, 3].map(|n| person(n).to_string()).to_vec(),
    }
}
