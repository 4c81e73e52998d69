//! Versions and dates: tests 6.1.14 to 6.1.22, 6.1.30, 6.2.4 to 6.2.6.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::doc::{Doc, items, text};
use crate::finding::Findings;

const HISTORY: &str = "/document/tracking/revision_history";

/// A version number: whole, or as Semantic Versioning 2.0.0 writes it. The numbers stay
/// text, so that none is too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number<'a> {
    /// Integer versioning.
    Whole(&'a str),
    /// Semantic versioning.
    Semantic {
        core: [&'a str; 3],
        pre: Option<&'a str>,
        build: Option<&'a str>,
    },
}

fn is_number(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'))
}

/// The order of two numbers without leading zeros.
fn by_size(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

impl<'a> Number<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        if is_number(text) {
            return Some(Self::Whole(text));
        }
        let (rest, build) = match text.split_once('+') {
            Some((rest, build)) => (rest, Some(build)),
            None => (text, None),
        };
        let (core, pre) = match rest.split_once('-') {
            Some((core, pre)) => (core, Some(pre)),
            None => (rest, None),
        };
        let mut parts = core.split('.');
        let mut next = || parts.next().filter(|n| is_number(n));
        let core = [next()?, next()?, next()?];
        parts
            .next()
            .is_none()
            .then_some(Self::Semantic { core, pre, build })
    }

    /// The first number.
    fn major(self) -> &'a str {
        match self {
            Self::Whole(number) => number,
            Self::Semantic {
                core: [major, ..], ..
            } => major,
        }
    }

    fn pre(self) -> Option<&'a str> {
        match self {
            Self::Whole(_) => None,
            Self::Semantic { pre, .. } => pre,
        }
    }

    /// The order; pre-releases come before the release (Semantic Versioning, item 11).
    pub(super) fn compare(self, other: Self) -> Ordering {
        let (a, x) = self.parts();
        let (b, y) = other.parts();
        let core = a.iter().zip(b).map(|(a, b)| by_size(a, b));
        core.fold(Ordering::Equal, Ordering::then)
            .then_with(|| match (x, y) {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(x), Some(y)) => compare_pre(x, y),
            })
    }

    /// The three numbers and the pre-release part. A whole number counts as if `.0.0`
    /// followed it (6.1.14 of 2.1), so that any two numbers have an order.
    const fn parts(self) -> ([&'a str; 3], Option<&'a str>) {
        match self {
            Self::Whole(number) => ([number, "0", "0"], None),
            Self::Semantic { core, pre, .. } => (core, pre),
        }
    }

    /// The same version, without what the test leaves out.
    fn equals(self, other: Self, with_pre: bool) -> bool {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a == b,
            (
                Self::Semantic {
                    core: a, pre: x, ..
                },
                Self::Semantic {
                    core: b, pre: y, ..
                },
            ) => a == b && (!with_pre || x == y),
            _ => false,
        }
    }
}

fn compare_pre(a: &str, b: &str) -> Ordering {
    let mut a = a.split('.');
    let mut b = b.split('.');
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) => match (is_number(x), is_number(y)) {
                (true, true) => by_size(x, y),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => x.cmp(y),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// An instant. A leap second counts as the second before it.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// One item of the revision history.
#[derive(Debug, Clone, Copy)]
struct Item<'a> {
    index: usize,
    date: Option<Timestamp>,
    text: &'a str,
    number: Option<Number<'a>>,
}

/// The items in the order of their dates; those of one instant by their numbers, so
/// that their order in the document means nothing.
fn history<'a>(tracking: &'a Value) -> Vec<Item<'a>> {
    let list = items(tracking, "revision_history").iter().enumerate();
    let mut out: Vec<Item<'a>> = list
        .map(|(index, item)| {
            let number = text(item, "number").unwrap_or("");
            Item {
                index,
                date: text(item, "date").and_then(instant),
                text: number,
                number: Number::parse(number),
            }
        })
        .collect();
    // What cannot be read comes first, so that any two items have an order.
    out.sort_by(|a, b| {
        let numbers = || match (a.number, b.number) {
            (Some(a), Some(b)) => a.compare(b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        a.date.cmp(&b.date).then_with(numbers)
    });
    out
}

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    let sorted = history(doc.tracking);
    let version = text(doc.tracking, "version").unwrap_or("");
    let number = Number::parse(version);
    let status = text(doc.tracking, "status").unwrap_or("");
    order(&sorted, out);
    latest(&sorted, number, status, out);
    states(&sorted, number, status, out);
    gaps(&sorted, out);
    doubles(&sorted, out);
    one_kind(&sorted, number, out);
    builds(&sorted, out);
    dates(doc, &sorted, out);
}

