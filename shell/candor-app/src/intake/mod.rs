//! Taking in a report: form, submission, receipt.
//!
//! Invariants: a report is stored, sealed and durable before anything judges it;
//! nothing that is missing by the policy keeps it out; the same submission twice
//! is one case, and both times the same receipt is shown.

pub(crate) mod by_mail;
mod facts;
mod from_github;
mod from_mail;
mod hand_in;
pub(crate) mod read;
mod receipt;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use candor_access::build::{self, FormState};
use candor_access::view::{FieldError, ReceiptView, ReportFormView};
use candor_base::{CaseId, CaseRef, Digest, Instant, ProgramSlug, ReceiptCode};
use candor_case::{Actor, CaseState, Command, IntakeChannel};
use candor_ledger::{Leaf, LeafInput, Salt};
use candor_ports::NewReceipt;

use crate::app::{App, program_card};
use crate::engine::{OpenError, Opening};
use crate::input::{ActError, Fault, ReportInput, SubmitError, Via};
use crate::intake::read::Envelope;
use crate::programs::InForce;
use crate::random;
use crate::report::FiledReport;
use crate::seal::{Bodies, field_error};

/// How often another reference is drawn when one is taken already.
const TRIES: u32 = 4;

/// Who brings a report, and when it first reached somebody of the team.
#[derive(Debug, Clone, Copy)]
struct Source {
    actor: Actor,
    first_received: Option<Instant>,
    /// The code waits for the first letter: no page shows it to the reporter.
    keep_code: bool,
}

/// Why an envelope became no case.
enum NotTaken {
    /// The domain says no; for the person.
    Refused(String),
    /// Something broke.
    Fault(Fault),
}

