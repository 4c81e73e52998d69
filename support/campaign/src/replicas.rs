//! Three servers on one PostgreSQL database, one of them killed every few seconds under
//! load, the database restarted once, and days passing meanwhile.
//!
//! What must hold: every receipt that was handed out opens its room at every server; each
//! session serves at every server; no promise is warned of or missed twice, none is
//! forgotten; each letter is settled once; what a killed server had borrowed is taken over.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, RwLock};
use std::time::{Duration, Instant};

use candor_case::Event;
use candor_cluster::Cluster;
use candor_ports::Store as _;
use candor_store::{DatabaseUrl, InstanceKey, SealedStore};

use crate::head::{Place, Server};
use crate::http::{Report, enter};
use crate::random;
use crate::shim::Shim;
use crate::staff::Staff;

/// What to do.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How long the load lasts.
    pub seconds: u64,
    /// How many send at once.
    pub senders: usize,
    /// Seconds between two kills.
    pub pause: u64,
}

/// What was done. A campaign that ends has found nothing wrong.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcome {
    /// Servers killed.
    pub kills: u32,
    /// Receipts handed out.
    pub accepted: usize,
    /// Tries that had to go to another server.
    pub failed_over: u64,
    /// Warnings in all histories, each once.
    pub warned: usize,
    /// Misses in all histories, each once.
    pub missed: usize,
    /// Letters written.
    pub letters: usize,
    /// Letters written by two servers, since the first was killed before it could say so;
    /// both have one Message-ID.
    pub twice: usize,
    /// Letters that were settled.
    pub settled: u64,
    /// How long it took.
    pub took: Duration,
}

const HOUR: i64 = 3_600;
const SERVERS: usize = 3;
/// Jumps of the clock.
const JUMPS: usize = 4;
/// Letters that a server takes at once.
const BATCH: usize = 20;

struct Field {
    shim: Shim,
    places: Vec<Place>,
    key: String,
    /// Where each listens; empty while it is dead.
    bases: RwLock<Vec<String>>,
}

impl Field {
    fn serve(&self, n: usize) -> Server {
        let place = &self.places[n];
        let policy = self.places[0].path("lantern/SECURITY.md");
        let args = [
            "--config",
            "candor.toml",
            "--key",
            &self.key,
            "--public-url",
            "https://reports.lantern.test",
            policy.to_str().unwrap(),
        ];
        let server = place.serve_in(&args, &self.shim.environment());
        server.base.clone_into(&mut self.bases.write().unwrap()[n]);
        server
    }

    fn base(&self, n: usize) -> String {
        self.bases.read().unwrap()[n % SERVERS].clone()
    }

    /// The clock is set ahead, and each server is told that it is right.
    fn set_clock(&self, seconds: i64) {
        self.shim.set_wall(seconds);
        self.accept();
    }

    fn accept(&self) {
        for place in &self.places {
            let data = place.data();
            let args = ["clock", "accept", "--data", data.to_str().unwrap()];
            // A server that is dead just now is told after its start.
            let mut command = place.candor(&args);
            let _ = command.envs(self.shim.environment()).output();
        }
    }
}

/// Tells the senders to stop.
struct AtEnd<'a>(&'a AtomicBool);

