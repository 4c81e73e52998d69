//! A party's page, from its permit and the read gate (EM-9); and what the team sees
//! of all parties.
//!
//! Invariants: before the terms are taken a party sees the terms and nothing else;
//! never the report, its reporter, the team's lane or another party's name.

use candor_base::BlobId;
use candor_case::model::cs::VendorPath;
use candor_case::model::pec::Consent;
use candor_case::{Actor, CaseState, Lane, Party, PartyKind, PartySees, PartyStatus};

use super::case::CaseMaterial;
use crate::permit::{Action, Permit};
use crate::view::{MessageView, PartyLine, PartyRoomView};

/// What the page shows beside the case itself.
#[derive(Debug, Clone, Default)]
pub struct PartyExtra {
    /// The draft advisory as plain text, without thanks.
    pub draft: Option<String>,
    /// Title and path of the published advisory.
    pub advisory: Option<(String, String)>,
    /// Acts that make sense now.
    pub allowed: Vec<&'static str>,
}

/// Texts that this party may see.
pub(super) fn texts(state: &CaseState, number: u32) -> Vec<BlobId> {
    let Some(party) = state.party(number) else {
        return Vec::new();
    };
    match state.party_sees(number) {
        PartySees::Nothing => Vec::new(),
        PartySees::Terms => vec![party.invitation.terms.blob],
        PartySees::Content => {
            let shared = shared(state, party).map(|m| m.message.text.blob);
            std::iter::once(party.invitation.terms.blob)
                .chain(shared)
                .collect()
        }
    }
}

/// Files that this party may download: those of messages that it reads.
pub(super) fn files(state: &CaseState, number: u32) -> Vec<candor_case::FileRef> {
    let sees = state.party_sees(number) == PartySees::Content;
    let party = state.party(number).filter(|_| sees);
    party
        .into_iter()
        .flat_map(|party| shared(state, party))
        .flat_map(|m| &m.message.files)
        .copied()
        .collect()
}

/// What was written to everyone since this party was let in.
fn shared<'a>(
    state: &'a CaseState,
    party: &'a Party,
) -> impl Iterator<Item = &'a candor_case::CaseMessage> {
    let since = party.notified.or(party.answered);
    state
        .messages
        .iter()
        .filter(move |m| m.lane == Lane::Everyone && since.is_some_and(|at| m.at >= at))
}

/// A party's page; `None` without its own permit for this very case, and for one that
/// was left out.
pub fn build_party_room(
    permit: &Permit,
    m: &CaseMaterial<'_>,
    extra: PartyExtra,
) -> Option<PartyRoomView> {
    let Actor::Party(number) = permit.actor() else {
        return None;
    };
    let own = permit.action() == Action::ReadCase && permit.case() == Some(m.state.facts.case);
    let sees = m.state.party_sees(number);
    if !own || sees == PartySees::Nothing {
        return None;
    }
    let party = m.state.party(number)?;
    let content = sees == PartySees::Content;
    let may = |act: &str| extra.allowed.contains(&act);
    let until = m
        .state
        .embargo
        .until
        .filter(|_| m.state.embargo.state.is_in_force());
    Some(PartyRoomView {
        program: m.program.clone(),
        reference: m.state.facts.reference.to_string(),
        number,
        kind: kind_words(party.invitation.kind).to_owned(),
        terms: m.text(&party.invitation.terms),
        consent: own_consent(party.consent).to_owned(),
        until: until.map(|at| m.when(at)),
        waits_for_notice: !content
            && party.consent == Consent::Signatory
            && party.invitation.kind == PartyKind::Distributor,
        content,
        draft: extra.draft.filter(|_| content),
        messages: if content {
            shared(m.state, party)
                .map(|x| message(m, x, number))
                .collect()
        } else {
            Vec::new()
        },
        status: status_words(party.status).to_owned(),
        fix: fix_words(party.vendor).to_owned(),
        advisory: extra.advisory,
        can_answer: may("answer_terms")
            && until.is_some()
            && matches!(party.consent, Consent::Invited | Consent::Lapsed),
        can_write: content && may("say"),
        can_say_status: content && may("party_status") && party.vendor != VendorPath::Unaware,
        proposed: m
            .state
            .embargo
            .proposal
            .as_ref()
            .filter(|_| content)
            .map(|p| {
                let by = super::accord::proposer(m, Actor::Party(number));
                (by, m.when(p.at))
            }),
        can_answer_date: content && may("answer_date"),
        answers_out: super::accord::waiting(m, Actor::Party(number)).filter(|_| content),
        can_propose: content && may("propose_date"),
        can_leave: may("leave_embargo") && party.consent == Consent::Signatory,
        reporter_left: m.state.around.left.filter(|_| content).map(|at| m.when(at)),
        can_link: content && may("link_advisory"),
        own_advisory: party.advisory.clone(),
    })
}

