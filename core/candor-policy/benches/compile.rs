//! How long compiling takes: a small policy, the seeds, the middle and the largest real
//! policy, and a megabyte of each kind of hostile text. `cargo bench -p candor-policy`.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement for the terminal, outside the core"
)]

#[path = "../tests/common/hostile.rs"]
mod hostile;

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use candor_policy::compile;

const TYPICAL: &str = include_str!("../tests/fixtures/lantern.md");

/// The fastest and the middle one of several runs, and the time on the processor of one
/// run on average. The fastest says what the work costs; the others also what else the
/// machine does.
fn times(bytes: &[u8], runs: u32) -> Took {
    let before = on_processor();
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            let _ = black_box(compile(black_box(bytes)));
            start.elapsed()
        })
        .collect();
    let worked = on_processor().zip(before).map(|(b, a)| b.saturating_sub(a));
    times.sort();
    Took {
        fastest: times[0],
        middle: times[times.len() / 2],
        on_processor: worked.map(|all| all / runs),
    }
}

/// How long a text took.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Took {
    fastest: Duration,
    middle: Duration,
    on_processor: Option<Duration>,
}

/// The same for texts that take long, all in time on the processor where the system tells
/// it: what else the machine does would count several times over.
fn worked(bytes: &[u8], runs: u32) -> Took {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let (wall, before) = (Instant::now(), on_processor());
            let _ = black_box(compile(black_box(bytes)));
            match (before, on_processor()) {
                (Some(before), Some(after)) => after.saturating_sub(before),
                _ => wall.elapsed(),
            }
        })
        .collect();
    times.sort();
    let sum: Duration = times.iter().sum();
    Took {
        fastest: times[0],
        middle: times[times.len() / 2],
        on_processor: Some(sum / runs),
    }
}

/// How long this thread ran so far, to a few milliseconds.
fn on_processor() -> Option<Duration> {
    // The system brings the figure up to date when the thread gives way.
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

fn line(name: &str, bytes: usize, took: Took) {
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "{name:34} {bytes:>9} bytes {:>9.3} ms {:>9.3} ms {:>9.3} ms",
        ms(took.fastest),
        ms(took.middle),
        took.on_processor.map_or(f64::NAN, ms),
    );
}

/// Real policies beside the repository, where there are some, with their names.
fn texts() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|a| a.join("shared/policies/texts"))
        .find(|p| p.is_dir());
    let Some(folder) = folder else {
        println!("skipped: no real policies beside the repository");
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|p| {
            let name = p.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(p).unwrap())
        })
        .collect()
}

fn main() {
    // `cargo test` runs benches too; there they only need to build.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let first = Instant::now();
    let _ = black_box(compile(TYPICAL.as_bytes()));
    let once = first.elapsed();
    println!(
        "{:50} {:>12} {:>12} {:>12}",
        "", "fastest", "middle", "on processor"
    );
    let once = Took {
        fastest: once,
        middle: once,
        on_processor: None,
    };
    line("first compile of the process", TYPICAL.len(), once);
    line(
        "small policy",
        TYPICAL.len(),
        times(TYPICAL.as_bytes(), 201),
    );
    let mut real: Vec<(Took, usize)> = Vec::new();
    for (name, bytes) in texts() {
        let took = times(&bytes, 41);
        // The seeds bear numbers.
        if let Some((number, _)) = name
            .split_once('_')
            .filter(|(n, _)| n.parse::<u8>().is_ok())
        {
            line(&format!("seed {number}"), bytes.len(), took);
        }
        real.push((took, bytes.len()));
    }
    real.sort();
    if let Some(slowest) = real.last() {
        line(
            "middle real policy",
            real[real.len() / 2].1,
            real[real.len() / 2].0,
        );
        line(
            "nine of ten real policies",
            real[real.len() * 9 / 10].1,
            real[real.len() * 9 / 10].0,
        );
        line("slowest real policy", slowest.1, slowest.0);
    }
    let mut hostile: Vec<(Took, String, usize)> = hostile::all(1 << 20)
        .into_iter()
        .map(|(name, text)| (worked(text.as_bytes(), 7), name, text.len()))
        .collect();
    hostile.sort();
    for (took, name, bytes) in hostile {
        line(&name, bytes, took);
    }
}
