//! Geometry of a drawn promise: where start, now, due and done lie on a bar.
//!
//! Invariants: every position lies between 0 and 100 percent; the same view
//! always gives the same drawing.

use candor_access::view::{ClockLook, ClockView};

/// Where the due mark stands when "now" lies beyond it: room is left for the red part.
const OVERDUE_DUE: f64 = 72.0;

/// A bar, in percent of its width.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Bar {
    /// End of the part that has passed.
    pub fill: String,
    /// Start and width of the part after the due instant.
    pub over: Option<(String, String)>,
    /// The due mark.
    pub due: Option<String>,
    /// Where the due mark stood before it was moved.
    pub moved: Option<String>,
    /// Now, while the promise runs.
    pub now: Option<String>,
    /// The moment it was done.
    pub done: Option<String>,
}

/// A position as an SVG length.
pub(crate) fn percent_of(value: f64) -> String {
    format!("{:.1}%", value.clamp(0.0, 100.0))
}

/// Share of the way from the start to `to` that lies before `at`, in percent.
fn share(from: i64, at: i64, to: i64) -> f64 {
    let whole = to.saturating_sub(from);
    if whole <= 0 {
        return 100.0;
    }
    let part = at.saturating_sub(from).clamp(0, whole);
    // Seconds of a disclosure fit a float exactly.
    #[allow(clippy::cast_precision_loss, reason = "seconds fit 52 bits")]
    let result = part as f64 * 100.0 / whole as f64;
    result
}

/// Lays a clock out on its bar.
pub(crate) fn bar(clock: &ClockView) -> Bar {
    let gone = f64::from(clock.percent.min(100));
    let from = clock.from.at.unix();
    let due = clock.due.as_ref().map(|due| due.at.unix());
    let met = clock.met.as_ref().map(|met| met.at.unix());
    let mut bar = match (clock.look, due, met) {
        (ClockLook::Met, Some(due), Some(met)) => {
            let at = share(from, met, due);
            Bar {
                fill: percent_of(at),
                due: Some(percent_of(100.0)),
                done: Some(percent_of(at)),
                ..Bar::default()
            }
        }
        (ClockLook::Late, Some(due), Some(met)) => late(share(from, due, met)),
        (ClockLook::Late, ..) => late(OVERDUE_DUE),
        (ClockLook::Overdue, ..) => Bar {
            fill: percent_of(OVERDUE_DUE),
            over: Some((percent_of(OVERDUE_DUE), percent_of(100.0 - OVERDUE_DUE))),
            due: Some(percent_of(OVERDUE_DUE)),
            now: Some(percent_of(100.0)),
            ..Bar::default()
        },
        (ClockLook::Met, _, _) => Bar {
            fill: percent_of(100.0),
            done: Some(percent_of(100.0)),
            ..Bar::default()
        },
        (ClockLook::Stopped | ClockLook::Waived, ..) => Bar {
            fill: percent_of(gone),
            due: due.map(|_| percent_of(100.0)),
            ..Bar::default()
        },
        (ClockLook::Unscheduled, ..) => Bar {
            fill: percent_of(0.0),
            now: Some(percent_of(0.0)),
            ..Bar::default()
        },
        (ClockLook::Running | ClockLook::Near | ClockLook::Paused, ..) => Bar {
            fill: percent_of(gone),
            due: due.map(|_| percent_of(100.0)),
            now: Some(percent_of(gone)),
            ..Bar::default()
        },
    };
    if let (Some(due), Some(original)) = (due, clock.original_due.as_ref())
        && !matches!(clock.look, ClockLook::Late | ClockLook::Overdue)
        && original.at.unix() < due
    {
        bar.moved = Some(percent_of(share(from, original.at.unix(), due)));
    }
    bar
}

/// A promise that was done after its due instant.
fn late(due: f64) -> Bar {
    Bar {
        fill: percent_of(due),
        over: Some((percent_of(due), percent_of(100.0 - due))),
        due: Some(percent_of(due)),
        done: Some(percent_of(100.0)),
        ..Bar::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_stay_inside_the_bar() {
        assert!((share(0, 50, 100) - 50.0).abs() < f64::EPSILON);
        assert!((share(0, 500, 100) - 100.0).abs() < f64::EPSILON);
        assert!((share(0, -5, 100)).abs() < f64::EPSILON);
        assert!((share(10, 5, 10) - 100.0).abs() < f64::EPSILON);
        assert_eq!(percent_of(-3.0), "0.0%");
        assert_eq!(percent_of(33.333), "33.3%");
    }
}
