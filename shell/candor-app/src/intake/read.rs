//! From raw fields and files to an envelope, or to errors that name the fields.
//!
//! Invariants: only what cannot be stored or is no report at all is refused:
//! nothing typed, binary text, too large. Whether the report is any good is
//! asked later, by people.

use std::collections::BTreeMap;

use candor_access::build::words;
use candor_access::view::FieldError;
use candor_base::{Body, Digest, TextError};
use candor_case::IntakeChannel;
use candor_policy::model::ContentKey;

use crate::input::FileInput;
use crate::random;
use crate::report::{FiledFile, FiledIdentity, FiledReport, IDENTITY_FIELDS};
use crate::seal::safe_name;

/// Largest text of all fields together, in bytes.
const MAX_TEXT: usize = 400 * 1024;
/// Most fields, and the longest name of one.
const MAX_FIELDS: usize = 80;
const MAX_NAME: usize = 60;
/// Most files of one report or message.
pub(super) const MAX_FILES: usize = 20;

/// A report that can be stored.
pub(super) struct Envelope {
    /// The form's nonce, when it has the right form.
    pub(super) nonce: Option<String>,
    /// The report without identity.
    pub(super) report: FiledReport,
    /// Who filed it.
    pub(super) identity: FiledIdentity,
    /// The files.
    pub(super) files: Vec<FileInput>,
    /// Digest over everything sent but the nonce.
    pub(super) content: Digest,
    /// How it came.
    pub(super) channel: IntakeChannel,
}

/// Reads what was sent.
pub(super) fn envelope(
    typed: &BTreeMap<String, String>,
    files: Vec<FileInput>,
    channel: IntakeChannel,
    max_files: u64,
) -> Result<Envelope, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut fields = texts(typed, &mut errors);
    errors.extend(check_files(&files, max_files));
    errors.extend(check_email(&fields));
    if errors.is_empty() && is_empty(&fields) {
        errors.push(error(
            "description",
            "Please describe the problem in a few words. Nothing else is needed to send a report.",
        ));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    // Only whoever hands in says on which way a report came; from anybody else the name is
    // one of their own, so that it cannot pass for a word of the team.
    if !channel.came_elsewhere()
        && let Some(text) = fields.remove("came_by")
    {
        fields.insert("sent_came_by".to_owned(), text);
    }
    let content = content_digest(&fields, &files);
    let (identity, report): (BTreeMap<_, _>, BTreeMap<_, _>) = fields
        .into_iter()
        .partition(|(name, _)| IDENTITY_FIELDS.contains(&name.as_str()));
    Ok(Envelope {
        nonce: typed.get("nonce").filter(|n| random::is_token(n)).cloned(),
        report: FiledReport::new(report, files.iter().map(filed).collect()),
        identity: FiledIdentity { fields: identity },
        files,
        content,
        channel,
    })
}

fn error(field: &str, message: impl Into<String>) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: message.into(),
    }
}

fn texts(
    typed: &BTreeMap<String, String>,
    errors: &mut Vec<FieldError>,
) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let total: usize = typed.values().map(String::len).sum();
    if total > MAX_TEXT || typed.len() > MAX_FIELDS {
        errors.push(error(
            "",
            "This is more text than one report can hold (400 kB). Please move the long parts into \
             a file and attach it.",
        ));
    }
    for (name, text) in typed {
        if name == "nonce" || text.trim().is_empty() {
            continue;
        }
        if name.len() > MAX_NAME || name.chars().any(char::is_control) {
            errors.push(error(
                "",
                "One of the fields has a name that cannot be stored.",
            ));
            continue;
        }
        match Body::new(text) {
            Ok(body) => {
                out.insert(name.clone(), body.as_str().to_owned());
            }
            Err(TextError::Empty) => {}
            Err(why) => errors.push(error(name, sentence(&why.to_string()))),
        }
    }
    out
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().collect());
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}

/// A browser sends an empty file for an input that was left alone.
pub(crate) fn attached(mut files: Vec<FileInput>) -> Vec<FileInput> {
    files.retain(|f| !(f.bytes.is_empty() && f.name.is_empty()));
    files
}

/// Whether files are too many or too large.
pub(crate) fn check_files(files: &[FileInput], max: u64) -> Option<FieldError> {
    let total: usize = files.iter().map(|f| f.bytes.len()).sum();
    if u64::try_from(total).unwrap_or(u64::MAX) > max {
        return Some(error(
            "files",
            format!(
                "The files together are larger than {}. Please attach smaller ones, or describe \
                 where the team can get them.",
                words::size(max)
            ),
        ));
    }
    (files.len() > MAX_FILES).then(|| {
        error(
            "files",
            format!("At most {MAX_FILES} files can be attached. Please put them into one archive."),
        )
    })
}

fn check_email(fields: &BTreeMap<String, String>) -> Option<FieldError> {
    let email = fields.get("email")?;
    (!is_address(email)).then(|| {
        error(
            "email",
            "This does not look like an e-mail address. Correct it, or leave it empty: the \
             receipt code is enough to come back.",
        )
    })
}

