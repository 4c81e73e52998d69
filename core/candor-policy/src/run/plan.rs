//! From promises to clocks.
//!
//! Invariants: only a promise with a number, or the next release, gives a clock
//! that others see; Candor's own defaults say that they are Candor's (K2);
//! acknowledgement, update and disclosure clocks never pause (K4).
//!
//! Deliberately absent: dates.

use candor_calendar::{Mode, Unit, Within};
use jiff::civil::{Time, time};

use crate::clocks::{ClockKey, ClockRule, ClockSource, ClockSpec, MetBy};
use crate::model::{
    Clause, DisclosureKind, DisclosureRule, Firmness, Milestone, Origin, Promise, Term, TermUnit,
};
use crate::settings::PolicyInForce;

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
        if closes_a_fix_window(promises, clause) {
            continue;
        }
        out.extend(of_promise(policy, clause));
    }
    for rule in &policy.policy.disclosure {
        out.extend(of_window(promises, rule));
    }
    if !has(&out, Milestone::Acknowledgement) {
        out.push(own(
            "candor-acknowledgement",
            Milestone::Acknowledgement,
            ClockRule::Within {
                rule: Within::business_days(OWN_ACKNOWLEDGEMENT),
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
                rule: within(*amount, *unit, pausable),
            },
            met_by,
            source(clause, open_reading),
        ),
        Term::Every { amount, unit } => (
            ClockRule::Recurring {
                rule: within(*amount, *unit, false),
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
                rule: within(OWN_START_HOURS, TermUnit::Hours, false),
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

fn of_window(promises: &[Clause<Promise>], rule: &Clause<DisclosureRule>) -> Option<ClockSpec> {
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
            rule: within(amount, unit, false),
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

fn within(amount: u32, unit: TermUnit, pausable: bool) -> Within {
    let rule = match unit {
        TermUnit::Hours => Within::hours(amount),
        TermUnit::BusinessHours => Within {
            unit: Unit::BusinessHour,
            mode: Mode::Elapsed,
            hours: Some(BUSINESS_HOURS),
            ..Within::hours(amount)
        },
        TermUnit::Days => Within::calendar_days(amount),
        TermUnit::BusinessDays => Within::business_days(amount),
        TermUnit::Weeks => Within::calendar_days(amount.saturating_mul(7)),
        TermUnit::Months => Within::months(amount),
    };
    Within { pausable, ..rule }
}
