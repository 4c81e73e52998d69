//! Laws that hold for every history of a case, however odd.
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

use std::collections::BTreeSet;

use candor_base::RefusalCode;
use candor_case::*;
use candor_policy::model::*;
use common::*;
use proptest::prelude::*;

/// Somebody does something after some time: everything is picked by small numbers.
#[derive(Debug, Clone, Copy)]
struct Act {
    what: u8,
    who: u8,
    n: u8,
    wait: u8,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = (0..52_u8, 0..8_u8, 0..6_u8, 0..9_u8).prop_map(|(what, who, n, wait)| Act {
        what,
        who,
        n,
        wait,
    });
    prop::collection::vec(act, 1..60)
}

fn wait(w: &mut World, n: u8) {
    let seconds = [
        0,
        0,
        1,
        3_600,
        86_400,
        3 * 86_400,
        7 * 86_400,
        31 * 86_400,
        0,
    ];
    w.later(seconds[usize::from(n)]);
    if n == 8
        && let Some(next) = w.state.as_ref().and_then(|c| next_wakeup(c, &w.policy))
    {
        // Jump to where something is about to happen.
        w.now = w.now.max(next);
    }
}

fn severity(n: u8) -> Option<Severity> {
    [
        None,
        Some(Severity::Critical),
        Some(Severity::Medium),
        Some(Severity::Low),
    ][usize::from(n % 4)]
}

fn fix_status(n: u8) -> FixStatus {
    match n {
        0 => FixStatus::InDevelopment,
        1 => FixStatus::Ready,
        2 => FixStatus::Tested,
        3 => released(),
        4 => FixStatus::NotAffected,
        _ => FixStatus::Open,
    }
}

fn say(kind: MessageKind, n: u8) -> Command {
    let lane = [Lane::Reporter, Lane::Everyone, Lane::Team][usize::from(n % 3)];
    Command::Say {
        lane,
        kind,
        message: message(60 + n),
    }
}

fn command(w: &World, act: Act) -> Command {
    let n = act.n;
    let soon = w.now.plus_seconds(i64::from(n) * 5 * 86_400 + 60);
    match act.what {
        0 => Command::Receive(Box::new(facts())),
        1 => acknowledge(n.is_multiple_of(2)),
        2 | 3 => ask(),
        4 | 5 => supply(),
        6 | 7 => assess(severity(n)),
        8 | 9 => accept(),
        10 => reject(out_of_scope()),
        11 => reject(RejectionGround::Incomplete),
        12 => Command::MarkDuplicate {
            of: candor_base::CaseId::from_bytes([3; 16]),
            reference: candor_base::CaseRef::new("TST", [5; 5]).unwrap(),
            original_received: at("2026-05-01T00:00:00Z"),
            message: message(70),
        },
        13 => Command::Object {
            reason: message(71),
        },
        14 => Command::DecideObjection {
            uphold: n.is_multiple_of(2),
            reason: message(72),
        },
        15..=19 => Command::Fix(Box::new(row(fix_status(n)))),
        20 | 21 => propose(soon),
        22 => Command::AnswerDate(DateAnswer::Accept),
        23 => Command::AnswerDate(DateAnswer::Counter {
            at: soon,
            reason: Some(text(73, 9)),
        }),
        24 => Command::AnswerDate(DateAnswer::Decline { reason: None }),
        25 => set_alone(soon),
        26 => fact(
            [
                AttackFact::Public,
                AttackFact::ExploitPublic,
                AttackFact::AttacksObserved,
            ][usize::from(n % 3)],
        ),
        _ => late_command(act),
    }
}

fn late_command(act: Act) -> Command {
    let n = act.n;
    match act.what {
        27 | 28 => Command::SaveDraft(draft(50 + n % 2)),
        29 | 30 => Command::Approve {
            draft: text(50 + n % 2, 0).sha256,
        },
        31 | 32 => publish(50 + n % 2),
        33 => Command::AnswerOutlet {
            outlet: ClauseId(String::from("outlet-1")),
            answer: OutletAnswer::Sent { link: None },
        },
        34 => Command::Close {
            reason: [
                CloseReason::Disclosed,
                CloseReason::Rejected,
                CloseReason::Duplicate,
                CloseReason::Withdrawn,
                CloseReason::FixedInternally,
                CloseReason::Disclosed,
            ][usize::from(n)],
            note: Some(text(74, 50)),
        },
        35 => Command::Reopen {
            reason: text(75, 50),
        },
        36 if n == 0 => Command::Withdraw { message: None },
        36 => Command::Extend {
            clock: String::from("promise-6"),
            days: u32::from(n),
            reason: text(76, 9),
        },
        37 => say(MessageKind::Status, n),
        38 => say(MessageKind::DateNotice, n),
        40..=51 => asides::command(act.what, n),
        _ => say(MessageKind::Plain, n),
    }
}

