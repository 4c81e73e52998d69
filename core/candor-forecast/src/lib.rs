//! How likely a team keeps its promises: the engine of the case on a virtual clock.
//!
//! Invariants: a forecast is a plain function of its [`Scenario`]; the same seed
//! gives the same bytes, in whatever order and on however many threads the runs are
//! made; every case is driven by commands through `candor-case`, and whether a
//! promise was kept is what the case recorded.
//!
//! Deliberately absent: the present time, threads, files, the terminal. The caller
//! makes the runs ([`World::run`]) and gathers them ([`Forecast::gather`]).

mod advice;
mod assumptions;
mod cause;
mod course;
mod dice;
mod history;
mod holidays;
#[cfg(test)]
mod ledger_test;
mod load;
mod num;
mod parts;
mod reports;
mod room;
mod run;
mod sample;
mod scenario;
mod shifts;
mod svg;
mod tally;
mod tasks;
mod team;
mod text;
mod words;

pub use advice::{Advice, Tried, advise};
pub use assumptions::{Assumption, Source, assumptions};
pub use history::{Figure, HistoryError, MOST_ROWS, Outcome, Row, fit, history};
pub use holidays::{Region, UnknownRegion};
pub use load::{BySeverity, Effort, Load};
pub use reports::{Asks, Kind, Report};
pub use sample::{Cause, RunResult, Sample};
pub use scenario::{MOST_MONTHS, Order, Scenario, World};
pub use svg::svg;
pub use tally::{BARS, Forecast, PromiseForecast};
pub use team::{MOST_MEMBERS, Member, Team};
pub use text::{Shown, text};
pub use words::{odds_words, time_words};
