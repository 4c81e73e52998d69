//! Killed with signal 9 at random moments under a stream of reports, again and again.
//!
//! What must hold after each start: every receipt that was handed out opens its room, with
//! the words that were sent; what was sent and not answered can be sent again and is one
//! case; every history and everything it names is whole.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::head::Server;
use crate::house::{Engine, House};
use crate::http::{Answer, Report, type_code};
use crate::random;

/// What to do.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How often it is killed.
    pub kills: u32,
    /// How many send at once.
    pub senders: usize,
    /// Longest stream before a kill, in milliseconds.
    pub longest: u64,
}

/// What was done, and what was found. A campaign that ends has found nothing wrong.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcome {
    /// How often it was killed, and how often of these while it started.
    pub kills: u32,
    /// Kills before it listened.
    pub while_starting: u32,
    /// How often the database server was killed as well.
    pub database_kills: u32,
    /// Receipts handed out.
    pub accepted: usize,
    /// Reports whose answer was cut off, sent again.
    pub sent_again: usize,
    /// Rooms opened.
    pub opened: usize,
    /// Cases at the end.
    pub cases: u64,
    /// How long it took.
    pub took: Duration,
}

#[derive(Debug)]
struct Sent {
    report: Report,
    code: Option<String>,
}

/// Runs it; `None` without PostgreSQL.
pub fn run(program: &Path, engine: Engine, plan: Plan) -> Option<Outcome> {
    let began = Instant::now();
    let mut house = House::new(program, engine)?;
    drop(house.serve());
    let mut out = Outcome::default();
    let mut known: Vec<Sent> = Vec::new();
    let mut open: Vec<Sent> = Vec::new();
    let mut looked = 0;
    for round in 0..plan.kills {
        out.kills += 1;
        // One in eight dies while it starts.
        if round % 8 == 3 {
            let server = house.spawn();
            std::thread::sleep(Duration::from_millis(random(400)));
            server.kill();
            out.while_starting += 1;
            continue;
        }
        if round % 20 == 10
            && let Some(cluster) = &mut house.cluster
        {
            cluster.kill();
            cluster.run();
            out.database_kills += 1;
        }
        let server = house.serve();
        // What was taken since the last look, and some of all that was taken before.
        let some = (0..20).map(|_| usize::try_from(random(known.len() as u64)).unwrap());
        let wanted: Vec<usize> = (looked..known.len()).chain(some).collect();
        check(&server.base, &known, &wanted, &mut out);
        retry(&server, &mut open, &mut known, &mut out);
        looked = known.len();
        if round % 20 == 14 {
            println!(
                "{}: {} kills, {} receipts, {} sent again, {:?}",
                engine.name(),
                out.kills,
                known.len(),
                out.sent_again,
                began.elapsed()
            );
            nothing_twice(&house, &known);
        }
        for sent in stream(server, round, plan) {
            match sent.code {
                Some(_) => known.push(sent),
                None => open.push(sent),
            }
        }
    }
    let server = house.serve();
    retry(&server, &mut open, &mut known, &mut out);
    assert!(open.is_empty());
    let all: Vec<usize> = (0..known.len()).collect();
    check(&server.base, &known, &all, &mut out);
    drop(server);
    out.cases = nothing_twice(&house, &known);
    out.accepted = known.len();
    out.took = began.elapsed();
    Some(out)
}

/// One case for each receipt, every history and what it names whole; gives their number.
fn nothing_twice(house: &House, known: &[Sent]) -> u64 {
    let (cases, wrong) = house.verify();
    assert!(wrong.is_none(), "{wrong:?}");
    let codes: BTreeSet<&str> = known.iter().filter_map(|s| s.code.as_deref()).collect();
    assert_eq!(codes.len(), known.len(), "two reports have one receipt");
    assert_eq!(
        cases,
        known.len() as u64,
        "a case without a receipt: half-written or doubled"
    );
    cases
}

/// Streams reports at the server until it is killed; gives what was sent.
fn stream(server: Server, round: u32, plan: Plan) -> Vec<Sent> {
    let base = server.base.clone();
    let stop = AtomicBool::new(false);
    let all = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for sender in 0..plan.senders {
            let (base, stop, all) = (&base, &stop, &all);
            scope.spawn(move || {
                let mut mine = Vec::new();
                for number in 0_u32.. {
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                    let words = format!("report {round}-{sender}-{number}");
                    let mut report = Report::new(&words, &format!("{words} breaks"));
                    if number % 16 == 3 {
                        report = report.with_file("poc.bin", vec![7; 90_000]);
                    }
                    let Ok(answer) = report.send(base, "lantern") else {
                        mine.push(Sent { report, code: None });
                        break;
                    };
                    // Another answer says that nothing was taken; it is sent again later.
                    let code = answer.json()["code"].as_str().map(str::to_owned);
                    let code = code.filter(|_| answer.status == 201);
                    if let Some(code) = &code
                        && number % 8 == 5
                        && let Ok(again) = report.send(base, "lantern")
                        && again.status == 201
                    {
                        assert_eq!(again.json()["code"], code.as_str(), "sent twice");
                    }
                    mine.push(Sent { report, code });
                }
                all.lock().unwrap().extend(mine);
            });
        }
        std::thread::sleep(Duration::from_millis(30 + random(plan.longest)));
        server.kill();
        stop.store(true, Ordering::SeqCst);
    });
    all.into_inner().unwrap()
}

/// Sends again what was cut off.
fn retry(server: &Server, open: &mut Vec<Sent>, known: &mut Vec<Sent>, out: &mut Outcome) {
    for mut sent in open.drain(..) {
        let answer = sent.report.send(&server.base, "lantern").unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text);
        let code = answer.json()["code"].as_str().unwrap().to_owned();
        let again = sent.report.send(&server.base, "lantern").unwrap();
        assert_eq!(again.json()["code"], code.as_str(), "two receipts");
        sent.code = Some(code);
        out.sent_again += 1;
        known.push(sent);
    }
}

/// Opens rooms, sixteen at once, and reads the words in one of eight.
fn check(base: &str, known: &[Sent], wanted: &[usize], out: &mut Outcome) {
    let share = wanted.len().div_ceil(16).max(1);
    std::thread::scope(|scope| {
        for part in wanted.chunks(share) {
            scope.spawn(move || {
                for (n, index) in part.iter().enumerate() {
                    let Some(sent) = known.get(*index) else {
                        continue;
                    };
                    let code = sent.code.as_deref().unwrap();
                    let room = type_code(base, "lantern", code).unwrap();
                    let room = room.unwrap_or_else(|answer| lost(sent, &answer));
                    if n % 8 == 0 {
                        let page = room.page(base).unwrap();
                        assert_eq!(page.status, 200, "{}", page.text);
                        assert!(page.text.contains(sent.report.summary()), "half a case");
                    }
                }
            });
        }
    });
    out.opened += wanted.len();
}

/// Ends the campaign with what the door said, which tells a loss from a server that could
/// not look.
fn lost(sent: &Sent, answer: &Answer) -> ! {
    panic!(
        "the room of {} did not open: {}\n{}",
        sent.report.summary(),
        answer.status,
        answer.text
    )
}