impl Drop for AtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Runs it; `None` without PostgreSQL or a C compiler.
pub fn run(program: &Path, plan: Plan) -> Option<Outcome> {
    let began = Instant::now();
    let mut cluster = Cluster::start()?;
    let places: Vec<Place> = (0..SERVERS).map(|_| Place::new(program)).collect();
    let shim = Shim::build(&places[0].path(""), &places[0].path("nothing-here"))?;
    shim.stop_recording();
    for place in &places {
        let url = cluster.url("postgres");
        place.write("candor.toml", format!("[database]\nurl = \"{url}\"\n"));
    }
    places[0].policy();
    let field = Field {
        shim,
        key: places[0].path("shared.key").to_str().unwrap().to_owned(),
        places,
        bases: RwLock::new(vec![String::new(); SERVERS]),
    };
    let first = field.serve(0);
    let mut staff = Staff::set_up(&first, "Mia", "mia@lantern.test");
    let mut servers = vec![first, field.serve(1), field.serve(2)];
    let mut out = Outcome::default();
    let stop = AtomicBool::new(false);
    let again = AtomicU64::new(0);
    let known: Mutex<Vec<(Report, String)>> = Mutex::default();
    std::thread::scope(|scope| {
        // Also when something is wrong: a scope waits for its threads.
        let _end = AtEnd(&stop);
        for sender in 0..plan.senders {
            let (field, stop, again, known) = (&field, &stop, &again, &known);
            scope.spawn(move || stream(field, sender, stop, again, known));
        }
        let until = Instant::now() + Duration::from_secs(plan.seconds);
        let total = i64::try_from(plan.seconds.max(1)).unwrap();
        let mut restarted = false;
        let mut hours = 0;
        while Instant::now() < until {
            std::thread::sleep(Duration::from_millis(300 + random(plan.pause * 1_000)));
            let victim = usize::try_from(random(SERVERS as u64)).unwrap();
            let server = servers.remove(victim);
            field.bases.write().unwrap()[victim].clear();
            server.kill();
            out.kills += 1;
            std::thread::sleep(Duration::from_millis(random(1_500)));
            let gone = i64::try_from(until.saturating_duration_since(Instant::now()).as_secs());
            let share = (total - gone.unwrap()) * 100 / total;
            if share >= 50 && !restarted {
                restarted = true;
                cluster.stop();
                std::thread::sleep(Duration::from_millis(700));
                cluster.run();
            }
            servers.insert(victim, field.serve(victim));
            // Half of the 48 hours, four fifths, and all of them have passed.
            let next = match share {
                ..25 => 0,
                25..50 => 25,
                50..75 => 40,
                _ => 50,
            };
            if next == hours {
                field.accept();
            } else {
                hours = next;
                field.set_clock(hours * HOUR);
                // The session of the day before is over.
                let ahead = u64::try_from(hours * HOUR).unwrap();
                staff.sign_in(&field.base(victim), ahead).unwrap();
            }
            sessions_serve(&field, &staff, &known);
        }
        field.set_clock(50 * HOUR);
    });
    out.failed_over = again.into_inner();
    let known = known.into_inner().unwrap();
    out.accepted = known.len();
    // Every report is late now, and leases of the dead have run out.
    field.set_clock(100 * HOUR);
    settle(&cluster, 100 * HOUR);
    everywhere(&field, &known);
    count_letters(&field, &mut out);
    out.settled = cluster
        .sql(
            "postgres",
            "SELECT count(*) FROM candor.outbox WHERE state = 'done'",
        )
        .parse()
        .unwrap();
    drop(servers);
    histories(&cluster, Path::new(&field.key), &known, &mut out);
    out.took = began.elapsed();
    Some(out)
}

