//! Mail that arrives at this server: a new report, an answer of a participant, a report on a
//! letter, or something a person has to look at.
//!
//! Invariants: a mail is answered for only after it is durable; a mail never proves who sent
//! it: an answer goes into a case only with the tail that was given to a participant and from
//! the address of that participant; nothing in a mail adds anybody to a case; at most one
//! automatic letter a day goes to an address (`budget`); no answer of any kind goes to mail
//! that a program wrote.
//!
//! Deliberately absent: talking to mail servers (`candor-mail`), opening encrypted mail (`pgp`).

pub(crate) mod held;
mod sort;
pub(crate) mod token;

use std::collections::BTreeMap;
use std::sync::Arc;

use candor_access::{Action, CaseFacts, Principal, permit};
use candor_base::{Digest, ProgramSlug};
use candor_case::{Command, Event, Lane, MailKind, MessageKind};
use candor_mime::{Incoming, read};
use candor_ports::{CourierError, Entry, Letter, LetterKind};

use self::sort::{Around, Why};
use self::token::{Found, Tag};
use crate::app::App;
use crate::budget::{Purse, Turn};
use crate::engine::Loaded;
use crate::fields::Fields;
use crate::input::{ActError, ActInput, Fault, FileInput};
use crate::intake::by_mail::{self, ByMail, MAIL_FILE};
use crate::pgp::mail_addresses;
use crate::random;

/// New cases of one program by mail within an hour; what is more waits for a look.
const REPORTS_AN_HOUR: u32 = 60;
/// Answers of one participant within an hour (M-6).
const ANSWERS_AN_HOUR: u32 = 10;
/// Seconds for which an answer that comes again is known.
const KNOWN: i64 = 30 * 86_400;

/// Which addresses mail is taken for, beside those that the policies name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailConfig {
    /// Mail is taken at all: letters then say where to answer.
    pub takes: bool,
    /// Address and program.
    pub addresses: BTreeMap<String, String>,
    /// The address whose tails are for answers; none: letters cannot be answered.
    pub answers: Option<String>,
    /// The host part of the address that letters come from.
    pub own_host: Option<String>,
    /// The name under which the site's mail server writes down its checks.
    pub checks_by: Option<String>,
}

/// A mail for one recipient.
#[derive(Clone, Copy)]
pub struct ArrivedMail<'a> {
    /// Whom it is for.
    pub to: &'a str,
    /// The sender in the envelope; `None`: nowhere.
    pub from: Option<&'a str>,
    /// As it came.
    pub bytes: &'a [u8],
}

impl std::fmt::Debug for ArrivedMail<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[mail of {} bytes]", self.bytes.len())
    }
}

/// What is said of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailAnswer {
    /// It is durable.
    Stored,
    /// Nobody has this address.
    NoSuchAddress,
    /// So many wait for a look that no more is kept now.
    Later,
}

/// Whose an address is.
enum Place {
    /// A program's.
    Program(ProgramSlug),
    /// A tail that this server made.
    Tail(Found),
    /// A tail that it did not make, at an address of this program.
    Foreign(ProgramSlug),
}

impl Place {
    const fn program(&self) -> &ProgramSlug {
        match self {
            Self::Program(program) | Self::Foreign(program) => program,
            Self::Tail(found) => &found.program,
        }
    }
}

fn folded(address: &str) -> String {
    address.trim().to_lowercase()
}

/// The part before `+`, the part after it, and the host.
fn pieces(address: &str) -> Option<(String, Option<String>, String)> {
    let folded = folded(address);
    let (local, host) = folded.rsplit_once('@')?;
    let (base, tail) = match local.split_once('+') {
        Some((base, tail)) => (base, Some(tail.to_owned())),
        None => (local, None),
    };
    Some((base.to_owned(), tail, host.to_owned()))
}

impl App {
    /// Whether mail for this address is taken. Nothing in the answer tells whether a case
    /// exists.
    pub fn takes_mail_for(&self, to: &str) -> Result<bool, Fault> {
        Ok(self.place(to)?.is_some())
    }

