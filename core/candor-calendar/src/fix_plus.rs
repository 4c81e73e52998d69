//! "Ninety days plus thirty": so long to fix, then so long for people to update,
//! with grace on request and a shorter time for what is attacked.
//!
//! Source: the policy of Project Zero (`90+30`; in the wild 7, with 3 of grace).
//! Dates are counted, not instants. Deliberately absent: deciding that grace is
//! granted or that something is attacked; both are facts given here.

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use candor_base::Instant;

use crate::due::OutOfRange;
use crate::run::end_of;
use crate::show::show_date;
use crate::workcal::{HORIZON_DAYS, WorkCalendar};

/// So many days to fix, then so many days for people to update ("90+30").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixPlus {
    /// Days for the fix.
    pub fix_days: u32,
    /// Days between the patch and the details.
    pub adopt_days: u32,
    /// Days of grace granted on request; 0 when none.
    #[serde(default)]
    pub grace_days: u32,
    /// The shorter time when it is attacked; the same time when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_the_wild: Option<InTheWild>,
}

/// The shorter time for something that is attacked already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InTheWild {
    /// Days for the fix, from the day on which the attacks became known.
    pub fix_days: u32,
    /// Days of grace granted on request; 0 when none.
    #[serde(default)]
    pub grace_days: u32,
}

/// What happened meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FixFacts {
    /// When the patch became available.
    pub patched: Option<Instant>,
    /// When attacks became known.
    pub attacked: Option<Instant>,
}

/// When the details of a vulnerability become public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// The local date of the details: a date, not an instant.
    pub details_on: Date,
    /// The end of the last day for the fix, without grace.
    pub fix_due: Instant,
    /// How it was counted, in words for people.
    pub explanation: Vec<String>,
}

/// Applies "90+30": a patch in time puts the details `adopt_days` after the patch;
/// no patch in time puts them on the day the fix was due. A patch within granted
/// grace puts them `adopt_days` after the day the fix was due. Attacks that become
/// known before the patch shorten the time for the fix and never lengthen it.
pub fn fix_plus(
    rule: &FixPlus,
    anchor: Instant,
    facts: FixFacts,
    calendar: &WorkCalendar,
) -> Result<Disclosure, OutOfRange> {
    let day0 = calendar.local_date(anchor);
    let mut explanation = vec![format!("day 0 is {}", show_date(day0))];
    let mut last = plus_days(day0, rule.fix_days)?;
    let mut with_grace = plus_days(last, rule.grace_days)?;
    if let Some((shorter, wild)) = shortened(rule, anchor, facts, calendar)? {
        if shorter < last {
            last = shorter;
            explanation.push(format!(
                "attacks are known: the time for the fix is {} days from then",
                wild.fix_days
            ));
        }
        with_grace = with_grace.min(plus_days(last, wild.grace_days)?);
    }
    explanation.push(format!("the fix is due {}", show_date(last)));
    let patch = facts.patched.map(|at| calendar.local_date(at));
    let (details_on, why) = match patch {
        Some(day) if day <= last => (
            plus_days(day, rule.adopt_days)?,
            format!(
                "patched on {}: details {} days later",
                show_date(day),
                rule.adopt_days
            ),
        ),
        Some(day) if day <= with_grace => (
            plus_days(last, rule.adopt_days)?,
            format!(
                "patched on {}, within the grace: details {} days after the fix was due",
                show_date(day),
                rule.adopt_days
            ),
        ),
        Some(_) => (
            last,
            "patched too late: details as if it were not".to_owned(),
        ),
        None => (
            last,
            "not patched: details on the day the fix is due".to_owned(),
        ),
    };
    explanation.push(why);
    explanation.push(format!("details on {}", show_date(details_on)));
    Ok(Disclosure {
        details_on,
        fix_due: end_of(last, calendar)?,
        explanation,
    })
}

/// The last day for the fix of something attacked, when the attacks count.
fn shortened(
    rule: &FixPlus,
    anchor: Instant,
    facts: FixFacts,
    calendar: &WorkCalendar,
) -> Result<Option<(Date, InTheWild)>, OutOfRange> {
    let (Some(wild), Some(attacked)) = (rule.in_the_wild, facts.attacked) else {
        return Ok(None);
    };
    if facts.patched.is_some_and(|patched| patched <= attacked) {
        return Ok(None);
    }
    let from = calendar.local_date(attacked.max(anchor));
    Ok(Some((plus_days(from, wild.fix_days)?, wild)))
}

