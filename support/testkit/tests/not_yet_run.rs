//! Every clause of the seed policies stands in exactly one place: in a story of its
//! own, in a test elsewhere, or in the list of what is not run yet, with the reason.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use candor_testkit::seeds::shared_file;

/// Clauses that no test carries yet, and why. Later releases empty this list.
const NOT_YET_RUN: &[(&str, &str)] = &[];

/// Clauses whose test lies elsewhere: clause, file from the root of the repository, and
/// the name of the test in it.
const COVERED_ELSEWHERE: &[(&str, &str, &str)] = &[
    (
        "S0-60",
        "shell/candor-app/tests/use_cases/subscriptions.rs",
        "s0_60_a_subscriber_is_told_of_each_advisory_once_and_only_when_it_is_public",
    ),
    (
        "S0-48",
        "shell/candor-app/tests/use_cases/updates.rs",
        "s0_48_who_manages_the_server_reads_version_age_and_open_advisories",
    ),
    (
        "S0-45",
        "bin/candor/tests/beside.rs",
        "listening_beyond_the_machine_is_warned_of",
    ),
    (
        "S0-46",
        "bin/candor/tests/instance_key.rs",
        "the_instance_key_comes_from_a_file_the_environment_or_a_command",
    ),
    (
        "S0-47",
        "bin/candor/tests/beside.rs",
        "doctor_sees_one_backup_and_open_files",
    ),
    (
        "S0-49",
        "core/candor-access/tests/rights.rs",
        "every_cell_of_the_table_is_as_written",
    ),
    (
        "S0-50",
        "bin/candor/tests/api_secret.rs",
        "a_secret_that_is_unset_short_or_an_example_stops_the_start",
    ),
    (
        "S0-51",
        "shell/candor-web/tests/api_session.rs",
        "a_signed_token_is_refused_at_minute_sixty_and_under_any_other_algorithm",
    ),
    (
        "S0-52",
        "shell/candor-web/tests/api_session.rs",
        "a_named_site_may_ask_the_api_and_no_other",
    ),
    (
        "S0-53",
        "bin/candor/tests/posture.rs",
        "the_access_log_is_json_by_default_and_holds_no_text_secret_or_address",
    ),
    (
        "S0-54",
        "shell/candor-app/tests/use_cases/reads.rs",
        "whoever_opens_many_cases_is_pointed_out_once",
    ),
    (
        "S0-55",
        "shell/candor-app/tests/use_cases/door.rs",
        "the_review_comes_round_and_is_signed_off",
    ),
    (
        "S0-56",
        "shell/candor-app/tests/use_cases/door.rs",
        "a_burst_of_wrong_sign_ins_rings_once_at_who_manages_the_server",
    ),
    (
        "S0-14",
        "shell/candor-app/tests/use_cases/github.rs",
        "the_way_on_github_is_offered_only_where_it_is_switched_on",
    ),
    (
        "S2-05",
        "shell/candor-app/tests/use_cases/github.rs",
        "the_way_on_github_is_offered_only_where_it_is_switched_on",
    ),
    (
        "S4-09",
        "shell/candor-app/tests/use_cases/github.rs",
        "what_is_filed_on_github_becomes_a_case_by_itself_and_once",
    ),
    (
        "S0-57",
        "shell/candor-app/tests/use_cases/github_out.rs",
        "the_advisory_is_published_on_github_at_the_instant_and_its_link_is_kept",
    ),
    (
        "S4-34",
        "shell/candor-app/tests/use_cases/github_out.rs",
        "the_advisory_is_published_on_github_at_the_instant_and_its_link_is_kept",
    ),
    (
        "S2-26",
        "support/xtask/src/container.rs",
        "the_committed_file_holds_the_program_and_two_empty_folders",
    ),
    (
        "S2-27",
        "bin/candor/tests/postgres.rs",
        "two_servers_share_a_database_and_one_goes_on_without_the_other",
    ),
    (
        "S3-26",
        "shell/candor-app/tests/use_cases/mail_in.rs",
        "what_waits_becomes_what_a_person_says_it_is",
    ),
    (
        "S1-13",
        "shell/candor-app/tests/use_cases/their_key.rs",
        "s1_13_what_the_team_writes_reaches_whoever_named_a_key_encrypted",
    ),
    (
        "S1-14",
        "shell/candor-app/tests/use_cases/pgp.rs",
        "who_asks_for_the_key_gets_it_without_a_case_and_once_a_day",
    ),
    (
        "S4-06",
        "shell/candor-app/tests/use_cases/pgp.rs",
        "the_key_is_made_once_and_published_wherever_somebody_looks",
    ),
];

