//! Who reports later is never due earlier, whatever the owner set and left open.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_base::Instant;
use candor_calendar::{NonbusinessReceipt, Workweek, due};
use candor_policy::{ClockRule, PolicyInForce, Settings, clocks, compile};
use jiff::civil::{Time, date};
use proptest::prelude::*;

const TEXT: &[u8] = b"# Security\n\nWe acknowledge reports within 2 business days. \
    We fix problems within 30 days.\n";

prop_compose! {
    fn settings()(
        zone in prop::sample::select(vec!["UTC", "Europe/Oslo", "America/New_York", "Asia/Tokyo"]),
        week in prop::sample::select(vec![vec![1, 2, 3, 4, 5], vec![7, 1, 2, 3, 4], vec![1, 3, 5]]),
        region in any::<bool>(),
        own in prop::collection::btree_set(1_i8..=28, 0..6),
        hour in prop::option::of(0_i8..=23),
        deemed in any::<bool>(),
    ) -> Settings {
        Settings {
            zone: Some(zone.parse().unwrap()),
            workweek: Some(Workweek::new(&week).unwrap()),
            holiday_regions: region.then(|| "NO".parse().unwrap()).into_iter().collect(),
            holidays: own.into_iter().map(|d| date(2026, 12, d)).collect(),
            cutoff: hour.map(|h| Time::constant(h, 0, 0, 0)),
            // Counting from a day off beside a cut-off is the owner's own word, and stays.
            nonbusiness_receipt: deemed.then_some(NonbusinessReceipt::DeemReceivedNext),
            ..Settings::default()
        }
    }
}

proptest! {
    #[test]
    fn a_later_report_is_never_due_earlier(
        settings in settings(),
        first in 1_795_000_000_i64..1_799_000_000,
        wait in 0_i64..400_000,
    ) {
        let policy = PolicyInForce::assemble(TEXT, compile(TEXT).unwrap().value, settings);
        let calendar = policy.calendar();
        let at = |unix| Instant::from_unix(unix).unwrap();
        let mut seen = 0;
        for clock in clocks(&policy) {
            let ClockRule::Within { rule } = &clock.rule else { continue };
            let one = due(rule, at(first), &calendar, &[]).unwrap().at;
            let other = due(rule, at(first + wait), &calendar, &[]).unwrap().at;
            prop_assert!(one <= other, "{one} {other} {:?}", policy.settings);
            seen += 1;
        }
        prop_assert!(seen >= 2);
    }
}
