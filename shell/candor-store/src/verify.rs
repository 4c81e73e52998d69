//! Proof that no case history was rewritten: every chain walked from its first
//! event to its head. Needs no key.

use candor_base::{CaseId, ProgramSlug};
use candor_ledger::{ChainBreak, ChainHead, verify_chain_to};
use candor_ports::{Store, StoreError};

/// A case whose history does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// Its program.
    pub program: ProgramSlug,
    /// The case.
    pub case: CaseId,
    /// Where; `None` when there are events but no head to end at.
    pub at: Option<ChainBreak>,
}

impl std::fmt::Display for Break {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} case {}: ", self.program, self.case)?;
        match &self.at {
            Some(at) => at.fmt(f),
            None => f.write_str("there are events, but the case itself is gone"),
        }
    }
}

/// What a walk through all cases found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Cases walked.
    pub cases: u64,
    /// Events walked.
    pub events: u64,
    /// Cases that do not hold.
    pub breaks: Vec<Break>,
}

impl Report {
    /// Every case holds.
    pub fn holds(&self) -> bool {
        self.breaks.is_empty()
    }
}

/// Walks every case. An error means that the walk could not be made, not that a chain broke.
pub fn verify_log(store: &dyn Store) -> Result<Report, StoreError> {
    let mut report = Report::default();
    for (program, case) in store.all_cases()? {
        // The head first: a running server may append between the two reads, and
        // events beyond the head read here are cut away again.
        let head = store.chain_head(&program, &case)?;
        let mut events = store.chain(&program, &case)?;
        report.cases += 1;
        let found = match head {
            None => Some(None),
            Some((seq, hash)) => {
                let later = store.chain_head(&program, &case)?;
                if later.is_some_and(|(now, _)| now > seq) {
                    events.retain(|e| e.seq <= seq);
                }
                let links = events.iter().map(|e| (e.seq, &e.bytes, e.hash));
                verify_chain_to(&case, &ChainHead { seq, hash }, links)
                    .err()
                    .map(Some)
            }
        };
        report.events += u64::try_from(events.len()).unwrap_or(u64::MAX);
        if let Some(at) = found {
            report.breaks.push(Break { program, case, at });
        }
    }
    Ok(report)
}
