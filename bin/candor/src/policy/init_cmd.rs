//! `policy init`: a few questions, what the answers would mean, and a SECURITY.md.
//!
//! Invariants: nothing is overwritten; what is written was compiled and linted before;
//! a wrong answer is asked again at once, with what would be right.

use std::path::{Path, PathBuf};

use candor_base::{Finding, Instant, Level};
use candor_policy::settings::{PolicyInForce, Settings};
use candor_policy::{Answers, ClockRule, Draft, Harbour, Milestone, WrongAnswer};
use clap::Args;

use super::finding_words;
use super::put::put;
use super::render_cmd::free;
use crate::say::{self, Paint, harmless, quoted};
use crate::stop::{Done, Stop};
use crate::terminal;

/// How often one question is asked again.
const TRIES: usize = 5;

/// Write a SECURITY.md.
#[derive(Debug, Args)]
pub(crate) struct PolicyInitArgs {
    /// Where to write it; an existing file is not touched
    #[arg(short, long, value_name = "FILE", default_value = "SECURITY.md")]
    pub output: PathBuf,
    /// Take the answers from a file (TOML) and ask nothing
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Ask nothing; what is not given has its default
    #[arg(long)]
    pub yes: bool,
    /// Read answers from standard input, one a line, also when it is no terminal
    #[arg(long, conflicts_with_all = ["answers", "yes"])]
    pub ask: bool,
    /// E-mail address for reports
    #[arg(long, value_name = "ADDRESS")]
    pub contact: Option<String>,
    /// GitHub repository with private reporting switched on
    #[arg(long, value_name = "OWNER/NAME")]
    pub repository: Option<String>,
    /// Name of the project
    #[arg(long, value_name = "NAME")]
    pub project: Option<String>,
    /// Print the file of answers with its defaults, and end
    #[arg(long, conflicts_with_all = ["answers", "yes", "ask"])]
    pub print_answers: bool,
}

/// `candor policy init`.
pub(crate) fn init(args: &PolicyInitArgs) -> Done {
    let answers = first_answers(args)?;
    if args.print_answers {
        say::line(&answers_file(&answers)?);
        return Ok(());
    }
    free(&args.output)?;
    let quiet = args.yes || args.answers.is_some();
    if !quiet && !args.ask && !terminal::is_there() {
        return Err(Stop::input(
            "There is no terminal to ask at. Give --answers FILE, or --yes with --contact or \
             --repository; --print-answers prints a file to fill in.",
        ));
    }
    let draft = if quiet {
        answers.draft().map_err(|why| of_answer(args, &why))?
    } else {
        interview(answers)?
    };
    let findings = judged(&draft)?;
    say::line(&meaning(&draft, &args.output));
    for finding in &findings {
        say::line(&finding_words(finding, Paint::stdout()));
    }
    if !quiet && !agreed(&args.output)? {
        return Err(Stop::refused("Nothing was written."));
    }
    put(&args.output, draft.rendered.text.as_bytes(), false)?;
    let shown = args.output.display();
    say::line(&format!(
        "Wrote {shown}. Read it, change what you like, and look again with: candor policy lint {}",
        quoted(&args.output)
    ));
    Ok(())
}

fn first_answers(args: &PolicyInitArgs) -> Result<Answers, Stop> {
    let mut answers = match &args.answers {
        None => Answers::default(),
        Some(path) => {
            let shown = path.display();
            let text = candor_policy::text_of(&super::bytes(path)?)
                .map_err(|_| Stop::input(format!("{shown} is no file of answers.")))?;
            toml::from_str(&text).map_err(|why| mistake(path, &text, &why))?
        }
    };
    for (given, slot) in [
        (&args.contact, &mut answers.contact),
        (&args.repository, &mut answers.repository),
        (&args.project, &mut answers.project),
    ] {
        if let Some(given) = given {
            slot.clone_from(given);
        }
    }
    Ok(answers)
}

