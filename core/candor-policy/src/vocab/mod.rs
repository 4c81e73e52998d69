//! The words by which a policy is read: tables of patterns, one set per language.
//!
//! Invariants: every entry could stand in a stranger's policy; no entry names a
//! project. A pattern is lower case; ` .. ` stands for any words between, `$`
//! at the end of a piece for the end of a word; a piece begins at a word.
//!
//! Deliberately absent: code per language. A new language is a new table.

mod cve_others;
mod de_report;
mod en_acts;
mod en_causes;
mod en_contents;
mod en_duties;
mod en_harbour;
mod en_headings;
mod en_leads;
mod en_limits;
mod en_pace;
mod en_places;
mod en_prerequisites;
mod en_promises;
mod en_publishing;
mod en_report;
mod en_rules;
mod en_scope;
mod en_silence;
mod en_speech;
mod en_stages;
mod en_thanks;
mod en_time;
mod en_voice;
mod en_ways;
mod es_report;
mod fit;
mod fr_report;
pub(crate) mod gates;
pub(crate) mod gates_others;
mod index;
mod it_report;
mod ja_report;
mod ko;
mod memo;
mod nl;
mod others;
mod others_rules;
mod pt_report;
mod romance_rules;
mod ru;
pub(crate) mod rule_words;
mod times;
mod times_asia;
mod times_eu;
mod times_fr;
mod times_iberia;
mod times_it;
mod times_pt;
mod tongues;
mod ways;
mod ways_asia;
mod words;
mod zh_report;

use rule_words::RuleWords;

pub(crate) use fit::{
    all, any, earliest, find, first, fits, fits_any, heading_topic, is_example_address, is_heading,
    is_unspaced, lead_topic, places, remarks, severity_synonyms, sub_heading, way, ways,
};
pub(crate) use memo::{remembering, times};
pub(crate) use words::{
    is_business, is_business_after, is_every, is_plain_unit, is_weekday, number, unit,
};

use crate::model::{
    AdviceKind, Audience, ContentKey, DisclaimerKind, DutyKind, Firmness, Impact, Milestone,
    Origin, OutletKind, Pace, PrerequisiteKind, ScopeTopic, Severity, StepDemand, StepStage,
    TermUnit,
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
    /// Expressions that hold a milestone's word and mean something else.
    pub(crate) no_cues: &'static [&'static str],
    pub(crate) vague: Table<Pace>,
    /// More such words, in a cell or behind a head only.
    pub(crate) vague_cells: Table<Pace>,
    pub(crate) immediate: &'static [&'static str],
    pub(crate) next_release: &'static [&'static str],
    pub(crate) severities: Table<Severity>,
    pub(crate) firmness: Table<Firmness>,
    pub(crate) origins: Table<Origin>,
    /// The project speaks of what it will do.
    pub(crate) project_speaks: &'static [&'static str],
    /// The project acts: where this begins, a request to the reporter ends.
    pub(crate) project_acts: &'static [&'static str],
    /// A time asked of the reporter.
    pub(crate) asked_of_reporter: &'static [&'static str],
    /// Words that state a window of time until publication.
    pub(crate) windows: &'static [&'static str],
    /// "If you hear nothing".
    pub(crate) silence: &'static [&'static str],
    /// What a reporter does then.
    pub(crate) silence_acts: &'static [&'static str],
    /// The project tells others ahead of time.
    pub(crate) notify: &'static [&'static str],
    /// Who is told.
    pub(crate) audiences: Table<Audience>,
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
    /// Words that limit a wish for silence: without them it is about the channel.
    pub(crate) silence_ends: &'static [&'static str],
    /// Phrases that ask something of the reporter wherever they stand.
    pub(crate) duty_calls: Table<DutyKind>,
    /// What makes a sentence one that asks something.
    pub(crate) directives: &'static [&'static str],
    pub(crate) prerequisites: Table<PrerequisiteKind>,
    /// What stands before these words is out of scope.
    pub(crate) out_before: &'static [&'static str],
    /// What stands behind these words is out of scope.
    pub(crate) out_behind: &'static [&'static str],
    /// What stands between these words is out of scope.
    pub(crate) out_around: Table<&'static str>,
    /// What stands before these words is in scope.
    pub(crate) in_before: &'static [&'static str],
    /// What stands behind these words is in scope.
    pub(crate) in_behind: &'static [&'static str],
    /// Verbs that ask for the contents of a report.
    pub(crate) content_asks: &'static [&'static str],
    /// The calculator is named only to be refused.
    pub(crate) no_cvss: &'static [&'static str],
    pub(crate) outlets: Table<OutletKind>,
    pub(crate) disclaimers: Table<DisclaimerKind>,
    pub(crate) advice: Table<AdviceKind>,
    pub(crate) impacts: Table<Impact>,
    pub(crate) remarks: Table<Remark>,
    pub(crate) supported: Table<crate::model::Support>,
    /// Words about ways to report, places elsewhere, keys and versions.
    pub(crate) ways: Table<Way>,
    /// More of them: places elsewhere, keys, templates, versions.
    pub(crate) terms: Table<Way>,
    /// Process, disclosure, credit, money, safe harbour.
    pub(crate) rules: RuleWords,
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
    KeepConfidential,
    NoLegalAction,
    GoodFaith,
    LatestMinorPerMajor,
    LatestOnly,
    NextPatchOrMinor,
    AllSupported,
    EncryptionOffered,
    UnsafeDefaultsRefused,
    TopPriority,
    AlsoSerious,
    Conduct,
}

pub(crate) use tongues::{languages, named};
pub(crate) use ways::Way;

