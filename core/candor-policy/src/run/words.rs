//! Promises in plain words, for pages, terminals and messages.
//!
//! Invariants: a promise without a number never gets one in words; Candor's
//! own defaults are called so.
//!
//! Deliberately absent: dates; a promise becomes one only on a case.

use candor_base::Span;
use candor_calendar::{Unit, Within};
use serde::{Deserialize, Serialize};

use crate::clocks::{ClockRule, ClockSource, ClockSpec, MetBy};
use crate::model::{
    ChannelKind, Clause, ClauseId, Condition, DisclosureKind, Firmness, Milestone, Origin, Policy,
    Promise, Severity, Term, TermUnit, TimetableRule,
};
use crate::run::plan::clocks;
use crate::run::timetable::{notice_words, says_it_whole, timetable_words};
use crate::settings::PolicyInForce;

/// How a promise line came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseKind {
    /// The policy gives a number (or the next release).
    Number,
    /// The policy promises without a number.
    NoNumber,
    /// The policy is silent; Candor runs its own default inside.
    CandorDefault,
}

/// One promise in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseLine {
    /// "A person answers you within 48 hours".
    pub text: String,
    /// How firm, in one word: `promise`, `target`, `usual`, `our reading`, `Candor's default`.
    pub firmness: String,
    /// The clause, when the policy says it.
    pub clause: Option<ClauseId>,
    /// Its lines.
    pub span: Option<Span>,
    /// Its words.
    pub quote: Option<String>,
    /// Number, no number, or Candor's own.
    pub kind: PromiseKind,
    /// A date follows from the words alone, so a clock runs on each case. What comes
    /// with the next release has none while that release has none.
    pub dated: bool,
}

/// What is promised, as a sentence without its time: "A person answers you".
pub fn milestone_words(milestone: Milestone) -> &'static str {
    match milestone {
        Milestone::Acknowledgement => "A person answers you",
        Milestone::Triage => "Your report is triaged",
        Milestone::Assessment => "You get a first assessment",
        Milestone::Plan => "You get a plan of what happens next",
        Milestone::Decision => "You hear whether it is accepted",
        Milestone::Conversation => "The team opens a conversation with you",
        Milestone::Update => "You get a status update",
        Milestone::Response => "Work on it starts",
        Milestone::Fix => "The problem is fixed",
        Milestone::PatchRelease => "The fix is released",
        Milestone::Disclosure => "Details are published",
        Milestone::Credit => "You are named in the advisory, if you wish",
        Milestone::Bounty => "The reward is paid",
        Milestone::Conduct => "The team keeps to its word",
    }
}

/// What a clock is about, by the act that meets it: a clock is never worded as less
/// than what has to be done for it (S1-18).
pub fn act_words(milestone: Milestone, met_by: MetBy) -> &'static str {
    match met_by {
        MetBy::FixAndPublished => "The problem is fixed and details are published",
        MetBy::DistributorsTold => "Distributors get their notice before the day",
        MetBy::DateTold => "You are told the day of publication",
        MetBy::FixReleased if milestone == Milestone::Response => {
            milestone_words(Milestone::PatchRelease)
        }
        _ => milestone_words(milestone),
    }
}

/// What the team has to do for it, as the team would put it on its own list:
/// "Acknowledge the report". Reporters and the public read [`act_words`].
pub fn team_words(milestone: Milestone, met_by: MetBy) -> &'static str {
    match met_by {
        MetBy::FixAndPublished => "Fix the problem and publish the details",
        MetBy::DistributorsTold => "Give distributors their notice",
        MetBy::DateTold => "Tell the reporter the day of publication",
        MetBy::FixReleased if milestone == Milestone::Response => {
            team_milestone_words(Milestone::PatchRelease)
        }
        _ => team_milestone_words(milestone),
    }
}

/// The same where only the milestone is known.
pub fn team_milestone_words(milestone: Milestone) -> &'static str {
    match milestone {
        Milestone::Acknowledgement => "Acknowledge the report",
        Milestone::Triage => "Triage the report",
        Milestone::Assessment => "Send the reporter a first assessment",
        Milestone::Plan => "Send the reporter a plan",
        Milestone::Decision => "Tell the reporter whether it is accepted",
        Milestone::Conversation => "Open a conversation with the reporter",
        Milestone::Update => "Update the reporter",
        Milestone::Response => "Start to work on it",
        Milestone::Fix => "Fix the problem",
        Milestone::PatchRelease => "Release the fix",
        Milestone::Disclosure => "Publish the details",
        Milestone::Credit => "Name the reporter in the advisory",
        Milestone::Bounty => "Pay the reward",
        Milestone::Conduct => "Keep to the policy",
    }
}