impl From<Fault> for NotTaken {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<NotTaken> for ActError {
    fn from(why: NotTaken) -> Self {
        match why {
            NotTaken::Refused(message) => field_error("", message),
            NotTaken::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// The ids of a report, drawn before it is sealed.
struct Ids {
    case: CaseId,
    reference: CaseRef,
    salt: Salt,
}

impl App {
    /// The empty report form.
    pub fn report_form(&self, slug: &str) -> Result<ReportFormView, ActError> {
        let (slug, in_force) = self.known_program(slug)?;
        let state = FormState {
            nonce: random::token(self.entropy()),
            ..FormState::default()
        };
        let mut form = self.form_view(&slug, &in_force, state);
        form.channels = self.channels_now(&slug, &in_force.policy, form.channels)?;
        Ok(form)
    }

    fn form_view(
        &self,
        slug: &ProgramSlug,
        in_force: &InForce,
        state: FormState,
    ) -> ReportFormView {
        build::report_form(
            &in_force.policy,
            &program_card(slug, in_force),
            self.parts.config.max_files_bytes,
            state,
        )
    }

    /// Stores a report and answers with its receipt.
    pub fn submit_report(
        &self,
        slug: &str,
        input: ReportInput,
    ) -> Result<ReceiptView, SubmitError> {
        let (slug, in_force) = self.known_program(slug).map_err(|e| match e {
            ActError::Fault(fault) => SubmitError::Fault(fault),
            _ => SubmitError::NotFound,
        })?;
        let channel = match input.via {
            Via::Form => IntakeChannel::Form,
            Via::Cli => IntakeChannel::Cli,
            Via::Api => IntakeChannel::Api,
        };
        let typed = input.fields;
        let mut files = read::attached(input.files);
        let had_files = !files.is_empty();
        let form = |errors| self.form_again(&slug, &in_force, &typed, had_files, errors);
        let again = |errors| SubmitError::Form(form(errors));
        let max_files = self.parts.config.max_files_bytes;
        let mut opened = typed.clone();
        self.open_sent(&slug, &mut opened, &mut files)
            .map_err(|fault| SubmitError::NotStored(form(vec![not_stored(&fault)])))?;
        if let Some(wrong) = self.wrong_key(&opened) {
            return Err(again(vec![wrong]));
        }
        let envelope = read::envelope(&opened, files, channel, max_files).map_err(again)?;
        let source = Source {
            actor: Actor::System,
            first_received: None,
            keep_code: false,
        };
        self.take_in(&slug, &in_force, &envelope, source)
            .map_err(|why| match why {
                NotTaken::Refused(message) => again(vec![FieldError {
                    field: String::new(),
                    message,
                }]),
                NotTaken::Fault(fault) => SubmitError::NotStored(form(vec![not_stored(&fault)])),
            })
    }

    /// Stores an envelope as a case, once however often it is sent.
    fn take_in(
        &self,
        slug: &ProgramSlug,
        in_force: &InForce,
        envelope: &Envelope,
        source: Source,
    ) -> Result<ReceiptView, NotTaken> {
        let code = self.code_of(slug, envelope);
        let code_hash = self.code_hash(&code);
        if let Some(known) = self.same_again(slug, &code, &code_hash)? {
            return Ok(known);
        }
        for _ in 0..TRIES {
            let ids = self.draw_ids(slug)?;
            if source.keep_code {
                self.keep_mail_code(ids.case, &code)?;
            }
            let opened = self.open_report(slug, in_force, envelope, &ids, code_hash, source);
            if source.keep_code && opened.is_err() {
                self.drop_mail_code(ids.case)?;
            }
            match opened {
                Ok((state, note)) => {
                    return Ok(self.receipt_view(slug, in_force, &state, &code, note));
                }
                Err(OpenError::Exists) => {
                    if let Some(known) = self.same_again(slug, &code, &code_hash)? {
                        return Ok(known);
                    }
                }
                Err(OpenError::Refused(no)) => return Err(NotTaken::Refused(no.message)),
                Err(OpenError::Fault(fault)) => return Err(NotTaken::Fault(fault)),
            }
        }
        Err(NotTaken::Fault(Fault::inside(
            "no free case reference was found",
        )))
    }

    /// The form with everything that was typed; files cannot be kept by a browser.
    fn form_again(
        &self,
        slug: &ProgramSlug,
        in_force: &InForce,
        typed: &BTreeMap<String, String>,
        had_files: bool,
        errors: Vec<FieldError>,
    ) -> Box<ReportFormView> {
        let nonce = typed.get("nonce").filter(|n| random::is_token(n));
        let state = FormState {
            nonce: nonce
                .cloned()
                .unwrap_or_else(|| random::token(self.entropy())),
            values: typed.clone(),
            errors,
            attach_again: had_files,
        };
        Box::new(self.form_view(slug, in_force, state))
    }

    /// The receipt code follows from the form's nonce and the content, so that the
    /// same submission has the same code, and other content a code of its own.
    fn code_of(&self, slug: &ProgramSlug, envelope: &Envelope) -> ReceiptCode {
        let fresh = random::token(self.entropy());
        let nonce = envelope.nonce.as_deref().unwrap_or(&fresh);
        let key = self.vault().derive("receipt-code");
        let parts: [&[u8]; 3] = [
            slug.as_str().as_bytes(),
            nonce.as_bytes(),
            envelope.content.as_bytes(),
        ];
        ReceiptCode::from_bytes(random::head(&random::keyed(&key, &parts)))
    }

    /// What is stored of a code.
    pub(crate) fn code_hash(&self, code: &ReceiptCode) -> Digest {
        let key = self.vault().derive("receipt-hash");
        Digest::from_bytes(random::keyed(&key, &[code.letters().as_bytes()]))
    }

    /// The receipt of an earlier submission of the very same.
    fn same_again(
        &self,
        slug: &ProgramSlug,
        code: &ReceiptCode,
        code_hash: &Digest,
    ) -> Result<Option<ReceiptView>, Fault> {
        let Some((program, case)) = self.store().receipt(code_hash)? else {
            return Ok(None);
        };
        let Some(loaded) = self.load(&program, &case)?.filter(|_| program == *slug) else {
            return Ok(None);
        };
        let note = self
            .store()
            .receipt_note(&program, &case)?
            .unwrap_or_default();
        let view = self.receipt_view(slug, &loaded.in_force, &loaded.state, code, note);
        Ok(Some(view))
    }

    fn draw_ids(&self, slug: &ProgramSlug) -> Result<Ids, Fault> {
        Ok(Ids {
            case: random::case_id(
                self.entropy(),
                self.now(),
                self.case_number.fetch_add(1, Ordering::Relaxed),
            ),
            reference: CaseRef::new(&slug.prefix(), random::bytes(self.entropy()))
                .map_err(|e| Fault::inside(e.to_string()))?,
            salt: Salt::from_bytes(random::bytes(self.entropy())),
        })
    }

    /// Seals the report, works out what is known of it, opens the case.
    fn open_report(
        &self,
        slug: &ProgramSlug,
        in_force: &InForce,
        envelope: &Envelope,
        ids: &Ids,
        code_hash: Digest,
        source: Source,
    ) -> Result<(CaseState, String), OpenError> {
        let now = self.now();
        let plain = envelope.report.bytes()?;
        let sealed = FiledReport::seal(self.vault(), &ids.case, &plain);
        let sealed_digest = random::sha256(&sealed);
        let bodies = Bodies::new(self.entropy());
        let report = bodies.sealed(&plain, sealed);
        let leaf = Leaf::of(&LeafInput {
            receipt: &ids.reference,
            salt: &ids.salt,
            sealed: &sealed_digest,
            policy: &in_force.policy.digest,
            received: now,
        });
        let known = facts::Known {
            case: ids.case,
            reference: ids.reference.clone(),
            program: slug.clone(),
            report,
            leaf: *leaf.digest(),
            first_received: source.first_received,
        };
        let facts = facts::facts(envelope, &in_force.policy, &bodies, known)?;
        let note = std::cell::RefCell::new(String::new());
        let done = self.open_case(Opening {
            facts_command: &Command::Receive(Box::new(facts)),
            actor: source.actor,
            program: slug,
            case: ids.case,
            in_force,
            bodies,
            report: &envelope.report,
            receipt: &|state| {
                let signed = self.sign_receipt(state, ids, &sealed_digest, now)?;
                note.borrow_mut().clone_from(&signed);
                Ok(NewReceipt {
                    code_hash,
                    leaf: *leaf.digest(),
                    note: signed,
                })
            },
        })?;
        Ok((done.state, note.into_inner()))
    }

    fn sign_receipt(
        &self,
        state: &CaseState,
        ids: &Ids,
        sealed: &Digest,
        received: Instant,
    ) -> Result<String, Fault> {
        let receipt = receipt::receipt(state, ids.salt, sealed, received);
        let seed = self.vault().derive("receipt-signing");
        candor_ledger::sign(&receipt, &self.key_name, &seed)
            .map_err(|e| Fault::inside(format!("receipt: {e}")))
    }

    fn receipt_view(
        &self,
        slug: &ProgramSlug,
        in_force: &InForce,
        state: &CaseState,
        code: &ReceiptCode,
        note: String,
    ) -> ReceiptView {
        receipt::view(receipt::Shown {
            program: program_card(slug, in_force),
            policy: &in_force.policy,
            state,
            code,
            note,
            verifier_key: self.verifier_key(),
            now: self.now(),
        })
    }
}

/// What stands above a form that comes back because the report could not be stored.
fn not_stored(fault: &Fault) -> FieldError {
    tracing::error!(why = %fault.operator, "a report could not be stored");
    let why = if fault.is_unwritable() {
        "The disk of this server is full or cannot be written, so your report was not stored."
    } else {
        "Something went wrong on this server, so your report was not stored."
    };
    FieldError {
        field: String::new(),
        message: format!(
            "{why} What you typed is not lost: it stands below. Please send it again in a few \
             minutes, or use another way to reach the project."
        ),
    }
}
