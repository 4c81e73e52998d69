//! Policies and scenarios for the tests of this crate.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "a test that cannot go on should stop; not every test uses everything"
)]

use candor_base::Instant;
use candor_forecast::{
    Asks, Effort, Kind, Load, Member, Order, Region, Report, Scenario, Team, World,
};
use candor_policy::model::{Milestone, Severity};
use candor_policy::settings::{PolicyInForce, Settings};

pub(crate) fn policy(text: &str) -> PolicyInForce {
    let compiled = candor_policy::compile(text.as_bytes()).unwrap().value;
    PolicyInForce::assemble(text.as_bytes(), compiled, Settings::default())
}

/// A policy with these promises.
pub(crate) fn promising(lines: &[&str]) -> PolicyInForce {
    let list: Vec<String> = lines.iter().map(|l| format!("- {l}\n")).collect();
    policy(&format!(
        "# Security policy\n\nReport a vulnerability to security@kite.example.\n\n\
         ## Response\n\n{}",
        list.concat()
    ))
}

/// One worker, Monday to Friday from nine to five, never away.
pub(crate) fn steady() -> Member {
    Member {
        vacation_days: 0,
        sick_days: 0,
        holidays: Region::None,
        hours_a_week: 40.0,
        ..Member::default()
    }
}

pub(crate) fn scenario(policy: PolicyInForce) -> Scenario {
    Scenario {
        policy,
        team: Team::of(1),
        load: Load::default(),
        effort: Effort::default(),
        order: Order::Due,
        start: "2027-01-04".parse().unwrap(),
        months: 12,
        seed: 1,
    }
}

pub(crate) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// A complete report of a real problem that takes an hour for everything.
pub(crate) fn report(when: &str) -> Report {
    Report {
        at: at(when),
        kind: Kind::Valid,
        severity: Severity::Medium,
        asks: Asks::Nothing,
        flood: false,
        first_look: 3_600,
        plan: 3_600,
        assessment: 3_600,
        fix: 3_600,
        release: 3_600,
        status: 3_600,
    }
}

/// The samples of one promise: kept or not, and seconds taken.
pub(crate) fn outcomes(
    scenario: &Scenario,
    reports: Vec<Report>,
    promise: Milestone,
) -> Vec<(bool, i64)> {
    let world = World::new(scenario);
    let result = world.run_with(0, reports);
    assert_eq!(result.refused, Vec::<String>::new());
    let clock = world
        .clocks()
        .iter()
        .position(|c| c.milestone == promise)
        .unwrap_or_else(|| panic!("no {promise:?} in {:#?}", world.clocks()));
    let of_clock = result.samples.iter().filter(|s| s.clock == clock);
    of_clock.map(|s| (s.kept, s.took.unwrap_or(-1))).collect()
}
