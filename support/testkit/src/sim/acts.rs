//! What people do in a simulation: mostly what is allowed, now and then anything.

use candor_calendar::WorkCalendar;
use candor_case::{
    Actor, AttackFact, CaseState, CloseReason, Command, CreditKind, CreditWish, DateAnswer,
    FixStatus, MessageKind, OtherCredit, OutletAnswer, RejectionGround, ReportFacts, Verdict,
    allowed,
};
use candor_policy::branches;
use candor_policy::model::{ClauseId, ContentKey, Demand, Severity};
use candor_policy::settings::PolicyInForce;

use super::{CANARY, Dice, Mind, asides, parties};
use crate::act;
use crate::parts::{
    draft_lacking, draft_saying, lacks, message, named, other_case, public_place, reasoned, text,
    valid,
};

/// Reports differ: some lack contents, some are public already.
pub(super) fn vary_report(dice: &mut Dice, report: &mut ReportFacts, policy: &PolicyInForce) {
    if dice.once_in(3) {
        let mut keys: Vec<ContentKey> = policy
            .policy
            .contents
            .iter()
            .filter(|c| c.value.demand != Demand::Optional)
            .map(|c| c.value.key)
            .filter(|_| dice.once_in(2))
            .collect();
        let left = report.given.iter().filter(|given| !keys.contains(given));
        if left.copied().all(is_beside) {
            // Without a word about the problem no form takes a report.
            keys.retain(|key| *key != ContentKey::Description);
        }
        lacks(report, policy, &keys);
    }
    if dice.once_in(12) {
        report.public = Some(public_place("somewhere"));
    }
    report.contact_given = !dice.once_in(4);
}

/// Says where or who, and nothing about the problem.
const fn is_beside(key: ContentKey) -> bool {
    matches!(
        key,
        ContentKey::Versions
            | ContentKey::Component
            | ContentKey::Severity
            | ContentKey::Contact
            | ContentKey::Identity
    )
}

/// What who acts asks of the case next.
pub(super) fn next(mind: &mut Mind, case: &CaseState, actor: Actor) -> Command {
    let mut names = allowed(case, &mind.context(actor));
    if names.is_empty() || mind.dice.once_in(15) {
        names = candor_case::COMMANDS.to_vec();
    }
    let name = likely(&mut mind.dice, &names);
    command(mind, case, actor, name)
}

