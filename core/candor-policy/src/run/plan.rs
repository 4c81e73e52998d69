//! From promises to clocks.
//!
//! Invariants: only a promise with a number, or the next release, gives a clock
//! that others see; Candor's own defaults say that they are Candor's (K2);
//! acknowledgement, update and disclosure clocks never pause (K4).
//!
//! Deliberately absent: dates.

use candor_calendar::Within;
use jiff::civil::{Time, time};

use super::timetable::{clocks_of, says_it_whole};
use crate::clocks::{ClockKey, ClockRule, ClockSource, ClockSpec, MetBy};
use crate::model::{
    Clause, DisclosureKind, DisclosureRule, Firmness, Milestone, Origin, Promise, Term, TermUnit,
};
use crate::settings::{PolicyInForce, Settings};

/// Candor's own acknowledgement when the policy gives no number, in business days.
const OWN_ACKNOWLEDGEMENT: u32 = 3;
/// Candor's own rhythm of status messages when the policy gives none, in days.
const OWN_STATUS_DAYS: u32 = 14;
/// Candor's own start of work where the policy says "immediate", in hours (domain §3.1).
const OWN_START_HOURS: u32 = 24;
/// The working window of a business hour, where a policy counts in them.
const BUSINESS_HOURS: (Time, Time) = (time(9, 0, 0, 0), time(17, 0, 0, 0));

/// Every clock that a case under this policy can have.
pub fn clocks(policy: &PolicyInForce) -> Vec<ClockSpec> {
    let promises = &policy.policy.promises;
    let mut out = Vec::new();
    for clause in promises {
        let half = says_it_whole(&policy.policy, clause.span, clause.value.milestone);
        if half || closes_a_fix_window(promises, clause) {
            continue;
        }
        out.extend(of_promise(policy, clause));
    }
    for rule in &policy.policy.disclosure {
        if !says_it_whole(&policy.policy, rule.span, Milestone::Disclosure) {
            out.extend(of_window(policy, rule));
        }
    }
    out.extend(clocks_of(&policy.policy));
    if !has(&out, Milestone::Acknowledgement) {
        out.push(own(
            "candor-acknowledgement",
            Milestone::Acknowledgement,
            ClockRule::Within {
                rule: within(
                    &policy.settings,
                    OWN_ACKNOWLEDGEMENT,
                    TermUnit::BusinessDays,
                    false,
                ),
            },
            MetBy::HumanMessage,
        ));
    }
    if !has(&out, Milestone::Update) {
        out.push(own(
            "candor-status",
            Milestone::Update,
            ClockRule::Recurring {
                rule: Within::calendar_days(OWN_STATUS_DAYS),
            },
            MetBy::StatusMessage,
        ));
    }
    out
}

fn has(clocks: &[ClockSpec], milestone: Milestone) -> bool {
    clocks
        .iter()
        .any(|c| c.milestone == milestone && c.severity.is_none())
}

fn own(key: &str, milestone: Milestone, rule: ClockRule, met_by: MetBy) -> ClockSpec {
    ClockSpec {
        key: ClockKey(key.to_owned()),
        milestone,
        severity: None,
        rule,
        from: Origin::Receipt,
        firmness: Firmness::Target,
        source: ClockSource::Candor,
        met_by,
    }
}

/// The disclosure half of "fix and public disclosure within 90 days": the fix half carries both.
fn closes_a_fix_window(all: &[Clause<Promise>], clause: &Clause<Promise>) -> bool {
    clause.value.milestone == Milestone::Disclosure
        && all
            .iter()
            .any(|other| is_fix(other.value.milestone) && same_window(other, clause))
}

fn opens_a_joint_window(all: &[Clause<Promise>], clause: &Clause<Promise>) -> bool {
    is_fix(clause.value.milestone)
        && all.iter().any(|other| {
            other.value.milestone == Milestone::Disclosure && same_window(other, clause)
        })
}

fn is_fix(milestone: Milestone) -> bool {
    matches!(milestone, Milestone::Fix | Milestone::PatchRelease)
}

fn same_window(a: &Clause<Promise>, b: &Clause<Promise>) -> bool {
    a.span == b.span && a.value.term == b.value.term && a.value.severity == b.value.severity
}

