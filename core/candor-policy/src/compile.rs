//! The compiler: decode, read, apply the grammars.
//!
//! Invariants: never panics; linear in the size of the text; says nothing the
//! text does not say.
//!
//! Deliberately absent: settings of the owner and defaults of Candor.

use candor_base::{Finding, Findings, Level};

use crate::decode::{NotAPolicy, decode};
use crate::grammar;
use crate::lint::{lint, of_words};
use crate::model::Policy;
use crate::read::{lower, read};
use crate::vocab;

/// Words of which a text about security holds at least one, in several languages.
const SUBJECT: [&str; 23] = [
    "vulnerab",
    "security",
    "disclos",
    "exploit",
    "bounty",
    "responsibl",
    "sicherheit",
    "sécurité",
    "vulnérab",
    "seguridad",
    "segurança",
    "sicurezza",
    "beveiliging",
    "bezpiecz",
    "безопасн",
    "安全",
    "漏洞",
    "脆弱",
    "セキュリティ",
    "보안",
    "취약",
    "уязвим",
    "kwetsba",
];

/// Compiles a policy text.
///
/// # Errors
/// [`NotAPolicy`] when the bytes are empty, binary, too large or about something else.
pub fn compile(bytes: &[u8]) -> Result<Findings<Policy>, NotAPolicy> {
    let (text, findings) = decode(bytes)?;
    let text = within_budget(&text);
    let low = lower(text.0);
    let subject = SUBJECT.iter().any(|w| low.contains(w));
    if !subject && !is_card(&low) && !grammar::is_security_txt(text.0) {
        return Err(NotAPolicy::NotAboutSecurity);
    }
    Ok(vocab::remembering(low.len(), || {
        of_text(text, &low, findings)
    }))
}

/// A few lines that hold little but addresses: under a policy's name they are one.
fn is_card(low: &str) -> bool {
    const LINES: usize = 8;
    const WORDS: usize = 24;
    let has_address = low.contains('@') || low.contains("-at-") || low.contains("https://");
    has_address && low.lines().count() <= LINES && low.split_whitespace().count() <= WORDS
}

/// Bytes that are read at most. No policy is nearly that long; what is longer
/// is a manual, or was made to be slow.
const MOST_READ: usize = 128 * 1024;

/// The part of a text that is read, and whether that is less than all; cut at
/// the end of a line where lines are of usual length.
fn within_budget(text: &str) -> (&str, bool) {
    let head = text
        .get(..text.floor_char_boundary(MOST_READ))
        .unwrap_or(text);
    if head.len() == text.len() {
        return (text, false);
    }
    let line = head
        .rfind('\n')
        .filter(|at| at.saturating_mul(2) > head.len());
    (line.and_then(|at| head.get(..at)).unwrap_or(head), true)
}

/// What a text says, without judging it; for texts that Candor itself writes.
pub(crate) fn reading(text: &str) -> Policy {
    let mut doc = read(text);
    grammar::retopic(&mut doc);
    let mut policy = Policy::default();
    grammar::apply(&doc, &mut policy);
    policy
}

fn of_text((text, cut): (&str, bool), low: &str, mut findings: Vec<Finding>) -> Findings<Policy> {
    let mut doc = read(text);
    if doc.cut || cut {
        findings.push(Finding {
            code: "text-cut".to_owned(),
            level: Level::Error,
            span: doc.units.last().map(|u| u.span),
            message: "The text is very long; what stands behind this line was not read.".to_owned(),
            help: "Keep the policy short, and move manuals and lists elsewhere.".to_owned(),
        });
    }
    grammar::retopic(&mut doc);
    let mut policy = Policy {
        languages: vocab::languages(low)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        ..Policy::default()
    };
    grammar::apply(&doc, &mut policy);
    grammar::whole(text, &doc, &mut policy);
    findings.extend(of_words(text, &doc, &policy));
    let findings = lint(&policy, findings);
    Findings {
        value: policy,
        findings,
    }
}
