//! Wordings for how a report comes in: versions, channels, encryption, contents, scope.
//!
//! Invariants: an address is written as it is; what names none gets none.
//!
//! Deliberately absent: times; see `times`.

use super::place::{Form, Section};
use super::writer::Candidate;
use crate::model::{
    Channel, ChannelKind, CompareOp, ContentItem, ContextFactor, Demand, Encryption, KeyWay,
    PatchTarget, ScopeItem, ScopeTopic, Support, VersionRange, VersionRule,
};

const SUPPORTED: Form = Form::Row(&["Version", "Supported"]);
const SUPPORTED_UNTIL: Form = Form::Row(&["Version", "Supported", "End of support"]);
const WAYS: Form = Form::item("Please tell us in private, in one of these ways:");
pub(super) const ASKED: Form = Form::item("Please include:");
pub(super) const DEMANDED: Form = Form::item("Your report must include:");
const WEIGHED: Form = Form::item("How serious a finding is may be influenced by:");
const PLAIN: Form = Form::item("");

/// A row of the table of versions.
pub(super) fn version(rule: &VersionRule, with_end: bool) -> Vec<Candidate> {
    let words: &[&str] = match rule.support {
        Support::Full => &["Yes"],
        Support::SecurityOnly => &["Security fixes only"],
        Support::CriticalOnly => &["Critical fixes only"],
        Support::BestEffort => &["Best effort", "Limited", "Case by case"],
        Support::None => &["No"],
        Support::Development => &["In development"],
        Support::Unclear => &["To be decided", "?", "Unknown"],
    };
    let row = |label: &str, support: &str| {
        let end = rule.end.as_deref().unwrap_or("");
        if with_end {
            let text = format!("| {label} | {support} | {end} |");
            return Candidate::new(Section::Versions, SUPPORTED_UNTIL, text);
        }
        let text = format!("| {label} | {support} |");
        Candidate::new(Section::Versions, SUPPORTED, text)
    };
    let labels = [rule.label.clone(), label(&rule.range)];
    let rows = labels
        .iter()
        .flat_map(|label| words.iter().map(move |support| row(label, support)));
    rows.collect()
}

/// A label for what a rule matches.
pub(super) fn label(range: &VersionRange) -> String {
    let dotted = |parts: &[u32]| {
        let parts: Vec<String> = parts.iter().map(u32::to_string).collect();
        parts.join(".")
    };
    match range {
        VersionRange::Prefix { parts } => format!("{}.x", dotted(parts)),
        VersionRange::Compare { op, parts } => {
            let sign = match op {
                CompareOp::Less => "<",
                CompareOp::LessOrEqual => "<=",
                CompareOp::Greater => ">",
                CompareOp::GreaterOrEqual => ">=",
                CompareOp::Equal => "=",
            };
            format!("{sign} {}", dotted(parts))
        }
        VersionRange::Latest { branch: None } => "Latest release".to_owned(),
        VersionRange::Latest {
            branch: Some(branch),
        } => format!("Latest build of {branch}"),
        VersionRange::Older => "Older versions".to_owned(),
        VersionRange::Words => "Other".to_owned(),
    }
}

/// Where fixes go. As an item where a sentence would also be a rule about versions.
pub(super) fn patch_target(target: PatchTarget) -> Vec<Candidate> {
    let text = match target {
        PatchTarget::LatestMinorPerMajor => {
            "Fixes go to the latest minor version within each supported major version."
        }
        PatchTarget::LatestOnly => "Only the latest release gets security fixes.",
        PatchTarget::NextPatchOrMinor => "Fixes come with the next patch or minor release.",
        PatchTarget::AllSupported => "Fixes go to all supported versions.",
    };
    [Form::Sentence, PLAIN]
        .map(|form| Candidate::new(Section::Versions, form, text))
        .to_vec()
}

