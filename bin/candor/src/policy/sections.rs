//! A policy as text for the terminal: promises first, then every part with its
//! lines, then what is not stated.
//!
//! Invariant: what the text does not say is called "not stated"; Candor's own
//! defaults are called Candor's.

use candor_base::{Finding, Span};
use candor_policy::model::{Act, Channel, ChannelKind, Clause, ContentItem, Demand, ScopeItem};
use candor_policy::settings::{PolicyInForce, Said};
use candor_policy::{Policy, PromiseKind, PromiseLine, channel_words, timetable_words};

use super::finding_words;
use crate::say::{Paint, Tone, harmless, wrapped};

/// A line of a part: where it stands, and its words.
type Row = (Option<Span>, String);

/// The whole policy as text.
pub(crate) fn text(policy: &PolicyInForce, findings: &[Finding], paint: Paint) -> String {
    let p = &policy.policy;
    let mut out = Vec::new();
    let product = p
        .product
        .as_ref()
        .map_or("not stated", |c| c.value.as_str());
    out.push(format!(
        "{} {}",
        paint.paint(Tone::Strong, "Product:"),
        harmless(product)
    ));
    out.push(format!(
        "Policy version {}",
        policy.digest.to_string().get(..12).unwrap_or("")
    ));
    out.push(format!("Calendar: {}", calendar_words(policy)));
    out.push(String::new());
    out.push(paint.paint(Tone::Strong, "Promises"));
    out.extend(promise_lines(
        &candor_policy::promises_in_words(policy),
        paint,
    ));
    let mut silent: Vec<&str> = Vec::new();
    for (title, rows) in parts(p) {
        let rows = once(rows);
        if rows.is_empty() {
            silent.push(title);
            continue;
        }
        out.push(String::new());
        out.push(paint.paint(Tone::Strong, title));
        for (span, words) in rows {
            out.push(row(span, &words));
        }
    }
    if !silent.is_empty() {
        out.push(String::new());
        out.push(paint.paint(Tone::Strong, "Not stated"));
        out.push(format!(
            "  {}",
            wrapped(&format!("{}.", silent.join("; ")), 2)
        ));
    }
    let not_yet = candor_policy::not_yet_run(p);
    if !not_yet.is_empty() {
        out.push(String::new());
        out.push(paint.paint(Tone::Strong, "Not yet run by Candor"));
        let rows = not_yet
            .iter()
            .map(|(_, span, why)| (Some(*span), (*why).to_owned()))
            .collect();
        out.extend(once(rows).into_iter().map(|(span, why)| row(span, &why)));
    }
    if !findings.is_empty() {
        out.push(String::new());
        out.push(paint.paint(Tone::Strong, "What could be better"));
        out.extend(findings.iter().map(|f| finding_words(f, paint)));
    }
    out.join("\n")
}

/// Promises, one a line: where, how firm, what.
pub(crate) fn promise_lines(promises: &[PromiseLine], paint: Paint) -> Vec<String> {
    promises
        .iter()
        .map(|p| {
            let place = p
                .span
                .map_or_else(|| "not stated".to_owned(), |s| s.to_string());
            let tone = match p.kind {
                PromiseKind::Number => Tone::Good,
                PromiseKind::NoNumber => Tone::Warn,
                PromiseKind::CandorDefault => Tone::Quiet,
            };
            format!(
                "  {place:<13} {} {}",
                paint.paint(tone, &format!("{:<20}", p.firmness)),
                wrapped(&harmless(&p.text), 37)
            )
        })
        .collect()
}

/// Zone, week and holidays, and who said so.
pub(crate) fn calendar_words(policy: &PolicyInForce) -> String {
    let calendar = policy.calendar();
    let who = match policy.calendar_said() {
        Said::Policy => "stated in the policy",
        Said::Owner => "set by the owner",
        Said::Candor => "not stated; Candor's default",
    };
    format!("{}, {} ({who})", calendar.zone, calendar.name)
}

