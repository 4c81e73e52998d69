//! `cargo xtask score [--labels DIR] [--texts DIR] [--write]`: how well the
//! policy compiler reads policies that people labelled by hand.
//!
//! Invariants: the compiler never sees a label; the scorer is the one that lies
//! beside the labels, run as it is; floors only rise.
//!
//! Deliberately absent: the labels themselves, which lie beside the repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::run::{cargo, find_program, run};
use crate::score_page as page;
use crate::{say, tree};

/// F1 below which a field fails. Raise a floor when the compiler got better;
/// never lower one.
const FLOORS: &[(&str, f64)] = &[
    ("timeline", 0.95),
    ("channels", 0.95),
    ("supported_versions", 0.90),
];
/// Floor of the mean F1 over all fields.
const MACRO_FLOOR: f64 = 0.85;
/// Floor of the share of documents with numeric promises that are exactly right.
const EXACT_FLOOR: f64 = 0.85;
/// Most of the entries of a timeline that may be invented.
const MOST_INVENTED: f64 = 0.02;

/// Texts that must be exact on these fields, by the beginning of their name.
const SEEDS: [&str; 5] = ["000_", "001_", "002_", "003_", "004_"];
const SEED_FIELDS: [&str; 3] = ["timeline", "channels", "supported_versions"];

/// Where texts, labels and the scorer lie.
struct Places {
    texts: PathBuf,
    labels: PathBuf,
    scorer: PathBuf,
}

/// What the scorer said.
pub(crate) struct Score {
    /// Precision, recall, F1 and the counts behind them, by field.
    pub(crate) fields: BTreeMap<String, Field>,
    /// The same over all fields together.
    pub(crate) micro: f64,
    /// The mean F1 over all fields.
    pub(crate) mean: f64,
    /// Documents scored.
    pub(crate) documents: u64,
    /// Documents with numeric promises: exactly right, and in all.
    pub(crate) exact: (u64, u64),
}

/// The figures of one field.
pub(crate) struct Field {
    pub(crate) precision: f64,
    pub(crate) recall: f64,
    pub(crate) f1: f64,
    /// Right, invented, missed.
    pub(crate) counts: (u64, u64, u64),
}

/// Runs the task; true when it could print a table, or there is nothing to score.
pub(crate) fn task(args: &[String]) -> Result<bool> {
    let root = tree::root()?;
    let mut places = places(&root);
    let mut write = false;
    let mut rest = args.iter();
    while let Some(flag) = rest.next() {
        let mut folder = || -> Result<PathBuf> {
            Ok(PathBuf::from(
                rest.next().context("a folder is missing behind the flag")?,
            ))
        };
        match flag.as_str() {
            "--labels" => places.labels = folder()?,
            "--texts" => places.texts = folder()?,
            "--write" => write = true,
            other => {
                say(&format!(
                    "cargo xtask score [--labels DIR] [--texts DIR] [--write]; not {other}"
                ));
                return Ok(false);
            }
        }
    }
    if let Some(why) = missing(&places) {
        say(&format!("skipped: {why}"));
        return Ok(true);
    }
    let predicted = predict(&root, &places)?;
    let score = score(&places, &predicted, &places.labels)?;
    say(&page::table(&score));
    if write {
        let path = root.join("docs/policy-accuracy.md");
        std::fs::write(&path, page::page(&score, &page::today()))?;
        say(&format!("written: {}", path.display()));
    }
    Ok(true)
}

/// What is wrong with today's figures; none of it when all floors hold. `Err`
/// in the inner place says why nothing could be scored.
pub(crate) fn check(root: &Path) -> Result<Result<Vec<String>, String>> {
    let places = places(root);
    if let Some(why) = missing(&places) {
        return Ok(Err(why));
    }
    let predicted = predict(root, &places)?;
    let score_of_all = score(&places, &predicted, &places.labels)?;
    say(&page::table(&score_of_all));
    let mut wrong = below_floors(&score_of_all);
    let seeds = root_temp(root, "score-seeds")?;
    for seed in SEEDS {
        for entry in std::fs::read_dir(&places.labels)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default();
            if name.to_string_lossy().starts_with(seed) {
                std::fs::copy(&path, seeds.join(name))?;
            }
        }
    }
    let of_seeds = score(&places, &predicted, &seeds)?;
    for field in SEED_FIELDS {
        let f1 = of_seeds.fields.get(field).map_or(0.0, |f| f.f1);
        if f1 < 1.0 {
            wrong.push(format!("the seeds are not exact on {field}: {f1:.3}"));
        }
    }
    Ok(Ok(wrong))
}

fn below_floors(score: &Score) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut hold = |name: &str, found: f64, floor: f64| {
        if found < floor {
            wrong.push(format!("{name} is {found:.3}, below {floor:.2}"));
        }
    };
    for (name, floor) in FLOORS {
        hold(name, score.fields.get(*name).map_or(0.0, |f| f.f1), *floor);
    }
    hold("the mean over all fields", score.mean, MACRO_FLOOR);
    let (right, all) = score.exact;
    hold(
        "documents with an exact timeline",
        ratio(right, all),
        EXACT_FLOOR,
    );
    let invented = score
        .fields
        .get("timeline")
        .map_or(1.0, |f| 1.0 - f.precision);
    if invented > MOST_INVENTED {
        wrong.push(format!(
            "{:.1} % of the timeline is invented",
            invented * 100.0
        ));
    }
    wrong
}

