//! The desk: inbox, case page, acts of the team.
//!
//! Invariants: every act is a permit, a command and one commit; what a person
//! typed becomes a command here or an error that names the field.

mod acts;
mod advisory;
mod aside;
mod cve;
mod draft;
mod fix;
pub(crate) mod inbox;
mod page;
mod regulators;
mod together;
mod triage;
mod warn;

pub(crate) use advisory::stored;
use candor_access::Action;
use candor_access::known_act;
use candor_base::{Refusal, RefusalCode};

pub(crate) use aside::link;

use crate::app::App;
use crate::engine::Loaded;
use crate::fields::Fields;
use crate::input::{ActError, ActInput};

/// Acts that decide something: refused from a page others have acted on since.
const DECISIONS: [&str; 19] = [
    "assess",
    "accept",
    "reject",
    "mark_duplicate",
    "decide_objection",
    "fix",
    "set_date_alone",
    "confirm_date",
    "save_draft",
    "approve",
    "publish",
    "close",
    "waive",
    "record_awareness",
    "decide_not_reportable",
    "file_stage",
    "defer",
    "decide_leak",
    "end_embargo",
];

/// Refuses an act on a case that stands elsewhere than it was read.
fn unchanged(loaded: &Loaded, read_at: Option<u64>) -> Result<(), Refusal> {
    let newer = |seen: u64| loaded.events.iter().any(|r| r.seq > seen);
    if read_at.is_some_and(newer) {
        let words = "Something happened in this case since it was read. Nothing was done.";
        return Err(Refusal::new(RefusalCode::Conflict, words).instead("read the case again"));
    }
    Ok(())
}

impl App {
    /// Does an act of the team; gives a sentence that says what was done.
    pub fn desk_act(
        &self,
        token: &str,
        slug: &str,
        reference: &str,
        act: ActInput,
    ) -> Result<String, ActError> {
        let staff = self.caller(token)?;
        let name = known_act(&act.act).ok_or(ActError::NotFound)?;
        let permit = self.case_for(&staff, slug, reference, Action::Act(name))?;
        if name == "publish" {
            self.fresh(&staff, act.second_factor.as_deref())?;
        }
        let seen = act.seq.filter(|_| DECISIONS.contains(&name));
        let exact = act.seq.filter(|_| act.exact);
        let mut act = act;
        let code = self.give_code(&mut act);
        let fields = Fields::new(act, self.parts.config.max_files_bytes)?;
        if matches!(name, "approve" | "publish") {
            // Whoever approves sees every name that will stand in it.
            self.link_up(&permit)?;
        }
        let done = self.act(&permit, seen, &|loaded, bodies| {
            unchanged(loaded, exact)?;
            let commands = self.commands(name, &fields, loaded, bodies)?;
            let context = self.context(loaded, permit.actor())?;
            warn::read(&fields, loaded, &context, &commands)?;
            Ok(commands)
        })?;
        self.link_after(name, &permit);
        let mut said = self.with_doubt(acts::said(name, &done.state));
        if let Some(code) = code {
            said = format!(
                "{said} Its code is {code}. It opens the page once. Hand it over by a safe way, \
                 apart from the number of the case; it is shown only now."
            );
        }
        Ok(said)
    }

    /// A file of a case: its harmless name and its bytes.
    pub fn case_file(
        &self,
        token: &str,
        slug: &str,
        reference: &str,
        file: &str,
    ) -> Result<(String, Vec<u8>), ActError> {
        let staff = self.caller(token)?;
        let permit = self.case_for(&staff, slug, reference, Action::ReadFile)?;
        self.file_for(&permit, file)
    }
}