fn message(m: &CaseMaterial<'_>, x: &candor_case::CaseMessage, own: u32) -> MessageView {
    let from = match x.from {
        Actor::Party(number) if number == own => "You",
        Actor::Party(_) => "another party",
        Actor::Team(_) | Actor::System => "the project",
        Actor::Reporter => "the reporter",
    };
    MessageView {
        id: x.message.id.to_string(),
        when: m.when(x.at),
        from: from.to_owned(),
        own: x.from == Actor::Party(own),
        lane: x.lane,
        kind: x.kind,
        text: m.text(&x.message.text),
        files: x.message.files.iter().map(|f| m.file(f)).collect(),
    }
}

/// The parties of a case, for the team.
pub(super) fn lines(m: &CaseMaterial<'_>) -> Vec<PartyLine> {
    m.state
        .parties
        .iter()
        .map(|p| {
            let mut notes = vec![format!("Invited {}", m.when(p.invited).words)];
            let mut add = |what: &str, at: Option<candor_base::Instant>| {
                if let Some(at) = at {
                    notes.push(format!("{what} {}", m.when(at).words));
                }
            };
            add("First came", p.entered);
            add("Answered the terms", p.answered);
            add("Got its notice", p.notified);
            add("Left out since", p.removed);
            if p.reminders > 0 && matches!(p.consent, Consent::Invited | Consent::Lapsed) {
                notes.push(format!("Reminded of the terms: {}", p.reminders));
            }
            if let Some(link) = &p.advisory {
                notes.push(format!("Its own advisory: {link}"));
            }
            if p.leaks > 0 {
                notes.push(format!("Leaks: {}", p.leaks));
            }
            PartyLine {
                number: p.number,
                name: m.text(&p.invitation.name),
                kind: kind_words(p.invitation.kind).to_owned(),
                contact: p.invitation.contact.as_ref().map(|c| m.text(c)),
                consent: consent_words(p.consent).to_owned(),
                status: status_words(p.status).to_owned(),
                fix: fix_words(p.vendor).to_owned(),
                here: p.removed.is_none(),
                notes,
            }
        })
        .collect()
}

/// Terms to begin with: what is covered, until when, what to do after a leak, and that
/// duties of the law stay (EM-10, EM-11).
pub(super) fn terms(m: &CaseMaterial<'_>) -> String {
    let until = m.state.embargo.until.map_or_else(
        || "the date that is agreed".to_owned(),
        |at| m.when(at).words,
    );
    format!(
        "Until {until} you keep what you learn about this case to yourself: what it is, that it \
         exists, patches, and programs made from them. You pass nothing on. Who needs it to \
         prepare a fix in your organisation may know, and keeps it the same way.\n\n\
         If something leaks, you say at once what, to whom and how. After a second leak you are \
         left out.\n\n\
         When that moment has come, or the matter is public before, nobody is bound any more. \
         Duties of the law, such as reports to an authority, are not touched by this; please \
         tell us of them."
    )
}

fn kind_words(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Vendor => "vendor",
        PartyKind::Distributor => "distributor",
        PartyKind::Coordinator => "coordinator",
    }
}

fn consent_words(consent: Consent) -> &'static str {
    match consent {
        Consent::NoEmbargo => "no terms hold",
        Consent::Invited => "has not answered the terms",
        Consent::Signatory => "took the terms",
        Consent::Declined => "did not take the terms",
        Consent::Lapsed => "took earlier terms; the date is later now",
    }
}

/// The same, to the party itself.
const fn own_consent(consent: Consent) -> &'static str {
    match consent {
        Consent::NoEmbargo => "No terms hold for you.",
        Consent::Invited => "You have not answered the terms.",
        Consent::Signatory => "You took the terms.",
        Consent::Declined => "You did not take the terms.",
        Consent::Lapsed => "You took earlier terms; the date is later now.",
    }
}

fn status_words(status: PartyStatus) -> &'static str {
    match status {
        PartyStatus::Unknown => "not known yet",
        PartyStatus::Affected => "affected",
        PartyStatus::NotAffected => "not affected",
    }
}

fn fix_words(fix: VendorPath) -> &'static str {
    match fix {
        VendorPath::Unaware => "not told yet",
        VendorPath::Aware => "no fix yet",
        VendorPath::FixReady => "fix ready",
        VendorPath::FixDeployed => "fix deployed",
    }
}