    /// Takes a mail; durable when it says so.
    pub fn take_mail(&self, mail: &ArrivedMail<'_>) -> Result<MailAnswer, Fault> {
        let Some(place) = self.place(mail.to)? else {
            return Ok(MailAnswer::NoSuchAddress);
        };
        let config = &self.parts.config.mail;
        let around = Around {
            from: mail.from.filter(|from| !from.trim().is_empty()),
            own_host: config.own_host.as_deref(),
            checks_by: config.checks_by.as_deref(),
        };
        let limits = by_mail::limits(self.parts.config.max_files_bytes, mail.bytes.len());
        let incoming = read(mail.bytes, &limits);
        let incoming = match incoming {
            Ok(incoming) => Ok(self.opened_mail(place.program(), incoming)?),
            Err(why) => Err(why.to_string()),
        };
        let (program, why) = match place {
            Place::Foreign(program) => (program, Some(Why::OldAddress)),
            Place::Tail(found) => {
                let why = match &incoming {
                    Ok(incoming) => self.by_tail(&found, incoming, mail, &around)?,
                    Err(_) => Some(Why::OtherSender),
                };
                (found.program, why)
            }
            Place::Program(program) => {
                let why = self.to_program(&program, &incoming, mail, &around)?;
                (program, why)
            }
        };
        match why {
            None => Ok(MailAnswer::Stored),
            Some(why) => self.hold(&program, why, incoming.as_ref().ok(), mail),
        }
    }

    fn place(&self, to: &str) -> Result<Option<Place>, Fault> {
        let Some((local, tail, host)) = pieces(to) else {
            return Ok(None);
        };
        let plain = format!("{local}@{host}");
        let program = self.program_at(&plain)?;
        let answers = self.parts.config.mail.answers.as_deref().map(folded);
        let tail =
            tail.filter(|tail| answers.as_ref() == Some(&plain) && token::looks_like_one(tail));
        let Some(tail) = tail else {
            return Ok(program.map(Place::Program));
        };
        match self.read_tail(&tail)? {
            Some(found) if !found.tag.is_over(self.now()) => Ok(Some(Place::Tail(found))),
            // The same for every tail that does not hold.
            _ => Ok(program.map(Place::Foreign)),
        }
    }

    /// The program that has an address: as configured, else as its policy in force says.
    fn program_at(&self, address: &str) -> Result<Option<ProgramSlug>, Fault> {
        let configured = &self.parts.config.mail.addresses;
        let found = configured
            .iter()
            .find(|(known, _)| folded(known) == address);
        if let Some((_, program)) = found {
            return Ok(self.known_program(program).ok().map(|(slug, _)| slug));
        }
        for record in self.store().programs()? {
            let in_force = self.policy_of(&record.slug, &record.policy)?;
            if mail_addresses(&in_force).any(|known| known == address) {
                return Ok(Some(record.slug));
            }
        }
        Ok(None)
    }

    /// A mail to the address of a program: a report, unless something speaks against it.
    fn to_program(
        &self,
        program: &ProgramSlug,
        incoming: &Result<Incoming, String>,
        mail: &ArrivedMail<'_>,
        around: &Around<'_>,
    ) -> Result<Option<Why>, Fault> {
        if let Ok(incoming) = incoming {
            if let Some(why) = sort::not_by_a_person(incoming, around) {
                return Ok(Some(why));
            }
            if sort::asks_for_key(incoming.subject.reveal())
                && let Some((armored, fingerprint)) = self.pgp_armored(program)?
            {
                let key = (armored, fingerprint);
                return self.give_key(program, key, incoming, around);
            }
            if sort::follows_ours(incoming, around)
                || self.names_a_case(program, incoming)?.is_some()
            {
                return Ok(Some(Why::KnownCase));
            }
        }
        if !self.within(
            "mail-reports",
            &[program.as_str().as_bytes()],
            REPORTS_AN_HOUR,
        )? {
            return Ok(Some(Why::TooMany));
        }
        let Ok((_, in_force)) = self.known_program(program.as_str()) else {
            return Err(Fault::inside("a program is gone"));
        };
        let answer = incoming
            .as_ref()
            .is_ok_and(|incoming| sort::may_be_answered(incoming, around));
        let by_mail = ByMail {
            read: incoming.as_ref().map_err(Clone::clone),
            raw: mail.bytes,
            from: around.from,
            answer,
        };
        match self.report_by_mail(program, &in_force, &by_mail)? {
            Ok(()) => Ok(None),
            Err(why) => {
                tracing::info!(%program, %why, "a mail became no case and waits for a look");
                Ok(Some(Why::NotTaken))
            }
        }
    }

