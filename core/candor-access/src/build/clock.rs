//! A promise on a case, ready to be drawn.

use candor_base::Instant;
use candor_calendar::{WorkCalendar, legal_latest, show};
use candor_case::{CaseClock, CaseState, ClockStatus, Wish};
use candor_policy::clocks::{ClockRule, ClockSource};
use candor_policy::{clock_words, firmness_words, span_words};

use super::words;
use crate::view::{ClockLook, ClockView};

/// The clocks of a case, open ones that fall due next first. Candor's own are
/// left out for readers to whom they would look like a promise.
pub fn clock_views(
    state: &CaseState,
    now: Instant,
    calendar: &WorkCalendar,
    promises_only: bool,
) -> Vec<ClockView> {
    let mut clocks: Vec<&CaseClock> = state
        .clocks
        .values()
        .filter(|clock| !promises_only || clock.spec.is_promise())
        .collect();
    clocks.sort_by_key(|clock| {
        let last = Instant::from_unix(i64::from(u32::MAX)).ok();
        (!clock.is_open(), clock.due.or(last), clock.spec.key.clone())
    });
    clocks
        .into_iter()
        .map(|clock| {
            let mut view = clock_view(clock, now, calendar, promises_only);
            view.agreed = agreed(state, clock, promises_only, |at| {
                words::when(at, now, calendar).words
            });
            view
        })
        .collect()
}

/// What the reporter agreed to about it, said to the reporter or to the team.
fn agreed(
    state: &CaseState,
    clock: &CaseClock,
    to_reporter: bool,
    when: impl Fn(Instant) -> String,
) -> Vec<String> {
    let (who, cap) = if to_reporter {
        ("you", "You")
    } else {
        ("the reporter", "The reporter")
    };
    let mut out: Vec<String> = state
        .around
        .agreed_about(&clock.spec.key)
        .map(|(wish, at)| match wish {
            Wish::Extend { days, .. } => {
                format!("{cap} agreed to {days} more days on {}.", when(at))
            }
            _ => format!("Waived: {who} agreed on {}.", when(at)),
        })
        .collect();
    if let (ClockStatus::Waived { at }, true) = (clock.status, out.is_empty()) {
        let when = when(at);
        out.push(format!(
            "Waived on {when}, as the team noted from a message."
        ));
    }
    out
}

/// One clock.
pub fn clock_view(
    clock: &CaseClock,
    now: Instant,
    calendar: &WorkCalendar,
    promises_only: bool,
) -> ClockView {
    let when = |at: Instant| words::when(at, now, calendar);
    let percent = percent(clock, now);
    let (firmness, quote, lines) = match &clock.spec.source {
        ClockSource::Policy { span, quote, .. } => (
            firmness_words(clock.spec.firmness).to_owned(),
            Some(quote.clone()),
            Some(span_words(*span)),
        ),
        ClockSource::Reading { span, quote, .. } => (
            "our reading of the policy".to_owned(),
            Some(quote.clone()),
            Some(span_words(*span)),
        ),
        ClockSource::Candor => ("Candor's own rhythm".to_owned(), None, None),
    };
    ClockView {
        key: clock.spec.key.to_string(),
        what: clock_words(&clock.spec),
        firmness,
        quote,
        lines,
        look: look(clock, now, percent),
        from: when(clock.anchor),
        due: clock.due.map(when),
        original_due: clock.original_due.map(when),
        met: met(clock).map(when),
        late: late(clock, now),
        percent,
        explanation: explained(clock, calendar, promises_only),
        agreed: Vec::new(),
        periods: clock
            .spec
            .recurs()
            .then_some((clock.kept_periods, clock.missed_periods)),
    }
}

/// How the due instant came about. The team also reads how European law would count,
/// as a note: it changes nothing, and nobody gains time by it.
fn explained(clock: &CaseClock, calendar: &WorkCalendar, outside: bool) -> Vec<String> {
    let mut words = clock.explanation.clone();
    let (ClockRule::Within { rule }, Some(due), false) = (&clock.spec.rule, clock.due, outside)
    else {
        return words;
    };
    let moved = clock.original_due.is_some() || !clock.pauses.is_empty();
    let latest = legal_latest(rule, clock.anchor, due, calendar)
        .ok()
        .flatten();
    if let Some(latest) = latest.filter(|_| clock.is_open() && !moved) {
        words.push(format!(
            "a note: by Regulation (EEC) 1182/71 such a period would end {}; this promise does not",
            show(latest, calendar)
        ));
    }
    words
}

