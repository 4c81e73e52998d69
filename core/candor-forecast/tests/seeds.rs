//! Every seed policy is driven from receipt to publication without a refusal.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test reads files of test data, and stops when it cannot go on"
)]

mod common;

use std::path::PathBuf;

use candor_forecast::{Team, World};
use common::{policy, scenario};

fn seeds() -> Vec<String> {
    let texts = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .filter_map(|f| f.parent())
        .map(|f| f.join("shared/policies/texts"))
        .find(|f| f.is_dir());
    let Some(texts) = texts else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "no seeds");
        println!("skipped: shared/policies/texts is not here");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(texts)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.sort();
    let seeds = files.into_iter().take(5);
    seeds.map(|f| std::fs::read_to_string(f).unwrap()).collect()
}

#[test]
fn the_case_refuses_nothing_of_what_a_team_does() {
    for (n, text) in seeds().iter().enumerate() {
        for team in [1, 3] {
            let mut s = scenario(policy(text));
            s.team = Team::of(team);
            s.load.reports_a_month = 6.0;
            s.effort.release_every_days = 14;
            let world = World::new(&s);
            for run in 0..3 {
                let result = world.run(run);
                assert_eq!(
                    result.refused,
                    Vec::<String>::new(),
                    "seed {n}, team {team}, run {run}"
                );
                assert!(result.reports > 30, "{}", result.reports);
                assert!(
                    result.samples.len() > 50,
                    "seed {n}: {}",
                    result.samples.len()
                );
            }
        }
    }
}
