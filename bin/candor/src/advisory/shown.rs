//! How a verdict is shown: lines for people, an object a line, or results of SARIF.

use std::fmt::Write as _;
use std::io::Write;

use candor_csaf::{Format, Judged, Level};
use serde_json::{Value, json};

use super::sarif;
use super::validate::Verdict;
use crate::cli::{ShownLevel, ValidateArgs};
use crate::say::{Paint, Tone, harmless, wrapped};

/// The way of showing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Style {
    /// For people, from a level on.
    People {
        /// The least level that is shown.
        from: Level,
        /// Colours.
        paint: Paint,
    },
    /// An object a line.
    Json,
    /// One SARIF log.
    Sarif,
}

/// A verdict as it is written.
pub(super) struct Shown {
    /// The text, with its line feed.
    pub(super) text: String,
    /// Whether the document is valid.
    pub(super) valid: bool,
    /// Whether it could not be read at all.
    pub(super) unreadable: bool,
    /// How many findings there are.
    pub(super) findings: u64,
}

/// One finding, whoever made it.
pub(super) struct Said<'a> {
    pub(super) test: &'a str,
    pub(super) level: Level,
    pub(super) pointer: &'a str,
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// What the name of a file should be (CSAF 2.0, section 5.1).
const NAME_HELP: &str = "Name the file after the id of the document: small letters, everything but letters, digits, `+` and `-` as `_`.";
const READ_HELP: &str = "Look whether the file is there and may be read.";

impl Style {
    pub(super) fn of(args: &ValidateArgs) -> Self {
        if args.json {
            Self::Json
        } else if args.sarif {
            Self::Sarif
        } else {
            let from = match args.level {
                ShownLevel::Mandatory => Level::Mandatory,
                ShownLevel::Optional => Level::Optional,
                ShownLevel::Informative => Level::Informative,
            };
            Self::People {
                from,
                paint: Paint::stdout(),
            }
        }
    }

    /// What stands before the first verdict.
    pub(super) fn head(self) -> String {
        match self {
            Self::Sarif => sarif::head(),
            Self::People { .. } | Self::Json => String::new(),
        }
    }

    /// What stands after the last one.
    pub(super) fn tail(self) -> &'static str {
        match self {
            Self::Sarif => sarif::TAIL,
            Self::People { .. } | Self::Json => "",
        }
    }

    /// Writes a verdict; `after` says whether findings stand before it.
    pub(super) fn put(
        self,
        out: &mut impl Write,
        shown: &Shown,
        after: bool,
    ) -> std::io::Result<()> {
        if matches!(self, Self::Sarif) && after && shown.findings > 0 {
            out.write_all(b",\n")?;
        }
        out.write_all(shown.text.as_bytes())
    }

    /// The text of a verdict.
    pub(super) fn show(self, verdict: &Verdict) -> Shown {
        let said = said(verdict);
        let valid = verdict.judged.as_ref().is_ok_and(Judged::valid);
        let text = match self {
            Self::People { from, paint } => people(verdict, &said, valid, from, paint),
            Self::Json => object(verdict, &said, valid),
            Self::Sarif => sarif::results(&verdict.path, &said),
        };
        Shown {
            text,
            valid,
            unreadable: verdict.judged.is_err(),
            findings: u64::try_from(said.len()).unwrap_or(u64::MAX),
        }
    }
}

fn said(verdict: &Verdict) -> Vec<Said<'_>> {
    let judged = match &verdict.judged {
        Ok(judged) => judged,
        Err(why) => {
            return vec![Said {
                test: "schema",
                level: Level::Schema,
                pointer: "",
                message: format!("it cannot be read: {why}"),
                help: READ_HELP,
            }];
        }
    };
    let mut out: Vec<Said<'_>> = judged
        .findings
        .iter()
        .map(|finding| Said {
            test: finding.test,
            level: finding.level(),
            pointer: &finding.pointer,
            message: finding.message.clone(),
            help: finding.help(),
        })
        .collect();
    if let Some(name) = &verdict.misnamed {
        out.push(Said {
            test: "filename",
            level: Level::Optional,
            pointer: "/document/tracking/id",
            message: format!("the file should be called {name}"),
            help: NAME_HELP,
        });
    }
    out
}

fn format_name(verdict: &Verdict) -> &'static str {
    let judged = verdict.judged.as_ref();
    judged.map_or(Format::Unknown, |j| j.format).as_str()
}

fn object(verdict: &Verdict, said: &[Said<'_>], valid: bool) -> String {
    let findings: Vec<Value> = said
        .iter()
        .map(|s| {
            json!({
                "test": s.test,
                "level": s.level.as_str(),
                "pointer": s.pointer,
                "message": s.message,
                "help": s.help,
            })
        })
        .collect();
    let line = json!({
        "path": verdict.path,
        "format": format_name(verdict),
        "valid": valid,
        "findings": findings,
    });
    format!("{line}\n")
}

fn people(verdict: &Verdict, said: &[Said<'_>], valid: bool, from: Level, paint: Paint) -> String {
    let shown: Vec<&Said<'_>> = said.iter().filter(|s| s.level <= from).collect();
    if shown.is_empty() {
        return String::new();
    }
    let word = if valid {
        paint.paint(Tone::Good, "valid")
    } else {
        paint.paint(Tone::Bad, "not valid")
    };
    let path = paint.paint(Tone::Strong, &harmless(&verdict.path).replace('\n', " "));
    let mut out = format!("{path}: {word}, {}\n", format_name(verdict));
    for s in shown {
        let tone = match s.level {
            Level::Schema | Level::Mandatory => Tone::Bad,
            Level::Optional => Tone::Warn,
            Level::Informative => Tone::Quiet,
        };
        let place = if s.pointer.is_empty() { "/" } else { s.pointer };
        let _ = writeln!(
            out,
            "  {} {} {}",
            paint.paint(tone, s.level.as_str()),
            s.test,
            paint.paint(Tone::Quiet, &harmless(place).replace('\n', " ")),
        );
        let _ = writeln!(out, "    {}", wrapped(&harmless(&s.message), 4));
        let _ = writeln!(out, "    {}", paint.paint(Tone::Quiet, &wrapped(s.help, 4)));
    }
    out
}
