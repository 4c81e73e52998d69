//! Opening what a view shows: only the bodies its reader may see, by the permit.

use std::collections::{BTreeMap, BTreeSet};

use candor_access::build::{self, CaseMaterial};
use candor_access::view::ProgramCard;
use candor_access::{Action, Permit};
use candor_base::{AccountId, BlobId, CaseId, Instant, ProgramSlug};

use crate::app::{App, program_card};
use crate::engine::Loaded;
use crate::input::{ActError, Fault};
use crate::pgp::{for_others, text_for_others, was_opened};
use crate::seal::{name_of, safe_name};

/// What was opened for one view.
#[derive(Debug)]
pub(crate) struct Gathered {
    program: ProgramCard,
    texts: BTreeMap<BlobId, String>,
    file_names: BTreeMap<BlobId, String>,
    pub(crate) people: BTreeMap<AccountId, String>,
    report: Vec<(String, String)>,
    pub(crate) title: String,
}

impl Gathered {
    pub(crate) fn material<'a>(&'a self, loaded: &'a Loaded, now: Instant) -> CaseMaterial<'a> {
        CaseMaterial {
            program: &self.program,
            state: &loaded.state,
            events: &loaded.events,
            policy: &loaded.in_force.policy,
            now,
            texts: &self.texts,
            file_names: &self.file_names,
            people: &self.people,
            report: &self.report,
            title: &self.title,
        }
    }
}

impl App {
    /// The case a permit is for.
    pub(crate) fn loaded(&self, permit: &Permit) -> Result<Loaded, ActError> {
        let case = permit.case().ok_or(ActError::NotFound)?;
        self.load(permit.program(), &case)?
            .ok_or(ActError::NotFound)
    }

    /// Opens what the view of this permit's holder shows.
    pub(crate) fn gather(&self, permit: &Permit, loaded: &Loaded) -> Result<Gathered, Fault> {
        let people = self.names()?;
        self.gather_among(permit, loaded, people)
    }

    /// The same, with the names of all people.
    pub(crate) fn gather_among(
        &self,
        permit: &Permit,
        loaded: &Loaded,
        people: BTreeMap<AccountId, String>,
    ) -> Result<Gathered, Fault> {
        self.note_read(permit, loaded)?;
        let (program, case) = (&loaded.program, &loaded.case);
        let mut texts = BTreeMap::new();
        for blob in build::texts_for(permit, &loaded.state, &loaded.events) {
            let text = self.text(loaded, &blob)?;
            let text = if permit.is_team() {
                text
            } else {
                text_for_others(text)
            };
            texts.insert(blob, text);
        }
        let filed = self.filed(program, &loaded.state)?;
        let mut report = filed.labelled(&loaded.in_force.policy);
        let mut title = filed.title();
        let mut hidden = BTreeSet::new();
        if !permit.is_team() {
            hidden = self.files_with_opened(loaded, &report)?;
            for_others(&mut report, &mut title);
        }
        let mut file_names = BTreeMap::new();
        for file in build::files_for(permit, &loaded.state) {
            if !hidden.contains(&file.blob) {
                file_names.insert(file.blob, self.file_name(program, case, &file.blob)?);
            }
        }
        Ok(Gathered {
            program: program_card(program, &loaded.in_force),
            texts,
            file_names,
            people,
            report,
            title,
        })
    }

    /// The same with the texts of the page about regulators, which no other page opens.
    pub(crate) fn gather_regulators(
        &self,
        permit: &Permit,
        loaded: &Loaded,
    ) -> Result<Gathered, Fault> {
        let mut gathered = self.gather(permit, loaded)?;
        for blob in build::regulator_texts(permit, &loaded.state) {
            gathered.texts.insert(blob, self.text(loaded, &blob)?);
        }
        Ok(gathered)
    }

    /// The name of a file as it was sent, made harmless.
    pub(crate) fn file_name(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        blob: &BlobId,
    ) -> Result<String, Fault> {
        let name = self.store().blob(program, case, &name_of(blob))?;
        let name = name.and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(safe_name(&name.unwrap_or_default()))
    }

    /// Opens one text of a case.
    pub(crate) fn text(&self, loaded: &Loaded, blob: &BlobId) -> Result<String, Fault> {
        let bytes = self.body(&loaded.program, &loaded.case, blob)?;
        String::from_utf8(bytes).map_err(|_| Fault::inside("a stored text is not text"))
    }

    /// Files that came with something that was opened: they are for the team alone.
    fn files_with_opened(
        &self,
        loaded: &Loaded,
        report: &[(String, String)],
    ) -> Result<BTreeSet<BlobId>, Fault> {
        let mut found = BTreeSet::new();
        if report.iter().any(|(_, text)| was_opened(text)) {
            found.extend(loaded.state.facts.files.iter().map(|f| f.blob));
        }
        for message in loaded.state.messages.iter().map(|m| &m.message) {
            if !message.files.is_empty() && was_opened(&self.text(loaded, &message.text.blob)?) {
                found.extend(message.files.iter().map(|f| f.blob));
            }
        }
        Ok(found)
    }

    /// A file that the holder of this permit may read: harmless name, bytes.
    pub(crate) fn file_for(
        &self,
        permit: &Permit,
        file: &str,
    ) -> Result<(String, Vec<u8>), ActError> {
        let blob: BlobId = file.parse().map_err(|_| ActError::NotFound)?;
        let loaded = self.loaded(permit)?;
        let readable = permit.action() == Action::ReadFile
            && build::files_for(permit, &loaded.state)
                .iter()
                .any(|f| f.blob == blob);
        if !readable {
            return Err(ActError::NotFound);
        }
        if !permit.is_team() {
            let filed = self.filed(&loaded.program, &loaded.state)?;
            let report = filed.labelled(&loaded.in_force.policy);
            if self.files_with_opened(&loaded, &report)?.contains(&blob) {
                return Err(ActError::NotFound);
            }
        }
        self.note_read(permit, &loaded)?;
        let name = self.file_name(&loaded.program, &loaded.case, &blob)?;
        let bytes = self.body(&loaded.program, &loaded.case, &blob)?;
        Ok((name, bytes))
    }
}
