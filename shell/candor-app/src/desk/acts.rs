//! From the fields of an act to its commands: talk, dates, facts, closing. The
//! larger groups stand in files of their own.

use candor_case::{
    AttackFact, CaseState, CloseReason, Command, CreditKind, Lane, MessageKind, OtherCredit,
    OutletAnswer,
};
use candor_policy::model::ClauseId;

use super::{aside, cve, draft, fix, regulators, triage};
use crate::app::App;
use crate::engine::Loaded;
use crate::fields::Fields;
use crate::input::ActError;
use crate::party;
use crate::room::{credit_kind, date_answer};
use crate::seal::{Bodies, field_error};

impl App {
    /// The commands of an act.
    pub(super) fn commands(
        &self,
        name: &str,
        fields: &Fields,
        loaded: &Loaded,
        bodies: &Bodies<'_>,
    ) -> Result<Vec<Command>, ActError> {
        let one = match name {
            "assign" => Command::Assign {
                lead: self.member(fields, "lead", loaded)?,
            },
            "mark_duplicate" => self.duplicate(fields, loaded, bodies)?,
            "assess" => triage::assess(fields, loaded, bodies)?,
            "accept" => triage::accept(fields, bodies)?,
            "reject" => triage::reject(fields, loaded, bodies)?,
            "waive" => Command::Waive {
                items: fields.contents("items")?,
            },
            "decide_objection" => Command::DecideObjection {
                uphold: yes(fields, "uphold")?,
                reason: fields.need_message(bodies)?,
            },
            "fix" => return fix::fix(self, fields, loaded, bodies).map(|c| vec![c]),
            "save_draft" => draft::save(fields, loaded, bodies)?,
            "approve" => Command::Approve {
                draft: draft::digest(fields)?,
            },
            "record_cve" => cve::command(fields, loaded, self.now(), bodies)?,
            "publish" => Command::Publish {
                draft: draft::digest(fields)?,
            },
            "record_fact" => {
                let fact = plain(name, fields, loaded, bodies)?;
                return self.fact_with_signal(fact, fields, loaded, bodies);
            }
            "note_signal"
            | "record_awareness"
            | "decide_not_reportable"
            | "save_pack"
            | "file_stage"
            | "record_measure"
            | "inform_users" => self.regulator_act(name, fields, loaded, bodies)?,
            _ => match aside::command(name, fields, loaded, self.now(), bodies)?.map_or_else(
                || party::of_team(name, fields, loaded, bodies),
                |a| Ok(Some(a)),
            )? {
                Some(command) => command,
                None => plain(name, fields, loaded, bodies)?,
            },
        };
        Ok(vec![one])
    }

    /// A person chosen in a field, who works in this program.
    pub(super) fn member(
        &self,
        fields: &Fields,
        name: &str,
        loaded: &Loaded,
    ) -> Result<candor_base::AccountId, ActError> {
        let team = self.team_of(&loaded.program)?;
        fields
            .account(name)?
            .filter(|id| team.iter().any(|a| a.id == *id))
            .ok_or_else(|| field_error(name, "Choose a person who works in this program."))
    }

    fn duplicate(
        &self,
        fields: &Fields,
        loaded: &Loaded,
        bodies: &Bodies<'_>,
    ) -> Result<Command, ActError> {
        let unknown = || field_error("of", "There is no such case in this program.");
        let reference = fields.get("of").parse().map_err(|_| unknown())?;
        let of = self.store().find(&loaded.program, &reference)?;
        let other = match of {
            Some(of) => self.load(&loaded.program, &of)?,
            None => None,
        }
        .ok_or_else(unknown)?;
        let other = self.oldest_of(other)?;
        Ok(Command::MarkDuplicate {
            of: other.case,
            reference: other.state.facts.reference.clone(),
            original_received: other.state.received,
            message: fields.need_message(bodies)?,
        })
    }
}

fn yes(fields: &Fields, name: &str) -> Result<bool, ActError> {
    fields.choice(name, &[("yes", true), ("no", false)], "Choose yes or no.")
}

