//! How many documents a second are judged: `speed FOLDER [ROUNDS]`, on all processors.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a measuring program reads files and a clock, and ends when it cannot"
)]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "json") {
            out.push(path);
        }
    }
}

fn main() {
    let mut words = std::env::args().skip(1);
    let folder = words.next().unwrap();
    let rounds: usize = words.next().map_or(20, |n| n.parse().unwrap());
    let mut paths = Vec::new();
    files(Path::new(&folder), &mut paths);
    let documents: Vec<Vec<u8>> = paths.iter().map(|p| std::fs::read(p).unwrap()).collect();
    let bytes: usize = documents.iter().map(Vec::len).sum();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    for used in [1, threads] {
        let (next, invalid) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let start = std::time::Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..used {
                scope.spawn(|| {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        if at >= documents.len() * rounds {
                            break;
                        }
                        let judged = candor_csaf::judge(&documents[at % documents.len()]);
                        invalid.fetch_add(usize::from(!judged.valid()), Ordering::Relaxed);
                    }
                });
            }
        });
        let seconds = start.elapsed().as_secs_f64();
        let judged = documents.len() * rounds;
        println!(
            "{used} threads: {judged} documents ({bytes} bytes a round, {} not valid) in {seconds:.2} s: {:.0} a second",
            invalid.into_inner() / rounds,
            judged as f64 / seconds,
        );
    }
}
