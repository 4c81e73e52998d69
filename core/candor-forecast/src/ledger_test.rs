//! What a run says of its promises is what the cases themselves hold in the end.
#![allow(clippy::panic, reason = "a test that cannot go on should stop")]

use candor_case::ClockStatus;
use candor_policy::settings::{PolicyInForce, Settings};

use crate::sample::Sample;
use crate::{Effort, Load, Order, Scenario, Team, World};

const POLICY: &str = "# Security policy\n\nReport a vulnerability to security@kite.example.\n\n\
    | Milestone | Time |\n|---|---|\n\
    | Acknowledgement | 48 hours |\n| Initial assessment | 5 business days |\n\
    | Status update | every 7 days |\n| Fix | 30 days |\n| Public disclosure | 60 days |\n";

fn scenario(team: usize) -> Scenario {
    let policy = candor_policy::compile(POLICY.as_bytes()).unwrap().value;
    Scenario {
        policy: PolicyInForce::assemble(POLICY.as_bytes(), policy, Settings::default()),
        team: Team::of(team),
        load: Load::default(),
        effort: Effort::default(),
        order: Order::Severity,
        start: "2027-01-01".parse().unwrap(),
        months: 9,
        seed: 11,
    }
}

#[test]
fn verdicts_are_those_of_the_cases() {
    let (mut met, mut missed, mut periods) = (0, 0, 0);
    for team in [1, 2] {
        let scenario = scenario(team);
        let world = World::new(&scenario);
        let mut run = world.begin_run(0, world.reports(0));
        run.play();
        for (n, room) in run.rooms.iter().enumerate() {
            let Some(case) = &room.state else { continue };
            for (place, spec) in world.clocks().iter().enumerate() {
                let own: Vec<&Sample> = run
                    .result
                    .samples
                    .iter()
                    .filter(|s| s.report == n && s.clock == place)
                    .collect();
                let kept = own.iter().filter(|s| s.kept).count();
                let Some(clock) = case.clocks.get(&spec.key) else {
                    assert!(own.is_empty());
                    continue;
                };
                if spec.recurs() {
                    let of_case = (clock.kept_periods, clock.missed_periods);
                    let ours = (u32::try_from(kept), u32::try_from(own.len() - kept));
                    assert_eq!((Ok(of_case.0), Ok(of_case.1)), ours, "{n} {}", spec.key);
                    periods += own.len();
                    continue;
                }
                match clock.status {
                    ClockStatus::Met { at } => {
                        assert_eq!((own.len(), kept), (1, 1));
                        assert_eq!(own[0].took, Some(at.seconds_since(clock.anchor)));
                        met += 1;
                    }
                    ClockStatus::MetLate { at, .. } => {
                        assert_eq!((own.len(), kept), (1, 0));
                        assert_eq!(own[0].took, Some(at.seconds_since(clock.anchor)));
                        missed += 1;
                    }
                    ClockStatus::Missed => {
                        assert_eq!((own.len(), kept, own[0].took), (1, 0, None));
                        missed += 1;
                    }
                    _ => assert!(own.is_empty(), "{n} {}: {:?}", spec.key, clock.status),
                }
            }
        }
        assert_eq!(run.result.refused, Vec::<String>::new());
    }
    assert!(
        met > 50 && missed > 20 && periods > 20,
        "{met} {missed} {periods}"
    );
}