#[allow(clippy::cast_precision_loss, reason = "counts of documents are small")]
pub(crate) fn ratio(part: u64, all: u64) -> f64 {
    if all == 0 {
        1.0
    } else {
        part as f64 / all as f64
    }
}

fn places(root: &Path) -> Places {
    let shared = root.join("../shared");
    Places {
        texts: shared.join("policies/texts"),
        labels: shared.join("policies/labels"),
        scorer: shared.join("tools/score_policy.py"),
    }
}

fn missing(places: &Places) -> Option<String> {
    if !places.scorer.is_file() || !places.labels.is_dir() || !places.texts.is_dir() {
        return Some("no labelled policies beside the repository".to_owned());
    }
    find_program(&["python3"])
        .is_none()
        .then(|| "python3 is not installed".to_owned())
}

/// An empty folder of our own below the folder of temporary files.
fn root_temp(root: &Path, name: &str) -> Result<PathBuf> {
    let mark = root.to_string_lossy().bytes().fold(0_u32, |sum, b| {
        sum.wrapping_mul(31).wrapping_add(u32::from(b))
    });
    let folder = std::env::temp_dir().join(format!("candor-{name}-{mark:08x}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Compiles every text; gives the folder with one file of labels for each.
fn predict(root: &Path, places: &Places) -> Result<PathBuf> {
    let out = root_temp(root, "score")?;
    let mut texts: Vec<PathBuf> = std::fs::read_dir(&places.texts)?
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.is_file())
        .collect();
    texts.sort();
    let mut command = cargo(root);
    command
        .args([
            "run",
            "--quiet",
            "--package",
            "candor-policy",
            "--example",
            "labels",
            "--",
        ])
        .arg(&out)
        .args(texts);
    ensure!(run(command)?, "the texts could not be compiled");
    Ok(out)
}

fn score(places: &Places, predicted: &Path, labels: &Path) -> Result<Score> {
    let json = predicted.with_extension("figures");
    let done = Command::new("python3")
        .arg(&places.scorer)
        .arg(predicted)
        .arg(labels)
        .arg("--json")
        .arg(&json)
        .stdin(Stdio::null())
        .output()
        .context("the scorer could not be started")?;
    ensure!(
        done.status.success(),
        "the scorer failed: {}",
        String::from_utf8_lossy(&done.stderr).trim()
    );
    parse(&std::fs::read_to_string(&json)?)
}

fn parse(json: &str) -> Result<Score> {
    let value: Value = serde_json::from_str(json)?;
    let number = |v: Option<&Value>| v.and_then(Value::as_f64).unwrap_or(0.0);
    let count = |v: Option<&Value>| v.and_then(Value::as_u64).unwrap_or(0);
    let fields = value
        .get("fields")
        .and_then(Value::as_object)
        .context("the scorer gave no fields")?
        .iter()
        .map(|(name, f)| {
            let field = Field {
                precision: number(f.get("p")),
                recall: number(f.get("r")),
                f1: number(f.get("f1")),
                counts: (count(f.get("tp")), count(f.get("fp")), count(f.get("fn"))),
            };
            (name.clone(), field)
        })
        .collect();
    let exact = value.get("timeline_exact_numeric");
    Ok(Score {
        fields,
        micro: number(value.pointer("/micro/f1")),
        mean: number(value.get("macro_f1")),
        documents: count(value.get("documents")),
        exact: (
            count(exact.and_then(|e| e.get(0))),
            count(exact.and_then(|e| e.get(1))),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIGURES: &str = r#"{"fields":{"timeline":{"p":0.9,"r":1.0,"f1":0.747,"tp":9,"fp":1,"fn":0}},
        "micro":{"f1":0.9},"macro_f1":0.947,"documents":3,"timeline_exact_numeric":[1,2]}"#;

    #[test]
    fn figures_below_a_floor_are_named() {
        let score = parse(FIGURES).unwrap();
        assert_eq!(score.exact, (1, 2));
        let wrong = below_floors(&score);
        for part in [
            "timeline is 0.747",
            "channels is 0.000",
            "exact timeline is 0.500",
            "10.0 %",
        ] {
            assert!(wrong.iter().any(|w| w.contains(part)), "{part}: {wrong:?}");
        }
        assert!(!wrong.iter().any(|w| w.contains("mean")), "{wrong:?}");
    }

    #[test]
    fn the_table_names_every_field() {
        let table = page::table(&parse(FIGURES).unwrap());
        assert!(
            table.contains("timeline") && table.contains("0.747"),
            "{table}"
        );
        assert!(page::page(&parse(FIGURES).unwrap(), "2026-11-22").contains("2026-11-22"));
    }
}