    /// Answers somebody who asks for the key: no case, no clock, once a day and address.
    fn give_key(
        &self,
        program: &ProgramSlug,
        (armored, fingerprint): (String, String),
        incoming: &Incoming,
        around: &Around<'_>,
    ) -> Result<Option<Why>, Fault> {
        let sender =
            sort::only_sender(incoming).filter(|_| sort::may_be_answered(incoming, around));
        let Some(sender) = sender else {
            return Ok(Some(Why::OtherSender));
        };
        let now = self.now();
        let purse = Purse::of_address(self.vault(), sender, now);
        if self.letter_turn(purse, &MailKind::Receipt, now)? != Turn::Now {
            return Ok(None);
        }
        let letter = self.key_letter(program, (sender, armored, fingerprint))?;
        match self.parts.courier.deliver(&letter) {
            Ok(()) => Ok(None),
            Err(CourierError::Permanent { code }) => {
                tracing::warn!(%program, %code, "a letter with the key was refused");
                Ok(None)
            }
            Err(CourierError::Transient { code }) => {
                self.letter_not_sent(purse, &MailKind::Receipt, now);
                // The mail server comes back with the question.
                Err(Fault::inside(format!(
                    "a letter with the key waits: {code}"
                )))
            }
        }
    }

    fn key_letter(
        &self,
        program: &ProgramSlug,
        (to, armored, fingerprint): (&str, String, String),
    ) -> Result<Letter, Fault> {
        let record = self.program(program)?;
        let record = record.ok_or_else(|| Fault::inside("a program is gone"))?;
        let in_force = self.policy_of(program, &record.policy)?;
        let nonce = random::token(self.entropy());
        let key = self.letter_key(&format!("pgp-key-{program}-{nonce}"));
        Ok(self.house_letter(
            &in_force,
            (to.to_owned(), key),
            &format!("pgp-key-{program}-{to}"),
            LetterKind::PgpKey {
                armored,
                fingerprint,
            },
            None,
            format!("{}/", self.page_of(program)),
        ))
    }

    /// The case that a subject names, where there is one.
    pub(crate) fn names_a_case(
        &self,
        program: &ProgramSlug,
        mail: &Incoming,
    ) -> Result<Option<candor_base::CaseRef>, Fault> {
        let Some(reference) = sort::tag_of(mail.subject.reveal()) else {
            return Ok(None);
        };
        let known = self.store().find(program, &reference)?;
        Ok(known.map(|_| reference))
    }

    /// A mail with a tail that this server made.
    fn by_tail(
        &self,
        found: &Found,
        incoming: &Incoming,
        mail: &ArrivedMail<'_>,
        around: &Around<'_>,
    ) -> Result<Option<Why>, Fault> {
        if let Tag::Letter {
            seq,
            index,
            to,
            tells,
        } = found.tag
        {
            let key = format!("{}-{seq}-{index}-{to}", found.case);
            return self.bounced(found, (seq, &key), tells, incoming);
        }
        if let Some(why) = sort::not_by_a_person(incoming, around) {
            return Ok(Some(why));
        }
        let Some(loaded) = self.load(&found.program, &found.case)? else {
            return Ok(Some(Why::OldAddress));
        };
        let Some((who, lane, address)) = self.participant(found, &loaded)? else {
            return Ok(Some(Why::OldAddress));
        };
        let same = sort::only_sender(incoming).is_some_and(|s| sort::same_address(s, &address));
        if !same || sort::checked(incoming, around) == Some(false) {
            return Ok(Some(Why::OtherSender));
        }
        self.answer(found, &who, lane, incoming, mail)
    }

    /// Who answers, whom it reaches, and from which address; `None` for who left.
    fn participant(
        &self,
        found: &Found,
        loaded: &Loaded,
    ) -> Result<Option<(Principal, Lane, String)>, Fault> {
        let (program, case) = (found.program.clone(), found.case);
        match found.tag {
            Tag::Reporter { .. } => {
                let address = self.identity(loaded)?.email();
                Ok(address.map(|a| (Principal::Room { program, case }, Lane::Reporter, a)))
            }
            Tag::Party { number, .. } => {
                let party = loaded.state.party(number).filter(|p| p.removed.is_none());
                let Some(contact) = party.and_then(|p| p.invitation.contact.as_ref()) else {
                    return Ok(None);
                };
                let address = self.text(loaded, &contact.blob)?;
                let who = Principal::Party {
                    program,
                    case,
                    party: number,
                };
                Ok(Some((who, Lane::Everyone, address)))
            }
            Tag::Letter { .. } => Ok(None),
        }
    }

