//! One run: the virtual clock, the people, and the queue.
//!
//! Invariants: time moves only forward, from one thing that happens to the next;
//! everything that a case knows it was told by a command; nothing depends on other
//! runs, so that they can be made in any order and on any number of threads.

use std::collections::BTreeMap;

use candor_base::Instant;
use candor_case::{Actor, Command};

use crate::cause;
use crate::num::count;
use crate::parts;
use crate::reports::Report;
use crate::room::{Room, Seen};
use crate::sample::RunResult;
use crate::scenario::World;
use crate::shifts::Away;
use crate::tasks::{Job, Task, rank};

/// The most that one works on one thing before looking at the queue again.
const AT_A_TIME: i64 = 3_600;
/// So many refusals are written down; more would say nothing new.
const REFUSALS: usize = 20;

/// Something that happens at a moment.
#[derive(Debug, Clone, Copy)]
pub(crate) enum What {
    /// A report comes in.
    Arrives(usize),
    /// Somebody looks up from the work. The second number tells stale ones apart.
    Turn(usize, u32),
    /// The reporter answers a question.
    Answers(usize),
    /// The team stops waiting for an answer.
    GivesUp(usize),
    /// A clock may have been missed.
    Look(usize),
    /// Half of the time to the next status message is over.
    Status(usize),
    /// The day of a release.
    Releases(usize),
    /// The agreed date of the publication.
    Publishes(usize),
    /// The time for objections is over.
    Closes(usize),
    /// The time that counts begins.
    Counts,
}

/// A person at work.
#[derive(Debug, Default)]
struct Hand {
    shift: Option<usize>,
    /// Seconds left today; below 0 is owed to the next days.
    left: i64,
    next: Option<Instant>,
    generation: u32,
    busy: Option<(u64, i64)>,
}

/// A run on its way.
#[derive(Debug)]
pub(crate) struct Run<'w> {
    pub(crate) world: &'w World<'w>,
    pub(crate) now: Instant,
    pub(crate) rooms: Vec<Room>,
    pub(crate) tasks: BTreeMap<u64, Task>,
    pub(crate) away: Vec<Away>,
    agenda: BTreeMap<(Instant, u64), What>,
    numbers: u64,
    hands: Vec<Hand>,
    floods: Vec<Instant>,
    pub(crate) result: RunResult,
}

impl World<'_> {
    /// Makes one run, with the reports that its luck gives.
    pub fn run(&self, run: u64) -> RunResult {
        self.run_with(run, self.reports(run))
    }

    /// Makes one run with these reports; its luck is used for absences only.
    pub fn run_with(&self, run: u64, reports: Vec<Report>) -> RunResult {
        let mut run = self.begin_run(run, reports);
        run.play();
        run.finish()
    }

    /// A run with everything on its agenda, before anything happens.
    pub(crate) fn begin_run(&self, run: u64, mut reports: Vec<Report>) -> Run<'_> {
        reports.sort_by_key(|r| r.at);
        let seed = self.scenario.seed;
        let away = (0_u64..)
            .zip(&self.rotas)
            .map(|(n, rota)| {
                if self.scenario.team.deputies {
                    vec![false; rota.shifts.len()]
                } else {
                    rota.absences(seed, run, n)
                }
            })
            .collect();
        let mut run = Run {
            world: self,
            now: self.begin,
            floods: reports.iter().filter(|r| r.flood).map(|r| r.at).collect(),
            rooms: Vec::with_capacity(reports.len()),
            tasks: BTreeMap::new(),
            away,
            agenda: BTreeMap::new(),
            numbers: 0,
            hands: self.rotas.iter().map(|_| Hand::default()).collect(),
            result: RunResult::default(),
        };
        run.plan(self.from, What::Counts);
        for (n, report) in reports.into_iter().enumerate() {
            run.plan(report.at, What::Arrives(n));
            run.rooms.push(Room::new(report));
        }
        run
    }
}

