//! The clocks that the seed policies start, and what lint says of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::{clocks, seed_in_force};

#[test]
fn clocks_of_the_seeds() {
    let Some(p) = seed_in_force("000_") else {
        return;
    };
    assert_eq!(
        clocks(&p),
        [
            "acknowledgement - within 48 hour human_message policy",
            "assessment - within 5 business_day assessment policy",
            "update - within 10 business_day status_message policy",
            "response critical within 24 hour work_started candor",
            "response high within 7 calendar_day work_started reading",
            "response medium within 30 calendar_day work_started reading",
            "fix low next_release 0 - fix_released policy",
            "disclosure - within 90 calendar_day published policy",
        ]
    );
    let Some(p) = seed_in_force("001_") else {
        return;
    };
    assert_eq!(
        clocks(&p),
        [
            "acknowledgement - within 2 business_day human_message policy",
            "triage - within 5 business_day assessment_with_severity policy",
            "update - recurring 7 calendar_day status_message policy",
            "disclosure - within 90 calendar_day fix_and_published policy",
            "fix critical within 14 calendar_day fix_released policy",
        ]
    );
    let Some(p) = seed_in_force("002_") else {
        return;
    };
    assert_eq!(
        clocks(&p),
        [
            "acknowledgement - within 3 business_day human_message candor",
            "update - recurring 14 calendar_day status_message candor",
        ]
    );
    let Some(p) = seed_in_force("004_") else {
        return;
    };
    assert_eq!(
        clocks(&p),
        [
            "patch-release - next_release 0 - fix_released policy",
            "plan - within 3 business_day plan_message policy",
            "conversation - within 3 business_day conversation_message policy",
            "acknowledgement - within 3 business_day human_message candor",
            "update - recurring 14 calendar_day status_message candor",
        ]
    );
}

#[test]
fn lint_of_the_seeds() {
    let codes = |prefix| {
        common::shared_text(prefix).map(|bytes| {
            let found = candor_policy::compile(&bytes).unwrap().findings;
            found.into_iter().map(|f| f.code).collect::<Vec<_>>()
        })
    };
    let Some(s0) = codes("000_") else { return };
    for code in [
        "channel-without-address",
        "placeholder",
        "response-ambiguous",
        "no-safe-harbour",
    ] {
        assert!(s0.contains(&code.to_owned()), "{code}");
    }
    let s1 = codes("001_").unwrap();
    for code in ["example-address", "key-only-on-request"] {
        assert!(s1.contains(&code.to_owned()), "{code}");
    }
    assert!(codes("002_").unwrap().contains(&"no-number".to_owned()));
    assert!(
        codes("004_")
            .unwrap()
            .contains(&"unsafe-defaults-refused".to_owned())
    );
}