fn actor(n: u8) -> Actor {
    match n {
        0..=3 => ANN,
        4 | 5 => BEN,
        6 => Actor::Reporter,
        _ => Actor::System,
    }
}

/// Whoever may do it, when the one picked may not: so that histories get far.
fn act_on(w: &mut World, act: Act) -> bool {
    wait(w, act.wait);
    let command = command(w, act);
    for who in [actor(act.who), ANN, Actor::Reporter, Actor::System] {
        match w.decide(who, &command) {
            Err(refusal) if refusal.code == RefusalCode::NotAllowed => {}
            Err(refusal) => {
                assert!(!refusal.message.is_empty());
                return false;
            }
            Ok(_) => {
                check_publication(w, who, &command);
                let before = w.state.clone();
                let recorded = w.try_do(who, &command).unwrap();
                check_edges(before.as_ref(), &recorded);
                check_nothing_lost(before.as_ref(), w.case());
                return true;
            }
        }
    }
    false
}

/// A history begins early, in the middle or just before publication.
fn beginning(acts: &[Act]) -> World {
    match acts.first().map_or(0, |a| a.what % 4) {
        0 => World::accepted(full_policy()),
        1 => World::approved(full_policy()),
        _ => World::with_report(full_policy()),
    }
}

fn play(acts: &[Act]) -> World {
    let mut w = beginning(acts);
    for act in acts {
        if act_on(&mut w, *act) {
            check_state(&w);
        }
    }
    w
}

fn check_state(w: &World) {
    let case = w.case();
    let in_force = matches!(
        case.embargo.state,
        EmbargoState::Active | EmbargoState::Revise
    );
    assert!(
        !(in_force && case.is_public_knowledge()),
        "an embargo on what is public"
    );
    assert!(
        !in_force || case.attack_facts.is_empty(),
        "an embargo under attack"
    );
    assert!(!in_force || case.embargo.until.is_some());
    assert_eq!(
        case.embargo.proposal.is_some(),
        matches!(
            case.embargo.state,
            EmbargoState::Proposed | EmbargoState::Revise
        )
    );
    if case.attack_facts.contains_key(&AttackFact::ExploitPublic) {
        assert!(case.outside().public, "X forces P");
    }
    if case.fix_released.is_some() && case.episode == 1 {
        assert!(case.accepted.is_some(), "fixed without being accepted");
    }
    assert_eq!(case.closed.is_some(), case.report == ReportState::Closed);
    if case.closed.is_some() {
        let waits = |c: &CaseClock| matches!(c.status, ClockStatus::Running | ClockStatus::Paused);
        assert!(
            !case.clocks.values().any(waits),
            "a closed case still counts"
        );
    }
    for clock in case.clocks.values() {
        if clock.status == ClockStatus::Paused {
            assert_eq!(case.waiting_on, WaitingOn::Reporter);
        }
        if let (ClockStatus::Met { at }, Some(due)) = (clock.status, clock.due) {
            assert!(at <= due, "met after it was due");
        }
    }
}

/// No clock disappears, and no miss is ever unmade.
fn check_nothing_lost(before: Option<&CaseState>, after: &CaseState) {
    let Some(before) = before else { return };
    for (key, old) in &before.clocks {
        let new = after.clocks.get(key).expect("a clock disappeared");
        assert!(new.missed_periods >= old.missed_periods);
        assert!(!old.was_missed() || new.was_missed(), "a miss was hidden");
    }
    for (fact, at) in &before.attack_facts {
        assert_eq!(after.attack_facts.get(fact), Some(at), "a fact was undone");
    }
    assert!(
        before.advisory.published.is_none()
            || after.advisory.published == before.advisory.published
    );
}

fn rm_edges(from: ReportState) -> &'static [ReportState] {
    use ReportState::*;
    match from {
        Received => &[Invalid, Valid],
        Invalid => &[Valid, Closed],
        Valid => &[Accepted, Deferred],
        Accepted => &[Deferred, Closed],
        Deferred => &[Accepted, Closed],
        Start | Closed => &[],
    }
}

