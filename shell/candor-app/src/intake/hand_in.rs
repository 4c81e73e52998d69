//! Handing in a report that reached the team otherwise: by mail, on a forge, by phone
//! (S4-08).
//!
//! Invariants: whoever hands in works in the program; clocks run from the first time of
//! receipt, not from the entry; the words are those of the reporter, kept as typed, and
//! the original message lies with them as a file; a receipt goes to the reporter where an
//! address is known.

use std::collections::BTreeMap;

use candor_access::view::{HandInView, ReceiptView};
use candor_access::{Action, Permit};
use candor_base::{Instant, ProgramSlug};
use candor_calendar::WorkCalendar;
use candor_case::{IntakeChannel, OLDEST_FIRST_RECEIPT_DAYS};

use super::by_mail::MAIL_FILE;
use super::{Source, from_mail, read};
use crate::app::{App, program_card};
use crate::input::{ActError, FileInput, ReportInput};
use crate::random;
use crate::seal::field_error;
use crate::times;

/// On which way it came.
const WAYS: [&str; 5] = ["mail", "forwarded", "github", "phone", "other"];

impl App {
    /// The form for handing in.
    pub fn hand_in_form(&self, token: &str, slug: &str) -> Result<HandInView, ActError> {
        let (_, slug, _) = self.staff_in(token, slug, Action::HandIn)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        Ok(HandInView {
            program: program_card(&slug, &in_force),
            nonce: random::token(self.entropy()),
            zone: in_force.policy.calendar().zone.name().to_owned(),
            max_files_bytes: self.parts.config.max_files_bytes,
        })
    }

    /// Hands it in. Fields: those of a report, and `came_by` (mail, forwarded, github,
    /// phone, other), `received_date`, `received_time`. Where a mail (`.eml`) is among the
    /// files, what was left open is taken from it.
    pub fn hand_in(
        &self,
        token: &str,
        slug: &str,
        input: ReportInput,
    ) -> Result<ReceiptView, ActError> {
        let (_, slug, right) = self.staff_in(token, slug, Action::HandIn)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let mut typed = input.fields;
        let mut files = read::attached(input.files);
        let max_files = self.parts.config.max_files_bytes;
        self.open_sent(&slug, &mut typed, &mut files)?;
        let unseal = |mail| self.opened_mail(&slug, mail);
        let said = from_mail::fill(&mut typed, &mut files, max_files, &unseal)?;
        let first = first_receipt(&mut typed, &in_force.policy.calendar(), said)?;
        if first > self.now() {
            return Err(field_error(
                "received_date",
                "This lies in the future. When did it first reach somebody of the team?".to_owned(),
            ));
        }
        if first < self.now().plus_seconds(-OLDEST_FIRST_RECEIPT_DAYS * 86_400) {
            return Err(field_error(
                "received_date",
                "This lies more than five years back. Is the year right?".to_owned(),
            ));
        }
        let way = typed.get("came_by").map_or("", |t| t.trim());
        if !WAYS.contains(&way) {
            return Err(field_error(
                "came_by",
                "Say on which way it came.".to_owned(),
            ));
        }
        self.key_along(&mut typed, &files);
        let envelope = read::envelope(&typed, files, IntakeChannel::HandedIn, max_files)
            .map_err(ActError::Fields)?;
        let source = Source {
            actor: right.actor(),
            first_received: Some(first),
            keep_code: false,
        };
        Ok(self.take_in(&slug, &in_force, &envelope, source)?)
    }
}

impl App {
    /// Hands in a mail that waited for a look; it first reached the team when it came.
    pub(crate) fn hand_in_mail(
        &self,
        slug: &ProgramSlug,
        right: &Permit,
        mut typed: BTreeMap<String, String>,
        raw: Vec<u8>,
        came: Instant,
    ) -> Result<ReceiptView, ActError> {
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let max_files = self.parts.config.max_files_bytes;
        let mut files = vec![FileInput {
            name: MAIL_FILE.to_owned(),
            bytes: raw,
        }];
        let unseal = |mail| self.opened_mail(&slug, mail);
        match from_mail::fill(&mut typed, &mut files, max_files, &unseal) {
            Ok(_) => {}
            Err(ActError::Fault(fault)) => return Err(fault.into()),
            Err(_) => {
                let words = "This mail cannot be read. It lies with the report as it came.";
                typed.insert("description".to_owned(), words.to_owned());
            }
        }
        let nothing = |name: &str| typed.get(name).is_none_or(|t| t.trim().is_empty());
        if nothing("summary") && nothing("description") {
            let words = "(The mail has no text. What it holds lies with it.)";
            typed.insert("description".to_owned(), words.to_owned());
        }
        self.key_along(&mut typed, &files);
        let envelope = read::envelope(&typed, files, IntakeChannel::HandedIn, max_files)
            .map_err(ActError::Fields)?;
        let source = Source {
            actor: right.actor(),
            first_received: Some(came),
            keep_code: envelope.identity.email().is_some(),
        };
        Ok(self.take_in(&slug, &in_force, &envelope, source)?)
    }
}

/// When it first reached somebody, taken out of what was typed: it is no part of the
/// report's words. Where nothing was typed, what the mail says.
fn first_receipt(
    typed: &mut BTreeMap<String, String>,
    calendar: &WorkCalendar,
    said: Option<Instant>,
) -> Result<Instant, ActError> {
    let mut take = |name: &str| typed.remove(name).unwrap_or_default();
    let (date, time) = (take("received_date"), take("received_time"));
    if let Some(said) = said.filter(|_| date.trim().is_empty() && time.trim().is_empty()) {
        return Ok(said);
    }
    if date.trim().is_empty() {
        return Err(field_error(
            "received_date",
            "Say when it first reached somebody of the team: the clocks count from then."
                .to_owned(),
        ));
    }
    times::typed(&date, &time, calendar).map_err(|why| field_error("received_date", why))
}
