//! Each call that fails: the N-th read, write, sync, and each of the others, for every N on
//! the way a report takes; and a disk on which nothing can be written any more.
//!
//! What must hold: the sender gets a receipt that lasts or is told that nothing was stored;
//! the server goes on, and takes the same report, once, as soon as the disk works again;
//! after a power cut, a receipt that was given still opens its room.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::crash::{Taken, Vault, holds, report};
use crate::disk::{Disk, Keeps};
use crate::head::Server;
use crate::http::{Answer, opens};
use crate::shim::{Call, EIO, ENOSPC, EROFS};

/// What to do.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Try each so-manieth N only.
    pub each: i64,
    /// Start the server anew before each, so that it reads everything from the disk.
    pub cold: bool,
    /// Faults while it starts, too.
    pub starts: bool,
}

/// What was done.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// For each kind of call, how many N there were on the way.
    pub calls: Vec<(&'static str, i64)>,
    /// Reports sent while a call failed.
    pub tried: usize,
    /// Of these, those that got a receipt all the same.
    pub taken: usize,
    /// Those that were told that nothing was stored.
    pub refused: usize,
    /// Starts with a call that failed, and those that said why and ended.
    pub starts: usize,
    /// Starts that ended.
    pub starts_ended: usize,
    /// Power cuts tried.
    pub cuts: usize,
    /// How long it took.
    pub took: Duration,
}

struct Campaign {
    vault: Vault,
    server: Server,
    all: Vec<Taken>,
    next: usize,
    out: Outcome,
}

/// Runs it; `None` without a C compiler.
pub fn run(program: &Path, plan: Plan) -> Option<Outcome> {
    let began = Instant::now();
    let vault = Vault::new(program)?;
    let server = vault.serve();
    let mut campaign = Campaign {
        vault,
        server,
        all: Vec::new(),
        next: 0,
        out: Outcome::default(),
    };
    for call in Call::ALL {
        campaign.each_call(call, plan);
    }
    campaign.nothing_can_be_written();
    campaign.after_a_power_cut();
    if plan.starts {
        campaign.starts(plan.each);
    }
    campaign.out.took = began.elapsed();
    Some(campaign.out)
}

impl Campaign {
    /// Sends the next report, while something fails or not.
    fn send(&mut self) -> (crate::http::Report, Option<Answer>) {
        self.next += 1;
        // Every one with a file and a letter: the longest way.
        let report = report(self.next * 3 + 1);
        let answer = report.send(&self.server.base, "lantern").ok();
        (report, answer)
    }

    /// What came of a report, and the same one again once nothing fails any more.
    fn settle(&mut self, what: &str, sent: (crate::http::Report, Option<Answer>)) {
        let (report, answer) = sent;
        assert!(self.server.lives(), "{what}: the server ended");
        let answer = answer.unwrap_or_else(|| panic!("{what}: the connection broke off"));
        let given = answer.json()["code"].as_str().map(str::to_owned);
        self.out.tried += 1;
        if answer.status == 201 {
            self.out.taken += 1;
        } else {
            self.out.refused += 1;
            assert!(
                answer.status == 503 && answer.text.contains("not stored"),
                "{what}: not clear: {} {}",
                answer.status,
                answer.text
            );
        }
        let again = report.send(&self.server.base, "lantern").unwrap();
        assert_eq!(again.status, 201, "{what}: sent again: {}", again.text);
        let code = again.json()["code"].as_str().unwrap().to_owned();
        if answer.status == 201 {
            assert_eq!(given.as_ref(), Some(&code), "{what}");
        }
        assert!(opens(&self.server.base, "lantern", &code), "{what}");
        self.all.push(Taken { report, code });
    }

