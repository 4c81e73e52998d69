//! The words of the canonical file: what its parts are called and what is asked of
//! the owner.
//!
//! Invariants: a part or setting that stands in no table is still written, only with
//! fewer words; an example is never a value in force.

/// A part of the file: its key, its title.
pub(crate) const PARTS: [(&str, &str); 50] = [
    ("product", "What it is about"),
    ("lead_ins", "Sentences that lead into a list"),
    ("versions", "Supported versions"),
    ("patch_targets", "Where fixes go"),
    ("upgrade_first", "Upgrade before you report"),
    ("channels", "Ways to report"),
    ("public_ban", "Not in public"),
    ("encryption", "Encrypted reports"),
    ("contents", "What a report should hold"),
    ("incomplete_rule", "Reports that are not complete"),
    ("prerequisites", "What a report must fulfil"),
    ("in_scope", "In scope"),
    ("out_of_scope", "Out of scope"),
    ("context_factors", "What the context depends on"),
    ("known_public_rule", "Problems that are public already"),
    ("when_to_report", "When to report"),
    ("not_here", "What does not belong here"),
    ("promises", "Promises: on each case they become clocks"),
    ("follow_up", "When the reporter hears nothing"),
    ("advance_notice", "Word to others in advance"),
    ("timetable", "Days of publication, and how late they may be"),
    ("severities", "Severity words"),
    ("other_severities", "More severity words"),
    ("scoring", "How severity is scored"),
    ("assessment_basis", "What an assessment goes by"),
    ("impact_ranking", "Which impact counts most"),
    ("disclosure", "How and when details become public"),
    ("steps", "The process, step by step"),
    ("acts", "What is done with a report, act by act"),
    ("cve", "CVE ids"),
    ("fix_kinds", "Kinds of fixes"),
    ("outlets", "Where advisories are announced"),
    ("distributors", "Who publishes on their own"),
    ("subscribe", "How users hear of it"),
    ("credit", "Credit"),
    ("anonymity", "Staying unnamed"),
    ("bounty", "Money for reports"),
    ("safe_harbour", "Safe harbour"),
    ("duties", "What is asked of reporters"),
    ("contacts", "Contacts"),
    ("fielded_by", "Who reads reports"),
    ("review", "Review of the policy itself"),
    ("disclaimers", "Disclaimers"),
    ("advice", "Advice to users"),
    ("practices", "Practices of the repository"),
    ("statements", "Statements, shown as they stand"),
    ("delegates_to", "What stands elsewhere"),
    ("placeholders", "Blanks that nobody filled in"),
    ("embargo_list", "Who hears early"),
    ("report_languages", "Languages in which reports are taken"),
];

/// Parts that reporters look for; named when the text says nothing of them.
pub(crate) const LOOKED_FOR: [&str; 9] = [
    "versions",
    "channels",
    "contents",
    "in_scope",
    "disclosure",
    "credit",
    "safe_harbour",
    "outlets",
    "review",
];

/// A setting: key, what it is for and what holds without it, an example per choice.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    /// Key under `[settings]`.
    pub(crate) key: &'static str,
    /// What it means.
    pub(crate) words: &'static str,
    /// Lines that answer it; one is to be uncommented.
    pub(crate) choices: &'static [&'static str],
    /// The finding that makes it a question about this very text.
    pub(crate) question: Option<&'static str>,
}

const fn asked(
    key: &'static str,
    words: &'static str,
    choices: &'static [&'static str],
    question: Option<&'static str>,
) -> Asked {
    Asked {
        key,
        words,
        choices,
        question,
    }
}

