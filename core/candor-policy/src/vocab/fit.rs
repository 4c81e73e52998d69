//! How patterns are looked for in a text.
//!
//! Invariants: linear in the length of the text; inside [`super::remembering`]
//! and outside of it the answers are the same.
//!
//! Deliberately absent: words; they stand in the tables.

use super::{LANGUAGES, Language, Remark, Table, Topic, Way, en_report, index, memo};

/// Where a pattern first fits, as a byte range.
pub(crate) fn find(low: &str, pattern: &str) -> Option<(usize, usize)> {
    memo::find(low, pattern, look)
}

fn look(low: &str, pattern: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    let mut start = None;
    for piece in pattern.split(" .. ") {
        let (at, end) = find_piece(low, piece, from)?;
        start.get_or_insert(at);
        from = end;
    }
    start.map(|s| (s, from))
}

fn find_piece(low: &str, piece: &str, from: usize) -> Option<(usize, usize)> {
    let (word, closed) = match piece.strip_suffix('$') {
        Some(word) => (word, true),
        None => (piece, false),
    };
    let hay = low.get(from..)?;
    for (at, _) in hay.match_indices(word) {
        let start = from + at;
        let end = start + word.len();
        let before = low.get(..start).and_then(|t| t.chars().next_back());
        let after = low.get(end..).and_then(|t| t.chars().next());
        let opens = !word.starts_with(|c: char| c.is_alphanumeric() && !is_unspaced(c))
            || before.is_none_or(|c| !c.is_alphanumeric() || is_unspaced(c));
        let ends = !closed || after.is_none_or(|c| !c.is_alphanumeric() || is_unspaced(c));
        if opens && ends {
            return Some((start, end));
        }
    }
    None
}

/// Whether a letter belongs to a script that sets no blanks between words, or glues
/// endings to them as Korean does: patterns fit anywhere in these.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}')
}

/// Whether a pattern fits.
pub(crate) fn fits(low: &str, pattern: &str) -> bool {
    find(low, pattern).is_some()
}

/// Whether any of several patterns fits.
pub(crate) fn fits_any(low: &str, patterns: &[&str]) -> bool {
    memo::finds_any(low, patterns)
        .unwrap_or_else(|| patterns.iter().any(|p| look(low, p).is_some()))
}

/// Whether any pattern of any language's list fits.
pub(crate) fn any(low: &str, list: impl Fn(&Language) -> &'static [&'static str]) -> bool {
    index::field_of_list(&list)
        .and_then(|field| memo::of_field(low, field, |found| !found.is_empty()))
        .unwrap_or_else(|| {
            LANGUAGES
                .iter()
                .any(|l| list(l).iter().any(|p| fits(low, p)))
        })
}

/// What the first fitting pattern of any language's table means.
pub(crate) fn first<T: Copy + 'static>(
    low: &str,
    table: impl Fn(&Language) -> Table<T>,
) -> Option<T> {
    let known = index::field_of_table(&table).and_then(|field| {
        memo::of_field(low, field, |found| {
            found
                .first()
                .and_then(|f| entry(&table, f.entry))
                .map(|(_, meaning)| meaning)
        })
    });
    known.unwrap_or_else(|| {
        LANGUAGES
            .iter()
            .find_map(|l| table(l).iter().find(|(p, _)| fits(low, p)).map(|(_, t)| *t))
    })
}

/// Everything that fits, with where, in the order of the text.
pub(crate) fn all<T: Copy + 'static>(
    low: &str,
    table: impl Fn(&Language) -> Table<T>,
) -> Vec<(usize, usize, T)> {
    let known = index::field_of_table(&table).and_then(|field| {
        memo::of_field(low, field, |found| {
            found
                .iter()
                .filter_map(|f| {
                    let (_, meaning) = entry(&table, f.entry)?;
                    Some((f.start as usize, f.end as usize, meaning))
                })
                .collect()
        })
    });
    let mut out: Vec<(usize, usize, T)> = known.unwrap_or_else(|| {
        LANGUAGES
            .iter()
            .flat_map(|l| table(l).iter())
            .filter_map(|(p, t)| find(low, p).map(|(s, e)| (s, e, *t)))
            .collect()
    });
    out.sort_by_key(|(s, e, _)| (*s, std::cmp::Reverse(*e)));
    out
}

