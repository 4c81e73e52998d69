//! `candor advisory validate`: the verdict on each document, for people and machines.
//!
//! Invariants: the order of the output is that of the documents; memory does not grow
//! with their number; one document that cannot be read does not keep the others from
//! being judged.

use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use candor_csaf::{Judged, judge};

use super::shown::{Shown, Style};
use super::walk::{Found, Walk, read};
use crate::cli::ValidateArgs;
use crate::say::Progress;
use crate::stop::{Done, Stop};

/// How many documents are judged before the next are looked for. The first verdict must
/// not wait for many, and later there is no need to hurry.
const FIRST: usize = 8;
const MOST: usize = 512;

/// What was counted.
#[derive(Debug, Default)]
struct Count {
    documents: u64,
    invalid: u64,
    unreadable: u64,
    findings: u64,
}

/// One document with its verdict.
pub(super) struct Verdict {
    /// As it was named; `-` for standard input.
    pub(super) path: String,
    /// The verdict, or why there is none.
    pub(super) judged: Result<Judged, String>,
    /// The name that the standard wants, when the file has another.
    pub(super) misnamed: Option<String>,
}

/// Runs the command.
pub(crate) fn run(args: &ValidateArgs) -> Done {
    let style = Style::of(args);
    let mut walk = Walk::new(&args.paths);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut count = Count::default();
    let progress = Progress::start("judging", 0);
    let mut open = out.write_all(style.head().as_bytes()).is_ok();
    let mut size = FIRST;
    loop {
        let batch: Vec<Found> = walk.by_ref().take(size).collect();
        if batch.is_empty() || !open {
            break;
        }
        for shown in judge_all(&batch, style) {
            count.documents += 1;
            count.invalid += u64::from(!shown.valid);
            count.unreadable += u64::from(shown.unreadable);
            open = open && style.put(&mut out, &shown, count.findings > 0).is_ok();
            count.findings += shown.findings;
        }
        open = open && out.flush().is_ok();
        progress.at(count.documents);
        size = (size * 2).min(MOST);
    }
    progress.end();
    // A closed pipe ends the work and is no mistake.
    if open {
        let _ = out.write_all(style.tail().as_bytes());
        let _ = out.flush();
    }
    drop(out);
    finish(&count, style)
}

fn finish(count: &Count, style: Style) -> Done {
    let people = matches!(style, Style::People { .. });
    if count.documents == 0 {
        return Err(Stop::input("There is no file that ends in .json."));
    }
    if count.unreadable > 0 {
        return Err(Stop::input(format!(
            "{} of {} cannot be read; {} not valid.",
            count.unreadable,
            documents(count.documents),
            are(count.invalid - count.unreadable),
        )));
    }
    if count.invalid > 0 {
        let message = format!(
            "{} not valid, of {}.",
            are(count.invalid),
            documents(count.documents)
        );
        return Err(Stop::refused(if people { message } else { String::new() }));
    }
    if people {
        crate::say::note(&format!("{}: valid.", documents(count.documents)));
    }
    Ok(())
}

fn documents(count: u64) -> String {
    match count {
        1 => "1 document".to_owned(),
        n => format!("{n} documents"),
    }
}

fn are(count: u64) -> String {
    match count {
        1 => "1 is".to_owned(),
        n => format!("{n} are"),
    }
}

/// Judges documents on all processors; the answers stand in the order of the documents.
fn judge_all(batch: &[Found], style: Style) -> Vec<Shown> {
    let next = AtomicUsize::new(0);
    let slots: Vec<Mutex<Option<Shown>>> = batch.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        while let (at, Some(found)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            (at, batch.get(at))
        } {
            let shown = style.show(&verdict(found));
            if let Some(slot) = slots.get(at)
                && let Ok(mut slot) = slot.lock()
            {
                *slot = Some(shown);
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 1..threads.min(batch.len()) {
            scope.spawn(work);
        }
        work();
    });
    slots
        .into_iter()
        .filter_map(|slot| slot.into_inner().ok().flatten())
        .collect()
}

fn verdict(found: &Found) -> Verdict {
    let path = match found {
        Found::Input => "-".to_owned(),
        Found::File(path) | Found::Trouble(path, _) => path.to_string_lossy().into_owned(),
    };
    let bytes = match read(found) {
        Ok(bytes) => bytes,
        Err(why) => {
            return Verdict {
                path,
                judged: Err(why),
                misnamed: None,
            };
        }
    };
    let judged = judge(&bytes);
    let misnamed = match (found, &judged.file_name) {
        (Found::File(path), Some(name)) => {
            let told = path.file_name().map(|n| n.to_string_lossy());
            told.filter(|told| told != name).map(|_| name.clone())
        }
        _ => None,
    };
    Verdict {
        path,
        judged: Ok(judged),
        misnamed,
    }
}