fn of_promise(policy: &PolicyInForce, clause: &Clause<Promise>) -> Option<ClockSpec> {
    let promise = &clause.value;
    // Nobody tells Candor whether a condition holds: such a promise is kept by people.
    if promise.condition.is_some() {
        return None;
    }
    let joint = opens_a_joint_window(&policy.policy.promises, clause);
    let response_is_fix = promise.milestone == Milestone::Response
        && policy.settings.response_means == Some(Milestone::Fix);
    let met_by = if joint {
        MetBy::FixAndPublished
    } else if response_is_fix {
        MetBy::FixReleased
    } else {
        met_by(promise.milestone, &clause.quote)?
    };
    let pausable = !joint && may_pause(promise.milestone, response_is_fix);
    let milestone = if joint {
        Milestone::Disclosure
    } else {
        promise.milestone
    };
    let open_reading = !promise.alternatives.is_empty() && policy.settings.response_means.is_none();
    let (rule, met_by, source) = match &promise.term {
        Term::Within { amount, unit, .. } => (
            ClockRule::Within {
                rule: within(&policy.settings, *amount, *unit, pausable),
            },
            met_by,
            source(clause, open_reading),
        ),
        Term::Every { amount, unit } => (
            ClockRule::Recurring {
                rule: within(&policy.settings, *amount, *unit, false),
            },
            met_by,
            source(clause, open_reading),
        ),
        Term::NextRelease => (
            ClockRule::NextRelease,
            MetBy::FixReleased,
            source(clause, open_reading),
        ),
        Term::Immediate if promise.milestone == Milestone::Response => (
            ClockRule::Within {
                rule: within(&policy.settings, OWN_START_HOURS, TermUnit::Hours, false),
            },
            MetBy::WorkStarted,
            ClockSource::Candor,
        ),
        Term::Immediate | Term::Unquantified { .. } => return None,
    };
    Some(ClockSpec {
        key: ClockKey(clause.id.0.clone()),
        milestone,
        severity: promise.severity,
        rule,
        from: promise.from,
        firmness: promise.firmness,
        source,
        met_by,
    })
}

fn source<T>(clause: &Clause<T>, reading: bool) -> ClockSource {
    let (id, span, quote) = (clause.id.clone(), clause.span, clause.quote.clone());
    if reading {
        ClockSource::Reading {
            clause: id,
            span,
            quote,
        }
    } else {
        ClockSource::Policy {
            clause: id,
            span,
            quote,
        }
    }
}

fn of_window(policy: &PolicyInForce, rule: &Clause<DisclosureRule>) -> Option<ClockSpec> {
    let promises = &policy.policy.promises;
    let DisclosureKind::Window { amount, unit, from } = rule.value.rule else {
        return None;
    };
    let already = promises.iter().any(|p| {
        p.value.milestone == Milestone::Disclosure
            && p.value.severity == rule.value.severity
            && matches!(p.value.term, Term::Within { amount: a, unit: u, .. } if a == amount && u == unit)
    });
    if already {
        return None;
    }
    Some(ClockSpec {
        key: ClockKey(rule.id.0.clone()),
        milestone: Milestone::Disclosure,
        severity: rule.value.severity,
        rule: ClockRule::Within {
            rule: within(&policy.settings, amount, unit, false),
        },
        from,
        firmness: Firmness::Target,
        source: source(rule, false),
        met_by: MetBy::Published,
    })
}

fn met_by(milestone: Milestone, quote: &str) -> Option<MetBy> {
    let quote = quote.to_lowercase();
    Some(match milestone {
        Milestone::Acknowledgement => MetBy::HumanMessage,
        Milestone::Triage | Milestone::Assessment
            if quote.contains("severity") || quote.contains("rating") =>
        {
            MetBy::AssessmentWithSeverity
        }
        Milestone::Triage | Milestone::Assessment | Milestone::Decision => MetBy::Assessment,
        Milestone::Plan => MetBy::PlanMessage,
        Milestone::Conversation => MetBy::ConversationMessage,
        Milestone::Update => MetBy::StatusMessage,
        Milestone::Response => MetBy::WorkStarted,
        Milestone::Fix | Milestone::PatchRelease => MetBy::FixReleased,
        Milestone::Disclosure => MetBy::Published,
        Milestone::Credit | Milestone::Bounty | Milestone::Conduct => return None,
    })
}

fn may_pause(milestone: Milestone, response_is_fix: bool) -> bool {
    matches!(
        milestone,
        Milestone::Triage | Milestone::Assessment | Milestone::Fix | Milestone::PatchRelease
    ) || response_is_fix
}

/// A rule with what the owner set: working hours for what counts in business time, and
/// day 0 for business days only. Other promises never move by a setting.
fn within(settings: &Settings, amount: u32, unit: TermUnit, pausable: bool) -> Within {
    let hours = settings.working_hours;
    let rule = match unit {
        TermUnit::Hours => Within::hours(amount),
        TermUnit::BusinessHours => Within {
            hours: hours.or(Some(BUSINESS_HOURS)),
            ..Within::business_hours(amount)
        },
        TermUnit::Days => Within::calendar_days(amount),
        TermUnit::BusinessDays => Within {
            hours,
            cutoff: settings.cutoff,
            nonbusiness: settings.day_off_receipt(),
            ..Within::business_days(amount)
        },
        TermUnit::Weeks => Within::calendar_days(amount.saturating_mul(7)),
        TermUnit::Months => Within::months(amount),
    };
    Within { pausable, ..rule }
}

