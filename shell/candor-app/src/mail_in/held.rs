//! Mail that waits for a person: what the list shows, and what becomes of it.
//!
//! Invariants: somebody who may hand in reports sees it, and nobody else; a mail that becomes
//! a report does so with the time at which it came; whatever is chosen is done before the mail
//! counts as settled, and done once; what is kept of a mail is sealed.

use std::collections::BTreeMap;

use candor_access::Action;
use candor_access::view::{HeldMailLine, HeldMailsView};
use candor_base::{BlobId, ProgramSlug};
use candor_calendar::show;
use candor_case::{Command, Lane, MessageKind};
use candor_mime::{Incoming, read};
use candor_ports::{HeldMail, Kept, LetterKind, ProgramRecord, Role};
use serde::{Deserialize, Serialize};

use super::sort::{self, Why};
use super::{ArrivedMail, MailAnswer};
use crate::app::{App, program_card};
use crate::fields::Fields;
use crate::input::{ActError, ActInput, Fault, FileInput};
use crate::intake::by_mail::{self, MAIL_FILE};
use crate::random;
use crate::seal::field_error;

/// Mails of one program that wait at the same time; then the mail server is asked to come back.
const MOST_WAITING: u32 = 500;
/// Lines of the page.
const SHOWN: u32 = 100;
/// Letters of the text that the page shows.
const PREVIEW: usize = 3_000;
/// Kept of a mail that lies in a case.
const IN_CASE: &[u8] = b"This mail lies in its case, and nowhere else.\n";
/// Days for which a settled mail is kept.
const KEPT_DAYS: i64 = 90;

/// What the list shows of a mail. Its shape is stored: fields are only ever added.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Head {
    why: String,
    from: String,
    subject: String,
    text: String,
    /// The case that its subject names.
    case: Option<String>,
    /// What became of it, who said so, and of which case it is now.
    #[serde(default)]
    settled: Option<(String, candor_base::AccountId, Option<String>)>,
}

fn context(part: &str, id: &BlobId) -> String {
    format!("held-mail/{part}/{id}")
}

impl App {
    /// Keeps a mail for a person.
    pub(super) fn hold(
        &self,
        program: &ProgramSlug,
        why: Why,
        incoming: Option<&Incoming>,
        mail: &ArrivedMail<'_>,
    ) -> Result<MailAnswer, Fault> {
        let id = self.held_id(program, incoming, mail);
        let from = incoming.map(|m| {
            let all: Vec<&str> = m.from.iter().take(5).map(|f| f.address.as_str()).collect();
            all.join(", ")
        });
        let case = match incoming {
            Some(incoming) => self.names_a_case(program, incoming)?,
            None => None,
        };
        let head = Head {
            why: why.word().to_owned(),
            from: from.unwrap_or_else(|| mail.from.unwrap_or_default().chars().take(254).collect()),
            subject: incoming.map_or_else(String::new, |m| m.subject.reveal().clone()),
            text: incoming.map_or_else(String::new, |m| {
                by_mail::text_of(m).chars().take(PREVIEW).collect()
            }),
            case: case.map(|c| c.to_string()),
            settled: None,
        };
        let kept = self.store().hold_mail(
            HeldMail {
                id,
                program: program.clone(),
                received: self.now(),
                settled: None,
                head: self.sealed_head(&id, &head)?,
                mail: self.vault().seal(&context("mail", &id), mail.bytes),
            },
            MOST_WAITING,
        )?;
        Ok(match kept {
            Kept::New | Kept::Known => MailAnswer::Stored,
            Kept::Full => {
                tracing::warn!(%program, "too many mails wait for a look: the mail server is asked to come back");
                MailAnswer::Later
            }
        })
    }

    /// The same mail to the same program has the same id.
    fn held_id(
        &self,
        program: &ProgramSlug,
        incoming: Option<&Incoming>,
        mail: &ArrivedMail<'_>,
    ) -> BlobId {
        let id = incoming
            .and_then(|m| m.message_id.clone())
            .unwrap_or_default();
        let text = incoming.map_or(mail.bytes, |m| m.text.reveal().as_bytes());
        let digest = random::sha256(text);
        let key = self.vault().derive("held-mail");
        let parts: [&[u8]; 4] = [
            program.as_str().as_bytes(),
            mail.to.as_bytes(),
            id.as_bytes(),
            digest.as_bytes(),
        ];
        BlobId::from_bytes(random::head(&random::keyed(&key, &parts)))
    }

    fn sealed_head(&self, id: &BlobId, head: &Head) -> Result<Vec<u8>, Fault> {
        let json = serde_json::to_vec(head).map_err(|e| Fault::inside(e.to_string()))?;
        Ok(self.vault().seal(&context("head", id), &json))
    }