/// What is wrong in a file of answers, with its line and without the parser's own drawing.
fn mistake(path: &Path, text: &str, why: &toml::de::Error) -> Stop {
    let before = why.span().and_then(|at| text.get(..at.start));
    let place = before.map_or_else(String::new, |t| {
        format!(", line {}", t.matches('\n').count().saturating_add(1))
    });
    let what = why.message();
    let unknown = what
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split('`').next());
    let what = match unknown {
        Some(name) => format!("There is no answer `{name}`"),
        None => what.lines().collect::<Vec<_>>().join(" "),
    };
    Stop::input(format!(
        "{}{place}: {}. `candor policy init --print-answers` shows every answer there is. \
         Nothing was written.",
        path.display(),
        harmless(what.trim_end_matches('.'))
    ))
}

/// The answers as TOML. Texts, lists and numbers are written as in JSON, which TOML
/// reads the same.
fn answers_file(answers: &Answers) -> Result<String, Stop> {
    let cannot = |why: serde_json::Error| {
        Stop::environment(format!("This cannot be written as TOML: {why}."))
    };
    let value = serde_json::to_value(answers).map_err(cannot)?;
    let entries = value.as_object().into_iter().flatten();
    let lines: Vec<String> = entries
        .map(|(key, value)| format!("{key} = {value}"))
        .collect();
    Ok(lines.join("\n"))
}

fn of_answer(args: &PolicyInitArgs, why: &WrongAnswer) -> Stop {
    let place = args
        .answers
        .as_ref()
        .map_or_else(String::new, |p| format!("{}: ", p.display()));
    // Where nothing is asked, the words name what to give.
    let flags = match why.key {
        "contact" if args.answers.is_none() => {
            " Give --contact ADDRESS or --repository OWNER/NAME."
        }
        _ => "",
    };
    Stop::input(format!(
        "{place}{}: {}{flags} Nothing was written.",
        why.key,
        harmless(&why.help)
    ))
}

/// A question: the answer it sets, its words, and how the answer is put in.
struct Question {
    keys: &'static [&'static str],
    words: &'static str,
    now: fn(&Answers) -> String,
    set: fn(&mut Answers, &str),
}

const QUESTIONS: [Question; 16] = [
    Question {
        keys: &["project"],
        words: "What is the project called?",
        now: |a| a.project.clone(),
        set: |a, t| t.clone_into(&mut a.project),
    },
    Question {
        keys: &["repository"],
        words: "Which GitHub repository takes private reports (owner/name; none)?",
        now: |a| a.repository.clone(),
        set: |a, t| t.clone_into(&mut a.repository),
    },
    Question {
        keys: &["form"],
        words: "Which form on the web takes reports (https://…; none)?",
        now: |a| a.form.clone(),
        set: |a, t| t.clone_into(&mut a.form),
    },
    Question {
        keys: &["contact"],
        words: "To which e-mail address may reports go (none)?",
        now: |a| a.contact.clone(),
        set: |a, t| t.clone_into(&mut a.contact),
    },
    Question {
        keys: &["key"],
        words: "Where does your OpenPGP key stand (https://…; none)?",
        now: |a| a.key.clone(),
        set: |a, t| t.clone_into(&mut a.key),
    },
    Question {
        keys: &["versions"],
        words: "Which versions get fixes (such as 2.x, 1.x; none: the latest release only)?",
        now: |a| a.versions.join(", "),
        set: |a, t| a.versions = list(t),
    },
    Question {
        keys: &["acknowledgement"],
        words: "Within which time does a person answer a report? You promise this.",
        now: |a| a.acknowledgement.clone(),
        set: |a, t| t.clone_into(&mut a.acknowledgement),
    },
    Question {
        keys: &["assessment"],
        words: "Within which time do you aim to say what you make of it? This is a target.",
        now: |a| a.assessment.clone(),
        set: |a, t| t.clone_into(&mut a.assessment),
    },
    Question {
        keys: &["updates"],
        words: "How often do you write until the fix is out? You promise this, too.",
        now: |a| a.updates.clone(),
        set: |a, t| t.clone_into(&mut a.updates),
    },
    Question {
        keys: &["fix"],
        words: "Within which time do you aim to have a fix? This is a target.",
        now: |a| a.fix.clone(),
        set: |a, t| t.clone_into(&mut a.fix),
    },
    Question {
        keys: &["disclosure"],
        words: "After which time may details be public, at the latest?",
        now: |a| a.disclosure.clone(),
        set: |a, t| t.clone_into(&mut a.disclosure),
    },
    Question {
        keys: &["credit"],
        words: "Do you name reporters who wish it (yes, no)?",
        now: |a| if a.credit { "yes" } else { "no" }.to_owned(),
        set: |a, t| a.credit = yes_or_no(t).unwrap_or(false),
    },
    Question {
        keys: &["safe_harbour"],
        words: "How much safe harbour do you give (full, basic, none)?",
        now: |a| harbour_word(a.safe_harbour).to_owned(),
        set: |a, t| {
            a.safe_harbour = match t {
                "full" => Harbour::Full,
                "basic" => Harbour::Basic,
                _ => Harbour::None,
            }
        },
    },
    Question {
        keys: &["in_scope"],
        words: "What is in scope (parts with commas between; none: the code and its releases)?",
        now: |a| a.in_scope.join(", "),
        set: |a, t| a.in_scope = list(t),
    },
    Question {
        keys: &["out_of_scope"],
        words: "What is out of scope (none: systems of others, social engineering, floods)?",
        now: |a| a.out_of_scope.join(", "),
        set: |a, t| a.out_of_scope = list(t),
    },
    Question {
        keys: &["review_months"],
        words: "Every how many months do you look the policy over (none)? You promise this.",
        now: |a| a.review_months.to_string(),
        set: |a, t| a.review_months = t.parse().unwrap_or(0),
    },
];

