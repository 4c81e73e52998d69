//! From draft to advisory: what is missing, unreadable or contradictory.
//!
//! The gates are those of the domain rules, section 5.4: title, summary, at
//! least one product with an answer for each affected branch, severity,
//! mitigation or "none known"; then id, publisher and dates in order. An
//! error blocks publication, a warning wants a second look, a note informs.

use std::collections::BTreeSet;

use candor_base::{Body, Finding, Level, Line};
use candor_score::{Cwe, CweUsage, SeverityWord, Vector, Version, bands_apart};

use crate::draft::{AdvisoryDraft, CreditDraft};
use crate::ids::Link;
use crate::model::{Advisory, Content, Credit, Issue, Mitigation, Reference};

/// Everything that is missing, unreadable or worth a look in a draft.
pub fn check(draft: &AdvisoryDraft) -> Vec<Finding> {
    let mut checker = Checker::default();
    let _ = checker.content(draft);
    checker.findings
}

/// Makes the advisory out of a draft and what publishing adds.
///
/// # Errors
/// The findings, at least one of them an error, when it is not complete.
pub fn finish(draft: &AdvisoryDraft, issue: Issue) -> Result<Advisory, Vec<Finding>> {
    let mut checker = Checker::default();
    let content = checker.content(draft);
    checker.issue(&issue);
    match content {
        Some(content) if !checker.has_error() => Ok(Advisory { issue, content }),
        _ => Err(checker.findings),
    }
}

/// Most entries of any list in an advisory.
const MOST: usize = 200;

/// The stable code of a finding about a field (`cvss-vector-unreadable`).
fn code(field: &str, what: &str) -> String {
    format!("{}-{what}", field.to_lowercase().replace(' ', "-"))
}

/// Reads a draft and notes what it finds.
#[derive(Default)]
pub(crate) struct Checker {
    findings: Vec<Finding>,
}

impl Checker {
    pub(crate) fn add(&mut self, level: Level, code: &str, message: impl Into<String>, help: &str) {
        self.findings.push(Finding {
            code: code.to_owned(),
            level,
            span: None,
            message: message.into(),
            help: help.to_owned(),
        });
    }

    pub(crate) fn error(&mut self, code: &str, message: impl Into<String>, help: &str) {
        self.add(Level::Error, code, message, help);
    }