fn row(span: Option<Span>, words: &str) -> String {
    let place = span.map_or(String::new(), |s| s.to_string());
    format!("  {place:<13} {}", wrapped(&harmless(words), 16))
}

fn quotes<T>(p: &Policy, clauses: &[Clause<T>]) -> Vec<Row> {
    clauses
        .iter()
        .map(|c| (Some(c.span), p.in_full(c.span, &c.quote)))
        .collect()
}

fn one<T>(clause: Option<&Clause<T>>) -> Vec<Row> {
    clause
        .into_iter()
        .map(|c| (Some(c.span), c.quote.clone()))
        .collect()
}

/// Each sentence once in a part, however many things it says.
fn once(rows: Vec<Row>) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::new();
    for row in rows {
        if !out.contains(&row) {
            out.push(row);
        }
    }
    out
}

/// Each item after the sentence that leads into it; [`once`] shows that once.
fn led<T>(p: &Policy, clauses: &[Clause<T>]) -> Vec<Row> {
    let mut out = Vec::new();
    for clause in clauses {
        let mut leads = p.lead_ins.iter();
        let lead = leads.find(|l| l.value.items.contains(&clause.span));
        out.extend(lead.map(|l| (Some(l.span), l.quote.clone())));
        out.push((Some(clause.span), clause.quote.clone()));
    }
    out
}

/// Severity words, those that Candor works with first.
fn severities(p: &Policy) -> Vec<Row> {
    let mut rows = quotes(p, &p.severities);
    rows.extend(quotes(p, &p.other_severities));
    rows
}

fn credit(p: &Policy) -> Vec<Row> {
    let mut rows = one(p.credit.as_ref());
    if let Some(clause) = &p.credit {
        rows.extend(quotes(p, &clause.value.more));
    }
    rows
}

/// Every part of a policy in the order people look for them.
fn parts(p: &Policy) -> Vec<(&'static str, Vec<Row>)> {
    let mut all = vec![
        ("Do not report in public", quotes(p, &p.public_ban)),
        ("Channels", channels(&p.channels)),
        ("Encryption", quotes(p, &p.encryption)),
        ("What a report should hold", contents(&p.contents)),
        ("Incomplete reports", one(p.incomplete_rule.as_ref())),
        ("What a report must fulfil", quotes(p, &p.prerequisites)),
        ("Supported versions", versions(p)),
        ("Where patches go", quotes(p, &p.patch_targets)),
        ("Upgrade first", one(p.upgrade_first.as_ref())),
        ("In scope", scope(&p.in_scope)),
        ("Out of scope", scope(&p.out_of_scope)),
        ("Context worked out together", led(p, &p.context_factors)),
        ("When to report", quotes(p, &p.when_to_report)),
        ("Not a matter for this channel", quotes(p, &p.not_here)),
        ("Already public", one(p.known_public_rule.as_ref())),
        ("Severity", severities(p)),
        ("Scoring", one(p.scoring.as_ref())),
        ("What severity rests on", quotes(p, &p.assessment_basis)),
        ("Impact in order of concern", quotes(p, &p.impact_ranking)),
        ("Process", quotes(p, &p.steps)),
        ("What is done with a report", acts(&p.acts)),
        ("CVE ids", quotes(p, &p.cve)),
        ("Kinds of fix", quotes(p, &p.fix_kinds)),
        ("Disclosure", led(p, &p.disclosure)),
    ];
    all.extend(later_parts(p));
    // Few policies name any: nobody is told that they are missing.
    if !p.timetable.is_empty() {
        all.push(("Days of publication", timetable(p)));
    }
    all
}