fn met(clock: &CaseClock) -> Option<Instant> {
    match clock.status {
        ClockStatus::Met { at } | ClockStatus::MetLate { at, .. } => Some(at),
        _ => None,
    }
}

fn look(clock: &CaseClock, now: Instant, percent: u8) -> ClockLook {
    match clock.status {
        ClockStatus::Met { .. } => ClockLook::Met,
        ClockStatus::MetLate { .. } => ClockLook::Late,
        ClockStatus::Missed => ClockLook::Overdue,
        ClockStatus::Stopped { .. } => ClockLook::Stopped,
        ClockStatus::Waived { .. } => ClockLook::Waived,
        ClockStatus::Paused => ClockLook::Paused,
        ClockStatus::Running => match clock.due {
            None => ClockLook::Unscheduled,
            Some(due) if now > due => ClockLook::Overdue,
            Some(_) if percent >= 80 => ClockLook::Near,
            Some(_) => ClockLook::Running,
        },
    }
}

fn late(clock: &CaseClock, now: Instant) -> Option<String> {
    match (clock.status, clock.due) {
        (ClockStatus::MetLate { late_seconds, .. }, _) => {
            Some(format!("{} late", words::duration(late_seconds)))
        }
        (ClockStatus::Missed | ClockStatus::Running, Some(due)) if now > due => Some(format!(
            "{} overdue",
            words::duration(now.seconds_since(due))
        )),
        _ => None,
    }
}

fn percent(clock: &CaseClock, now: Instant) -> u8 {
    let Some(due) = clock.due else { return 0 };
    let until = match clock.status {
        ClockStatus::Met { at }
        | ClockStatus::MetLate { at, .. }
        | ClockStatus::Waived { at }
        | ClockStatus::Stopped { at } => at,
        _ => now,
    };
    let whole = i128::from(due.seconds_since(clock.anchor));
    let gone = i128::from(until.seconds_since(clock.anchor));
    if whole <= 0 {
        return 100;
    }
    u8::try_from((gone * 100 / whole).clamp(0, 100)).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use candor_calendar::{Within, due};
    use candor_policy::clocks::{ClockKey, ClockSpec, MetBy};
    use candor_policy::model::{Firmness, Milestone, Origin};

    use super::*;

    /// Ninety days from 1 June 2026 end on a Sunday.
    fn ninety_days() -> CaseClock {
        let rule = Within::calendar_days(90);
        let anchor: Instant = "2026-06-01T08:00:00Z".parse().unwrap();
        let due = due(&rule, anchor, &WorkCalendar::utc_mon_fri(), &[]).unwrap();
        CaseClock {
            spec: ClockSpec {
                key: ClockKey("promise-1".to_owned()),
                milestone: Milestone::Fix,
                severity: None,
                rule: ClockRule::Within { rule },
                from: Origin::Receipt,
                firmness: Firmness::Target,
                source: ClockSource::Candor,
                met_by: MetBy::FixReleased,
            },
            period: 1,
            anchor,
            due: Some(due.at),
            original_due: None,
            explanation: due.explanation,
            status: ClockStatus::Running,
            warned_half: false,
            warned_most: false,
            pauses: Vec::new(),
            missed_periods: 0,
            kept_periods: 0,
            alarm: None,
            basis: String::new(),
            moves: 0,
            episode: 1,
        }
    }

    #[test]
    fn the_law_is_a_note_for_the_team_and_moves_nothing() {
        let calendar = WorkCalendar::utc_mon_fri();
        let clock = ninety_days();
        let team = clock_view(&clock, clock.anchor, &calendar, false);
        let note = team.explanation.last().unwrap();
        assert!(note.contains("would end Mon 31 Aug 2026"), "{note}");
        assert_eq!(team.due.map(|due| due.at), clock.due);
        let outside = clock_view(&clock, clock.anchor, &calendar, true);
        assert_eq!(outside.explanation, clock.explanation);
        let mut extended = clock;
        extended.original_due = extended.due;
        let moved = clock_view(&extended, extended.anchor, &calendar, false);
        assert_eq!(moved.explanation, extended.explanation);
    }
}
