//! Policy files of either form: reading them, `policy show`, `policy lint`.
//!
//! Invariant: a file is read and compiled before anything else happens, so
//! that a wrong one touches no data.

pub(crate) mod canon;
pub(crate) mod init_cmd;
mod lint_cmd;
pub(crate) mod naming;
mod put;
pub(crate) mod render_cmd;
mod sections;
pub(crate) mod simulate;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use candor_base::{Finding, Findings, Level};
use candor_policy::settings::{PolicyInForce, Settings};
use candor_policy::{Policy, PromiseLine, SourceFile, Stated};
use serde::Serialize;

use crate::cli::PolicyShowArgs;
use crate::say::{self, Paint, Tone, harmless};
use crate::stop::{Done, Stop};

pub(crate) use lint_cmd::lint;

/// The largest file read, a little more than a policy may be.
const MOST: u64 = 2 * 1024 * 1024;

/// A policy file that compiled.
#[derive(Debug)]
pub(crate) struct PolicyFile {
    /// The file's own name, without folders.
    pub file_name: String,
    /// Its whole path; `None` for standard input.
    pub path: Option<PathBuf>,
    /// The bytes as they are.
    pub bytes: Vec<u8>,
    /// What they mean, with everything noticed.
    pub compiled: Findings<Policy>,
    /// What the owner states in it; nothing in a SECURITY.md.
    pub stated: Stated,
    /// The text behind a canonical policy, whose lines are named everywhere.
    pub source: Option<SourceFile>,
}

/// Reads a policy of either form; exit code 2 when that cannot be done.
pub(crate) fn read(path: &Path) -> Result<PolicyFile, Stop> {
    of_bytes(path, bytes(path)?)
}

fn of_bytes(path: &Path, bytes: Vec<u8>) -> Result<PolicyFile, Stop> {
    let shown = path.display();
    let given = candor_policy::read_policy(&bytes).map_err(|why| {
        let why = why.to_string();
        Stop::input(format!("{shown}: {}.", why.trim_end_matches('.')))
    })?;
    let whole = crate::paths::absolute(path);
    let name = |p: Option<&std::ffi::OsStr>| p.map(|n| n.to_string_lossy().into_owned());
    Ok(PolicyFile {
        file_name: name(path.file_name()).unwrap_or_else(|| "SECURITY.md".to_owned()),
        path: (path != Path::new("-")).then_some(whole),
        bytes,
        compiled: given.compiled,
        stated: given.stated,
        source: given.source,
    })
}

fn bytes(path: &Path) -> Result<Vec<u8>, Stop> {
    let shown = path.display();
    let cannot = |why: std::io::Error| {
        let help = match why.kind() {
            std::io::ErrorKind::NotFound => "There is no such file; check its name.",
            std::io::ErrorKind::PermissionDenied => "You may not read it; check its rights.",
            _ => "Check the file.",
        };
        Stop::input(format!("The policy {shown} cannot be read: {why}. {help}"))
    };
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(MOST)
            .read_to_end(&mut bytes)
            .map_err(cannot)?;
        return Ok(bytes);
    }
    plain(path)?;
    let file = std::fs::File::open(path).map_err(cannot)?;
    file.take(MOST).read_to_end(&mut bytes).map_err(cannot)?;
    Ok(bytes)
}

/// Refuses what would be waited for without an end: a folder, a pipe or a device that is
/// none of our own input. A file that is not there is told by whoever opens it.
fn plain(path: &Path) -> Result<(), Stop> {
    let shown = path.display();
    let ours = ["/dev/stdin", "/dev/fd", "/proc/self/fd"];
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => Err(Stop::input(format!(
            "{shown} is a folder. Name the file in it, such as {}.",
            path.join("SECURITY.md").display()
        ))),
        Ok(meta) if !meta.is_file() && !ours.iter().any(|own| path.starts_with(own)) => {
            Err(Stop::input(format!(
                "{shown} is no plain file, so it is not read. Name a file, or `-` for standard input."
            )))
        }
        _ => Ok(()),
    }
}

impl PolicyFile {
    /// The text beside a canonical policy, when it is no longer the one from which that
    /// was made.
    pub(crate) fn changed_text(&self) -> Option<String> {
        let source = self.source.as_ref()?;
        let beside = self.origin().filter(|p| Some(p) != self.path.as_ref())?;
        let now = SourceFile::of(&source.file, &bytes(&beside).ok()?);
        (now.sha256 != source.sha256).then(|| source.file.clone())
    }

