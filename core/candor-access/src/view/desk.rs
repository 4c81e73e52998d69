//! What the team sees.

use candor_base::Finding;
use candor_policy::model::Severity;
use serde::Serialize;

use super::{
    ClauseLine, ClockView, FileView, MessageView, PolicyPageView, ProgramCard, PromiseView,
    VersionLine, When,
};

/// A program a member of the team works in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaffProgram {
    /// The program.
    pub program: ProgramCard,
    /// "owner" or "member".
    pub role: String,
    /// Open cases.
    pub open: u32,
    /// Overdue promises.
    pub overdue: u32,
}

/// The report as filed, immutable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportView {
    /// Label and text of each field, in form order.
    pub fields: Vec<(String, String)>,
    /// Files.
    pub files: Vec<FileView>,
    /// Identity, kept apart: label and text.
    pub identity: Vec<(String, String)>,
    /// SHA-256 of the report.
    pub sha256: String,
    /// How it came in, in words.
    pub channel: String,
    /// How certain the reporter is, in words.
    pub certainty: String,
    /// Where it is already public, when said.
    pub public: Option<String>,
    /// What the version means under the policy.
    pub support: Option<String>,
    /// Out-of-scope items the reporter was warned of.
    pub warned_of: Vec<String>,
}

/// Completeness against the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CompletenessView {
    /// Field name, label, state: `given`, `missing`, `mandatory`, `waived`, `asked`.
    pub items: Vec<(String, String, String)>,
    /// Acceptance is blocked by these labels.
    pub blocking: Vec<String>,
}

/// The assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssessmentView {
    /// Label and text.
    pub lines: Vec<(String, String)>,
    /// By whom and when.
    pub by: String,
    /// When.
    pub when: When,
    /// Told to the reporter.
    pub told: bool,
}

/// One backport row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BranchView {
    /// The branch.
    pub branch: String,
    /// Status: `open`, `in_development`, `ready`, `tested`, `released`, `not_affected`, `wont_fix`.
    pub status: String,
    /// Status in words.
    pub words: String,
    /// Version released.
    pub version: Option<String>,
    /// Fix kind.
    pub kind: String,
    /// Private branch.
    pub private_branch: Option<String>,
    /// Change link.
    pub change: Option<String>,
    /// Reviewer's name.
    pub reviewer: Option<String>,
    /// Test record.
    pub test: Option<String>,
}

/// The embargo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbargoView {
    /// State in words.
    pub state: String,
    /// Until.
    pub until: Option<When>,
    /// Open proposal: by whom, when.
    pub proposal: Option<(String, When)>,
    /// The open proposal waits for the team's answer.
    pub can_answer: bool,
    /// Who was asked about it, and their answers so far, in words.
    pub answers: Vec<(String, String)>,
    /// Since when the reporter keeps the embargo no longer.
    pub reporter_left: Option<When>,
    /// Agreed.
    pub settled: bool,
    /// Told to the reporter.
    pub told: bool,
    /// Days of publication and other rules that bound the date.
    pub rules: Vec<String>,
}

/// The advisory draft for editing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DraftView {
    /// Values by field name: title, summary, details, product, affected, fixed, severity, cvss, cve, cwe, mitigation, references, `no_fix_reason`.
    pub values: std::collections::BTreeMap<String, String>,
    /// What is missing or odd.
    pub findings: Vec<Finding>,
    /// Preview as plain text.
    pub preview: String,
    /// Digest of the draft.
    pub digest: Option<String>,
    /// Approved by whom, when it is and still holds.
    pub approved: Option<String>,
    /// The one who looks now may publish: otherwise why not.
    pub publish_blocked: Option<String>,
    /// Who will be credited for the report, in words.
    pub credit: String,
    /// Who else is thanked.
    pub others: Vec<OtherCreditView>,
}

/// Somebody beside the reporter who is thanked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherCreditView {
    /// Names it in a form.
    pub key: String,
    /// The name.
    pub name: String,
    /// For what.
    pub what: String,
    /// How this person agreed.
    pub consent: String,
}

/// One outlet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutletView {
    /// Clause id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Answer in words.
    pub answer: Option<String>,
    /// Text prepared for it.
    pub text: Option<String>,
    /// What to know of it until it is answered.
    pub note: Option<String>,
}

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimelineEntry {
    /// When.
    pub when: When,
    /// Who, in words.
    pub who: String,
    /// What, in words.
    pub what: String,
    /// Kind for its mark: `report`, `talk`, `clock`, `warn`, `miss`, `met`, `fix`, `date`, `publish`, `mail`.
    pub kind: String,
    /// Event name.
    pub event: String,
}

/// Another party, as the team sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartyLine {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// "vendor", "distributor", "coordinator".
    pub kind: String,
    /// Its contact point.
    pub contact: Option<String>,
    /// Where it stands with the terms, in words.
    pub consent: String,
    /// How its product stands.
    pub status: String,
    /// How far its fix is.
    pub fix: String,
    /// Not left out.
    pub here: bool,
    /// When what happened.
    pub notes: Vec<String>,
}