/// Whether a text can be a mail address: one line, one `@`, something on both sides.
pub(crate) fn is_address(text: &str) -> bool {
    let text = text.trim();
    let plain = text.len() <= 254
        && text
            .chars()
            .all(|c| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"".contains(c));
    match text.split_once('@') {
        Some((local, host)) => {
            plain
                && !local.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && !host.starts_with('.')
                && !host.ends_with('.')
        }
        None => false,
    }
}

/// No word on what the problem is.
fn is_empty(fields: &BTreeMap<String, String>) -> bool {
    !fields.keys().any(|name| tells(name))
}

/// Whether a field tells what the problem is, in words that nothing is worked out from.
pub(crate) fn tells(name: &str) -> bool {
    let beside = [
        ContentKey::Versions,
        ContentKey::Component,
        ContentKey::Severity,
        ContentKey::Contact,
        ContentKey::Identity,
    ];
    words::CONTENT_KEYS
        .into_iter()
        .any(|key| !beside.contains(&key) && words::content_name(key) == name)
}

fn filed(file: &FileInput) -> FiledFile {
    FiledFile {
        name: safe_name(&file.name),
        sha256: random::sha256(&file.bytes).to_string(),
        bytes: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
    }
}

/// Over fields and files, each with its length before it.
fn content_digest(fields: &BTreeMap<String, String>, files: &[FileInput]) -> Digest {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for (name, text) in fields {
        parts.push(name.clone().into_bytes());
        parts.push(text.clone().into_bytes());
    }
    parts.push(b"files".to_vec());
    for file in files {
        parts.push(file.name.clone().into_bytes());
        parts.push(random::sha256(&file.bytes).as_bytes().to_vec());
    }
    let slices: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    // A fixed key: here only the framing is wanted, the secret comes in with the code.
    Digest::from_bytes(random::keyed(&[0; 32], &slices))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(fields: &[(&str, &str)]) -> BTreeMap<String, String> {
        fields
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    fn read(fields: &BTreeMap<String, String>) -> Result<Envelope, Vec<FieldError>> {
        envelope(fields, Vec::new(), IntakeChannel::Form, 1_000)
    }

    fn fields_in_error(input: &BTreeMap<String, String>) -> Vec<String> {
        match read(input) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.into_iter().map(|e| e.field).collect(),
        }
    }

    #[test]
    fn only_what_is_no_report_is_refused() {
        assert_eq!(fields_in_error(&input(&[])), ["description"]);
        assert_eq!(
            fields_in_error(&input(&[("version", "1.0"), ("email", "a@b.example")])),
            ["description"]
        );
        assert!(fields_in_error(&input(&[("summary", "x")])).is_empty());
        assert!(fields_in_error(&input(&[("steps", "x")])).is_empty());
        assert_eq!(
            fields_in_error(&input(&[("description", "a\u{0}b")])),
            ["description"]
        );
        assert_eq!(
            fields_in_error(&input(&[("description", "x"), ("email", "nobody")])),
            ["email"]
        );
        let long = "x".repeat(100_001);
        assert_eq!(
            fields_in_error(&input(&[("description", &long)])),
            ["description"]
        );
        let lots: Vec<(String, String)> = (0..5)
            .map(|i| (format!("f{i}"), "y".repeat(90_000)))
            .collect();
        let lots: Vec<(&str, &str)> = lots.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            fields_in_error(&input(&lots)),
            ["", "description"][..1].to_vec()
        );
    }

    #[test]
    fn files_are_bounded_and_empty_inputs_ignored() {
        let file = |n: usize| FileInput {
            name: "a".to_owned(),
            bytes: vec![0; n],
        };
        assert!(check_files(&[file(1_000)], 1_000).is_none());
        assert!(check_files(&[file(1_000), file(1)], 1_000).is_some());
        assert!(check_files(&vec![file(0); 21], 1_000).is_some());
        let nothing = FileInput {
            name: String::new(),
            bytes: Vec::new(),
        };
        assert!(attached(vec![nothing]).is_empty());
    }

    #[test]
    fn identity_lies_apart_and_the_content_digest_sees_everything() {
        let read = |i: &BTreeMap<String, String>| read(i).ok().unwrap();
        let a = read(&input(&[("description", "x"), ("email", "a@b.example")]));
        assert!(!a.report.fields.contains_key("email"));
        assert_eq!(a.identity.email().as_deref(), Some("a@b.example"));
        let b = read(&input(&[("description", "x"), ("email", "c@b.example")]));
        assert_ne!(a.content, b.content);
        let nonce = "A".repeat(43);
        let c = read(&input(&[
            ("description", "x"),
            ("email", "a@b.example"),
            ("nonce", &nonce),
        ]));
        assert_eq!(a.content, c.content);
        assert_eq!(c.nonce.as_deref(), Some(nonce.as_str()));
    }
}
