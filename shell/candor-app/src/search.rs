//! Search in the words of cases (decision 0011).
//!
//! Invariants: what is found is what everybody in the team of a program reads, and each
//! case that is shown is asked a right for; what was looked for is kept nowhere. The order
//! follows from the places of the words and from dates alone, so both engines give the same.
//!
//! Deliberately absent: who filed a report, drafts of advisories, what regulators are told,
//! and what stands in files.

mod words;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use candor_access::Action;
use candor_access::build::{team_files, team_texts};
use candor_access::view::{FoundRow, Heard, SearchView};
use candor_base::{BlobId, CaseId, ProgramSlug};
use candor_case::{CaseState, Recorded};
use candor_policy::PolicyInForce;
use candor_ports::{NewBlob, StoreError, WordPlace, Words};

use self::words::{Question, Tongues, add, sought};
use crate::app::{App, lock, program_card};
use crate::desk::inbox::inbox_row;
use crate::engine::Loaded;
use crate::input::{ActError, Fault};
use crate::report::FiledReport;
use crate::seal::name_of;

/// Cases on one page.
const PAGE: usize = 50;
/// Longest question, in letters.
const LONGEST: usize = 500;
/// Cases that are read again between two looks whether it is time to stop.
const STEP: u32 = 200;
/// Seconds between two looks for cases that are not found yet.
const AGAIN: i64 = 600;

/// Where the look for cases that are not found yet stands.
#[derive(Debug, Default)]
pub(crate) struct Catching {
    after: Option<CaseId>,
    /// Whether there were any when it was last looked.
    behind: bool,
    /// Not again before.
    next: i64,
}

fn tongues(policy: &PolicyInForce) -> Tongues {
    Tongues::new(&policy.policy.languages)
}

/// What a word counts that stands there.
const fn weight(place: WordPlace) -> u32 {
    match place {
        WordPlace::Number | WordPlace::Title => 4,
        WordPlace::Report | WordPlace::File => 2,
        WordPlace::Message | WordPlace::Note => 1,
    }
}

const fn place_words(place: WordPlace) -> &'static str {
    match place {
        WordPlace::Number => "number",
        WordPlace::Title => "title",
        WordPlace::Report => "report",
        WordPlace::File => "name of a file",
        WordPlace::Message => "messages",
        WordPlace::Note => "notes of the team",
    }
}

/// Words of one case on their way into the index, each at the best place where it stands.
struct Gathering<'p> {
    tongues: &'p Tongues,
    words: Words,
}

impl<'p> Gathering<'p> {
    fn new(tongues: &'p Tongues) -> Self {
        let words = Words::new();
        Self { tongues, words }
    }

    fn text(&mut self, place: WordPlace, text: &str) {
        add(self.words.entry(place).or_default(), self.tongues, text);
    }

    /// What a report brings.
    fn report(&mut self, report: &FiledReport) {
        self.text(WordPlace::Title, &report.title());
        for text in report.typed() {
            self.text(WordPlace::Report, text);
        }
        for file in &report.files {
            self.text(WordPlace::File, &file.name);
        }
    }

    /// Numbers of a case that it did not have before.
    fn numbers(&mut self, before: Option<&CaseState>, state: &CaseState) {
        if before.is_none() {
            self.text(WordPlace::Number, state.facts.reference.as_str());
        }
        let had = |id| before.is_some_and(|b| b.cve.ids.contains_key(id));
        for id in state.cve.ids.keys().filter(|id| !had(id)) {
            self.text(WordPlace::Number, id.as_str());
        }
    }

    /// Texts and names of files of a case, as far as `read` gives them.
    fn said(
        &mut self,
        state: &CaseState,
        events: &[Recorded],
        read: &mut dyn FnMut(&BlobId) -> Result<Option<String>, Fault>,
    ) -> Result<(), Fault> {
        for (blob, outside) in team_texts(state, events) {
            if let Some(text) = read(&blob)? {
                let place = if outside {
                    WordPlace::Message
                } else {
                    WordPlace::Note
                };
                self.text(place, &text);
            }
        }
        for file in team_files(state) {
            if let Some(name) = read(&name_of(&file.blob))? {
                self.text(WordPlace::File, &name);
            }
        }
        Ok(())
    }

