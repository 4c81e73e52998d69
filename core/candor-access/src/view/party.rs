//! What another party of a case sees, by its read gate (EM-9).

use serde::Serialize;

use super::{MessageView, ProgramCard, When};

/// A party's page.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says whether one act is possible now; they are independent"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartyRoomView {
    /// The program.
    pub program: ProgramCard,
    /// The case. Nothing else of it is known before the terms are taken.
    pub reference: String,
    /// Its own number.
    pub number: u32,
    /// "vendor", "distributor", "coordinator".
    pub kind: String,
    /// The terms.
    pub terms: String,
    /// Where it stands with them, in words.
    pub consent: String,
    /// Until when they hold.
    pub until: Option<When>,
    /// It took the terms and its notice has not come yet.
    pub waits_for_notice: bool,
    /// It may see what is shared.
    pub content: bool,
    /// The draft advisory, without thanks.
    pub draft: Option<String>,
    /// What was written to everyone since it was let in.
    pub messages: Vec<MessageView>,
    /// How its product stands.
    pub status: String,
    /// How far its fix is.
    pub fix: String,
    /// Title and path of the published advisory.
    pub advisory: Option<(String, String)>,
    /// The terms wait for its answer.
    pub can_answer: bool,
    /// It can write.
    pub can_write: bool,
    /// It can say how its product stands.
    pub can_say_status: bool,
    /// A proposed date, and who proposed it.
    pub proposed: Option<(String, When)>,
    /// That date waits for its answer.
    pub can_answer_date: bool,
    /// Whose answers to it are out, and until when they count.
    pub answers_out: Option<String>,
    /// It can propose a date.
    pub can_propose: bool,
    /// It can leave.
    pub can_leave: bool,
    /// The reporter keeps the embargo no longer, and since when.
    pub reporter_left: Option<When>,
    /// Its own advisory can be linked now; the one that is.
    pub can_link: bool,
    /// Its own advisory.
    pub own_advisory: Option<String>,
}
