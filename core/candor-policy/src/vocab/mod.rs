//! The words by which a policy is read: tables of patterns, one set per language.
//!
//! Invariants: every entry could stand in a stranger's policy; no entry names a
//! project. A pattern is lower case; ` .. ` stands for any words between, `$`
//! at the end of a piece for the end of a word; a piece begins at a word.
//!
//! Deliberately absent: code per language. A new language is a new table.

mod en_headings;
mod en_report;
mod en_rules;
mod en_time;
mod others;

use crate::model::{
    AdviceKind, ContentKey, DisclaimerKind, DutyKind, Firmness, Impact, Milestone, Origin,
    OutletKind, ScopeTopic, Severity, StepDemand, StepStage, TermUnit,
};

/// What a part of a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
    Versions,
    Reporting,
    Contents,
    InScope,
    OutOfScope,
    Scope,
    Context,
    Response,
    Commitment,
    Severity,
    Disclosure,
    Until,
    Process,
    Duties,
    Advice,
    Outlets,
    Credit,
    SafeHarbour,
    Practices,
    Disclaimer,
    Contact,
    WhenToReport,
    Priority,
    Other,
}

/// A table of patterns and what they mean; the first that fits counts.
pub(crate) type Table<T> = &'static [(&'static str, T)];

/// The words of one language.
pub(crate) struct Language {
    pub(crate) code: &'static str,
    /// Its commonest words, by which it is told from others.
    pub(crate) common: &'static [&'static str],
    pub(crate) headings: Table<Topic>,
    /// Words that may stand beside a heading's own.
    pub(crate) fillers: &'static [&'static str],
    pub(crate) leads: Table<Topic>,
    pub(crate) numbers: Table<u32>,
    /// Words for units, and how many of the unit they stand for.
    pub(crate) units: Table<(u32, TermUnit)>,
    /// Words between a number and its unit that make it a business unit.
    pub(crate) business: &'static [&'static str],
    /// Words behind a unit that make it a business unit ("jours ouvrables").
    pub(crate) business_after: &'static [&'static str],
    /// Words between a number and its unit that change nothing.
    pub(crate) plain_units: &'static [&'static str],
    pub(crate) every: &'static [&'static str],
    /// "weekly" and the like.
    pub(crate) rhythms: Table<(u32, TermUnit)>,
    pub(crate) milestones: Table<Milestone>,
    pub(crate) vague: &'static [&'static str],
    /// More such words, in a cell or behind a head only.
    pub(crate) vague_cells: &'static [&'static str],
    pub(crate) immediate: &'static [&'static str],
    pub(crate) next_release: &'static [&'static str],
    pub(crate) severities: Table<Severity>,
    pub(crate) firmness: Table<Firmness>,
    pub(crate) origins: Table<Origin>,
    /// The project speaks of what it will do.
    pub(crate) project_speaks: &'static [&'static str],
    /// A time asked of the reporter.
    pub(crate) asked_of_reporter: &'static [&'static str],
    /// "If you hear nothing".
    pub(crate) silence: &'static [&'static str],
    /// Thanks, wishes and reasons that sound like a promise.
    pub(crate) no_promise: &'static [&'static str],
    /// A number that is no deadline of the project.
    pub(crate) no_deadline: &'static [&'static str],
    pub(crate) contents: Table<ContentKey>,
    pub(crate) optional: &'static [&'static str],
    pub(crate) if_applicable: &'static [&'static str],
    pub(crate) mandatory: &'static [&'static str],
    pub(crate) incomplete: &'static [&'static str],
    pub(crate) public_ban: &'static [&'static str],
    pub(crate) public_risk: &'static [&'static str],
    pub(crate) scope_topics: Table<ScopeTopic>,
    pub(crate) disclosure: Table<Rule>,
    pub(crate) stages: Table<StepStage>,
    pub(crate) stage_heads: &'static [&'static str],
    pub(crate) step_demands: Table<StepDemand>,
    pub(crate) duties: Table<DutyKind>,
    pub(crate) outlets: Table<OutletKind>,
    pub(crate) disclaimers: Table<DisclaimerKind>,
    pub(crate) advice: Table<AdviceKind>,
    pub(crate) impacts: Table<Impact>,
    pub(crate) remarks: Table<Remark>,
    pub(crate) supported: Table<crate::model::Support>,
}

