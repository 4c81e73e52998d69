//! From a policy back to texts: SECURITY.md, JSON, security-insights.yml.
//!
//! Invariants: compiling a rendered SECURITY.md gives the policy again, but for lines,
//! words and ids; where that is not possible, [`Rendered`] says what differs. Nothing is
//! written that the policy does not say.
//!
//! Deliberately absent: files, and the security.txt of a running program (see `run`).

mod draft;
mod facts;
mod insights;
mod json;
mod people;
mod place;
mod reports;
mod times;
mod words;
mod writer;
mod yaml;

use std::collections::BTreeSet;

use candor_base::Span;

use crate::compile::reading;
use crate::model::{AdviceKind, Clause, DisclosureKind, Policy};
use crate::vocab;

use self::facts::{Fact, Key, ORDERED, facts, missing};
use self::place::{Form, Section};
use self::writer::{Candidate, Writer};

pub use draft::{Answers, Draft, Harbour, WrongAnswer};
pub use facts::{Unshared, says_the_same};
pub use insights::{Insights, InsightsFile};
pub use json::{JSON_FORMAT, policy_json};

/// A rendered SECURITY.md.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The text.
    pub text: String,
    /// What the policy says and the text does not.
    pub lost: Vec<Unshared>,
    /// What the text says and the policy does not.
    pub added: Vec<Unshared>,
}

/// Renders a policy as Markdown.
pub fn security_md(policy: &Policy) -> Rendered {
    let text = vocab::remembering(8 * 1024, || written(policy));
    let back = vocab::remembering(text.len(), || reading(&text));
    Rendered {
        lost: missing(policy, &back, false),
        added: missing(&back, policy, true),
        text,
    }
}

/// Clauses that are written at most: several times what the longest real policy says.
/// Each wording is compiled before it is written, so this bounds the time; what is left
/// out stands in [`Rendered::lost`].
const MOST_WRITTEN: usize = 400;

/// A clause that is to be written: its fact, its own words, and wordings for it.
struct Job {
    key: Key,
    /// The owner's own words; empty without any.
    words: String,
    own: Vec<Candidate>,
    plain: Vec<Candidate>,
    /// The owner's own words come first.
    own_first: bool,
}

fn written(policy: &Policy) -> String {
    let all = facts(policy);
    let mut writer = Writer::new(&all, policy);
    let product = policy.product.as_ref().map(|c| c.value.as_str());
    let product = product.filter(|name| {
        let back = reading(&place::title(Some(name)));
        back.product.is_some_and(|c| c.value == *name)
    });
    if product.is_some() {
        all.iter()
            .filter(|f| f.key.0 == "product")
            .for_each(|f| writer.said(&f.key));
    }
    if !policy.safe_harbour.is_empty() {
        let ways = people::harbour(policy);
        let own = all.iter().filter(|f| f.key.0 == "safe_harbour");
        let keys: Vec<&Key> = own.map(|f| &f.key).collect();
        let _ = ways.iter().any(|lines| writer.write_all(&keys, lines));
    }
    let mut jobs = jobs(policy, &all);
    // Where the order counts, nothing else may write a line first.
    jobs.sort_by_key(|job| !ORDERED.contains(&job.key.0.as_str()));
    let mut tried = 0;
    for job in jobs {
        if writer.wrote(&job.words, &job.key) || !writer.needs(&job.key) {
            continue;
        }
        tried += 1;
        if tried > MOST_WRITTEN {
            break;
        }
        let (first, then) = if job.own_first {
            (job.own, job.plain)
        } else {
            (job.plain, job.own)
        };
        if writer.write(&job.key, &first) || writer.write(&job.key, &then) {
            writer.wrote(&job.words, &job.key);
        }
    }
    let credit = policy.credit.iter();
    let scoring = policy.scoring.iter();
    let put_together = [
        (
            "credit",
            credit.map(|c| people::credit(&c.value, &c.quote)).next(),
        ),
        (
            "scoring",
            scoring.map(|c| people::scoring(&c.value, &c.quote)).next(),
        ),
    ];
    for (part, ways) in put_together {
        let fact = all.iter().find(|f| f.key.0 == part);
        let (Some(fact), Some(ways)) = (fact, ways) else {
            continue;
        };
        // Words of other clauses may have said it on the way.
        if !writer.stands(&fact.key) {
            let _ = ways
                .iter()
                .any(|lines| writer.write_whole(&fact.key, lines));
        }
    }
    process(policy, &mut writer);
    writer.finish(product)
}

