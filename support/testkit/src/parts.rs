//! Parts of commands: texts, messages, people, a report, an assessment, a draft.
//!
//! Invariant: the same words give the same ids, in every run.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use candor_base::{AccountId, BlobId, CaseId, CaseRef, Digest, Instant, MessageId, ProgramSlug};
use candor_case::{
    AdvisoryDraftRef, Assessment, Certainty, CreditWish, FileRef, IntakeChannel, MessageRef,
    PublicPlace, ReportFacts, Reproduction, ScopeVerdict, SupportClaim, TextRef, Verdict,
};
use candor_policy::model::{ClauseId, ContentKey, Demand, Severity};
use candor_policy::settings::PolicyInForce;
use sha2::{Digest as _, Sha256};

fn hash(kind: &str, words: &str) -> [u8; 32] {
    Sha256::digest(format!("{kind}\n{words}")).into()
}

fn short(kind: &str, words: &str) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&hash(kind, words)[..16]);
    out
}

/// A moment, written as in `2026-06-01T08:00:00Z`.
pub fn instant(at: &str) -> Instant {
    at.parse().expect("a moment like 2026-06-01T08:00:00Z")
}

/// A member of the team, by number.
pub fn person(number: u8) -> AccountId {
    AccountId::from_bytes(short("person", &number.to_string()))
}

thread_local! {
    static WORDS: RefCell<BTreeMap<BlobId, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// Every text made on this thread so far, opened: what the store would open for a page.
pub fn opened() -> BTreeMap<BlobId, String> {
    WORDS.with_borrow(Clone::clone)
}

/// The words behind a text that was made on this thread.
pub fn words_of(text: &TextRef) -> String {
    let found = WORDS.with_borrow(|all| all.get(&text.blob).cloned());
    found.unwrap_or_default()
}

/// A sealed text with these words.
pub fn text(words: &str) -> TextRef {
    let blob = BlobId::from_bytes(short("blob", words));
    WORDS.with_borrow_mut(|all| all.insert(blob, words.to_owned()));
    TextRef {
        blob,
        sha256: Digest::from_bytes(Sha256::digest(words).into()),
        chars: u32::try_from(words.chars().count()).unwrap(),
    }
}

/// A sealed text of so many characters.
pub fn text_of(chars: u32) -> TextRef {
    text(&"x".repeat(usize::try_from(chars).unwrap()))
}

/// A message with these words.
pub fn message(words: &str) -> MessageRef {
    MessageRef {
        id: MessageId::from_bytes(short("message", words)),
        text: text(words),
        files: Vec::new(),
    }
}

/// A message of so many characters.
pub fn message_of(chars: u32) -> MessageRef {
    message(&"x".repeat(usize::try_from(chars).unwrap()))
}

/// A reason that is a paragraph, long enough for a rejection.
pub fn reasoned() -> MessageRef {
    message(
        "We read the code path, tried the steps on two set-ups and looked at the clause \
         of the policy that speaks of it; this is why we decide so.",
    )
}

/// A sealed file.
pub fn file(words: &str) -> FileRef {
    FileRef {
        blob: BlobId::from_bytes(short("file", words)),
        sha256: Digest::from_bytes(Sha256::digest(words).into()),
        bytes: u64::try_from(words.len()).unwrap(),
    }
}

/// A clause id.
pub fn clause(id: &str) -> ClauseId {
    ClauseId(id.to_owned())
}

/// Another case: id and reference.
pub fn other_case(words: &str) -> (CaseId, CaseRef) {
    let id = CaseId::from_bytes(short("case", words));
    let mut random = [0; 5];
    random.copy_from_slice(&hash("reference", words)[..5]);
    (id, CaseRef::new("TST", random).unwrap())
}

/// What is known of a complete report from the form, without wishes of its own.
pub fn facts(policy: &PolicyInForce) -> ReportFacts {
    let (case, reference) = other_case("the case of this story");
    let given = policy.policy.contents.iter().map(|c| c.value.key);
    ReportFacts {
        case,
        reference,
        program: ProgramSlug::from_name("story"),
        policy: policy.digest,
        channel: IntakeChannel::Form,
        first_received: None,
        report: text("the report as filed"),
        files: Vec::new(),
        given: given.chain([ContentKey::Description]).collect(),
        missing: BTreeSet::new(),
        mandatory_missing: BTreeSet::new(),
        component: None,
        support: SupportClaim::NotGiven,
        certainty: Certainty::Likely,
        public: None,
        reporter_severity: None,
        credit: CreditWish::NotAnswered,
        warned_of: Vec::new(),
        duties_accepted: true,
        contact_given: true,
        identity: None,
        leaf: Digest::from_bytes(hash("leaf", "1")),
    }
}

/// Marks contents as missing, the mandatory ones among them as the policy has it.
pub fn lacks(facts: &mut ReportFacts, policy: &PolicyInForce, keys: &[ContentKey]) {
    for key in keys {
        facts.given.remove(key);
        facts.missing.insert(*key);
        let mandatory = policy
            .policy
            .contents
            .iter()
            .any(|c| c.value.key == *key && c.value.demand == Demand::Mandatory);
        if mandatory {
            facts.mandatory_missing.insert(*key);
        }
    }
}

/// A place where it is public already.
pub fn public_place(words: &str) -> PublicPlace {
    PublicPlace { place: text(words) }
}

/// A credit wish with this name.
pub fn named(name: &str) -> CreditWish {
    CreditWish::Named(text(name))
}

/// An assessment that judges the report valid and holds everything a policy may demand.
pub fn valid(severity: Severity) -> Assessment {
    Assessment {
        scope: ScopeVerdict::In { clause: None },
        is_vulnerability: Verdict::Yes,
        severity: Some(severity),
        cvss: None,
        impacts: BTreeSet::new(),
        effects: Some(text("what an attacker gains, and how we know")),
        criticality: Some(text("how easily it is done, and how we know")),
        difference_note: None,
        affected_versions: vec!["all before the fix".to_owned()],
        deployment: Some(text("judged as shipped, behind a proxy")),
        factors: Vec::new(),
        reproduction: Reproduction::Record(text("done again on a clean set-up")),
    }
}

/// An assessment that puts the report out of scope by this clause.
pub fn out_of_scope(by: &ClauseId) -> Assessment {
    Assessment {
        scope: ScopeVerdict::Out { clause: by.clone() },
        is_vulnerability: Verdict::Unclear,
        severity: None,
        ..valid(Severity::Low)
    }
}

/// A complete advisory draft.
pub fn draft() -> AdvisoryDraftRef {
    draft_saying("the advisory, complete")
}

/// A complete advisory draft with these words.
pub fn draft_saying(words: &str) -> AdvisoryDraftRef {
    AdvisoryDraftRef {
        text: text(words),
        missing: Vec::new(),
        has_mitigation: true,
        has_cve: false,
        cve: None,
    }
}

/// An advisory draft that lacks these items.
pub fn draft_lacking(missing: &[&str]) -> AdvisoryDraftRef {
    AdvisoryDraftRef {
        missing: missing.iter().map(|m| (*m).to_owned()).collect(),
        ..draft_saying("the advisory, begun")
    }
}
