//! Whether the public holidays of a program are known for long enough.
//!
//! Invariant: a policy that counts no public holidays has nothing to hear of them.
//!
//! Deliberately absent: renewing the table; a newer Candor brings a newer one.

use candor_base::{Finding, Level};
use candor_calendar::holiday_table;
use jiff::civil::Date;

use crate::settings::PolicyInForce;

/// What the owner should know of the table of public holidays: that it ends in less
/// than a year, so that due dates may already lie beyond it, or that it has ended.
pub fn holidays_finding(policy: &PolicyInForce, today: Date) -> Option<Finding> {
    if policy.settings.holiday_regions.is_empty() {
        return None;
    }
    let last = holiday_table().last_year;
    if today.year() < last {
        return None;
    }
    let then = if today.year() == last {
        "Due dates after it do not count them."
    } else {
        "Later ones are not counted."
    };
    Some(Finding {
        code: "holidays-end".to_owned(),
        level: Level::Warning,
        span: None,
        message: format!("Public holidays are known until the end of {last}. {then}"),
        help: "Install a newer Candor, or write the holidays of the next years under \
               \u{201c}More holidays\u{201d}."
            .to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile;
    use crate::settings::Settings;

    fn said(regions: &[&str], today: &str) -> Option<String> {
        let text = b"# Security\n\nWe answer within 2 business days.\n";
        let settings = Settings {
            holiday_regions: regions.iter().map(|r| r.parse().unwrap()).collect(),
            ..Settings::default()
        };
        let policy = compile(text).unwrap().value;
        let policy = PolicyInForce::assemble(text, policy, settings);
        holidays_finding(&policy, today.parse().unwrap()).map(|f| f.message)
    }

    #[test]
    fn the_owner_hears_a_year_before_the_table_ends() {
        assert_eq!(said(&["NO"], "2034-12-31"), None);
        assert!(said(&["NO"], "2035-01-01").unwrap().contains("Due dates"));
        assert!(said(&["NO"], "2036-01-01").unwrap().contains("Later ones"));
        assert_eq!(said(&[], "2036-01-01"), None);
    }
}