/// Reachable by at most two edges, as "received, valid, deferred" for a duplicate.
fn rm_path(from: ReportState, to: ReportState) -> bool {
    from == to
        || rm_edges(from).contains(&to)
        || rm_edges(from)
            .iter()
            .any(|mid| rm_edges(*mid).contains(&to) && to != ReportState::Closed)
}

fn check_edges(before: Option<&CaseState>, recorded: &[Recorded]) {
    let mut state = before.cloned();
    for r in recorded {
        let from = state.as_ref().map(|s| (s.report, s.embargo.state));
        state = evolve(state, r);
        let (Some((report, embargo)), Some(now)) = (from, state.as_ref()) else {
            continue;
        };
        if matches!(r.event, Event::Reopened { .. }) {
            continue;
        }
        assert!(
            rm_path(report, now.report),
            "{report:?} to {:?}",
            now.report
        );
        let same_or_edge = embargo == now.embargo.state
            || em_edges(embargo).contains(&now.embargo.state)
            // Proposed and accepted in one act: the default, or a date set alone.
            || (embargo == EmbargoState::None && now.embargo.state == EmbargoState::Active)
            // Accepted, with the other side's later wish left standing.
            || (embargo == EmbargoState::Proposed && now.embargo.state == EmbargoState::Revise);
        assert!(same_or_edge, "{embargo:?} to {:?}", now.embargo.state);
    }
}

fn em_edges(from: EmbargoState) -> &'static [EmbargoState] {
    use EmbargoState::*;
    match from {
        None => &[Proposed],
        Proposed => &[None, Active],
        Active => &[Revise, Exited],
        Revise => &[Active, Exited],
        Exited => &[],
    }
}