fn later_parts(p: &Policy) -> Vec<(&'static str, Vec<Row>)> {
    vec![
        ("Where advisories appear", quotes(p, &p.outlets)),
        ("Distributors", quotes(p, &p.distributors)),
        ("Subscribe", one(p.subscribe.as_ref())),
        ("Credit", credit(p)),
        ("Staying unnamed", quotes(p, &p.anonymity)),
        ("Money for reports", quotes(p, &p.bounty)),
        ("Safe harbour", quotes(p, &p.safe_harbour)),
        ("What is asked of reporters", quotes(p, &p.duties)),
        ("If you hear nothing", quotes(p, &p.follow_up)),
        ("Word to others in advance", quotes(p, &p.advance_notice)),
        ("Contacts", quotes(p, &p.contacts)),
        ("Who reads reports", one(p.fielded_by.as_ref())),
        ("Review of the policy", one(p.review.as_ref())),
        ("Disclaimers", quotes(p, &p.disclaimers)),
        ("Advice to users", quotes(p, &p.advice)),
        ("Practices", quotes(p, &p.practices)),
        ("Statements", quotes(p, &p.statements)),
        ("Said elsewhere", quotes(p, &p.delegates_to)),
        ("Blanks not filled in", quotes(p, &p.placeholders)),
        ("Early notice to distributors", one(p.embargo_list.as_ref())),
        ("Languages of reports", quotes(p, &p.report_languages)),
    ]
}

/// Names of the parts that the text leaves out.
pub(crate) fn not_stated(p: &Policy) -> Vec<&'static str> {
    let mut out: Vec<&'static str> = parts(p)
        .into_iter()
        .filter(|(_, rows)| rows.is_empty())
        .map(|(title, _)| title)
        .collect();
    // No policy form known to Candor states these.
    out.extend(["Time zone", "Business days and holidays"]);
    out
}

fn timetable(p: &Policy) -> Vec<Row> {
    let rules = p.timetable.iter();
    rules
        .map(|c| (Some(c.span), timetable_words(c.value)))
        .collect()
}

fn acts(acts: &[Clause<Act>]) -> Vec<Row> {
    acts.iter()
        .map(|c| (Some(c.span), c.value.words().to_owned()))
        .collect()
}

fn channels(channels: &[Clause<Channel>]) -> Vec<Row> {
    channels
        .iter()
        .map(|c| {
            let kind = channel_words(c.value.kind);
            let never = if c.value.kind == ChannelKind::PublicIssue {
                " (never used by Candor)"
            } else {
                ""
            };
            let value = c.value.value.as_deref().unwrap_or("no address stated");
            let preferred = if c.value.preferred { ", preferred" } else { "" };
            let conditional = if c.value.conditional {
                ", where available"
            } else {
                ""
            };
            (
                Some(c.span),
                format!("{kind}{never}: {value}{preferred}{conditional}"),
            )
        })
        .collect()
}

fn contents(items: &[Clause<ContentItem>]) -> Vec<Row> {
    items
        .iter()
        .map(|c| {
            let demand = match c.value.demand {
                Demand::Mandatory => "required",
                Demand::Asked => "asked for",
                Demand::Optional => "optional",
                Demand::IfApplicable => "if applicable",
            };
            (Some(c.span), format!("{} ({demand})", c.value.label))
        })
        .collect()
}

fn scope(items: &[Clause<ScopeItem>]) -> Vec<Row> {
    items
        .iter()
        .map(|c| {
            let detail = if c.value.detail.is_empty() {
                String::new()
            } else {
                format!(": {}", c.value.detail)
            };
            (Some(c.span), format!("{}{detail}", c.value.name))
        })
        .collect()
}

fn versions(p: &Policy) -> Vec<Row> {
    use candor_policy::model::Support;
    p.versions
        .iter()
        .map(|c| {
            let support = match c.value.support {
                Support::Full => "supported",
                Support::SecurityOnly => "security fixes only",
                Support::CriticalOnly => "critical fixes only",
                Support::BestEffort => "best effort",
                Support::Development => "supported, in development",
                Support::Unclear => "neither yes nor no",
                Support::None => "not supported",
            };
            let end = match &c.value.end {
                Some(end) => format!(", until: {end}"),
                None => String::new(),
            };
            (Some(c.span), format!("{}: {support}{end}", c.value.label))
        })
        .collect()
}