    fn opened_head(&self, mail: &HeldMail) -> Result<Head, Fault> {
        let plain = self.vault().open(&context("head", &mail.id), &mail.head);
        let head = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
        head.ok_or_else(|| Fault::inside("a mail that waits does not open"))
    }

    /// How many mails of a program wait for a look.
    pub(crate) fn mails_waiting(&self, program: &ProgramSlug) -> Result<u32, Fault> {
        Ok(self.store().waiting_mails(program)?)
    }

    /// Forgets mails that were settled long ago, and writes to the owners, once a day at
    /// most, about those that wait.
    pub(crate) fn see_to_held_mails(&self) -> Result<(), Fault> {
        let now = self.now();
        self.store()
            .sweep_mails(now.plus_seconds(-KEPT_DAYS * 86_400))?;
        for record in self.store().programs()? {
            let waiting = self.mails_waiting(&record.slug)?;
            if waiting > 0 {
                self.write_of_held_mails(&record, waiting)?;
            }
        }
        Ok(())
    }

    fn write_of_held_mails(&self, record: &ProgramRecord, mails: u32) -> Result<(), Fault> {
        let slug = &record.slug;
        let in_force = self.policy_of(slug, &record.policy)?;
        let today = in_force.policy.calendar().local_date(self.now());
        for account in self.team_of(slug)? {
            let owner = |(p, role): &(ProgramSlug, Role)| p == slug && *role == Role::Owner;
            let Some(address) = account.email.filter(|_| account.roles.iter().any(owner)) else {
                continue;
            };
            let key = self.letter_key(&format!("held-mail-{slug}-{today}-{}", account.id));
            // One line a person, written anew each day.
            let done = format!("held-mail-letter/{slug}/{}", account.id);
            if self.store().setting(&done)?.as_deref() == Some(key.as_str()) {
                continue;
            }
            self.store().put_setting(&done, None)?;
            let mark = key.clone();
            let letter = || {
                self.house_letter(
                    &in_force,
                    (address, key),
                    &format!("held-mail-{slug}"),
                    LetterKind::MailWaits { mails },
                    None,
                    format!("{}/desk/p/{slug}/mail", self.parts.config.public_url),
                )
            };
            self.letter_once(slug, (&done, &mark), letter)?;
        }
        Ok(())
    }

    /// The mails that wait, and those that were settled lately.
    pub fn held_mails(&self, token: &str, slug: &str) -> Result<HeldMailsView, ActError> {
        let (_, slug, _) = self.staff_in(token, slug, Action::HandIn)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let names = self.names()?;
        let calendar = in_force.policy.calendar();
        let mut view = HeldMailsView {
            program: program_card(&slug, &in_force),
            waiting: Vec::new(),
            settled: Vec::new(),
        };
        for mail in self.store().held_mails(&slug, SHOWN)? {
            // One that is damaged must not hide all others.
            let head = match self.opened_head(&mail) {
                Ok(head) => head,
                Err(fault) => {
                    tracing::error!(why = %fault.operator, id = %mail.id, "a line of the list is left out");
                    continue;
                }
            };
            let why = Why::read(&head.why).map_or("", Why::sentence);
            let became = head.settled.map(|(what, by, case)| {
                let who = names.get(&by).map_or("somebody who left", String::as_str);
                let what = match what.as_str() {
                    "report" => "It became a report",
                    "attach" => "It was put into a case",
                    "enquiry" => "An enquiry, answered",
                    _ => "Junk",
                };
                let case = case.map_or_else(String::new, |case| format!(" ({case})"));
                format!("{what}{case}: {who}")
            });
            let line = HeldMailLine {
                id: mail.id.to_string(),
                received: show(mail.received, &calendar),
                from: head.from,
                subject: head.subject,
                text: head.text,
                why: why.to_owned(),
                case: head.case,
                became,
            };
            if line.became.is_none() {
                view.waiting.push(line);
            } else {
                view.settled.push(line);
            }
        }
        Ok(view)
    }

    fn held(
        &self,
        token: &str,
        slug: &str,
        id: &str,
    ) -> Result<(crate::staff::session::StaffSession, HeldMail), ActError> {
        let (staff, slug, _) = self.staff_in(token, slug, Action::HandIn)?;
        let id: BlobId = id.parse().map_err(|_| ActError::NotFound)?;
        let mail = self.store().held_mail(&slug, &id)?;
        Ok((staff, mail.ok_or(ActError::NotFound)?))
    }

    fn raw_of(&self, mail: &HeldMail) -> Result<Vec<u8>, Fault> {
        let raw = self.vault().open(&context("mail", &mail.id), &mail.mail);
        raw.ok_or_else(|| Fault::inside("a mail that waits does not open"))
    }

