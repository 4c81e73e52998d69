//! How long compiling takes: a typical policy, the largest known, and a
//! megabyte of each kind of hostile text. `cargo bench -p candor-policy`.

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

/// The fastest and the middle one of several runs. The fastest says what the
/// work costs; the middle one also what else the machine does.
fn times(bytes: &[u8], runs: usize) -> (Duration, Duration) {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            let _ = black_box(compile(black_box(bytes)));
            start.elapsed()
        })
        .collect();
    times.sort();
    (times[0], times[times.len() / 2])
}

fn line(name: &str, bytes: usize, (fastest, middle): (Duration, Duration)) {
    println!(
        "{name:34} {bytes:>9} bytes {:>9.3} ms {:>9.3} ms",
        fastest.as_secs_f64() * 1000.0,
        middle.as_secs_f64() * 1000.0
    );
}

/// Real policies beside the repository, where there are some.
fn texts() -> Vec<Vec<u8>> {
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
    paths.iter().map(|p| std::fs::read(p).unwrap()).collect()
}

fn main() {
    // `cargo test` runs benches too; there they only need to build.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let first = Instant::now();
    let _ = black_box(compile(TYPICAL.as_bytes()));
    let once = first.elapsed();
    println!("{:50} {:>12} {:>12}", "", "fastest", "middle");
    line("first compile of the process", TYPICAL.len(), (once, once));
    line(
        "small policy",
        TYPICAL.len(),
        times(TYPICAL.as_bytes(), 201),
    );
    let mut real: Vec<((Duration, Duration), usize)> = texts()
        .iter()
        .map(|bytes| (times(bytes, 41), bytes.len()))
        .collect();
    let mut typical = real.clone();
    typical.retain(|(_, n)| (3_000..=6_000).contains(n));
    typical.sort();
    if let (Some(slowest), Some(middle)) = (typical.last(), typical.get(typical.len() / 2)) {
        line("slowest real policy of 3 to 6 kB", slowest.1, slowest.0);
        line("middle real policy of 3 to 6 kB", middle.1, middle.0);
    }
    real.sort_by_key(|t| t.1);
    if let Some(largest) = real.last() {
        line("largest real policy", largest.1, largest.0);
    }
    let mut hostile: Vec<((Duration, Duration), String, usize)> = hostile::all(1 << 20)
        .into_iter()
        .map(|(name, text)| (times(text.as_bytes(), 7), name, text.len()))
        .collect();
    hostile.sort();
    for (took, name, bytes) in hostile {
        line(&name, bytes, took);
    }
}
