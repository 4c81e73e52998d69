//! Days of publication and word in advance, as clocks and in words.
//!
//! Invariants: what bounds a date (days of the week, a day of the month, the longest
//! embargo of a list) starts no clock; what is to be done by a moment starts one.
//!
//! Deliberately absent: dates of a case; see `candor_case`.

use candor_base::Span;
use candor_calendar::{FixPlus, InTheWild, Unit, Within};

use super::words::amount_words;
use crate::clocks::{ClockKey, ClockRule, ClockSource, ClockSpec, MetBy};
use crate::model::{
    AdvanceNotice, Audience, Clause, Firmness, Milestone, Origin, Policy, TermUnit, TimetableRule,
};

/// Whether a time that was read on these lines is half of a rule that says it whole:
/// "90 days, and 30 more after the fix" is no window of 90 days.
pub(super) fn says_it_whole(policy: &Policy, span: Span, milestone: Milestone) -> bool {
    policy.timetable.iter().any(|c| {
        c.span == span
            && match c.value {
                TimetableRule::FixPlus { .. } => matches!(
                    milestone,
                    Milestone::Disclosure | Milestone::Fix | Milestone::PatchRelease
                ),
                TimetableRule::UpdateGrid { .. } => milestone == Milestone::Update,
                _ => false,
            }
    })
}

/// The clocks of these rules.
pub(super) fn clocks_of(policy: &Policy) -> Vec<ClockSpec> {
    let mut out = Vec::new();
    for clause in &policy.timetable {
        match clause.value {
            TimetableRule::FixPlus { fix_days, .. } => {
                let details = ClockRule::FixPlus {
                    rule: fix_plus_of(clause.value).unwrap_or(FixPlus {
                        fix_days,
                        adopt_days: 0,
                        grace_days: 0,
                        in_the_wild: None,
                    }),
                };
                let fix = ClockRule::Within {
                    rule: Within::calendar_days(fix_days),
                };
                let released = (Milestone::PatchRelease, MetBy::FixReleased);
                out.push(of(
                    clause,
                    "",
                    (Milestone::Disclosure, MetBy::Published),
                    details,
                ));
                out.push(of(clause, "-fix", released, fix));
            }
            TimetableRule::UpdateGrid { months } => {
                let rule = ClockRule::RecurringGrid {
                    rule: Within::every_months(months),
                };
                out.push(of(
                    clause,
                    "",
                    (Milestone::Update, MetBy::StatusMessage),
                    rule,
                ));
            }
            TimetableRule::ReleaseDays { .. }
            | TimetableRule::MonthGrid { .. }
            | TimetableRule::ListMaximum { .. } => {}
        }
    }
    for clause in &policy.advance_notice {
        let met_by = match clause.value.audience {
            Audience::Distributors => MetBy::DistributorsTold,
            Audience::Reporter => MetBy::DateTold,
            // Nothing that happens on a case tells everybody.
            Audience::Public => continue,
        };
        if let Some(rule) = lead_of(&clause.value) {
            out.push(of(clause, "", (Milestone::Disclosure, met_by), rule));
        }
    }
    out
}

fn of<T>(
    clause: &Clause<T>,
    half: &str,
    (milestone, met_by): (Milestone, MetBy),
    rule: ClockRule,
) -> ClockSpec {
    ClockSpec {
        key: ClockKey(format!("{}{half}", clause.id)),
        milestone,
        severity: None,
        rule,
        from: Origin::Receipt,
        firmness: Firmness::Target,
        source: ClockSource::Policy {
            clause: clause.id.clone(),
            span: clause.span,
            quote: clause.quote.clone(),
        },
        met_by,
    }
}

/// The calendar's rule for "90+30"; `None` for other rules.
pub fn fix_plus_of(rule: TimetableRule) -> Option<FixPlus> {
    let TimetableRule::FixPlus {
        fix_days,
        adopt_days,
        attacked_days,
    } = rule
    else {
        return None;
    };
    Some(FixPlus {
        fix_days,
        adopt_days,
        grace_days: 0,
        in_the_wild: attacked_days.map(|fix_days| InTheWild {
            fix_days,
            grace_days: 0,
        }),
    })
}

