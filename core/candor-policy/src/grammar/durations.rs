//! Times with a number: "48 hours", "five (5) business days", "2 to 8 weeks", "every 7 days".
//!
//! Invariants: linear; a number too large to mean anything is no time.
//!
//! Deliberately absent: what the time is for.

mod small_words;

use crate::model::TermUnit;
use crate::vocab::{self, LANGUAGES};
use small_words::{is_article, joins};

/// A time found in a text, with the bytes it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Duration {
    pub(crate) amount: u32,
    pub(crate) at_least: Option<u32>,
    pub(crate) unit: TermUnit,
    pub(crate) every: bool,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

/// All times of a lower-case text, in order.
pub(crate) fn durations(low: &str) -> Vec<Duration> {
    vocab::times(low, look)
}

fn look(low: &str) -> Vec<Duration> {
    let tokens = tokens(low);
    let mut out = Vec::new();
    // Without a unit there is no time, and most sentences have none.
    let may = tokens
        .iter()
        .any(|t| vocab::unit(t.text).is_some() || is_weekday(t.text));
    let mut at = if may { 0 } else { tokens.len() };
    while at < tokens.len() {
        match counted(&tokens, at).or_else(|| uncounted(&tokens, at)) {
            Some((duration, next)) => {
                out.push(duration);
                at = next.max(at + 1);
            }
            None => at += 1,
        }
    }
    elided(&tokens, &mut out);
    out.extend(in_the_day(low));
    out.extend(rhythms(low));
    out.retain(|d| (1..=LONGEST).contains(&d.amount));
    out.sort_by_key(|d| d.start);
    out.truncate(MOST);
    out
}

/// No sentence has more times than this; the bound keeps what is done with them linear.
const MOST: usize = 80;

/// No time at all, or more than a hundred years in days, is a slip of the pen.
const LONGEST: u32 = 36_500;

/// Chinese and Japanese number words: they stand against their unit without a blank.
const CJK_NUMERALS: [char; 13] = [
    '一', '二', '两', '兩', '三', '四', '五', '六', '七', '八', '九', '十', '百',
];

/// Full-width figures, as East Asian texts set them.
fn is_wide_digit(c: char) -> bool {
    ('\u{ff10}'..='\u{ff19}').contains(&c)
}

fn tokens(low: &str) -> Vec<Token<'_>> {
    #[derive(PartialEq, Clone, Copy)]
    enum Class {
        Letters,
        Digits,
        Numerals,
        Sign,
        Blank,
    }
    let class = |c: char| {
        if c.is_ascii_alphabetic() {
            Class::Letters
        } else if c.is_ascii_digit() || is_wide_digit(c) {
            Class::Digits
        } else if CJK_NUMERALS.contains(&c) {
            Class::Numerals
        } else if c.is_alphabetic() || c == '\'' {
            Class::Letters
        } else if c.is_whitespace() || matches!(c, '*' | '[' | ']') {
            Class::Blank
        } else {
            Class::Sign
        }
    };
    let mut out = Vec::new();
    let mut open: Option<(usize, Class)> = None;
    for (at, c) in low.char_indices() {
        let now = class(c);
        let goes_on = open.is_some_and(|(_, k)| k == now && now != Class::Sign);
        if goes_on {
            continue;
        }
        close(low, open.map(|(s, k)| (s, k == Class::Blank)), at, &mut out);
        open = Some((at, now));
    }
    close(
        low,
        open.map(|(s, k)| (s, k == Class::Blank)),
        low.len(),
        &mut out,
    );
    out
}

fn close<'a>(low: &'a str, open: Option<(usize, bool)>, end: usize, out: &mut Vec<Token<'a>>) {
    let Some((start, blank)) = open else { return };
    if blank {
        return;
    }
    if let Some(text) = low.get(start..end) {
        out.push(Token { text, start, end });
    }
}

fn text<'a>(tokens: &[Token<'a>], at: usize) -> &'a str {
    tokens.get(at).map_or("", |t| t.text)
}

