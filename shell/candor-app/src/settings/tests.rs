//! What the owner types, read into settings.

use super::*;

fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

#[test]
fn what_is_shown_is_read_back_the_same() {
    let typed = fields(&[
        ("zone", "Europe/Oslo"),
        ("workweek", "Sunday, mon tue,wed thu"),
        ("holidays", "2026-12-25 Christmas\n2027-01-01"),
        ("holiday_regions", "no\nGB-ENG England"),
        ("working_days", "2026-05-01 we are open"),
        ("working_hours", "08:30 - 16:30"),
        ("cutoff", "15:00"),
        ("nonbusiness_receipt", "deem_received_next"),
        ("security_address", "sec@acme.example"),
        ("github_repository", "acme/widget"),
        ("maintainers", "Ada Lovelace <ada@acme.example>"),
        ("response_means", "fix"),
        (
            "releases",
            "1.4.2\n0.9 unsupported 2025-02-03\n1.3 2026-01-09",
        ),
        ("next_release", "2027-02-01"),
        ("four_eyes", "on"),
        ("second_look_minutes", "60"),
        ("publisher", "Acme"),
        ("on_duty", "ada"),
        ("deputy", "grace"),
        ("head", "lin"),
        ("namespace", "https://acme.example"),
    ]);
    let settings = parse(typed).unwrap();
    assert_eq!(settings.holidays.len(), 2);
    assert_eq!(settings.holiday_regions.len(), 2);
    assert_eq!(settings.cutoff, Some(jiff::civil::time(15, 0, 0, 0)));
    assert_eq!(settings.releases.len(), 3);
    assert_eq!(parse(values(&settings)).unwrap(), settings);
    let empty = parse(BTreeMap::new()).unwrap();
    assert_eq!(empty, Settings::default());
    assert_eq!(parse(values(&empty)).unwrap(), empty);
}

#[test]
fn every_wrong_field_is_named() {
    let wrong = fields(&[
        ("zone", "Mars/Olympus"),
        ("workweek", "never"),
        ("holidays", "2026-12-25\nsoon"),
        ("security_address", "nobody"),
        ("github_repository", "acme"),
        ("maintainers", "Ada"),
        ("response_means", "maybe"),
        ("releases", "1.0 perhaps"),
        ("next_release", "tomorrow"),
        ("second_look_minutes", "99999"),
        ("namespace", "acme"),
        ("on_duty", "ada and grace"),
    ]);
    let named: BTreeSet<String> = parse(wrong.clone())
        .unwrap_err()
        .into_iter()
        .map(|e| e.field)
        .collect();
    assert_eq!(named, wrong.keys().cloned().collect());
}

#[test]
fn a_list_that_is_too_long_is_refused_and_never_cut() {
    let many = "2026-12-25\n".repeat(2_001);
    let errors = parse(fields(&[("holidays", &many)])).unwrap_err();
    assert_eq!(errors[0].field, "holidays");
    assert!(errors[0].message.contains("2001 lines"), "{errors:?}");
}

#[test]
fn only_the_names_of_days_are_days() {
    assert!(workweek("Mon, tues wednesday").is_some());
    for wrong in ["monkey", "m", "sunny", "mon tomorrow"] {
        assert!(workweek(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn a_version_holds_no_sign_that_turns_or_hides_text() {
    for wrong in ["1.0\u{202e}0.1", "1.0\u{1b}[2J"] {
        assert!(release(wrong).is_none(), "{wrong:?}");
    }
    assert!(release("1.0-rc.1+build unsupported").is_some());
}