    /// Says so when a list is longer than any honest advisory needs. The rest of
    /// the reading stays in proportion to this.
    pub(crate) fn bounded<'a, T>(&mut self, what: &str, list: &'a [T]) -> &'a [T] {
        let (kept, rest) = list.split_at_checked(MOST).unwrap_or((list, &[]));
        if !rest.is_empty() {
            self.error(
                "too-many",
                format!(
                    "There are {} {what}; at most {MOST} are possible.",
                    list.len()
                ),
                "Split the advisory, or put several versions into one range.",
            );
        }
        kept
    }

    fn has_error(&self) -> bool {
        self.findings.iter().any(|f| f.level == Level::Error)
    }

    /// A field that may be empty.
    pub(crate) fn optional<T, E: std::fmt::Display>(
        &mut self,
        field: &str,
        text: &str,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        if text.trim().is_empty() {
            return None;
        }
        match read(text) {
            Ok(value) => Some(value),
            Err(e) => {
                let code = code(field, "unreadable");
                let message = format!("The {field} cannot be used: {e}.");
                self.error(&code, message, &format!("Correct the {field}."));
                None
            }
        }
    }

    /// A field that must be there.
    pub(crate) fn required<T, E: std::fmt::Display>(
        &mut self,
        field: &str,
        text: &str,
        help: &str,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        if text.trim().is_empty() {
            let code = code(field, "missing");
            self.error(&code, format!("The {field} is missing."), help);
            return None;
        }
        self.optional(field, text, read)
    }

    fn content(&mut self, draft: &AdvisoryDraft) -> Option<Content> {
        let title = self.required(
            "title",
            &draft.title,
            "Say in one line what can happen in which product.",
            Line::new,
        );
        let summary = self.required(
            "summary",
            &draft.summary,
            "Say in a few sentences who is affected, by what, and what to do.",
            Body::new,
        );
        let details = self.optional("details", &draft.details, Body::new);
        let products = self.products(&draft.products);
        if draft.severity.is_none() {
            self.error(
                "severity-missing",
                "The severity is missing.",
                "Choose critical, high, medium or low.",
            );
        }
        let cvss = self.vectors(draft);
        let cwe = self.weakness(&draft.cwe);
        let cve = self.optional("CVE id", &draft.cve, str::parse);
        let mitigation = self.mitigation(draft);
        let interim = self.bodies("interim mitigations", &draft.interim);
        let rebuild = self.optional("rebuild hint", &draft.rebuild, Body::new);
        let exploitation = self.optional("exploitation note", &draft.exploitation, Body::new);
        let credits = self.credits(draft);
        let references = self.references(draft);
        Some(Content {
            title: title?,
            summary: summary?,
            details,
            products,
            severity: draft.severity?,
            cvss,
            cwe,
            cve,
            fix_kind: draft.fix_kind,
            mitigation: mitigation?,
            interim,
            rebuild,
            exploitation,
            credits,
            references,
        })
    }

    fn bodies(&mut self, field: &str, texts: &[String]) -> Vec<Body> {
        let texts = self.bounded(field, texts).iter();
        let read = |text: &String| self.optional(field, text, Body::new);
        texts.filter_map(read).collect()
    }

    fn vectors(&mut self, draft: &AdvisoryDraft) -> Vec<Vector> {
        let mut versions = BTreeSet::new();
        let mut vectors = Vec::new();
        for text in self.bounded("CVSS vectors", &draft.cvss) {
            let Some(vector) = self.optional("CVSS vector", text, Vector::parse) else {
                continue;
            };
            if versions.insert(vector.version()) {
                vectors.push(vector);
            } else {
                self.error(
                    "cvss-twice",
                    format!("There are two vectors of CVSS {}.", vector.version()),
                    "Keep one vector of each version.",
                );
            }
        }
        if vectors.is_empty() {
            self.add(
                Level::Note,
                "cvss-missing",
                "There is no CVSS score.",
                "Add a vector if your policy asks for one; tools sort advisories by it.",
            );
        } else if versions.iter().all(|v| *v == Version::V4_0) {
            self.add(
                Level::Note,
                "cvss-only-4",
                "The only score is CVSS 4.0, which CSAF 2.0 cannot hold; it is written there as a note.",
                "Add a CVSS 3.1 vector if readers of CSAF should find a score.",
            );
        }
        if let Some(word) = draft.severity {
            self.distance(word, &vectors);
        }
        vectors
    }

    fn distance(&mut self, word: SeverityWord, vectors: &[Vector]) {
        for vector in vectors {
            let apart = bands_apart(word, vector.band());
            if apart > 0 {
                let level = if apart > 1 {
                    Level::Warning
                } else {
                    Level::Note
                };
                self.add(
                    level,
                    "severity-and-score-apart",
                    format!(
                        "The severity is {word}, the CVSS {} score {} is {}.",
                        vector.version(),
                        vector.score(),
                        vector.band()
                    ),
                    "Say in the details why they differ, or change one of them.",
                );
            }
        }
    }

    fn weakness(&mut self, text: &str) -> Option<Cwe> {
        let cwe: Cwe = self.optional("weakness type", text, str::parse)?;
        match cwe.usage() {
            Some(CweUsage::Prohibited) => self.error(
                "cwe-prohibited",
                format!("{cwe} is not meant to describe a vulnerability."),
                "Choose a weakness from the CWE list that is.",
            ),
            Some(CweUsage::Discouraged) => self.add(
                Level::Warning,
                "cwe-discouraged",
                format!("{cwe} is too general, says the CWE list."),
                "Choose a closer weakness if there is one.",
            ),
            None => self.add(
                Level::Warning,
                "cwe-unknown",
                format!("{cwe} is not in the CWE list that Candor knows (4.20)."),
                "Check the number; without a name it is left out of CSAF.",
            ),
            Some(CweUsage::Allowed | CweUsage::AllowedWithReview) => {}
        }
        Some(cwe)
    }

    fn mitigation(&mut self, draft: &AdvisoryDraft) -> Option<Mitigation> {
        let text = self.optional("mitigation", &draft.mitigation, Body::new);
        match (text, draft.no_mitigation_known) {
            (Some(_), true) => {
                self.error(
                    "mitigation-contradicts",
                    "There is a mitigation, and \"none known\" is ticked.",
                    "Keep one of the two.",
                );
                None
            }
            (Some(text), false) => Some(Mitigation::Text(text)),
            (None, true) => Some(Mitigation::NoneKnown),
            (None, false) => {
                self.error(
                    "mitigation-missing",
                    "It is not said what helps until the fix is installed.",
                    "Describe it, or tick \"none known\" if somebody has looked.",
                );
                None
            }
        }
    }

    fn credits(&mut self, draft: &AdvisoryDraft) -> Vec<Credit> {
        let mut credits = Vec::new();
        for one in self.bounded("credits", &draft.credits) {
            let credit = self.credit(one);
            if credit.name.is_none() && credit.organisation.is_none() {
                self.error(
                    "credit-empty",
                    "A credit names nobody.",
                    "Name a person or an organisation, or remove the line.",
                );
                continue;
            }
            for name in [&credit.name, &credit.organisation].into_iter().flatten() {
                self.name_in_text(draft, name.as_str());
            }
            credits.push(credit);
        }
        credits
    }

    fn credit(&mut self, draft: &CreditDraft) -> Credit {
        Credit {
            name: self.optional("name in a credit", &draft.name, Line::new),
            organisation: self.optional("organisation in a credit", &draft.organisation, Line::new),
            link: self.optional("link in a credit", &draft.link, str::parse::<Link>),
            kind: draft.kind,
        }
    }

    /// Names belong in the credits, where consent is recorded (domain rule CR-3).
    fn name_in_text(&mut self, draft: &AdvisoryDraft, name: &str) {
        let texts = [&draft.title, &draft.summary, &draft.details];
        // Short handles would be found inside ordinary words.
        if name.chars().count() >= 4 && texts.iter().any(|text| text.contains(name)) {
            self.add(
                Level::Warning,
                "credit-in-text",
                "The text names somebody who is thanked in the credits.",
                "Leave the name to the credits, where the person can still change it.",
            );
        }
    }

    fn references(&mut self, draft: &AdvisoryDraft) -> Vec<Reference> {
        let mut references = Vec::new();
        for one in self.bounded("references", &draft.references) {
            let help = "Give the full address, starting with https://.";
            let link = self.required("link of a reference", &one.url, help, str::parse::<Link>);
            let summary = self.optional("text of a reference", &one.summary, Line::new);
            let Some(link) = link else { continue };
            // An address too long for a line still gets a text of its own.
            let summary = summary.or_else(|| Line::new(link.as_str()).ok());
            let summary = summary.or_else(|| Line::new("Reference").ok());
            references.extend(summary.map(|summary| Reference { link, summary }));
        }
        references
    }

    fn issue(&mut self, issue: &Issue) {
        let Some(first) = issue.revisions.first() else {
            self.error(
                "revision-missing",
                "The advisory has no date.",
                "Record its publication as revision 1.",
            );
            return;
        };
        if issue.reported.is_some_and(|reported| reported > first.date) {
            self.error(
                "dates-out-of-order",
                "The advisory is dated before the report was received.",
                "Correct the date of the report or of the publication.",
            );
        }
        let numbers = (1_u32..).zip(&issue.revisions);
        let in_order = numbers.clone().all(|(n, r)| r.number == n)
            && numbers
                .zip(issue.revisions.iter().skip(1))
                .all(|((_, a), b)| a.date < b.date);
        if !in_order {
            self.error(
                "revisions-out-of-order",
                "The revisions are not numbered 1, 2, 3 … with rising dates.",
                "Record each change once, the oldest first.",
            );
        }
    }
}