/// One promise in the ledger of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerLine {
    /// What is promised.
    pub what: String,
    /// Clause and lines.
    pub clause: String,
    /// The sentence.
    pub quote: Option<String>,
    /// "promise", "target", ...
    pub firmness: String,
    /// The policy version that holds.
    pub policy: String,
    /// Which period.
    pub period: u32,
    /// When it falls due.
    pub due: Option<When>,
    /// How it stands, for its mark.
    pub look: super::ClockLook,
    /// How it stands, and by which act.
    pub state: String,
    /// Extensions, warnings, alarms, who has seen it.
    pub notes: Vec<String>,
}

/// An act that makes sense now, or why it does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AllowedAct {
    /// The act (`acknowledge`, `assess`, ...; `candor_case::Command::name`).
    pub act: String,
    /// Why it is not possible now.
    pub blocked: Option<String>,
}

/// The case page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CasePageView {
    /// The program.
    pub program: ProgramCard,
    /// Whoever looks may change settings and people of the program.
    pub owner: bool,
    /// Reference.
    pub reference: String,
    /// Title.
    pub title: String,
    /// Number of events: guards forms against acting on an old page.
    pub seq: u64,
    /// Stage in words.
    pub stage: String,
    /// It is closed.
    pub closed: bool,
    /// Stages of the road.
    pub steps: Vec<super::RoomStep>,
    /// Severity.
    pub severity: Option<Severity>,
    /// Reporter's rating.
    pub reporter_severity: Option<Severity>,
    /// Lead.
    pub lead: Option<String>,
    /// People who could lead: id and name.
    pub people: Vec<(String, String)>,
    /// Waiting on.
    pub waiting_on: String,
    /// Banners: already public, mail failed, attacks, overdue...
    pub alarms: Vec<String>,
    /// What to do next, in one sentence.
    pub next_step: Option<String>,
    /// The report.
    pub report: ReportView,
    /// Completeness.
    pub completeness: CompletenessView,
    /// Clocks.
    pub clocks: Vec<ClockView>,
    /// Every promise with what became of it.
    pub ledger: Vec<LedgerLine>,
    /// Other parties.
    pub parties: Vec<PartyLine>,
    /// Terms to begin an invitation with.
    pub party_terms: String,
    /// Missed promises that wait for somebody to say "seen": key and words.
    pub open_alarms: Vec<(String, String)>,
    /// Promises that can still be extended: key, and words with the day they are due.
    pub extendable: Vec<(String, String)>,
    /// Promises that the reporter can still do without: key and words.
    pub waivable: Vec<(String, String)>,
    /// Messages of all lanes.
    pub messages: Vec<MessageView>,
    /// Assessment.
    pub assessment: Option<AssessmentView>,
    /// Rejection or duplicate or objection in words.
    pub decision: Option<String>,
    /// In-scope clauses: id and text.
    pub in_scope: Vec<(String, String)>,
    /// Out-of-scope clauses: id and text.
    pub out_of_scope: Vec<(String, String)>,
    /// Unsupported rows: id and text.
    pub unsupported: Vec<(String, String)>,
    /// Severity words with their classes in the policy.
    pub severity_help: Vec<ClauseLine>,
    /// CVSS version the policy names, else 3.1.
    pub cvss_version: String,
    /// Branches the policy says are to be fixed, suggested at acceptance.
    pub suggested_branches: Vec<String>,
    /// Versions and the day of the next release, as far as policy and register tell.
    pub next_release: Option<String>,
    /// Backport rows.
    pub branches: Vec<BranchView>,
    /// Mitigation in words.
    pub mitigation: Option<String>,
    /// Communication plan.
    pub communication_plan: Option<String>,
    /// Duties a breach can be recorded for: id and text.
    pub duties: Vec<(String, String)>,
    /// Embargo.
    pub embargo: EmbargoView,
    /// Advisory draft.
    pub draft: DraftView,
    /// Path of the published advisory.
    pub published: Option<String>,
    /// Outlets.
    pub outlets: Vec<OutletView>,
    /// CVE ids.
    pub cve: super::CveView,
    /// What is open with regulators: what, and until when.
    pub regulators: Vec<(String, Option<When>)>,
    /// Timeline, newest first.
    pub timeline: Vec<TimelineEntry>,
    /// Acts.
    pub acts: Vec<AllowedAct>,
    /// What surrounds the straight road.
    pub around: super::AroundView,
    /// Other open cases, for duplicates: reference and title.
    pub other_cases: Vec<(String, String)>,
    /// Who of the team opened the case: name, and when in words.
    pub readers: Vec<(String, String)>,
    /// Policy version of this case.
    pub policy_version: String,
}

