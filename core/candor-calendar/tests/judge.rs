//! Every kind of clock against the judge: a second implementation that is slow and
//! plain. The long form is `cargo xtask soak calendar`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_base::Instant;
use candor_calendar::{Mode, Pause, Unit, Within, WorkCalendar, due, warn_at, warn_on_duty};
use candor_judge::draw::{Dice, World, ZONES, rule, scene};
use candor_judge::{Kind, check};
use jiff::Timestamp;
use proptest::prelude::*;

thread_local! {
    static WORLD: World = World::new();
}

/// Cases of each kind.
const EACH: u64 = 60;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn both_calendars_say_the_same(seed in any::<u64>()) {
        for (name, kind) in Kind::ALL {
            for i in 0..EACH / 8 {
                let answer = WORLD.with(|world| check(world, kind, seed.wrapping_add(i)));
                prop_assert!(answer.is_ok(), "{name}: {}", answer.unwrap_err());
            }
        }
    }

    #[test]
    fn any_number_and_any_moment_give_an_answer(
        at in any::<i64>(), amount in any::<u32>(), seed in any::<u64>()
    ) {
        let mut dice = Dice::new(seed);
        let calendar = WORLD.with(|world| scene(world, &mut dice).calendar);
        let unit = dice.pick(&[
            Unit::Hour, Unit::BusinessHour, Unit::CalendarDay, Unit::BusinessDay, Unit::Month,
        ]);
        let rule = rule(unit, None, &mut dice);
        let span = Timestamp::MAX.as_second() - Timestamp::MIN.as_second() - 1;
        let anchor = Instant::from_unix(Timestamp::MIN.as_second() + at.rem_euclid(span)).unwrap();
        let open = [Pause { from: anchor, until: None }];
        for amount in [amount, amount % 5_000] {
            let rule = Within { amount, ..rule.clone() };
            if let Ok(due) = due(&rule, anchor, &calendar, &open) {
                prop_assert!(due.at >= anchor);
                for percent in [0, 50, 80, 100] {
                    let warn = warn_at(anchor, due.at, percent);
                    prop_assert!(anchor <= warn && warn <= due.at);
                    let duty = warn_on_duty(anchor, due.at, percent, &rule, &calendar);
                    prop_assert!(anchor <= duty && duty <= warn);
                }
            }
        }
    }

    #[test]
    fn every_day_ends_one_second_before_the_next_begins(
        at in 1_230_768_000..2_900_000_000_i64, zone in 0..ZONES.len()
    ) {
        let calendar = WorkCalendar { zone: ZONES[zone].parse().unwrap(), ..WorkCalendar::utc_mon_fri() };
        let date = calendar.local_date(Instant::from_unix(at).unwrap());
        let end = calendar.end_of_day(date);
        prop_assert_eq!(calendar.local_date(end), date);
        let next = calendar.local_date(end.plus_seconds(1));
        prop_assert!(next > date);
        prop_assert_eq!(calendar.start_of_day(date.tomorrow().unwrap()), end.plus_seconds(1));
    }
}

/// The judge must be able to say no: a rule that counts wrongly is noticed.
#[test]
fn the_judge_notices_a_calendar_that_is_wrong() {
    let judge = candor_judge::wall::Wall::of("Europe/Oslo");
    let calendar = WorkCalendar {
        zone: "Europe/Oslo".parse().unwrap(),
        ..WorkCalendar::utc_mon_fri()
    };
    let days = candor_judge::days::Days::new(&judge, &[], &calendar);
    let anchor: Instant = "2026-03-27T14:10:00Z".parse().unwrap();
    let rule = Within::calendar_days(2);
    let got = due(&rule, anchor, &calendar, &[]).unwrap().at.unix();
    let ours = candor_judge::walk::due(&rule, anchor.unix(), &days, &[]);
    assert_eq!(got, ours);
    let elapsed = Within {
        mode: Mode::Elapsed,
        ..rule
    };
    let other = candor_judge::walk::due(&elapsed, anchor.unix(), &days, &[]);
    assert_ne!(got, other);
}