/// What is wrong with an answer whose kind is not seen in the policy made of it.
fn of_kind(question: &Question, said: &str) -> Option<&'static str> {
    match question.keys {
        ["credit"] if yes_or_no(said).is_none() => Some("Please answer yes or no."),
        ["safe_harbour"] if !matches!(said, "full" | "basic" | "none") => {
            Some("Please answer full, basic or none.")
        }
        ["review_months"] if said.parse::<u32>().is_err() && said != "none" => {
            Some("Please answer with a number of months, such as 12.")
        }
        _ => None,
    }
}

/// A plain answer; nothing for other words.
fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "y" => Some(true),
        "no" | "n" | "none" => Some(false),
        _ => None,
    }
}

const fn harbour_word(harbour: Harbour) -> &'static str {
    match harbour {
        Harbour::Full => "full",
        Harbour::Basic => "basic",
        Harbour::None => "none",
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(',')
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

fn interview(mut answers: Answers) -> Result<Draft, Stop> {
    say::note("A few questions. Enter takes what stands in brackets; \"none\" leaves it out.");
    for question in &QUESTIONS {
        answer(question, &mut answers)?;
    }
    answers.draft().map_err(|why| wrong(&why))
}

fn wrong(why: &WrongAnswer) -> Stop {
    Stop::input(format!("{} Nothing was written.", harmless(&why.help)))
}

/// Asks until the answer can be used.
fn answer(question: &Question, answers: &mut Answers) -> Result<(), Stop> {
    for _ in 0..TRIES {
        let now = (question.now)(answers);
        let shown = if now.is_empty() { "none" } else { now.as_str() };
        let said = terminal::ask(&format!("{}\n  [{shown}]", question.words))?;
        let said = said.trim();
        let before = answers.clone();
        if let Some(help) = of_kind(question, said).filter(|_| !said.is_empty()) {
            say::note(&format!("  {help}"));
            continue;
        }
        match said {
            "" => {}
            "none" => (question.set)(answers, ""),
            given => (question.set)(answers, given),
        }
        match of_this(question, answers) {
            None => return Ok(()),
            Some(help) => {
                say::note(&format!("  {}", harmless(&help)));
                *answers = before;
            }
        }
    }
    Err(Stop::input(
        "This was asked five times. Nothing was written; --answers FILE takes answers from a file.",
    ))
}

/// What is wrong with the answer to this very question. That a way to report is missing
/// shows at the last question for one.
fn of_this(question: &Question, answers: &Answers) -> Option<String> {
    let mut tried = answers.clone();
    if tried.contact.trim().is_empty() && question.keys != ["contact"] {
        "reports@site.dev".clone_into(&mut tried.contact);
    }
    let why = tried.draft().err()?;
    question.keys.contains(&why.key).then_some(why.help)
}

/// What lint says of the text. Anything worse than a note stops here.
fn judged(draft: &Draft) -> Result<Vec<Finding>, Stop> {
    let compiled = candor_policy::compile(draft.rendered.text.as_bytes())
        .map_err(|why| Stop::input(format!("These answers give no policy: {why}.")))?;
    let bad = compiled.findings.iter().find(|f| f.level != Level::Note);
    match bad {
        Some(finding) => Err(Stop::input(format!(
            "These answers do not fit together: {} {} Nothing was written.",
            harmless(&finding.message),
            harmless(&finding.help)
        ))),
        None => Ok(compiled.findings),
    }
}

/// What keeping the promises means, by the example of a report on a Friday evening.
fn meaning(draft: &Draft, output: &Path) -> String {
    let text = draft.rendered.text.as_bytes();
    let policy = PolicyInForce::assemble(text, draft.policy.clone(), Settings::default());
    let calendar = policy.calendar();
    let mut out = vec![
        String::new(),
        format!("{} would promise:", output.display()),
    ];
    for line in candor_policy::promises_in_words(&policy) {
        if line.clause.is_some() {
            out.push(format!("  {} ({})", harmless(&line.text), line.firmness));
        }
    }
    let friday = next_friday_evening();
    let shown = candor_calendar::show(friday, &calendar);
    out.push(format!("\nA report that comes on {shown} means:"));
    let mut dates = Vec::new();
    for clock in candor_policy::clocks(&policy) {
        let rule = match &clock.rule {
            ClockRule::Within { rule } | ClockRule::Recurring { rule } if clock.is_promise() => {
                rule
            }
            _ => continue,
        };
        let Ok(due) = candor_calendar::due(rule, friday, &calendar, &[]) else {
            continue;
        };
        dates.push((due.at, clock.milestone, candor_policy::clock_words(&clock)));
    }
    dates.sort();
    for (at, _, words) in &dates {
        let shown = candor_calendar::show(*at, &calendar);
        out.push(format!("  by {shown}: {words}"));
    }
    out.extend(same_day(&dates).map(str::to_owned));
    let advice = "Promise only what you can keep in a bad week; nobody minds a longer time.";
    out.push(advice.to_owned());
    out.join("\n")
}

/// A word where the fix and the publication would fall on one day: users then get no time
/// to update.
fn same_day(dates: &[(Instant, Milestone, String)]) -> Option<&'static str> {
    let of = |wanted: Milestone| dates.iter().find(|(_, m, _)| *m == wanted).map(|d| d.0);
    (of(Milestone::Fix)? == of(Milestone::Disclosure)?).then_some(
        "The fix and the publication fall on one day. A longer time until publication lets \
         people update before.",
    )
}

fn next_friday_evening() -> Instant {
    let today = jiff::Zoned::now().date();
    let days = (12 - i64::from(today.weekday().to_monday_one_offset())) % 7;
    let friday = today
        .checked_add(jiff::Span::new().days(days))
        .unwrap_or(today);
    friday
        .at(18, 0, 0, 0)
        .to_zoned(jiff::tz::TimeZone::UTC)
        .map_or_else(
            |_| Instant::from(jiff::Timestamp::now()),
            |evening| Instant::from(evening.timestamp()),
        )
}

fn agreed(output: &Path) -> Result<bool, Stop> {
    for _ in 0..TRIES {
        let said = terminal::ask(&format!("Write {} (yes, no)?\n  [yes]", output.display()))?;
        match yes_or_no(said.trim()) {
            _ if said.trim().is_empty() => return Ok(true),
            Some(yes) => return Ok(yes),
            None => say::note("  Please answer yes or no."),
        }
    }
    Ok(false)
}
