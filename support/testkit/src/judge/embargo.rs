//! The embargo again, from the tables of EM-1 to EM-10 and Q7 to Q9.
//!
//! It remembers only what was done and when, and works out the state from the
//! beginning each time it is asked. It knows the five states as letters.
//!
//! Invariant: shares no type or function with the case but instants.

use candor_base::Instant;

/// One of the two sides that negotiate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The project.
    Team,
    /// The reporter.
    Reporter,
}

/// What somebody does about the embargo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// The policy's own window begins.
    Default(Instant),
    /// A date is proposed.
    Proposes(Side, Instant),
    /// The open proposal is taken.
    Accepts(Side),
    /// The open proposal is refused.
    Declines(Side),
    /// Another date is named instead of the open proposal.
    Counters(Side, Instant),
    /// The project names a date without the reporter.
    Alone(Instant),
    /// The public knows, an exploit is public, or attacks were seen.
    Known,
    /// The advisory is published.
    Publishes,
}

/// How things stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// N, P, A, R or X.
    pub letter: char,
    /// Until when people are bound.
    pub until: Option<Instant>,
    /// Who proposed what, unanswered.
    pub wish: Option<(Side, Instant)>,
    /// Outsiders know, or the advisory is out.
    pub known: bool,
}

impl Standing {
    /// Somebody is bound.
    pub fn binds(&self) -> bool {
        matches!(self.letter, 'A' | 'R')
    }

    /// The embargo allows publication.
    pub fn lets_publish(&self) -> bool {
        matches!(self.letter, 'N' | 'X')
    }
}

/// The judge: everything done so far.
#[derive(Debug, Clone, Default)]
pub struct EmbargoJudge {
    done: Vec<(Instant, Deed)>,
}

impl EmbargoJudge {
    /// Takes a deed down if the rules allow it now; says whether they do.
    pub fn takes(&mut self, now: Instant, deed: Deed) -> bool {
        let fits = allowed(&self.at(now), now, deed);
        if fits {
            self.done.push((now, deed));
        }
        fits
    }

    /// How things stand at this moment.
    pub fn at(&self, now: Instant) -> Standing {
        let mut standing = Standing {
            letter: 'N',
            until: None,
            wish: None,
            known: false,
        };
        for (when, deed) in &self.done {
            time_passes(&mut standing, *when);
            happens(&mut standing, *deed);
        }
        time_passes(&mut standing, now);
        standing
    }
}

/// EM-10 and EM-5: the end is an instant; a date that passed unanswered is refused.
fn time_passes(s: &mut Standing, now: Instant) {
    if s.wish.is_some_and(|(_, at)| at <= now) && s.until.is_none_or(|until| until > now) {
        refuse(s);
    }
    if s.binds() && s.until.is_some_and(|until| until <= now) {
        s.letter = 'X';
        s.wish = None;
    }
}

fn refuse(s: &mut Standing) {
    s.wish = None;
    s.letter = match s.letter {
        'P' => 'N',
        'R' => 'A',
        other => other,
    };
}

fn allowed(s: &Standing, now: Instant, deed: Deed) -> bool {
    // EM-2 and "X is terminal".
    let talk = !s.known && s.letter != 'X';
    let other_side = |side| s.wish.is_some_and(|(by, _)| by != side);
    match deed {
        Deed::Default(at) => s.letter == 'N' && !s.known && at > now,
        Deed::Proposes(_, at) => talk && at > now,
        Deed::Accepts(side) | Deed::Declines(side) => talk && other_side(side),
        Deed::Counters(side, at) => talk && other_side(side) && at > now,
        // Only the reporter can agree to wait longer, and who did not agree learns of it
        // three days before.
        Deed::Alone(at) => {
            talk && at >= now.plus_seconds(3 * 86_400) && s.until.is_none_or(|until| at <= until)
        }
        Deed::Known => true,
        Deed::Publishes => s.lets_publish(),
    }
}

fn happens(s: &mut Standing, deed: Deed) {
    match deed {
        Deed::Default(at) | Deed::Alone(at) => {
            s.letter = 'A';
            s.until = Some(at);
            s.wish = None;
        }
        Deed::Proposes(side, at) => {
            s.letter = if s.binds() { 'R' } else { 'P' };
            s.wish = Some((side, at));
        }
        Deed::Accepts(_) => {
            if let Some((_, at)) = s.wish.take() {
                s.letter = 'A';
                s.until = Some(at);
            }
        }
        Deed::Declines(_) => refuse(s),
        Deed::Counters(side, mine) => counters(s, side, mine),
        Deed::Known | Deed::Publishes => {
            s.known = true;
            s.wish = None;
            s.letter = match s.letter {
                'P' => 'N',
                'A' | 'R' => 'X',
                other => other,
            };
        }
    }
}

/// EM-4: both would wait until the earlier of the two, so that one holds at once;
/// the later one is a wish to revise it.
fn counters(s: &mut Standing, side: Side, mine: Instant) {
    let Some((theirs_by, theirs)) = s.wish else {
        return;
    };
    if mine == theirs {
        happens(s, Deed::Accepts(side));
        return;
    }
    if s.letter == 'P' {
        s.until = Some(mine.min(theirs));
        s.wish = Some(if mine > theirs {
            (side, mine)
        } else {
            (theirs_by, theirs)
        });
    } else {
        s.wish = Some((side, mine));
    }
    s.letter = 'R';
}
