//! A policy as a flat list of things that can be compared.
//!
//! Invariants: two items are the same when a reporter can expect the same of them, not
//! when they stand at one place; a part without a reading of its own is compared by its
//! values, so that nothing that the model gains goes unseen.

use candor_base::Span;
use serde::Serialize;
use serde_json::Value;

use super::Effect;
use super::words;
use crate::model::{
    AdvanceNotice, Bounty, Channel, ChannelKind, Clause, ContentItem, Credit, Cve, DisclosureKind,
    DisclosureRule, Duty, DutyKind, FollowUp, Milestone, Policy, Promise, Review, SafeHarbour,
    ScopeItem, SeverityClass, Step, TermUnit, VersionRule,
};
use crate::run::words::channel_words;
use crate::run::words::condition_words;
use crate::run::words::severity_words;
use crate::settings::Settings;

/// What can be weighed against the same of another version.
#[derive(Debug, Clone)]
pub(super) enum Fact {
    /// A promise.
    Promise(Box<Promise>),
    /// A time that is better when it is shorter.
    Within((u32, TermUnit)),
    /// Better when it is higher.
    Rank(i64),
    /// Only same or different.
    Plain,
}

/// One thing a policy says.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// The part it stands in.
    pub(super) part: String,
    /// What it is about: pairs it with its like.
    pub(super) what: String,
    /// Its meaning; equal meanings are no difference.
    pub(super) same: String,
    /// Its meaning in a few words.
    pub(super) text: String,
    /// Said behind it only where the other version says something else.
    pub(super) aside: &'static str,
    /// Its own words.
    pub(super) quote: String,
    /// Its lines.
    pub(super) span: Option<Span>,
    /// What can be weighed.
    pub(super) fact: Fact,
    /// What it means for the reporter when it is new.
    pub(super) added: Effect,
}

impl Item {
    pub(super) fn is_about_the_same(&self, other: &Self) -> bool {
        self.part == other.part && self.what == other.what
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.is_about_the_same(other) && self.same == other.same
    }
}

/// Everything of a policy that can differ for a reporter.
pub(super) fn items(policy: &Policy) -> Vec<Item> {
    let mut out = Vec::new();
    let mut all = |part: &str, items: Vec<Item>| {
        out.extend(items.into_iter().map(|mut item| {
            part.clone_into(&mut item.part);
            item
        }));
    };
    all("promises", each(&policy.promises, promise));
    all("follow_up", each(&policy.follow_up, follow_up));
    all(
        "advance_notice",
        each(&policy.advance_notice, advance_notice),
    );
    all("channels", each(&policy.channels, channel));
    all("versions", each(&policy.versions, version));
    all("contents", each(&policy.contents, content));
    all("in_scope", each(&policy.in_scope, |c| scope(c, "in_scope")));
    all(
        "out_of_scope",
        each(&policy.out_of_scope, |c| scope(c, "out_of_scope")),
    );
    all("severities", each(&policy.severities, severity));
    all("disclosure", each(&policy.disclosure, disclosure));
    all("steps", each(&policy.steps, step));
    all("credit", policy.credit.iter().map(credit).collect());
    all("safe_harbour", each(&policy.safe_harbour, harbour));
    all("duties", each(&policy.duties, duty));
    all("review", policy.review.iter().map(review).collect());
    all("cve", each(&policy.cve, cve));
    all("bounty", each(&policy.bounty, bounty));
    let read: Vec<String> = out.iter().map(|i| i.part.clone()).collect();
    out.extend(others(policy, &read));
    out
}

