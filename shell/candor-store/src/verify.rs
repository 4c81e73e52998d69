//! Proof that no case history was rewritten, cut off or taken away: every chain walked
//! from its first event to its head, every head compared with what the key says of it,
//! and all heads with the one account over them. Where a history holds, what its events
//! name is compared with their digests, too; and the public log with all of it. What lies
//! beside the histories is compared with the account.
//!
//! Deliberately absent: an old copy of the whole data folder, put back, holds in itself.

use std::collections::BTreeSet;

use candor_base::{BlobId, CaseId, CaseRef, ProgramSlug};
use candor_ledger::{ChainBreak, ChainHead, verify_chain_to};
use candor_ports::{Erasing as _, HistoryAccount, KeyFault, Store, StoreError, Tombstone};

use crate::contents::{self, ContentFault};
use crate::store::SealedStore;

/// What is wrong with a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The chain breaks.
    Chain(ChainBreak),
    /// There are events but no head to end at.
    NoHead,
    /// The chain holds, but it ends at a head that Candor did not write.
    Head,
    /// The history holds, but the key of the case is not as Candor left it.
    Key(KeyFault),
    /// The history holds, but what it names does not.
    Content(ContentFault),
}

/// A case whose history does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// Its program.
    pub program: ProgramSlug,
    /// The case.
    pub case: CaseId,
    /// Its reference, where its history could be read.
    pub reference: Option<CaseRef>,
    /// What is wrong.
    pub fault: Fault,
}

impl std::fmt::Display for Break {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.reference {
            Some(reference) => write!(f, "{} case {reference}: ", self.program)?,
            None => write!(f, "{} case {}: ", self.program, self.case)?,
        }
        match &self.fault {
            Fault::Chain(at) => at.fmt(f),
            Fault::NoHead => f.write_str("there are events, but the case itself is gone"),
            Fault::Head => f.write_str(
                "its end was changed outside Candor; later events may have been cut off",
            ),
            Fault::Key(KeyFault::Gone) => f.write_str(
                "its key was removed outside Candor: nothing says that the case was erased",
            ),
            Fault::Key(KeyFault::PutBack) => {
                f.write_str("the case was erased, and a key was put back outside Candor")
            }
            Fault::Content(what) => what.fmt(f),
        }
    }
}

/// What a walk through all cases found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Cases walked.
    pub cases: u64,
    /// Events walked.
    pub events: u64,
    /// Texts and files read and compared with their digests.
    pub bodies: u64,
    /// Cases whose history does not open with the key: nothing that they name was compared.
    pub unopened: u64,
    /// Cases that were erased by Candor: their history holds and can no longer be read.
    pub erased: Vec<(ProgramSlug, Tombstone)>,
    /// Cases that do not hold.
    pub breaks: Vec<Break>,
    /// The account over all histories.
    pub account: HistoryAccount,
    /// What is wrong with the public log, in words.
    pub log: Vec<String>,
    /// What lies beside the histories and is not as Candor left it, in words: texts and files,
    /// receipts, letters, publications, the read log.
    pub beside: Vec<String>,
}

impl Report {
    /// Every case holds, and none is missing.
    pub fn holds(&self) -> bool {
        self.breaks.is_empty()
            && self.log.is_empty()
            && self.beside.is_empty()
            && self.account == HistoryAccount::Holds
    }

    /// What is wrong with the account over all histories, in words.
    pub fn missing(&self) -> Option<String> {
        match self.account {
            HistoryAccount::Holds => None,
            HistoryAccount::Gone => Some("The account over all histories was removed.".to_owned()),
            HistoryAccount::Changed => {
                Some("The account over all histories was changed outside Candor.".to_owned())
            }
            HistoryAccount::Differs { cases, events } => Some(format!(
                "Candor wrote {} cases with {} events; {} cases with {} events are there. \
                 Histories were removed, cut off, or put back from elsewhere.",
                cases.0, events.0, cases.1, events.1
            )),
        }
    }
}

