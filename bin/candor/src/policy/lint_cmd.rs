//! `candor policy lint`: what could be better in a policy, for people and for machines.
//!
//! Invariants: exit code 1 when something at or above the chosen level was found, 2 when a
//! file cannot be read; every file is judged before the command ends.
//!
//! Deliberately absent: the rules themselves; they stand in `candor-policy`.

use std::fmt::Write as _;
use std::path::Path;

use candor_base::{Finding, Level};
use candor_policy::{
    Coverage, LINT_RULES, LintedFile, Rung, coverage, ladder, lint_on, lint_rule, lint_security_txt,
};
use jiff::civil::Date;
use serde::Serialize;

use super::{PolicyFile, bytes, json, read};
use crate::cli::{LintLevel, PolicyLintArgs};
use crate::say::{self, Paint, Tone, harmless, wrapped};
use crate::stop::{Done, Stop};

/// A file with everything said of it.
struct Judged {
    path: String,
    text: String,
    findings: Vec<Finding>,
    summary: Option<Summary>,
}

/// What a whole policy amounts to.
#[derive(Serialize)]
struct Summary {
    guides: Vec<Coverage>,
    disclose_io: Rung,
}

#[derive(Serialize)]
struct Shown<'a> {
    file: &'a str,
    findings: Vec<Said<'a>>,
    #[serde(flatten)]
    summary: Option<&'a Summary>,
}

#[derive(Serialize)]
struct Said<'a> {
    code: &'a str,
    level: &'static str,
    first_line: Option<u32>,
    last_line: Option<u32>,
    message: &'a str,
    why: &'static str,
    help: &'a str,
    page: Option<String>,
}

/// `candor policy lint`.
pub(crate) fn lint(args: &PolicyLintArgs) -> Done {
    if let Some(code) = &args.explain {
        return explain(code);
    }
    let today = match &args.today {
        Some(day) => *day,
        None => jiff::Zoned::now().date(),
    };
    let mut judged = Vec::with_capacity(args.files.len());
    for path in &args.files {
        judged.push(judge(path, today)?);
    }
    if args.sarif {
        let files: Vec<LintedFile<'_>> = judged
            .iter()
            .map(|j| LintedFile {
                path: &j.path,
                findings: &j.findings,
            })
            .collect();
        let log = candor_policy::sarif(&files, env!("CARGO_PKG_VERSION"), args.pages.as_deref());
        say::line(&json(&log)?);
    } else if args.json {
        let files: Vec<Shown<'_>> = judged.iter().map(shown).collect();
        say::line(&json(&serde_json::json!({ "files": files }))?);
    } else {
        for one in &judged {
            say::line(&words(one, Paint::stdout()));
        }
    }
    verdict(&judged, args.deny)
}

/// Prints the page of a rule.
fn explain(code: &str) -> Done {
    let Some(rule) = lint_rule(code) else {
        let codes: Vec<&str> = LINT_RULES.iter().map(|r| r.code).collect();
        let list = format!("These are the rules: {}.", codes.join(", "));
        return Err(Stop::input(format!(
            "There is no rule `{}`.\n  {}",
            harmless(code),
            wrapped(&list, 2)
        )));
    };
    say::line(rule.page.trim_end());
    Ok(())
}

fn judge(path: &Path, today: Date) -> Result<Judged, Stop> {
    let shown = path.display().to_string();
    let named = path
        .file_name()
        .is_some_and(|n| n.to_string_lossy().eq_ignore_ascii_case("security.txt"));
    if named {
        let bytes = bytes(path)?;
        // Its byte order mark is a finding, so the bytes are taken as they are.
        let text = String::from_utf8_lossy(&bytes).into_owned();
        return Ok(Judged {
            path: shown,
            findings: lint_security_txt(&text, today),
            text,
            summary: None,
        });
    }
    let file: PolicyFile = read(path)?;
    // A canonical policy names the lines of the text it was made from.
    let (shown, text) = match (&file.source, file.origin()) {
        (None, _) => (
            shown,
            candor_policy::text_of(&file.bytes).unwrap_or_default(),
        ),
        (Some(source), origin) => {
            let own = file.path.as_ref() == origin.as_ref();
            let text = origin
                .filter(|_| !own)
                .and_then(|p| bytes(&p).ok())
                .and_then(|b| candor_policy::text_of(&b).ok());
            (source.file.clone(), text.unwrap_or_default())
        }
    };
    let policy = &file.compiled.value;
    let mut findings = file.findings();
    findings.extend(lint_on(&text, policy, today));
    findings.sort_by(|a, b| (a.span, &a.code).cmp(&(b.span, &b.code)));
    Ok(Judged {
        path: shown,
        findings,
        summary: Some(Summary {
            guides: coverage(policy),
            disclose_io: ladder(policy),
        }),
        text,
    })
}

fn shown(judged: &Judged) -> Shown<'_> {
    Shown {
        file: &judged.path,
        findings: judged
            .findings
            .iter()
            .map(|f| Said {
                code: &f.code,
                level: match f.level {
                    Level::Note => "note",
                    Level::Warning => "warning",
                    Level::Error => "mistake",
                },
                first_line: f.span.map(|s| s.first),
                last_line: f.span.map(|s| s.last),
                message: &f.message,
                why: lint_rule(&f.code).map_or("", |r| r.why),
                help: &f.help,
                page: lint_rule(&f.code).map(candor_policy::LintRule::path),
            })
            .collect(),
        summary: judged.summary.as_ref(),
    }
}

