//! Power cuts at every sync boundary of the way a report takes, on SQLite and its files.
//!
//! The program runs over the shim, which writes down every call. From that the disk is
//! built again as a power cut would have left it: right before and after each sync, and
//! right after each answer that took a report. The program is started on what is left.
//! What must hold: it starts; each receipt that was on its way to its sender opens its
//! room; every report, sent again, is one case; every history is whole.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::disk::{Disk, Keeps};
use crate::head::{Place, Server};
use crate::http::{Report, enter, opens};
use crate::shim::{Op, Shim};

/// What to do.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Reports one after another, then as many at once.
    pub reports: usize,
    /// Random remains of each moment, beside nothing and everything.
    pub seeds: u64,
    /// Look at each so-manieth moment only.
    pub each: usize,
    /// Forget every sync of the write-ahead log: a disk that lies. Then losses must be found.
    pub lying: bool,
}

/// What was done, and what was found.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Calls written down, and syncs among them.
    pub calls: usize,
    /// Syncs.
    pub syncs: usize,
    /// Reports sent, all answered.
    pub reports: usize,
    /// Power cuts tried.
    pub cuts: usize,
    /// What did not hold, and where.
    pub broken: Vec<String>,
    /// How long it took.
    pub took: Duration,
}

/// The program over the shim: everything it keeps lies below one folder.
#[derive(Debug)]
pub(crate) struct Vault {
    pub(crate) place: Place,
    pub(crate) shim: Shim,
    pub(crate) root: PathBuf,
}

impl Vault {
    /// `None` without a C compiler.
    pub(crate) fn new(program: &Path) -> Option<Self> {
        let place = Place::new(program);
        place.policy();
        let root = place.path("vault");
        std::fs::create_dir(&root).unwrap();
        let shim = Shim::build(&place.path(""), &root)?;
        Some(Self { place, shim, root })
    }

    pub(crate) fn serve(&self) -> Server {
        serve(&self.place, &self.root, &self.shim.environment())
    }

    pub(crate) fn spawn(&self) -> Server {
        let args = args(&self.place, &self.root);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        self.place.spawn(&args, &self.shim.environment())
    }
}

fn args(place: &Place, root: &Path) -> Vec<String> {
    let text = |path: PathBuf| path.to_str().unwrap().to_owned();
    vec![
        "--data".to_owned(),
        text(root.join("data")),
        "--key".to_owned(),
        text(root.join("keys/instance.key")),
        text(place.path("lantern/SECURITY.md")),
    ]
}

fn serve(place: &Place, root: &Path, environment: &[(&str, &str)]) -> Server {
    let args = args(place, root);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    place.serve_in(&args, environment)
}

/// A report that was answered.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) report: Report,
    pub(crate) code: String,
}

pub(crate) fn report(n: usize) -> Report {
    let words = format!("power cut report {n}");
    let mut report = Report::new(&words, &format!("{words} breaks"));
    if n % 3 == 1 {
        report = report.with_file("poc.bin", vec![u8::try_from(n % 251).unwrap(); 90_000]);
    }
    report.set("email", &format!("rita{n}@reporter.org"));
    report
}

fn send(base: &str, report: Report) -> Taken {
    let answer = report.send(base, "lantern").unwrap();
    assert_eq!(answer.status, 201, "{}", answer.text);
    let code = answer.json()["code"].as_str().unwrap().to_owned();
    Taken { report, code }
}

/// Sends the reports; gives what was sent.
fn fill(base: &str, plan: Plan) -> Vec<Taken> {
    let mut all: Vec<Taken> = (0..plan.reports).map(|n| send(base, report(n))).collect();
    let at_once: Mutex<Vec<Taken>> = Mutex::default();
    std::thread::scope(|scope| {
        for n in 0..plan.reports {
            let at_once = &at_once;
            scope.spawn(move || {
                let taken = send(base, report(100 + n));
                at_once.lock().unwrap().push(taken);
            });
        }
    });
    all.extend(at_once.into_inner().unwrap());
    let room = enter(base, "lantern", &all[0].code).unwrap().unwrap();
    let said = room.say(base, "one word more").unwrap();
    assert_eq!(said.status, 303, "{}", said.text);
    // Letters and read rows are written meanwhile.
    std::thread::sleep(Duration::from_millis(2_500));
    all
}

/// What is left after one power cut, and what was promised before it.
struct Cut {
    what: String,
    root: PathBuf,
    promised: BTreeSet<String>,
}

/// Runs it; `None` without a C compiler.
pub fn run(program: &Path, plan: Plan) -> Option<Outcome> {
    let began = Instant::now();
    let vault = Vault::new(program)?;
    let server = vault.serve();
    let all = Arc::new(fill(&server.base, plan));
    server.kill();
    let mut ops = vault.shim.ops();
    if plan.lying {
        ops.retain(
            |op| !matches!(op, Op::Sync { path, .. } if path.to_string_lossy().ends_with("-wal")),
        );
    }
    let place = Arc::new(vault.place);
    let (cuts, queue) = sync_channel::<Cut>(4);
    let queue = Arc::new(Mutex::new(queue));
    let workers: Vec<_> = (0..2)
        .map(|_| {
            let (place, all, queue) = (Arc::clone(&place), Arc::clone(&all), Arc::clone(&queue));
            std::thread::spawn(move || work(&place, &all, &queue))
        })
        .collect();
    let mut out = Outcome {
        calls: ops.len(),
        syncs: ops
            .iter()
            .filter(|op| matches!(op, Op::Sync { .. }))
            .count(),
        reports: all.len(),
        ..Outcome::default()
    };
    for (what, keeps, disk, promised) in Moments::new(&ops, &all, plan) {
        let root = place.path(&format!("cut-{}", out.cuts));
        disk.after_power_cut(keeps, &root);
        out.cuts += 1;
        let cut = Cut {
            what,
            root,
            promised,
        };
        cuts.send(cut).unwrap();
    }
    drop(cuts);
    for worker in workers {
        out.broken.extend(worker.join().unwrap());
    }
    out.took = began.elapsed();
    Some(out)
}

