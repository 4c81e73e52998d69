//! `policy compile` and `policy diff`: the canonical policy, and versions compared.
//!
//! Invariants: nothing is overwritten unasked, and never without keeping what was
//! there; the owner's answers outlive a new reading.

use std::path::Path;

use candor_policy::{
    Canonical, Change, Effect, KeptEntry, Policy, PolicyInForce, PromiseKind, Settings, SourceFile,
};
use serde::Serialize;

use super::put::{keep, put, same, there};
use super::{PolicyFile, json, read};
use crate::cli::{PolicyCompileArgs, PolicyDiffArgs};
use crate::say::{self, Paint, Tone, harmless, quoted};
use crate::stop::{Code, Done, Stop};

/// `candor policy compile`.
pub(crate) fn compile(args: &PolicyCompileArgs) -> Done {
    let file = read(&args.file)?;
    if file.source.is_some() {
        return Err(Stop::input(format!(
            "{} is a canonical policy already. Name the text that it was made from.",
            args.file.display()
        )));
    }
    let Some(output) = &args.output else {
        let text = written(&file, file.compiled.value.clone(), Settings::default())?;
        say::line(text.trim_end());
        return Ok(());
    };
    if args.check {
        return check(&file, &args.file, output);
    }
    if same(&args.file, output) {
        return Err(Stop::input(format!(
            "{} is the text itself. Write the canonical policy to another file.",
            output.display()
        )));
    }
    let (old, before) = existing(output, args.force)?;
    let (policy, corrected) = match &old {
        Some(old) => corrected(&old.policy, &file),
        None => (file.compiled.value.clone(), Vec::new()),
    };
    let settings = old.map(|old| old.settings).unwrap_or_default();
    let promises = count_of_promises(&file, &policy, &settings);
    let text = written(&file, policy, settings)?;
    let kept = match &before {
        Some(before) => Some(keep(output, before)?),
        None => None,
    };
    put(output, text.as_bytes(), before.is_some())?;
    say::line(&format!(
        "Wrote {} with {promises} promises. Read it, correct what was misread, and answer the questions in it.",
        output.display()
    ));
    if let Some(kept) = kept {
        say::line(&format!(
            "The answers of the old one are in it. The old one is kept as {}; `candor policy \
             diff` compares the two.",
            kept.display()
        ));
    }
    if !corrected.is_empty() {
        say::line(
            "These entries stay as the old one had them, since their words are unchanged. To see \
             them\nas Candor reads them now, write to another file.",
        );
        for one in &corrected {
            let words: String = one.quote.chars().take(WIDE).collect();
            say::line(&format!(
                "  {}: {}",
                one.part.replace('_', " "),
                harmless(&words)
            ));
        }
    }
    say::line(&format!("Then: candor serve {}", quoted(output)));
    Ok(())
}

/// Most characters shown of the words of an entry.
const WIDE: usize = 56;

/// What is read now, with what the owner corrected in the file that is there.
fn corrected(old: &Policy, file: &PolicyFile) -> (Policy, Vec<KeptEntry>) {
    let text = candor_policy::text_of(&file.bytes).unwrap_or_default();
    candor_policy::keep_corrected(old, &file.compiled.value, &text)
}

/// How many promises `policy show` lists for it, without what Candor adds by itself.
fn count_of_promises(file: &PolicyFile, policy: &Policy, settings: &Settings) -> usize {
    let in_force = PolicyInForce::assemble(&file.bytes, policy.clone(), settings.clone());
    candor_policy::promises_in_words(&in_force)
        .iter()
        .filter(|line| line.kind != PromiseKind::CandorDefault)
        .count()
}

fn written(file: &PolicyFile, policy: Policy, settings: Settings) -> Result<String, Stop> {
    let canonical = Canonical {
        source: SourceFile::of(&file.file_name, &file.bytes),
        policy,
        settings,
    };
    let text = candor_policy::text_of(&file.bytes).unwrap_or_default();
    canonical
        .write(&text)
        .map_err(|why| Stop::input(format!("This policy cannot be written as TOML: {why}")))
}