/// Disclosure rules that words alone tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    Coordinated,
    Agreed,
    PrivateFirst,
    Expedited,
    Extension,
    UntilFixed,
    FreeAfterDate,
    MayStayInternal,
    WhenApplicable,
    PublishMitigations,
}

/// Sentences that make a clause of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remark {
    UpgradeFirst,
    KnownPublic,
    WhenToReport,
    NotHere,
    FieldedBy,
    Distributors,
    Subscribe,
    Delegates,
    FinalCall,
    AlsoReportTo,
    Basis,
    Statement,
    CreditWithConsent,
    CreditUnlessAnonymous,
    CreditValidOnly,
    Credit,
    KeepConfidential,
    NoLegalAction,
    GoodFaith,
    LatestMinorPerMajor,
    LatestOnly,
    NextPatchOrMinor,
    AllSupported,
    EncryptionOffered,
    UnsafeDefaultsRefused,
    ReviewYearly,
    TopPriority,
    AlsoSerious,
    Conduct,
}

/// All languages that are read.
pub(crate) static LANGUAGES: [&Language; 7] = [
    &EN,
    &others::DE,
    &others::FR,
    &others::ES,
    &others::PT,
    &others::ZH,
    &others::JA,
];

/// A language without words, for tables that hold only some.
const EMPTY: Language = Language {
    code: "",
    common: &[],
    headings: &[],
    fillers: &[],
    leads: &[],
    numbers: &[],
    units: &[],
    business: &[],
    business_after: &[],
    plain_units: &[],
    every: &[],
    rhythms: &[],
    milestones: &[],
    vague: &[],
    vague_cells: &[],
    immediate: &[],
    next_release: &[],
    severities: &[],
    firmness: &[],
    origins: &[],
    project_speaks: &[],
    asked_of_reporter: &[],
    silence: &[],
    no_promise: &[],
    no_deadline: &[],
    contents: &[],
    optional: &[],
    if_applicable: &[],
    mandatory: &[],
    incomplete: &[],
    public_ban: &[],
    public_risk: &[],
    scope_topics: &[],
    disclosure: &[],
    stages: &[],
    stage_heads: &[],
    step_demands: &[],
    duties: &[],
    outlets: &[],
    disclaimers: &[],
    advice: &[],
    impacts: &[],
    remarks: &[],
    supported: &[],
};

/// English.
static EN: Language = Language {
    code: "en",
    common: &["the", "and", "of", "to", "please", "is"],
    headings: en_headings::HEADINGS,
    fillers: en_headings::FILLERS,
    leads: en_headings::LEADS,
    numbers: en_time::NUMBERS,
    units: en_time::UNITS,
    business: en_time::BUSINESS,
    business_after: &[],
    plain_units: en_time::PLAIN_UNITS,
    every: en_time::EVERY,
    rhythms: en_time::RHYTHMS,
    milestones: en_time::MILESTONES,
    vague: en_time::VAGUE,
    vague_cells: en_time::VAGUE_CELLS,
    immediate: en_time::IMMEDIATE,
    next_release: en_time::NEXT_RELEASE,
    severities: en_time::SEVERITIES,
    firmness: en_time::FIRMNESS,
    origins: en_time::ORIGINS,
    project_speaks: en_time::PROJECT_SPEAKS,
    asked_of_reporter: en_time::ASKED_OF_REPORTER,
    silence: en_time::SILENCE,
    no_promise: en_time::NO_PROMISE,
    no_deadline: en_time::NO_DEADLINE,
    contents: en_report::CONTENTS,
    optional: en_report::OPTIONAL,
    if_applicable: en_report::IF_APPLICABLE,
    mandatory: en_report::MANDATORY,
    incomplete: en_report::INCOMPLETE,
    public_ban: en_report::PUBLIC_BAN,
    public_risk: en_report::PUBLIC_RISK,
    scope_topics: en_report::SCOPE_TOPICS,
    disclosure: en_rules::DISCLOSURE,
    stages: en_rules::STAGES,
    stage_heads: en_rules::STAGE_HEADS,
    step_demands: en_rules::STEP_DEMANDS,
    duties: en_rules::DUTIES,
    outlets: en_rules::OUTLETS,
    disclaimers: en_rules::DISCLAIMERS,
    advice: en_rules::ADVICE,
    impacts: en_rules::IMPACTS,
    remarks: en_rules::REMARKS,
    supported: en_report::SUPPORTED,
};