/// Sends reports, each to one server after another until it has its receipt.
fn stream(
    field: &Field,
    sender: usize,
    stop: &AtomicBool,
    again: &AtomicU64,
    known: &Mutex<Vec<(Report, String)>>,
) {
    for number in 0_usize.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let words = format!("replica report {sender}-{number}");
        let mut report = Report::new(&words, &format!("{words} breaks"));
        if number % 4 == 1 {
            report.set("email", &format!("rita{sender}x{number}@reporter.org"));
        }
        for turn in 0_usize.. {
            assert!(turn < 600, "nobody takes a report");
            let base = field.base(sender + number + turn);
            let answer = (!base.is_empty()).then(|| report.send(&base, "lantern"));
            if let Some(Ok(answer)) = answer
                && answer.status == 201
            {
                let code = answer.json()["code"].as_str().unwrap().to_owned();
                known.lock().unwrap().push((report, code));
                break;
            }
            again.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(100));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A session made at one server serves at each of them.
fn sessions_serve(field: &Field, staff: &Staff, known: &Mutex<Vec<(Report, String)>>) {
    let last = known.lock().unwrap().last().cloned();
    let room = last.map(|(report, code)| {
        let room = enter(&field.base(0), "lantern", &code).unwrap();
        (report, room.expect("a receipt is lost"))
    });
    for n in 0..SERVERS {
        let base = field.base(n);
        let page = staff.page(&base, "/desk").unwrap();
        assert_eq!(page.status, 200, "the team's session at server {n}");
        if let Some((report, room)) = &room {
            let page = room.page(&base).unwrap();
            assert!(page.text.contains(report.summary()), "a room at server {n}");
        }
    }
}

/// Waits until no clock and no letter is due any more.
fn settle(cluster: &Cluster, ahead: i64) {
    let due = |table: &str, column: &str, more: &str| -> u64 {
        let text = format!(
            "SELECT count(*) FROM candor.{table} \
             WHERE {column} <= extract(epoch FROM now())::bigint + {ahead} {more}"
        );
        cluster.sql("postgres", &text).parse().unwrap()
    };
    let until = Instant::now() + Duration::from_mins(10);
    loop {
        let clocks = due("cases", "wake", "");
        let letters = due("outbox", "not_before", "AND state = 'waiting'");
        if clocks == 0 && letters == 0 {
            return;
        }
        assert!(
            Instant::now() < until,
            "{clocks} clocks and {letters} letters are due and nobody looks after them"
        );
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// Every receipt opens its room, each at one of the servers in turn.
fn everywhere(field: &Field, known: &[(Report, String)]) {
    let share = known.len().div_ceil(8).max(1);
    std::thread::scope(|scope| {
        for part in known.chunks(share) {
            scope.spawn(move || {
                for (n, (report, code)) in part.iter().enumerate() {
                    let room = enter(&field.base(n), "lantern", code).unwrap();
                    let Some(room) = room else {
                        panic!("a receipt is lost: {}", report.summary());
                    };
                    if n % 8 == 0 {
                        let page = room.page(&field.base(n + 1)).unwrap();
                        assert!(page.text.contains(report.summary()), "half a case");
                    }
                }
            });
        }
    });
}

/// Letters in the folders of all servers; the same key is the same letter.
fn count_letters(field: &Field, out: &mut Outcome) {
    let mut letters: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for place in &field.places {
        let Ok(folder) = std::fs::read_dir(place.data().join("mail")) else {
            continue;
        };
        for entry in folder.flatten() {
            if entry.path().extension().is_none_or(|e| e != "eml") {
                continue;
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(entry.path()).unwrap();
            let mut lines = text.lines();
            let id = lines.find(|l| l.starts_with("Message-ID:")).unwrap();
            letters.entry(name).or_default().push(id.to_owned());
        }
    }
    out.letters = letters.len();
    for (name, ids) in letters {
        out.twice += ids.len() - 1;
        let ids: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(ids.len(), 1, "{name} has two Message-IDs");
    }
    // Only the letter in hand can be written twice by a kill or by the restart of the
    // database. The servers are told one after the other that a clock which jumped is right:
    // the first then takes over the batches of those that still believe the old time.
    let jumps = JUMPS * (SERVERS - 1) * BATCH;
    assert!(
        out.twice <= usize::try_from(out.kills).unwrap() + SERVERS + jumps,
        "{} letters were written twice, with {} kills",
        out.twice,
        out.kills
    );
}

/// Each promise fires once in each history, and each report is one case.
fn histories(cluster: &Cluster, key: &Path, known: &[(Report, String)], out: &mut Outcome) {
    let key = InstanceKey::load(key).unwrap().unwrap();
    let url = DatabaseUrl::parse(&cluster.url("postgres")).unwrap();
    let store = SealedStore::connect(&url, &key).unwrap();
    let report = candor_store::verify_log(&store).unwrap();
    assert!(report.holds(), "{report:?}");
    let cases = store.all_cases().unwrap();
    assert_eq!(cases.len(), known.len(), "cases and receipts");
    for (program, case) in cases {
        let events = store.load(&program, &case).unwrap().unwrap();
        let mut fired = BTreeSet::new();
        let mut late = 0;
        for recorded in &events {
            let what = match &recorded.event {
                Event::ClockWarned { clock, percent } => {
                    out.warned += 1;
                    format!("{percent} % of {clock:?}")
                }
                Event::ClockMissed { clock, .. } => {
                    out.missed += 1;
                    late += 1;
                    format!("{clock:?} missed")
                }
                Event::MailSettled { key, .. } => format!("letter {key}"),
                _ => continue,
            };
            assert!(fired.insert(what.clone()), "twice in case {case}: {what}");
        }
        assert!(late >= 1, "nobody noticed that case {case} is late");
    }
}