/// The file as a person reads it: what stands in it, what is missing, the sum.
fn words(judged: &Judged, paint: Paint) -> String {
    let mut out = String::new();
    let (placed, missing): (Vec<&Finding>, Vec<&Finding>) =
        judged.findings.iter().partition(|f| f.span.is_some());
    let lines: Vec<&str> = judged.text.lines().collect();
    for finding in placed {
        out.push_str(&place_words(&judged.path, finding, &lines, paint));
    }
    if !missing.is_empty() {
        let _ = writeln!(out, "{}: what is missing", harmless(&judged.path));
        for finding in missing {
            let _ = write!(
                out,
                "  {} {} [{}]\n           {}\n",
                level_word(finding.level, paint),
                wrapped(&harmless(&finding.message), 11),
                finding.code,
                wrapped(&harmless(&finding.help), 11)
            );
        }
        out.push('\n');
    }
    if let Some(summary) = &judged.summary {
        out.push_str(&summary_words(summary));
    }
    out.push_str(&count_words(&judged.findings));
    if !judged.findings.is_empty() {
        out.push_str("\n`candor policy lint --explain CODE` says more of a finding.");
    }
    out
}

fn level_word(level: Level, paint: Paint) -> String {
    let (tone, word) = match level {
        Level::Note => (Tone::Quiet, "note"),
        Level::Warning => (Tone::Warn, "warning"),
        Level::Error => (Tone::Bad, "mistake"),
    };
    paint.paint(tone, &format!("{word:<8}"))
}

/// Longer lines are cut: nobody reads them in a terminal.
const WIDE: usize = 76;

fn place_words(path: &str, finding: &Finding, lines: &[&str], paint: Paint) -> String {
    let Some(span) = finding.span else {
        return String::new();
    };
    let source = usize::try_from(span.first)
        .ok()
        .and_then(|n| lines.get(n.saturating_sub(1)))
        .map_or("", |l| l.trim());
    let mut cut: String = source.chars().take(WIDE).collect();
    if cut.len() < source.len() {
        cut.push('\u{2026}');
    }
    let number = span.first.to_string();
    let why = lint_rule(&finding.code).map_or("", |r| r.why);
    let gap = " ".repeat(number.len());
    let quoted = if cut.is_empty() {
        String::new()
    } else {
        format!(
            " {} | {}\n",
            paint.paint(Tone::Quiet, &number),
            harmless(&cut)
        )
    };
    format!(
        "{}:{number}: {} {} [{}]\n{quoted} {gap} = {}\n {gap} = {}\n\n",
        harmless(path),
        level_word(finding.level, paint),
        harmless(&finding.message),
        finding.code,
        wrapped(&harmless(why), gap.len() + 4),
        paint.paint(
            Tone::Strong,
            &wrapped(&harmless(&finding.help), gap.len() + 4)
        ),
    )
}

fn summary_words(summary: &Summary) -> String {
    let mut out = String::from("What the guides ask for\n");
    for one in &summary.guides {
        let met = one.asked.saturating_sub(one.missing.len());
        let _ = write!(out, "  {:<24} {met} of {}", one.standard.name(), one.asked);
        if !one.missing.is_empty() {
            let missing = format!("missing: {}", one.missing.join(", "));
            let _ = write!(out, "\n      {}", wrapped(&missing, 6));
        }
        out.push('\n');
    }
    let rung = &summary.disclose_io;
    let _ = write!(
        out,
        "  disclose.io level {} of 5: {}.",
        rung.level, rung.name
    );
    if let Some(next) = rung.next {
        let next = format!("Next step: {next}");
        let _ = write!(out, "\n      {}", wrapped(&next, 6));
    }
    out.push_str("\n\n");
    out
}

fn count_words(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "Nothing to mend.".to_owned();
    }
    let of = |level| findings.iter().filter(|f| f.level == level).count();
    let one = |n: usize, word: &str| match n {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    let parts: Vec<String> = [
        one(of(Level::Error), "mistake"),
        one(of(Level::Warning), "warning"),
        one(of(Level::Note), "note"),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!("{}.", parts.join(", "))
}

fn verdict(judged: &[Judged], deny: LintLevel) -> Done {
    let least = match deny {
        LintLevel::Note => Level::Note,
        LintLevel::Warning => Level::Warning,
        LintLevel::Mistake => Level::Error,
        LintLevel::Never => return Ok(()),
    };
    let failing = judged
        .iter()
        .filter(|j| j.findings.iter().any(|f| f.level >= least))
        .count();
    match failing {
        0 => Ok(()),
        1 if judged.len() == 1 => Err(Stop::refused(
            "This policy has findings that must be mended.",
        )),
        n => Err(Stop::refused(format!(
            "{n} of {} files {} findings that must be mended.",
            judged.len(),
            if n == 1 { "has" } else { "have" }
        ))),
    }
}
