//! Taking a copy of one case out of the house, with the second factor asked again.
//!
//! Invariants: whoever has no right to the case, or to take it out, gets the answer of a
//! stranger; that a copy was made is written down before any of it is given away, and no copy
//! is given where that cannot be written; names of files are harmless and none comes twice.
//!
//! Deliberately absent: pages, archives and folders. Who asks makes them of [`Pack`]; files of
//! the case are opened one at a time, so that one of them is in memory, not all.

use std::collections::BTreeSet;

use candor_access::build::{self, PackExtra, words};
use candor_access::view::{PackView, PackedFile};
use candor_access::{Action, CaseFacts, permit};
use candor_advisory::plain_text;
use candor_base::{AccountId, BlobId, CaseId, Instant, ProgramSlug};

use crate::app::App;
use crate::desk::stored;
use crate::engine::Loaded;
use crate::input::{ActError, Fault};
use crate::seal::safe_name;
use crate::staff::session::StaffSession;

/// Takes path and bytes of a file of a copy.
pub type TakesFile<'a, E> = &'a mut dyn FnMut(&str, &[u8]) -> Result<(), E>;

/// A copy of a case, ready to be written.
#[derive(Debug)]
pub struct Pack {
    /// What its first page and `case.json` say.
    pub view: PackView,
    program: ProgramSlug,
    case: CaseId,
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    path: String,
    what: String,
    body: Body,
}

enum Body {
    Bytes(Vec<u8>),
    Kept(BlobId),
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[body]")
    }
}

fn part(path: impl Into<String>, what: impl Into<String>, bytes: Vec<u8>) -> Part {
    Part {
        path: path.into(),
        what: what.into(),
        body: Body::Bytes(bytes),
    }
}

/// Where it is kept that somebody took copies of a case.
fn exports_key(case: &CaseId, account: &AccountId) -> String {
    format!("exports/{case}/{account}")
}

impl App {
    /// Takes a copy of a case. Field: `totp`.
    pub fn export(
        &self,
        token: &str,
        slug: &str,
        reference: &str,
        code: &str,
    ) -> Result<Pack, ActError> {
        let staff = self.staff(token)?;
        let reads = self.case_for(&staff, slug, reference, Action::ReadCase)?;
        let loaded = self.loaded(&reads)?;
        let facts = CaseFacts::case(loaded.program.clone(), loaded.case).led_by(loaded.state.lead);
        let exports = permit(&staff.who, Action::ExportCase, &facts).ok_or(ActError::NotFound)?;
        self.second_factor(&staff, code)?;
        let now = self.now();
        self.note_export(&staff, &loaded.case, now)?;
        let page = self.page_of_case(&staff, &reads, &loaded)?;
        let (parts, missing) = self.parts_of(&staff, &loaded)?;
        let extra = PackExtra {
            at: words::when(now, now, &loaded.in_force.policy.calendar()),
            by: staff.account.name.clone(),
            files: parts
                .iter()
                .map(|p| PackedFile {
                    path: p.path.clone(),
                    what: p.what.clone(),
                })
                .collect(),
            missing,
        };
        let view = build::build_pack(&exports, page, extra).ok_or(ActError::NotFound)?;
        tracing::warn!(case = %loaded.case, by = %staff.account.id, "a copy of a case was taken out");
        Ok(Pack {
            view,
            program: loaded.program,
            case: loaded.case,
            parts,
        })
    }

    /// Gives every further file of a copy, one after the other, in the order of its list.
    pub fn packed<E: From<Fault>>(&self, pack: &Pack, each: TakesFile<'_, E>) -> Result<(), E> {
        for part in &pack.parts {
            match &part.body {
                Body::Bytes(bytes) => each(&part.path, bytes)?,
                Body::Kept(blob) => {
                    let bytes = self.body(&pack.program, &pack.case, blob)?;
                    each(&part.path, &bytes)?;
                }
            }
        }
        Ok(())
    }

    fn parts_of(
        &self,
        staff: &StaffSession,
        loaded: &Loaded,
    ) -> Result<(Vec<Part>, Vec<String>), ActError> {
        let (program, case) = (&loaded.program, &loaded.case);
        let mut missing = Vec::new();
        let report = self.filed(program, &loaded.state)?.bytes()?;
        let mut parts = vec![
            part(
                "report/report.json",
                "The report as filed, without who filed it; its SHA-256 is the one of the receipt",
                report,
            ),
            part(
                format!("policy/{}", safe_name(&loaded.in_force.file)),
                "The policy under which the case stands",
                loaded.in_force.text.clone(),
            ),
        ];
        match self.store().receipt_note(program, case)? {
            Some(note) => {
                let what = "The receipt that the reporter was given";
                parts.push(part("receipt/receipt.txt", what, note.into_bytes()));
                let key = format!("{}\n", self.verifier_key()).into_bytes();
                let what = "The key that verifies receipt and proof, as this server says";
                parts.push(part("receipt/key.txt", what, key));
            }
            None => missing.push("This case has no receipt.".to_owned()),
        }
        let log = self.public_log().map(|log| log.proof(program, case));
        match log.transpose()?.flatten() {
            Some(proof) => {
                let what = "That the receipt stands in the public log, with its checkpoint";
                let path = "receipt/receipt.tlog-proof";
                parts.push(part(path, what, proof.into_bytes()));
            }
            None => missing.push(
                "The public log holds no proof of the receipt yet, or there is no such log."
                    .to_owned(),
            ),
        }
        if let Some(published) = self.publication_now(loaded)? {
            let text = plain_text(&stored(&published)?).into_bytes();
            let what = "The published advisory as text";
            parts.push(part("advisory/advisory.txt", what, text));
            let path = format!("advisory/{}", safe_name(&published.csaf_name));
            let what = "The published advisory as CSAF 2.0";
            parts.push(part(path, what, published.csaf.into_bytes()));
        }
        parts.extend(self.files_of(staff, loaded)?);
        Ok((parts, missing))
    }

    /// Files of report and messages that this person may read, each once.
    fn files_of(&self, staff: &StaffSession, loaded: &Loaded) -> Result<Vec<Part>, ActError> {
        let permit = staff.may_case(Action::ReadFile, &loaded.program, loaded.case)?;
        let mut seen = BTreeSet::new();
        let mut out: Vec<Part> = Vec::new();
        for file in build::files_for(&permit, &loaded.state) {
            if !seen.insert(file.blob) {
                continue;
            }
            let name = self.file_name(&loaded.program, &loaded.case, &file.blob)?;
            let number = out.len().saturating_add(1);
            out.push(Part {
                path: format!("files/{number:03}-{name}"),
                what: format!("A file of the case, {} bytes, as it was sent", file.bytes),
                body: Body::Kept(file.blob),
            });
        }
        Ok(out)
    }

    /// Nothing leaves the house where this cannot be written. Each copy takes a code of its
    /// own, so the same person never writes here twice at once.
    fn note_export(&self, staff: &StaffSession, case: &CaseId, now: Instant) -> Result<(), Fault> {
        let key = exports_key(case, &staff.account.id);
        let mut times = self.exports_of(case, &staff.account.id)?;
        times.push(now);
        self.keep(&key, Some(&times))
    }

    /// When somebody took copies of a case, oldest first.
    pub(crate) fn exports_of(
        &self,
        case: &CaseId,
        account: &AccountId,
    ) -> Result<Vec<Instant>, Fault> {
        let Some(json) = self.store().setting(&exports_key(case, account))? else {
            return Ok(Vec::new());
        };
        serde_json::from_str(&json).map_err(|_| Fault::inside("a list of copies cannot be read"))
    }
}