impl Run<'_> {
    /// Lets time pass until the end.
    pub(crate) fn play(&mut self) {
        while let Some(((at, _), what)) = self.agenda.pop_first() {
            if at > self.world.until {
                break;
            }
            self.now = at;
            match what {
                What::Arrives(n) => self.arrives(n),
                What::Turn(h, generation) => self.turn(h, generation),
                What::Look(n) => self.look(n),
                What::Counts => self.result.left.0 = self.open_cases(),
                other => self.happens(other),
            }
        }
        self.now = self.world.until;
    }

    /// What was found out, of the time that counts.
    fn finish(mut self) -> RunResult {
        self.result.left.1 = self.open_cases();
        let (from, until) = (self.world.from, self.world.until);
        let there = self.world.rotas.iter().zip(&self.away);
        self.result.had = there
            .filter(|(rota, _)| !rota.watch)
            .map(|(rota, away)| rota.capacity_there(away, from, until))
            .sum();
        self.result
            .samples
            .retain(|s| s.due > from && s.due <= until);
        self.result
    }

    fn open_cases(&self) -> u32 {
        let open = self.rooms.iter().filter(|r| r.is_open()).count();
        u32::try_from(open).unwrap_or(u32::MAX)
    }

    /// Puts something on the agenda.
    pub(crate) fn plan(&mut self, at: Instant, what: What) {
        self.numbers += 1;
        self.agenda.insert((at.max(self.now), self.numbers), what);
    }

    /// Whether a flood report came in between two moments.
    pub(crate) fn flood_between(&self, from: Instant, to: Instant) -> bool {
        let first = self.floods.partition_point(|at| *at < from);
        self.floods.get(first).is_some_and(|at| *at <= to)
    }

    fn arrives(&mut self, n: usize) {
        if self.now > self.world.from {
            self.result.reports += 1;
            let flood = self.rooms.get(n).is_some_and(|r| r.report.flood);
            self.result.in_floods += u32::from(flood);
        }
        let report = self.rooms.get(n).map(|r| r.report.clone());
        let facts = report.and_then(|r| parts::facts(self.world, count(n), &r));
        if let Some(facts) = facts {
            let command = Command::Receive(Box::new(facts));
            if self.act(n, Actor::Reporter, &command) {
                self.queue(n, Job::FirstLook);
            }
        }
    }

    fn look(&mut self, n: usize) {
        let Some(room) = self.rooms.get_mut(n) else {
            return;
        };
        room.look = None;
        match room.next_miss() {
            Some(at) if at <= self.now => {
                self.act(n, Actor::System, &Command::Tick);
            }
            _ => self.look_again(n),
        }
    }

    /// Sends a command to a case; false when it refuses.
    pub(crate) fn act(&mut self, n: usize, actor: Actor, command: &Command) -> bool {
        let (world, now) = (self.world, self.now);
        let Some(room) = self.rooms.get_mut(n) else {
            return false;
        };
        match room.send(world, n, now, actor, command) {
            Ok(seen) => {
                for one in seen {
                    self.saw(n, one);
                }
                self.look_again(n);
                self.rank_anew(n);
                true
            }
            Err(code) => {
                if self.result.refused.len() < REFUSALS {
                    self.result.refused.push(code);
                }
                false
            }
        }
    }

    fn saw(&mut self, n: usize, seen: Seen) {
        match seen {
            Seen::MetLate { sample, took } => {
                if let Some(sample) = self.result.samples.get_mut(sample) {
                    sample.took = Some(took);
                }
            }
            Seen::Sample(mut sample) => {
                if !sample.kept
                    && let Some(room) = self.rooms.get(n)
                {
                    sample.cause = Some(cause::of(self, room, &sample));
                }
                let open = !sample.kept && sample.took.is_none();
                if let (true, Some(room)) = (open, self.rooms.get_mut(n)) {
                    room.open_misses
                        .push((sample.clock, self.result.samples.len()));
                }
                self.result.samples.push(sample);
            }
        }
    }

    /// Plans when the clocks of a case must be looked at, and its next status message.
    fn look_again(&mut self, n: usize) {
        let Some(room) = self.rooms.get_mut(n) else {
            return;
        };
        let miss = room.next_miss();
        let sooner = miss.filter(|at| room.look.is_none_or(|planned| *at < planned));
        if let Some(at) = sooner {
            room.look = Some(at);
        }
        let status = room
            .status_owed()
            .filter(|(from, _)| room.status_planned != Some(*from));
        if let Some((from, _)) = status {
            room.status_planned = Some(from);
        }
        if let Some(at) = sooner {
            self.plan(at, What::Look(n));
        }
        if let Some((_, middle)) = status {
            self.plan(middle, What::Status(n));
        }
    }

    fn rank_anew(&mut self, n: usize) {
        let order = self.world.scenario.order;
        let Some(room) = self.rooms.get(n) else {
            return;
        };
        for task in self.tasks.values_mut().filter(|t| t.room == n) {
            task.rank = rank(order, task.job, room, task.since);
        }
    }

    /// Puts work into the queue, and calls whoever is free.
    pub(crate) fn queue(&mut self, n: usize, job: Job) {
        let Some(room) = self.rooms.get(n) else {
            return;
        };
        let r = &room.report;
        let left = match job {
            Job::FirstLook => r.first_look,
            Job::Plan => r.plan,
            Job::Status | Job::TurnDown => r.status,
            Job::Assessment => r.assessment,
            Job::Fix => r.fix,
            Job::Release => r.release,
        };
        let task = Task {
            room: n,
            job,
            left,
            since: self.now,
            rank: rank(self.world.scenario.order, job, room, self.now),
            doer: None,
        };
        self.numbers += 1;
        self.tasks.insert(self.numbers, task);
        for h in 0..self.hands.len() {
            if self.hands.get(h).is_some_and(|hand| hand.busy.is_none()) {
                self.call(h);
            }
        }
    }

    /// Has somebody look at the queue as soon as they are there.
    fn call(&mut self, h: usize) {
        let Some((_, shift)) = self.next_shift(h, self.now) else {
            return;
        };
        let at = shift.from.max(self.now);
        self.turn_at(h, at);
    }

    fn turn_at(&mut self, h: usize, at: Instant) {
        let Some(hand) = self.hands.get_mut(h) else {
            return;
        };
        if hand.next.is_some_and(|planned| planned <= at) {
            return;
        }
        hand.next = Some(at);
        hand.generation = hand.generation.wrapping_add(1);
        let generation = hand.generation;
        self.plan(at, What::Turn(h, generation));
    }

    pub(crate) fn next_shift(
        &self,
        h: usize,
        at: Instant,
    ) -> Option<(usize, crate::shifts::Shift)> {
        self.world.rotas.get(h)?.next(self.away.get(h)?, at)
    }

    fn turn(&mut self, h: usize, generation: u32) {
        let Some(hand) = self.hands.get_mut(h) else {
            return;
        };
        if hand.generation != generation {
            return;
        }
        hand.next = None;
        if let Some((id, worked)) = hand.busy.take() {
            self.worked(h, id, worked);
        }
        let Some((place, shift)) = self.next_shift(h, self.now) else {
            return;
        };
        if shift.from > self.now {
            return self.turn_at(h, shift.from);
        }
        if let Some(hand) = self.hands.get_mut(h)
            && hand.shift != Some(place)
        {
            hand.shift = Some(place);
            hand.left = hand.left.min(0).saturating_add(shift.budget);
        }
        match self.pick(h) {
            Some(id) => self.work(h, id, shift.to),
            None if !self.tasks.is_empty() => {
                if let Some((_, next)) = self.next_shift(h, shift.to) {
                    self.turn_at(h, next.from);
                }
            }
            None => {}
        }
    }

    /// What somebody takes up now.
    fn pick(&self, h: usize) -> Option<u64> {
        let watch = self.world.rotas.get(h)?.watch;
        let spent = self.hands.get(h)?.left <= 0;
        let fits = |t: &Task| {
            t.doer.is_none_or(|d| d == h) && (t.job == Job::FirstLook || !(watch || spent))
        };
        let open = self.tasks.iter().filter(|(_, t)| fits(t));
        open.min_by_key(|(id, t)| (t.rank, **id)).map(|(id, _)| *id)
    }

    fn work(&mut self, h: usize, id: u64, shift_ends: Instant) {
        let (Some(task), Some(hand)) = (self.tasks.get_mut(&id), self.hands.get_mut(h)) else {
            return;
        };
        // A new report is looked at even when the hours of the day are used up.
        let mine = if task.job == Job::FirstLook {
            AT_A_TIME
        } else {
            hand.left.min(AT_A_TIME)
        };
        let long = task
            .left
            .min(mine)
            .min(shift_ends.seconds_since(self.now))
            .max(1);
        task.doer = Some(h);
        hand.busy = Some((id, long));
        // Whatever else was planned for this person is void now.
        hand.next = None;
        let at = self.now.plus_seconds(long);
        self.turn_at(h, at);
    }

    fn worked(&mut self, h: usize, id: u64, seconds: i64) {
        if let Some(hand) = self.hands.get_mut(h) {
            hand.left -= seconds;
        }
        if self.now > self.world.from {
            self.result.worked += seconds;
        }
        let Some(task) = self.tasks.get_mut(&id) else {
            return;
        };
        task.left -= seconds;
        if !task.job.stays() {
            task.doer = None;
        }
        if task.left <= 0 {
            let (n, job) = (task.room, task.job);
            self.tasks.remove(&id);
            self.done(h, n, job);
        }
    }

    /// Takes a kind of work for a case out of the queue.
    pub(crate) fn drop_jobs(&mut self, n: usize, job: Job) {
        let busy: Vec<u64> = self
            .hands
            .iter()
            .filter_map(|h| h.busy)
            .map(|b| b.0)
            .collect();
        self.tasks
            .retain(|id, t| t.room != n || t.job != job || busy.contains(id));
    }
}
