//! Backport rows: from open to released, with the evidence the policy demands.

use candor_base::{Instead, Refusal, RefusalCode};
use candor_policy::model::{DisclosureKind, Policy, StepDemand, StepStage};

use super::embargo;
use super::triage::demands;
use crate::command::FixChange;
use crate::draft::Draft;
use crate::event::Event;
use crate::hints::Hint;
use crate::parts::{FixStatus, TextRef};
use crate::state::{CaseState, FixRow};

/// Whole words that give a private change away (S1-31).
const TELLING_WORDS: [&str; 20] = [
    "cve", "ghsa", "poc", "xss", "csrf", "ssrf", "xxe", "rce", "lfi", "sqli", "idor", "dos",
    "ddos", "redos", "uaf", "0day", "zeroday", "leak", "bypass", "advisory",
];
/// Beginnings of words that give a private change away.
const TELLING_STEMS: [&str; 8] = [
    "secur", "vuln", "exploit", "inject", "overflow", "travers", "embargo", "disclos",
];

pub(super) fn change(d: &mut Draft<'_>, change: &FixChange) -> Result<(), Refusal> {
    let case = d.case()?;
    let found = case.fixes.iter().find(|r| r.branch == change.branch);
    let new;
    let row = if let Some(row) = found {
        row
    } else {
        new = lane(case, change)?;
        &new
    };
    let mut next = merged(row, change);
    check_step(&d.ctx.policy.policy, &row.status, &next.status)?;
    check_names(case, &next)?;
    next.reviewed_alone = reviewed_alone(d, row, &next);
    check_evidence(d, case, &next)?;
    check_line(d, &next)?;
    if found == Some(&next) {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "Nothing would change.",
        ));
    }
    d.push(Event::FixChanged {
        change: Box::new(next),
    });
    if d.case()?.fix_released.is_some() && frees_reporter(&d.ctx.policy.policy) {
        // "Until validated and addressed": either condition suffices (S3-16, S3-17).
        embargo::exit(d, None)?;
        embargo::free(d)?;
    }
    Ok(())
}

/// Branches of one case.
const MOST_LANES: usize = 200;
/// The longest name of a branch.
const LONGEST_NAME: usize = 200;

/// A branch that was found to be affected, or asked about, after the acceptance.
fn lane(case: &CaseState, change: &FixChange) -> Result<FixRow, Refusal> {
    let names: Vec<&str> = case.fixes.iter().map(|r| r.branch.as_str()).collect();
    let name = change.branch.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || case.fixes.len() >= MOST_LANES {
        return Err(Refusal::new(
            RefusalCode::FieldInvalid,
            format!("Name the branch; there is {}.", names.join(", ")),
        )
        .instead("choose one of the branches"));
    }
    if case.fix_released.is_some() || case.advisory.published.is_some() {
        return Err(Refusal::new(
            RefusalCode::NotFound,
            format!(
                "The fix is released, and no fix was planned for this branch; there is {}.",
                names.join(", ")
            ),
        )
        .instead(Hint::FinishAndReopen));
    }
    Ok(FixRow {
        branch: name.to_owned(),
        status: FixStatus::Open,
        kind: change.kind,
        private_branch: None,
        change: None,
        author: None,
        author_outside: false,
        reviewer: None,
        reviewed_alone: false,
        test: None,
    })
}

fn frees_reporter(policy: &Policy) -> bool {
    let says = |kind: &DisclosureKind| policy.disclosure.iter().any(|c| c.value.rule == *kind);
    says(&DisclosureKind::UntilValidatedOrAgreed) && !says(&DisclosureKind::FreeAfterDate)
}

/// What the change leaves out stays as it was.
fn merged(row: &FixRow, change: &FixChange) -> FixRow {
    FixRow {
        branch: row.branch.clone(),
        status: change.status.clone(),
        kind: change.kind,
        private_branch: change
            .private_branch
            .clone()
            .or_else(|| row.private_branch.clone()),
        change: change.change.clone().or_else(|| row.change.clone()),
        // An author named later, or said to be outside, replaces the other answer.
        author: change
            .author
            .or(row.author.filter(|_| !change.author_outside)),
        author_outside: change.author.is_none() && (change.author_outside || row.author_outside),
        reviewer: change.reviewer.or(row.reviewer),
        reviewed_alone: false,
        test: change.test.or(row.test),
    }
}

