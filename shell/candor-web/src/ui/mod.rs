//! The parts of the design system: each a small typed template.
//!
//! Invariants: a part holds plain text and is escaped exactly once, by its own
//! template; colour never stands alone, a word always says the same. A part is
//! put on a page as `{{ part }}`: it implements `HtmlSafe` because what it
//! writes has already been escaped.
//!
//! Deliberately absent: scripts, inline styles, anything fetched from elsewhere.

mod act;
mod draw;
mod field;
mod parts;
mod words;

pub(crate) use act::{Act, Again, Forms};
pub(crate) use field::{Field, Kind, field};
pub(crate) use parts::{
    Badge, Chrome, Notice, Side, anchored, badge, clauses, clock, files, message, program_chrome,
    promises, promises_small, road, road_wide, versions, when,
};
pub(crate) use words::{
    content_name, demand_badge, severity_badge, severity_name, size_words, status_badge,
};