#[cfg(test)]
mod tests {
    use candor_calendar::{NonbusinessReceipt, due};

    use super::*;
    use crate::compile;

    const TEXT: &[u8] = b"# Security\n\nWe acknowledge reports within 2 business days. \
        We fix critical problems within 30 days.\n";

    fn policy(settings: Settings) -> PolicyInForce {
        PolicyInForce::assemble(TEXT, compile(TEXT).unwrap().value, settings)
    }

    fn acknowledged_by(settings: Settings, received: &str) -> String {
        let policy = policy(settings);
        let all = clocks(&policy);
        let clock = all
            .iter()
            .find(|c| c.milestone == Milestone::Acknowledgement)
            .unwrap();
        let ClockRule::Within { rule } = &clock.rule else {
            panic!("{clock:?}")
        };
        let due = due(rule, received.parse().unwrap(), &policy.calendar(), &[]);
        due.unwrap().at.to_string()
    }

    #[test]
    fn what_the_owner_set_moves_business_days_and_nothing_else() {
        let friday = "2026-05-15T18:00:00Z";
        let none = Settings::default;
        assert_eq!(acknowledged_by(none(), friday), "2026-05-19T23:59:59Z");
        let cutoff = Settings {
            cutoff: Some(time(17, 0, 0, 0)),
            ..none()
        };
        assert_eq!(
            acknowledged_by(cutoff.clone(), friday),
            "2026-05-20T23:59:59Z"
        );
        let saturday = "2026-05-16T03:00:00Z";
        // Who comes on Saturday is not due before who came late on Friday.
        assert_eq!(
            acknowledged_by(cutoff.clone(), saturday),
            "2026-05-20T23:59:59Z"
        );
        let counted = Settings {
            nonbusiness_receipt: Some(NonbusinessReceipt::CountNext),
            ..cutoff.clone()
        };
        assert_eq!(acknowledged_by(counted, saturday), "2026-05-19T23:59:59Z");
        let deemed = Settings {
            nonbusiness_receipt: Some(NonbusinessReceipt::DeemReceivedNext),
            ..none()
        };
        assert_eq!(acknowledged_by(none(), saturday), "2026-05-19T23:59:59Z");
        assert_eq!(acknowledged_by(deemed, saturday), "2026-05-20T23:59:59Z");
        // Ascension Day and Whit Monday in Norway; the team works on Whit Monday.
        let mut norway = Settings {
            holiday_regions: ["NO".parse().unwrap()].into(),
            ..none()
        };
        let thursday = "2026-05-21T10:00:00Z";
        assert_eq!(
            acknowledged_by(norway.clone(), thursday),
            "2026-05-26T23:59:59Z"
        );
        norway.working_days.insert("2026-05-25".parse().unwrap());
        assert_eq!(acknowledged_by(norway, thursday), "2026-05-25T23:59:59Z");
        // Calendar days know no cut-off.
        let policy = policy(cutoff);
        let fix = clocks(&policy).into_iter().find_map(|c| match c.rule {
            ClockRule::Within { rule } if c.milestone == Milestone::Fix => Some(rule),
            _ => None,
        });
        assert_eq!(fix.unwrap().cutoff, None);
    }

    #[test]
    fn working_hours_bound_business_hours() {
        let settings = Settings {
            working_hours: Some((time(8, 0, 0, 0), time(12, 0, 0, 0))),
            ..Settings::default()
        };
        let rule = within(&settings, 6, TermUnit::BusinessHours, false);
        let policy = policy(settings);
        let due = due(
            &rule,
            "2026-05-18T08:00:00Z".parse().unwrap(),
            &policy.calendar(),
            &[],
        );
        assert_eq!(due.unwrap().at.to_string(), "2026-05-19T10:00:00Z");
        let unset = within(&Settings::default(), 6, TermUnit::BusinessHours, false);
        assert_eq!(unset.hours, Some(BUSINESS_HOURS));
    }

    #[test]
    fn settings_that_nobody_made_are_not_written() {
        let json = serde_json::to_string(&Settings::default()).unwrap();
        for young in ["region", "working", "cutoff", "nonbusiness"] {
            assert!(!json.contains(young), "{young}");
        }
    }
}
