//! Wordings for what has a time: promises, windows and other rules of disclosure,
//! reminders, severities.
//!
//! Invariants: a number is written in figures with its unit; a promise stands in a
//! list whose lead-in says how firm it is.
//!
//! Deliberately absent: everything without a time.

use super::place::{Form, Section};
use super::words::{amount, capital, issues, only_for, origin, severity};
use super::writer::Candidate;
use crate::model::{
    Condition, DisclosureKind, DisclosureRule, EarlyCause, Firmness, FollowUp, LateCause,
    Milestone, Origin, Promise, Severity, SeverityClass, Term,
};

const PROMISED: Form = Form::item("We commit to these response times:");
const AIMED: Form = Form::item("We aim for these response times:");
const USUAL: Form = Form::item("This is what usually happens:");
pub(super) const WE_WILL: Form = Form::item("We will:");
const KEPT_UNTIL: Form = Form::item("Details are not disclosed until:");
const UNTIL: Form = Form::item("Please do not disclose the problem until:");

/// A promise: "Fix for critical issues: within 7 days".
pub(super) fn promise(p: &Promise) -> Vec<Candidate> {
    if let Some(condition) = p.condition {
        return conditional(p, condition);
    }
    let list = match p.firmness {
        Firmness::Commit => PROMISED,
        Firmness::Target => AIMED,
        Firmness::Typical => USUAL,
    };
    let put = |text: String| Candidate::new(Section::Response, list.clone(), text);
    let term = format!("{}{}", term(&p.term), origin(p.from));
    let rated = match p.severity {
        Some(rank) if p.milestone == Milestone::Response => {
            vec![put(format!("{}: {term}", severity(rank)))]
        }
        _ => Vec::new(),
    };
    let Some(head) = head(p.milestone) else {
        let own = vec![Candidate::new(
            Section::Commitment,
            WE_WILL,
            conduct(p.milestone),
        )];
        return [rated, own].concat();
    };
    let head = match p.severity {
        None => head.to_owned(),
        Some(rank) => {
            let joint = match p.milestone {
                Milestone::Fix | Milestone::Plan => "for",
                Milestone::Conversation => "about",
                _ => "of",
            };
            format!("{head} {joint} {}", issues(rank))
        }
    };
    let mut out = rated;
    if p.milestone == Milestone::Acknowledgement && is_silent(&p.term) {
        let text = "Acknowledge receipt of your report";
        out.push(Candidate::new(Section::Commitment, WE_WILL, text));
    }
    out.push(put(format!("{head}: {term}")));
    out
}

/// "If the problem is being exploited, we will release a fix within 3 days."
fn conditional(p: &Promise, condition: Condition) -> Vec<Candidate> {
    let time = format!("{}{}", term(&p.term), origin(p.from));
    let will = match p.firmness {
        Firmness::Commit => "we will",
        Firmness::Target => "we aim to",
        Firmness::Typical => "we usually",
    };
    let act = match p.milestone {
        Milestone::Acknowledgement => "acknowledge your report",
        Milestone::Triage => "triage it",
        Milestone::Assessment => "assess it",
        Milestone::Fix => "fix it",
        Milestone::PatchRelease => "release a patch",
        Milestone::Disclosure => "publish the details",
        _ => return Vec::new(),
    };
    let when = match condition {
        Condition::Exploited => "If the problem is being exploited",
        Condition::Holidays => "During holidays",
        Condition::Sponsored => "If you sponsor us",
    };
    vec![Candidate::new(
        Section::Response,
        Form::Sentence,
        format!("{when}, {will} {act} {time}."),
    )]
}

fn is_silent(term: &Term) -> bool {
    matches!(term, Term::Unquantified { words } if words.is_empty())
}

const fn head(milestone: Milestone) -> Option<&'static str> {
    Some(match milestone {
        Milestone::Acknowledgement => "Acknowledgement",
        Milestone::Triage => "Triage",
        Milestone::Assessment => "Assessment",
        Milestone::Plan => "Plan",
        Milestone::Conversation => "Start a conversation",
        Milestone::Update => "Status updates",
        Milestone::Decision => "Decision",
        Milestone::Bounty => "Reward",
        Milestone::Fix => "Fix",
        Milestone::PatchRelease => "Release of the fix",
        Milestone::Disclosure => "Public disclosure",
        Milestone::Response | Milestone::Credit | Milestone::Conduct => return None,
    })
}

const fn conduct(milestone: Milestone) -> &'static str {
    match milestone {
        Milestone::Credit => "Give you credit in the advisory",
        _ => "Judge your report objectively",
    }
}

fn term(term: &Term) -> String {
    match term {
        Term::Within {
            amount: most,
            at_least: None,
            unit,
        } => format!("within {}", amount(*most, *unit)),
        Term::Within {
            amount: most,
            at_least: Some(least),
            unit,
        } => format!("within {least} to {}", amount(*most, *unit)),
        Term::Every { amount: n, unit } => format!("every {}", amount(*n, *unit)),
        Term::Immediate => "immediately".to_owned(),
        Term::NextRelease => "with the next release".to_owned(),
        Term::Unquantified { words } => words.clone(),
    }
}

