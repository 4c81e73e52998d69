//! What a view of a case is made from, and small parts both sides share.

use std::collections::BTreeMap;

use candor_base::{AccountId, BlobId, Instant};
use candor_calendar::WorkCalendar;
use candor_case::{Actor, CaseMessage, CaseState, FileRef, Recorded, Stage, TextRef};
use candor_policy::PolicyInForce;

use super::words;
use crate::view::{FileView, MessageView, ProgramCard, RoomStep, When};

/// Everything a view of a case is made from, looked up by the caller.
#[derive(Debug, Clone, Copy)]
pub struct CaseMaterial<'a> {
    /// The program.
    pub program: &'a ProgramCard,
    /// The case.
    pub state: &'a CaseState,
    /// Its events.
    pub events: &'a [Recorded],
    /// The policy it was received under.
    pub policy: &'a PolicyInForce,
    /// Now.
    pub now: Instant,
    /// Opened texts by body; only those [`super::texts_for`] names are needed.
    pub texts: &'a BTreeMap<BlobId, String>,
    /// Names of files by body.
    pub file_names: &'a BTreeMap<BlobId, String>,
    /// Names of the team.
    pub people: &'a BTreeMap<AccountId, String>,
    /// The report as filed: label and text in the order of the form.
    pub report: &'a [(String, String)],
    /// Its title.
    pub title: &'a str,
}

impl CaseMaterial<'_> {
    pub(super) fn calendar(&self) -> WorkCalendar {
        self.policy.calendar()
    }

    pub(super) fn when(&self, at: Instant) -> When {
        words::when(at, self.now, &self.calendar())
    }

    pub(super) fn text(&self, text: &TextRef) -> String {
        self.texts.get(&text.blob).cloned().unwrap_or_default()
    }

    pub(super) fn person(&self, account: AccountId) -> String {
        self.people
            .get(&account)
            .cloned()
            .unwrap_or_else(|| "a member of the team".to_owned())
    }

    pub(super) fn actor(&self, actor: Actor, to_reporter: bool) -> String {
        match actor {
            Actor::Team(account) => self.person(account),
            Actor::Reporter if to_reporter => "You".to_owned(),
            Actor::Reporter => "the reporter".to_owned(),
            Actor::Party(_) if to_reporter => "another party of this case".to_owned(),
            Actor::Party(number) => self.state.party(number).map_or_else(
                || format!("party {number}"),
                |p| format!("{} (party {number})", self.text(&p.invitation.name)),
            ),
            Actor::System => "Candor".to_owned(),
        }
    }

    /// A file whose name was not opened for this reader is not shown to them otherwise.
    pub(super) fn file(&self, file: &FileRef) -> FileView {
        let name = self.file_names.get(&file.blob);
        FileView {
            id: file.blob.to_string(),
            name: name.cloned().unwrap_or_else(|| "file".to_owned()),
            size: words::size(file.bytes),
            sha256: name.map_or_else(String::new, |_| file.sha256.to_string()),
        }
    }

    pub(super) fn message(&self, message: &CaseMessage, to_reporter: bool) -> MessageView {
        MessageView {
            id: message.message.id.to_string(),
            when: self.when(message.at),
            from: self.actor(message.from, to_reporter),
            own: match message.from {
                Actor::Reporter => to_reporter,
                Actor::Team(_) | Actor::System => !to_reporter,
                Actor::Party(_) => false,
            },
            lane: message.lane,
            kind: message.kind,
            text: self.text(&message.message.text),
            files: message.message.files.iter().map(|f| self.file(f)).collect(),
        }
    }

    /// The drawn road: what is behind, where the case stands.
    pub(super) fn steps(&self) -> Vec<RoomStep> {
        let current = self.state.stage();
        let road: &[Stage] = match current {
            Stage::Rejected => &[Stage::Received, Stage::Acknowledged, Stage::Rejected],
            Stage::OutOfScope => &[Stage::Received, Stage::Acknowledged, Stage::OutOfScope],
            Stage::UnsupportedVersion => &[
                Stage::Received,
                Stage::Acknowledged,
                Stage::UnsupportedVersion,
            ],
            Stage::Duplicate => &[Stage::Received, Stage::Acknowledged, Stage::Duplicate],
            Stage::Withdrawn => &[Stage::Received, Stage::Withdrawn],
            Stage::Deferred => &[
                Stage::Received,
                Stage::Acknowledged,
                Stage::Triaged,
                Stage::Deferred,
            ],
            Stage::Closed if self.state.advisory.published.is_none() => {
                &[Stage::Received, Stage::Acknowledged, Stage::Closed]
            }
            _ => &[
                Stage::Received,
                Stage::Acknowledged,
                Stage::Triaged,
                Stage::Accepted,
                Stage::FixReady,
                Stage::Released,
                Stage::Disclosed,
                Stage::Closed,
            ],
        };
        road.iter()
            .map(|stage| {
                let reached = self.reached(*stage);
                RoomStep {
                    name: words::stage(*stage).to_owned(),
                    done: reached.is_some(),
                    current: *stage == on_road(current),
                    when: reached.map(|at| self.when(at)),
                }
            })
            .collect()
    }

    fn reached(&self, stage: Stage) -> Option<Instant> {
        let s = self.state;
        match stage {
            Stage::Received => Some(s.received),
            Stage::Acknowledged => s.acknowledged,
            Stage::Triaged => s.assessment.as_ref().map(|(_, _, at)| *at),
            Stage::Accepted => s.accepted,
            Stage::FixReady => s.fix_ready,
            Stage::Released => s.fix_released,
            Stage::Disclosed => s.advisory.published,
            Stage::Rejected | Stage::OutOfScope | Stage::UnsupportedVersion => {
                s.rejection.as_ref().map(|r| r.at)
            }
            Stage::Reopened => s.reopened,
            Stage::Withdrawn => s.withdrawn,
            Stage::Closed => s.closed.map(|(at, _)| at),
            Stage::Duplicate => s.duplicate_of.as_ref().map(|_| s.changed),
            Stage::Deferred => s.around.deferral.as_ref().map(|d| d.at),
            Stage::NeedsInfo
            | Stage::Reproduced
            | Stage::KnownPublic
            | Stage::FixInDevelopment
            | Stage::Tested
            | Stage::Backported
            | Stage::ReleaseScheduled
            | Stage::DistributorNotified => None,
        }
    }
}

/// The step of the road a stage belongs to.
fn on_road(stage: Stage) -> Stage {
    match stage {
        Stage::NeedsInfo | Stage::Reopened => Stage::Acknowledged,
        Stage::FixInDevelopment => Stage::Accepted,
        Stage::Reproduced | Stage::KnownPublic => Stage::Triaged,
        Stage::Tested
        | Stage::Backported
        | Stage::ReleaseScheduled
        | Stage::DistributorNotified => Stage::FixReady,
        other => other,
    }
}
