//! Findings on promises: missing numbers, double and contradictory times.
//!
//! Invariant: two times are compared only when both count from receipt and one
//! is longer even after every doubt about weekends is given to the policy.

use candor_base::Finding;

use super::add;
use super::rules::{
    ANSWER_AFTER_ASSESSMENT, CLOCK_RUNS_AT_NIGHT, DISCLOSURE_BEFORE_FIX, EMBARGO_SHORTER_THAN_FIX,
    NO_ACKNOWLEDGEMENT, NO_NUMBER, NO_UPDATES, PROMISE_WITHOUT_DATE, PROMISE_WITHOUT_NUMBER,
    RESPONSE_AMBIGUOUS, SEVERITY_UPSIDE_DOWN, TWO_DEADLINES, UPDATES_RARER_THAN_FIX,
    VERSIONS_ELSEWHERE,
};
use crate::model::{
    Clause, DisclosureKind, Milestone, Origin, Policy, Promise, Severity, Term, TermUnit,
};

pub(super) fn check(policy: &Policy, out: &mut Vec<Finding>) {
    numbers(policy, out);
    for clause in &policy.promises {
        unquantified(clause, out);
        undated(clause, out);
        nights(clause, out);
    }
    ambiguous(policy, out);
    two_deadlines(policy, out);
    two_publications(policy, out);
    contradictions(policy, out);
    upside_down(policy, out);
    if !policy.delegates_to.is_empty() && policy.versions.is_empty() {
        add(
            out,
            VERSIONS_ELSEWHERE,
            policy.delegates_to.first().map(|c| c.span),
            "The list of supported versions stands elsewhere.",
            "Give the list once on the desk.",
        );
    }
}

fn has_number(term: &Term) -> bool {
    matches!(term, Term::Within { .. } | Term::Every { .. })
}

fn numbers(policy: &Policy, out: &mut Vec<Finding>) {
    if !policy.promises.iter().any(|p| has_number(&p.value.term)) {
        add(
            out,
            NO_NUMBER,
            None,
            "The policy promises nothing with a number, so reporters do not know when to expect an answer.",
            "Say within how many days a person answers. Until then Candor runs its own defaults inside.",
        );
        return;
    }
    let first_answer = policy.promises.iter().any(|p| {
        has_number(&p.value.term)
            && matches!(
                p.value.milestone,
                Milestone::Acknowledgement
                    | Milestone::Triage
                    | Milestone::Assessment
                    | Milestone::Plan
                    | Milestone::Conversation
                    | Milestone::Response
            )
    });
    if !first_answer {
        add(
            out,
            NO_ACKNOWLEDGEMENT,
            None,
            "The policy has numbers, but none for the first answer.",
            "Say within how many days a person answers.",
        );
    }
    if !policy
        .promises
        .iter()
        .any(|p| p.value.milestone == Milestone::Update)
    {
        add(
            out,
            NO_UPDATES,
            None,
            "The policy does not promise to keep reporters informed.",
            "Say how often you write, such as every 14 days until the fix is out.",
        );
    }
}

fn unquantified(clause: &Clause<Promise>, out: &mut Vec<Finding>) {
    let p = &clause.value;
    let Term::Unquantified { words } = &p.term else {
        return;
    };
    if matches!(p.milestone, Milestone::Conduct | Milestone::Credit) {
        return;
    }
    let message = if words.is_empty() {
        "This promise has no time.".to_owned()
    } else {
        format!("\u{201c}{words}\u{201d} is not a number, so it starts no public clock.")
    };
    add(
        out,
        PROMISE_WITHOUT_NUMBER,
        Some(clause.span),
        message,
        "Give a number of hours or days if you can keep it.",
    );
}

fn undated(clause: &Clause<Promise>, out: &mut Vec<Finding>) {
    if clause.value.term == Term::NextRelease {
        add(
            out,
            PROMISE_WITHOUT_DATE,
            Some(clause.span),
            "This promise waits for the next release, and the policy gives no date for releases.",
            "Name the day of the next release on the desk, or add a longest time.",
        );
    }
}

/// Below this many hours a weekend alone may break the promise.
const WEEKEND_HOURS: u32 = 72;