/// Folder names with which paths inside a repository commonly begin.
pub(crate) const FOLDERS: &[&str] = &[
    "apps",
    "packages",
    "workers",
    "services",
    "infra",
    "src",
    "lib",
    "libs",
    "crates",
    "cmd",
    "pkg",
    "internal",
    "api",
    "web",
    "server",
    "client",
    "frontend",
    "backend",
    "docs",
    "scripts",
    "deploy",
    "charts",
    "tools",
    "modules",
    "plugins",
    "contracts",
    "docker",
    "config",
    "tests",
];

/// File endings that commonly end a path in running text.
pub(crate) const FILE_ENDINGS: &[&str] = &[
    ".yaml", ".yml", ".toml", ".json", ".lock", ".rs", ".py", ".ts", ".js", ".go", ".tf",
];

/// Where a pattern first fits, as a byte range.
pub(crate) fn find(low: &str, pattern: &str) -> Option<(usize, usize)> {
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
            || before.is_none_or(|c| !c.is_alphanumeric());
        let ends = !closed || after.is_none_or(|c| !c.is_alphanumeric());
        if opens && ends {
            return Some((start, end));
        }
    }
    None
}

/// Whether a letter belongs to a script that sets no blanks between words.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// Whether a pattern fits.
pub(crate) fn fits(low: &str, pattern: &str) -> bool {
    find(low, pattern).is_some()
}

/// Whether any pattern of any language's list fits.
pub(crate) fn any(low: &str, list: impl Fn(&Language) -> &'static [&'static str]) -> bool {
    LANGUAGES
        .iter()
        .any(|l| list(l).iter().any(|p| fits(low, p)))
}

/// What the first fitting pattern of any language's table means.
pub(crate) fn first<T: Copy + 'static>(
    low: &str,
    table: impl Fn(&Language) -> Table<T>,
) -> Option<T> {
    LANGUAGES
        .iter()
        .find_map(|l| table(l).iter().find(|(p, _)| fits(low, p)).map(|(_, t)| *t))
}

/// Everything that fits, with where, in the order of the text.
pub(crate) fn all<T: Copy + 'static>(
    low: &str,
    table: impl Fn(&Language) -> Table<T>,
) -> Vec<(usize, usize, T)> {
    let mut out: Vec<(usize, usize, T)> = LANGUAGES
        .iter()
        .flat_map(|l| table(l).iter())
        .filter_map(|(p, t)| find(low, p).map(|(s, e)| (s, e, *t)))
        .collect();
    out.sort_by_key(|(s, e, _)| (*s, std::cmp::Reverse(*e)));
    out
}

/// Whether a remark of this kind fits.
pub(crate) fn remarks(low: &str, kind: Remark) -> bool {
    LANGUAGES
        .iter()
        .any(|l| l.remarks.iter().any(|(p, k)| *k == kind && fits(low, p)))
}

/// The languages a text is written in, by their commonest words.
pub(crate) fn languages(low: &str) -> Vec<&'static str> {
    let mut counts: Vec<(usize, &'static str)> = LANGUAGES
        .iter()
        .map(|l| (l.common.iter().map(|w| count(low, w)).sum(), l.code))
        .collect();
    let most = counts.iter().map(|(n, _)| *n).max().unwrap_or(0);
    counts.retain(|(n, _)| *n >= 3 && n.saturating_mul(4) >= most);
    counts.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    counts.into_iter().map(|(_, code)| code).collect()
}

fn count(low: &str, word: &str) -> usize {
    if word.starts_with(is_unspaced) {
        return low.matches(word).count();
    }
    low.split(|c: char| !c.is_alphanumeric())
        .filter(|w| *w == word)
        .count()
}

/// What a heading announces.
pub(crate) fn heading_topic(low: &str) -> Option<Topic> {
    first(low, |l| l.headings)
}

/// Whether a line without marks is a heading all the same: its words are a
/// heading's own or fillers.
pub(crate) fn is_heading(low: &str) -> bool {
    LANGUAGES.iter().any(|l| {
        l.headings.iter().any(|(pattern, _)| {
            find(low, pattern).is_some_and(|(from, to)| others_fill(low, from, to, l.fillers))
        })
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
