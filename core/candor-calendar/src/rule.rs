//! What a time rule is: how much, of what, and how it is counted.
//!
//! Invariant: a rule carries no date. It becomes a due instant only with an
//! anchor and a calendar (see [`crate::due()`]).

use std::fmt;

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 3,600 seconds; nights, weekends, holidays and clock changes do not matter.
    Hour,
    /// 3,600 seconds inside the working window of business days.
    BusinessHour,
    /// Local dates, or 24 hours each in elapsed mode.
    CalendarDay,
    /// Local dates of the work week that are no holidays, or 24 hours each inside them.
    BusinessDay,
    /// The same day number, held to the end of a shorter month.
    Month,
}

/// Where the last unit ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// At the last second of the local date reached; day 0 is never counted.
    EndOfDay,
    /// At the very second.
    Elapsed,
}

/// What happens to something that arrives on a day on which nobody works.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum NonbusinessReceipt {
    /// Day 0 is the real date: what arrives on Saturday has its day 1 on Monday.
    #[default]
    CountNext,
    /// It counts as received on the next business day, which becomes day 0.
    DeemReceivedNext,
}

/// Within so many units of an anchor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Form")]
pub struct Within {
    /// How many units.
    pub amount: u32,
    /// What is counted.
    pub unit: Unit,
    /// Where the last unit ends.
    pub mode: Mode,
    /// Whether the clock stands still while the case waits for the reporter.
    pub pausable: bool,
    /// Local time from which on a business day no longer counts as day 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cutoff: Option<Time>,
    /// What happens to something that arrives on a day on which nobody works.
    #[serde(rename = "nonbusiness_receipt")]
    pub nonbusiness: NonbusinessReceipt,
    /// The working window for business hours; 09:00 to 17:00 when absent.
    /// An end of 00:00 means midnight at the end of the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<(Time, Time)>,
}

/// How a rule is written: what is left out has the default of its unit.
#[derive(Deserialize)]
struct Form {
    amount: u32,
    unit: Unit,
    mode: Option<Mode>,
    #[serde(default)]
    pausable: bool,
    cutoff: Option<Time>,
    #[serde(default, alias = "nonbusiness_receipt")]
    nonbusiness: NonbusinessReceipt,
    hours: Option<(Time, Time)>,
}

impl From<Form> for Within {
    fn from(form: Form) -> Self {
        Self {
            mode: form.mode.unwrap_or_else(|| form.unit.default_mode()),
            amount: form.amount,
            unit: form.unit,
            pausable: form.pausable,
            cutoff: form.cutoff,
            nonbusiness: form.nonbusiness,
            hours: form.hours,
        }
    }
}

impl Unit {
    /// Days and months end with the day; hours end at the second.
    pub const fn default_mode(self) -> Mode {
        match self {
            Self::Hour | Self::BusinessHour => Mode::Elapsed,
            Self::CalendarDay | Self::BusinessDay | Self::Month => Mode::EndOfDay,
        }
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Hour => ("hour", "hours"),
            Self::BusinessHour => ("business hour", "business hours"),
            Self::CalendarDay => ("day", "days"),
            Self::BusinessDay => ("business day", "business days"),
            Self::Month => ("month", "months"),
        }
    }
}

impl Within {
    /// A rule with the defaults of its unit: not pausable, no cut-off, `count_next`.
    pub const fn new(amount: u32, unit: Unit) -> Self {
        Self {
            amount,
            unit,
            mode: unit.default_mode(),
            pausable: false,
            cutoff: None,
            nonbusiness: NonbusinessReceipt::CountNext,
            hours: None,
        }
    }

    /// So many hours, to the second.
    pub const fn hours(amount: u32) -> Self {
        Self::new(amount, Unit::Hour)
    }

    /// So many hours inside 09:00 to 17:00 on business days, to the second.
    pub const fn business_hours(amount: u32) -> Self {
        Self::new(amount, Unit::BusinessHour)
    }

    /// So many dates, to the end of the last.
    pub const fn calendar_days(amount: u32) -> Self {
        Self::new(amount, Unit::CalendarDay)
    }

    /// So many business days, to the end of the last.
    pub const fn business_days(amount: u32) -> Self {
        Self::new(amount, Unit::BusinessDay)
    }

    /// So many months, to the end of the day.
    pub const fn months(amount: u32) -> Self {
        Self::new(amount, Unit::Month)
    }

    /// The same rule, counted to the second.
    #[must_use]
    pub const fn elapsed(mut self) -> Self {
        self.mode = Mode::Elapsed;
        self
    }

    /// The same rule, standing still while the case waits for the reporter.
    #[must_use]
    pub const fn pausable(mut self) -> Self {
        self.pausable = true;
        self
    }

    /// Whether it counts business time, so that its warnings belong in duty hours.
    pub const fn is_business(&self) -> bool {
        matches!(self.unit, Unit::BusinessDay | Unit::BusinessHour)
    }

    /// The working window.
    pub(crate) fn window(&self) -> (Time, Time) {
        self.hours
            .unwrap_or((Time::constant(9, 0, 0, 0), Time::constant(17, 0, 0, 0)))
    }
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, many) = self.unit.words();
        write!(
            f,
            "{} {}",
            self.amount,
            if self.amount == 1 { one } else { many }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_has_the_default_of_its_unit() {
        let rule: Within = serde_json::from_str(r#"{"amount":48,"unit":"hour"}"#).unwrap();
        assert_eq!(rule, Within::hours(48));
        let rule: Within = serde_json::from_str(r#"{"amount":5,"unit":"business_day"}"#).unwrap();
        assert_eq!(rule, Within::business_days(5));
        let rule: Within =
            serde_json::from_str(r#"{"amount":14,"unit":"calendar_day","mode":"elapsed"}"#)
                .unwrap();
        assert_eq!(rule, Within::calendar_days(14).elapsed());
    }

    #[test]
    fn a_rule_round_trips_and_reads_short_times() {
        let text = r#"{"amount":2,"unit":"business_hour","pausable":true,"cutoff":"17:00",
            "nonbusiness_receipt":"deem_received_next","hours":["08:30","16:30"]}"#;
        let rule: Within = serde_json::from_str(text).unwrap();
        assert_eq!(rule.cutoff, Some(Time::constant(17, 0, 0, 0)));
        assert_eq!(rule.nonbusiness, NonbusinessReceipt::DeemReceivedNext);
        let json = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<Within>(&json).unwrap(), rule);
        assert!(serde_json::from_str::<Within>(r#"{"amount":-1,"unit":"hour"}"#).is_err());
    }

    #[test]
    fn a_rule_says_itself_in_words() {
        assert_eq!(Within::business_days(1).to_string(), "1 business day");
        assert_eq!(Within::hours(48).to_string(), "48 hours");
    }
}