/// What must hold for a publication, written a second time from the history alone.
fn check_publication(w: &World, who: Actor, command: &Command) {
    let Command::Publish { draft } = command else {
        return;
    };
    let case = w.case();
    let saved = case.advisory.draft.as_ref().unwrap();
    assert!(saved.text.sha256 == *draft && saved.missing.is_empty());
    // Every look at this very text counts until the reporter changes the credit.
    let mut looks: Vec<&Recorded> = Vec::new();
    let mut credit = CreditWish::NotAnswered;
    for r in &w.log {
        match &r.event {
            Event::Received { facts, .. } => credit = facts.credit.clone(),
            Event::CreditChosen { wish, .. } if *wish != credit => {
                credit = wish.clone();
                looks.clear();
            }
            Event::Approved { draft: d } if d == draft => looks.push(r),
            _ => {}
        }
    }
    let another = looks.iter().any(|look| look.actor != who);
    let again = looks.last().expect("published without a look").at;
    assert!(another || w.now >= again.plus_seconds(600));
    let public = case.is_public_knowledge();
    if let (EmbargoState::Active | EmbargoState::Revise, Some(until)) =
        (case.embargo.state, case.embargo.until)
    {
        assert!(w.now >= until, "published under an embargo");
    }
    let told = w.log.iter().any(|r| {
        matches!(
            &r.event,
            Event::DateSetAlone { .. }
                | Event::DateProposed {
                    message: Some(_),
                    ..
                }
                | Event::Said {
                    kind: MessageKind::DateNotice,
                    ..
                }
        )
    });
    assert!(
        told || public || case.withdrawn.is_some(),
        "the reporter was not told"
    );
    assert_eq!(case.report, ReportState::Accepted);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_case_is_the_fold_of_its_events(acts in acts()) {
        let w = play(&acts);
        prop_assert_eq!(replay(&w.log), w.state.clone());
        for r in &w.log {
            let json = serde_json::to_string(r).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Recorded>(&json).unwrap(), r);
        }
        let json = serde_json::to_string(w.case()).unwrap();
        prop_assert_eq!(&serde_json::from_str::<CaseState>(&json).unwrap(), w.case());
    }

    #[test]
    fn an_event_told_twice_changes_nothing(acts in acts(), which in any::<prop::sample::Index>()) {
        let w = play(&acts);
        let again = which.get(&w.log);
        prop_assert_eq!(evolve(w.state.clone(), again), w.state.clone());
        let mut gap = again.clone();
        gap.seq = w.case().seq + 2;
        prop_assert_eq!(evolve(w.state.clone(), &gap), w.state.clone());
    }

    #[test]
    fn ticks_come_in_time_and_once(acts in acts(), far in 0..400_i64) {
        let mut w = play(&acts);
        w.tick();
        prop_assert!(w.decide(Actor::System, &Command::Tick).unwrap().is_empty(), "a second tick");
        if let Some(next) = next_wakeup(w.case(), &w.policy) {
            prop_assert!(next > w.now);
            let mut early = w.clone();
            early.now = next.plus_seconds(-1);
            prop_assert!(early.decide(Actor::System, &Command::Tick).unwrap().is_empty(), "too early");
            early.now = next;
            prop_assert!(!early.decide(Actor::System, &Command::Tick).unwrap().is_empty(), "nothing to do");
        }
        w.later(far * 86_400).tick();
        let overdue = |c: &CaseClock| c.status == ClockStatus::Running && c.due.is_some_and(|d| d < w.now);
        prop_assert!(!w.case().clocks.values().any(overdue), "missed in silence");
        prop_assert!(w.decide(Actor::System, &Command::Tick).unwrap().is_empty());
    }

    #[test]
    fn downtime_changes_neither_misses_nor_due_instants(acts in acts(), days in 1..120_u8) {
        let mut steady = play(&acts);
        let mut down = steady.clone();
        for _ in 0..days {
            steady.later(86_400).tick();
        }
        down.now = steady.now;
        down.tick();
        for (key, clock) in &steady.case().clocks {
            let other = &down.case().clocks[key];
            prop_assert_eq!(clock.due, other.due);
            prop_assert_eq!(clock.missed_periods, other.missed_periods);
            prop_assert_eq!(clock.status, other.status);
        }
        prop_assert_eq!(&steady.case().embargo, &down.case().embargo);
        prop_assert_eq!(steady.case().reminders, down.case().reminders);
        prop_assert_eq!(steady.case().reporter_free_from, down.case().reporter_free_from);
    }

    #[test]
    fn what_is_offered_is_in_the_list_and_what_is_not_is_refused(acts in acts(), last in acts()) {
        let w = play(&acts);
        for who in [ANN, Actor::Reporter, Actor::System] {
            let offered = allowed(w.case(), &w.context(who));
            prop_assert!(offered.iter().all(|n| COMMANDS.contains(n)));
            for act in &last {
                let command = command(&w, *act);
                // Time first: an act may be possible only because something fell due.
                let mut ticked = w.clone();
                ticked.tick();
                let offered = allowed(ticked.case(), &ticked.context(who));
                if !matches!(command, Command::Receive(_)) && ticked.decide(who, &command).is_ok() {
                    prop_assert!(offered.contains(&command.name()), "{} works and is not offered", command.name());
                }
            }
        }
    }

    #[test]
    fn effects_follow_events_and_spare_those_without_an_address(acts in acts()) {
        let mut w = World::new(full_policy());
        let mut f = facts();
        f.contact_given = false;
        w.ok(Actor::Reporter, Command::Receive(Box::new(f)));
        for act in &acts {
            act_on(&mut w, *act);
        }
        let mut state = None;
        for r in &w.log {
            state = evolve(state, r);
            let effects = react(state.as_ref().unwrap(), r);
            let to_reporter = |e: &Effect| matches!(e, Effect::Mail { to: Recipient::Reporter, .. });
            prop_assert!(!effects.iter().any(to_reporter));
            let published = matches!(r.event, Event::Published { .. });
            prop_assert_eq!(effects.contains(&Effect::Publish), published);
        }
    }
}

#[test]
fn every_command_is_known_by_its_name() {
    let names: BTreeSet<&str> = COMMANDS.into_iter().collect();
    assert_eq!(names.len(), COMMANDS.len());
    let w = World::with_report(full_policy());
    for what in 0..40 {
        let act = Act {
            what,
            who: 0,
            n: 1,
            wait: 0,
        };
        assert!(names.contains(command(&w, act).name()));
    }
}

#[test]
fn random_histories_get_far_enough_to_mean_something() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for _ in 0..250 {
        let acts = acts().new_tree(&mut runner).unwrap().current();
        seen.extend(play(&acts).log.iter().map(|r| r.event.name()));
    }
    for name in [
        "published",
        "closed",
        "reopened",
        "rejected",
        "objection_decided",
        "date_agreed",
        "clock_missed",
        "clock_resumed",
        "clock_moved",
    ] {
        assert!(seen.contains(name), "no history had {name}: {seen:?}");
    }
}
