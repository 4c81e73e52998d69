//! One run: reports come in, people act or are away, time passes and jumps, the mail goes
//! out or does not, the machine breaks and starts again, the owner edits the policy. After
//! every step the laws.
//!
//! Invariant: the number of the run decides everything; a broken law names it.

use std::fmt;

use candor_base::Instant;
use candor_case::{Actor, Command};

use super::bug::Bug;
use super::dice::Dice;
use super::house::{Answer, Break, House};
use super::laws::{Watch, nothing_leaks};
use super::paper::Paper;
use super::people::People;
use super::policies::Versions;
use super::post::Post;
use super::real::Real;
use super::{Mind, acts};
use crate::parts::{facts, instant, other_case};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// Cases of one run.
const CASES: usize = 4;

/// Beginnings: an ordinary winter, the weeks before clocks change, a year's end before a
/// leap day.
const STARTS: [&str; 4] = [
    "2026-01-15T09:00:00Z",
    "2026-03-20T22:30:00Z",
    "2026-10-20T03:00:00Z",
    "2027-12-20T14:00:00Z",
];

/// Which form of the product runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Core and engine in memory.
    Fast,
    /// The use cases over the real store.
    Real,
}

/// A law was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The number of the run.
    pub seed: u64,
    /// The form.
    pub form: Form,
    /// In which step, from 1.
    pub step: u32,
    /// When, on the virtual clock.
    pub at: Instant,
    /// Which law, in words.
    pub law: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let real = if self.form == Form::Real {
            " --real"
        } else {
            ""
        };
        write!(
            f,
            "law broken in step {} at {}: {}; repeat it with `cargo xtask soak sim --seed {}{real}`",
            self.step, self.at, self.law, self.seed
        )
    }
}

/// What a run went through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Steps.
    pub steps: u32,
    /// Cases.
    pub cases: u32,
    /// Seconds that the cases lived through, added up.
    pub case_seconds: i64,
    /// Acts that were done.
    pub done: u32,
    /// Acts that were refused, or that no form takes.
    pub refused: u32,
    /// Events stored.
    pub events: u64,
    /// Promises missed, each period counted.
    pub missed: u32,
    /// Cases with an advisory.
    pub published: u32,
    /// Cases closed at the end.
    pub closed: u32,
    /// Times the machine broke.
    pub breaks: u32,
    /// Starts.
    pub starts: u32,
    /// Jumps of the clock back.
    pub jumps_back: u32,
    /// Policy versions beside the first.
    pub policy_edits: u32,
    /// Letters handed over, tries counted.
    pub letters: u32,
    /// Letters that never arrived, or came twice.
    pub letters_lost_or_doubled: u32,
    /// Due instants compared with the judge's.
    pub judged: u32,
    /// Due instants that were not.
    pub not_judged: u32,
}

impl Tally {
    /// Adds another run.
    pub fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.cases += other.cases;
        self.case_seconds += other.case_seconds;
        self.done += other.done;
        self.refused += other.refused;
        self.events += other.events;
        self.missed += other.missed;
        self.published += other.published;
        self.closed += other.closed;
        self.breaks += other.breaks;
        self.starts += other.starts;
        self.jumps_back += other.jumps_back;
        self.policy_edits += other.policy_edits;
        self.letters += other.letters;
        self.letters_lost_or_doubled += other.letters_lost_or_doubled;
        self.judged += other.judged;
        self.not_judged += other.not_judged;
    }

    /// Years that the cases lived through.
    pub const fn case_years(&self) -> i64 {
        self.case_seconds / (365 * DAY)
    }
}

/// Runs so many steps under this number.
pub fn simulate(form: Form, seed: u64, steps: u32, bug: Option<Bug>) -> Result<Tally, Broken> {
    let post = Post::new(seed ^ 0x00C0_FFEE);
    match form {
        Form::Fast => Run::new(Paper::new(post, bug), form, seed, bug).run(steps),
        Form::Real => Run::new(Real::new(post, seed, bug), form, seed, bug).run(steps),
    }
}

struct Run<H> {
    house: H,
    form: Form,
    seed: u64,
    bug: Option<Bug>,
    dice: Dice,
    now: Instant,
    people: People,
    versions: Versions,
    watches: Vec<Watch>,
    /// When the machine last broke with letters lent.
    lent_at: Option<Instant>,
    tally: Tally,
}

impl<H: House> Run<H> {
    fn new(house: H, form: Form, seed: u64, bug: Option<Bug>) -> Self {
        let mut dice = Dice::new(seed);
        let versions = Versions::new(seed, &mut dice);
        Self {
            house,
            form,
            seed,
            bug,
            now: instant(dice.word(&STARTS)),
            people: People::new(),
            versions,
            watches: Vec::new(),
            lent_at: None,
            tally: Tally::default(),
            dice,
        }
    }

