//! Other parties of a case: in by an invitation, reading what their permit allows,
//! answering.
//!
//! Invariants: codes are typed and posted, never part of a URL; an invitation opens
//! the page once and is replaced by a code of the party's own; a wrong code, a wrong
//! reference and a party that was left out have one answer.

use candor_access::build::{self, PartyExtra};
use candor_access::view::PartyRoomView;
use candor_access::{Action, CaseFacts, Permit, Principal, known_act, permit};
use candor_base::{CaseRef, Digest, ProgramSlug, ReceiptCode};
use candor_case::model::cs::VendorPath;
use candor_case::{
    Actor, Aside, Command, Invitation, Lane, MessageKind, PartyKind, PartySees, PartyStatus,
    allowed,
};
use candor_ports::SessionKind;

use crate::app::App;
use crate::desk::link;
use crate::engine::Loaded;
use crate::fields::Fields;
use crate::input::{ActError, ActInput};
use crate::intake::read::is_address;
use crate::random;
use crate::room::date_answer;
use crate::seal::{Bodies, field_error};

/// The hidden field in which the desk's use case hands the hash of a new code on.
const CODE: &str = "party_code";

impl App {
    fn party_hash(&self, code: &ReceiptCode) -> Digest {
        let key = self.vault().derive("party-hash");
        Digest::from_bytes(random::keyed(&key, &[code.letters().as_bytes()]))
    }

    /// Makes a code where an act gives one out; the page shows it once.
    pub(crate) fn give_code(&self, act: &mut ActInput) -> Option<String> {
        act.fields.remove(CODE);
        if !matches!(act.act.as_str(), "invite_party" | "renew_invitation") {
            return None;
        }
        let code = ReceiptCode::from_bytes(random::bytes(self.entropy()));
        let hash = self.party_hash(&code).to_string();
        act.fields.insert(CODE.to_owned(), hash);
        Some(code.grouped())
    }

    /// Opens a party's page; gives a session token, and the party's own code when the
    /// invitation was used just now.
    pub fn enter_party(
        &self,
        slug: &str,
        reference: &str,
        code: &str,
    ) -> Result<(String, Option<String>), ActError> {
        let slug: ProgramSlug = slug.parse().map_err(|_| ActError::NotFound)?;
        let reference: CaseRef = reference
            .trim()
            .to_uppercase()
            .parse()
            .map_err(|_| ActError::NotFound)?;
        let parsed: ReceiptCode = code.parse().map_err(|_| ActError::NotFound)?;
        let used = self.party_hash(&parsed);
        let case = self.store().find(&slug, &reference)?;
        let loaded = match case {
            Some(case) => self.load(&slug, &case)?,
            None => None,
        }
        .ok_or(ActError::NotFound)?;
        let party = loaded
            .state
            .parties
            .iter()
            .find(|p| p.code == used && p.removed.is_none())
            .ok_or(ActError::NotFound)?;
        let number = party.number;
        let fresh = if party.entered.is_none() {
            let own = ReceiptCode::from_bytes(random::bytes(self.entropy()));
            let code = self.party_hash(&own);
            let facts = CaseFacts::case(slug.clone(), loaded.case);
            let right = permit(&Principal::System, Action::Act("enter_party"), &facts)
                .ok_or(ActError::NotFound)?;
            self.act(&right, None, &|_, _| {
                Ok(vec![Command::EnterParty { number, used, code }])
            })?;
            Some(own.grouped())
        } else {
            None
        };
        let token = self.open_session(SessionKind::Party {
            program: slug,
            case: loaded.case,
            party: number,
        })?;
        Ok((token, fresh))
    }

    fn party_permit(&self, slug: &str, token: &str, action: Action) -> Result<Permit, ActError> {
        let (who, program, case) = self.party_of(slug, token)?;
        permit(&who, action, &CaseFacts::case(program, case)).ok_or(ActError::NotFound)
    }

    /// A party's page.
    pub fn party_room(&self, slug: &str, token: &str) -> Result<PartyRoomView, ActError> {
        let permit = self.party_permit(slug, token, Action::ReadCase)?;
        let loaded = self.loaded(&permit)?;
        let gathered = self.gather(&permit, &loaded)?;
        let context = self.context(&loaded, permit.actor())?;
        let sees = match permit.actor() {
            Actor::Party(number) => loaded.state.party_sees(number),
            _ => PartySees::Nothing,
        };
        let extra = PartyExtra {
            draft: if sees == PartySees::Content {
                self.draft_for_party(&loaded)?
            } else {
                None
            },
            advisory: self.published_of(&loaded)?,
            allowed: allowed(&loaded.state, &context),
        };
        build::build_party_room(&permit, &gathered.material(&loaded, self.now()), extra)
            .ok_or(ActError::NotFound)
    }

    /// A file of a message that the party reads: its harmless name and its bytes.
    pub fn party_file(
        &self,
        slug: &str,
        token: &str,
        file: &str,
    ) -> Result<(String, Vec<u8>), ActError> {
        let permit = self.party_permit(slug, token, Action::ReadFile)?;
        self.file_for(&permit, file)
    }

