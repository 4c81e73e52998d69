//! Erasing a case: who may, when, and what is left for whom.

use candor_app::input::{ActError, ErasureReason, ErasureStep};
use candor_base::RefusalCode;
use candor_store::verify_log;

use crate::common::{FULL, World, act, totp};
use crate::road::{Case, submit};

const P: &str = "lanternfish";
const ASK: ErasureStep = ErasureStep::Ask(ErasureReason::Request);

/// A case that its reporter withdrew and the team closed.
fn closed(world: &World, desk: &str) -> Case {
    let case = submit(world, FULL);
    world.room(&case.room, act("withdraw", &[])).unwrap();
    world
        .desk(
            desk,
            &case.reference,
            act("close", &[("reason", "withdrawn")]),
        )
        .unwrap();
    case
}

/// One step, with a code that was not used yet.
fn step(
    world: &World,
    (token, login): (&str, &str),
    case: &Case,
    step: ErasureStep,
) -> Result<String, ActError> {
    world.wait(60);
    let code = totp(&world.secret(login), world.now());
    world
        .app()
        .erase_case(token, P, &case.reference, step, &code)
}

#[track_caller]
fn refused(result: Result<String, ActError>, code: RefusalCode) {
    match result {
        Err(ActError::Refused(refusal)) => assert_eq!(refusal.code, code, "{refusal:?}"),
        other => panic!("{other:?}"),
    }
}

fn not_found<T: std::fmt::Debug>(result: &Result<T, ActError>) {
    assert!(matches!(result, Err(ActError::NotFound)), "{result:?}");
}

#[test]
fn one_owner_asks_and_another_erases() {
    let mut world = World::new();
    let ada = world.set_up();
    world.wait(60);
    let grace = world.colleague(&ada, "grace", "owner");
    let bob = world.colleague(&ada, "bob", "member");
    let case = closed(&world, &ada);
    let other = submit(&world, FULL);
    refused(
        step(&world, (&ada, "ada"), &other, ASK),
        RefusalCode::WrongStage,
    );
    not_found(&step(&world, (&bob, "bob"), &case, ASK));
    not_found(&world.app().erasure_page(&bob, P, &case.reference));
    refused(
        step(&world, (&grace, "grace"), &case, ErasureStep::Erase),
        RefusalCode::WrongStage,
    );
    let wrong = world
        .app()
        .erase_case(&ada, P, &case.reference, ASK, "123456");
    assert!(matches!(wrong, Err(ActError::Fields(_))), "{wrong:?}");
    step(&world, (&ada, "ada"), &case, ASK).unwrap();
    let told = |token: &str| world.app().inbox(token, P, "open").unwrap().troubles;
    assert_eq!(told(&grace).len(), 1);
    let words = format!("Ada asked for the erasure of {} on ", case.reference);
    assert!(told(&grace)[0].starts_with(&words), "{:?}", told(&grace));
    assert!(told(&bob).is_empty(), "for owners only");
    refused(
        step(&world, (&ada, "ada"), &case, ErasureStep::Erase),
        RefusalCode::SecondPersonNeeded,
    );
    assert!(world.app().case_page(&ada, P, &case.reference).is_ok());
    let said = step(&world, (&grace, "grace"), &case, ErasureStep::Erase).unwrap();
    assert!(
        said.contains("is erased.") && said.contains("Backups from before"),
        "{said}"
    );

    let look = |world: &World, ada: &str| {
        let app = world.app();
        not_found(&app.case_page(ada, P, &case.reference));
        not_found(&app.erasure_page(ada, P, &case.reference));
        not_found(&world.desk(ada, &case.reference, act("reopen", &[("reason", "x")])));
        let left = app.case_tombstone(ada, P, &case.reference).unwrap();
        assert_eq!(left.people, Some(("grace".to_owned(), "Ada".to_owned())));
        assert_eq!(left.reference, case.reference);
        assert_eq!(app.tombstone_anywhere(ada, &case.reference).unwrap(), left);
        not_found(&app.case_tombstone(ada, P, &other.reference));
        assert_eq!(app.inbox(ada, P, "closed").unwrap().rows.len(), 0);
        assert!(app.inbox(ada, P, "open").unwrap().troubles.is_empty());
        assert_eq!(app.inbox(ada, P, "open").unwrap().rows.len(), 1);
        assert_eq!(app.operator_list().unwrap().len(), 1);
        app.operator_statistics().unwrap();
        app.statistics(P).unwrap();
        app.tick().unwrap();
        app.deliver().unwrap();
        assert_eq!(app.rebuild().unwrap(), 2);
    };
    look(&world, &ada);
    let room = world.app().room_tombstone(P, &case.room).unwrap();
    assert_eq!(room.people, None, "who erased it is for the team");
    not_found(&world.app().room(P, &case.room));
    not_found(&world.app().room_tombstone(P, &other.room));
    assert!(
        world
            .room(&case.room, act("say", &[("message", "Hello?")]))
            .is_err()
    );
    not_found(&step(&world, (&grace, "grace"), &case, ErasureStep::Erase));
    world.restart();
    look(&world, &ada);
    world.beside(|store| {
        let report = verify_log(store).unwrap();
        assert!(report.holds(), "{report:?}");
        assert_eq!((report.cases, report.erased.len()), (2, 1));
    });
}

#[test]
fn one_owner_alone_waits_three_days_and_may_take_it_back() {
    let world = World::new();
    let ada = world.set_up();
    let (case, kept) = (closed(&world, &ada), closed(&world, &ada));
    step(&world, (&ada, "ada"), &case, ASK).unwrap();
    step(&world, (&ada, "ada"), &kept, ASK).unwrap();
    refused(
        step(&world, (&ada, "ada"), &case, ASK),
        RefusalCode::AlreadyDone,
    );
    world.wait(72 * 3_600 - 300);
    let ada = world.sign_in_again("ada");
    refused(
        step(&world, (&ada, "ada"), &case, ErasureStep::Erase),
        RefusalCode::SecondPersonNeeded,
    );
    // Candor's own events do not count, a person's do.
    world.app().tick().unwrap();
    let page = world.app().erasure_page(&ada, P, &case.reference).unwrap();
    assert!(page.asked.is_some() && page.not_now.is_some());
    let note = [("message", "A note."), ("lane", "team")];
    world
        .desk(&ada, &case.reference, act("say", &note))
        .unwrap();
    world.wait(600);
    refused(
        step(&world, (&ada, "ada"), &case, ErasureStep::Erase),
        RefusalCode::WrongStage,
    );
    let page = world.app().erasure_page(&ada, P, &case.reference).unwrap();
    assert_eq!((page.asked, page.not_now), (None, None));
    // Taken back: as if it had never been asked for.
    let taken = world
        .app()
        .erase_case(&ada, P, &kept.reference, ErasureStep::TakeBack, "");
    taken.unwrap();
    refused(
        step(&world, (&ada, "ada"), &kept, ErasureStep::Erase),
        RefusalCode::WrongStage,
    );
    // Asked for again, and done after the time.
    step(&world, (&ada, "ada"), &case, ASK).unwrap();
    world.wait(72 * 3_600);
    let ada = world.sign_in_again("ada");
    step(&world, (&ada, "ada"), &case, ErasureStep::Erase).unwrap();
    let left = world
        .app()
        .case_tombstone(&ada, P, &case.reference)
        .unwrap();
    assert_eq!(left.people, Some(("Ada".to_owned(), "Ada".to_owned())));
    assert!(world.app().case_page(&ada, P, &kept.reference).is_ok());
}