fn rank(status: &FixStatus) -> u8 {
    match status {
        FixStatus::Open => 0,
        FixStatus::InDevelopment => 1,
        FixStatus::Ready => 2,
        FixStatus::Tested => 3,
        FixStatus::Released { .. } => 4,
        FixStatus::NotAffected | FixStatus::WontFix { .. } => 5,
    }
}

fn check_step(policy: &Policy, from: &FixStatus, to: &FixStatus) -> Result<(), Refusal> {
    if from == to {
        return Ok(());
    }
    if matches!(from, FixStatus::Released { .. }) {
        return Err(Refusal::new(
            RefusalCode::WrongStage,
            "A released fix stays released. If it is incomplete, finish this case and open it again.",
        )
        .instead(Hint::FinishAndReopen));
    }
    let (from, to) = (rank(from), rank(to));
    let untested = from == 2 && to == 4 && !demands(policy, StepDemand::TestRecord);
    // Answers that need no fix are given from anywhere, and taken back to a beginning.
    let back = if from == 5 { to <= 1 } else { to < from };
    let fits = to == 5 || back || to == from + 1 || untested;
    if fits {
        return Ok(());
    }
    if from == 2 && to == 4 {
        return Err(Refusal::new(
            RefusalCode::EvidenceMissing,
            "The policy promises a tested fix. A fix that is ready is not yet tested.",
        )
        .instead(Hint::RecordTest));
    }
    Err(Refusal::new(
        RefusalCode::WrongStage,
        "A fix goes from open to in development, ready, tested and released, one step at a time.",
    )
    .instead(Hint::NextFixStep))
}

/// The author's own review stands where nobody else could have looked, and stays what
/// it was when the team grows later.
fn reviewed_alone(d: &Draft<'_>, before: &FixRow, row: &FixRow) -> bool {
    let same = row.author.is_some() && row.author == row.reviewer;
    let kept = before.reviewed_alone && before.author == row.author;
    same && rank(&row.status) >= 2 && (kept || !d.ctx.has_second_person())
}

/// Author and reviewer are two people, or it is said that there was only one (S1-32).
fn check_review(row: &FixRow) -> Result<(), Refusal> {
    let promised = "The policy promises that the fix is reviewed.";
    if row.author.is_none() && !row.author_outside {
        return Err(Refusal::new(
            RefusalCode::EvidenceMissing,
            format!("{promised} It is not said who wrote it."),
        )
        .instead("name the author, or choose somebody without an account"));
    }
    let Some(reviewer) = row.reviewer else {
        return Err(Refusal::new(
            RefusalCode::EvidenceMissing,
            format!("{promised} It is not said who reviewed it."),
        )
        .instead("name the reviewer"));
    };
    if row.author != Some(reviewer) || row.reviewed_alone {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::SecondPersonNeeded,
        format!(
            "{promised} Author and reviewer are the same person, and there are others in the team."
        ),
    )
    .instead("ask another person of the team to review it, and name that person"))
}

fn check_evidence(d: &Draft<'_>, case: &CaseState, row: &FixRow) -> Result<(), Refusal> {
    let policy = &d.ctx.policy.policy;
    let missing = |what: &str, instead: Instead| {
        Err(Refusal::new(RefusalCode::EvidenceMissing, what).instead(instead))
    };
    let stands = rank(&row.status);
    if stands == 5 {
        return Ok(());
    }
    if stands >= 2 && demands(policy, StepDemand::PrivateBranch) && row.private_branch.is_none() {
        return missing(
            "The policy promises that the patch is made on a private branch: name it.",
            "name the private branch".into(),
        );
    }
    if stands >= 3 && demands(policy, StepDemand::Review) {
        check_review(row)?;
    }
    let needs_test = stands == 3 || (stands == 4 && demands(policy, StepDemand::TestRecord));
    if needs_test && row.test.is_none() {
        return missing("The test record is missing.", Hint::AddTestRecord.into());
    }
    if let FixStatus::Released { version } = &row.status {
        return check_release(policy, case, version);
    }
    Ok(())
}