    /// Does an act of a party; gives a sentence that says what was done.
    pub fn party_act(&self, slug: &str, token: &str, act: ActInput) -> Result<String, ActError> {
        let name = known_act(&act.act).ok_or(ActError::NotFound)?;
        let permit = self.party_permit(slug, token, Action::Act(name))?;
        let Actor::Party(number) = permit.actor() else {
            return Err(ActError::NotFound);
        };
        let fields = Fields::new(act, self.parts.config.max_files_bytes)?;
        self.act(&permit, None, &|loaded, bodies| {
            Ok(vec![own(name, number, &fields, loaded, bodies)?])
        })?;
        Ok(match name {
            "answer_terms" => "Your answer is noted.",
            "say" => "Your message was sent to everyone on the case.",
            "party_status" => "Thank you. The project sees how your product stands.",
            "record_leak" => "Thank you for saying so. The project was told at once.",
            "propose_date" => "Your date was proposed to everybody who is asked.",
            "answer_date" => "Your answer about the date is noted.",
            "link_advisory" => "Thank you. Your advisory is linked.",
            _ => "Done.",
        }
        .to_owned())
    }
}

fn own(
    name: &str,
    number: u32,
    fields: &Fields,
    loaded: &Loaded,
    bodies: &Bodies<'_>,
) -> Result<Command, ActError> {
    Ok(match name {
        "propose_date" => Command::ProposeDate {
            at: fields.moment(&loaded.in_force.policy.calendar())?,
            reason: fields.text("reason", bodies)?,
            message: None,
        },
        "answer_date" => Command::AnswerDate(date_answer(fields, loaded, bodies)?),
        "leave_embargo" => Command::Aside(Aside::LeaveEmbargo {
            message: fields.need_message(bodies)?,
        }),
        "link_advisory" => Command::Aside(Aside::LinkAdvisory {
            number,
            link: link(fields)?,
        }),
        "say" => Command::Say {
            lane: Lane::Everyone,
            kind: MessageKind::Plain,
            message: fields.need_message(bodies)?,
        },
        "answer_terms" => Command::AnswerTerms {
            accepted: fields.choice(
                "answer",
                &[("accept", true), ("decline", false)],
                "Choose whether you take the terms.",
            )?,
        },
        "party_status" => status(number, fields)?,
        "record_leak" => Command::RecordLeak {
            party: Some(number),
            what: fields.need_text("what", "Say what leaked, to whom, and how.", bodies)?,
        },
        _ => return Err(ActError::NotFound),
    })
}

fn status(number: u32, fields: &Fields) -> Result<Command, ActError> {
    Ok(Command::PartyStatus {
        number,
        status: fields.choice(
            "status",
            &[
                ("unknown", PartyStatus::Unknown),
                ("affected", PartyStatus::Affected),
                ("not_affected", PartyStatus::NotAffected),
            ],
            "Choose how the product stands.",
        )?,
        fix: fields.choice(
            "fix",
            &[
                ("", VendorPath::Aware),
                ("none", VendorPath::Aware),
                ("ready", VendorPath::FixReady),
                ("deployed", VendorPath::FixDeployed),
            ],
            "Choose how far the fix is.",
        )?,
    })
}

/// The team's acts about parties; `None` for any other act.
pub(crate) fn of_team(
    name: &str,
    fields: &Fields,
    loaded: &Loaded,
    bodies: &Bodies<'_>,
) -> Result<Option<Command>, ActError> {
    let code = || {
        let hash = fields.get(CODE).parse::<Digest>();
        hash.map_err(|_| ActError::NotFound)
    };
    let number = || {
        let typed = fields.get("party").parse::<u32>().ok();
        typed
            .filter(|n| loaded.state.party(*n).is_some())
            .ok_or_else(|| field_error("party", "Choose the party."))
    };
    Ok(Some(match name {
        "invite_party" => Command::InviteParty(Box::new(invitation(fields, code()?, bodies)?)),
        "renew_invitation" => Command::RenewInvitation {
            number: number()?,
            code: code()?,
        },
        "party_status" => status(number()?, fields)?,
        "notify_party" => Command::NotifyParty { number: number()? },
        "record_leak" => Command::RecordLeak {
            party: if fields.get("party").is_empty() {
                None
            } else {
                Some(number()?)
            },
            what: fields.need_text("what", "Say what leaked, to whom, and how.", bodies)?,
        },
        "remove_party" => Command::RemoveParty {
            number: number()?,
            reason: fields.need_text("reason", "Say why it is left out.", bodies)?,
        },
        _ => return Ok(None),
    }))
}

fn invitation(fields: &Fields, code: Digest, bodies: &Bodies<'_>) -> Result<Invitation, ActError> {
    let name = fields
        .short("name")?
        .ok_or_else(|| field_error("name", "Type the name of the organisation."))?;
    let contact = fields.short("contact")?;
    if contact.as_deref().is_some_and(|c| !is_address(c)) {
        return Err(field_error(
            "contact",
            "This does not look like an e-mail address.",
        ));
    }
    Ok(Invitation {
        kind: fields.choice(
            "kind",
            &[
                ("vendor", PartyKind::Vendor),
                ("distributor", PartyKind::Distributor),
                ("coordinator", PartyKind::Coordinator),
            ],
            "Choose what this party is.",
        )?,
        name: bodies.raw_text(&name),
        contact: contact.map(|c| bodies.raw_text(&c)),
        terms: fields.need_text("terms", "Write down the terms.", bodies)?,
        code,
    })
}