fn nights(clause: &Clause<Promise>, out: &mut Vec<Finding>) {
    let Term::Within {
        amount,
        unit: TermUnit::Hours,
        ..
    } = clause.value.term
    else {
        return;
    };
    if amount < WEEKEND_HOURS && clause.value.severity.is_none() {
        add(
            out,
            CLOCK_RUNS_AT_NIGHT,
            Some(clause.span),
            format!("These {amount} hours run through nights, weekends and holidays."),
            "Keep it if somebody is there every day; else say business days.",
        );
    }
}

fn ambiguous(policy: &Policy, out: &mut Vec<Finding>) {
    let open = policy
        .promises
        .iter()
        .find(|p| !p.value.alternatives.is_empty());
    if let Some(first) = open {
        add(
            out,
            RESPONSE_AMBIGUOUS,
            Some(first.span),
            "A response time by severity can mean the start of work or the fix.",
            "Say which one it is, here or on the desk. Until then Candor runs it as the start of work, marked as our reading.",
        );
    }
}

fn two_deadlines(policy: &Policy, out: &mut Vec<Finding>) {
    let mut seen: Vec<(Milestone, Option<Severity>, Origin, &Term)> = Vec::new();
    for clause in &policy.promises {
        let p = &clause.value;
        if !matches!(p.term, Term::Within { .. }) || p.condition.is_some() {
            continue;
        }
        let other = seen.iter().any(|(m, s, o, t)| {
            *m == p.milestone && *s == p.severity && *o == p.from && **t != p.term
        });
        if other {
            add(
                out,
                TWO_DEADLINES,
                Some(clause.span),
                "The policy gives two different times for the same step.",
                "Keep one of them. Candor runs both until then.",
            );
        }
        seen.push((p.milestone, p.severity, p.from, &p.term));
    }
}

/// Two times until details become public, both stated as what happens: both become clocks
/// of a case, and a reporter may rely on the earlier one.
fn two_publications(policy: &Policy, out: &mut Vec<Finding>) {
    let promised = policy.promises.iter().filter_map(|c| match c.value.term {
        Term::Within { amount, unit, .. }
            if c.value.milestone == Milestone::Disclosure && c.value.condition.is_none() =>
        {
            Some((c.span, (c.value.severity, c.value.from), (amount, unit)))
        }
        _ => None,
    });
    let stated = policy.disclosure.iter().filter(|c| c.value.stated);
    for clause in stated.clone() {
        let DisclosureKind::Window { amount, unit, from } = clause.value.rule else {
            continue;
        };
        let of = (clause.value.severity, from);
        let earlier = stated
            .clone()
            .filter_map(|c| match c.value.rule {
                DisclosureKind::Window { amount, unit, from } => {
                    Some((c.span, (c.value.severity, from), (amount, unit)))
                }
                _ => None,
            })
            .filter(|(span, ..)| *span < clause.span)
            .chain(promised.clone());
        let mut others = earlier.filter(|(span, ..)| *span != clause.span);
        let other = others.find(|(_, o, term)| *o == of && *term != (amount, unit));
        if let Some((span, ..)) = other {
            add(
                out,
                TWO_DEADLINES,
                Some(clause.span),
                format!(
                    "The policy gives two different times until details are published ({span})."
                ),
                "Keep one of them. Candor runs both until then.",
            );
        }
    }
}

/// The shortest and the longest a time can be, in hours.
fn hours(amount: u32, unit: TermUnit) -> (u64, u64) {
    let n = u64::from(amount);
    match unit {
        TermUnit::Hours => (n, n),
        // Eight hours a day, and a weekend between any five days.
        TermUnit::BusinessHours => (n, n.saturating_mul(24).div_ceil(8).saturating_add(72)),
        TermUnit::Days => (n.saturating_mul(24), n.saturating_add(1).saturating_mul(24)),
        TermUnit::BusinessDays => {
            let weekends = n.div_ceil(5).saturating_mul(2);
            let shortest = n.saturating_mul(24);
            let longest = n
                .saturating_add(weekends)
                .saturating_add(1)
                .saturating_mul(24);
            (shortest, longest)
        }
        TermUnit::Weeks => (
            n.saturating_mul(168),
            n.saturating_mul(168).saturating_add(24),
        ),
        TermUnit::Months => (n.saturating_mul(672), n.saturating_mul(744)),
    }
}