fn plain(
    name: &str,
    fields: &Fields,
    loaded: &Loaded,
    bodies: &Bodies<'_>,
) -> Result<Command, ActError> {
    let calendar = loaded.in_force.policy.calendar();
    Ok(match name {
        "acknowledge" => Command::Acknowledge {
            message: fields.need_message(bodies)?,
            plan: fields.is_on("plan"),
        },
        "ask" => Command::Ask {
            items: fields.contents("items")?,
            message: fields.need_message(bodies)?,
        },
        "say" => say(fields, bodies)?,
        "mitigate" => mitigate(fields, bodies)?,
        "plan_communication" => Command::PlanCommunication {
            text: fields.need_text(
                "text",
                "Write down how you will tell the community.",
                bodies,
            )?,
        },
        "propose_date" => Command::ProposeDate {
            at: fields.moment(&calendar)?,
            reason: fields.text("reason", bodies)?,
            message: Some(fields.need_message(bodies)?),
        },
        "answer_date" => Command::AnswerDate(date_answer(fields, loaded, bodies)?),
        "set_date_alone" => Command::SetDateAlone {
            at: fields.moment(&calendar)?,
            reason: fields.need_text(
                "reason",
                "Say why the date is set without agreement.",
                bodies,
            )?,
            message: fields.need_message(bodies)?,
        },
        "record_fact" => Command::RecordFact {
            fact: fields.choice(
                "fact",
                &[
                    ("public", AttackFact::Public),
                    ("exploit_public", AttackFact::ExploitPublic),
                    ("attacks_observed", AttackFact::AttacksObserved),
                ],
                "Choose what is known.",
            )?,
            evidence: fields.need_text("evidence", "Say how it is known.", bodies)?,
        },
        "answer_outlet" => outlet(fields, bodies)?,
        "extend" => extend(fields, bodies)?,
        "waive_promise" => Command::WaivePromise {
            clock: clock(fields)?,
            reason: fields.need_text("reason", "Say why it is not needed.", bodies)?,
        },
        "add_credit" => Command::AddCredit(OtherCredit {
            name: bodies.raw_text(
                &fields
                    .short("name")?
                    .ok_or_else(|| field_error("name", "Type the name to be thanked."))?,
            ),
            kind: credit_kind(fields, CreditKind::Other)?,
            consent: fields.need_text("consent", "Say how this person agreed.", bodies)?,
        }),
        "remove_credit" => remove_credit(fields)?,
        "answer_alarm" => Command::AnswerAlarm {
            clock: clock(fields)?,
        },
        "record_breach" => Command::RecordBreach {
            duty: ClauseId(fields.need("duty", "Choose the duty.")?.to_owned()),
            finding: fields.need_text("finding", "Write down what was found.", bodies)?,
        },
        "close" => close(fields, bodies)?,
        "reopen" => Command::Reopen {
            reason: fields.need_text("reason", "Say what is new.", bodies)?,
        },
        _ => return Err(ActError::NotFound),
    })
}

fn say(fields: &Fields, bodies: &Bodies<'_>) -> Result<Command, ActError> {
    Ok(Command::Say {
        lane: fields.choice(
            "lane",
            &[
                ("everyone", Lane::Everyone),
                ("team", Lane::Team),
                ("reporter", Lane::Reporter),
            ],
            "Choose who reads the message.",
        )?,
        kind: fields.choice(
            "kind",
            &[
                ("", MessageKind::Plain),
                ("plain", MessageKind::Plain),
                ("status", MessageKind::Status),
                ("plan", MessageKind::Plan),
                ("decision", MessageKind::Decision),
            ],
            "Choose what kind of message it is.",
        )?,
        message: fields.need_message(bodies)?,
    })
}

fn mitigate(fields: &Fields, bodies: &Bodies<'_>) -> Result<Command, ActError> {
    let text = fields.text("text", bodies)?;
    if text.is_none() && !fields.is_on("none_known") {
        return Err(field_error(
            "text",
            "Write down what helps, or say that nothing is known to help.",
        ));
    }
    Ok(Command::Mitigate { text })
}

fn outlet(fields: &Fields, bodies: &Bodies<'_>) -> Result<Command, ActError> {
    let answer = match fields.get("answer") {
        "sent" => OutletAnswer::Sent {
            link: fields.short("link")?,
        },
        "waived" => OutletAnswer::Waived {
            reason: fields.need_text("reason", "Say why it is left out.", bodies)?,
        },
        _ => {
            return Err(field_error(
                "answer",
                "Choose whether it was announced or left out.",
            ));
        }
    };
    Ok(Command::AnswerOutlet {
        outlet: ClauseId(fields.need("outlet", "Choose the outlet.")?.to_owned()),
        answer,
    })
}

fn extend(fields: &Fields, bodies: &Bodies<'_>) -> Result<Command, ActError> {
    let days = fields
        .get("days")
        .parse::<u32>()
        .ok()
        .filter(|d| (1..=90).contains(d))
        .ok_or_else(|| field_error("days", "Write a number of days, 1 to 90."))?;
    Ok(Command::Extend {
        clock: clock(fields)?,
        days,
        reason: fields.need_text("reason", "Say why more time is needed.", bodies)?,
    })
}