fn check_release(policy: &Policy, case: &CaseState, version: &str) -> Result<(), Refusal> {
    if version.trim().is_empty() {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "Name the version in which the fix was released.",
        ));
    }
    if wants_mitigation(policy) && case.mitigation.is_none() {
        return Err(Refusal::new(
            RefusalCode::EvidenceMissing,
            "The policy promises steps for users who cannot update yet. Write them down, or say that none are known.",
        )
        .instead(Hint::WriteMitigation)
        .instead(Hint::NoMitigationKnown));
    }
    let plans = policy
        .steps
        .iter()
        .any(|s| s.value.stage == StepStage::CommunicationPlan);
    if plans && case.communication_plan.is_none() {
        return Err(Refusal::new(
            RefusalCode::EvidenceMissing,
            "The policy promises a plan for telling the community. The release waits for it.",
        )
        .instead(Hint::WritePlan));
    }
    Ok(())
}

/// A release on an older line than the newest of its branch does not tick the row (S0-02).
fn check_line(d: &Draft<'_>, row: &FixRow) -> Result<(), Refusal> {
    match &row.status {
        FixStatus::Released { version }
            if !candor_policy::reaches(d.ctx.policy, &row.branch, version) =>
        {
            Err(Refusal::new(
                RefusalCode::FieldInvalid,
                "By the policy the fix goes to the newest release line of this branch, and this version is older.",
            )
            .instead("name the release on the newest line")
            .instead("correct the list of releases"))
        }
        _ => Ok(()),
    }
}

/// Whether the policy promises mitigating steps to users (S4-26, S4-36).
pub(super) fn wants_mitigation(policy: &Policy) -> bool {
    demands(policy, StepDemand::Mitigation)
        || policy
            .disclosure
            .iter()
            .any(|c| c.value.rule == DisclosureKind::PublishMitigations)
}

/// Names that strangers could read must not say what the change is about.
fn check_names(case: &CaseState, row: &FixRow) -> Result<(), Refusal> {
    if case.is_public_knowledge() {
        return Ok(());
    }
    let branch = row.private_branch.as_deref().unwrap_or_default();
    // Host, owner and repository of a link are not chosen for the fix.
    let link = row.change.as_deref().unwrap_or_default();
    let chosen = match link.split_once("://") {
        Some((_, rest)) => rest.splitn(4, '/').nth(3).unwrap_or_default(),
        None => link,
    };
    for name in [branch, chosen] {
        if let Some(word) = telling_word(name, case.facts.reference.as_str()) {
            return Err(Refusal::new(
                RefusalCode::FieldInvalid,
                format!(
                    "“{word}” gives away what this change is about before the advisory is public."
                ),
            )
            .instead("choose a plain name, as for any other change"));
        }
    }
    Ok(())
}

fn telling_word(name: &str, reference: &str) -> Option<String> {
    let name = name.to_lowercase();
    let reference = reference.to_lowercase();
    if name.contains(&reference) {
        return Some(reference);
    }
    let words = name.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|w| !w.is_empty())
        .find(|w| {
            let bare = w.trim_end_matches(|c: char| c.is_ascii_digit());
            TELLING_WORDS.contains(w)
                || TELLING_WORDS.contains(&bare)
                || TELLING_STEMS.iter().any(|s| w.starts_with(s))
        })
        .map(str::to_owned)
}

pub(super) fn mitigate(d: &mut Draft<'_>, text: Option<TextRef>) -> Result<(), Refusal> {
    if text.is_some_and(|t| t.chars == 0) {
        return Err(
            Refusal::new(RefusalCode::FieldMissing, "The mitigation is empty.")
                .instead(Hint::NoMitigationKnown),
        );
    }
    d.push(Event::Mitigated { text });
    Ok(())
}

pub(super) fn plan_communication(d: &mut Draft<'_>, text: TextRef) -> Result<(), Refusal> {
    if text.chars == 0 {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "The plan is empty: say who is told, when, and where.",
        ));
    }
    d.push(Event::CommunicationPlanned { text });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::telling_word;

    #[test]
    fn plain_names_pass_and_telling_ones_do_not() {
        for plain in [
            "tidy-headers",
            "pull/412",
            "fix/session-timeout",
            "rework-parser-2",
        ] {
            assert_eq!(telling_word(plain, "THR-7K3F-9QMA"), None, "{plain}");
        }
        for telling in [
            "security-fix",
            "CVE-2026-1",
            "cve20261",
            "fix-xss",
            "vulnerable-login",
            "thr-7k3f-9qma",
            "exploit_check",
            "sql-injection",
        ] {
            assert!(
                telling_word(telling, "THR-7K3F-9QMA").is_some(),
                "{telling}"
            );
        }
    }
}
