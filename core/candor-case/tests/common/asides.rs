//! Commands beside the straight road, for random histories.

use candor_case::*;

use super::{at, message, text};

/// One of them, picked by small numbers.
pub fn command(what: u8, n: u8) -> Command {
    let yes = n.is_multiple_of(2);
    Command::Aside(match what {
        40 | 41 => Aside::Defer {
            review: at("2026-09-01T00:00:00Z").plus_seconds(i64::from(n) * 30 * 86_400),
            message: message(80),
        },
        42 => Aside::Resume {
            reason: text(81, 9),
        },
        43 if yes => Aside::ChooseKey {
            key: (n < 3).then(|| text(88, 9)),
        },
        43 => Aside::GoOn {
            reason: text(82, 9),
        },
        44 => Aside::SuspectLeak {
            what: text(83, 9),
            how: text(84, 9),
            plan: text(85, 9),
        },
        45 => Aside::DecideLeak {
            go_public: n == 0,
            reason: text(86, 9),
        },
        46 if n == 4 => Aside::Agree {
            matter: Matter::Question(1),
            given: true,
        },
        46 => Aside::Agree {
            matter: if yes {
                Matter::Suggestion
            } else {
                Matter::HandOver(1)
            },
            given: n < 3,
        },
        47 => Aside::FollowOriginal {
            news: if yes {
                OriginalNews::Published
            } else {
                OriginalNews::EndedUnpublished
            },
        },
        48 => Aside::HandOver {
            number: None,
            step: HandOverStep::Open {
                role: PartyRole::Upstream,
                party: text(87 + n, 9),
                contact: text(93, 9),
                ask_reporter: yes,
            },
        },
        49 => Aside::LeaveEmbargo {
            message: message(81),
        },
        50 => Aside::EndEmbargo {
            reason: text(82, 9),
        },
        _ => Aside::HandOver {
            number: Some(1),
            step: match n {
                0 | 1 => HandOverStep::Sent {
                    at: at("2026-06-02T00:00:00Z"),
                    with_report: n == 1,
                    note: text(94, 9),
                },
                2 | 3 => HandOverStep::Answered { note: text(95, 9) },
                _ => HandOverStep::End {
                    outcome: text(96, 9),
                },
            },
        },
    })
}