/// A clock in words, with its severity: "The problem is fixed (Critical)".
pub fn clock_words(clock: &ClockSpec) -> String {
    let words = act_words(clock.milestone, clock.met_by);
    match clock.severity {
        None => words.to_owned(),
        Some(severity) => format!("{words} ({})", severity_words(severity)),
    }
}

/// The time of a promise: "within 5 business days", "every 7 days", "no number given (…)".
pub fn term_words(term: &Term) -> String {
    match term {
        Term::Within {
            amount,
            at_least: Some(low),
            unit,
        } => format!("within {low} to {amount} {}", unit_words(*amount, *unit)),
        Term::Within {
            amount,
            at_least: None,
            unit,
        } => format!("within {amount} {}", unit_words(*amount, *unit)),
        Term::Every { amount: 1, unit } => format!("every {}", unit_words(1, *unit)),
        Term::Every { amount, unit } => format!("every {amount} {}", unit_words(*amount, *unit)),
        Term::Immediate => "at once (the policy gives no number)".to_owned(),
        Term::NextRelease => "with the next release".to_owned(),
        Term::Unquantified { words } if words.is_empty() => "the policy gives no time".to_owned(),
        Term::Unquantified { words } => format!("\u{201c}{words}\u{201d} (no number given)"),
    }
}

/// "48 hours", "1 day".
pub(super) fn amount_words(amount: u32, unit: TermUnit) -> String {
    format!("{amount} {}", unit_words(amount, unit))
}

fn unit_words(amount: u32, unit: TermUnit) -> &'static str {
    match (unit, amount == 1) {
        (TermUnit::Hours, true) => "hour",
        (TermUnit::Hours, false) => "hours",
        (TermUnit::BusinessHours, true) => "business hour",
        (TermUnit::BusinessHours, false) => "business hours",
        (TermUnit::Days, true) => "day",
        (TermUnit::Days, false) => "days",
        (TermUnit::BusinessDays, true) => "business day",
        (TermUnit::BusinessDays, false) => "business days",
        (TermUnit::Weeks, true) => "week",
        (TermUnit::Weeks, false) => "weeks",
        (TermUnit::Months, true) => "month",
        (TermUnit::Months, false) => "months",
    }
}

/// A severity word with a capital.
pub fn severity_words(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
        Severity::Critical => "Critical",
    }
}

/// How firm: `promise`, `target` or `usual`.
pub fn firmness_words(firmness: Firmness) -> &'static str {
    match firmness {
        Firmness::Commit => "promise",
        Firmness::Target => "target",
        Firmness::Typical => "usual",
    }
}

/// "line 36", "lines 5-7".
pub fn span_words(span: Span) -> String {
    span.to_string()
}

fn origin_words(from: Origin) -> &'static str {
    match from {
        Origin::Receipt => "",
        Origin::Acknowledgement => " of the acknowledgement",
        Origin::Triage => " of the assessment",
        Origin::Acceptance => " of its acceptance",
        Origin::Fix => " of the fix",
        Origin::Release => " of the release",
        Origin::Disclosure => " of the publication",
    }
}

fn rule_words(rule: &Within) -> String {
    let unit = match rule.unit {
        Unit::Hour => TermUnit::Hours,
        Unit::BusinessHour => TermUnit::BusinessHours,
        Unit::CalendarDay => TermUnit::Days,
        Unit::BusinessDay => TermUnit::BusinessDays,
        Unit::Month => TermUnit::Months,
    };
    format!("{} {}", rule.amount, unit_words(rule.amount, unit))
}

/// Every promise the case will be held to, in words, in the order of the text;
/// Candor's own defaults last.
pub fn promises_in_words(policy: &PolicyInForce) -> Vec<PromiseLine> {
    let read = &policy.policy;
    let whole = |c: &&Clause<Promise>| !says_it_whole(read, c.span, c.value.milestone);
    let mut lines: Vec<PromiseLine> = read.promises.iter().filter(whole).map(of_promise).collect();
    for rule in &policy.policy.disclosure {
        if says_it_whole(read, rule.span, Milestone::Disclosure) {
            continue;
        }
        let DisclosureKind::Window { amount, unit, from } = rule.value.rule else {
            continue;
        };
        let text = with_severity(
            rule.value.severity,
            format!(
                "{} within {amount} {}{}",
                milestone_words(Milestone::Disclosure),
                unit_words(amount, unit),
                origin_words(from)
            ),
        );
        if lines.iter().any(|l| l.text == text) {
            continue;
        }
        lines.push(PromiseLine {
            text,
            firmness: "target".to_owned(),
            clause: Some(rule.id.clone()),
            span: Some(rule.span),
            quote: Some(rule.quote.clone()),
            kind: PromiseKind::Number,
            dated: true,
        });
    }
    lines.extend(of_timetable(&policy.policy));
    lines.sort_by_key(|l| l.span);
    for clock in clocks(policy) {
        if matches!(clock.source, ClockSource::Candor) {
            lines.push(of_own(&clock));
        }
    }
    lines
}