    /// The policy as it holds before the owner has set anything.
    pub(crate) fn in_force(&self) -> PolicyInForce {
        PolicyInForce::assemble(
            &self.bytes,
            self.compiled.value.clone(),
            self.stated.over(&Settings::default()),
        )
    }

    /// The file that stands for this program: a canonical policy belongs to the text
    /// beside it from which it was made, so that either one may be served.
    pub(crate) fn origin(&self) -> Option<PathBuf> {
        let own = self.path.clone()?;
        let beside = self
            .source
            .as_ref()
            .and_then(|source| Path::new(&source.file).file_name())
            .map(|name| own.with_file_name(name));
        Some(beside.filter(|text| text.is_file()).unwrap_or(own))
    }

    /// Whose lines are named, where that is another file.
    fn lines_of(&self) -> Option<String> {
        let source = self.source.as_ref()?;
        Some(format!("Lines are those of {}.", harmless(&source.file)))
    }

    /// Everything that could be better, in the order of the text.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut all = self.compiled.findings.clone();
        all.sort_by(|a, b| (a.span, &a.code).cmp(&(b.span, &b.code)));
        all.dedup();
        all
    }
}

fn is_about_something_else(bytes: &[u8]) -> bool {
    matches!(
        candor_policy::compile(bytes),
        Err(candor_policy::NotAPolicy::NotAboutSecurity)
    )
}

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    policy: &'a Policy,
    promises_in_words: Vec<PromiseLine>,
    calendar: String,
    not_stated: Vec<&'static str>,
    not_yet_run: Vec<(String, String, &'static str)>,
    findings: Vec<Finding>,
}

/// `candor policy show`.
pub(crate) fn show(args: &PolicyShowArgs) -> Done {
    let bytes = bytes(&args.file)?;
    if args.labels && is_about_something_else(&bytes) {
        // A text that is no policy promises nothing: that, too, is a label.
        let nothing = Policy {
            kind: candor_policy::PolicyKind::NotAPolicy,
            ..Policy::default()
        };
        say::line(&json(&candor_policy::labels(&nothing))?);
        return Ok(());
    }
    let file = of_bytes(&args.file, bytes)?;
    let policy = &file.compiled.value;
    if args.labels {
        say::line(&json(&candor_policy::labels(policy))?);
        return Ok(());
    }
    let in_force = file.in_force();
    if args.json {
        let shown = Shown {
            policy,
            promises_in_words: candor_policy::promises_in_words(&in_force),
            calendar: sections::calendar_words(&in_force),
            not_stated: sections::not_stated(policy),
            not_yet_run: candor_policy::not_yet_run(policy)
                .into_iter()
                .map(|(id, span, why)| (id.to_string(), span.to_string(), why))
                .collect(),
            findings: file.findings(),
        };
        say::line(&json(&shown)?);
        return Ok(());
    }
    say::line(&sections::text(
        &in_force,
        &file.findings(),
        Paint::stdout(),
    ));
    if let Some(words) = file.lines_of() {
        say::line("");
        say::line(&words);
    }
    Ok(())
}

/// A finding in two lines: where and what, then how to mend it.
pub(crate) fn finding_words(finding: &Finding, paint: Paint) -> String {
    let (tone, word) = match finding.level {
        Level::Note => (Tone::Quiet, "note"),
        Level::Warning => (Tone::Warn, "warning"),
        Level::Error => (Tone::Bad, "mistake"),
    };
    let place = finding
        .span
        .map_or_else(|| "whole text".to_owned(), |s| s.to_string());
    let what = format!("{place}: {} [{}]", harmless(&finding.message), finding.code);
    format!(
        "  {} {}\n           {}",
        paint.paint(tone, &format!("{word:<8}")),
        say::wrapped(&what, 11),
        say::wrapped(&harmless(&finding.help), 11)
    )
}

/// Pretty JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, Stop> {
    serde_json::to_string_pretty(value)
        .map_err(|why| Stop::environment(format!("This could not be written as JSON: {why}.")))
}

/// Reads every policy, or stops at the first that cannot be used.
pub(crate) fn read_all(paths: &[PathBuf]) -> Result<Vec<PolicyFile>, Stop> {
    paths.iter().map(|p| read(p)).collect()
}