/// A file that is there.
type Existing = (Option<Canonical>, Option<Vec<u8>>);

/// The canonical policy that is there, if it is one, and the file itself.
fn existing(output: &Path, force: bool) -> Result<Existing, Stop> {
    let Some(bytes) = there(output, super::MOST)? else {
        return Ok((None, None));
    };
    if !force {
        return Err(Stop::refused(format!(
            "{} is there already, and nothing was changed. --force makes it anew and keeps your \
             answers; --check only says whether it is still up to date.",
            output.display()
        )));
    }
    if !candor_policy::is_canonical(&bytes) {
        return Ok((None, Some(bytes)));
    }
    let old = Canonical::parse(&String::from_utf8_lossy(&bytes)).map_err(|why| {
        Stop::input(format!(
            "{} has a mistake, so your answers in it cannot be kept: {why} Nothing was changed. \
             Mend it, or move the file away.",
            output.display()
        ))
    })?;
    Ok((Some(old), Some(bytes)))
}

/// Whether the file was made from this very text; when not, what the text promises now.
fn check(file: &PolicyFile, text: &Path, output: &Path) -> Done {
    let made = read(output)?;
    let Some(source) = &made.source else {
        return Err(Stop::input(format!(
            "{} is no canonical policy. Make one with `candor policy compile {} -o FILE`.",
            output.display(),
            quoted(text)
        )));
    };
    if source.sha256 == SourceFile::of(&file.file_name, &file.bytes).sha256 {
        say::line(&format!(
            "{} corresponds to {}.",
            output.display(),
            text.display()
        ));
        return Ok(());
    }
    let (now, _) = corrected(&made.compiled.value, file);
    let changes = candor_policy::diff(&made.compiled.value, &now);
    for change in &changes {
        say::line(&words(change, Paint::stdout()));
    }
    Err(Stop::refused(format!(
        "{} has changed since {} was made from it; {}. Make it anew with --force.",
        text.display(),
        output.display(),
        count(changes.len())
    )))
}

#[derive(Serialize)]
struct Shown {
    same: bool,
    changes: Vec<ShownChange>,
}

#[derive(Serialize)]
struct ShownChange {
    #[serde(flatten)]
    change: Change,
    in_words: String,
}

/// `candor policy diff`.
pub(crate) fn diff(args: &PolicyDiffArgs) -> Done {
    if args.old == Path::new("-") && args.new == Path::new("-") {
        return Err(Stop::input(
            "Only one of the two can come from standard input.",
        ));
    }
    let (old, new) = (read(&args.old)?.in_force(), read(&args.new)?.in_force());
    let mut changes = candor_policy::diff(&old.policy, &new.policy);
    changes.extend(candor_policy::diff_settings(&old.settings, &new.settings));
    let same = changes.is_empty();
    if args.json {
        let changes = changes
            .into_iter()
            .map(|change| ShownChange {
                in_words: change.in_words(),
                change,
            })
            .collect();
        say::line(&json(&Shown { same, changes })?);
    } else {
        for change in &changes {
            say::line(&words(change, Paint::stdout()));
        }
        say::line(&format!("{}.", capital(&count(changes.len()))));
    }
    if same {
        return Ok(());
    }
    Err(Stop {
        code: Code::Refused,
        message: String::new(),
    })
}

fn words(change: &Change, paint: Paint) -> String {
    let tone = match change.effect {
        Effect::Stronger => Tone::Good,
        Effect::Weaker => Tone::Bad,
        Effect::Changed => Tone::Warn,
    };
    let words = paint.paint(tone, &harmless(&change.in_words()));
    match change.places() {
        places if places.is_empty() => words,
        places => format!("{words}  [{places}]"),
    }
}

fn count(changes: usize) -> String {
    match changes {
        0 => "both promise the same".to_owned(),
        1 => "1 difference".to_owned(),
        n => format!("{n} differences"),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