    fn run(mut self, steps: u32) -> Result<Tally, Broken> {
        let ended = self.all(steps);
        ended.map_err(|law| Broken {
            seed: self.seed,
            form: self.form,
            step: self.tally.steps,
            at: self.now,
            law,
        })?;
        Ok(self.tally)
    }

    fn all(&mut self, steps: u32) -> Result<(), String> {
        self.house.set_clock(self.now);
        let first = self.versions.current();
        self.house.put_policy(&self.versions.text, &first);
        self.report()?;
        for _ in 0..steps {
            self.tally.steps += 1;
            self.step()?;
            self.outside()?;
        }
        self.settle()
    }

    fn step(&mut self) -> Result<(), String> {
        self.time_passes();
        self.people.come_and_go(&mut self.dice, self.now);
        // A running server looks often; one that is down does not.
        if self.dice.once_in(2) {
            self.look()?;
        }
        if self.dice.once_in(2) {
            self.mail()?;
        }
        if self.dice.once_in(120) {
            self.edit_policy();
        }
        if self.dice.once_in(80) {
            self.start()?;
        }
        if self.watches.len() < CASES && self.dice.once_in(30) {
            return self.report();
        }
        self.somebody_acts()
    }

    fn time_passes(&mut self) {
        let hours = [0, 0, 0, 1, 5, 24, 70, 24 * 8, 24 * 40];
        let hours = *self.dice.pick(&hours);
        self.now = self.now.plus_seconds(hours * HOUR);
        if self.dice.once_in(4)
            && let Some(next) = self.house.next_wake()
        {
            // To the very second at which something happens, or just before it.
            let at = next.plus_seconds(-self.dice.between(0, 2));
            self.now = self.now.max(at);
        }
        if self.dice.once_in(60) {
            // Somebody set the clock of the machine right, or wrong.
            self.now = self.now.plus_seconds(-self.dice.between(1, 3 * DAY));
            self.tally.jumps_back += 1;
        }
        self.house.set_clock(self.now);
    }

    fn look(&mut self) -> Result<(), String> {
        self.house.look()?;
        self.follow_all()?;
        for watch in &mut self.watches {
            watch.looked(self.now)?;
        }
        let wake = self.house.next_wake();
        if self.bug.is_none() && wake.is_some_and(|at| at <= self.now) {
            return Err("after a look something is still due".to_owned());
        }
        Ok(())
    }

    fn mail(&mut self) -> Result<(), String> {
        let down = self.dice.once_in(12);
        self.house.with_post(|post| post.down = down);
        if self.dice.once_in(25) {
            self.tally.breaks += 1;
            self.house.break_next(Some(Break::BeforeSettle));
        }
        let whole = self.house.deliver();
        if !whole {
            self.lent_at = Some(self.now);
            self.start()?;
        }
        self.follow_all()?;
        if whole {
            self.told()?;
        }
        Ok(())
    }

    fn told(&mut self) -> Result<(), String> {
        let (now, broke) = (self.now, self.lent_at);
        let watches = &mut self.watches;
        self.house.with_post(|post| {
            watches
                .iter_mut()
                .try_for_each(|watch| watch.told_of_misses(post, broke, now))
        })
    }

    fn edit_policy(&mut self) {
        let year = i16::try_from(1970 + self.now.unix() / (365 * DAY)).unwrap();
        let next = self.versions.edit(&mut self.dice, year);
        self.house.put_policy(&self.versions.text, &next);
        if self.form == Form::Real {
            // The register of releases holds for open cases, too; in memory a case keeps
            // the one it was received with.
            for watch in &mut self.watches {
                watch.release_known(&next);
            }
            // It is written behind the back of the server, which sees it a second later.
            self.now = self.now.plus_seconds(1);
            self.house.set_clock(self.now);
        }
        self.tally.policy_edits += 1;
    }

    fn start(&mut self) -> Result<(), String> {
        self.tally.starts += 1;
        self.house.restart();
        self.house.verify()?;
        (0..self.watches.len()).try_for_each(|case| self.compare(case, None))
    }

    fn report(&mut self) -> Result<(), String> {
        let policy = self.versions.current();
        let mut report = facts(&policy);
        acts::vary_report(&mut self.dice, &mut report, &policy);
        let number = self.watches.len();
        (report.case, report.reference) = other_case(&format!("{} {number}", self.seed));
        let answer = self.house.receive(&report);
        if answer != Answer::Done {
            // The house knows more of why.
            self.house.verify()?;
            return Err(format!("a report was not taken in: {answer:?}"));
        }
        if !self.house.receive_again(&report) {
            return Err("a report that was sent twice made two cases".to_owned());
        }
        let state = self.house.state(number);
        let policy = self.versions.of(&state.facts.policy);
        self.watches
            .push(Watch::new(state.facts.reference.to_string(), policy));
        self.follow(number, None)
    }

