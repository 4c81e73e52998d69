//! The parts of commands: ids, texts, an assessment, a draft. All made up, all fixed.
//!
//! Invariant: no id depends on anything but the number of the case, so that the
//! same run sends the same commands to the byte.

use std::collections::BTreeSet;

use candor_base::{AccountId, BlobId, CaseId, CaseRef, Digest, MessageId};
use candor_case::{
    AdvisoryDraftRef, Assessment, Certainty, CreditWish, FixChange, FixStatus, IntakeChannel,
    MessageRef, ReportFacts, Reproduction, ScopeVerdict, SupportClaim, TextRef, Verdict,
};
use candor_policy::model::FixKind;

use crate::reports::{Asks, Kind, Report};
use crate::scenario::World;

/// Bytes that hold a number.
fn bytes<const N: usize>(number: u64) -> [u8; N] {
    let mut out = [0_u8; N];
    for (to, from) in out.iter_mut().rev().zip(number.to_le_bytes()) {
        *to = from;
    }
    out
}

/// A sealed text of a paragraph.
pub(crate) fn text() -> TextRef {
    TextRef {
        blob: BlobId::from_bytes([7; 16]),
        sha256: Digest::from_bytes([7; 32]),
        chars: 400,
    }
}

/// A message.
pub(crate) fn message() -> MessageRef {
    MessageRef {
        id: MessageId::from_bytes([7; 16]),
        text: text(),
        files: Vec::new(),
    }
}

/// Id and reference of a case by its number; none when there are too many.
pub(crate) fn case_id(number: u64) -> Option<(CaseId, CaseRef)> {
    let reference = CaseRef::new("SIM", bytes(number)).ok()?;
    Some((CaseId::from_bytes(bytes(number)), reference))
}

/// What is known of a report when it comes in.
pub(crate) fn facts(world: &World<'_>, number: u64, report: &Report) -> Option<ReportFacts> {
    let (case, reference) = case_id(number)?;
    let (lack, mandatory) = world.lacks;
    let lacking = report.asks != Asks::Nothing;
    let mut given = world.contents.clone();
    let mut missing = BTreeSet::new();
    if lacking {
        given.remove(&lack);
        missing.insert(lack);
    }
    let mandatory_missing = if mandatory {
        missing.clone()
    } else {
        BTreeSet::new()
    };
    Some(ReportFacts {
        case,
        reference,
        program: world.program.clone(),
        policy: world.scenario.policy.digest,
        channel: IntakeChannel::Form,
        first_received: None,
        report: text(),
        files: Vec::new(),
        given,
        missing,
        mandatory_missing,
        component: None,
        support: SupportClaim::NotGiven,
        certainty: Certainty::Likely,
        public: None,
        reporter_severity: None,
        credit: CreditWish::Anonymous,
        warned_of: Vec::new(),
        duties_accepted: true,
        contact_given: true,
        identity: None,
        leaf: Digest::from_bytes(bytes(number)),
    })
}

/// What the team finds, with everything that a policy may demand of it.
pub(crate) fn assessment(report: &Report) -> Assessment {
    let valid = report.kind == Kind::Valid;
    Assessment {
        scope: ScopeVerdict::In { clause: None },
        is_vulnerability: if valid { Verdict::Yes } else { Verdict::No },
        severity: valid.then_some(report.severity),
        cvss: None,
        impacts: BTreeSet::new(),
        effects: Some(text()),
        criticality: Some(text()),
        difference_note: None,
        affected_versions: vec!["all before the fix".to_owned()],
        deployment: Some(text()),
        factors: Vec::new(),
        reproduction: Reproduction::Record(text()),
    }
}

/// A row of the fix, with everything that a policy may demand of it.
pub(crate) fn fix(
    branch: &str,
    status: FixStatus,
    author: AccountId,
    reviewer: AccountId,
) -> FixChange {
    FixChange {
        branch: branch.to_owned(),
        status,
        kind: FixKind::Patch,
        private_branch: Some("spring-cleaning".to_owned()),
        change: None,
        author: Some(author),
        author_outside: false,
        reviewer: Some(reviewer),
        reviewed_alone: false,
        test: Some(text()),
    }
}

/// A complete advisory.
pub(crate) fn draft() -> AdvisoryDraftRef {
    AdvisoryDraftRef {
        text: text(),
        missing: Vec::new(),
        has_mitigation: true,
        has_cve: false,
        cve: None,
    }
}
