//! From an anchor to a due instant.
//!
//! Invariant: nothing pauses; done at the due second is in time.

use candor_base::Instant;
use candor_calendar::{WorkCalendar, due};

use crate::regime::{Anchor, StageTerms};

/// When a stage falls due, and how that came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// The last second in time; `None` where it lies beyond the calendar.
    pub due: Option<Instant>,
    /// In words.
    pub explanation: Vec<String>,
}

/// The timer of a stage from its anchor. The calendar gives the zone in which
/// months are counted; business days and holidays play no part.
pub fn timer(stage: &StageTerms, anchor: Instant, calendar: &WorkCalendar) -> Timer {
    let from = match &stage.from {
        Anchor::Aware => "counts from becoming aware".to_owned(),
        Anchor::MeasureAvailable => {
            "counts from the day a measure was available, and never before becoming aware"
                .to_owned()
        }
        Anchor::Submitted(id) => {
            format!(
                "counts from the submission of the {}",
                id.as_str().replace('_', " ")
            )
        }
    };
    match due(&stage.within, anchor, calendar, &[]) {
        Ok(found) => {
            let mut explanation = vec![from];
            explanation.extend(found.explanation);
            Timer {
                due: Some(found.at),
                explanation,
            }
        }
        Err(why) => Timer {
            due: None,
            explanation: vec![from, why.to_string()],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table;

    fn calendar(zone: &str) -> WorkCalendar {
        let mut calendar = WorkCalendar::utc_mon_fri();
        calendar.zone = zone.parse().unwrap();
        calendar
    }

    fn due_of(regime: &str, stage: &str, anchor: &str, zone: &str) -> Instant {
        let regime = table().unwrap().regime(&regime.parse().unwrap()).unwrap();
        let stage = regime.stage(&stage.parse().unwrap()).unwrap();
        let anchor: Instant = anchor.parse().unwrap();
        timer(stage, anchor, &calendar(zone)).due.unwrap()
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    // The rows of `domain.md` 3.3 that are about regulators.

    #[test]
    fn s12_the_cra_notification_is_due_72_hours_after_awareness() {
        let due = due_of(
            "eu-cra-vulnerability",
            "notification",
            "2026-09-11T14:42:00Z",
            "Europe/Paris",
        );
        assert_eq!(due, at("2026-09-14T14:42:00Z"));
        let early = due_of(
            "eu-cra-vulnerability",
            "early_warning",
            "2026-09-11T14:42:00Z",
            "Europe/Paris",
        );
        assert_eq!(early, at("2026-09-12T14:42:00Z"));
    }

    #[test]
    fn s13_the_final_report_counts_14_times_24_hours_from_the_measure() {
        let due = due_of(
            "eu-cra-vulnerability",
            "final",
            "2026-10-19T08:00:00Z",
            "Europe/Berlin",
        );
        assert_eq!(due, at("2026-11-02T08:00:00Z"));
    }

    #[test]
    fn s14_a_month_after_the_submission_is_held_to_a_shorter_month() {
        for regime in ["eu-cra-incident", "eu-nis2-incident"] {
            let due = due_of(regime, "final", "2027-01-31T09:30:00Z", "UTC");
            assert_eq!(due, at("2027-02-28T09:30:00Z"));
        }
    }

    #[test]
    fn e21_six_hours_run_through_night_and_holiday() {
        let due = due_of(
            "in-cert-2022",
            "report",
            "2026-08-14T16:45:00Z",
            "Asia/Kolkata",
        );
        assert_eq!(due, at("2026-08-14T22:45:00Z"));
    }

    #[test]
    fn e22_two_days_are_48_hours() {
        let due = due_of(
            "cn-rmsv-2021",
            "report",
            "2026-09-30T09:00:00Z",
            "Asia/Shanghai",
        );
        assert_eq!(due, at("2026-10-02T09:00:00Z"));
    }

    #[test]
    fn a_timer_says_what_it_counts_from() {
        let regime = table()
            .unwrap()
            .regime(&"eu-cra-incident".parse().unwrap())
            .unwrap();
        let stage = regime.stage(&"final".parse().unwrap()).unwrap();
        let found = timer(stage, at("2027-01-31T09:30:00Z"), &calendar("UTC"));
        assert_eq!(
            found.explanation.first().map(String::as_str),
            Some("counts from the submission of the notification")
        );
    }
}