/// Every pattern of a list that fits, with where, by language and then by place in its list.
pub(crate) fn places(
    low: &str,
    list: impl Fn(&Language) -> &'static [&'static str],
) -> Vec<(&'static str, usize, usize)> {
    let known = index::field_of_list(&list).and_then(|field| {
        memo::of_field(low, field, |found| {
            found
                .iter()
                .filter_map(|f| {
                    let mut at = f.entry as usize;
                    let code = LANGUAGES.iter().find_map(|l| {
                        let here = list(l).len();
                        let own = at < here;
                        at = at.saturating_sub(if own { 0 } else { here });
                        own.then_some(l.code)
                    });
                    Some((code?, f.start as usize, f.end as usize))
                })
                .collect()
        })
    });
    known.unwrap_or_else(|| {
        LANGUAGES
            .iter()
            .flat_map(|l| list(l).iter().map(|p| (l.code, *p)))
            .filter_map(|(code, p)| find(low, p).map(|(s, e)| (code, s, e)))
            .collect()
    })
}

/// Where the earliest fitting pattern of any language's list stands; the longest of those.
pub(crate) fn earliest(
    low: &str,
    list: impl Fn(&Language) -> &'static [&'static str],
) -> Option<(usize, usize)> {
    places(low, list)
        .into_iter()
        .map(|(_, start, end)| (start, end))
        .min_by_key(|(start, end)| (*start, std::cmp::Reverse(*end)))
}

/// The entry of a table that has this number among those of all languages.
fn entry<T: Copy + 'static>(
    table: impl Fn(&Language) -> Table<T>,
    number: u32,
) -> Option<(&'static str, T)> {
    let mut at = number as usize;
    for language in LANGUAGES {
        let own = table(language);
        if let Some(found) = own.get(at) {
            return Some(*found);
        }
        at = at.checked_sub(own.len())?;
    }
    None
}

/// Whether a remark of this kind fits.
pub(crate) fn remarks(low: &str, kind: Remark) -> bool {
    means(low, |l| l.remarks, kind)
}

/// Whether a word about ways to report or versions of this kind fits.
pub(crate) fn way(low: &str, kind: Way) -> bool {
    means(low, |l| l.ways, kind) || means(low, |l| l.terms, kind)
}

/// Where words of this kind stand: starts and ends, in the order of the text.
pub(crate) fn ways(low: &str, kind: Way) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = all(low, |l| l.ways)
        .into_iter()
        .chain(all(low, |l| l.terms))
        .filter(|(_, _, k)| *k == kind)
        .map(|(start, end, _)| (start, end))
        .collect();
    out.sort_unstable();
    out
}

/// Whether any pattern of a table fits that has this meaning.
fn means<T: Copy + PartialEq + 'static>(
    low: &str,
    table: impl Fn(&Language) -> Table<T>,
    meaning: T,
) -> bool {
    let known = index::field_of_table(&table).and_then(|field| {
        memo::of_field(low, field, |found| {
            found
                .iter()
                .any(|f| entry(&table, f.entry).is_some_and(|(_, m)| m == meaning))
        })
    });
    known.unwrap_or_else(|| {
        LANGUAGES
            .iter()
            .any(|l| table(l).iter().any(|(p, m)| *m == meaning && fits(low, p)))
    })
}

/// What a heading announces. A borrowed word such as "report" says less than the words
/// of the language around it: "O que incluir no report".
pub(crate) fn heading_topic(low: &str) -> Option<Topic> {
    let topic = first(low, |l| l.headings)?;
    let borrowed = matches!(topic, Topic::Reporting | Topic::Contact | Topic::Other);
    if !borrowed || low.is_empty() {
        return Some(topic);
    }
    let telling = all_by_language(low)
        .into_iter()
        .any(|(_, _, language)| language.code != "en");
    let known = telling.then(|| {
        LANGUAGES
            .iter()
            .filter(|l| l.code != "en")
            .find_map(|l| l.headings.iter().find(|(p, _)| fits(low, p)))
    });
    let own = known.flatten().map(|(_, t)| *t);
    own.filter(|t| matches!(t, Topic::Contents | Topic::InScope | Topic::OutOfScope))
        .or(Some(topic))
}

/// Whether a line without marks is a heading all the same: its words are a
/// heading's own or fillers.
pub(crate) fn is_heading(low: &str) -> bool {
    // Few lines are short enough to be asked about; a scan of one is cheap.
    all_by_language(low)
        .into_iter()
        .any(|(from, to, language)| others_fill(low, from, to, language.fillers))
}