/// Every setting, in the order of the file.
pub(crate) const SETTINGS: [Asked; 21] = [
    asked(
        "zone",
        "In which time zone do days begin and end? Candor's default: UTC.",
        &["zone = \"Europe/Oslo\""],
        None,
    ),
    asked(
        "workweek",
        "On which days do you work? 1 is Monday, 7 is Sunday. They count where the policy says \
         \"business days\". Candor's default: Monday to Friday.",
        &["workweek = [1, 2, 3, 4, 5]"],
        None,
    ),
    asked(
        "holidays",
        "Which days are holidays where you work? They are no business days. Candor's default: none.",
        &["holidays = [\"2026-12-25\", \"2027-01-01\"]"],
        None,
    ),
    asked(
        "holiday_regions",
        "Whose public holidays are free? Candor knows them by country or part of one. A day \
         counts only when people work in all of them. Candor's default: none.",
        &["holiday_regions = [\"NO\", \"DE-BY\"]"],
        None,
    ),
    asked(
        "working_days",
        "On which dates do you work although they are a holiday or on a weekend? Candor's \
         default: none.",
        &["working_days = [\"2026-12-24\"]"],
        None,
    ),
    asked(
        "working_hours",
        "When does your working day begin and end? Business hours run then, and reminders come \
         then. Candor's default: 09:00 to 17:00.",
        &["working_hours = [\"09:00\", \"17:00\"]"],
        None,
    ),
    asked(
        "cutoff",
        "From which hour on does a report count for the next business day? It holds for \
         promises in business days. Candor's default: none.",
        &["cutoff = \"17:00\""],
        None,
    ),
    asked(
        "nonbusiness_receipt",
        "What does a report on a day off count as? Candor's default: received on that day, or \
         on the next business day where there is a cut-off.",
        &[
            "nonbusiness_receipt = \"deem_received_next\"",
            "nonbusiness_receipt = \"count_next\"",
        ],
        None,
    ),
    asked(
        "response_means",
        "What does \"response\" mean in your table of severities? Candor's reading until you say \
         so: the start of work.",
        &["response_means = \"plan\"", "response_means = \"fix\""],
        Some("response-ambiguous"),
    ),
    asked(
        "security_address",
        "Which address takes reports by mail?",
        &["security_address = \"security@your.site\""],
        Some("channel-without-address"),
    ),
    asked(
        "github_repository",
        "Which repository takes private reports on GitHub?",
        &["github_repository = \"owner/name\""],
        Some("forge-without-repository"),
    ),
    asked(
        "private_contact",
        "Who is the private contact, and how are they reached?",
        &["private_contact = \"Ada Lovelace, +47 22 00 00 00\""],
        Some("private-contact-without-address"),
    ),
    asked(
        "maintainers",
        "Which maintainers may reporters write to? Nobody is listed unless you name them here.",
        &["maintainers = [{ name = \"Ada Lovelace\", address = \"ada@your.site\" }]"],
        Some("maintainers-without-address"),
    ),
    asked(
        "releases",
        "Which releases are there? The newest first. `supported` may be left out: then the rule \
         of the policy decides. `date = \"2026-01-31\"` says when one was released.",
        &["releases = [{ version = \"1.4.2\" }, { version = \"0.9\", supported = false }]"],
        Some("versions-elsewhere"),
    ),
    asked(
        "next_release",
        "When is the next release? It dates promises \"with the next release\".",
        &["next_release = \"2027-02-01\""],
        None,
    ),
    asked(
        "last_review",
        "When did you last review this policy?",
        &["last_review = \"2026-11-01\""],
        None,
    ),
    asked(
        "four_eyes",
        "Must a second person agree before something is published? Candor's default: no.",
        &["four_eyes = true"],
        None,
    ),
    asked(
        "second_look_minutes",
        "A team of one confirms a publication again after so many minutes. Candor's default: at once.",
        &["second_look_minutes = 60"],
        None,
    ),
    asked(
        "distributors",
        "Who gets advance notice and publishes on their own?",
        &["distributors = [{ name = \"Distribution\", address = \"security@distribution.site\" }]"],
        None,
    ),
    asked(
        "publisher",
        "Who is named as the publisher of advisories? Candor's default: the product.",
        &["publisher = \"The project\""],
        None,
    ),
    asked(
        "namespace",
        "Which address stands for the publisher in CSAF files?",
        &["namespace = \"https://your.site\""],
        None,
    ),
];