    /// A mail that waits, as it came.
    pub fn held_mail(&self, token: &str, slug: &str, id: &str) -> Result<Vec<u8>, ActError> {
        let (_, mail) = self.held(token, slug, id)?;
        Ok(self.raw_of(&mail)?)
    }

    /// Says what a mail is: `report`, `attach` (to the case of that reference), `enquiry` or
    /// `junk`. Gives a sentence that says what was done.
    pub fn settle_mail(
        &self,
        token: &str,
        slug: &str,
        id: &str,
        (what, reference): (&str, &str),
    ) -> Result<String, ActError> {
        let (staff, mail) = self.held(token, slug, id)?;
        if mail.settled.is_some() {
            return Ok("Somebody said before what this mail is. Nothing was changed.".to_owned());
        }
        let (case, words) = match what {
            "report" => {
                let case = self.held_to_report(&staff, &mail)?;
                let words = format!("It is the report {case} now, received when the mail came.");
                (Some(case), words)
            }
            "attach" => {
                let case = self.held_to_case(&staff, &mail, reference)?;
                let words = format!("It lies in {case}, where the team reads it.");
                (Some(case), words)
            }
            "enquiry" => (None, "Filed as an enquiry: no case was opened.".to_owned()),
            "junk" => (None, "Put away as junk.".to_owned()),
            _ => return Err(field_error("what", "Choose what this mail is.")),
        };
        let mut head = self.opened_head(&mail)?;
        let mut instead = None;
        if case.is_some() {
            // It lies in the case now, and goes with it when that is erased.
            head.from.clear();
            "(in its case)".clone_into(&mut head.subject);
            head.text.clear();
            instead = Some(self.vault().seal(&context("mail", &mail.id), IN_CASE));
        }
        head.settled = Some((what.to_owned(), staff.account.id, case));
        let head = self.sealed_head(&mail.id, &head)?;
        self.store()
            .settle_mail(&mail.program, &mail.id, self.now(), head, instead)?;
        tracing::info!(what, by = %staff.account.id, "a mail that waited was settled");
        Ok(words)
    }

    fn held_to_report(
        &self,
        staff: &crate::staff::session::StaffSession,
        mail: &HeldMail,
    ) -> Result<String, ActError> {
        let right = staff.may(Action::HandIn, &mail.program)?;
        let raw = self.raw_of(mail)?;
        let key = self.vault().derive("held-mail-nonce");
        let nonce = random::keyed_token(&key, &[mail.id.as_bytes()]);
        let typed = BTreeMap::from([
            ("came_by".to_owned(), "mail".to_owned()),
            ("nonce".to_owned(), nonce),
        ]);
        let receipt = self.hand_in_mail(&mail.program, &right, typed, raw, mail.received)?;
        Ok(receipt.reference)
    }

    fn held_to_case(
        &self,
        staff: &crate::staff::session::StaffSession,
        mail: &HeldMail,
        reference: &str,
    ) -> Result<String, ActError> {
        let unknown = |error| match error {
            ActError::NotFound => field_error(
                "case",
                "There is no such case in this program. Type its number, such as TDX-7K3F-9QMA.",
            ),
            other => other,
        };
        let reference = reference.trim().to_uppercase();
        let slug = mail.program.as_str();
        let right = self
            .case_for(staff, slug, &reference, Action::Act("say"))
            .map_err(unknown)?;
        let raw = self.raw_of(mail)?;
        let head = self.opened_head(mail)?;
        let limits = by_mail::limits(self.parts.config.max_files_bytes, raw.len());
        let incoming = read(&raw, &limits).ok();
        let text = incoming.as_ref().map(by_mail::text_of).unwrap_or_default();
        let sender = incoming.as_ref().and_then(sort::only_sender);
        let text = format!(
            "A mail that says it is from {}, and that did not come to an answer address. Whether \
             that is so is for you to judge.\n\nSubject: {}\n\n{text}",
            sender.unwrap_or(&head.from),
            head.subject
        );
        let text: String = text.chars().take(candor_base::Body::MAX).collect();
        let mut files = incoming.as_ref().map(by_mail::files_of).unwrap_or_default();
        files.push(FileInput {
            name: MAIL_FILE.to_owned(),
            bytes: raw,
        });
        let input = ActInput {
            act: "say".to_owned(),
            files,
            ..ActInput::default()
        };
        let fields = Fields::new(input, self.parts.config.max_files_bytes)?;
        self.act(&right, None, &|_, bodies| {
            Ok(vec![Command::Say {
                lane: Lane::Team,
                kind: MessageKind::Plain,
                message: fields.message_of(&text, bodies)?,
            }])
        })?;
        Ok(reference)
    }
}