    /// Each word where it counts most, and nowhere else.
    fn finish(mut self) -> Words {
        let mut better: BTreeSet<String> = BTreeSet::new();
        for tokens in self.words.values_mut() {
            tokens.retain(|token| !better.contains(token));
            better.extend(tokens.iter().cloned());
        }
        self.words.retain(|_, tokens| !tokens.is_empty());
        self.words
    }
}

/// What a commit is found by: its new bodies, as far as its page shows them to the team, and
/// with the first one the report.
pub(crate) fn brought(
    policy: &PolicyInForce,
    (before, state): (Option<&CaseState>, &CaseState),
    events: &[Recorded],
    blobs: &[NewBlob],
    report: Option<&FiledReport>,
) -> Words {
    let tongues = tongues(policy);
    let mut gathering = Gathering::new(&tongues);
    gathering.numbers(before, state);
    if let Some(report) = report {
        gathering.report(report);
    }
    if !blobs.is_empty() {
        let new: BTreeMap<BlobId, &NewBlob> = blobs.iter().map(|b| (b.id, b)).collect();
        let mut read = |id: &BlobId| {
            let bytes = new.get(id).map(|blob| blob.bytes.reveal().clone());
            Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
        };
        // What is at hand does not fail.
        let _ = gathering.said(state, events, &mut read);
    }
    gathering.finish()
}

/// Cases that hold every word and nothing that is not wanted: what each counts, and where the
/// words stand.
fn matching(
    asked: &Question,
    found: Vec<BTreeMap<CaseId, BTreeSet<WordPlace>>>,
) -> BTreeMap<CaseId, (u32, BTreeSet<WordPlace>)> {
    let mut all: Option<BTreeMap<CaseId, (u32, BTreeSet<WordPlace>)>> = None;
    let mut unwanted: BTreeMap<usize, BTreeSet<CaseId>> = BTreeMap::new();
    for (word, cases) in asked.words.iter().zip(found) {
        if let Some(thing) = word.without {
            let cases: BTreeSet<CaseId> = cases.into_keys().collect();
            let all = unwanted.entry(thing).or_insert_with(|| cases.clone());
            all.retain(|case| cases.contains(case));
            continue;
        }
        let best = cases.into_iter().filter_map(|(case, places)| {
            let best = places.first().copied()?;
            Some((case, best))
        });
        all = Some(match all {
            None => best
                .map(|(case, at)| (case, (weight(at), BTreeSet::from([at]))))
                .collect(),
            Some(mut before) => best
                .filter_map(|(case, at)| {
                    let (count, mut places) = before.remove(&case)?;
                    places.insert(at);
                    Some((case, (count.saturating_add(weight(at)), places)))
                })
                .collect(),
        });
    }
    let mut all = all.unwrap_or_default();
    all.retain(|case, _| !unwanted.values().any(|cases| cases.contains(case)));
    all
}