/// The list from which acts were read, where no steps brought it along.
fn process(policy: &Policy, writer: &mut Writer) {
    let mut quotes: Vec<&str> = Vec::new();
    for clause in &policy.acts {
        let row = clause.quote.contains(" | ");
        let fragment = policy.in_full(clause.span, &clause.quote) != clause.quote;
        if !row && !fragment && !quotes.contains(&clause.quote.as_str()) {
            quotes.push(&clause.quote);
        }
    }
    let lines: Vec<Candidate> = quotes.into_iter().map(people::own_step).collect();
    writer.write_together(&lines);
}

/// Parts in which the text itself is what a clause says, or most of it.
const IN_OWN_WORDS: [&str; 38] = [
    "statements",
    "delegates_to",
    "upgrade_first",
    "patch_targets",
    "public_ban",
    "known_public_rule",
    "when_to_report",
    "not_here",
    "incomplete_rule",
    "contents",
    "follow_up",
    "assessment_basis",
    "impact_ranking",
    "steps",
    "fix_kinds",
    "disclosure",
    "outlets",
    "distributors",
    "subscribe",
    "in_scope",
    "out_of_scope",
    "context_factors",
    "duties",
    "safe_harbour",
    "practices",
    "advice",
    "fielded_by",
    "review",
    "disclaimers",
    "contacts",
    "prerequisites",
    "other_severities",
    "cve",
    "anonymity",
    "bounty",
    "embargo_list",
    "report_languages",
    "timetable",
];

