//! The copy of a case that leaves the house, from the page of the case.
//!
//! Invariants: it holds nothing that its reader does not see on the desk; forms, acts and
//! other cases are not in it.
//!
//! Deliberately absent: the page about regulators. Its texts are opened for nobody else.

use crate::permit::{Action, Permit};
use crate::view::{CasePageView, PACK_FORM, PackView, PackedFile, When};

/// Around a copy.
#[derive(Debug, Clone)]
pub struct PackExtra {
    /// When it is made.
    pub at: When,
    /// By whom.
    pub by: String,
    /// Its other files.
    pub files: Vec<PackedFile>,
    /// What is missing for the moment, in sentences.
    pub missing: Vec<String>,
}

/// What the copy says; `None` without the right to take one of a case.
///
/// The page was built for the same person by the permit to read this very case.
pub fn build_pack(permit: &Permit, page: CasePageView, extra: PackExtra) -> Option<PackView> {
    if permit.action() != Action::ExportCase || permit.case().is_none() {
        return None;
    }
    let mut timeline = page.timeline;
    timeline.reverse();
    let letters = timeline.iter().filter(|e| e.kind == "mail");
    let mut left_out = extra.missing;
    left_out.push(
        "What was told to regulators is not in this copy; it stands on the desk under Regulators."
            .to_owned(),
    );
    left_out.push("Drafts that were replaced by later ones are not in this copy.".to_owned());
    Some(PackView {
        form: PACK_FORM,
        exported: extra.at,
        exported_by: extra.by,
        program: page.program,
        reference: page.reference,
        title: page.title,
        events: page.seq,
        stage: page.stage,
        severity: page.severity,
        lead: page.lead,
        policy_version: page.policy_version,
        report: page.report,
        promises: page.ledger,
        assessment: page.assessment,
        decision: page.decision,
        branches: page.branches,
        mitigation: page.mitigation,
        embargo: page.embargo,
        cve: page.cve,
        parties: page.parties,
        messages: page.messages,
        letters: letters.cloned().collect(),
        timeline,
        readers: page.readers,
        advisory: page.draft.preview,
        published: page.published,
        files: extra.files,
        left_out,
    })
}
