//! The embargo machine against a second, slow model written from the tables of
//! `cvd-state-model.md` 2: every edge is possible, every other one is refused.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_imports,
    clippy::enum_glob_use,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_base::{Instant, RefusalCode};
use candor_case::*;
use candor_policy::model::Policy;
use common::*;
use proptest::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    TeamProposes(u8),
    ReporterProposes(u8),
    TeamAccepts,
    ReporterAccepts,
    TeamRejects,
    ReporterRejects,
    TeamCounters(u8),
    ReporterCounters(u8),
    BecomesPublic,
    Attacked,
    Wait(u8),
}

/// The slow model: state, terms, open proposal as (by team, when), facts.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Model {
    state: char,
    until: Option<Instant>,
    wish: Option<(bool, Instant)>,
    facts: bool,
    now: Instant,
}

impl Model {
    fn new(now: Instant, until: Option<Instant>) -> Self {
        Self {
            state: if until.is_some() { 'A' } else { 'N' },
            until,
            wish: None,
            facts: false,
            now,
        }
    }

    fn day(&self, n: u8) -> Instant {
        self.now.plus_seconds(i64::from(n) * 86_400 + 3_600)
    }

    /// False when the move is no edge.
    fn go(&mut self, m: Move) -> bool {
        match m {
            Move::TeamProposes(n) => self.propose(true, n),
            Move::ReporterProposes(n) => self.propose(false, n),
            Move::TeamAccepts => self.accept(true),
            Move::ReporterAccepts => self.accept(false),
            Move::TeamRejects => self.reject(true),
            Move::ReporterRejects => self.reject(false),
            Move::TeamCounters(n) => self.counter(true, n),
            Move::ReporterCounters(n) => self.counter(false, n),
            Move::BecomesPublic | Move::Attacked => {
                self.facts = true;
                self.wish = None;
                self.state = match self.state {
                    'P' => 'N',
                    'A' | 'R' => 'X',
                    s => s,
                };
                true
            }
            Move::Wait(n) => {
                for _ in 0..u32::from(n) * 24 {
                    self.now = self.now.plus_seconds(3_600);
                    self.time();
                }
                true
            }
        }
    }

    fn time(&mut self) {
        if matches!(self.state, 'A' | 'R') && self.until.is_some_and(|u| u <= self.now) {
            self.state = 'X';
            self.wish = None;
        }
        if self.wish.is_some_and(|(_, at)| at <= self.now) {
            self.wish = None;
            self.state = if self.state == 'P' { 'N' } else { 'A' };
        }
    }

    fn propose(&mut self, team: bool, n: u8) -> bool {
        if self.facts || self.state == 'X' {
            return false;
        }
        self.state = if matches!(self.state, 'N' | 'P') {
            'P'
        } else {
            'R'
        };
        self.wish = Some((team, self.day(n)));
        true
    }

    fn answers(&self, team: bool) -> Option<Instant> {
        let (by_team, at) = self.wish?;
        (by_team != team && !self.facts).then_some(at)
    }

    fn accept(&mut self, team: bool) -> bool {
        let Some(at) = self.answers(team) else {
            return false;
        };
        self.until = Some(at);
        self.state = 'A';
        self.wish = None;
        true
    }

    fn reject(&mut self, team: bool) -> bool {
        if self.answers(team).is_none() {
            return false;
        }
        self.state = if self.state == 'P' { 'N' } else { 'A' };
        self.wish = None;
        true
    }

    fn counter(&mut self, team: bool, n: u8) -> bool {
        let Some(standing) = self.answers(team) else {
            return false;
        };
        let mine = self.day(n);
        if mine == standing {
            return self.accept(team);
        }
        if self.state == 'P' {
            // The shorter holds, the longer is a wish for revision (EM-4).
            self.until = Some(mine.min(standing));
            self.wish = Some(if mine < standing {
                (!team, standing)
            } else {
                (team, mine)
            });
        } else {
            self.wish = Some((team, mine));
        }
        self.state = 'R';
        true
    }
}

fn letter(state: EmbargoState) -> char {
    match state {
        EmbargoState::None => 'N',
        EmbargoState::Proposed => 'P',
        EmbargoState::Active => 'A',
        EmbargoState::Revise => 'R',
        EmbargoState::Exited => 'X',
    }
}

/// Does the move to the case; false when it was refused.
fn go(w: &mut World, m: Move) -> bool {
    let day = |n: u8| w.now.plus_seconds(i64::from(n) * 86_400 + 3_600);
    let counter = |n: u8| {
        Command::AnswerDate(DateAnswer::Counter {
            at: day(n),
            reason: Some(text(1, 9)),
        })
    };
    let (who, command) = match m {
        Move::TeamProposes(n) => (ANN, propose(day(n))),
        Move::ReporterProposes(n) => (Actor::Reporter, propose(day(n))),
        Move::TeamAccepts => (ANN, Command::AnswerDate(DateAnswer::Accept)),
        Move::ReporterAccepts => (Actor::Reporter, Command::AnswerDate(DateAnswer::Accept)),
        Move::TeamRejects => (
            ANN,
            Command::AnswerDate(DateAnswer::Decline { reason: None }),
        ),
        Move::ReporterRejects => (
            Actor::Reporter,
            Command::AnswerDate(DateAnswer::Decline { reason: None }),
        ),
        Move::TeamCounters(n) => (ANN, counter(n)),
        Move::ReporterCounters(n) => (Actor::Reporter, counter(n)),
        Move::BecomesPublic => (ANN, fact(AttackFact::Public)),
        Move::Attacked => (ANN, fact(AttackFact::AttacksObserved)),
        Move::Wait(n) => {
            w.later(i64::from(n) * 86_400).tick();
            return true;
        }
    };
    match w.try_do(who, &command) {
        Ok(_) => true,
        // A fact that is known already changes nothing; the model agrees.
        Err(r) => r.code == RefusalCode::AlreadyDone,
    }
}

