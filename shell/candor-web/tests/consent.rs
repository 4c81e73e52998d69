//! Acts that need somebody else's word, over the pages: another person confirms a date
//! without agreement; the reporter says yes or no in the room.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod house;

use axum::http::StatusCode;
use house::{House, Reply, Team, form};

const ROOM: &str = "/p/lanternfish/room";

/// Sends a form that stands on a page, with what the page hides in it.
async fn fill(
    house: &House,
    (page, action): (&str, &str),
    cookie: &str,
    name: &str,
    typed: &[(&str, &str)],
) -> Reply {
    let text = house.read(page, cookie).await;
    let mark = format!("name=\"form\" value=\"{name}\"");
    let found = text.split("<form ").find(|part| part.contains(&mark));
    let found = found.unwrap_or_else(|| panic!("no form {name} on {page}"));
    let found = found.split("</form>").next().unwrap();
    let mut fields: Vec<(&str, &str)> = Vec::new();
    for part in found.split("type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = part.split_once("\" value=\"").unwrap();
        fields.push((name, rest.split('"').next().unwrap()));
    }
    fields.extend_from_slice(typed);
    let headers = [("cookie", cookie)];
    house.post(action, &headers, &form(&fields)).await
}

fn done(reply: &Reply) {
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
}

/// The first choice of a list whose value begins like this.
fn choice(page: &str, begins: &str) -> String {
    let from = page.split(&format!("value=\"{begins}")).nth(1).unwrap();
    format!("{begins}{}", from.split('"').next().unwrap())
}

#[tokio::test]
async fn another_person_confirms_a_date_that_was_not_agreed_on() {
    let house = House::new();
    let team = Team::of(&house).await;
    let [reporter, _, member, owner] = &team.cookies;
    let act = format!("{}/act", team.case);
    let desk = (team.case.as_str(), act.as_str());
    let asked = [
        ("date", "2026-06-20"),
        ("time", "12:00"),
        ("reason", "a release"),
        ("message", "On 20 June?"),
    ];
    done(&fill(&house, desk, owner, "propose_date", &asked).await);
    let room = house.read(ROOM, reporter).await;
    assert!(room.contains("On 20 June?"));
    let no = [("answer", "decline"), ("message", "Not on that day.")];
    done(
        &fill(
            &house,
            (ROOM, "/p/lanternfish/room/act"),
            reporter,
            "answer_date",
            &no,
        )
        .await,
    );
    done(&fill(&house, desk, owner, "set_date_alone", &asked).await);
    // Not who asked for it, and nobody outside the team.
    let own = fill(&house, desk, owner, "confirm_date", &[]).await;
    assert_eq!(own.status, StatusCode::CONFLICT, "{}", own.text());
    assert!(own.text().contains("another person of the team"));
    let outside = fill(
        &house,
        (ROOM, "/p/lanternfish/room/act"),
        reporter,
        "say",
        &[("act", "confirm_date"), ("message", "x")],
    )
    .await;
    assert_ne!(outside.status, StatusCode::SEE_OTHER);
    let page = house.read(&team.case, member).await;
    assert!(page.contains("A person of the team asks for Sat 20 Jun 2026"));
    done(&fill(&house, desk, member, "confirm_date", &[]).await);
    let room = house.read(ROOM, reporter).await;
    assert!(
        room.contains("Sat 20 Jun 2026, 12:00:00 UTC"),
        "the reporter reads it"
    );
}

#[tokio::test]
async fn a_promise_is_waived_by_the_reporters_yes_and_by_nothing_less() {
    let house = House::new();
    let team = Team::of(&house).await;
    let [reporter, _, member, _] = &team.cookies;
    let act = format!("{}/act", team.case);
    let desk = (team.case.as_str(), act.as_str());
    let answer = (ROOM, "/p/lanternfish/room/act");
    let ask = async |reason: &str| {
        let page = house.read(&team.case, member).await;
        let form = page.split("value=\"waive_promise\"").nth(2).unwrap();
        let clock = choice(form, "promise-");
        let typed = [("clock", clock.as_str()), ("reason", reason)];
        done(&fill(&house, desk, member, "waive_promise", &typed).await);
        clock
    };
    ask("We need a part from elsewhere.").await;
    let room = house.read(ROOM, reporter).await;
    assert!(room.contains("We need a part from elsewhere."));
    let empty = fill(&house, answer, reporter, "agree-question-1", &[]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    done(
        &fill(
            &house,
            answer,
            reporter,
            "agree-question-1",
            &[("answer", "no")],
        )
        .await,
    );
    let page = house.read(&team.case, member).await;
    assert!(!page.contains("Waived: the reporter agreed"));
    ask("It came late, and the fix is nearly there.").await;
    done(
        &fill(
            &house,
            answer,
            reporter,
            "agree-question-2",
            &[("answer", "yes")],
        )
        .await,
    );
    let page = house.read(&team.case, member).await;
    assert!(page.contains("Waived: the reporter agreed"));
    let room = house.read(ROOM, reporter).await;
    assert!(room.contains("Waived: you agreed"));
}

#[tokio::test]
async fn a_case_that_is_put_aside_ends_early_with_the_reporters_yes() {
    let house = House::new();
    let team = Team::of(&house).await;
    let [reporter, _, member, _] = &team.cookies;
    let act = format!("{}/act", team.case);
    let desk = (team.case.as_str(), act.as_str());
    let aside = [
        ("date", "2026-09-01"),
        ("time", "12:00"),
        ("message", "We come back to it in autumn."),
        ("sure", "on"),
    ];
    done(&fill(&house, desk, member, "defer", &aside).await);
    let close = [("reason", "deferred"), ("note", "Nobody uses it any more.")];
    let offered = "name=\"form\" value=\"close\"";
    let page = house.read(&team.case, member).await;
    assert!(!page.contains(offered), "the review is yet to come");
    let forced = form(&[
        ("guard", &team.guards[2]),
        ("act", "close"),
        close[0],
        close[1],
    ]);
    let headers = [("cookie", member.as_str())];
    let forced = house.post(&act, &headers, &forced).await;
    assert_eq!(forced.status, StatusCode::CONFLICT, "{}", forced.text());
    let why = [("reason", "Nobody uses that part any more.")];
    done(&fill(&house, desk, member, "ask_to_end", &why).await);
    let room = house.read(ROOM, reporter).await;
    assert!(room.contains("Nobody uses that part any more."));
    let answer = (ROOM, "/p/lanternfish/room/act");
    done(
        &fill(
            &house,
            answer,
            reporter,
            "agree-question-1",
            &[("answer", "yes")],
        )
        .await,
    );
    done(&fill(&house, desk, member, "close", &close).await);
}