/// Clauses that have their test and still lack a part, and which. Later releases empty
/// this list, too.
const STILL_MISSING: &[(&str, &str)] = &[
    (
        "S1-10",
        "the form says what files can tell of their author; it does not look into the file",
    ),
    (
        "S1-31",
        "branch names and links are checked; commits and tags of a repository are not read",
    ),
    (
        "S1-33",
        "a release is recorded with its version; the artefact is not recorded apart",
    ),
    (
        "S2-25",
        "dependencies are watched; the build does not fail on open advisories yet, and an alert of \
         GitHub is handed in by a person as any report",
    ),
];

/// How many clauses each seed has.
const CLAUSES: [(u32, u32); 5] = [(0, 61), (1, 46), (2, 31), (3, 27), (4, 43)];

fn tests_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// `S1-17` for a test named `s1_17_…`.
fn clause_of(name: &str) -> Option<String> {
    let rest = name.strip_prefix('s')?;
    let (seed, rest) = rest.split_once('_')?;
    let (number, _) = rest.split_once('_')?;
    let seed: u32 = seed.parse().ok()?;
    let digits = number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| format!("S{seed}-{number}"))
}

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// Names of the test functions in a source: the `fn` that follows `#[test]`.
fn test_names(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut marked = false;
    for line in source.lines().map(str::trim) {
        if line == "#[test]" {
            marked = true;
        } else if let Some(rest) = line.strip_prefix("fn ").filter(|_| marked) {
            names.push(rest.split('(').next().unwrap().to_owned());
            marked = false;
        }
    }
    names
}

/// Clauses with a story of their own, each with the names of its tests.
fn stories() -> BTreeMap<String, Vec<String>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(tests_folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("clauses_s") {
            continue;
        }
        if path.is_dir() {
            sources(&path, &mut files);
        } else {
            files.push(path);
        }
    }
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        for name in test_names(&std::fs::read_to_string(&file).unwrap()) {
            if let Some(clause) = clause_of(&name) {
                out.entry(clause).or_default().push(name);
            }
        }
    }
    out
}

/// Every clause, by the numbers above.
fn all() -> BTreeSet<String> {
    CLAUSES
        .iter()
        .flat_map(|(seed, last)| (1..=*last).map(move |n| format!("S{seed}-{n:02}")))
        .collect()
}

#[test]
fn every_clause_stands_in_exactly_one_place() {
    let mut places: BTreeMap<String, Vec<String>> = all()
        .into_iter()
        .map(|clause| (clause, Vec::new()))
        .collect();
    let mut put = |clause: &str, place: String| {
        places
            .get_mut(clause)
            .unwrap_or_else(|| panic!("there is no clause {clause}: {place}"))
            .push(place);
    };
    for (clause, names) in stories() {
        for name in names {
            put(&clause, format!("the story {name}"));
        }
    }
    for (clause, why) in NOT_YET_RUN {
        put(clause, format!("not yet run: {why}"));
    }
    for (clause, file, test) in COVERED_ELSEWHERE {
        put(clause, format!("{test} in {file}"));
    }
    let wrong: Vec<String> = places
        .iter()
        .filter(|(_, at)| at.len() != 1)
        .map(|(clause, at)| format!("{clause}: {at:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_numbers_are_those_of_the_list_of_clauses() {
    let Some(text) = shared_file("design/clauses.md") else {
        return;
    };
    let listed: BTreeSet<String> = String::from_utf8(text)
        .unwrap()
        .lines()
        .filter_map(|line| {
            let cell = line.strip_prefix("| ")?.split(' ').next()?;
            let (seed, number) = cell.strip_prefix('S')?.split_once('-')?;
            let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
            (digits(seed) && digits(number)).then(|| cell.to_owned())
        })
        .collect();
    assert_eq!(listed.len(), 208);
    assert_eq!(listed, all());
}

#[test]
fn what_is_covered_elsewhere_is_a_test_there() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (clause, file, test) in COVERED_ELSEWHERE {
        let source = std::fs::read_to_string(root.join(file))
            .unwrap_or_else(|e| panic!("{clause}: {file}: {e}"));
        let found = test_names(&source).iter().any(|name| name == test)
            || source.contains(&format!("async fn {test}("));
        assert!(found, "{clause}: no test {test} in {file}");
    }
}

#[test]
fn what_still_misses_a_part_has_its_test() {
    let stories = stories();
    let mut seen = BTreeSet::new();
    for (clause, why) in STILL_MISSING {
        let tested = stories.contains_key(*clause)
            || COVERED_ELSEWHERE
                .iter()
                .any(|(covered, _, _)| covered == clause);
        assert!(tested, "{clause} has no test: {why}");
        assert!(seen.insert(*clause), "{clause} stands here twice");
    }
}

#[test]
fn every_reason_says_something() {
    for (clause, why) in NOT_YET_RUN.iter().chain(STILL_MISSING) {
        assert!(why.split(' ').count() >= 5, "{clause}: {why}");
    }
}