fn agree(w: &World, model: &Model) {
    let embargo = &w.case().embargo;
    assert_eq!(letter(embargo.state), model.state);
    let wish = embargo
        .proposal
        .as_ref()
        .map(|p| (p.by != Actor::Reporter, p.at));
    assert_eq!(wish, model.wish);
    if matches!(model.state, 'A' | 'R') {
        assert_eq!(embargo.until, model.until);
    }
}

fn moves() -> impl Strategy<Value = Move> {
    prop_oneof![
        (1..40_u8).prop_map(Move::TeamProposes),
        (1..40_u8).prop_map(Move::ReporterProposes),
        Just(Move::TeamAccepts),
        Just(Move::ReporterAccepts),
        Just(Move::TeamRejects),
        Just(Move::ReporterRejects),
        (1..40_u8).prop_map(Move::TeamCounters),
        (1..40_u8).prop_map(Move::ReporterCounters),
        Just(Move::BecomesPublic),
        Just(Move::Attacked),
        (1..10_u8).prop_map(Move::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_machine_and_the_slow_model_agree(with_default: bool, moves in prop::collection::vec(moves(), 1..40)) {
        let policy = if with_default { full_policy() } else { in_force(Policy::default()) };
        let mut w = World::with_report(policy);
        let until = with_default.then(|| at("2026-08-30T23:59:59Z"));
        let mut model = Model::new(w.now, until);
        for m in moves {
            let did = go(&mut w, m);
            prop_assert_eq!(did, model.go(m), "{:?} in {:?}", m, model);
            agree(&w, &model);
        }
    }
}

/// A world in each of the five states, with the reporter's or the team's proposal open.
fn in_state(state: char, by_team: bool) -> (World, Model) {
    let mut w = World::with_report(in_force(Policy::default()));
    let mut model = Model::new(w.now, None);
    let proposal = if by_team {
        Move::TeamProposes(5)
    } else {
        Move::ReporterProposes(5)
    };
    let answer = if by_team {
        Move::ReporterAccepts
    } else {
        Move::TeamAccepts
    };
    let way: &[Move] = match state {
        'N' => &[],
        'P' => &[proposal],
        'A' => &[proposal, answer],
        'R' => &[proposal, answer, proposal],
        _ => &[proposal, answer, Move::Wait(6)],
    };
    for m in way {
        assert!(go(&mut w, *m) && model.go(*m));
    }
    assert_eq!(letter(w.case().embargo.state), state);
    (w, model)
}

#[test]
fn every_edge_of_the_embargo_machine_is_there_and_no_other() {
    let all = [
        Move::TeamProposes(3),
        Move::ReporterProposes(3),
        Move::TeamAccepts,
        Move::ReporterAccepts,
        Move::TeamRejects,
        Move::ReporterRejects,
        Move::TeamCounters(2),
        Move::ReporterCounters(9),
        Move::BecomesPublic,
        Move::Attacked,
    ];
    for state in ['N', 'P', 'A', 'R', 'X'] {
        for by_team in [true, false] {
            for m in all {
                let (mut w, mut model) = in_state(state, by_team);
                assert_eq!(go(&mut w, m), model.go(m), "{m:?} in {state}");
                agree(&w, &model);
            }
        }
    }
}

#[test]
fn with_a_fact_recorded_nothing_can_be_proposed_or_accepted() {
    for fact_move in [Move::BecomesPublic, Move::Attacked] {
        for state in ['N', 'P', 'A', 'R'] {
            let (mut w, _) = in_state(state, true);
            assert!(go(&mut w, fact_move));
            for m in [
                Move::TeamProposes(3),
                Move::ReporterProposes(3),
                Move::ReporterAccepts,
            ] {
                assert!(!go(&mut w, m), "{m:?} after {fact_move:?} in {state}");
            }
            let set = set_alone(w.now.plus_seconds(86_400));
            w.refused(ANN, &set, RefusalCode::EmbargoImpossible);
        }
    }
}

#[test]
fn only_the_reporter_can_agree_to_wait_longer() {
    let (w, _) = in_state('A', true);
    let until = w.case().embargo.until.unwrap();
    w.refused(
        ANN,
        &set_alone(until.plus_seconds(1)),
        RefusalCode::NotAllowed,
    );
    let mut earlier = w.clone();
    earlier.alone(until.plus_seconds(-1));
    assert_eq!(earlier.case().embargo.until, Some(until.plus_seconds(-1)));
}

#[test]
fn a_ready_fix_takes_only_a_short_new_embargo_with_a_reason() {
    let mut w = World::accepted(in_force(Policy::default()));
    for status in [FixStatus::InDevelopment, FixStatus::Ready] {
        w.ok(ANN, Command::Fix(Box::new(row(status))));
    }
    let week = w.now.plus_seconds(7 * 86_400);
    w.refused(
        ANN,
        &propose(week.plus_seconds(1)),
        RefusalCode::FieldInvalid,
    );
    let bare = Command::ProposeDate {
        at: week,
        reason: None,
        message: Some(message(1)),
    };
    w.refused(ANN, &bare, RefusalCode::FieldMissing);
    w.ok(ANN, propose(week));
}
