//! Who does the work: hours, zone, capacity, absences.
//!
//! Invariant: every default is an assumption of Candor's and is listed as one by
//! [`crate::assumptions`].

use std::collections::BTreeSet;

use candor_calendar::{Workweek, Zone};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::holidays::Region;

/// The most members that are simulated.
pub const MOST_MEMBERS: usize = 50;

/// One person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Member {
    /// What to call them; used only in words.
    pub name: String,
    /// Where their days begin and end.
    pub zone: Zone,
    /// The days of the week on which they work.
    pub workweek: Workweek,
    /// When they begin, on the wall.
    pub from: Time,
    /// When they stop, on the wall; later than `from`.
    pub to: Time,
    /// Hours a week that they have for reports, in all.
    pub hours_a_week: f64,
    /// Working days of vacation in a year.
    pub vacation_days: u32,
    /// Working days of sickness in a year.
    pub sick_days: u32,
    /// Their public holidays.
    pub holidays: Region,
    /// Other dates on which they do not work.
    pub days_off: BTreeSet<Date>,
}

impl Default for Member {
    fn default() -> Self {
        Self {
            name: String::new(),
            zone: Zone::utc(),
            workweek: Workweek::MON_FRI,
            from: Time::constant(9, 0, 0, 0),
            to: Time::constant(17, 0, 0, 0),
            hours_a_week: 10.0,
            vacation_days: 25,
            sick_days: 8,
            holidays: Region::Common,
            days_off: BTreeSet::new(),
        }
    }
}

/// Everybody, and how they stand in for each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Team {
    /// The members.
    #[serde(rename = "member")]
    pub members: Vec<Member>,
    /// Somebody stands in for whoever is on vacation or ill, with the same hours.
    pub deputies: bool,
    /// On days on which the first member does not work, somebody looks at new
    /// reports between 10 and 11 in the morning, and answers them.
    pub watch: bool,
}

impl Default for Team {
    fn default() -> Self {
        Self::of(1)
    }
}

impl Team {
    /// So many members with Candor's assumptions.
    pub fn of(count: usize) -> Self {
        Self {
            members: vec![Member::default(); count],
            deputies: false,
            watch: false,
        }
    }

    /// What is wrong with it, in words; empty when it can be simulated.
    pub fn problems(&self) -> Vec<String> {
        let mut out = Vec::new();
        if self.members.is_empty() || self.members.len() > MOST_MEMBERS {
            out.push(format!("A team has 1 to {MOST_MEMBERS} members."));
        }
        for (n, m) in (1_usize..).zip(&self.members) {
            let who = if m.name.is_empty() {
                format!("member {n}")
            } else {
                format!("member {n} ({})", m.name)
            };
            if m.to <= m.from {
                out.push(format!("{who}: `to` must be later on the day than `from`."));
            }
            if !(0.1..=100.0).contains(&m.hours_a_week) {
                out.push(format!("{who}: `hours_a_week` is between 0.1 and 100."));
            }
            if m.vacation_days > 250 || m.sick_days > 250 {
                out.push(format!(
                    "{who}: at most 250 days a year of vacation, and as many of sickness."
                ));
            }
        }
        out
    }
}