/// The settings page of a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingsView {
    /// The program.
    pub program: ProgramCard,
    /// Values by field name; the names are those of `candor_policy::Settings`.
    pub values: std::collections::BTreeMap<String, String>,
    /// Questions the policy leaves open for the owner.
    pub questions: Vec<Finding>,
    /// All lint findings.
    pub findings: Vec<Finding>,
    /// Questions about laws that ask for reports to a regulator.
    pub regulators: Vec<RegulatorQuestion>,
    /// Errors of the last try.
    pub errors: Vec<super::FieldError>,
    /// How mail leaves ("writes .eml files to …").
    pub courier: String,
    /// The version whose settings these are.
    pub base: String,
}

/// A text in force that this version of Candor reads otherwise than the one that took it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RereadView {
    /// What would change if it were published again.
    pub changes: Vec<ChangeView>,
    /// The text.
    pub text: String,
    /// Its file name.
    pub file: String,
}

/// A question about a law that asks for reports to a regulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegulatorQuestion {
    /// Name of its field.
    pub field: String,
    /// The question.
    pub question: String,
    /// More words on it, with why it cannot be answered, where that is so.
    pub help: String,
    /// Answers beside "no": value and words. None where it cannot be turned on.
    pub answers: Vec<(String, String)>,
}

/// The policy page of an owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyDeskView {
    /// The policy in force, with findings.
    pub page: PolicyPageView,
    /// Questions the policy leaves open for the owner.
    pub questions: Vec<Finding>,
    /// Every version, the newest first.
    pub versions: Vec<VersionLine>,
    /// The policy promises to be reviewed, so that a review can be written down.
    pub reviewed: bool,
    /// The version that is shown.
    pub base: String,
    /// What this version of Candor would read otherwise, if anything.
    pub reread: Option<RereadView>,
}

/// One difference between two versions of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeView {
    /// What it is about: "acknowledgement".
    pub what: String,
    /// What the version in force says.
    pub old: Option<String>,
    /// What the new one says.
    pub new: Option<String>,
    /// `stronger`, `weaker` or `changed`, for the reporter.
    pub effect: &'static str,
    /// Where: "old line 34, new line 36".
    pub places: String,
}

/// A new version before it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyPreviewView {
    /// The program.
    pub program: ProgramCard,
    /// What the new version promises.
    pub promises: Vec<PromiseView>,
    /// What differs from the version in force.
    pub changes: Vec<ChangeView>,
    /// What was noticed in it.
    pub findings: Vec<Finding>,
    /// It names another product than the program is called after.
    pub other_name: Option<String>,
    /// Open cases, which keep the version they came under.
    pub open_cases: u32,
    /// The new text is the one in force.
    pub same: bool,
    /// The text, to be sent again with the answer.
    pub text: String,
    /// Its file name.
    pub file: String,
    /// Digest of the text, so that only what was shown is published.
    pub sha256: String,
    /// The version in force, so that nobody replaces one they did not see.
    pub base: String,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountView {
    /// Id.
    pub id: String,
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// Roles in words.
    pub roles: String,
    /// Second factor confirmed.
    pub second_factor: bool,
    /// Cases opened within a day.
    pub cases_read: u32,
    /// Since when an alarm about that waits for an answer, in words.
    pub read_alarm: Option<String>,
}

/// The people page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeopleView {
    /// Accounts.
    pub accounts: Vec<AccountView>,
    /// Programs: slug and name.
    pub programs: Vec<(String, String)>,
    /// The reader may add people.
    pub can_add: bool,
}

/// A mail that waits for a person, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldMailLine {
    /// Its id on this page.
    pub id: String,
    /// When it came, in words.
    pub received: String,
    /// From whom it says that it is. Anybody can write that.
    pub from: String,
    /// Its subject.
    pub subject: String,
    /// The beginning of its text.
    pub text: String,
    /// Why it became no report by itself.
    pub why: String,
    /// The case that its subject names.
    pub case: Option<String>,
    /// What became of it, and who said so.
    pub became: Option<String>,
}

/// Mail that is no case by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldMailsView {
    /// The program.
    pub program: ProgramCard,
    /// Those that wait for a look.
    pub waiting: Vec<HeldMailLine>,
    /// Those that were settled within 90 days.
    pub settled: Vec<HeldMailLine>,
}

/// One wish of how disclosures go, over the cases that are over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SkillLine {
    /// The wish, in words.
    pub what: String,
    /// Cases that met it, and cases in which it is known.
    pub met: u32,
    /// Cases in which it is known.
    pub of: u32,
    /// How often luck alone meets it.
    pub luck: String,
    /// The score with where it lies; none of fewer than five cases.
    pub score: Option<String>,
}

/// How disclosures go, against luck.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SkillView {
    /// The program.
    pub program: ProgramCard,
    /// Lines.
    pub lines: Vec<SkillLine>,
    /// Cases looked at.
    pub cases: u32,
}
