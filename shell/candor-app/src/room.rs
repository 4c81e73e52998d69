//! The reporter's room: in by the receipt code, reading, acting.
//!
//! Invariants: the code is typed and posted, never part of a URL; a wrong code
//! and a code of another program have one answer; the reporter's view comes from
//! `candor-access` and nowhere else.

use candor_access::build::{self, RoomExtra, words};
use candor_access::view::RoomView;
use candor_access::{Action, CaseFacts, Permit, known_act, permit};
use candor_base::{CaseId, ProgramSlug, ReceiptCode, Refusal, RefusalCode};
use candor_case::{Aside, Command, CreditKind, CreditWish, DateAnswer, Lane, MessageKind, allowed};
use candor_policy::model::ContentKey;
use candor_ports::SessionKind;

use crate::app::App;
use crate::engine::Loaded;
use crate::fields::Fields;
use crate::input::{ActError, ActInput, Fault};
use crate::public_log::PublicLog;
use crate::random;
use crate::seal::{Bodies, field_error};

/// How a key begins that holds a receipt code; no token of a session can.
pub(crate) const BY_CODE: &str = "code:";

impl App {
    /// Opens a room with its receipt code; gives a session token.
    pub fn enter_room(&self, slug: &str, code: &str) -> Result<String, ActError> {
        let (program, case) = self.room_of(slug, code)?;
        Ok(self.open_session(SessionKind::Room { program, case })?)
    }

    /// What opens a room for one request that brings its receipt code along; to be given
    /// where the token of a session is.
    pub fn room_key(code: &str) -> String {
        format!("{BY_CODE}{code}")
    }

    /// The case of a receipt code.
    pub(crate) fn room_of(
        &self,
        slug: &str,
        code: &str,
    ) -> Result<(ProgramSlug, CaseId), ActError> {
        let slug: ProgramSlug = slug.parse().map_err(|_| ActError::NotFound)?;
        // A text that is no code is looked up all the same, as a code nobody has.
        let parsed = code
            .parse::<ReceiptCode>()
            .unwrap_or_else(|_| ReceiptCode::from_bytes(random::bytes(self.entropy())));
        let found = self.store().receipt(&self.code_hash(&parsed))?;
        found
            .filter(|(program, _)| *program == slug)
            .ok_or(ActError::NotFound)
    }

    fn room_permit(&self, slug: &str, token: &str, action: Action) -> Result<Permit, ActError> {
        let (who, program, case) = self.reporter(slug, token)?;
        permit(&who, action, &CaseFacts::case(program, case)).ok_or(ActError::NotFound)
    }

    /// The room.
    pub fn room(&self, slug: &str, token: &str) -> Result<RoomView, ActError> {
        let permit = self.room_permit(slug, token, Action::ReadCase)?;
        let loaded = self.loaded(&permit)?;
        let gathered = self.gather(&permit, &loaded)?;
        let context = self.context(&loaded, permit.actor())?;
        let extra = RoomExtra {
            draft: self.draft_for_reporter(&loaded)?,
            advisory: self.advisory_for_reporter(&loaded)?,
            receipt_note: self.store().receipt_note(&loaded.program, &loaded.case)?,
            logged: self.is_logged(&loaded)?,
            key: self
                .their_key(&loaded, &self.identity(&loaded)?)?
                .map(|key| key.view()),
            allowed: allowed(&loaded.state, &context),
        };
        build::build_room(&permit, &gathered.material(&loaded, self.now()), extra)
            .ok_or(ActError::NotFound)
    }

    /// Whether the receipt stands in the public log by now.
    fn is_logged(&self, loaded: &Loaded) -> Result<Option<bool>, Fault> {
        let proof = |log: &PublicLog| log.proof(&loaded.program, &loaded.case);
        let proof = self.public_log().map(proof).transpose()?;
        Ok(proof.map(|proof| proof.is_some()))
    }

