//! The embargo of the case against the slow judge, on random streams of what people
//! do: same answers, same state, and no way to publish before the second it ends.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_base::{Instant, RefusalCode};
use candor_case::model::em::EmbargoState;
use candor_case::{
    Actor, AttackFact, Command, Context, DateAnswer, Recorded, Team, decide, evolve, record,
};
use candor_testkit::judge::embargo::{Deed, EmbargoJudge, Side};
use candor_testkit::parts::{draft, message, person, text};
use candor_testkit::{Story, act};
use proptest::prelude::*;

const DAY: i64 = 86_400;

/// What is tried next, in small numbers.
#[derive(Debug, Clone, Copy)]
enum Try {
    Propose(bool, i64),
    Accept(bool),
    Decline(bool),
    Counter(bool, i64),
    Alone(i64),
    Fact(u8),
    Publish,
    /// Time goes on by so many seconds.
    Wait(i64),
    /// Time goes on to so many seconds from the end of the embargo.
    ToTheEnd(i64),
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let seconds = (0..30 * DAY).boxed();
    let one = prop_oneof![
        3 => (any::<bool>(), seconds.clone()).prop_map(|(t, n)| Try::Propose(t, n + 1)),
        3 => any::<bool>().prop_map(Try::Accept),
        2 => any::<bool>().prop_map(Try::Decline),
        2 => (any::<bool>(), seconds.clone()).prop_map(|(t, n)| Try::Counter(t, n + 1)),
        1 => seconds.clone().prop_map(|n| Try::Alone(n + 1)),
        1 => (0..24_u8).prop_map(Try::Fact),
        3 => Just(Try::Publish),
        2 => (0..5 * DAY).prop_map(Try::Wait),
        2 => (-2..2_i64).prop_map(Try::ToTheEnd),
    ];
    prop::collection::vec(one, 1..40)
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

fn who(team: bool) -> (Actor, Side) {
    if team {
        (Actor::Team(person(1)), Side::Team)
    } else {
        (Actor::Reporter, Side::Reporter)
    }
}

/// The command of a try, and the same for the judge.
fn meant(what: Try, now: Instant) -> Option<(Actor, Command, Deed)> {
    let soon = |n: i64| now.plus_seconds(n);
    let team = Actor::Team(person(1));
    Some(match what {
        Try::Propose(by_team, n) => {
            let (actor, side) = who(by_team);
            let command = Command::ProposeDate {
                at: soon(n),
                reason: Some(text("More time is needed.")),
                message: Some(message("This is the date.")),
            };
            (actor, command, Deed::Proposes(side, soon(n)))
        }
        Try::Accept(by_team) => {
            let (actor, side) = who(by_team);
            (actor, act::accept_date(), Deed::Accepts(side))
        }
        Try::Decline(by_team) => {
            let (actor, side) = who(by_team);
            (actor, act::decline_date(), Deed::Declines(side))
        }
        Try::Counter(by_team, n) => {
            let (actor, side) = who(by_team);
            let command = Command::AnswerDate(DateAnswer::Counter {
                at: soon(n),
                reason: Some(text("Rather then.")),
            });
            (actor, command, Deed::Counters(side, soon(n)))
        }
        Try::Alone(n) => {
            let command = act::set_date_alone(&soon(n).to_string());
            (team, command, Deed::Alone(soon(n)))
        }
        Try::Fact(n) => {
            let fact = match n {
                0 => AttackFact::Public,
                1 => AttackFact::ExploitPublic,
                2 => AttackFact::AttacksObserved,
                _ => return None,
            };
            (team, act::fact(fact), Deed::Known)
        }
        Try::Publish => (team, act::publish(&draft()), Deed::Publishes),
        Try::Wait(_) | Try::ToTheEnd(_) => return None,
    })
}

/// Everything that publication needs is there but the end of the embargo; no fix is
/// ready, so that dates are free (Q9 has stories of its own).
fn ready(seed: u8) -> Option<Story> {
    let mut story = Story::seed(seed)?;
    story.received_at("2026-06-01T08:00:00Z").accepted();
    story.team(act::save_draft(&draft()));
    story.team(act::mitigate(Some("Switch it off.")));
    story.person(2, act::approve(&draft()));
    Some(story)
}

/// The case as it is after the events of this command, or the refusal's code.
fn tell(
    story: &Story,
    state: &candor_case::CaseState,
    now: Instant,
    actor: Actor,
    command: &Command,
) -> Result<Vec<Recorded>, RefusalCode> {
    let ctx = Context {
        now,
        actor,
        policy: story.in_force(),
        team: Team { publishers: 1 },
    };
    let events = decide(Some(state), command, &ctx).map_err(|r| r.code)?;
    Ok(record(Some(state), events, &ctx))
}

fn play(seed: u8, tries: &[Try]) {
    let Some(story) = ready(seed) else { return };
    let mut state = story.state().clone();
    let mut now = story.now();
    let mut judge = EmbargoJudge::default();
    if let Some(until) = state.embargo.until {
        assert!(judge.takes(now, Deed::Default(until)));
    }
    let mut published = false;
    for what in tries {
        match what {
            Try::Wait(n) => now = now.plus_seconds(*n),
            Try::ToTheEnd(n) => {
                let end = judge.at(now).until.filter(|_| judge.at(now).binds());
                now = end.map_or(now, |end| now.max(end.plus_seconds(*n)));
            }
            _ => {}
        }
        let Some((actor, command, deed)) = meant(*what, now) else {
            continue;
        };
        let before = judge.at(now);
        let answer = tell(&story, &state, now, actor, &command);
        if deed == Deed::Publishes {
            // Other guards may stand in the way; the embargo is the one that is judged.
            match &answer {
                Ok(_) => assert!(before.lets_publish(), "published in {before:?} at {now}"),
                Err(RefusalCode::EmbargoActive) => {
                    assert!(!before.lets_publish(), "held back in {before:?} at {now}");
                }
                Err(_) => {}
            }
            if answer.is_ok() {
                published = true;
                judge.takes(now, deed);
            }
        } else {
            let fits = judge.clone().takes(now, deed);
            let done = answer.is_ok() || answer == Err(RefusalCode::AlreadyDone);
            assert_eq!(done, fits, "{what:?} in {before:?} at {now}: {answer:?}");
            if fits {
                judge.takes(now, deed);
            }
        }
        for r in answer.into_iter().flatten() {
            state = evolve(Some(state), &r).unwrap();
        }
        let looked = tell(&story, &state, now, Actor::System, &Command::Tick).unwrap();
        for r in looked {
            state = evolve(Some(state), &r).unwrap();
        }
        agree(&state, &judge, now, published);
    }
}

fn agree(state: &candor_case::CaseState, judge: &EmbargoJudge, now: Instant, published: bool) {
    let standing = judge.at(now);
    let embargo = &state.embargo;
    assert_eq!(
        letter(embargo.state),
        standing.letter,
        "{standing:?} at {now}"
    );
    let wish = embargo.proposal.as_ref().map(|p| {
        let side = if p.by == Actor::Reporter {
            Side::Reporter
        } else {
            Side::Team
        };
        (side, p.at)
    });
    assert_eq!(wish, standing.wish);
    if standing.binds() {
        assert_eq!(embargo.until, standing.until);
        assert!(state.outside().is_quiet(), "an embargo on what is known");
    }
    assert_eq!(published, state.advisory.published.is_some());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn with_a_default_window_case_and_judge_agree(tries in tries()) {
        play(1, &tries);
    }

    #[test]
    fn without_a_default_case_and_judge_agree(tries in tries()) {
        play(3, &tries);
    }
}

/// Shorter wins, for every pair of wishes: none, one second, days, the same.
#[test]
fn the_shorter_of_two_wishes_holds_for_every_pair() {
    let days = [1, 2, 7, 30, 45, 89, 90, 91, 365];
    for ours in days {
        for theirs in days {
            let Some(mut story) = Story::seed(3) else {
                return;
            };
            story.received_at("2026-06-01T08:00:00Z");
            let start = story.now();
            let on = |n: i64| start.plus_seconds(n * DAY).to_string();
            story.team(act::propose_date(&on(ours)));
            story.reporter(act::counter_date(&on(theirs)));
            let embargo = story.state().embargo.clone();
            assert_eq!(embargo.until.unwrap().to_string(), on(ours.min(theirs)));
            let open = embargo.proposal.as_ref().map(|p| p.at.to_string());
            let longer = (ours != theirs).then(|| on(ours.max(theirs)));
            assert_eq!(open, longer, "the longer one is a wish for revision");
        }
    }
}

/// One second before the end: no. At the end: yes. Whatever was proposed, agreed,
/// refused or set on the way (EM-10).
#[test]
fn publication_is_possible_from_the_very_second_the_embargo_ends() {
    for seed in [0, 1, 2, 3, 4] {
        let Some(mut story) = ready(seed) else { return };
        story.released();
        let end = story
            .state()
            .embargo
            .until
            .unwrap_or_else(|| story.now().plus_seconds(6 * DAY + 59));
        if story.state().embargo.until.is_none() {
            story.team(act::propose_date(&end.to_string()));
            story.reporter(act::accept_date());
        } else {
            story.team(act::say(candor_case::MessageKind::DateNotice));
        }
        let publish = act::publish(&draft());
        let try_at = |now: Instant| {
            let team = Actor::Team(person(1));
            tell(&story, story.state(), now, team, &publish).map(|_| ())
        };
        for early in [1, 2, 59, 60, 3_599, 3_600, DAY] {
            let refused = try_at(end.plus_seconds(-early));
            assert_eq!(refused, Err(RefusalCode::EmbargoActive), "{early} s early");
        }
        assert_eq!(try_at(end), Ok(()), "seed {seed}");
    }
}