fn plus_days(date: Date, days: u32) -> Result<Date, OutOfRange> {
    let days = i32::try_from(days).map_err(|_| OutOfRange::TooFar)?;
    if days > HORIZON_DAYS {
        return Err(OutOfRange::TooFar);
    }
    Span::new()
        .try_days(days)
        .and_then(|span| date.checked_add(span))
        .map_err(|_| OutOfRange::TooFar)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANCHOR: &str = "2026-02-02T10:00:00Z";

    const fn rule(grace_days: u32) -> FixPlus {
        FixPlus {
            fix_days: 90,
            adopt_days: 30,
            grace_days,
            in_the_wild: Some(InTheWild {
                fix_days: 7,
                grace_days: 3,
            }),
        }
    }

    fn of(rule: &FixPlus, patched: Option<&str>, attacked: Option<&str>) -> Disclosure {
        let at = |text: &str| text.parse().unwrap();
        let facts = FixFacts {
            patched: patched.map(at),
            attacked: attacked.map(at),
        };
        fix_plus(rule, at(ANCHOR), facts, &WorkCalendar::utc_mon_fri()).unwrap()
    }

    fn details(grace: u32, patched: Option<&str>, attacked: Option<&str>) -> String {
        of(&rule(grace), patched, attacked).details_on.to_string()
    }

    #[test]
    fn ninety_plus_thirty_with_grace() {
        assert_eq!(details(0, Some("2026-04-26T00:00:00Z"), None), "2026-05-26");
        assert_eq!(details(0, Some("2026-05-03T23:59:59Z"), None), "2026-06-02");
        assert_eq!(details(0, Some("2026-05-04T00:00:00Z"), None), "2026-05-03");
        assert_eq!(
            details(14, Some("2026-05-17T12:00:00Z"), None),
            "2026-06-02"
        );
        assert_eq!(
            details(14, Some("2026-05-18T00:00:00Z"), None),
            "2026-05-03"
        );
        assert_eq!(details(14, None, None), "2026-05-03");
        let far = FixPlus {
            fix_days: u32::MAX,
            ..rule(0)
        };
        let at = ANCHOR.parse().unwrap();
        let calendar = WorkCalendar::utc_mon_fri();
        let out = fix_plus(&far, at, FixFacts::default(), &calendar);
        assert_eq!(out, Err(OutOfRange::TooFar));
    }

    #[test]
    fn attacks_shorten_the_time_from_the_day_they_are_known() {
        let attacked = Some("2026-02-10T08:00:00Z");
        let none = of(&rule(14), None, attacked);
        assert_eq!(none.details_on.to_string(), "2026-02-17");
        assert_eq!(none.fix_due.to_string(), "2026-02-17T23:59:59Z");
        assert!(none.explanation[1].contains("7 days from then"));
        let patched = |day: &str| details(14, Some(day), attacked);
        assert_eq!(patched("2026-02-17T23:00:00Z"), "2026-03-19");
        assert_eq!(patched("2026-02-20T23:00:00Z"), "2026-03-19", "in grace");
        assert_eq!(patched("2026-02-21T00:00:00Z"), "2026-02-17");
    }

    #[test]
    fn attacks_never_lengthen_and_do_not_matter_after_the_patch() {
        // Known before the report: the time runs from the report.
        let before = details(0, None, Some("2026-01-01T00:00:00Z"));
        assert_eq!(before, "2026-02-09");
        // Known at the end: the fix stays due when it was.
        let late = of(&rule(14), None, Some("2026-05-01T00:00:00Z"));
        assert_eq!(late.details_on.to_string(), "2026-05-03");
        assert!(!late.explanation.iter().any(|w| w.contains("attacks")));
        let grace = details(
            14,
            Some("2026-05-06T12:00:00Z"),
            Some("2026-05-01T00:00:00Z"),
        );
        assert_eq!(grace, "2026-06-02");
        let past = details(
            14,
            Some("2026-05-07T00:00:00Z"),
            Some("2026-05-01T00:00:00Z"),
        );
        assert_eq!(past, "2026-05-03", "the grace is the shorter one");
        let after = details(
            0,
            Some("2026-02-10T08:00:00Z"),
            Some("2026-02-10T08:00:00Z"),
        );
        assert_eq!(after, "2026-03-12");
        let before_patch = details(
            0,
            Some("2026-02-20T08:00:01Z"),
            Some("2026-02-10T08:00:00Z"),
        );
        assert_eq!(before_patch, "2026-03-19");
    }

    #[test]
    fn the_words_say_what_was_counted() {
        let out = of(&rule(0), Some("2026-03-21T15:00:00Z"), None);
        assert_eq!(
            out.explanation,
            [
                "day 0 is Mon 2 Feb 2026",
                "the fix is due Sun 3 May 2026",
                "patched on Sat 21 Mar 2026: details 30 days later",
                "details on Mon 20 Apr 2026"
            ]
        );
    }
}