impl App {
    /// Cases of a program that hold all these words, the best first; pages count from 0.
    pub fn search(
        &self,
        token: &str,
        slug: &str,
        typed: &str,
        page: usize,
    ) -> Result<SearchView, ActError> {
        let (staff, slug, _) = self.staff_in(token, slug, Action::ReadInbox)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let whole = typed.trim();
        let typed: String = whole.chars().take(LONGEST).collect();
        let asked = sought(&typed, &tongues(&in_force.policy));
        let understood = asked.is_one();
        let heard = match asked.left_out || typed.len() < whole.len() {
            _ if !understood => Heard::Nothing,
            true => Heard::Part,
            false => Heard::Whole,
        };
        let tokens: Vec<BTreeSet<String>> = if understood {
            let words = asked.words.iter();
            words.map(|word| word.tokens.clone()).collect()
        } else {
            Vec::new()
        };
        let found = if understood {
            self.store().cases_with(&slug, &tokens)?
        } else {
            Vec::new()
        };
        let mut hits: Vec<(CaseId, (u32, BTreeSet<WordPlace>))> =
            matching(&asked, found).into_iter().collect();
        hits.retain(|(case, _)| staff.may_case(Action::ReadCase, &slug, *case).is_ok());
        let (total, rows) = self.listing(&slug, |cases| {
            let mut known: Vec<_> = hits
                .into_iter()
                .filter_map(|(case, (count, places))| Some((cases.get(&case)?, count, places)))
                .collect();
            known.sort_by(|(a, m, _), (b, n, _)| {
                let key = |count: u32, received| (Reverse(count), Reverse(received));
                key(*m, a.received)
                    .cmp(&key(*n, b.received))
                    .then_with(|| a.reference.cmp(&b.reference))
            });
            let part = known.iter().skip(page.saturating_mul(PAGE)).take(PAGE);
            let part = part.map(|(row, _, places)| ((*row).clone(), places.clone()));
            (known.len(), part.collect::<Vec<_>>())
        })?;
        let names = if rows.iter().any(|(row, _)| row.lead.is_some()) {
            self.names()?
        } else {
            BTreeMap::new()
        };
        let (calendar, now) = (in_force.policy.calendar(), self.now());
        let first = page.saturating_mul(PAGE);
        Ok(SearchView {
            program: program_card(&slug, &in_force),
            asked: typed,
            heard,
            more: total > first.saturating_add(rows.len()),
            rows: rows
                .into_iter()
                .map(|(row, places)| FoundRow {
                    row: inbox_row(row, &names, now, &calendar),
                    places: places.into_iter().map(place_words).collect(),
                })
                .collect(),
            total,
            page,
            first,
            not_yet: self.not_yet_of(&slug)?,
            owner: staff.may(Action::Settings, &slug).is_ok(),
        })
    }

    /// Reads some of the cases that are not found yet, from before there was a search or out
    /// of a backup; each time it is called the next ones.
    pub fn catch_up_words(&self) -> Result<(), Fault> {
        let now = self.now().unix();
        let after = {
            let catching = lock(&self.catching);
            if catching.after.is_none() && now < catching.next {
                return Ok(());
            }
            catching.after
        };
        if after.is_none() {
            self.look_whether_behind()?;
        }
        let some = self.store().not_found_yet(after.as_ref(), STEP)?;
        for (program, case) in &some {
            // One that is damaged does not keep the others from being found.
            if let Err(fault) = self.new_words(program, *case) {
                tracing::warn!(what = %fault.operator, "a case could not be read for the search");
            }
        }
        let over = u32::try_from(some.len()).is_ok_and(|n| n < STEP);
        if over {
            self.look_whether_behind()?;
        }
        let mut catching = lock(&self.catching);
        catching.after = some.last().map(|(_, case)| *case).filter(|_| !over);
        if over {
            catching.next = now.saturating_add(AGAIN);
        }
        Ok(())
    }

    fn look_whether_behind(&self) -> Result<(), Fault> {
        let behind = self.store().count_not_found_yet(None)? > 0;
        lock(&self.catching).behind = behind;
        Ok(())
    }

    /// How many cases of this program are not found yet. Of this one only: how many cases
    /// others have is nothing that its members learn.
    fn not_yet_of(&self, program: &ProgramSlug) -> Result<u64, Fault> {
        if !lock(&self.catching).behind {
            return Ok(0);
        }
        Ok(self.store().count_not_found_yet(Some(program))?)
    }

    /// Makes anew what a case is found by.
    pub(crate) fn new_words(&self, program: &ProgramSlug, case: CaseId) -> Result<(), Fault> {
        let Some(loaded) = self.load(program, &case)? else {
            return Ok(());
        };
        let words = self.words_of(&loaded)?;
        match self
            .store()
            .replace_words(program, &case, loaded.state.seq, words)
        {
            // Somebody else moved the case on: it is looked at again.
            Ok(()) | Err(StoreError::Conflict) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    fn words_of(&self, loaded: &Loaded) -> Result<Words, Fault> {
        let policy = &loaded.in_force.policy;
        let tongues = tongues(policy);
        let mut gathering = Gathering::new(&tongues);
        gathering.numbers(None, &loaded.state);
        gathering.report(&self.filed(&loaded.program, &loaded.state)?);
        let mut read = |blob: &BlobId| {
            let bytes = self.store().blob(&loaded.program, &loaded.case, blob)?;
            Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
        };
        gathering.said(&loaded.state, &loaded.events, &mut read)?;
        Ok(gathering.finish())
    }
}

#[cfg(test)]
mod tests;