/// Rules about the days of publication, and word in advance that a case can give.
fn of_timetable(policy: &Policy) -> Vec<PromiseLine> {
    let rules = policy.timetable.iter().map(|c| {
        let dated = matches!(
            c.value,
            TimetableRule::FixPlus { .. } | TimetableRule::UpdateGrid { .. }
        );
        line(c, timetable_words(c.value), dated)
    });
    let notices = policy.advance_notice.iter();
    rules
        .chain(notices.filter_map(|c| Some(line(c, notice_words(&c.value)?, true))))
        .collect()
}

fn line<T>(clause: &Clause<T>, text: String, dated: bool) -> PromiseLine {
    PromiseLine {
        text,
        firmness: "target".to_owned(),
        clause: Some(clause.id.clone()),
        span: Some(clause.span),
        quote: Some(clause.quote.clone()),
        kind: PromiseKind::Number,
        dated,
    }
}

fn with_severity(severity: Option<Severity>, text: String) -> String {
    match severity {
        None => text,
        Some(s) => format!("{}: {text}", severity_words(s)),
    }
}

fn with_condition(condition: Option<Condition>, text: String) -> String {
    match condition {
        None => text,
        Some(c) => format!("{text}, only {}", condition_words(c)),
    }
}

/// A condition in words, behind "only".
pub(crate) const fn condition_words(condition: Condition) -> &'static str {
    match condition {
        Condition::Exploited => "if the problem is being exploited",
        Condition::Holidays => "over holidays",
        Condition::Sponsored => "for sponsors",
    }
}

fn of_promise(clause: &Clause<Promise>) -> PromiseLine {
    let p = &clause.value;
    let said = if p.milestone == Milestone::Conduct {
        clause.quote.clone()
    } else if p.milestone == Milestone::Credit {
        milestone_words(p.milestone).to_owned()
    } else if p.term == Term::NextRelease {
        "The fix comes with the next release".to_owned()
    } else {
        let time = term_words(&p.term);
        let joint = if matches!(p.term, Term::Unquantified { .. } | Term::Immediate) {
            ": "
        } else {
            " "
        };
        format!(
            "{}{joint}{time}{}",
            milestone_words(p.milestone),
            origin_words(p.from)
        )
    };
    let number = matches!(
        p.term,
        Term::Within { .. } | Term::Every { .. } | Term::NextRelease
    );
    PromiseLine {
        text: with_condition(p.condition, with_severity(p.severity, said)),
        firmness: if p.alternatives.is_empty() {
            firmness_words(p.firmness).to_owned()
        } else {
            "our reading".to_owned()
        },
        clause: Some(clause.id.clone()),
        span: Some(clause.span),
        quote: Some(clause.quote.clone()),
        kind: if number {
            PromiseKind::Number
        } else {
            PromiseKind::NoNumber
        },
        dated: number && p.term != Term::NextRelease && p.condition.is_none(),
    }
}

fn of_own(clock: &ClockSpec) -> PromiseLine {
    let time = match &clock.rule {
        ClockRule::Within { rule } => format!("within {}", rule_words(rule)),
        ClockRule::Recurring { rule } | ClockRule::RecurringGrid { rule } => {
            format!("every {}", rule_words(rule))
        }
        ClockRule::NextRelease => "with the next release".to_owned(),
        // The policy alone gives these; Candor has none of its own.
        ClockRule::Lead { .. } => "before the publication".to_owned(),
        ClockRule::FixPlus { .. } => "after the fix".to_owned(),
    };
    PromiseLine {
        text: with_severity(
            clock.severity,
            format!("{} {time}", act_words(clock.milestone, clock.met_by)),
        ),
        firmness: "Candor's default".to_owned(),
        clause: None,
        span: None,
        quote: None,
        kind: PromiseKind::CandorDefault,
        dated: !matches!(clock.rule, ClockRule::NextRelease),
    }
}

/// What a way to report is called.
pub const fn channel_words(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Email => "e-mail",
        ChannelKind::GithubAdvisory => "GitHub private reporting",
        ChannelKind::Web => "web form",
        ChannelKind::Page => "web page",
        ChannelKind::Phone => "telephone",
        ChannelKind::Platform => "platform",
        ChannelKind::PrivateTracker => "private tracker",
        ChannelKind::Chat => "chat",
        ChannelKind::PrivateContact => "private contact",
        ChannelKind::Maintainers => "maintainers",
        ChannelKind::PublicIssue => "public issue",
    }
}
