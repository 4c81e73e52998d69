//! The arguments of `policy simulate`.

use std::path::PathBuf;
use std::str::FromStr;

use candor_calendar::Zone;
use candor_forecast::{Order, Region};
use clap::Args;
use jiff::civil::{Date, Time};

/// A share: `95%`, `95` or `0.95`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Share(pub f64);

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bare = text.trim().trim_end_matches('%').trim_end();
        let number: f64 = bare
            .parse()
            .map_err(|_| "write it like 95% or 0.95".to_owned())?;
        let percent = text.contains('%') || number > 1.0;
        let share = if percent { number / 100.0 } else { number };
        if (0.0..=1.0).contains(&share) {
            Ok(Self(share))
        } else {
            Err("a share lies between 0 and 100 %".to_owned())
        }
    }
}

/// Working hours on the wall: `9-17` or `09:30-17:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hours(pub Time, pub Time);

impl FromStr for Hours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || "write it like 9-17 or 09:30-17:30".to_owned();
        let time = |part: &str| -> Option<Time> {
            let (hour, minute) = part.trim().split_once(':').unwrap_or((part.trim(), "0"));
            Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
        };
        let (from, to) = text.split_once('-').ok_or_else(bad)?;
        match (time(from), time(to)) {
            (Some(from), Some(to)) if from < to => Ok(Self(from, to)),
            _ => Err(bad()),
        }
    }
}

fn region(text: &str) -> Result<Region, String> {
    Region::named(text).map_err(|unknown| unknown.to_string())
}

fn order(text: &str) -> Result<Order, String> {
    match text {
        "due" => Ok(Order::Due),
        "severity" => Ok(Order::Severity),
        "received" => Ok(Order::Received),
        _ => Err("one of due, severity, received".to_owned()),
    }
}

fn zone(text: &str) -> Result<Zone, String> {
    text.parse()
        .map_err(|e: candor_calendar::ZoneError| e.to_string())
}

const AFTER: &str = "\
Examples:
  candor policy simulate SECURITY.md --reports-per-month 4 --team 1
  candor policy simulate SECURITY.md --reports-per-month 20 --team team.toml --aim 99%
  candor policy simulate SECURITY.md --history past.csv --team 3 --svg odds.svg
  candor policy simulate SECURITY.md --reports-per-month 4 --team 2 --check

A team file (TOML); everything may be left out:
  [[member]]
  name = \"Ann\"
  zone = \"Europe/Berlin\"
  holidays = \"de\"            # none, common, or de, de-by, us, …
  from = \"09:00\"
  to = \"17:00\"
  hours_a_week = 10          # for reports
  vacation_days = 30
  days_off = [\"2027-05-14\"]
  [load]
  junk = 0.4
  [effort]
  assessment = 2.5           # hours of work

A history has a header line and one line for each report (or JSON lines):
  received,acknowledged,assessed,fixed,disclosed,severity,outcome
  2026-03-01T10:00:00Z,2026-03-02,2026-03-05,2026-04-01,2026-04-02,high,valid

The same arguments give the same result, to the byte, on every machine.
What the model assumes and leaves out stands in docs/simulate.md.

Exit codes:
  0  done; with --check: every promise of the policy reaches the aim
  1  with --check: some promise does not
  2  the input is wrong
  3  a file could not be written";

/// How likely each promise is kept, and what would make it safe.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct SimulateArgs {
    /// The policy; `-` reads standard input
    pub file: PathBuf,
    /// Reports in an average month, outside of floods
    #[arg(long, value_name = "N")]
    pub reports_per_month: Option<f64>,
    /// How many people, or a file that describes them
    #[arg(long, value_name = "N|FILE", default_value = "1")]
    pub team: String,
    /// The project's own past: fits load, severities and effort
    #[arg(long, value_name = "FILE")]
    pub history: Option<PathBuf>,
    /// The odds to reach
    #[arg(long, value_name = "SHARE", default_value = "95%")]
    pub aim: Share,
    /// Exit with 1 when a promise of the policy does not reach the aim
    #[arg(long)]
    pub check: bool,
    /// Do not look for what would make it safe
    #[arg(long)]
    pub no_advice: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// Draw the odds into this file (SVG)
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Months in a run
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub months: u32,
    /// How many runs
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub runs: u64,
    /// Names the luck: another number, another luck
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The first day
    #[arg(long, value_name = "DATE", default_value = "2027-01-01")]
    pub start: Date,
    /// What is taken up first: due, severity or received
    #[arg(long, value_parser = order, help_heading = "The team")]
    pub order: Option<Order>,
    /// Hours a week that each person has for reports
    #[arg(long, value_name = "HOURS", help_heading = "The team")]
    pub hours_per_week: Option<f64>,
    /// Working hours of each person
    #[arg(long, value_name = "FROM-TO", help_heading = "The team")]
    pub hours: Option<Hours>,
    /// Time zone of each person
    #[arg(long, value_parser = zone, help_heading = "The team")]
    pub zone: Option<Zone>,
    /// Public holidays of each person: none, common, or a region such as de, gb-eng or us
    #[arg(long, value_parser = region, value_name = "REGION", help_heading = "The team")]
    pub holidays: Option<Region>,
    /// Working days of vacation in a year
    #[arg(long, value_name = "DAYS", help_heading = "The team")]
    pub vacation: Option<u32>,
    /// Working days of sickness in a year
    #[arg(long, value_name = "DAYS", help_heading = "The team")]
    pub sick: Option<u32>,
    /// Somebody stands in for vacation and illness
    #[arg(long, help_heading = "The team")]
    pub deputies: bool,
    /// Somebody looks at new reports once a day on days off
    #[arg(long, help_heading = "The team")]
    pub watch: bool,
    /// Share of reports that are no vulnerability
    #[arg(long, value_name = "SHARE", help_heading = "The load")]
    pub junk: Option<Share>,
    /// Share of duplicates
    #[arg(long, value_name = "SHARE", help_heading = "The load")]
    pub duplicates: Option<Share>,
    /// Share of the others that lack something
    #[arg(long, value_name = "SHARE", help_heading = "The load")]
    pub incomplete: Option<Share>,
    /// Floods of reports in a year; 0 for none
    #[arg(long, value_name = "N", help_heading = "The load")]
    pub floods: Option<f64>,
    /// Reports in a flood
    #[arg(long, value_name = "N", help_heading = "The load")]
    pub flood_size: Option<u32>,
    /// Releases come every so many days; 0: as soon as a fix is ready
    #[arg(long, value_name = "DAYS", help_heading = "The load")]
    pub release_every: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_hours_are_read_as_people_write_them() {
        for text in ["95%", "95 %", "95", "0.95"] {
            let share: Share = text.parse().unwrap();
            assert!((share.0 - 0.95).abs() < 1e-12, "{text}");
        }
        for bad in ["", "often", "101%", "-1"] {
            assert!(bad.parse::<Share>().is_err(), "{bad}");
        }
        let hours: Hours = "09:30-17".parse().unwrap();
        assert_eq!(
            hours,
            Hours(Time::constant(9, 30, 0, 0), Time::constant(17, 0, 0, 0))
        );
        for bad in ["17-9", "9", "9-25", "a-b"] {
            assert!(bad.parse::<Hours>().is_err(), "{bad}");
        }
    }
}