/// A rule about how details become public.
pub(super) fn disclosure(rule: &DisclosureRule) -> Vec<Candidate> {
    let put = |text: String| vec![Candidate::new(Section::Disclosure, Form::Sentence, text)];
    let only = rule.severity;
    match &rule.rule {
        DisclosureKind::Window {
            amount: n,
            unit,
            from,
        } => window(&amount(*n, *unit), *from, only),
        DisclosureKind::Expedited => {
            let who = only.map_or("pressing problems", issues);
            put(format!("{} follow an expedited timeline.", capital(who)))
        }
        DisclosureKind::UntilValidatedOrAgreed => {
            let about = only.map_or(String::new(), |s| format!(", for {}", issues(s)));
            [UNTIL, KEPT_UNTIL]
                .map(|list| {
                    let text = format!("it is validated and addressed{about}");
                    Candidate::new(Section::Disclosure, list, text)
                })
                .to_vec()
        }
        DisclosureKind::UntilFixed => {
            let asks = "Please keep the details confidential until they are fixed.";
            [asks, sentence(&rule.rule)]
                .map(|text| {
                    let text = only_for(only, text);
                    Candidate::new(Section::Disclosure, Form::Sentence, text)
                })
                .to_vec()
        }
        other => put(only_for(only, sentence(other))),
    }
}

fn window(time: &str, from: Origin, only: Option<Severity>) -> Vec<Candidate> {
    let text = format!(
        "Please give us at least {time}{} before you disclose the details.",
        origin(from)
    );
    // The first asks, which is a duty besides; the second only says how long it takes.
    let states = format!(
        "The usual time until public disclosure is {time}{}.",
        origin(from)
    );
    [text, states]
        .map(|text| Candidate::new(Section::Disclosure, Form::Sentence, only_for(only, &text)))
        .to_vec()
}

const fn sentence(kind: &DisclosureKind) -> &'static str {
    match kind {
        DisclosureKind::Agreed => "We agree on the date of publication with you.",
        DisclosureKind::PrivateFirst => "Please report privately before anything is public.",
        DisclosureKind::Extension => "An extended timeline is possible where the fix is hard.",
        DisclosureKind::UntilFixed => "Details stay private until a fix is available.",
        DisclosureKind::FreeAfterDate => "You may publish what you found after the agreed date.",
        DisclosureKind::MayStayInternal => "Some reports may be kept internal to the project.",
        DisclosureKind::WhenApplicable => "We support public disclosure when applicable.",
        DisclosureKind::PublishMitigations => "We publish mitigations for those who cannot update.",
        DisclosureKind::Full => "We practise full disclosure.",
        DisclosureKind::AfterFix => "We publish the details once a fix is available.",
        DisclosureKind::TimeToFix => {
            "Please give us reasonable time to fix the problem before you disclose it."
        }
        DisclosureKind::Earlier { when } => earlier(*when),
        DisclosureKind::Later { when } => later(*when),
        DisclosureKind::Coordinated
        | DisclosureKind::Window { .. }
        | DisclosureKind::Expedited
        | DisclosureKind::UntilValidatedOrAgreed => {
            "We follow coordinated vulnerability disclosure."
        }
    }
}

const fn earlier(when: EarlyCause) -> &'static str {
    match when {
        EarlyCause::Exploited => "We may disclose earlier if the problem is being exploited.",
        EarlyCause::Known => "We may disclose earlier if the problem is publicly known.",
        EarlyCause::SimpleExploit => "We may disclose earlier if it is easy to exploit.",
        EarlyCause::SimpleMitigation => "We may disclose earlier if it is easy to mitigate.",
        EarlyCause::Critical => "We may disclose earlier if the problem is critical.",
        EarlyCause::FixReady => "We may disclose earlier if the fix is ready.",
        EarlyCause::Agreement => "We may disclose earlier if both sides agree.",
        EarlyCause::Other => "We reserve the right to publish details earlier.",
    }
}

const fn later(when: LateCause) -> &'static str {
    match when {
        LateCause::Complex => "We may extend the time if the fix is complex.",
        LateCause::FixNotReady => "We may extend the time if the fix is not ready.",
        LateCause::Agreement => "We may extend the time if both sides agree.",
        LateCause::Coordination => "We may extend the time if others have to be coordinated.",
        LateCause::Victims => "We may extend the time if victims ask for it.",
        LateCause::HighValue => "We may extend the time if high-value targets are at risk.",
        LateCause::LowSeverity => "We may extend the time if the severity is low.",
        LateCause::Other => "We may extend the time in other cases.",
    }
}

/// "If you have not heard from us within 7 days, please write again."
pub(super) fn follow_up(f: &FollowUp) -> Vec<Candidate> {
    let text = match f.after {
        Some((n, unit)) => format!(
            "If you have not heard from us within {}, {}.",
            amount(n, unit),
            f.action
        ),
        None => format!("{}.", capital(&f.action)),
    };
    [Section::Reporting, Section::Response]
        .map(|section| Candidate::new(section, Form::Sentence, text.clone()))
        .to_vec()
}

/// Headers of a table of severities; the last column decides what a time in it means.
const RATED: [&[&str]; 4] = [
    &["Severity", "Examples", "Response"],
    &["Severity", "Examples", "Fix"],
    &["Severity", "Examples", "Acknowledgement"],
    &["Severity", "Examples", "Action"],
];

/// What falls under a severity, and its response.
pub(super) fn severity_class(class: &SeverityClass) -> Vec<Candidate> {
    let name = severity(class.severity);
    let classes = class.classes.join(", ");
    let mut out = vec![
        Candidate::new(
            Section::Severity,
            Form::item(""),
            format!("{name}: {classes}"),
        ),
        Candidate::new(
            Section::Severity,
            Form::Row(&["Severity", "Examples"]),
            format!("| {name} | {classes} |"),
        ),
    ];
    let response = class.response.as_deref().unwrap_or("");
    for header in RATED {
        out.push(Candidate::new(
            Section::Severity,
            Form::Row(header),
            format!("| {name} | {classes} | {response} |"),
        ));
    }
    out
}
