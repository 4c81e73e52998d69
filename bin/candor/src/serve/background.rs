//! Work beside the pages: due clocks, mail, tidying up, the public log, cases that the search
//! does not know yet, and GitHub where it is asked.
//!
//! Invariants: a due clock is noticed within two seconds, whatever mail does;
//! a failure is logged and tried again, never the end of the thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use candor_app::App;
use candor_app::input::Fault;

/// Tells the threads to stop, at once.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    rung: Mutex<bool>,
    wake: Condvar,
}

impl Bell {
    /// Tells everybody.
    pub(crate) fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wake.notify_all();
    }

    /// Waits; true when it is time to stop.
    pub(crate) fn wait(&self, time: Duration) -> bool {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let (rung, _) = self
            .wake
            .wait_timeout_while(rung, time, |rung| !*rung)
            .unwrap_or_else(PoisonError::into_inner);
        *rung
    }
}

/// How often clocks are looked at.
const TICK: Duration = Duration::from_secs(1);
/// How often the outbox is looked at.
const MAIL: Duration = Duration::from_secs(2);
/// How often is looked whether the log has a new interval.
const LOG: Duration = Duration::from_secs(2);
/// How often is looked whether cases are yet to be read for the search.
const WORDS: Duration = Duration::from_secs(1);
/// How often is looked whether readers are to be told of something.
const READERS: Duration = Duration::from_secs(30);
/// How often is tidied up.
const HOUSE: Duration = Duration::from_mins(10);
/// Longest pause after failures in a row.
const LONGEST: Duration = Duration::from_mins(1);

/// Starts the threads.
pub(crate) fn start(
    app: &Arc<App>,
    asks_github: Option<Duration>,
    bell: &Arc<Bell>,
) -> Vec<JoinHandle<()>> {
    let tick: Work = |app| app.tick().map(|_| ());
    let deliver: Work = |app| app.deliver().map(|_| ());
    let house: Work = App::housekeeping;
    let log: Work = App::advance_log;
    let words: Work = App::catch_up_words;
    let readers: Work = |app| app.see_to_readers().map(|_| ());
    let github: Work = |app| app.ask_github().map(|_| ());
    let github = asks_github.map(|every| ("github", github, every));
    [
        ("clocks", tick, TICK),
        ("mail", deliver, MAIL),
        ("house", house, HOUSE),
        ("log", log, LOG),
        ("words", words, WORDS),
        ("readers", readers, READERS),
    ]
    .into_iter()
    .chain(github)
    .filter_map(|(name, work, every)| {
        let (app, bell) = (Arc::clone(app), Arc::clone(bell));
        std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || run(name, work, every, &app, &bell))
            .inspect_err(|why| tracing::error!(name, error = %why, "a thread could not be started"))
            .ok()
    })
    .collect()
}

type Work = fn(&App) -> Result<(), Fault>;

fn run(name: &str, work: Work, every: Duration, app: &App, bell: &Bell) {
    let mut pause = every;
    loop {
        let began = Instant::now();
        match guarded(|| work(app)) {
            Ok(()) => pause = every,
            Err(fault) => {
                tracing::error!(name, what = %fault.operator, "background work failed; it is tried again");
                pause = (pause * 2).clamp(every, LONGEST.max(every));
            }
        }
        if bell.wait(pause.saturating_sub(began.elapsed())) {
            return;
        }
    }
}

/// A panic is a mistake of ours; clocks and mail go on all the same.
fn guarded(work: impl FnOnce() -> Result<(), Fault>) -> Result<(), Fault> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Fault {
            person: "Something broke on our side.".to_owned(),
            operator: "a panic; what it says stands above".to_owned(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault_and_not_the_end() {
        assert!(guarded(|| panic!("a mistake of ours")).is_err());
        assert!(guarded(|| Ok(())).is_ok());
    }

    #[test]
    fn the_bell_ends_a_wait_at_once() {
        let bell = Arc::new(Bell::default());
        assert!(!bell.wait(Duration::from_millis(1)));
        let other = Arc::clone(&bell);
        let waiting = std::thread::spawn(move || {
            let began = Instant::now();
            (other.wait(Duration::from_mins(1)), began.elapsed())
        });
        bell.ring();
        let (rung, took) = waiting.join().unwrap();
        assert!(rung && took < Duration::from_secs(30));
        assert!(bell.wait(Duration::from_mins(1)), "and every wait after it");
    }
}
