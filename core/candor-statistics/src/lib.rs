//! How a program keeps its word, in figures that give nobody away.
//!
//! Invariants: figures follow from histories, a calendar and an instant alone; for the
//! public only cases count that ended in a month that is over, as they stood when it
//! was over; no public figure is about fewer than [`FEWEST`] cases, and none changes
//! by fewer than that from one publication to the next.
//!
//! Deliberately absent: the present time, texts, names, the words of a page.

mod csv;
mod figures;
mod frozen;
mod history;
mod release;
mod spread;
mod tables;
mod words;

pub use csv::csv;
pub use figures::{Counted, Figures, figures};
pub use frozen::{Frozen, Month, frozen};
pub use history::{Credited, EmbargoCause, EmbargoEnd, Exit, Filing, History, PromiseFact};
pub use release::{FEWEST, released, without_small};
pub use spread::Spread;
pub use tables::{Backlog, CountFigure, FilingFigure, PromiseFigure, ShareFigure, TimeFigure};
pub use words::{Name, credited_words, embargo_words, exit_words};