fn work(place: &Place, all: &[Taken], queue: &Mutex<Receiver<Cut>>) -> Vec<String> {
    let mut broken = Vec::new();
    loop {
        let next = queue.lock().unwrap().recv();
        let Ok(cut) = next else { return broken };
        if let Err(why) = holds(place, &cut.root, all, &cut.promised) {
            broken.push(format!("{}: {why}", cut.what));
        }
        let _ = std::fs::remove_dir_all(&cut.root);
    }
}

/// Starts the program on what is left and looks for what was promised.
pub(crate) fn holds(
    place: &Place,
    root: &Path,
    all: &[Taken],
    promised: &BTreeSet<String>,
) -> Result<(), String> {
    let listed = args(place, root);
    let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
    let mut server = place.spawn(&listed, &[]);
    if !server.wait_for_start() {
        return Err(format!("no start: {} {}", server.text(), server.log()));
    }
    for code in promised {
        if !opens(&server.base, "lantern", code) {
            return Err("a receipt is lost".to_owned());
        }
    }
    for taken in all {
        let again = taken.report.send(&server.base, "lantern");
        let again = again.map_err(|why| format!("sent again: {why}"))?;
        let code = again.json()["code"].as_str().map(str::to_owned);
        // Before anything was promised the key may be another one, and so the code.
        let fits = promised.is_empty() || code.as_ref() == Some(&taken.code);
        if again.status != 201 || !fits {
            return Err(format!("sent again: {} {}", again.status, again.text));
        }
        let code = code.unwrap_or_default();
        let entered = enter(&server.base, "lantern", &code).ok().flatten();
        let page = entered.and_then(|room| room.page(&server.base).ok());
        if !page.is_some_and(|page| page.text.contains(taken.report.summary())) {
            return Err("a room does not show what was sent".to_owned());
        }
    }
    drop(server);
    let mut verify = vec!["verify-log", "--json"];
    verify.extend(&listed[..4]);
    let ended = place.run(&verify);
    let report: serde_json::Value = serde_json::from_str(&ended.out).unwrap_or_default();
    if ended.code != 0 {
        return Err(format!("verify-log: {ended:?}"));
    }
    if report["cases"].as_u64() != Some(all.len() as u64) {
        return Err(format!("{} reports, but {}", all.len(), ended.out));
    }
    Ok(())
}

/// Every moment that is looked at, one after another.
struct Moments<'a> {
    ops: &'a [Op],
    all: &'a [Taken],
    plan: Plan,
    disk: Disk,
    promised: BTreeSet<String>,
    at: usize,
    looked: usize,
    waiting: Vec<(String, Keeps, Disk)>,
}

impl<'a> Moments<'a> {
    fn new(ops: &'a [Op], all: &'a [Taken], plan: Plan) -> Self {
        Self {
            ops,
            all,
            plan,
            disk: Disk::default(),
            promised: BTreeSet::new(),
            at: 0,
            looked: 0,
            waiting: Vec::new(),
        }
    }

    /// The remains that are looked at around one call.
    fn around(&mut self, op: &Op) {
        let (before, after) = match op {
            Op::Sync { .. } => (true, true),
            Op::Answer { .. } => (false, true),
            _ => (false, false),
        };
        self.looked += usize::from(before || after);
        let look = self.plan.each > 0 && self.looked.is_multiple_of(self.plan.each);
        let name = format!("call {} of {}", self.at, self.ops.len());
        if look && before {
            for seed in 0..self.plan.seeds {
                let seed = seed * 1_000_003 + self.at as u64;
                let what = format!("before {name}, seed {seed}");
                self.waiting
                    .push((what, Keeps::Some(seed), self.disk.clone()));
            }
            let what = format!("killed before {name}");
            self.waiting
                .push((what, Keeps::Everything, self.disk.clone()));
        }
        self.disk.act(op);
        if let Op::Answer { text } = op {
            let codes = self.all.iter().map(|taken| &taken.code);
            self.promised
                .extend(codes.filter(|c| text.contains(c.as_str())).cloned());
        }
        if look && after {
            let what = format!("after {name}");
            self.waiting.push((what, Keeps::Nothing, self.disk.clone()));
        }
    }
}

impl Iterator for Moments<'_> {
    type Item = (String, Keeps, Disk, BTreeSet<String>);

    fn next(&mut self) -> Option<Self::Item> {
        while self.waiting.is_empty() {
            let op = self.ops.get(self.at)?;
            self.around(op);
            self.at += 1;
        }
        let (what, keeps, disk) = self.waiting.remove(0);
        // What was promised by a call is promised to the remains after it, and those before
        // it are looked at first: a sync promises nothing by itself.
        Some((what, keeps, disk, self.promised.clone()))
    }
}