    /// The proof that the receipt stands in the public log, and the reference of the case;
    /// `NotFound` until there is one.
    pub fn room_proof(&self, slug: &str, token: &str) -> Result<(String, String), ActError> {
        let permit = self.room_permit(slug, token, Action::ReadCase)?;
        let loaded = self.loaded(&permit)?;
        let log = self.public_log().ok_or(ActError::NotFound)?;
        let proof = log.proof(&loaded.program, &loaded.case)?;
        let reference = loaded.state.facts.reference.to_string();
        proof
            .map(|proof| (reference, proof))
            .ok_or(ActError::NotFound)
    }

    /// Does an act of the reporter; gives a sentence that says what was done.
    pub fn room_act(&self, slug: &str, token: &str, act: ActInput) -> Result<String, ActError> {
        let name = known_act(&act.act).ok_or(ActError::NotFound)?;
        let permit = self.room_permit(slug, token, Action::Act(name))?;
        let fields = Fields::new(act, self.parts.config.max_files_bytes)?;
        if name == "choose_key" && fields.get("letters") == "key" {
            self.chosen_key(fields.get("key"))?;
        }
        self.act(&permit, None, &|loaded, bodies| {
            Ok(vec![command(name, &fields, loaded, bodies)?])
        })?;
        self.link_after(name, &permit);
        Ok(self.with_doubt(said(name).to_owned()))
    }

    /// A file of the room: its harmless name and its bytes.
    pub fn room_file(
        &self,
        slug: &str,
        token: &str,
        file: &str,
    ) -> Result<(String, Vec<u8>), ActError> {
        let permit = self.room_permit(slug, token, Action::ReadFile)?;
        self.file_for(&permit, file)
    }
}

fn command(
    name: &str,
    fields: &Fields,
    loaded: &Loaded,
    bodies: &Bodies<'_>,
) -> Result<Command, ActError> {
    let calendar = loaded.in_force.policy.calendar();
    Ok(match name {
        "say" => Command::Say {
            lane: Lane::Reporter,
            kind: fields.choice(
                "kind",
                &[
                    ("", MessageKind::Plain),
                    ("plain", MessageKind::Plain),
                    ("draft_comment", MessageKind::DraftComment),
                ],
                "Choose what kind of message it is.",
            )?,
            message: fields.need_message(bodies)?,
        },
        "supply" => supply(fields, loaded, bodies)?,
        "choose_credit" => Command::ChooseCredit {
            wish: credit(fields, bodies)?,
            kind: credit_kind(fields, CreditKind::Reporter)?,
        },
        "propose_date" => Command::ProposeDate {
            at: fields.moment(&calendar)?,
            reason: fields.text("reason", bodies)?,
            message: fields.message(bodies)?,
        },
        "answer_date" => Command::AnswerDate(date_answer(fields, loaded, bodies)?),
        "object" => Command::Object {
            reason: fields.need_message(bodies)?,
        },
        "follow_up" => Command::FollowUp {
            message: fields.message(bodies)?,
        },
        "agree" => Command::Aside(Aside::Agree {
            matter: build::matter(fields.get("matter"))
                .ok_or_else(|| field_error("matter", "Choose what you agree to."))?,
            given: fields.choice(
                "answer",
                &[("yes", true), ("no", false)],
                "Choose yes or no.",
            )?,
        }),
        "choose_key" => {
            let encrypted = fields.choice(
                "letters",
                &[("key", true), ("plain", false)],
                "Choose whether letters to you are encrypted.",
            )?;
            let key = encrypted.then(|| bodies.raw_text(fields.get("key")));
            Command::Aside(Aside::ChooseKey { key })
        }
        "leave_embargo" => Command::Aside(Aside::LeaveEmbargo {
            message: fields.need_message(bodies)?,
        }),
        "withdraw" => Command::Withdraw {
            message: fields.message(bodies)?,
        },
        _ => return Err(ActError::NotFound),
    })
}