    fn somebody_acts(&mut self) -> Result<(), String> {
        let case = usize::try_from(self.dice.below(u64::try_from(self.watches.len()).unwrap()));
        let case = case.unwrap();
        let state = self.house.state(case);
        let Some(actor) = self.people.next(&mut self.dice, &state) else {
            return Ok(());
        };
        let mut mind = Mind {
            dice: self.dice.clone(),
            now: self.now,
            policy: self.watches[case].policy.clone(),
        };
        let command = acts::next(&mut mind, &state, actor);
        self.dice = mind.dice;
        if self.dice.once_in(30) {
            let at = [Break::BeforeCommit, Break::AfterCommit];
            let at = *self.dice.pick(&at);
            self.house.break_next(Some(at));
        }
        let answer = self.ask(case, actor, &command)?;
        self.house.break_next(None);
        if answer == Answer::Broke {
            self.tally.breaks += 1;
            self.start_behind(case, &command)?;
            // Whoever asked saw nothing come back, and asks again.
            self.ask(case, actor, &command)?;
        } else if answer == Answer::Done && self.dice.once_in(10) {
            // A double click.
            self.ask(case, actor, &command)?;
        }
        Ok(())
    }

    fn ask(&mut self, case: usize, actor: Actor, command: &Command) -> Result<Answer, String> {
        let answer = self.house.act(case, actor, command);
        match answer {
            Answer::Done => self.tally.done += 1,
            Answer::Refused(_) | Answer::NotTaken => self.tally.refused += 1,
            Answer::Broke => return Ok(answer),
        }
        self.follow(case, Some(command))?;
        self.follow_all()?;
        Ok(answer)
    }

    fn start_behind(&mut self, case: usize, command: &Command) -> Result<(), String> {
        self.tally.starts += 1;
        self.house.restart();
        self.house.verify()?;
        self.follow(case, Some(command))?;
        self.follow_all()
    }

    /// What is new in a case, and that the product holds it as its events make it.
    fn follow(&mut self, case: usize, asked: Option<&Command>) -> Result<(), String> {
        if self.house.seq(case) == self.watches[case].seen() {
            return Ok(());
        }
        self.compare(case, asked)
    }

    fn compare(&mut self, case: usize, asked: Option<&Command>) -> Result<(), String> {
        let watch = &mut self.watches[case];
        let held = self.house.state(case);
        let new = if held.seq == watch.seen() {
            Vec::new()
        } else {
            self.house.history(case, watch.seen())
        };
        watch.follow(&new, &held, asked)
    }

    fn follow_all(&mut self) -> Result<(), String> {
        (0..self.watches.len()).try_for_each(|case| self.follow(case, None))
    }

    /// What outsiders can read, after every step; every history, after every tenth.
    fn outside(&mut self) -> Result<(), String> {
        let public = self.house.public_words();
        let letters = self.house.with_post(Post::fresh);
        nothing_leaks(self.watches.iter(), &public, &letters)?;
        if self.tally.steps.is_multiple_of(10) {
            self.house.verify()?;
        }
        Ok(())
    }

    /// The end: the machine runs, the post works, and all is told.
    fn settle(&mut self) -> Result<(), String> {
        self.start()?;
        for _ in 0..3 {
            self.now = self.now.plus_seconds(DAY);
            self.house.set_clock(self.now);
            self.look()?;
            self.house.with_post(|post| post.down = false);
            self.house.deliver();
            self.follow_all()?;
            self.told()?;
        }
        self.outside()?;
        self.house.verify()?;
        self.count();
        Ok(())
    }

    fn count(&mut self) {
        let tally = &mut self.tally;
        for watch in &self.watches {
            let Some(case) = &watch.shadow else { continue };
            tally.cases += 1;
            tally.case_seconds += self.now.seconds_since(case.received).max(0);
            tally.events += case.seq;
            tally.missed += watch.missed;
            tally.published += u32::from(case.advisory.published.is_some());
            tally.closed += u32::from(case.closed.is_some());
            tally.judged += watch.judged;
            tally.not_judged += watch.not_judged;
        }
        let (handed, strange) = self
            .house
            .with_post(|post| (post.handed_over, post.lost + post.doubled));
        tally.letters = handed;
        tally.letters_lost_or_doubled = strange;
    }
}