fn jobs(policy: &Policy, all: &[Fact]) -> Vec<Job> {
    let mut out = Vec::new();
    let mut of_part = |part: &str, plain: &mut dyn FnMut(usize) -> Vec<Candidate>| {
        let own = all.iter().filter(|f| f.key.0 == part);
        for fact in own {
            let n = fact.place;
            // Words that say several things stand where they say all of them.
            let alike = all
                .iter()
                .filter(|f| f.span == fact.span && f.quote == fact.quote && f.key.0 != part);
            let mut own = own_words(policy, part, &fact.quote, fact.span);
            for other in alike {
                own.extend(own_words(policy, &other.key.0, &fact.quote, fact.span));
            }
            out.push(Job {
                key: fact.key.clone(),
                words: fact.quote.clone(),
                own,
                plain: plain(n),
                own_first: (IN_OWN_WORDS.contains(&part) && !has_number(policy, part, n))
                    || (part == "versions" && in_prose(policy)),
            });
        }
    };
    let mut worded: Vec<&str> = Vec::new();
    macro_rules! parts {
        ($($field:ident => $wording:expr;)*) => {
            $(
                worded.push(stringify!($field));
                let list: Vec<_> = policy.$field.iter().collect();
                of_part(stringify!($field), &mut |n| match list.get(n) {
                    Some(clause) => ($wording)(clause),
                    None => Vec::new(),
                });
            )*
        };
    }
    let sentence = |c: &Clause<String>| as_text(&c.value);
    let with_end = policy.versions.iter().any(|c| c.value.end.is_some());
    parts! {
        statements => |c: &Clause<String>| vec![
            Candidate::new(Section::Intro, Form::Sentence, &c.value),
            Candidate::new(Section::About, Form::item(""), &c.value),
            Candidate::new(Section::Disclaimer, Form::Sentence, &c.value),
        ];
        versions => |c: &Clause<_>| reports::version(&c.value, with_end);
        patch_targets => |c: &Clause<_>| reports::patch_target(c.value);
        upgrade_first => sentence;
        delegates_to => |c: &Clause<String>| {
            let page = format!("For details, please see [this page]({}).", c.value);
            let other = format!("Please refer to {} for details.", c.value);
            [page, other, c.value.clone()].iter().flat_map(|text| as_text(text)).collect()
        };
        channels => |c: &Clause<_>| reports::channel(&c.value);
        public_ban => sentence;
        encryption => |c: &Clause<_>| reports::encryption(&c.value);
        known_public_rule => sentence;
        follow_up => |c: &Clause<_>| times::follow_up(&c.value);
        when_to_report => |c: &Clause<String>| {
            let item = Candidate::new(Section::WhenToReport, Form::item(""), &c.value);
            [as_text(&c.value), vec![item]].concat()
        };
        not_here => sentence;
        incomplete_rule => |c: &Clause<String>| {
            vec![Candidate::new(Section::Contents, Form::Sentence, &c.value)]
        };
        contents => |c: &Clause<_>| reports::content(&c.value);
        promises => |c: &Clause<_>| times::promise(&c.value);
        severities => |c: &Clause<_>| times::severity_class(&c.value);
        assessment_basis => sentence;
        impact_ranking => |c: &Clause<_>| people::impact_rank(&c.value);
        context_factors => |c: &Clause<_>| reports::context_factor(c.value);
        steps => |c: &Clause<_>| people::step(&c.value);
        fix_kinds => |_: &Clause<_>| people::fix_kinds(policy);
        disclosure => |c: &Clause<_>| times::disclosure(&c.value);
        outlets => |c: &Clause<_>| people::outlet(&c.value);
        distributors => sentence;
        subscribe => sentence;
        in_scope => |c: &Clause<_>| reports::scope(Section::InScope, &c.value);
        out_of_scope => |c: &Clause<_>| reports::scope(Section::OutOfScope, &c.value);
        duties => |c: &Clause<crate::model::Duty>| people::duty(c.value.kind);
        safe_harbour => |_: &Clause<_>| Vec::new();
        advice => |c: &Clause<crate::model::Advice>| people::advice(c.value.kind, &c.quote);
        practices => |c: &Clause<String>| {
            vec![Candidate::new(Section::Practices, Form::item(""), &c.value)]
        };
        contacts => |c: &Clause<_>| people::contact(&c.value);
        disclaimers => |c: &Clause<crate::model::Disclaimer>| people::disclaimer(c.value.kind);
        fielded_by => sentence;
        cve => |c: &Clause<_>| people::cve(c.value);
        anonymity => sentence;
        bounty => |c: &Clause<_>| people::bounty(c.value);
        review => |c: &Clause<_>| people::review(&c.value);
    }
    // Parts without wordings of their own stand in the words they were read from.
    let put_together = ["product", "credit", "scoring", "acts"];
    worded.extend(put_together);
    let rest: BTreeSet<String> = all
        .iter()
        .map(|f| f.key.0.clone())
        .filter(|part| !worded.contains(&part.as_str()))
        .collect();
    for part in &rest {
        of_part(part, &mut |_| Vec::new());
    }
    out
}

/// A sentence that is a clause of its own, wherever it is read as one.
fn as_text(text: &str) -> Vec<Candidate> {
    [
        Section::Reporting,
        Section::Disclosure,
        Section::Versions,
        Section::Outlets,
        Section::Response,
        Section::About,
    ]
    .into_iter()
    .map(|section| Candidate::new(section, Form::Sentence, text))
    .chain([Candidate::new(Section::About, Form::item(""), text)])
    .collect()
}

/// Whether all rules about versions are sentences: no table may stand beside them.
fn in_prose(policy: &Policy) -> bool {
    policy
        .versions
        .iter()
        .all(|c| !c.quote.is_empty() && !c.quote.contains(" | "))
}

