//! `policy render`: from a policy of either form to texts for people and programs.
//!
//! Invariant: what a rendered SECURITY.md does not say is named, and nothing is
//! overwritten.

use std::path::{Path, PathBuf};

use candor_base::Instant;
use candor_policy::{Insights, Rendered, Unshared};
use clap::{Args, ValueEnum};

use super::put::put;
use super::{PolicyFile, read};
use crate::say::{self, harmless};
use crate::stop::{Done, Stop};

/// How long a security.txt holds, in seconds: RFC 9116 (2.5.5) recommends less than a year.
const HOLDS: i64 = 330 * 24 * 3600;

/// Render a policy.
#[derive(Debug, Args)]
pub(crate) struct PolicyRenderArgs {
    /// The policy, a SECURITY.md or a canonical policy; `-` reads standard input
    pub file: PathBuf,
    /// What to make of it
    #[arg(long, value_enum, default_value = "security.md", value_name = "FORM")]
    pub to: Form,
    /// Where to write it; an existing file is not touched. Default: standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Where the policy stands on the web; security.txt needs it, insights names it
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The day from which dates in the text count; today without it
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<jiff::civil::Date>,
}

/// The forms that a policy can be rendered to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Markdown for people
    #[value(name = "security.md")]
    SecurityMd,
    /// RFC 9116, for a program on Candor
    #[value(name = "security.txt")]
    SecurityTxt,
    /// Everything, for programs; the form is documented in docs/policy-json.md
    Json,
    /// Security Insights 2.0 of the `OpenSSF` (security-insights.yml)
    Insights,
}

/// `candor policy render`.
pub(crate) fn render(args: &PolicyRenderArgs) -> Done {
    let file = read(&args.file)?;
    let today = args.today.unwrap_or_else(|| jiff::Zoned::now().date());
    let mut lost = 0;
    let text = match args.to {
        Form::SecurityMd => {
            let rendered = candor_policy::security_md(&file.compiled.value);
            told(&rendered);
            lost = rendered.lost.len();
            rendered.text
        }
        Form::SecurityTxt => security_txt(&file, args.url.as_deref(), today)?,
        Form::Json => candor_policy::policy_json(&file.in_force())
            .map_err(|why| Stop::environment(format!("This cannot be written as JSON: {why}.")))?,
        Form::Insights => insights(&file, args.url.as_deref(), today),
    };
    let Some(output) = &args.output else {
        say::line(&harmless(text.trim_end()));
        return whole(lost);
    };
    free(output)?;
    let file = format!("{}\n", text.trim_end());
    put(output, file.as_bytes(), false)?;
    say::line(&format!("Wrote {}.", output.display()));
    whole(lost)
}

/// An end that is no success where the text does not say everything.
fn whole(lost: usize) -> Done {
    if lost == 0 {
        return Ok(());
    }
    Err(Stop::refused(format!(
        "The text leaves out what is named above ({lost}). Put it in by hand, then compare: candor policy diff."
    )))
}

/// Whether nothing stands there.
pub(super) fn free(output: &Path) -> Result<(), Stop> {
    if std::fs::symlink_metadata(output).is_ok() {
        return Err(Stop::refused(format!(
            "{} is there already, and nothing was changed. Name another file with -o, or move it away.",
            output.display()
        )));
    }
    Ok(())
}

/// Says what the text and the policy do not share.
fn told(rendered: &Rendered) {
    let list = |title: &str, all: &[Unshared]| {
        if all.is_empty() {
            return;
        }
        say::note(title);
        for one in all {
            let words: String = one.words.chars().take(160).collect();
            say::note(&format!(
                "  {} ({}): {}",
                one.part.replace('_', " "),
                one.span,
                harmless(&words)
            ));
        }
    };
    list(
        "The text does not say this, since it could not be worded so that it is read the same:",
        &rendered.lost,
    );
    list(
        "The text says this besides; look whether you mean it:",
        &rendered.added,
    );
}

fn security_txt(
    file: &PolicyFile,
    url: Option<&str>,
    today: jiff::civil::Date,
) -> Result<String, Stop> {
    let wrong = || {
        Stop::input(
            "A security.txt names pages on the web. Give the page of the program with --url, \
             such as --url https://reports.your.site/p/name.",
        )
    };
    let url = url
        .filter(|u| u.starts_with("https://") || u.starts_with("http://"))
        .ok_or_else(wrong)?;
    let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host.is_empty() || url.contains(char::is_whitespace) {
        return Err(wrong());
    }
    let base = format!("{scheme}://{host}");
    let midnight = today
        .to_zoned(jiff::tz::TimeZone::UTC)
        .map_err(|_| Stop::input("This day is out of range."))?;
    let expires = Instant::from(midnight.timestamp()).plus_seconds(HOLDS);
    Ok(candor_policy::security_txt(
        &file.in_force(),
        &base,
        path,
        expires,
    ))
}

fn insights(file: &PolicyFile, url: Option<&str>, today: jiff::civil::Date) -> String {
    let made = Insights {
        today,
        policy_url: url,
    }
    .render(&file.in_force());
    if !made.missing.is_empty() {
        say::note("Put in what is named at the end of the file; a policy does not know it.");
    }
    made.text
}