/// A range promises its shorter end.
fn lead_of(notice: &AdvanceNotice) -> Option<ClockRule> {
    let amount = notice.at_least.unwrap_or(notice.amount);
    let (amount, unit) = match notice.unit {
        TermUnit::Hours => (amount, Unit::Hour),
        TermUnit::Days => (amount, Unit::CalendarDay),
        TermUnit::Weeks => (amount.checked_mul(7)?, Unit::CalendarDay),
        TermUnit::BusinessDays => (amount, Unit::BusinessDay),
        TermUnit::Months => (amount, Unit::Month),
        TermUnit::BusinessHours => return None,
    };
    (amount > 0).then_some(ClockRule::Lead { amount, unit })
}

/// The longest embargo of a list, in hours, where the policy names one.
pub fn list_maximum_hours(policy: &Policy) -> Option<u32> {
    let hours = |amount: u32, unit| match unit {
        TermUnit::Hours => Some(amount),
        TermUnit::Days => amount.checked_mul(24),
        TermUnit::Weeks => amount.checked_mul(7 * 24),
        TermUnit::BusinessHours | TermUnit::BusinessDays | TermUnit::Months => None,
    };
    let all = policy.timetable.iter().filter_map(|c| match c.value {
        TimetableRule::ListMaximum { amount, unit } => hours(amount, unit),
        _ => None,
    });
    all.min()
}

/// A rule in words: "Details are published on the second Tuesday of a month".
pub fn timetable_words(rule: TimetableRule) -> String {
    match rule {
        TimetableRule::ReleaseDays { weekdays, time_utc } => {
            let days: Vec<&str> = weekdays.iso_days().into_iter().map(weekday).collect();
            let hour =
                time_utc.map_or_else(String::new, |t| format!(", at {} UTC", t.strftime("%H:%M")));
            format!(
                "Details are published only on {}{hour}, and never on a holiday",
                listed(&days)
            )
        }
        TimetableRule::MonthGrid { time, .. } => {
            let grid = rule.month_grid(jiff::civil::Time::midnight());
            let words = grid.map_or_else(String::new, |g| g.to_string());
            let day = match time {
                Some(_) => words,
                None => words.trim_end_matches(" at 00:00").to_owned(),
            };
            format!("Details are published only on {day}")
        }
        TimetableRule::ListMaximum { amount, unit } => format!(
            "A list that is told early keeps it private for at most {}",
            amount_words(amount, unit)
        ),
        TimetableRule::FixPlus {
            fix_days,
            adopt_days,
            attacked_days,
        } => {
            let attacked = attacked_days.map_or_else(String::new, |days| {
                format!("; {days} days for the fix once it is attacked")
            });
            format!(
                "Details are published {adopt_days} days after a fix that came within \
                 {fix_days} days, and after {fix_days} days without one{attacked}"
            )
        }
        TimetableRule::UpdateGrid { months: 1 } => {
            "You get a status update on the same day of every month".to_owned()
        }
        TimetableRule::UpdateGrid { months } => {
            format!("You get a status update on the same day of every {months} months")
        }
    }
}

fn weekday(iso: u8) -> &'static str {
    match iso {
        1 => "Monday",
        2 => "Tuesday",
        3 => "Wednesday",
        4 => "Thursday",
        5 => "Friday",
        6 => "Saturday",
        _ => "Sunday",
    }
}

fn listed(words: &[&str]) -> String {
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
    }
}