/// A number and the token after it.
fn number(tokens: &[Token<'_>], at: usize) -> Option<(u32, usize)> {
    let word = text(tokens, at);
    let first = word.chars().next()?;
    if first.is_ascii_digit() || is_wide_digit(first) {
        let value = figures(word).filter(|n| *n > 0 && *n < 100_000)?;
        // "3.1 hours" and "2026-11-22 hours" are no times.
        let part_of_more = touches(tokens, at) || touches_next(tokens, at);
        return (!part_of_more).then_some((value, at + 1));
    }
    if text(tokens, at + 1) == "-"
        && let Some(n) = vocab::number(&format!("{word}-{}", text(tokens, at + 2)))
    {
        return Some((n, at + 3));
    }
    vocab::number(word).map(|n| (n, at + 1))
}

fn figures(word: &str) -> Option<u32> {
    word.chars().try_fold(0_u32, |sum, c| {
        let figure = if is_wide_digit(c) {
            u32::from(c).checked_sub(0xff10)?
        } else {
            c.to_digit(10)?
        };
        sum.checked_mul(10)?.checked_add(figure)
    })
}

/// Whether figures and a point or colon stand right before a number, as in `3.1`.
fn touches(tokens: &[Token<'_>], at: usize) -> bool {
    let (Some(own), Some(mark)) = (
        tokens.get(at),
        at.checked_sub(1).and_then(|i| tokens.get(i)),
    ) else {
        return false;
    };
    matches!(mark.text, "." | ":" | "#") && mark.end == own.start
}

/// Whether a point or colon and figures follow a number, as in `3.1`.
fn touches_next(tokens: &[Token<'_>], at: usize) -> bool {
    matches!(text(tokens, at + 1), "." | ":") && touches(tokens, at + 2) && {
        text(tokens, at + 2).starts_with(|c: char| c.is_ascii_digit())
    }
}

/// A unit with its qualifying words, and the token after it.
fn unit(tokens: &[Token<'_>], mut at: usize) -> Option<(u32, TermUnit, usize)> {
    let mut business = false;
    for _ in 0..5 {
        let word = text(tokens, at);
        if matches!(word, "-" | "\u{2011}" | "\u{2010}" | "(" | ")" | "–" | "+") {
            at += 1;
            continue;
        }
        if vocab::is_business(word) {
            business = true;
            at += 1;
            continue;
        }
        if vocab::is_plain_unit(word) {
            at += 1;
            continue;
        }
        break;
    }
    let word = text(tokens, at);
    // "7d" is a time; the letter of a list or a name is none.
    let glued = at > 0
        && tokens.get(at).map(|t| t.start) == tokens.get(at - 1).map(|t| t.end)
        && text(tokens, at - 1).starts_with(|c: char| c.is_ascii_digit());
    if word.len() == 1 && !glued && word != "h" {
        return None;
    }
    let (times, unit) = vocab::unit(word)?;
    if vocab::is_business_after(text(tokens, at + 1)) {
        business = true;
        at += 1;
    }
    // "48 hours (business days)": said behind, in brackets.
    if text(tokens, at + 1) == "(" {
        let mut close = at + 2;
        let said = vocab::is_business(text(tokens, close));
        if said {
            close += 1;
            if text(tokens, close) != ")" {
                close += 1;
            }
            if text(tokens, close) == ")" {
                business = true;
                at = close;
            }
        }
    }
    let unit = match (unit, business) {
        (TermUnit::Days, true) => TermUnit::BusinessDays,
        (TermUnit::Hours, true) => TermUnit::BusinessHours,
        (other, _) => other,
    };
    Some((times, unit, at + 1))
}

/// Where the unit itself ends inside its token.
fn unit_end(token: &Token<'_>) -> usize {
    if !token.text.starts_with(vocab::is_unspaced) {
        return token.end;
    }
    let glued = LANGUAGES
        .iter()
        .flat_map(|l| l.units.iter())
        .map(|(w, _)| *w)
        .filter(|w| w.starts_with(vocab::is_unspaced) && token.text.starts_with(w))
        .map(str::len)
        .max();
    glued.map_or(token.end, |length| token.start + length)
}

fn is_every(word: &str) -> bool {
    vocab::is_every(word)
}

/// Two words for "every" before a token: "toutes les deux semaines", "todos los meses".
fn is_every_pair(tokens: &[Token<'_>], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).map_or("", |i| text(tokens, i));
    matches!(
        (before(2), before(1)),
        ("tous" | "toutes", "les")
            | ("todos", "los" | "os")
            | ("todas", "las" | "as")
            | ("tutti", "i")
            | ("tutte", "le")
    )
}

/// Figures in a fingerprint or a name ("a4d2") are no number of days.
fn is_inside_word(tokens: &[Token<'_>], at: usize) -> bool {
    let (Some(own), Some(before)) = (
        tokens.get(at),
        at.checked_sub(1).and_then(|i| tokens.get(i)),
    ) else {
        return false;
    };
    before.end == own.start
        && before
            .text
            .chars()
            .next_back()
            .is_some_and(|c| c.is_ascii_alphanumeric())
}

fn counted(tokens: &[Token<'_>], at: usize) -> Option<(Duration, usize)> {
    if is_inside_word(tokens, at) {
        return None;
    }
    let (first, mut next) = number(tokens, at)?;
    let mut low = None;
    let mut high = first;
    // "five (5)": the number again in figures.
    if text(tokens, next) == "("
        && let Some((again, after)) = number(tokens, next + 1)
        && text(tokens, after) == ")"
    {
        high = again;
        next = after + 1;
    }
    if joins(text(tokens, next))
        && let Some((upper, after)) = number(tokens, next + 1)
        && upper > high
        && unit(tokens, after).is_some()
    {
        low = Some(high);
        high = upper;
        next = after;
        if text(tokens, next) == "("
            && let Some((_, again)) = number(tokens, next + 1)
            && text(tokens, again) == ")"
        {
            next = again + 1;
        }
    }
    let (times, of, mut end) = unit(tokens, next)?;
    let of = if of == TermUnit::Days && counts_business_days(tokens, at) {
        TermUnit::BusinessDays
    } else {
        of
    };
    let article = is_article(text(tokens, at));
    let before = before(tokens, at);
    // "une semaine" alone in its cell is a time; in running words an article needs an opener.
    let alone = at == 0 && end == tokens.len();
    if article && !alone && !opens(before) {
        return None;
    }
    if low.is_none()
        && let Some((upper, after)) = second(tokens, end, of)
        && upper > high
    {
        low = Some(high);
        high = upper;
        end = after;
    }
    let start = tokens.get(at)?.start;
    let last = tokens.get(end.checked_sub(1)?)?;
    let stop = unit_end(last);
    let behind = last.text.get(stop.saturating_sub(last.start)..);
    let every = is_every(before)
        || before == "once" && article
        || is_every_pair(tokens, at)
        || behind.is_some_and(|t| EVERY_BEHIND.iter().any(|w| t.starts_with(w)));
    Some((
        Duration {
            amount: high.saturating_mul(times),
            at_least: low.map(|n| n.saturating_mul(times)),
            unit: of,
            every,
            start,
            end: stop,
        },
        end,
    ))
}

/// "영업일 기준 3일": by business days, said before the number.
fn counts_business_days(tokens: &[Token<'_>], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).map_or("", |i| text(tokens, i));
    before(1) == "기준" && matches!(vocab::unit(before(2)), Some((1, TermUnit::BusinessDays)))
}

/// Japanese sets "every" behind the unit: "2週間ごと".
const EVERY_BEHIND: [&str; 4] = ["ごと", "毎", "おき", "に一度"];

fn before<'a>(tokens: &[Token<'a>], at: usize) -> &'a str {
    at.checked_sub(1).map_or("", |i| text(tokens, i))
}

/// Words behind which an article counts: "within a week", "up to a month".
fn opens(word: &str) -> bool {
    matches!(
        word,
        "within"
            | "in"
            | "once"
            | "every"
            | "than"
            | "least"
            | "under"
            | "to"
            | "about"
            | "around"
            | "roughly"
            | "approximately"
            | "inside"
            | "after"
            | "exceed"
            | "exceeding"
            | "innerhalb"
            | "binnen"
            | "von"
            | "en"
            | "sous"
            | "dans"
            | "nach"
            | "spätestens"
            | "maximal"
            | "de"
            | "em"
            | "até"
            | "délai"
            | "menos"
    )
}

/// "Dans la journée", "within the day": one day, without a number.
fn in_the_day(low: &str) -> Option<Duration> {
    let (start, end) = [
        "dans la journée",
        "within the day",
        "en el día",
        "in giornata",
    ]
    .iter()
    .find_map(|w| vocab::find(low, w))?;
    Some(Duration {
        amount: 1,
        at_least: None,
        unit: TermUnit::Days,
        every: false,
        start,
        end,
    })
}

/// "An acknowledgement within 3 business days and a fix within 30": the unit stands once.
fn elided(tokens: &[Token<'_>], found: &mut Vec<Duration>) {
    let Some(first) = found.first().filter(|d| !d.every) else {
        return;
    };
    let (begin, mut more) = (first.start, Vec::new());
    for at in 1..tokens.len() {
        let opens = matches!(before(tokens, at), "within" | "in" | "innerhalb" | "binnen");
        let Some(own) = tokens.get(at).filter(|t| opens && t.start > begin) else {
            continue;
        };
        let Some((amount, next)) = number(tokens, at) else {
            continue;
        };
        let ends = matches!(
            text(tokens, next),
            "" | "," | ";" | "." | ")" | "and" | "und"
        );
        let taken = found
            .iter()
            .any(|d| d.start <= own.start && own.start < d.end);
        let last = found.iter().rev().find(|d| d.start < own.start);
        if let Some(last) = last
            && ends
            && !taken
            && !is_article(own.text)
            && amount <= MOST_ELIDED
        {
            more.push(Duration {
                amount,
                at_least: None,
                unit: last.unit,
                every: false,
                start: own.start,
                end: tokens
                    .get(next.saturating_sub(1))
                    .map_or(own.end, |t| t.end),
            });
        }
    }
    found.extend(more);
}

/// More than this is a year or an identifier, and no number whose unit was left out.
const MOST_ELIDED: u32 = 400;

/// The second half of "24h to 48h" and of "a day or two".
fn second(tokens: &[Token<'_>], at: usize, of: TermUnit) -> Option<(u32, usize)> {
    let joint = text(tokens, at);
    if joint == "or"
        && let Some((amount, after)) = number(tokens, at + 1)
        && unit(tokens, after).is_none()
        && amount <= 3
    {
        return Some((amount, after));
    }
    if !matches!(joint, "-" | "–" | "—" | "to" | "bis" | "à" | "至") {
        return None;
    }
    let (amount, after) = number(tokens, at + 1)?;
    let (times, same, end) = unit(tokens, after)?;
    (same == of && times == 1).then_some((amount, end))
}

/// "every week", "each business day", "every other week".
fn uncounted(tokens: &[Token<'_>], at: usize) -> Option<(Duration, usize)> {
    let word = text(tokens, at);
    if matches!(word, "next" | "following") {
        let (_, of, end) = unit(tokens, at + 1)?;
        let counts = of == TermUnit::BusinessDays && before(tokens, at) != "of";
        return counts.then_some((
            Duration {
                amount: 1,
                at_least: None,
                unit: of,
                every: false,
                start: tokens.get(at)?.start,
                end: unit_end(tokens.get(end.checked_sub(1)?)?),
            },
            end,
        ));
    }
    let per = word == "per" && at > 0 && text(tokens, at - 1) == "once";
    let pair = is_every_pair(tokens, at + 1);
    if !(is_every(word) && word != "per" || per || pair) {
        return None;
    }
    let other = text(tokens, at + 1) == "other";
    let named = at + 1 + usize::from(other);
    let (times, unit, end) = match tokens.get(named) {
        // "Every Friday" comes once a week.
        Some(day) if is_weekday(day.text) => (1, TermUnit::Weeks, named + 1),
        _ => unit(tokens, named)?,
    };
    Some((
        Duration {
            amount: times.saturating_mul(if other { 2 } else { 1 }),
            at_least: None,
            unit,
            every: true,
            start: tokens.get(at)?.start,
            end: unit_end(tokens.get(end.checked_sub(1)?)?),
        },
        end,
    ))
}

/// The name of a day of the week.
fn is_weekday(word: &str) -> bool {
    vocab::is_weekday(word)
}

fn rhythms(low: &str) -> Vec<Duration> {
    vocab::all(low, |l| l.rhythms)
        .into_iter()
        .map(|(start, end, (amount, unit))| Duration {
            amount,
            at_least: None,
            unit,
            every: true,
            start,
            end,
        })
        .collect()
}

#[cfg(test)]
mod tests;
