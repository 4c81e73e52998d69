//! Figures in the words and measures of a page.

use std::collections::BTreeMap;

use candor_access::build::words;
use candor_access::view::{CountTable, ProgramCard, ShareLine, StatLine, StatisticsView, TimeLine};
use candor_policy::act_words;
use candor_policy::model::Firmness;
use candor_statistics::{
    Backlog, CountFigure, Figures, Name, PromiseFigure, ShareFigure, Spread, TimeFigure,
};

/// Bands of response efficiency, in thousandths (`domain.md` section 9).
const BANDS: [(i64, &str); 2] = [(750, "good"), (250, "middling")];

/// The figures as a page shows them; the caller adds what it knows beside them.
pub(super) fn view(program: ProgramCard, figures: &Figures) -> StatisticsView {
    let longest = figures.times.iter().map(|t| t.seconds.max).max();
    let mut numbers: Vec<(String, String)> = Vec::new();
    if let Some(backlog) = &figures.backlog {
        open(&mut numbers, backlog);
    }
    for f in &figures.filings {
        numbers.push((
            format!("{}, {}", f.regime, f.stage.replace('_', " ")),
            format!("{} filed of {}, {} late", f.filed, f.all, f.late),
        ));
    }
    StatisticsView {
        program,
        published: 0,
        reports: figures.reports,
        lines: figures.promises.iter().map(promise).collect(),
        times: figures
            .times
            .iter()
            .map(|t| time(t, longest.unwrap_or(0)))
            .collect(),
        shares: figures.shares.iter().map(share).collect(),
        counts: figures.counts.iter().map(kinds).collect(),
        numbers,
        withheld: None,
        period: String::new(),
        asked: (String::new(), String::new()),
    }
}

fn promise(p: &PromiseFigure) -> StatLine {
    let firm = match p.firmness {
        Firmness::Commit => "promised",
        Firmness::Target => "aimed at",
        Firmness::Typical => "as a rule",
    };
    let first = (p.kept_at_first, p.missed_at_first);
    StatLine {
        what: format!("{} ({firm})", act_words(p.milestone, p.met_by)),
        kept: p.kept,
        missed: p.missed,
        running: p.running,
        at_first: (first != (p.kept, p.missed)).then_some(first),
        recurring: p.recurring,
    }
}

/// A time in words; what lies before its beginning says so.
fn span(seconds: i64) -> String {
    let words = words::duration(seconds);
    if seconds < 0 {
        format!("{words} before")
    } else {
        words
    }
}

fn three(s: &Spread) -> [i64; 3] {
    [s.median, s.p90, s.max]
}

fn time(t: &TimeFigure, longest: i64) -> TimeLine {
    let mark = |seconds: i64| {
        let share = seconds.max(0).saturating_mul(1_000).checked_div(longest);
        share.unwrap_or(0).clamp(0, 1_000)
    };
    TimeLine {
        what: t.name.words().to_owned(),
        n: t.seconds.n,
        words: three(&t.seconds).map(span),
        business_days: t.business_days.as_ref().map(three),
        marks: three(&t.seconds).map(mark),
    }
}

fn share(s: &ShareFigure) -> ShareLine {
    let permille = s.permille();
    let of = match s.name {
        Name::PauseShare => format!(
            "{} of {}, in {} cases",
            words::duration(s.part),
            words::duration(s.whole),
            s.cases
        ),
        _ => format!("{} of {}", s.part, s.whole),
    };
    let band = (s.name == Name::ResponseEfficiency).then(|| {
        let found = BANDS.iter().find(|(least, _)| permille >= *least);
        found.map_or("low", |(_, word)| word).to_owned()
    });
    ShareLine {
        what: s.name.words().to_owned(),
        permille,
        of,
        band,
    }
}

fn kinds(c: &CountFigure) -> CountTable {
    let mut rows: Vec<(String, u32)> = c
        .kinds
        .iter()
        .map(|(word, n)| ((*word).to_owned(), *n))
        .collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    if c.rest > 0 {
        rows.push(("other, each fewer than shown alone".to_owned(), c.rest));
    }
    let all: i64 = rows.iter().map(|(_, n)| i64::from(*n)).sum();
    CountTable {
        what: c.name.words().to_owned(),
        rows: rows
            .into_iter()
            .map(|(word, n)| {
                let share = i64::from(n).saturating_mul(1_000).checked_div(all);
                (word, n, share.unwrap_or(0))
            })
            .collect(),
    }
}

/// What is open, and the set that BOD 20-01 asks for.
fn open(out: &mut Vec<(String, String)>, b: &Backlog) {
    let mut say = |what: &str, value: String| out.push((what.to_owned(), value));
    say("Reports", b.reports.to_string());
    say("Valid", b.valid.to_string());
    say("Open and valid", b.open_valid.to_string());
    if let Some(age) = &b.age {
        say("Their median age", span(age.median));
    }
    if !b.by_severity.is_empty() {
        say("By severity", levels(&b.by_severity));
    }
    say("Open for more than 90 days", b.old.to_string());
    if let Some(age) = &b.old_age {
        say("By severity, of these", levels(&b.old_by_severity));
        say("Their median age", span(age.median));
    }
}

fn levels(by: &BTreeMap<&'static str, u32>) -> String {
    let order = ["critical", "high", "medium", "low", "not rated"];
    let said = order
        .into_iter()
        .filter_map(|level| by.get(level).map(|n| format!("{level} {n}")));
    said.collect::<Vec<String>>().join(", ")
}
