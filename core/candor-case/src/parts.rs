//! The small parts that commands and events are made of.
//!
//! Invariant: no part holds text that a person wrote about the vulnerability;
//! such text lies sealed and is named by [`TextRef`].

use std::collections::BTreeSet;

use candor_base::{AccountId, BlobId, Digest, MessageId};
use candor_policy::model::{ClauseId, ContextFactor, Impact, Severity};
use serde::{Deserialize, Serialize};

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "account")]
pub enum Actor {
    /// A member of the team.
    Team(AccountId),
    /// The reporter of this case.
    Reporter,
    /// Another party of this case, by its number.
    Party(u32),
    /// Candor itself: clocks, mail outcomes.
    System,
}

/// A sealed text: where it lies, what it hashes to, how long it is in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRef {
    /// The sealed body.
    pub blob: BlobId,
    /// SHA-256 of the plain text.
    pub sha256: Digest,
    /// Characters, for rules that ask for a paragraph.
    pub chars: u32,
}

/// A sealed file; its name is sealed with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// The sealed body.
    pub blob: BlobId,
    /// SHA-256 of the plain bytes.
    pub sha256: Digest,
    /// Size in bytes.
    pub bytes: u64,
}

/// A message: its text and files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRef {
    /// Its id.
    pub id: MessageId,
    /// Its text.
    pub text: TextRef,
    /// Its files.
    pub files: Vec<FileRef>,
}

/// Who can read a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Every participant of the case.
    Everyone,
    /// The team only.
    Team,
    /// The team and the reporter.
    Reporter,
}

/// What a message to the reporter is, as its writer marked it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Any message.
    Plain,
    /// A first answer that acknowledges the report.
    Acknowledgement,
    /// A status update with content (Q14).
    Status,
    /// A plan: how it will be investigated, what can be done meanwhile (S4-11).
    Plan,
    /// A question: something is missing.
    Question,
    /// A decision with its reasons.
    Decision,
    /// The planned disclosure date (S0-35).
    DateNotice,
    /// A comment on the draft advisory.
    DraftComment,
}

/// How a report came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntakeChannel {
    /// The form on the public page.
    Form,
    /// The command line.
    Cli,
    /// The programming interface.
    Api,
    /// Handed in by a member of the team whom it reached personally (S4-08).
    HandedIn,
    /// By mail to an address of the program.
    Mail,
    /// Filed as a private report in the program's repository on GitHub, and found there (S0-14).
    Github,
}

impl IntakeChannel {
    /// Its reporter was shown no room: the team writes down what they answer elsewhere, and the
    /// report may be older than the case.
    pub const fn came_elsewhere(self) -> bool {
        matches!(self, Self::HandedIn | Self::Github)
    }
}

/// How sure the reporter is. Nothing is lowered by "not sure" (S4-20).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Shown to work.
    Sure,
    /// Likely.
    Likely,
    /// Not sure that it is a vulnerability or that it affects this project.
    NotSure,
    /// The question was left open.
    #[default]
    NotSaid,
}

/// Where something is already public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicPlace {
    /// Where and since when, in the words of who said it.
    pub place: TextRef,
}

/// The reporter's wish for credit (CR-1). The name itself lies sealed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "name")]
pub enum CreditWish {
    /// No answer yet: nobody is named.
    #[default]
    NotAnswered,
    /// Wants no name anywhere.
    Anonymous,
    /// Wants this name.
    Named(TextRef),
}

/// Yes, no or not yet known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Not known.
    Unclear,
}

/// Whether a report is within the policy's scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ScopeVerdict {
    /// Within; by this clause, when one names it.
    In {
        /// The clause.
        clause: Option<ClauseId>,
    },
    /// Out of it by this clause.
    Out {
        /// The clause.
        clause: ClauseId,
    },
}

/// Whether it was reproduced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "text")]
pub enum Reproduction {
    /// Not tried yet.
    None,
    /// Reproduced; the record.
    Record(TextRef),
    /// Not reproduced but judged all the same; the reason (proved by reading code, say).
    Reason(TextRef),
}