/// Ends are rarer than the road, so that cases get somewhere.
fn likely(dice: &mut Dice, names: &[&'static str]) -> &'static str {
    let rare = [
        "reject",
        "mark_duplicate",
        "withdraw",
        "close",
        "record_fact",
        "record_breach",
        "reopen",
        "extend",
        "waive_promise",
        "note_signal",
        "record_awareness",
        "decide_not_reportable",
        "save_pack",
        "file_stage",
        "record_measure",
        "inform_users",
        "defer",
        "decide_leak",
        "leave_embargo",
        "end_embargo",
        "link_advisory",
        "choose_key",
        "suspect_leak",
        "work_out",
        "record_cve",
        "hand_over",
        "agree",
        "link_report",
        "follow_original",
    ];
    let road: Vec<&'static str> = names
        .iter()
        .copied()
        .filter(|name| !rare.contains(name))
        .collect();
    if !road.is_empty() && !dice.once_in(6) {
        return dice.word(&road);
    }
    dice.word(names)
}

fn soon(mind: &mut Mind) -> String {
    let days = i64::try_from(mind.dice.below(60)).unwrap();
    mind.now.plus_seconds(days * 86_400 + 600).to_string()
}

fn command(mind: &mut Mind, case: &CaseState, actor: Actor, name: &str) -> Command {
    match name {
        "acknowledge" if mind.dice.once_in(2) => act::acknowledge_with_plan(),
        "acknowledge" => act::acknowledge(),
        "ask" => act::ask(
            &case
                .missing
                .iter()
                .copied()
                .chain([ContentKey::Steps])
                .collect::<Vec<_>>(),
        ),
        "supply" => act::supply(&case.missing.iter().copied().collect::<Vec<_>>()),
        "waive" => Command::Waive {
            items: case.mandatory_missing.clone(),
        },
        "say" => say(&mut mind.dice),
        "assign" => Command::Assign {
            lead: crate::parts::person(1),
        },
        "assess" => assess(&mut mind.dice),
        "accept" => {
            let names = branches(&mind.policy);
            let names: Vec<&str> = names.iter().map(|b| b.label.as_str()).collect();
            act::accept(&names)
        }
        "reject" => reject(mind),
        "mark_duplicate" => {
            let (of, reference) = other_case("an older one");
            Command::MarkDuplicate {
                of,
                reference,
                original_received: case.received.plus_seconds(-1),
                message: message("We know this one."),
            }
        }
        "object" => Command::Object { reason: reasoned() },
        "decide_objection" => Command::DecideObjection {
            uphold: mind.dice.once_in(2),
            reason: reasoned(),
        },
        "fix" => fix(&mut mind.dice, case),
        "mitigate" => act::mitigate(mind.dice.once_in(2).then_some("switch it off")),
        "plan_communication" => act::plan_communication(),
        _ => late_command(mind, case, actor, name),
    }
}

fn late_command(mind: &mut Mind, case: &CaseState, actor: Actor, name: &str) -> Command {
    match name {
        "propose_date" => act::propose_date(&soon(mind)),
        "answer_date" => match mind.dice.below(3) {
            0 => act::counter_date(&soon(mind)),
            1 => Command::AnswerDate(DateAnswer::Decline { reason: None }),
            _ => act::accept_date(),
        },
        "set_date_alone" => act::set_date_alone(&soon(mind)),
        "record_fact" => act::fact(*mind.dice.pick(&[
            AttackFact::Public,
            AttackFact::ExploitPublic,
            AttackFact::AttacksObserved,
        ])),
        "save_draft" if mind.dice.once_in(4) => act::save_draft(&draft_lacking(&["title"])),
        "save_draft" => {
            let which = mind.dice.below(3);
            let words = format!("{CANARY} draft {which} of {}", case.facts.reference);
            act::save_draft(&draft_saying(&words))
        }
        "approve" | "publish" => {
            let standing = case
                .advisory
                .draft
                .clone()
                .unwrap_or_else(|| draft_saying("none"));
            if name == "approve" {
                act::approve(&standing)
            } else {
                act::publish(&standing)
            }
        }
        "answer_outlet" => outlet(mind),
        "record_cve" => super::cve::command(&mut mind.dice, mind.now),
        "choose_credit" if mind.dice.once_in(2) => act::choose_credit(CreditWish::Anonymous),
        "choose_credit" => act::choose_credit(named("jo")),
        "add_credit" => Command::AddCredit(OtherCredit {
            name: text("Lin"),
            kind: CreditKind::RemediationDeveloper,
            consent: text("Lin said yes in the review."),
        }),
        "remove_credit" => Command::RemoveCredit {
            name: text("Lin").sha256,
            kind: CreditKind::RemediationDeveloper,
        },
        "follow_up" => Command::FollowUp { message: None },
        "withdraw" => Command::Withdraw { message: None },
        "extend" => {
            let clock = some_clock(mind, case);
            let days = 1 + u32::try_from(mind.dice.below(14)).unwrap();
            Command::Extend {
                clock,
                days,
                reason: text("the change touches the storage format"),
            }
        }
        "waive_promise" => Command::WaivePromise {
            clock: some_clock(mind, case),
            reason: text("the reporter knows already"),
        },
        "answer_alarm" => {
            let open: Vec<&str> = case.open_alarms().map(|c| c.spec.key.0.as_str()).collect();
            let key = if open.is_empty() {
                "promise-1"
            } else {
                mind.dice.word(&open)
            };
            act::answer_alarm(key)
        }
        "record_breach" => Command::RecordBreach {
            duty: ClauseId(String::from("duty-1")),
            finding: text("what was seen"),
        },
        "close" => act::close(why_over(mind, case)),
        "reopen" => Command::Reopen {
            reason: text("it still works on arm64"),
        },
        "mail_outcome" => Command::MailOutcome {
            key: String::from("1/0"),
            delivered: mind.dice.once_in(2),
            code: None,
            told: None,
        },
        "recount" => Command::Recount {
            calendar: Box::new(days_off(mind)),
        },
        "receive" => Command::Receive(Box::new(case.facts.clone())),
        _ => {
            let found = super::regulators::command(mind, case, name)
                .or_else(|| parties::command(mind, case, actor, name));
            if let Some(found) = found {
                return found;
            }
            let now = mind.now;
            asides::command(&mut mind.dice, case, now, name).unwrap_or(Command::Tick)
        }
    }
}

/// The calendar after an edit of the owner: some days off near now.
pub(super) fn days_off(mind: &mut Mind) -> WorkCalendar {
    let mut calendar = mind.policy.calendar();
    for _ in 0..mind.dice.below(6) {
        let ahead = i64::try_from(mind.dice.below(40)).unwrap_or(0) * 86_400;
        let date = calendar.local_date(mind.now.plus_seconds(ahead));
        calendar.holidays.insert(date);
    }
    calendar
}

/// Mostly the reason that fits.
fn why_over(mind: &mut Mind, case: &CaseState) -> CloseReason {
    let fits = [
        (
            case.advisory.published_draft.is_some(),
            CloseReason::Disclosed,
        ),
        (case.rejection.is_some(), CloseReason::Rejected),
        (case.duplicate_of.is_some(), CloseReason::Duplicate),
        (case.withdrawn.is_some(), CloseReason::Withdrawn),
        (case.around.deferral.is_some(), CloseReason::Deferred),
        (case.fix_released.is_some(), CloseReason::FixedInternally),
    ];
    let found = fits.into_iter().find(|(holds, _)| *holds);
    match found {
        Some((_, reason)) if !mind.dice.once_in(5) => reason,
        _ => *mind.dice.pick(&fits.map(|(_, reason)| reason)),
    }
}

fn some_clock(mind: &mut Mind, case: &CaseState) -> String {
    let keys: Vec<&str> = case.clocks.keys().map(|k| k.0.as_str()).collect();
    mind.dice.word(&keys).to_owned()
}

fn say(dice: &mut Dice) -> Command {
    match dice.below(6) {
        0 => act::status(),
        1 => act::plan(),
        2 => act::say(MessageKind::DateNotice),
        3 => act::say(MessageKind::Decision),
        4 => act::note(),
        _ => act::write("and what about the other endpoint?"),
    }
}

fn assess(dice: &mut Dice) -> Command {
    let severity = *dice.pick(&[
        Severity::Low,
        Severity::Medium,
        Severity::High,
        Severity::Critical,
    ]);
    let mut assessment = valid(severity);
    if dice.once_in(6) {
        assessment.is_vulnerability = Verdict::No;
    }
    if dice.once_in(3) {
        act::assess_silently(assessment)
    } else {
        act::assess(assessment)
    }
}

fn reject(mind: &mut Mind) -> Command {
    let clauses: Vec<ClauseId> = mind
        .policy
        .policy
        .out_of_scope
        .iter()
        .map(|c| c.id.clone())
        .collect();
    if clauses.is_empty() || mind.dice.once_in(3) {
        let ground = [
            RejectionGround::NotReproducible,
            RejectionGround::Incomplete,
        ];
        return act::reject(mind.dice.pick(&ground).clone(), Verdict::Unclear);
    }
    act::reject_by(mind.dice.pick(&clauses))
}

/// The next step of a row, now and then a step back or to the side.
fn fix(dice: &mut Dice, case: &CaseState) -> Command {
    if case.fixes.is_empty() {
        return act::fix("main", FixStatus::Open);
    }
    let row = dice.pick(&case.fixes);
    let onward = match row.status {
        FixStatus::Open => FixStatus::InDevelopment,
        FixStatus::InDevelopment => FixStatus::Ready,
        FixStatus::Ready => FixStatus::Tested,
        FixStatus::NotAffected | FixStatus::WontFix { .. } => FixStatus::Open,
        _ => FixStatus::Released {
            version: String::from("3.1"),
        },
    };
    let status = match dice.below(12) {
        0 => FixStatus::NotAffected,
        1 => FixStatus::Open,
        _ => onward,
    };
    act::fix(&row.branch, status)
}

fn outlet(mind: &mut Mind) -> Command {
    let outlets: Vec<ClauseId> = mind
        .policy
        .policy
        .outlets
        .iter()
        .map(|o| o.id.clone())
        .collect();
    Command::AnswerOutlet {
        outlet: if outlets.is_empty() {
            ClauseId(String::from("outlet-1"))
        } else {
            mind.dice.pick(&outlets).clone()
        },
        answer: OutletAnswer::Sent { link: None },
    }
}

#[cfg(test)]
mod tests {
    use super::{Dice, is_beside, vary_report};
    use crate::parts::facts;
    use crate::sim::policies::Versions;

    #[test]
    fn every_report_says_something_about_the_problem() {
        let mut lacked = 0;
        for seed in 0..300 {
            let mut dice = Dice::new(seed);
            let policy = Versions::new(5, &mut dice).current();
            let mut report = facts(&policy);
            vary_report(&mut dice, &mut report, &policy);
            lacked += u32::from(!report.missing.is_empty());
            assert!(
                report.given.iter().any(|key| !is_beside(*key)),
                "seed {seed}: {:?}",
                report.given
            );
        }
        assert!(lacked > 20);
    }
}
