//! The clock of the machine, as everything here takes it: judged by `watch`.
//!
//! While it is in doubt: reports and acts of people are taken, with the time that passed
//! by the steady clock; nothing is recorded as missed, no embargo ends, nothing is
//! published. It lifts by itself when the clock is back, or when the operator says that
//! it is right.

use candor_base::{Instant, Refusal, RefusalCode};
use candor_case::Command;
use candor_ports::{Clock, Steady, Store, StoreError};

use crate::app::{App, lock};
use crate::input::{ActError, Fault};
use crate::watch::{Look, Seen, Watch, seen};

/// Where the last agreement of both clocks is kept.
const SETTING: &str = "clock-seen";
/// Seconds after which it is written again.
const WRITE: i64 = 300;

/// The clock of the machine is in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubt {
    /// What the machine says.
    pub machine: Instant,
    /// What it is about, by the time that passed.
    pub believed: Instant,
}

impl Doubt {
    /// For whoever runs the server: what happened, what to do.
    pub fn operator(&self) -> String {
        format!(
            "The clock of this machine says {}; by the time that passed it is about {}. Until \
             this is settled nothing is recorded as missed, no embargo ends and nothing is \
             published; reports and acts are taken, with the second time. Set the clock: that \
             settles it. If the clock is right, run `candor clock accept`.",
            self.machine, self.believed
        )
    }

    /// For the owners of a program.
    pub fn notice(&self) -> String {
        format!(
            "The clock of this server jumped. It says {}; by the time that passed it is about \
             {}. Until this is settled nothing is recorded as missed, no embargo ends and \
             nothing can be published. Reports and your acts are taken, with the second time. \
             Tell whoever runs the server: `candor doctor` says what to do.",
            self.machine, self.believed
        )
    }
}

impl App {
    fn look(&self, wall: Instant, steady: &Steady) -> Result<Look, Fault> {
        let mut watch = lock(&self.watch);
        let known = if let Some(known) = watch.as_mut() {
            known
        } else {
            let line = self.store().setting(SETTING)?;
            let last = line.as_deref().and_then(Seen::read);
            watch.insert(Watch::begin(wall, steady, last.as_ref()))
        };
        let look = known.look(wall, steady);
        drop(watch);
        if look.changed && look.sure {
            tracing::warn!(machine = %wall, "the clock of this machine is believed again");
        } else if look.changed {
            let doubt = Doubt {
                machine: wall,
                believed: look.now,
            };
            tracing::error!(machine = %wall, believed = %look.now, what = %doubt.operator(), "the clock of this machine is in doubt");
        }
        Ok(look)
    }

    /// The time that is believed.
    pub(crate) fn now(&self) -> Instant {
        let wall = self.parts.clock.now();
        let Some(steady) = self.parts.clock.steady() else {
            return wall;
        };
        match self.look(wall, &steady) {
            Ok(look) => look.now,
            // The store is out of reach: whatever needs it fails by itself.
            Err(_) => wall,
        }
    }

    /// Why the clock of the machine is not believed; `None` when it is.
    pub fn clock_doubt(&self) -> Option<Doubt> {
        let machine = self.parts.clock.now();
        let steady = self.parts.clock.steady()?;
        let look = self.look(machine, &steady).ok()?;
        (!look.sure).then_some(Doubt {
            machine,
            believed: look.now,
        })
    }

    /// Whether time alone may cause something now; remembers the time when it may.
    pub(crate) fn clock_is_sure(&self) -> Result<bool, Fault> {
        let wall = self.parts.clock.now();
        let Some(steady) = self.parts.clock.steady() else {
            return Ok(true);
        };
        if !self.look(wall, &steady)?.sure {
            return Ok(false);
        }
        let mut written = lock(&self.clock_written);
        if written.is_none_or(|at| steady.seconds.saturating_sub(at) >= WRITE) {
            *written = Some(steady.seconds);
            remember(self.store(), wall, steady)?;
        }
        Ok(true)
    }

    /// The operator says that the clock of the machine is right; gives its time.
    pub fn accept_clock(&self) -> Result<Instant, Fault> {
        let wall = self.parts.clock.now();
        if let Some(steady) = self.parts.clock.steady() {
            remember(self.store(), wall, steady.clone())?;
            *lock(&self.watch) = Some(Watch::begin(wall, &steady, None));
            tracing::warn!(machine = %wall, "the operator says that the clock of this machine is right");
        }
        Ok(wall)
    }

    /// Nothing becomes public by a clock that may be wrong.
    pub(crate) fn no_publication_in_doubt(&self, commands: &[Command]) -> Result<(), ActError> {
        let publishes = commands
            .iter()
            .any(|command| matches!(command, Command::Publish { .. }));
        if !publishes || self.clock_doubt().is_none() {
            return Ok(());
        }
        Err(ActError::Refused(
            Refusal::new(
                RefusalCode::TooEarly,
                "The clock of this server jumped, so nobody knows whether the day of publication \
                 has come. Nothing was published.",
            )
            .instead("ask whoever runs the server to settle its clock, then publish again"),
        ))
    }

    /// What was done, and that its time is not that of the machine.
    pub(crate) fn with_doubt(&self, said: String) -> String {
        match self.clock_doubt() {
            None => said,
            Some(doubt) => format!(
                "{said} The clock of this server is in doubt: this was written down with {}.",
                doubt.believed
            ),
        }
    }
}

fn remember(store: &dyn Store, wall: Instant, steady: Steady) -> Result<(), StoreError> {
    store.put_setting(SETTING, Some(&seen(wall, steady).line()))
}

/// The same word of the operator where no server runs: the next start believes the clock.
pub fn accept_without_server(store: &dyn Store, clock: &dyn Clock) -> Result<Instant, StoreError> {
    let wall = clock.now();
    if let Some(steady) = clock.steady() {
        remember(store, wall, steady)?;
    }
    Ok(wall)
}

/// Why the next start would not believe the clock; `None` when it would.
pub fn doubt_without_server(
    store: &dyn Store,
    clock: &dyn Clock,
) -> Result<Option<Doubt>, StoreError> {
    let machine = clock.now();
    let Some(steady) = clock.steady() else {
        return Ok(None);
    };
    let line = store.setting(SETTING)?;
    let last = line.as_deref().and_then(Seen::read);
    let look = Watch::begin(machine, &steady, last.as_ref()).look(machine, &steady);
    Ok((!look.sure).then_some(Doubt {
        machine,
        believed: look.now,
    }))
}