/// All languages that are read.
pub(crate) static LANGUAGES: [&Language; 11] = [
    &EN,
    &others::DE,
    &others::FR,
    &others::ES,
    &others::PT,
    &others::ZH,
    &others::JA,
    &others::IT,
    &nl::NL,
    &ru::RU,
    &ko::KO,
];

/// A language without words, for tables that hold only some.
const EMPTY: Language = Language {
    code: "",
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
    no_cues: &[],
    vague: &[],
    vague_cells: &[],
    immediate: &[],
    next_release: &[],
    severities: &[],
    firmness: &[],
    origins: &[],
    project_speaks: &[],
    project_acts: &[],
    asked_of_reporter: &[],
    windows: &[],
    silence: &[],
    silence_acts: &[],
    notify: &[],
    audiences: &[],
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
    duty_calls: &[],
    directives: &[],
    silence_ends: &[],
    prerequisites: &[],
    out_before: &[],
    out_behind: &[],
    out_around: &[],
    in_before: &[],
    in_behind: &[],
    content_asks: &[],
    no_cvss: &[],
    outlets: &[],
    disclaimers: &[],
    advice: &[],
    impacts: &[],
    remarks: &[],
    supported: &[],
    ways: &[],
    terms: &[],
    rules: rule_words::NONE,
};

/// English.
static EN: Language = Language {
    code: "en",
    headings: en_headings::HEADINGS,
    fillers: en_headings::FILLERS,
    leads: en_leads::LEADS,
    numbers: en_time::NUMBERS,
    units: en_time::UNITS,
    business: en_time::BUSINESS,
    business_after: &[],
    plain_units: en_time::PLAIN_UNITS,
    every: en_time::EVERY,
    rhythms: en_time::RHYTHMS,
    milestones: en_promises::MILESTONES,
    no_cues: en_promises::NO_CUES,
    vague: en_pace::VAGUE,
    vague_cells: en_pace::VAGUE_CELLS,
    immediate: en_pace::IMMEDIATE,
    next_release: en_pace::NEXT_RELEASE,
    severities: en_time::SEVERITIES,
    firmness: en_time::FIRMNESS,
    origins: en_time::ORIGINS,
    project_speaks: en_voice::PROJECT_SPEAKS,
    project_acts: en_speech::PROJECT_ACTS,
    asked_of_reporter: en_speech::ASKED_OF_REPORTER,
    windows: en_speech::WINDOWS,
    silence: en_silence::SILENCE,
    silence_acts: en_silence::SILENCE_ACTS,
    notify: en_speech::NOTIFY,
    audiences: en_speech::AUDIENCES,
    no_promise: en_speech::NO_PROMISE,
    no_deadline: en_speech::NO_DEADLINE,
    contents: en_contents::CONTENTS,
    optional: en_contents::OPTIONAL,
    if_applicable: en_contents::IF_APPLICABLE,
    mandatory: en_contents::MANDATORY,
    incomplete: en_contents::INCOMPLETE,
    public_ban: en_report::PUBLIC_BAN,
    public_risk: en_report::PUBLIC_RISK,
    scope_topics: en_report::SCOPE_TOPICS,
    disclosure: en_rules::DISCLOSURE,
    stages: en_rules::STAGES,
    stage_heads: en_rules::STAGE_HEADS,
    step_demands: en_rules::STEP_DEMANDS,
    duties: en_duties::DUTIES,
    duty_calls: en_duties::DUTY_CALLS,
    directives: en_duties::DIRECTIVES,
    silence_ends: en_duties::SILENCE_ENDS,
    prerequisites: en_prerequisites::PREREQUISITES,
    out_before: en_scope::OUT_BEFORE,
    out_behind: en_scope::OUT_BEHIND,
    out_around: en_scope::OUT_AROUND,
    in_before: en_scope::IN_BEFORE,
    in_behind: en_scope::IN_BEHIND,
    content_asks: en_contents::CONTENT_ASKS,
    no_cvss: en_contents::NO_CVSS,
    outlets: en_places::OUTLETS,
    disclaimers: en_rules::DISCLAIMERS,
    advice: en_rules::ADVICE,
    impacts: en_rules::IMPACTS,
    remarks: en_rules::REMARKS,
    supported: en_report::SUPPORTED,
    ways: en_ways::WAYS,
    terms: en_places::TERMS,
    rules: EN_RULES,
};

/// English: process, disclosure, credit, money, safe harbour.
const EN_RULES: RuleWords = RuleWords {
    coordinated: en_publishing::COORDINATED,
    full: en_publishing::FULL,
    schedules: en_publishing::SCHEDULES,
    not_coordinated: en_publishing::NOT_COORDINATED,
    public: en_publishing::PUBLIC,
    hold: en_publishing::HOLD,
    gates: en_publishing::GATES,
    before: en_publishing::BEFORE,
    fixed: en_publishing::FIXED,
    time_to_fix: en_publishing::TIME_TO_FIX,
    sooner: en_causes::SOONER,
    early: en_causes::EARLY,
    early_alone: en_causes::EARLY_ALONE,
    later: en_causes::LATER,
    late: en_causes::LATE,
    late_alone: en_causes::LATE_ALONE,
    acts: en_acts::ACTS,
    places: en_stages::PLACES,
    process_leads: en_stages::LEADS,
    loose_places: en_stages::LOOSE_PLACES,
    stage_headings: en_stages::STAGE_HEADINGS,
    chains: en_stages::CHAINS,
    asks: en_stages::ASKS,
    credit: en_thanks::CREDIT,
    harbour: en_harbour::HARBOUR,
    grants: en_harbour::GRANTS,
    bounty: en_harbour::BOUNTY,
    cve: en_limits::CVE,
    where_due: en_limits::WHERE_DUE,
    assigners: en_limits::ASSIGNERS,
    limits: en_limits::LIMITS,
    reviews: en_limits::REVIEWS,
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
