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

use super::{Dice, Sim, asides, worker};
use crate::act;
use crate::parts::{
    draft_lacking, draft_saying, lacks, message, named, other_case, public_place, reasoned, text,
    valid,
};

/// Reports differ: some lack contents, some are public already.
pub(super) fn vary_report(dice: &mut Dice, report: &mut ReportFacts, policy: &PolicyInForce) {
    if dice.once_in(3) {
        let keys: Vec<ContentKey> = policy
            .policy
            .contents
            .iter()
            .filter(|c| c.value.demand != Demand::Optional)
            .map(|c| c.value.key)
            .filter(|_| dice.once_in(2))
            .collect();
        lacks(report, policy, &keys);
    }
    if dice.once_in(12) {
        report.public = Some(public_place("somewhere"));
    }
    report.contact_given = !dice.once_in(4);
}

/// The next act: who, and what.
pub(super) fn next(sim: &mut Sim) -> (Actor, Command) {
    let case = sim.case.clone().expect("the report is in");
    let actor = if sim.dice.once_in(4) {
        Actor::Reporter
    } else {
        worker(&mut sim.dice)
    };
    let mut names = allowed(&case, &sim.context(actor));
    if names.is_empty() || sim.dice.once_in(15) {
        names = candor_case::COMMANDS.to_vec();
    }
    let name = likely(&mut sim.dice, &names);
    let command = command(sim, &case, name);
    (actor, command)
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
        "suspect_leak",
        "work_out",
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

fn soon(sim: &mut Sim) -> String {
    let days = i64::try_from(sim.dice.below(60)).unwrap();
    sim.now.plus_seconds(days * 86_400 + 600).to_string()
}

fn command(sim: &mut Sim, case: &CaseState, name: &str) -> Command {
    match name {
        "acknowledge" if sim.dice.once_in(2) => act::acknowledge_with_plan(),
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
        "say" => say(&mut sim.dice),
        "assign" => Command::Assign {
            lead: crate::parts::person(1),
        },
        "assess" => assess(&mut sim.dice),
        "accept" => {
            let names = branches(&sim.policy);
            let names: Vec<&str> = names.iter().map(|b| b.label.as_str()).collect();
            act::accept(&names)
        }
        "reject" => reject(sim),
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
            uphold: sim.dice.once_in(2),
            reason: reasoned(),
        },
        "fix" => fix(&mut sim.dice, case),
        "mitigate" => act::mitigate(sim.dice.once_in(2).then_some("switch it off")),
        "plan_communication" => act::plan_communication(),
        _ => late_command(sim, case, name),
    }
}

fn late_command(sim: &mut Sim, case: &CaseState, name: &str) -> Command {
    match name {
        "propose_date" => act::propose_date(&soon(sim)),
        "answer_date" => match sim.dice.below(3) {
            0 => act::counter_date(&soon(sim)),
            1 => Command::AnswerDate(DateAnswer::Decline { reason: None }),
            _ => act::accept_date(),
        },
        "set_date_alone" => act::set_date_alone(&soon(sim)),
        "record_fact" => act::fact(*sim.dice.pick(&[
            AttackFact::Public,
            AttackFact::ExploitPublic,
            AttackFact::AttacksObserved,
        ])),
        "save_draft" if sim.dice.once_in(4) => act::save_draft(&draft_lacking(&["title"])),
        "save_draft" => act::save_draft(&draft_saying(sim.dice.word(&["one", "two"]))),
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
        "answer_outlet" => outlet(sim),
        "choose_credit" if sim.dice.once_in(2) => act::choose_credit(CreditWish::Anonymous),
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
            let keys: Vec<&str> = case.clocks.keys().map(|k| k.0.as_str()).collect();
            act::extend(
                sim.dice.word(&keys),
                7,
                "and what about the other endpoint?",
            )
        }
        "waive_promise" => {
            let keys: Vec<&str> = case.clocks.keys().map(|k| k.0.as_str()).collect();
            act::waive_promise(sim.dice.word(&keys), "and what about the other endpoint?")
        }
        "answer_alarm" => {
            let open: Vec<&str> = case.open_alarms().map(|c| c.spec.key.0.as_str()).collect();
            let key = if open.is_empty() {
                "promise-1"
            } else {
                sim.dice.word(&open)
            };
            act::answer_alarm(key)
        }
        "record_breach" => Command::RecordBreach {
            duty: ClauseId(String::from("duty-1")),
            finding: text("what was seen"),
        },
        "close" => act::close(*sim.dice.pick(&[
            CloseReason::Disclosed,
            CloseReason::Rejected,
            CloseReason::Duplicate,
            CloseReason::Withdrawn,
            CloseReason::FixedInternally,
        ])),
        "reopen" => Command::Reopen {
            reason: text("it still works on arm64"),
        },
        "mail_outcome" => Command::MailOutcome {
            key: String::from("1/0"),
            delivered: sim.dice.once_in(2),
            code: None,
        },
        "recount" => Command::Recount {
            calendar: Box::new(days_off(sim)),
        },
        "receive" => Command::Receive(Box::new(case.facts.clone())),
        _ => {
            if let Some(found) = super::regulators::command(sim, case, name) {
                return found;
            }
            let now = sim.now;
            asides::command(&mut sim.dice, case, now, name).unwrap_or(Command::Tick)
        }
    }
}

/// The calendar after an edit of the owner: some days off near now.
pub(super) fn days_off(sim: &mut Sim) -> WorkCalendar {
    let mut calendar = sim.policy.calendar();
    for _ in 0..sim.dice.below(6) {
        let ahead = i64::try_from(sim.dice.below(40)).unwrap_or(0) * 86_400;
        let date = calendar.local_date(sim.now.plus_seconds(ahead));
        calendar.holidays.insert(date);
    }
    calendar
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

fn reject(sim: &mut Sim) -> Command {
    let clauses: Vec<ClauseId> = sim
        .policy
        .policy
        .out_of_scope
        .iter()
        .map(|c| c.id.clone())
        .collect();
    if clauses.is_empty() || sim.dice.once_in(3) {
        let ground = [
            RejectionGround::NotReproducible,
            RejectionGround::Incomplete,
        ];
        return act::reject(sim.dice.pick(&ground).clone(), Verdict::Unclear);
    }
    act::reject_by(sim.dice.pick(&clauses))
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

fn outlet(sim: &mut Sim) -> Command {
    let outlets: Vec<ClauseId> = sim
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
            sim.dice.pick(&outlets).clone()
        },
        answer: OutletAnswer::Sent { link: None },
    }
}