/// Walks every case. An error means that the walk could not be made, not that a chain broke.
pub fn verify_log(store: &SealedStore) -> Result<Report, StoreError> {
    verify_log_with(store, &mut |_, _| {})
}

/// The same; `seen` is told after each case how many of how many are done.
pub fn verify_log_with(
    store: &SealedStore,
    seen: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Report, StoreError> {
    let check = store.check_history()?;
    let mut report = Report {
        cases: 0,
        events: 0,
        bodies: 0,
        unopened: 0,
        erased: Vec::new(),
        breaks: Vec::new(),
        account: check.account,
        log: store.check_log()?,
        beside: check.beside,
    };
    let mut looked = Looked::default();
    let cases = store.all_cases()?;
    let all = u64::try_from(cases.len()).unwrap_or(u64::MAX);
    for (program, case) in cases {
        seen(report.cases, all);
        let (events, mut fault) = walk(store, &program, &case)?;
        report.cases += 1;
        report.events += events;
        let place = (program, case);
        if fault.is_none() && check.foreign.contains(&place) {
            fault = Some(Fault::Head);
        }
        if fault.is_none() {
            let of_it = check
                .keys
                .iter()
                .find(|(p, c, _)| (p, c) == (&place.0, &place.1));
            fault = of_it.map(|(_, _, what)| Fault::Key(*what));
        }
        let (program, case) = place;
        if let Some(fault) = fault {
            report.breaks.push(Break {
                program,
                case,
                reference: None,
                fault,
            });
            continue;
        }
        if let Some(tombstone) = store.tombstone(&program, &case)? {
            report.erased.push((program, tombstone));
            continue;
        }
        let Some(found) = contents::look(store, &program, &case)? else {
            report.unopened += 1;
            continue;
        };
        report.bodies += found.bodies;
        looked.cases.insert(case);
        looked.bodies.extend(&found.named);
        report
            .breaks
            .extend(found.faults.into_iter().map(|what| Break {
                program: program.clone(),
                case,
                reference: found.reference.clone(),
                fault: Fault::Content(what),
            }));
    }
    unnamed(store, &looked, &mut report)?;
    Ok(report)
}

/// What was compared: cases, and texts and files that their events name.
#[derive(Default)]
struct Looked {
    cases: BTreeSet<CaseId>,
    bodies: BTreeSet<BlobId>,
}

/// Opens each text and file that no event names, of the cases that were looked into.
fn unnamed(store: &SealedStore, looked: &Looked, report: &mut Report) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let page = store.bodies_after(after.as_ref())?;
        for (program, case, body) in &page {
            if looked.bodies.contains(body) || !looked.cases.contains(case) {
                continue;
            }
            report.bodies += 1;
            match store.blob(program, case, body) {
                Ok(Some(_)) => {}
                Ok(None) | Err(StoreError::Damaged(_)) => report.breaks.push(Break {
                    program: program.clone(),
                    case: *case,
                    reference: None,
                    fault: Fault::Content(ContentFault::Unnamed),
                }),
                Err(why) => return Err(why),
            }
        }
        match page.last() {
            Some((_, _, last)) => after = Some(*last),
            None => return Ok(()),
        }
    }
}

/// Walks one case: the number of its events, and what is wrong with them.
fn walk(
    store: &dyn Store,
    program: &ProgramSlug,
    case: &CaseId,
) -> Result<(u64, Option<Fault>), StoreError> {
    // The head first: a running server may append between the two reads, and
    // events beyond the head read here are cut away again.
    let head = store.chain_head(program, case)?;
    let mut events = store.chain(program, case)?;
    let fault = match head {
        None => Some(Fault::NoHead),
        Some((seq, hash)) => {
            let later = store.chain_head(program, case)?;
            if later.is_some_and(|(now, _)| now > seq) {
                events.retain(|e| e.seq <= seq);
            }
            let links = events.iter().map(|e| (e.seq, &e.bytes, e.hash));
            let walked = verify_chain_to(case, &ChainHead { seq, hash }, links);
            walked.err().map(Fault::Chain)
        }
    };
    Ok((u64::try_from(events.len()).unwrap_or(u64::MAX), fault))
}
