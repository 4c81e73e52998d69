//! What a person is told before an act is done that cannot be taken back in secret: the
//! new date of a promise, promises that a pause will miss, a release that gives away
//! what an embargo holds back.
//!
//! Invariants: nothing is stored before the person has ticked that they read it; what
//! the case refuses anyway is refused by the case, without a warning before it.
//!
//! Deliberately absent: rules. A warning never forbids.

use candor_access::build::words;
use candor_calendar::WorkCalendar;
use candor_case::{
    Actor, Aside, Command, Context, Event, FixStatus, Matter, decide, evolve, record,
};
use candor_policy::clock_words;

use crate::engine::Loaded;
use crate::fields::Fields;
use crate::input::ActError;
use crate::seal::field_error;

/// The field that says: I have read it.
const SURE: &str = "sure";

/// Stops where a warning is due that was not read yet.
pub(super) fn read(
    fields: &Fields,
    loaded: &Loaded,
    context: &Context<'_>,
    commands: &[Command],
) -> Result<(), ActError> {
    if fields.is_on(SURE) {
        return Ok(());
    }
    let calendar = loaded.in_force.policy.calendar();
    for command in commands {
        let found = match command {
            Command::Extend { .. } => new_date(loaded, context, command, &calendar),
            Command::Fix(change) if matches!(change.status, FixStatus::Released { .. }) => {
                gives_away(loaded, context, command, &calendar)
            }
            Command::Aside(Aside::Defer { review, .. }) => {
                misses(loaded, *review, &calendar).filter(|_| fits(loaded, context, command))
            }
            _ => None,
        };
        if let Some(words) = found {
            return Err(field_error(SURE, words));
        }
    }
    Ok(())
}

fn fits(loaded: &Loaded, context: &Context<'_>, command: &Command) -> bool {
    decide(Some(&loaded.state), command, context).is_ok()
}

/// The date as the case itself would move it, with the reporter's yes.
fn new_date(
    loaded: &Loaded,
    context: &Context<'_>,
    command: &Command,
    calendar: &WorkCalendar,
) -> Option<String> {
    let state = Some(&loaded.state);
    let asked = decide(state, command, context).ok()?;
    let after = record(state, asked, context)
        .iter()
        .fold(Some(loaded.state.clone()), evolve)?;
    let number = after.around.questions.last()?.number;
    let yes = Command::Aside(Aside::Agree {
        matter: Matter::Question(number),
        given: true,
    });
    let reporter = Context {
        actor: Actor::Reporter,
        ..*context
    };
    let events = decide(Some(&after), &yes, &reporter).ok()?;
    let due = events.iter().find_map(|event| match event {
        Event::ClockMoved { due, .. } => *due,
        _ => None,
    })?;
    Some(format!(
        "With the reporter's yes it will be due {}. Nothing is sent yet: tick this when that is \
         what you want to ask for, and send it again.",
        words::when(due, context.now, calendar).words
    ))
}

/// A fix that can be read before its advisory, while an embargo holds.
fn gives_away(
    loaded: &Loaded,
    context: &Context<'_>,
    command: &Command,
    calendar: &WorkCalendar,
) -> Option<String> {
    let state = &loaded.state;
    let until = state
        .embargo
        .until
        .filter(|until| state.embargo.state.is_in_force() && *until > context.now)?;
    let Command::Fix(change) = command else {
        return None;
    };
    let was = state.fixes.iter().find(|row| row.branch == change.branch);
    let is_out = was.is_some_and(|row| matches!(row.status, FixStatus::Released { .. }));
    (!is_out && fits(loaded, context, command)).then(|| {
        format!(
            "The embargo holds until {}. Whoever reads a released fix can find the problem, \
             before users are told. Release it then, or tick this and send it again when it has \
             to be now or is out already.",
            words::when(until, context.now, calendar).words
        )
    })
}

/// Promises that run on and fall due before the review.
fn misses(
    loaded: &Loaded,
    review: candor_base::Instant,
    calendar: &WorkCalendar,
) -> Option<String> {
    let mut missed: Vec<_> = loaded
        .state
        .clocks
        .values()
        .filter(|c| c.is_open() && c.spec.is_promise() && !c.spec.recurs())
        .filter_map(|c| c.due.filter(|due| *due < review).map(|due| (due, c)))
        .collect();
    missed.sort_by_key(|(due, c)| (*due, c.spec.key.clone()));
    if missed.is_empty() {
        return None;
    }
    let names: Vec<String> = missed
        .into_iter()
        .map(|(due, c)| {
            format!(
                "{} (due {})",
                clock_words(&c.spec),
                words::when(due, review, calendar).words
            )
        })
        .collect();
    Some(format!(
        "Promises go on while it is put aside. These fall due before that day: {}. Choose an \
         earlier day, or tick this and send it again.",
        names.join("; ")
    ))
}