    fn each_call(&mut self, call: Call, plan: Plan) {
        let mut nth = 1;
        let mut most = 0;
        let mut missed = 0;
        // Work in the background makes calls as well: an N that none reached may be
        // reached the next time.
        // Only some reports need a new folder for their file.
        let patience = if call == Call::MakeFolder { 10 } else { 3 };
        while missed < patience {
            if plan.cold {
                self.restart();
            }
            let no_room = matches!(call, Call::Write | Call::Create | Call::MakeFolder);
            let errno = if no_room && nth % 2 == 0 { ENOSPC } else { EIO };
            let what = format!("{} {nth}, error {errno}", call.name());
            self.vault.shim.arm(&[call], nth, errno, false);
            let sent = self.send();
            let hit = self.vault.shim.hits() > 0;
            self.vault.shim.disarm();
            self.settle(&what, sent);
            if hit {
                most = nth;
                missed = 0;
                if call == Call::Sync {
                    self.after_a_power_cut();
                }
            } else {
                missed += 1;
            }
            nth += if hit { plan.each } else { 1 };
            assert!(nth < 2_000, "{} never ends", call.name());
        }
        self.out.calls.push((call.name(), most));
        self.after_a_power_cut();
    }

    /// A disk that is full, read-only or gone for a while.
    fn nothing_can_be_written(&mut self) {
        let calls = [
            Call::Write,
            Call::Sync,
            Call::Create,
            Call::Rename,
            Call::MakeFolder,
            Call::Truncate,
        ];
        for errno in [ENOSPC, EROFS, EIO] {
            self.vault.shim.arm(&calls, 1, errno, true);
            let sent = self.send();
            let second = self.send();
            let page = self.server.page("p/lantern/");
            self.vault.shim.disarm();
            assert_eq!(page.status, 200, "pages are served all the same");
            for sent in [sent, second] {
                let what = format!("nothing can be written, error {errno}");
                assert!(sent.1.as_ref().is_some_and(|a| a.status != 201), "{what}");
                self.settle(&what, sent);
            }
        }
    }

    fn restart(&mut self) {
        let fresh = self.vault.spawn_after(&mut self.server);
        self.server = fresh;
    }

    /// The power fails now: what was given lasts.
    fn after_a_power_cut(&mut self) {
        let mut disk = Disk::default();
        for op in self.vault.shim.ops() {
            disk.act(&op);
        }
        let root = self.vault.place.path(&format!("cut-{}", self.out.cuts));
        disk.after_power_cut(Keeps::Nothing, &root);
        let promised: BTreeSet<String> = self.all.iter().map(|t| t.code.clone()).collect();
        let held = holds(&self.vault.place, &root, &self.all, &promised);
        assert_eq!(held, Ok(()), "after power cut {}", self.out.cuts);
        std::fs::remove_dir_all(&root).unwrap();
        self.out.cuts += 1;
    }

    /// A call that fails while the server starts: it says why and ends, or goes on; the next
    /// start finds everything.
    fn starts(&mut self, each: i64) {
        for call in Call::ALL {
            let mut nth = 1;
            let mut missed = 0;
            while missed < 2 {
                self.server.stop();
                self.vault.shim.arm(&[call], nth, EIO, false);
                let mut server = self.vault.spawn();
                let started = server.wait_for_start();
                let hit = self.vault.shim.hits() > 0;
                self.vault.shim.disarm();
                if !started {
                    let code = server.child.wait().unwrap().code();
                    let log = server.last_words();
                    let what = format!("{} {nth} while starting", call.name());
                    assert!(matches!(code, Some(1..=3)), "{what}: {code:?} {log}");
                    assert!(!log.trim().is_empty(), "{what}: it says nothing");
                    self.out.starts_ended += 1;
                }
                drop(server);
                self.out.starts += 1;
                self.server = self.vault.serve();
                let last = self.all.last().unwrap();
                assert!(opens(&self.server.base, "lantern", &last.code));
                missed = if hit { 0 } else { missed + 1 };
                nth += if hit { each } else { 1 };
            }
        }
        self.after_a_power_cut();
    }
}

impl Vault {
    /// Stops the server and starts another.
    fn spawn_after(&self, server: &mut Server) -> Server {
        server.stop();
        self.serve()
    }
}