/// The answer to an open proposal of a date; the same words on both sides.
pub(crate) fn date_answer(
    fields: &Fields,
    loaded: &Loaded,
    bodies: &Bodies<'_>,
) -> Result<DateAnswer, ActError> {
    match fields.get("answer") {
        "accept" => {
            same_proposal(fields, loaded)?;
            Ok(DateAnswer::Accept)
        }
        "counter" => Ok(DateAnswer::Counter {
            at: fields.moment(&loaded.in_force.policy.calendar())?,
            reason: fields.text("reason", bodies)?,
        }),
        "decline" => Ok(DateAnswer::Decline {
            reason: fields.text("reason", bodies)?,
        }),
        _ => Err(field_error(
            "answer",
            "Choose whether to accept the date, to propose another, or to decline.",
        )),
    }
}

/// Nobody is bound to a date that was not on their page: an agreement names the
/// instant that was read, in seconds since 1970.
fn same_proposal(fields: &Fields, loaded: &Loaded) -> Result<(), ActError> {
    let standing = loaded.state.embargo.proposal.as_ref();
    let standing = standing.map(|p| p.at.unix().to_string());
    if standing.is_none_or(|at| at == fields.get("proposal")) {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::Conflict,
        "This is not the date that is proposed now. You agreed to nothing yet.",
    )
    .instead("look at the date that is proposed now, then answer again")
    .into())
}

/// For what somebody is thanked; this one where nothing is chosen.
pub(crate) fn credit_kind(fields: &Fields, otherwise: CreditKind) -> Result<CreditKind, ActError> {
    let choices: Vec<(&str, CreditKind)> = std::iter::once(("", otherwise))
        .chain(CreditKind::ALL)
        .collect();
    fields.choice("credit_kind", &choices, "Choose for what.")
}

fn credit(fields: &Fields, bodies: &Bodies<'_>) -> Result<CreditWish, ActError> {
    match fields.get("credit") {
        "anonymous" => Ok(CreditWish::Anonymous),
        "named" => {
            let name = fields.short("credit_name")?.ok_or_else(|| {
                field_error("credit_name", "Type the name or handle to be thanked by.")
            })?;
            Ok(CreditWish::Named(bodies.raw_text(&name)))
        }
        _ => Err(field_error(
            "credit",
            "Choose whether you want to be named or to stay anonymous.",
        )),
    }
}

/// What the reporter supplies: each field by its name, and files.
fn supply(fields: &Fields, loaded: &Loaded, bodies: &Bodies<'_>) -> Result<Command, ActError> {
    let policy = &loaded.in_force.policy;
    let state = &loaded.state;
    let mut items = std::collections::BTreeSet::new();
    let mut parts = Vec::new();
    for name in fields.names() {
        let Some(key) = words::content_key(name).filter(|_| !fields.get(name).is_empty()) else {
            continue;
        };
        items.insert(key);
        let label = words::content_label(policy, key);
        parts.push(format!("{label}:\n{}", fields.get(name)));
    }
    if fields.has_files() {
        // A file answers what a file can be (S3-05).
        let by_file = [ContentKey::Evidence, ContentKey::ProofOfConcept];
        let wanted = by_file
            .into_iter()
            .filter(|key| state.asked.contains(key) || state.missing.contains(key));
        items.extend(wanted);
    }
    if !fields.get("message").is_empty() {
        parts.push(fields.get("message").to_owned());
    }
    if parts.is_empty() {
        if !fields.has_files() {
            return Err(field_error(
                "message",
                "Please write an answer or attach a file.",
            ));
        }
        parts.push("(files)".to_owned());
    }
    Ok(Command::Supply {
        items,
        message: fields.message_of(&parts.join("\n\n"), bodies)?,
    })
}

fn said(act: &str) -> &'static str {
    match act {
        "say" => "Your message was sent.",
        "supply" => "Thank you. Your answer was added to the report.",
        "choose_credit" => "Your wish about credit is noted.",
        "propose_date" => "Your date was proposed to the team and to everybody who is asked.",
        "answer_date" => "Your answer about the date is noted.",
        "object" => "Your objection is recorded. Somebody will decide on it.",
        "follow_up" => "Your follow-up went to the whole team.",
        "agree" => "Your answer is noted. Thank you.",
        "leave_embargo" => "Noted: you keep the embargo no longer. The case stays open.",
        "choose_key" => "Noted. It holds for every letter from now on.",
        "withdraw" => "Your report is withdrawn.",
        _ => "Done.",
    }
}