/// Word in advance in words, with its lead: "Distributors are told 7 days before the
/// publication, at the latest".
pub(super) fn notice_words(notice: &AdvanceNotice) -> Option<String> {
    let who = match notice.audience {
        Audience::Distributors => "Distributors are told",
        Audience::Reporter => "You are told the day",
        Audience::Public => return None,
    };
    let amount = notice.at_least.unwrap_or(notice.amount);
    let time = amount_words(amount, notice.unit);
    Some(format!(
        "{who} {time} before the publication, at the latest"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile;
    use crate::run::plan::clocks;
    use crate::settings::{PolicyInForce, Settings};
    use crate::{Canonical, SourceFile};

    fn policy(text: &str) -> PolicyInForce {
        let text = format!("# Security\n\n{text}\n");
        let policy = compile(text.as_bytes()).unwrap().value;
        PolicyInForce::assemble(text.as_bytes(), policy, Settings::default())
    }

    fn promised(text: &str) -> Vec<(String, MetBy)> {
        let all = clocks(&policy(text)).into_iter();
        all.filter(ClockSpec::is_promise)
            .map(|c| (c.key.0, c.met_by))
            .collect()
    }

    #[test]
    fn ninety_plus_thirty_is_one_rule_and_not_two_windows() {
        let text = "If a fix is released within 90 days, we publish the details of the \
                    vulnerability 30 days after the fix.";
        assert_eq!(
            promised(text),
            [
                ("timetable-1".to_owned(), MetBy::Published),
                ("timetable-1-fix".to_owned(), MetBy::FixReleased),
            ]
        );
    }

    #[test]
    fn updates_on_one_day_of_the_month_are_a_grid() {
        let all = clocks(&policy(
            "We send you a status update every month, on the same day of the month.",
        ));
        let updates: Vec<_> = all
            .iter()
            .filter(|c| c.met_by == MetBy::StatusMessage)
            .collect();
        assert_eq!(updates.len(), 1);
        assert!(matches!(updates[0].rule, ClockRule::RecurringGrid { .. }));
    }

    #[test]
    fn word_in_advance_to_distributors_is_a_clock_that_counts_back() {
        let policy = policy(
            "Distributors are notified at least 7 days before the public disclosure of the \
             vulnerability.",
        );
        let lead = clocks(&policy)
            .into_iter()
            .find(|c| c.met_by == MetBy::DistributorsTold)
            .unwrap();
        let unit = Unit::CalendarDay;
        assert_eq!(lead.rule, ClockRule::Lead { amount: 7, unit });
    }

    #[test]
    fn a_list_binds_by_its_shortest_maximum() {
        let text = "The distributors list keeps an embargo for at most 10 days. \
                    The private list of vendors never keeps an embargo for more than two weeks, \
                    and no longer than 14 days.";
        assert_eq!(list_maximum_hours(&policy(text).policy), Some(240));
    }

    #[test]
    fn the_canonical_form_keeps_every_rule_and_says_it_in_words() {
        let text = "# Security\n\nAdvisories are published on the second Tuesday of each month \
                    at 10:00.\n\nVulnerabilities are disclosed only Monday to Wednesday at \
                    16:00 UTC.\n\nThe private distributors list keeps an embargo for at most \
                    10 days.\n\nIf a fix is released within 90 days, we publish the details of \
                    the vulnerability 30 days after the fix; 7 days if it is exploited.\n\nYou \
                    get a status update every month, on the same day of the month.\n";
        let policy = compile(text.as_bytes()).unwrap().value;
        assert_eq!(policy.timetable.len(), 5, "{:?}", policy.timetable);
        let canonical = Canonical {
            source: SourceFile::of("SECURITY.md", text.as_bytes()),
            policy: policy.clone(),
            settings: Settings::default(),
        };
        let file = canonical.write(text).unwrap();
        assert!(file.contains("[[timetable]]"), "{file}");
        assert_eq!(Canonical::parse(&file).unwrap(), canonical, "{file}");
        let in_force =
            PolicyInForce::assemble(text.as_bytes(), policy.clone(), Settings::default());
        let lines = crate::promises_in_words(&in_force);
        for clause in &policy.timetable {
            let said = lines.iter().find(|l| l.clause.as_ref() == Some(&clause.id));
            assert_eq!(said.unwrap().text, timetable_words(clause.value));
        }
        let without = compile(b"# Security\n\nWe answer within 2 days.\n")
            .unwrap()
            .value;
        let changes = crate::diff(&without, &policy);
        assert!(
            changes
                .iter()
                .any(|c| format!("{c:?}").contains("second Tuesday"))
        );
    }

    #[test]
    fn rules_read_like_a_person_wrote_them() {
        let said = |text: &str| timetable_words(policy(text).policy.timetable[0].value);
        assert_eq!(
            said("Advisories are published on the second Tuesday of each month."),
            "Details are published only on the second Tuesday of a month"
        );
        assert_eq!(
            said("Vulnerabilities are disclosed only Monday to Wednesday at 16:00 UTC."),
            "Details are published only on Monday, Tuesday or Wednesday, at 16:00 UTC, and \
             never on a holiday"
        );
    }
}