/// Numbers are always written from their value, so that a corrected one is not
/// overruled by the words it was once read from.
fn has_number(policy: &Policy, part: &str, n: usize) -> bool {
    part == "disclosure"
        && policy
            .disclosure
            .get(n)
            .is_some_and(|c| matches!(c.value.rule, DisclosureKind::Window { .. }))
}

/// The owner's own words, in the places where such a clause can stand.
fn own_words(policy: &Policy, part: &str, quote: &str, span: Span) -> Vec<Candidate> {
    if quote.is_empty() || quote.contains(" | ") {
        return Vec::new();
    }
    let sentence = |section| Candidate::new(section, Form::Sentence, quote);
    let item = |section| Candidate::new(section, Form::item(""), quote);
    let sentence_before = policy
        .lead_ins
        .iter()
        .find(|c| c.value.items.contains(&span));
    let led = |section| {
        sentence_before.map(|c| Candidate::new(section, Form::Item(c.quote.clone().into()), quote))
    };
    let keeps_its_lead = !matches!(part, "disclosure" | "context_factors");
    if sentence_before.is_some() && keeps_its_lead {
        // Without its lead the item says the opposite.
        let section = match part {
            "safe_harbour" => Section::Harbour,
            "duties" => Section::Duties,
            "practices" => Section::Practices,
            "advice" => Section::Advice,
            _ => Section::About,
        };
        return led(section).into_iter().collect();
    }
    let mut out: Vec<Candidate> = match part {
        "versions" | "patch_targets" | "upgrade_first" | "delegates_to" => {
            vec![sentence(Section::Versions), item(Section::Versions)]
        }
        "statements" => vec![sentence(Section::Intro), sentence(Section::About)],
        "contents" => vec![
            Candidate::new(Section::Contents, reports::ASKED, quote),
            Candidate::new(Section::Contents, reports::DEMANDED, quote),
        ],
        "steps" => vec![people::own_step(quote)],
        "duties" => vec![people::own_duty(quote)],
        "in_scope" => vec![item(Section::InScope)],
        "out_of_scope" => vec![item(Section::OutOfScope)],
        "outlets" | "subscribe" | "distributors" => {
            vec![item(Section::Outlets), sentence(Section::Outlets)]
        }
        "practices" => vec![item(Section::Practices)],
        "advice" => own_advice(policy, quote, span),
        "contacts" => vec![item(Section::Contact), sentence(Section::Contact)],
        "when_to_report" => vec![item(Section::WhenToReport)],
        "promises" => vec![
            sentence(Section::Response),
            item(Section::Response),
            Candidate::new(Section::Commitment, times::WE_WILL, quote),
        ],
        "disclosure" => led(Section::Disclosure)
            .into_iter()
            .chain([sentence(Section::Disclosure), item(Section::Disclosure)])
            .collect(),
        "context_factors" => led(Section::Assessment).into_iter().collect(),
        "impact_ranking" | "assessment_basis" => vec![sentence(Section::Assessment)],
        "severities" => vec![item(Section::Severity)],
        "review" => vec![sentence(Section::About)],
        "disclaimers" => vec![sentence(Section::Disclaimer)],
        "safe_harbour" => vec![sentence(Section::Harbour), item(Section::Harbour)],
        _ => Vec::new(),
    };
    out.extend(
        [
            Section::Reporting,
            Section::Disclosure,
            Section::Response,
            Section::Assessment,
            Section::About,
        ]
        .map(sentence),
    );
    out.extend([
        item(Section::About),
        item(Section::Reporting),
        item(Section::Disclosure),
    ]);
    out
}

fn own_advice(policy: &Policy, quote: &str, span: Span) -> Vec<Candidate> {
    let is_setting = policy
        .advice
        .iter()
        .any(|c| c.span == span && c.quote == quote && c.value.kind == AdviceKind::Configuration);
    if is_setting {
        return vec![Candidate::new(Section::Advice, Form::Code, quote)];
    }
    vec![
        Candidate::new(Section::Advice, Form::item(""), quote),
        Candidate::new(Section::Advice, Form::Sentence, quote),
    ]
}
