//! What the owner adds to a policy and what Candor assumes where it is silent.
//!
//! Invariants: every value knows whether the policy, the owner or Candor said
//! it ([`Said`]); Candor's own are never shown as the project's promise.
//!
//! Deliberately absent: accounts, mail servers and other matters of the instance.

use std::collections::BTreeSet;

use candor_base::Digest;
use candor_calendar::{NonbusinessReceipt, Region, WorkCalendar, Workweek, Zone};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::model::{Milestone, Policy};

/// Who said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// The policy text.
    Policy,
    /// The owner, on the desk.
    Owner,
    /// Nobody: Candor's default.
    Candor,
}

/// One release of the product, given by the owner.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Release {
    /// Version as written, `1.4.2`.
    pub version: String,
    /// Still supported; `None` asks the policy's own rule.
    pub supported: Option<bool>,
    /// The day on which it was released, where somebody wrote it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

/// A named maintainer address, listed only because the owner gave it (S4-08).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedAddress {
    /// The name.
    pub name: String,
    /// The address.
    pub address: String,
}

/// What the owner set for a program. Holds for cases received after the change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Zone; UTC when not set (Q1).
    pub zone: Option<Zone>,
    /// Work week; Monday to Friday when not set (Q1).
    pub workweek: Option<Workweek>,
    /// Own holidays; none when not set (Q1).
    pub holidays: BTreeSet<Date>,
    // Settings younger than the first release are not written when nobody made them,
    // so that they change no digest of a policy.
    /// Regions whose public holidays are free; none when not set (Q1).
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub holiday_regions: BTreeSet<Region>,
    /// Days on which the team works although they are holidays or on a weekend.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub working_days: BTreeSet<Date>,
    /// Begin and end of a working day, local: business hours run in between, and
    /// warnings of business clocks come then. 09:00 to 17:00 when not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub working_hours: Option<(Time, Time)>,
    /// Local time from which on a report counts as received on the next business day,
    /// for promises in business days. Off when not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cutoff: Option<Time>,
    /// What a report on a day off counts as, for promises in business days.
    /// When not set, see [`Settings::day_off_receipt`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonbusiness_receipt: Option<NonbusinessReceipt>,
    /// Address for a mail channel that the text names without one (S0-13).
    pub security_address: Option<String>,
    /// The repository whose private reporting is switched on (S0-14, S2-05).
    pub github_repository: Option<String>,
    /// The private contact, if configured (S2-06).
    pub private_contact: Option<String>,
    /// Maintainers' own addresses (S4-08).
    pub maintainers: Vec<NamedAddress>,
    /// What "response" in a severity table means (Q13); `Plan` or `Fix`.
    pub response_means: Option<Milestone>,
    /// The register of releases, newest first (S0-02, S4-01).
    pub releases: Vec<Release>,
    /// Day of the next release, when known (S0-30, S4-03).
    pub next_release: Option<Date>,
    /// Publication and large rating jumps need a second person (Q4).
    pub four_eyes: bool,
    /// A team of one confirms again after so many minutes (Q4).
    pub second_look_minutes: u32,
    /// When the policy was last reviewed (S1-46).
    pub last_review: Option<Date>,
    /// Who receives advance notice and publishes on their own (S4-37).
    pub distributors: Vec<NamedAddress>,
    /// Login of whoever is on duty: called first when a promise was missed and nobody
    /// leads the case. Read from the settings in force now, not from those of a case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_duty: Option<String>,
    /// Login of the deputy, called next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deputy: Option<String>,
    /// Login of the head of the team, called last, and again each week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// Name of the publisher in advisories; the product's when not set.
    pub publisher: Option<String>,
    /// Namespace address of the publisher in CSAF.
    pub namespace: Option<String>,
}

impl Settings {
    /// What a report on a day off counts as. With a cut-off and nothing else set it counts
    /// for the next business day: one that came later may never be due earlier. Without a
    /// cut-off it counts from the day on which it came.
    pub fn day_off_receipt(&self) -> NonbusinessReceipt {
        let usual = match self.cutoff {
            Some(_) => NonbusinessReceipt::DeemReceivedNext,
            None => NonbusinessReceipt::default(),
        };
        self.nonbusiness_receipt.unwrap_or(usual)
    }
}

/// A policy as it holds for the cases received under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyInForce {
    /// SHA-256 over text, settings and what was read: names this version.
    pub digest: Digest,
    /// The compiled text.
    pub policy: Policy,
    /// What the owner added.
    pub settings: Settings,
}

impl PolicyInForce {
    /// The calendar its clocks run in, with the words of who set it.
    pub fn calendar(&self) -> WorkCalendar {
        let s = &self.settings;
        let regions = &s.holiday_regions;
        let own_days = !s.holidays.is_empty() || !s.working_days.is_empty();
        let names: Vec<&str> = regions.iter().map(|r| r.name()).collect();
        let usual = regions.first().map(|r| r.workweek());
        let name = match (names.as_slice(), own_days) {
            ([], false) if s.workweek.is_none() => "Monday to Friday, no holidays".to_owned(),
            ([], _) => "the owner's work week and holidays".to_owned(),
            (names, false) => format!("public holidays of {}", names.join(" and ")),
            (names, true) => format!("public holidays of {}, own days", names.join(" and ")),
        };
        WorkCalendar {
            zone: s.zone.clone().unwrap_or_default(),
            workweek: s.workweek.or(usual).unwrap_or_default(),
            regions: regions.clone(),
            holidays: s.holidays.clone(),
            working_days: s.working_days.clone(),
            name,
        }
    }

    /// Who set the zone: no seed states one, so it is the owner or Candor.
    pub fn calendar_said(&self) -> Said {
        let s = &self.settings;
        let days =
            !s.holidays.is_empty() || !s.working_days.is_empty() || !s.holiday_regions.is_empty();
        if s.zone.is_some() || s.workweek.is_some() || days {
            Said::Owner
        } else {
            Said::Candor
        }
    }
}