/// A way to report.
pub(super) fn channel(channel: &Channel) -> Vec<Candidate> {
    let aside = match (channel.preferred, channel.conditional) {
        (false, false) => "",
        (true, false) => " (preferred)",
        (false, true) => " (if available)",
        (true, true) => " (preferred, if available)",
    };
    let value = channel.value.as_deref();
    let words = match (channel.kind, value) {
        (ChannelKind::Email, Some(address)) => format!("Email: {address}"),
        (ChannelKind::Email, None) => "Email: the address is given on request".to_owned(),
        (ChannelKind::GithubAdvisory, Some(url)) => {
            format!("GitHub: [private vulnerability reporting]({url})")
        }
        (ChannelKind::GithubAdvisory, None) => "GitHub private vulnerability reporting".to_owned(),
        (ChannelKind::Web, Some(url)) => format!("[Web form]({url})"),
        (ChannelKind::Web, None) => "Our web form".to_owned(),
        (ChannelKind::Page, Some(url)) => format!("On this page: <{url}>"),
        (ChannelKind::Phone, Some(number)) => format!("Phone: {number}"),
        (ChannelKind::Platform, Some(url)) => format!("Platform: <{url}>"),
        (ChannelKind::PrivateTracker, Some(url)) => format!("Private issue: <{url}>"),
        (ChannelKind::PrivateContact, None) => "A private contact of the project".to_owned(),
        (ChannelKind::Maintainers, None) => "The maintainers directly".to_owned(),
        (ChannelKind::PublicIssue, None) => {
            let text = "To report a vulnerability, please open an issue.";
            return vec![Candidate::new(Section::Reporting, Form::Sentence, text)];
        }
        _ => return Vec::new(),
    };
    vec![Candidate::new(
        Section::Reporting,
        WAYS,
        format!("{words}{aside}"),
    )]
}

/// Encrypted reports.
pub(super) fn encryption(e: &Encryption) -> Vec<Candidate> {
    let put = |text: String| Candidate::new(Section::Reporting, Form::Sentence, text);
    match (e.key.as_deref(), e.request_subject.as_deref()) {
        (Some(key), None) if key.contains("://") => {
            vec![put(format!(
                "You can encrypt your report with [our OpenPGP key]({key})."
            ))]
        }
        (Some(key), None) if e.way == KeyWay::KeyId => vec![
            put(format!("Our OpenPGP key has the key ID {key}.")),
            put(format!("OpenPGP key ID: {key}.")),
        ],
        (Some(key), None) => vec![put(format!("Our OpenPGP key has the fingerprint {key}."))],
        (Some(key), Some(subject)) => vec![put(format!(
            "You can encrypt your report with [our OpenPGP key]({key}), or ask for it with the subject line \"{subject}\"."
        ))],
        (None, Some(subject)) => vec![
            put(format!(
                "Our OpenPGP key is available on request, with the subject line \"{subject}\"."
            )),
            put(format!(
                "To get our OpenPGP key, send a mail with the subject line \"{subject}\"."
            )),
        ],
        (None, None) => vec![put("You can encrypt your report with OpenPGP.".to_owned())],
    }
}

/// Something that a report should hold.
pub(super) fn content(item: &ContentItem) -> Vec<Candidate> {
    let lists = match item.demand {
        Demand::Mandatory => [DEMANDED, ASKED],
        Demand::Asked | Demand::Optional | Demand::IfApplicable => [ASKED, DEMANDED],
    };
    let (label, help) = (&item.label, &item.help);
    let picks = if item.choices.is_empty() {
        String::new()
    } else {
        format!(" ({})", item.choices.join(", "))
    };
    let mut texts = vec![help.clone(), format!("{label}{picks}: {help}")];
    texts.push(format!("{label}{picks}"));
    let mut out = Vec::new();
    for list in lists {
        for text in &texts {
            out.push(Candidate::new(
                Section::Contents,
                list.clone(),
                text.clone(),
            ));
        }
    }
    out.push(Candidate::new(Section::Reporting, Form::Sentence, help));
    out
}

/// What is in scope or out of it.
pub(super) fn scope(section: Section, item: &ScopeItem) -> Vec<Candidate> {
    let (name, detail) = (&item.name, &item.detail);
    let mut texts = vec![
        format!("{name}: {detail}"),
        format!("{name} ({detail})"),
        name.clone(),
    ];
    if item.topic == ScopeTopic::UnsafeDefaults {
        let own = Candidate::new(Section::About, Form::Sentence, detail);
        return vec![own];
    }
    if detail.is_empty() {
        texts.drain(..2);
    }
    texts
        .into_iter()
        .map(|text| Candidate::new(section, PLAIN, text))
        .collect()
}

/// What a finding's weight depends on.
pub(super) fn context_factor(factor: ContextFactor) -> Vec<Candidate> {
    let text = match factor {
        ContextFactor::Implementation => "the implementation of the application",
        ContextFactor::Configuration => "its configuration",
        ContextFactor::Dependency => "its dependencies",
    };
    vec![Candidate::new(Section::Assessment, WEIGHED, text)]
}