    /// An answer becomes a message of its participant, with the mail as it came.
    fn answer(
        &self,
        found: &Found,
        who: &Principal,
        lane: Lane,
        incoming: &Incoming,
        mail: &ArrivedMail<'_>,
    ) -> Result<Option<Why>, Fault> {
        let now = self.now();
        let case = found.case.as_bytes();
        let id = incoming.message_id.clone().unwrap_or_default();
        let digest = random::sha256(incoming.text.reveal().as_bytes());
        let parts: [&[u8]; 3] = [case, id.as_bytes(), digest.as_bytes()];
        let key = self.vault().derive("mail-known");
        let known = Digest::from_bytes(random::keyed(&key, &parts));
        if self.store().counted(&known, now)?.is_some() {
            return Ok(None);
        }
        let side = format!("{:?}", found.tag);
        if !self.within("mail-answers", &[case, side.as_bytes()], ANSWERS_AN_HOUR)? {
            tracing::warn!(case = %found.case, "a participant answers unusually often by mail");
            return Ok(Some(Why::TooMany));
        }
        let facts = CaseFacts::case(found.program.clone(), found.case);
        let Some(right) = permit(who, Action::Act("say"), &facts) else {
            return Ok(Some(Why::NotTaken));
        };
        let mut files = by_mail::files_of(incoming);
        files.push(FileInput {
            name: MAIL_FILE.to_owned(),
            bytes: mail.bytes.to_vec(),
        });
        let text = by_mail::text_of(incoming);
        let input = ActInput {
            act: "say".to_owned(),
            files,
            ..ActInput::default()
        };
        let Ok(fields) = Fields::new(input, self.parts.config.max_files_bytes) else {
            return Ok(Some(Why::NotTaken));
        };
        let said = self.act(&right, None, &|_, bodies| {
            let message = fields.message_of(&text, bodies)?;
            let kind = MessageKind::Plain;
            Ok(vec![Command::Say {
                lane,
                kind,
                message,
            }])
        });
        match said {
            Ok(_) => {
                let until = now.plus_seconds(KNOWN);
                let put = move |_: &[Option<String>]| Entry::Put("1".to_owned(), until);
                if let Err(why) = self.store().count(&[known], now, Arc::new(put)) {
                    // Sent again it would be a second message, not a lost one.
                    tracing::warn!(%why, "an answer by mail was not written down as known");
                }
                Ok(None)
            }
            Err(ActError::Fault(fault)) => Err(fault),
            Err(_) => Ok(Some(Why::NotTaken)),
        }
    }

    /// A report on a letter: the case learns that it did not arrive (M-7).
    fn bounced(
        &self,
        found: &Found,
        (seq, key): (u64, &str),
        tells: bool,
        incoming: &Incoming,
    ) -> Result<Option<Why>, Fault> {
        let Some(bounce) = &incoming.bounce else {
            return Ok(Some(Why::Automatic));
        };
        if !bounce.is_final() {
            // It is only late: another report says so if it never arrives.
            return Ok(None);
        }
        let Some(loaded) = self.load(&found.program, &found.case)? else {
            return Ok(Some(Why::OldAddress));
        };
        // A letter about a letter that failed: more of them would come back for ever.
        let about = loaded.events.iter().find(|recorded| recorded.seq == seq);
        if about.is_none_or(|recorded| matches!(recorded.event, Event::MailSettled { .. })) {
            return Ok(None);
        }
        let failed = bounce.recipients.iter().find(|r| r.failed);
        let code = failed.and_then(|r| r.status.clone());
        let plain = |code: &String| code.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let code = code.filter(plain).unwrap_or_else(|| "bounced".to_owned());
        let facts = CaseFacts::case(found.program.clone(), found.case);
        let right = permit(&Principal::System, Action::Act("mail_outcome"), &facts)
            .ok_or_else(|| Fault::inside("no permit for a mail outcome"))?;
        let command = Command::MailOutcome {
            key: key.to_owned(),
            delivered: false,
            code: Some(code),
            told: about.map(|recorded| recorded.at).filter(|_| tells),
        };
        match self.act(&right, None, &|_, _| Ok(vec![command.clone()])) {
            Err(ActError::Fault(fault)) => Err(fault),
            _ => Ok(None),
        }
    }
}
