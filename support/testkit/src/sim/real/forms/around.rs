//! Forms around the straight road: other parties, contexts, handing over, leaks.

use candor_case::model::cs::VendorPath;
use candor_case::{
    Aside, Command, ContextKind, CveAct, HandOverStep, Matter, PartyKind, PartyRole, PartyStatus,
};

use super::{Desk, Form, yes};
use crate::parts::words_of;

/// Parties that were invited.
pub(super) fn parties(form: Form, command: &Command) -> Option<Form> {
    Some(match command {
        Command::InviteParty(invitation) => {
            let contact = invitation.contact.as_ref().map(words_of);
            let form = form
                .with(
                    "kind",
                    match invitation.kind {
                        PartyKind::Vendor => "vendor",
                        PartyKind::Distributor => "distributor",
                        PartyKind::Coordinator => "coordinator",
                    },
                )
                .with("name", words_of(&invitation.name))
                .text("terms", &invitation.terms);
            match contact {
                Some(contact) => form.with("contact", contact),
                None => form,
            }
        }
        Command::AnswerTerms { accepted } => {
            form.with("answer", if *accepted { "accept" } else { "decline" })
        }
        Command::PartyStatus {
            number,
            status,
            fix,
        } => form
            .with("party", number.to_string())
            .with(
                "status",
                match status {
                    PartyStatus::Unknown => "unknown",
                    PartyStatus::Affected => "affected",
                    PartyStatus::NotAffected => "not_affected",
                },
            )
            .with(
                "fix",
                match fix {
                    VendorPath::FixReady => "ready",
                    VendorPath::FixDeployed => "deployed",
                    _ => "none",
                },
            ),
        Command::NotifyParty { number } => form.with("party", number.to_string()),
        Command::RecordLeak { party, what } => form
            .with("party", party.map(|n| n.to_string()).unwrap_or_default())
            .text("what", what),
        Command::RemoveParty { number, reason } => form
            .with("party", number.to_string())
            .text("reason", reason),
        _ => return None,
    })
}

/// What surrounds the straight road.
pub(super) fn aside(form: Form, aside: &Aside, desk: &Desk<'_>) -> Option<Form> {
    Some(match aside {
        Aside::Defer { review, message } => form
            .with("sure", "on")
            .moment(*review, desk.policy)
            .text("message", &message.text),
        Aside::Resume { reason }
        | Aside::GoOn { reason }
        | Aside::AskToEnd { reason }
        | Aside::EndEmbargo { reason } => form.text("reason", reason),
        Aside::LeaveEmbargo { message } => form.text("message", &message.text),
        Aside::ChooseKey { key: None } => form.with("letters", "plain"),
        Aside::ChooseKey { key: Some(key) } => form.with("letters", "key").text("key", key),
        Aside::LinkAdvisory { number, link } => form
            .with("party", number.to_string())
            .with("link", link.clone()),
        Aside::ConfirmDate { at } => form.with("at", at.unix().to_string()),
        Aside::SuspectLeak { what, how, plan } => {
            form.text("what", what).text("how", how).text("plan", plan)
        }
        Aside::DecideLeak { go_public, reason } => form
            .with("go_public", yes(*go_public))
            .text("reason", reason),
        Aside::Agree { matter, given } => form
            .with(
                "matter",
                match matter {
                    Matter::Suggestion => "suggestion".to_owned(),
                    Matter::HandOver(number) => format!("hand_over-{number}"),
                    Matter::Question(number) => format!("question-{number}"),
                },
            )
            .with("answer", yes(*given)),
        Aside::WorkOut(record) => form
            .with(
                "kind",
                match record.kind {
                    ContextKind::Implementation => "implementation",
                    ContextKind::Configuration => "configuration",
                    ContextKind::Dependency => "dependency",
                    ContextKind::Deployment => "deployment",
                },
            )
            .text("party", &record.party)
            .text("circumstances", &record.circumstances)
            .maybe("outcome", record.outcome.as_ref()),
        Aside::HandOver { number, step } => {
            let form = form.with("number", number.map(|n| n.to_string()).unwrap_or_default());
            hand_over(form, step)
        }
        Aside::LinkReport(_) | Aside::FollowOriginal { .. } => return None,
    })
}

fn hand_over(form: Form, step: &HandOverStep) -> Form {
    match step {
        HandOverStep::Open {
            role,
            party,
            contact,
            ask_reporter,
        } => form
            .with("step", "open")
            .with(
                "role",
                match role {
                    PartyRole::Upstream => "upstream",
                    PartyRole::Application => "application",
                    PartyRole::Operator => "operator",
                    PartyRole::Other => "other",
                },
            )
            .text("party", party)
            .text("contact", contact)
            .with("ask_reporter", yes(*ask_reporter)),
        HandOverStep::Sent {
            with_report, note, ..
        } => form
            .with("step", "sent")
            .with("with_report", yes(*with_report))
            .text("note", note),
        HandOverStep::Answered { note } => form.with("step", "answered").text("note", note),
        HandOverStep::FixShared { shared, note } => form
            .with(
                "step",
                if *shared {
                    "fix_shared"
                } else {
                    "fix_not_shared"
                },
            )
            .text("note", note),
        HandOverStep::End { outcome } => form.with("step", "end").text("note", outcome),
    }
}

/// A step with a CVE id; without a date it was now.
pub(super) fn cve(form: Form, act: &CveAct) -> Form {
    match act {
        CveAct::Request { from, .. } => form.with("step", "request").text("from", from),
        CveAct::Reserve { id } => form.with("step", "reserve").with("id", id.to_string()),
        CveAct::Assign { id } => form.with("step", "assign").with("id", id.to_string()),
        CveAct::Publish { id, .. } => form.with("step", "publish").with("id", id.to_string()),
        CveAct::Reject { id, reason } => form
            .with("step", "reject")
            .with("id", id.to_string())
            .text("reason", reason),
        CveAct::EndRequests { reason } => form.with("step", "end_requests").text("reason", reason),
        CveAct::NotNeeded { reason } => form.with("step", "not_needed").text("reason", reason),
    }
}
