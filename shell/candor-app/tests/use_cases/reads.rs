//! Who opened which case, and whoever opens many.

use candor_access::view::AccountView;
use candor_app::input::ActError;
use candor_base::RefusalCode;
use candor_ports::{CourierError, LetterKind};

use crate::common::{FULL, World};
use crate::road::{Case, submit};

/// More cases than anybody opens within an hour in a usual day.
const MANY: usize = 31;

fn open(world: &World, who: &str, case: &Case) {
    let page = world.app().case_page(who, "lanternfish", &case.reference);
    page.unwrap();
}

fn cases(world: &World, many: usize) -> Vec<Case> {
    (0..many).map(|_| submit(world, FULL)).collect()
}

/// To whom letters about reads went so far.
fn told(world: &World) -> Vec<String> {
    world.app().housekeeping().unwrap();
    let letters = world.courier.letters.lock().unwrap();
    let about = |l: &&candor_ports::Letter| matches!(l.body.kind, LetterKind::ManyCasesRead { .. });
    let to = |l: &candor_ports::Letter| l.to.reveal().split('@').next().unwrap().to_owned();
    letters.iter().filter(about).map(to).collect()
}

fn account(world: &World, who: &str, login: &str) -> AccountView {
    let all = world.app().people(who).unwrap().accounts;
    all.into_iter().find(|a| a.login == login).unwrap()
}

#[test]
fn who_opened_a_case_stands_on_its_page() {
    let world = World::new();
    let ada = world.set_up();
    let grace = world.colleague(&ada, "grace", "member");
    let case = submit(&world, FULL);
    let readers = |who: &str| {
        let page = world.app().case_page(who, "lanternfish", &case.reference);
        page.unwrap().readers
    };
    let names = |who: &str| -> Vec<String> { readers(who).into_iter().map(|r| r.0).collect() };
    assert_eq!(
        names(&grace),
        ["grace"],
        "the room of the reporter is not noted"
    );
    world.wait(60);
    assert_eq!(names(&ada), ["grace", "Ada"]);
    // Twice in one clock hour is one line; an hour later is another.
    assert!(!readers(&grace)[0].1.contains("different hours"));
    world.wait(3_600);
    let again = world.sign_in_again("grace");
    assert!(readers(&again)[0].1.contains("in 2 different hours"));
}

#[test]
fn whoever_opens_many_cases_is_pointed_out_once() {
    let world = World::new();
    let ada = world.set_up();
    let grace = world.colleague(&ada, "grace", "member");
    let all = cases(&world, MANY);
    for case in &all[..MANY - 1] {
        open(&world, &grace, case);
        open(&world, &grace, case);
    }
    assert_eq!(told(&world), [""; 0], "as many as are usual");
    assert!(world.app().read_alarms(&ada).unwrap().is_empty());
    open(&world, &grace, &all[MANY - 1]);
    assert_eq!(told(&world), ["ada"]);
    assert_eq!(told(&world), ["ada"], "once, however often is looked");
    assert_eq!(world.app().read_alarms(&ada).unwrap(), ["grace"]);
    let shown = account(&world, &ada, "grace");
    assert_eq!(shown.cases_read, 31);
    assert!(shown.read_alarm.is_some());
    // Who was pointed out cannot wave it away, nor see who else was.
    let own = world.app().answer_read_alarm(&grace, "grace");
    assert!(matches!(own, Err(ActError::NotFound)), "{own:?}");
    assert!(world.app().read_alarms(&grace).unwrap().is_empty());
    world.app().answer_read_alarm(&ada, "grace").unwrap();
    assert!(world.app().read_alarms(&ada).unwrap().is_empty());
    // What was looked into does not ring again; so many more would.
    world.wait(60);
    open(&world, &grace, &submit(&world, FULL));
    assert_eq!(told(&world), ["ada"]);
    assert!(world.app().answer_read_alarm(&ada, "grace").is_err());
}

#[test]
fn a_letter_that_waits_keeps_no_other_owner_untold() {
    let world = World::new();
    let ada = world.set_up();
    world.colleague(&ada, "lin", "owner");
    let grace = world.colleague(&ada, "grace", "member");
    for case in cases(&world, MANY) {
        open(&world, &grace, &case);
    }
    let code = "451".to_owned();
    let later = CourierError::Transient { code };
    world.courier.failures.lock().unwrap().push(later);
    assert_eq!(told(&world).len(), 1);
    let mut letters = told(&world);
    letters.sort();
    assert_eq!(letters, ["ada", "lin"]);
}

#[test]
fn an_owner_who_reads_much_is_answered_for_by_another_owner() {
    let world = World::new();
    let ada = world.set_up();
    let lin = world.colleague(&ada, "lin", "owner");
    for case in cases(&world, MANY) {
        open(&world, &lin, &case);
    }
    let mut letters = told(&world);
    letters.sort();
    assert_eq!(
        letters,
        ["ada", "lin"],
        "also the one in whose name it was done"
    );
    let own = world.app().answer_read_alarm(&lin, "lin");
    let Err(ActError::Refused(refusal)) = own else {
        panic!("{own:?}");
    };
    assert_eq!(refusal.code, RefusalCode::SecondPersonNeeded);
    world.app().answer_read_alarm(&ada, "lin").unwrap();
}