/// 6.1.14: numbers rise with the dates.
fn order(sorted: &[Item<'_>], out: &mut Findings) {
    for pair in sorted.windows(2) {
        if let [a, b] = pair
            && let (Some(first), Some(second)) = (a.number, b.number)
            && first.compare(second) == Ordering::Greater
        {
            let message = format!(
                "{} has the earlier date, but comes after {}",
                a.text, b.text
            );
            out.note("6.1.14", HISTORY, message);
        }
    }
}

/// 6.1.16: the version of the document is that of the latest item.
fn latest(sorted: &[Item<'_>], number: Option<Number<'_>>, status: &str, out: &mut Findings) {
    if let (Some(last), Some(version)) = (sorted.last(), number)
        && let Some(latest) = last.number
        && !version.equals(latest, status != "draft")
    {
        let message = format!("the latest item of the revision history is {}", last.text);
        out.note("6.1.16", "/document/tracking/version", message);
    }
}

/// 6.1.17 to 6.1.20: drafts and what is no draft any more.
fn states(sorted: &[Item<'_>], number: Option<Number<'_>>, status: &str, out: &mut Findings) {
    let early = |n: Number<'_>| n.major() == "0";
    let pre = number.is_some_and(|n| n.pre().is_some());
    if status != "draft" && (pre || number.is_some_and(early)) {
        let message = "the version is that of a draft (0, 0.y.z or with a pre-release part), and the status is not `draft`";
        out.note("6.1.17", "/document/tracking/status", message);
    }
    let released = matches!(status, "final" | "interim");
    for item in sorted {
        if released && item.number.is_some_and(early) {
            let message = format!(
                "the document is {status} and still lists the draft {}",
                item.text
            );
            out.note(
                "6.1.18",
                format!("{HISTORY}/{}/number", item.index),
                message,
            );
        }
        if item.number.is_some_and(|n| n.pre().is_some()) {
            let message = format!("{} is a pre-release; the history lists releases", item.text);
            out.note(
                "6.1.19",
                format!("{HISTORY}/{}/number", item.index),
                message,
            );
        }
    }
    if released && pre {
        let message = format!("the document is {status}, and its version has a pre-release part");
        out.note("6.1.20", "/document/tracking/version", message);
    }
}

/// The number after a number, in text.
fn following(number: &str) -> String {
    let mut digits = number.as_bytes().to_vec();
    for digit in digits.iter_mut().rev() {
        if *digit == b'9' {
            *digit = b'0';
        } else {
            *digit += 1;
            return String::from_utf8_lossy(&digits).into_owned();
        }
    }
    format!("1{}", String::from_utf8_lossy(&digits))
}

/// 6.1.21: no number is left out, and the first is 0 or 1.
fn gaps(sorted: &[Item<'_>], out: &mut Findings) {
    let majors: Vec<&str> = sorted
        .iter()
        .filter_map(|i| Some(i.number?.major()))
        .collect();
    if let Some(first) = majors.first()
        && !matches!(*first, "0" | "1")
    {
        let message = format!("the history begins with {first}, not with 0 or 1");
        out.note("6.1.21", HISTORY, message);
    }
    let told: BTreeSet<&str> = majors.iter().copied().collect();
    for pair in majors.windows(2) {
        if let [before, after] = pair
            && by_size(before, after) == Ordering::Less
            && following(before) != **after
        {
            let next = following(before);
            let message = if told.contains(next.as_str()) {
                format!("version {next} does not stand between {before} and {after} by its date")
            } else {
                format!("version {next} is missing at all after {before}")
            };
            out.note("6.1.21", HISTORY, message);
        }
    }
}

/// 6.1.22: no number stands twice.
fn doubles(sorted: &[Item<'_>], out: &mut Findings) {
    let mut seen = BTreeSet::new();
    let mut by_place: Vec<&Item<'_>> = sorted.iter().collect();
    by_place.sort_by_key(|item| item.index);
    for item in by_place {
        if !item.text.is_empty() && !seen.insert(item.text) {
            let message = format!("{} stands twice in the history", item.text);
            out.note(
                "6.1.22",
                format!("{HISTORY}/{}/number", item.index),
                message,
            );
        }
    }
}

/// 6.1.30: whole numbers or Semantic Versioning, not both.
fn one_kind(sorted: &[Item<'_>], number: Option<Number<'_>>, out: &mut Findings) {
    let whole = |n: Number<'_>| matches!(n, Number::Whole(_));
    let Some(kind) = number.map(whole) else {
        return;
    };
    for item in sorted {
        if item.number.is_some_and(|n| whole(n) != kind) {
            let message = format!(
                "{} is written in another way than the version of the document",
                item.text
            );
            out.note(
                "6.1.30",
                format!("{HISTORY}/{}/number", item.index),
                message,
            );
        }
    }
}

/// 6.2.4: no build metadata in the history.
fn builds(sorted: &[Item<'_>], out: &mut Findings) {
    for item in sorted {
        if let Some(Number::Semantic { build: Some(_), .. }) = item.number {
            let message = format!("{} carries build metadata", item.text);
            out.note("6.2.4", format!("{HISTORY}/{}/number", item.index), message);
        }
    }
}

/// 6.2.5 and 6.2.6: the dates of the document and those of its history.
fn dates(doc: &Doc<'_>, sorted: &[Item<'_>], out: &mut Findings) {
    let told = |key: &str| text(doc.tracking, key).and_then(instant);
    let dated = || sorted.iter().filter_map(|item| item.date);
    if let (Some(initial), Some(oldest)) = (told("initial_release_date"), dated().min())
        && initial < oldest
    {
        let message = "the first release is dated before the oldest item of the history";
        out.note("6.2.5", "/document/tracking/initial_release_date", message);
    }
    if let (Some(current), Some(newest)) = (told("current_release_date"), dated().max())
        && current < newest
    {
        let message = "the current release is dated before the newest item of the history";
        out.note("6.2.6", "/document/tracking/current_release_date", message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number<'_> {
        Number::parse(text).unwrap()
    }

    #[test]
    fn versions_have_an_order() {
        let rising = [
            "0.9.0",
            "1.0.0-1",
            "1.0.0-2",
            "1.0.0-10",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-beta",
            "1.0.0",
            "1.0.1",
            "1.10.0",
            "10.0.0",
            "99999999999999999999.0.0",
        ];
        for pair in rising.windows(2) {
            let order = number(pair[0]).compare(number(pair[1]));
            assert_eq!(order, Ordering::Less, "{pair:?}");
        }
        for bad in ["", "01", "1.0", "1.0.0.0", "v1", "1.02.0"] {
            assert_eq!(Number::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn any_mixture_of_numbers_can_be_sorted() {
        let numbers = ["2", "2.1.0", "x", "2.0.0", "10", "1.0.0-a", "", "1"];
        let items: Vec<Value> = (0..200)
            .map(|n| {
                let number = numbers[n * 7 % numbers.len()];
                serde_json::json!({ "number": number, "date": "2024-01-01T00:00:00Z" })
            })
            .collect();
        let tracking = serde_json::json!({ "revision_history": items });
        let sorted: Vec<Option<Number<'_>>> = history(&tracking).iter().map(|i| i.number).collect();
        for pair in sorted.windows(2) {
            let rises = match (pair[0], pair[1]) {
                (Some(a), Some(b)) => a.compare(b) != Ordering::Greater,
                (a, _) => a.is_none(),
            };
            assert!(rises, "{pair:?}");
        }
    }

    #[test]
    fn numbers_follow_each_other() {
        for (a, b) in [("0", "1"), ("9", "10"), ("199", "200"), ("999", "1000")] {
            assert_eq!(following(a), b);
        }
    }
}