fn each<T>(clauses: &[Clause<T>], item: impl Fn(&Clause<T>) -> Item) -> Vec<Item> {
    clauses.iter().map(item).collect()
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The words of a sentence, however they are broken into lines.
fn folded(quote: &str) -> String {
    quote.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An item by its value and its words; what differs is set afterwards.
fn plain<T: Serialize>(clause: &Clause<T>, part: &str) -> Item {
    Item {
        part: part.to_owned(),
        what: words::name_of(part),
        same: json(&clause.value),
        text: folded(&clause.quote),
        aside: "",
        quote: folded(&clause.quote),
        span: Some(clause.span),
        fact: Fact::Plain,
        added: words::added(part),
    }
}

fn promise(clause: &Clause<Promise>) -> Item {
    let p = &clause.value;
    let mut item = plain(clause, "promises");
    words::milestone(p.milestone).clone_into(&mut item.what);
    if let Some(severity) = p.severity {
        item.what = format!(
            "{} ({})",
            item.what,
            severity_words(severity).to_lowercase()
        );
    }
    item.fact = Fact::Promise(Box::new(p.clone()));
    if p.milestone == Milestone::Conduct {
        item.same.push_str(&item.quote);
        return item;
    }
    item.text = format!("{}{}", words::term(&p.term), words::origin(p.from));
    item.aside = words::firmness(p.firmness);
    if let Some(condition) = p.condition {
        item.text = format!("{}, only {}", item.text, condition_words(condition));
    }
    let open: Vec<&str> = p
        .alternatives
        .iter()
        .map(|m| words::milestone(*m))
        .collect();
    if !open.is_empty() {
        item.text = format!("{} (or is it {}?)", item.text, open.join(" or "));
    }
    item
}

fn follow_up(clause: &Clause<FollowUp>) -> Item {
    let mut item = plain(clause, "follow_up");
    if let Some((amount, unit)) = clause.value.after {
        item.fact = Fact::Within((amount, unit));
        item.text = format!(
            "after {}: {}",
            words::amount_words(amount, unit),
            item.quote
        );
    }
    item
}

fn advance_notice(clause: &Clause<AdvanceNotice>) -> Item {
    let notice = &clause.value;
    let mut item = plain(clause, "advance_notice");
    item.text = format!(
        "{} ahead: {}",
        words::amount_words(notice.amount, notice.unit),
        item.quote
    );
    item
}

fn channel(clause: &Clause<Channel>) -> Item {
    let c = &clause.value;
    let mut item = plain(clause, "channels");
    item.what = format!("channel: {}", channel_words(c.kind));
    let address = c.value.as_deref().unwrap_or("no address given");
    let preferred = if c.preferred { ", preferred" } else { "" };
    let conditional = if c.conditional {
        ", where available"
    } else {
        ""
    };
    item.text = format!("{address}{preferred}{conditional}");
    if c.kind == ChannelKind::PublicIssue {
        item.added = Effect::Weaker;
    }
    let given = i64::from(c.value.is_some());
    item.fact = Fact::Rank(given.saturating_sub(i64::from(c.conditional)));
    item
}

fn version(clause: &Clause<VersionRule>) -> Item {
    let mut item = plain(clause, "versions");
    let (rank, text) = words::support(clause.value.support);
    item.what = format!("version {}", clause.value.label);
    text.clone_into(&mut item.text);
    item.fact = Fact::Rank(rank);
    if rank == 0 {
        item.added = Effect::Weaker;
    }
    item
}

fn content(clause: &Clause<ContentItem>) -> Item {
    let mut item = plain(clause, "contents");
    let (rank, text, added) = words::demand(clause.value.demand);
    item.what = format!("a report should hold: {}", clause.value.label);
    item.same = without(&clause.value, "help");
    text.clone_into(&mut item.text);
    item.fact = Fact::Rank(rank);
    item.added = added;
    item
}

/// A value as JSON without a key that is mere wording.
fn without<T: Serialize>(value: &T, key: &str) -> String {
    let mut json = serde_json::to_value(value).unwrap_or_default();
    if let Value::Object(map) = &mut json {
        map.remove(key);
    }
    json.to_string()
}

fn scope(clause: &Clause<ScopeItem>, part: &str) -> Item {
    let mut item = plain(clause, part);
    item.what = format!("{}: {}", words::name_of(part), clause.value.name);
    if clause.value.detail.is_empty() {
        "named".clone_into(&mut item.text);
    } else {
        item.text.clone_from(&clause.value.detail);
    }
    item
}

fn severity(clause: &Clause<SeverityClass>) -> Item {
    let mut item = plain(clause, "severities");
    item.what = format!("severity {}", severity_words(clause.value.severity));
    let response = clause.value.response.as_deref().map(str::to_owned);
    let parts: Vec<String> = clause
        .value
        .classes
        .iter()
        .cloned()
        .chain(response)
        .collect();
    if !parts.is_empty() {
        item.text = parts.join(", ");
    }
    item
}

fn disclosure(clause: &Clause<DisclosureRule>) -> Item {
    let mut item = plain(clause, "disclosure");
    let (name, added) = words::disclosure(&clause.value.rule);
    item.what = format!("disclosure: {name}");
    item.added = added;
    if let Some(severity) = clause.value.severity {
        item.what = format!(
            "{} ({})",
            item.what,
            severity_words(severity).to_lowercase()
        );
    }
    if let DisclosureKind::Window { amount, unit, from } = clause.value.rule {
        item.text = format!(
            "{}{}",
            words::amount_words(amount, unit),
            words::origin(from)
        );
        item.fact = Fact::Within((amount, unit));
    }
    item
}

fn step(clause: &Clause<Step>) -> Item {
    let mut item = plain(clause, "steps");
    item.what = format!("process: {}", words::stage(clause.value.stage));
    item.same = without(&clause.value, "number");
    item
}

fn credit(clause: &Clause<Credit>) -> Item {
    let c = &clause.value;
    let mut item = plain(clause, "credit");
    item.same = without(c, "more");
    let conditions: Vec<&str> = [
        (c.with_consent, "with your consent"),
        (c.unless_anonymous, "unless you wish to stay anonymous"),
        (c.valid_only, "only for valid reports"),
    ]
    .into_iter()
    .filter_map(|(says, text)| says.then_some(text))
    .collect();
    item.text = if conditions.is_empty() {
        "named".to_owned()
    } else {
        format!("named, {}", conditions.join(", "))
    };
    item.fact = Fact::Rank(i64::from(!c.valid_only));
    item
}

fn harbour(clause: &Clause<SafeHarbour>) -> Item {
    let mut item = plain(clause, "safe_harbour");
    // In a legal promise the words are the promise.
    item.same.push_str(&item.quote);
    let protections = i64::try_from(clause.value.commitments.len()).unwrap_or(i64::MAX);
    item.fact = Fact::Rank(protections.saturating_add(i64::from(clause.value.no_legal_action)));
    item
}

fn cve(clause: &Clause<Cve>) -> Item {
    let mut item = plain(clause, "cve");
    if let Some(commitment) = clause.value.commitment {
        let (rank, added) = words::cve(commitment);
        item.fact = Fact::Rank(rank);
        item.added = added;
    }
    item
}

fn bounty(clause: &Clause<Bounty>) -> Item {
    let mut item = plain(clause, "bounty");
    item.fact = Fact::Rank(i64::from(clause.value.offered));
    item.added = if clause.value.offered {
        Effect::Stronger
    } else {
        // Words that there is none take nothing away.
        Effect::Changed
    };
    item
}

fn duty(clause: &Clause<Duty>) -> Item {
    let mut item = plain(clause, "duties");
    item.what = format!("asked of you: {}", words::duty(clause.value.kind));
    if clause.value.kind == DutyKind::Other {
        item.same.push_str(&item.quote);
    }
    item
}

fn review(clause: &Clause<Review>) -> Item {
    let every = (clause.value.every_months, TermUnit::Months);
    let mut item = plain(clause, "review");
    item.text = format!("every {}", words::amount_words(every.0, every.1));
    item.fact = Fact::Within(every);
    item
}

/// Every other part, by the values of its clauses.
fn others(policy: &Policy, read: &[String]) -> Vec<Item> {
    let Ok(Value::Object(parts)) = serde_json::to_value(policy) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (part, value) in parts {
        if words::SILENT.contains(&part.as_str()) || read.contains(&part) {
            continue;
        }
        let clauses = match value {
            Value::Array(all) => all,
            Value::Object(_) => vec![value],
            _ => continue,
        };
        for clause in clauses {
            if let Ok(clause) = serde_json::from_value::<Clause<Value>>(clause) {
                out.push(plain(&clause, &part));
            }
        }
    }
    out
}

/// Settings that a reporter feels, as items without a place.
pub(super) fn settings(settings: &Settings) -> Vec<Item> {
    const FELT: [(&str, &str); 8] = [
        ("zone", "time zone"),
        ("workweek", "days of work"),
        ("holidays", "holidays"),
        ("response_means", "what \u{201c}response\u{201d} means"),
        ("security_address", "address for reports"),
        ("github_repository", "repository for private reports"),
        ("private_contact", "private contact"),
        ("maintainers", "maintainers' addresses"),
    ];
    let Ok(Value::Object(map)) = serde_json::to_value(settings) else {
        return Vec::new();
    };
    let stated =
        |value: &&Value| !value.is_null() && value.as_array().is_none_or(|a| !a.is_empty());
    FELT.into_iter()
        .filter_map(|(key, name)| {
            let value = map.get(key).filter(stated)?;
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            Some(Item {
                part: "settings".to_owned(),
                what: format!("setting: {name}"),
                same: text.clone(),
                quote: text.clone(),
                text,
                aside: "",
                span: None,
                fact: Fact::Plain,
                added: Effect::Changed,
            })
        })
        .collect()
}
