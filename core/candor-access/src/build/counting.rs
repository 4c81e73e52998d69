//! How times are counted, in one paragraph for the policy page.
//!
//! Invariants: every setting that moves a due date is told here, before anybody sends a
//! report; what the owner did not set is said to be Candor's default (Q1).
//!
//! Deliberately absent: due dates; a case and its receipt explain theirs.

use std::fmt::Write as _;

use candor_calendar::NonbusinessReceipt;
use candor_policy::{PolicyInForce, Said, Settings};

/// So many own dates are named; of a longer list the number is told.
const NAMED: usize = 12;

/// Zone, business days and the owner's rules for receipt, with who said so.
pub(super) fn words(policy: &PolicyInForce) -> String {
    let calendar = policy.calendar();
    let zone = format!("Times count in the zone {}", calendar.zone);
    let rules = rules(&policy.settings);
    if policy.calendar_said() != Said::Owner {
        let days = format!(
            "{zone}, business days are Monday to Friday without holidays. The policy does not \
             say: this is Candor's default."
        );
        return match rules.as_str() {
            "" => days,
            rules => format!("{days} {rules} The owner set this."),
        };
    }
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let days: Vec<&str> = calendar
        .workweek
        .iso_days()
        .into_iter()
        .filter_map(|d| names.get(usize::from(d).checked_sub(1)?).copied())
        .collect();
    let own = dates(&policy.settings, Dates::Off);
    let regions: Vec<&str> = calendar.regions.iter().map(|r| r.name()).collect();
    let holidays = match (regions.as_slice(), own) {
        ([], None) => "no holidays are set".to_owned(),
        ([], Some(own)) => format!("without {own}"),
        (regions, None) => format!("without the public holidays of {}", regions.join(" and ")),
        (regions, Some(own)) => format!(
            "without the public holidays of {} and without {own}",
            regions.join(" and ")
        ),
    };
    let mut out = format!("{zone}, business days are {}, {holidays}.", days.join(", "));
    if let Some(working) = dates(&policy.settings, Dates::Working) {
        let _ = write!(out, " The team works on {working} all the same.");
    }
    if !rules.is_empty() {
        out.push(' ');
        out.push_str(&rules);
    }
    out.push_str(" Set by the owner; the policy does not say.");
    out
}

/// Which of the owner's lists of dates.
#[derive(Clone, Copy)]
enum Dates {
    Off,
    Working,
}

/// "2026-12-24 and 2026-12-31", or how many where they are many.
fn dates(settings: &Settings, which: Dates) -> Option<String> {
    let (list, noun) = match which {
        Dates::Off => (&settings.holidays, "own days off"),
        Dates::Working => (&settings.working_days, "days"),
    };
    if list.len() > NAMED {
        return Some(format!("{} {noun} that the owner set", list.len()));
    }
    let named: Vec<String> = list.iter().map(ToString::to_string).collect();
    match named.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        [before @ .., end] => Some(format!("{} and {end}", before.join(", "))),
    }
}

/// Cut-off, days off and working hours: a sentence for each that the owner set.
fn rules(settings: &Settings) -> String {
    let mut out = Vec::new();
    if let Some(cutoff) = settings.cutoff {
        out.push(format!(
            "For promises in business days, a report that comes at {} or later counts as \
             received on the next business day.",
            cutoff.strftime("%H:%M")
        ));
    }
    if settings.cutoff.is_some() || settings.nonbusiness_receipt.is_some() {
        let counts = match settings.day_off_receipt() {
            NonbusinessReceipt::CountNext => "from that day",
            NonbusinessReceipt::DeemReceivedNext => "as received on the next business day",
        };
        let these = match settings.cutoff {
            Some(_) => "these promises",
            None => "promises in business days",
        };
        out.push(format!(
            "For {these}, a report on a day off counts {counts}."
        ));
    }
    if let Some((from, to)) = settings.working_hours {
        out.push(format!(
            "Business hours run from {} to {}.",
            from.strftime("%H:%M"),
            to.strftime("%H:%M")
        ));
    }
    out.join(" ")
}

#[cfg(test)]
mod tests {
    use candor_policy::{Settings, compile};

    use super::*;

    const TEXT: &[u8] = b"# Security\n\nWe acknowledge reports within 2 business days.\n";

    fn said(settings: &str) -> String {
        let settings: Settings = serde_json::from_str(settings).unwrap();
        let policy = compile(TEXT).unwrap().value;
        words(&PolicyInForce::assemble(TEXT, policy, settings))
    }

    #[test]
    fn every_setting_that_moves_a_date_is_told() {
        let all = said(
            r#"{"zone":"Europe/Oslo","holiday_regions":["NO"],"holidays":["2026-12-24","2026-12-31"],
                "working_days":["2026-12-12"],"cutoff":"16:00","working_hours":["08:30","16:30"]}"#,
        );
        assert_eq!(
            all,
            "Times count in the zone Europe/Oslo, business days are Mon, Tue, Wed, Thu, Fri, \
             without the public holidays of Norway and without 2026-12-24 and 2026-12-31. The \
             team works on 2026-12-12 all the same. For promises in business days, a report \
             that comes at 16:00 or later counts as received on the next business day. For \
             these promises, a report on a day off counts as received on the next business day. \
             Business hours run from 08:30 to 16:30. Set by the owner; the policy does not say."
        );
    }

    #[test]
    fn an_explicit_rule_for_days_off_is_told_as_it_is() {
        let kept = said(r#"{"cutoff":"16:00","nonbusiness_receipt":"count_next"}"#);
        assert!(
            kept.contains("a report on a day off counts from that day."),
            "{kept}"
        );
        assert!(kept.contains("Candor's default") && kept.ends_with("The owner set this."));
        let alone = said(r#"{"nonbusiness_receipt":"deem_received_next"}"#);
        let words = "For promises in business days, a report on a day off counts as received on";
        assert!(alone.contains(words), "{alone}");
    }

    #[test]
    fn what_nobody_set_adds_no_words() {
        let silent = said("{}");
        assert!(silent.ends_with("this is Candor's default."), "{silent}");
        let many: Vec<String> = (1..=13).map(|d| format!("\"2026-12-{d:02}\"")).collect();
        let many = said(&format!(r#"{{"holidays":[{}]}}"#, many.join(",")));
        assert!(
            many.contains("without 13 own days off that the owner set."),
            "{many}"
        );
    }
}