/// The first judgement of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// In scope or out of it.
    pub scope: ScopeVerdict,
    /// Whether it is a vulnerability, answered apart from scope (K8).
    pub is_vulnerability: Verdict,
    /// The policy's severity word.
    pub severity: Option<Severity>,
    /// A CVSS vector, version kept as written.
    pub cvss: Option<String>,
    /// Kinds of impact, for the policy's ranking (S4-38).
    pub impacts: BTreeSet<Impact>,
    /// Effects or impact, with evidence (S2-12, S4-22).
    pub effects: Option<TextRef>,
    /// Criticality or exploitability, with evidence (S2-12, S4-22).
    pub criticality: Option<TextRef>,
    /// Why word and score differ, where they do (`domain.md` 4.2).
    pub difference_note: Option<TextRef>,
    /// Affected versions, as ranges in words.
    pub affected_versions: Vec<String>,
    /// The deployment condition judged (S3-09).
    pub deployment: Option<TextRef>,
    /// Factors whose context was worked out (S3-10 to S3-12).
    pub factors: Vec<ContextFactor>,
    /// Reproduction record or the reason for its absence (S1-30).
    pub reproduction: Reproduction,
}

/// Why a report is turned down. A closed list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum RejectionGround {
    /// This clause puts it out of scope.
    OutOfScope {
        /// The clause.
        clause: ClauseId,
    },
    /// Only an unsupported version is affected, by this row.
    UnsupportedVersion {
        /// The row.
        clause: ClauseId,
        /// What a test on a supported version showed.
        #[serde(default)]
        tested: SupportedTest,
    },
    /// It is no vulnerability.
    NotAVulnerability,
    /// It is a bug without security meaning (S4-12).
    NotSecurity,
    /// It could not be reproduced.
    NotReproducible,
    /// Mandatory contents never came (S3-08).
    Incomplete,
    /// Not credible (S2-16).
    NotCredible,
    /// Already public and tracked upstream (S1-28).
    KnownUpstream {
        /// The clause, when one says so.
        clause: Option<ClauseId>,
    },
}

/// What a test on a supported version showed, before a report is turned down because its
/// version is not supported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupportedTest {
    /// The team did not say; the reporter was asked.
    #[default]
    NotSaid,
    /// Tried by the team: not affected.
    NotAffected,
    /// Could not be tried; the reason told says why.
    NotPossible,
    /// Affected too: then this is no ground.
    Affected,
}

/// Where the fix for one branch stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum FixStatus {
    /// Nothing yet.
    Open,
    /// Being made.
    InDevelopment,
    /// Made; not yet tested.
    Ready,
    /// Reviewed by another person and tested.
    Tested,
    /// Released as this version.
    Released {
        /// The version.
        version: String,
    },
    /// This branch is not affected.
    NotAffected,
    /// This branch will not be fixed.
    WontFix {
        /// The reason.
        reason: TextRef,
    },
}

/// Something an attacker's side did, observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttackFact {
    /// Details are public.
    Public,
    /// An exploit is public; forces `Public`.
    ExploitPublic,
    /// Attacks were observed.
    AttacksObserved,
}

/// What became of one outlet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum OutletAnswer {
    /// Announced there.
    Sent {
        /// Where it can be seen.
        link: Option<String>,
    },
    /// Left out, for this reason.
    Waived {
        /// The reason.
        reason: TextRef,
    },
}

/// Why a case is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// Published.
    Disclosed,
    /// Turned down, objection period over or waived.
    Rejected,
    /// A duplicate of another case.
    Duplicate,
    /// Withdrawn by the reporter.
    Withdrawn,
    /// Fixed without publication, by policy (S4-04).
    FixedInternally,
    /// Put aside, and not to be worked on.
    Deferred,
}

/// Why a case is erased. A closed list, so that no word of the case stays behind in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasureReason {
    /// A person whom it is about asked for it.
    Request,
    /// It was kept as long as it is to be kept.
    Retention,
    /// It should never have been taken in.
    Mistake,
}

/// Whom a case waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingOn {
    /// The team.
    #[default]
    Team,
    /// The reporter.
    Reporter,
    /// Nobody: it is over.
    Nobody,
}
