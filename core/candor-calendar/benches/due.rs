//! How long a due instant takes, kind by kind. `cargo bench -p candor-calendar`.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement for the terminal, outside the core"
)]

use std::hint::black_box;
use std::time::Instant as Stopwatch;

use candor_base::Instant;
use candor_calendar::{
    Direction, Grid, Pause, Region, ReleaseDay, Within, WorkCalendar, Workweek, due, grid,
    release_day, warn_on_duty,
};
use jiff::civil::Time;

const ROUNDS: usize = 21;
const EACH: u32 = 2_000;

/// Fastest and middle of several rounds, per call, in microseconds.
fn line(name: &str, mut work: impl FnMut(Instant)) {
    let start: Instant = "2026-01-01T00:00:00Z".parse().unwrap();
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let watch = Stopwatch::now();
            for i in 0..EACH {
                work(start.plus_seconds(i64::from(i) * 14_401));
            }
            watch.elapsed().as_secs_f64() * 1e6 / f64::from(EACH)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "{name:44} {:>8.2} µs {:>8.2} µs",
        times[0],
        times[ROUNDS / 2]
    );
}

fn main() {
    let watch = Stopwatch::now();
    let regions = Region::all().count();
    println!(
        "the table of {regions} regions, read once: {:.2} ms",
        watch.elapsed().as_secs_f64() * 1e3
    );
    let mut calendar = WorkCalendar {
        zone: "America/New_York".parse().unwrap(),
        regions: ["US".parse().unwrap()].into(),
        ..WorkCalendar::utc_mon_fri()
    };
    println!("each with its words:{:33}fastest      middle", "");
    let rules = [
        ("48 hours", Within::hours(48)),
        ("90 days, end of day", Within::calendar_days(90)),
        ("14 days, elapsed", Within::calendar_days(14).elapsed()),
        ("5 business days, end of day", Within::business_days(5)),
        (
            "5 business days, elapsed",
            Within::business_days(5).elapsed(),
        ),
        ("16 business hours", Within::business_hours(16)),
        ("1 month", Within::months(1)),
    ];
    for (name, rule) in &rules {
        line(name, |at| {
            let _ = black_box(due(rule, black_box(at), &calendar, &[]));
        });
    }
    let waiting = Within::business_days(5).pausable();
    line("5 business days, two pauses", |at| {
        let pause = |from: i64, to: i64| Pause {
            from: at.plus_seconds(from * 3_600),
            until: Some(at.plus_seconds(to * 3_600)),
        };
        let pauses = [pause(20, 60), pause(80, 90)];
        let _ = black_box(due(&waiting, black_box(at), &calendar, &pauses));
    });
    let business = Within::business_days(5);
    line("a warning in duty hours", |at| {
        let end = at.plus_seconds(7 * 86_400);
        black_box(warn_on_duty(black_box(at), end, 80, &business, &calendar));
    });
    let ten = Time::constant(10, 0, 0, 0);
    let tuesdays = Grid::new(2, 2, ten, Direction::LastAtOrBefore).unwrap();
    line("the second Tuesday", |at| {
        let _ = black_box(grid(&tuesdays, black_box(at), &calendar));
    });
    let days = ReleaseDay {
        time_utc: ten,
        allowed_weekdays: Workweek::new(&[1, 2, 3]).unwrap(),
        cut_outs: Vec::new(),
    };
    line("a release day", |at| {
        let _ = black_box(release_day(&days, black_box(at), &calendar));
    });
    calendar = WorkCalendar::utc_mon_fri();
    line("5 business days in UTC without holidays", |at| {
        let _ = black_box(due(&business, black_box(at), &calendar, &[]));
    });
}