/// Words of headings in a line, with where, and whose they are.
fn all_by_language(low: &str) -> Vec<(usize, usize, &'static Language)> {
    let known = index::field_of_table(|l| l.headings).and_then(|field| {
        memo::of_field(low, field, |found| {
            found
                .iter()
                .filter_map(|f| {
                    let mut at = f.entry as usize;
                    let language = LANGUAGES.iter().find(|l| {
                        let here = l.headings.len();
                        let own = at < here;
                        at = at.saturating_sub(if own { 0 } else { here });
                        own
                    })?;
                    Some((f.start as usize, f.end as usize, *language))
                })
                .collect()
        })
    });
    known.unwrap_or_else(|| {
        LANGUAGES
            .iter()
            .flat_map(|l| l.headings.iter().map(move |(p, _)| (*l, *p)))
            .filter_map(|(l, p)| find(low, p).map(|(s, e)| (s, e, l)))
            .collect()
    })
}

fn others_fill(low: &str, from: usize, to: usize, fillers: &[&str]) -> bool {
    let mut at = 0;
    for word in low.split_inclusive(' ') {
        let start = at;
        at += word.len();
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let overlaps = start < to && at > from;
        if !overlaps && !bare.is_empty() && !fillers.contains(&bare) {
            return false;
        }
    }
    true
}

/// Whether a heading without marks stands below another one ("in scope" below "scope").
pub(crate) fn sub_heading(low: &str) -> bool {
    matches!(
        heading_topic(low),
        Some(Topic::InScope | Topic::OutOfScope | Topic::Contents)
    )
}

/// What a lead-in announces.
pub(crate) fn lead_topic(low: &str) -> Option<Topic> {
    first(low, |l| l.leads)
}

/// The short forms of problem classes, written out.
pub(crate) fn severity_synonyms(text: &str) -> String {
    let mut out = text.to_lowercase().replace('-', " ");
    for (short, long) in en_report::CLASS_NAMES {
        if fits(&out, short) {
            out.push(' ');
            out.push_str(long);
        }
    }
    out
}

/// Whether an address or link lies under a domain reserved for examples.
pub(crate) fn is_example_address(text: &str) -> bool {
    let low = text.to_lowercase();
    [
        "example.com",
        "example.org",
        "example.net",
        "your-domain.",
        "yourdomain.",
        "your-company.",
        "yourcompany.",
        "your-org.",
        "yourorg.",
        "your-project.",
        "yourproject.",
    ]
    .iter()
    .any(|d| low.contains(d))
        || low
            .rsplit('.')
            .next()
            .is_some_and(|top| matches!(top, "example" | "invalid" | "test"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: &[&str] = &[
        "",
        "a",
        "we will acknowledge your report within 48 hours and fix it in the next release.",
        "please do not open a public issue; privately report it before it is public",
        "we acknowledged: weekly, biweeklyx, (as soon as possible)",
        "wir werden ihre meldung so schnell wie möglich bestätigen",
        "请不要在公开的issue中报告安全漏洞，我们会在3个工作日内确认",
        "脆弱性を報告してください。48時間以内に確認します",
        "no no no not not privately .. before .. public critical high low",
        "éacknowledge acknowledgeé acknowledge",
    ];

    fn answers(low: &str) -> String {
        format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            all(low, |l| l.milestones),
            all(low, |l| l.severities),
            first(low, |l| l.firmness),
            first(low, |l| l.disclosure),
            any(low, |l| l.public_ban),
            any(low, |l| l.silence),
            places(low, |l| l.windows),
            all(low, |l| l.vague),
            remarks(low, Remark::LatestOnly),
            all(low, |l| l.contents),
        )
    }

    #[test]
    fn what_is_remembered_is_what_a_fresh_look_finds() {
        for text in TEXTS {
            let fresh = answers(text);
            let kept = super::super::remembering(text.len(), || {
                let once = answers(text);
                assert_eq!(once, answers(text), "{text}");
                once
            });
            assert_eq!(kept, fresh, "{text}");
        }
    }

    #[test]
    fn literal_patterns_are_never_ruled_out_wrongly() {
        let patterns = [
            "ack",
            "no$",
            "not ",
            "re",
            "i$",
            " at",
            "(as",
            "a .. b",
            "we .. wil",
            "4",
            "48",
            "privately .. before",
            "weekly$",
            "公开",
            "hours$",
        ];
        for text in TEXTS {
            for pattern in patterns {
                let kept = super::super::remembering(text.len(), || find(text, pattern));
                assert_eq!(kept, look(text, pattern), "{text} {pattern}");
            }
        }
    }

    #[test]
    fn every_pattern_fits_itself() {
        // A pattern that is not found in its own words stands wrongly in its table.
        for language in LANGUAGES {
            for (pattern, kind) in language.remarks {
                let text = pattern.replace('$', "").replace(" .. ", " and ");
                let kept = super::super::remembering(text.len(), || remarks(&text, *kind));
                assert!(kept && fits(&text, pattern), "{pattern}");
            }
        }
    }
}