/// The longest time promised for a milestone, as its clause.
fn latest<'a>(
    policy: &'a Policy,
    milestones: &[Milestone],
) -> Option<(&'a Clause<Promise>, (u64, u64))> {
    policy
        .promises
        .iter()
        .filter(|c| {
            milestones.contains(&c.value.milestone)
                && c.value.from == Origin::Receipt
                && c.value.severity.is_none()
                && c.value.condition.is_none()
        })
        .filter_map(|c| match c.value.term {
            Term::Within { amount, unit, .. } => Some((c, hours(amount, unit))),
            _ => None,
        })
        .max_by_key(|(_, (shortest, _))| *shortest)
}

fn contradictions(policy: &Policy, out: &mut Vec<Finding>) {
    if let Some((fix, (hours, _))) = latest(policy, &[Milestone::Fix, Milestone::PatchRelease]) {
        against_fix(policy, fix, hours, out);
    }
    let answer = latest(policy, &[Milestone::Acknowledgement]);
    let assessed = latest(policy, &[Milestone::Assessment, Milestone::Triage]);
    if let (Some((answer, (shortest, _))), Some((assessed, (_, longest)))) = (answer, assessed)
        && longest < shortest
    {
        add(
            out,
            ANSWER_AFTER_ASSESSMENT,
            Some(answer.span),
            format!(
                "The first answer is promised later than the assessment ({}).",
                assessed.span
            ),
            "Promise the first answer earlier than the assessment.",
        );
    }
}

/// Windows, publication and updates against the time for the fix.
fn against_fix(policy: &Policy, fix: &Clause<Promise>, fix_hours: u64, out: &mut Vec<Finding>) {
    let short = policy.disclosure.iter().find(|c| match c.value.rule {
        DisclosureKind::Window { amount, unit, from } => {
            from == Origin::Receipt
                && c.value.severity.is_none()
                && hours(amount, unit).1 < fix_hours
        }
        _ => false,
    });
    if let Some(window) = short {
        add(
            out,
            EMBARGO_SHORTER_THAN_FIX,
            Some(window.span),
            format!(
                "Details may become public before the fix is due ({}).",
                fix.span
            ),
            "Make the window at least as long as the time for the fix, or promise the fix earlier.",
        );
    }
    if let Some((public, (_, public_hours))) = latest(policy, &[Milestone::Disclosure])
        && public_hours < fix_hours
    {
        add(
            out,
            DISCLOSURE_BEFORE_FIX,
            Some(public.span),
            format!("Details are promised before the fix is due ({}).", fix.span),
            "Promise the fix first, and the details with it or after it.",
        );
    }
    let rare = policy.promises.iter().find(|c| match c.value.term {
        Term::Every { amount, unit } => hours(amount, unit).0 > fix_hours,
        _ => false,
    });
    if let Some(rare) = rare {
        add(
            out,
            UPDATES_RARER_THAN_FIX,
            Some(rare.span),
            format!(
                "The first update comes after the fix is due ({}).",
                fix.span
            ),
            "Write more often, or leave the promise out.",
        );
    }
}

/// A promise for one severity.
struct Rated<'a> {
    severity: Severity,
    hours: (u64, u64),
    clause: &'a Clause<Promise>,
}

/// A worse severity that gets a longer time for the same step.
fn upside_down(policy: &Policy, out: &mut Vec<Finding>) {
    let rated: Vec<Rated<'_>> = policy
        .promises
        .iter()
        .filter_map(|clause| match (clause.value.severity, &clause.value.term) {
            (Some(severity), Term::Within { amount, unit, .. }) => Some(Rated {
                severity,
                hours: hours(*amount, *unit),
                clause,
            }),
            _ => None,
        })
        .take(64)
        .collect();
    for Rated {
        severity,
        hours: (shortest, _),
        clause,
    } in &rated
    {
        let milder_is_faster = rated.iter().any(|other| {
            other.clause.value.milestone == clause.value.milestone
                && other.clause.value.from == clause.value.from
                && other.severity < *severity
                && other.hours.1 < *shortest
        });
        if milder_is_faster {
            add(
                out,
                SEVERITY_UPSIDE_DOWN,
                Some(clause.span),
                "A milder severity gets a shorter time than this one.",
                "Check the numbers: the worse the problem, the shorter the time.",
            );
        }
    }
}