/// The digest of a name and for what, as the page offered them.
fn remove_credit(fields: &Fields) -> Result<Command, ActError> {
    let wrong = || field_error("credit", "Choose whom to take back.");
    let (name, kind) = fields.get("credit").split_once(' ').ok_or_else(wrong)?;
    let kind = CreditKind::ALL.into_iter().find(|(n, _)| *n == kind);
    Ok(Command::RemoveCredit {
        name: name.parse().map_err(|_| wrong())?,
        kind: kind.ok_or_else(wrong)?.1,
    })
}

fn clock(fields: &Fields) -> Result<String, ActError> {
    Ok(fields.need("clock", "Choose the promise.")?.to_owned())
}

fn close(fields: &Fields, bodies: &Bodies<'_>) -> Result<Command, ActError> {
    Ok(Command::Close {
        reason: fields.choice(
            "reason",
            &[
                ("disclosed", CloseReason::Disclosed),
                ("rejected", CloseReason::Rejected),
                ("duplicate", CloseReason::Duplicate),
                ("withdrawn", CloseReason::Withdrawn),
                ("fixed_internally", CloseReason::FixedInternally),
                ("deferred", CloseReason::Deferred),
            ],
            "Choose why the case is closed.",
        )?,
        note: fields.text("note", bodies)?,
    })
}

/// What was done, as a sentence.
pub(super) fn said(name: &str, after: &CaseState) -> String {
    let reference = &after.facts.reference;
    match name {
        "assign" => "The lead is set.".to_owned(),
        "acknowledge" => "The reporter was answered.".to_owned(),
        "ask" => "The question was sent. The case waits for the reporter.".to_owned(),
        "waive" => "Noted: the case goes on without these.".to_owned(),
        "say" => "The message is written.".to_owned(),
        "assess" => "The assessment is recorded.".to_owned(),
        "accept" => format!("{reference} is accepted."),
        "reject" => format!("{reference} is turned down; the reporter was told why."),
        "mark_duplicate" => format!("{reference} is linked to the older case."),
        "decide_objection" => "The objection is decided; the reporter was told.".to_owned(),
        "fix" => "The branch is updated.".to_owned(),
        "mitigate" => "The mitigation is recorded.".to_owned(),
        "plan_communication" => "The plan is recorded.".to_owned(),
        "propose_date" => "The date was proposed to everybody who is asked.".to_owned(),
        "answer_date" => "The answer about the date is recorded.".to_owned(),
        "set_date_alone" if after.around.date_alone.is_some() => {
            "Noted. Another person of the team confirms the date.".to_owned()
        }
        "set_date_alone" | "confirm_date" => "The date is set; the reporter was told.".to_owned(),
        "record_fact" => "The fact is recorded.".to_owned(),
        "save_draft" => "The draft is saved.".to_owned(),
        "approve" => "The draft is approved as it stands.".to_owned(),
        "publish" => "The advisory is public.".to_owned(),
        "answer_outlet" => "The outlet is answered.".to_owned(),
        "record_cve" => "The step with the CVE id is recorded.".to_owned(),
        "extend" | "waive_promise" | "ask_to_end" => {
            "The reporter was asked. Until there is a yes, nothing changes.".to_owned()
        }
        "invite_party" => "The party is invited.".to_owned(),
        "renew_invitation" => "The old code opens nothing any more.".to_owned(),
        "party_status" => "Noted how the party stands.".to_owned(),
        "notify_party" => "The distributor can read the draft now.".to_owned(),
        "record_leak" => "The leak is recorded.".to_owned(),
        "remove_party" => "The party sees nothing any more.".to_owned(),
        "add_credit" => "The credit is added. An approval from before counts no more.".to_owned(),
        "remove_credit" => "The credit is taken back.".to_owned(),
        "answer_alarm" => "Noted: you have seen it, and nobody else is called.".to_owned(),
        "record_breach" => "The finding is recorded.".to_owned(),
        "defer" => format!("{reference} is put aside; the reporter was told why."),
        "resume" => format!("{reference} is taken up again."),
        "go_on" => "The case no longer waits for the reporter.".to_owned(),
        "work_out" => "The context is recorded.".to_owned(),
        "hand_over" => "The step with the other party is recorded.".to_owned(),
        "suspect_leak" => "The suspicion is recorded; the team was told.".to_owned(),
        "decide_leak" if after.around.open_leak().is_some() => {
            "Noted. Another person of the team decides it with you.".to_owned()
        }
        "decide_leak" => "The decision about the leak is recorded.".to_owned(),
        "end_embargo" => "The embargo is over; everybody on the case was told.".to_owned(),
        "link_advisory" => "The advisory is linked.".to_owned(),
        "close" => format!("{reference} is closed."),
        "reopen" => format!("{reference} is open again."),
        other => regulators::said(other).unwrap_or("Done.").to_owned(),
    }
}
