//! Making views: pure functions from state, texts and policy to what one kind
//! of reader may see.
//!
//! Invariants: a view of a case takes a permit and gives nothing without the
//! right one; the reporter's view is made of lists from which the team's lane was
//! taken out first, and [`texts_for`] names only bodies that its reader may see.

mod accord;
mod around;
mod case;
mod clock;
mod completeness;
mod counting;
mod cve;
mod desk;
mod desk_parts;
mod erasure;
mod export;
mod form;
mod ledger;
mod party;
mod policy;
mod register;
mod regulator;
mod room;
mod secrets;
mod sections;
mod texts;
mod timeline;
pub mod words;

pub use around::{acts_of, matter, matter_name};
pub use case::CaseMaterial;
pub use clock::{clock_view, clock_views};
pub use desk::{DeskExtra, build_case_page};
pub use erasure::{ErasedFacts, ErasureMaterial, build_erased, build_erasure, reason_words};
pub use export::{PackExtra, build_pack};
pub use form::{FormState, duties, promise_views, report_form, safe_harbour};
pub use ledger::step_words;
pub use party::{PartyExtra, build_party_room};
pub use policy::{ForgeChannel, channels, policy_page, program_card};
pub use register::build_register;
pub use regulator::{RegulatorsExtra, build_regulators, known, regulator_texts};
pub use room::{RoomExtra, build_room};
pub use texts::{files_for, team_files, team_texts, texts_for};
