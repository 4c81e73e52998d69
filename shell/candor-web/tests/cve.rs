//! Steps with CVE ids over the pages: a form without scripts, the case page, the room.
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

#[tokio::test]
async fn an_id_is_noted_on_the_desk_and_read_in_the_room() {
    let house = House::new();
    let team = Team::of(&house).await;
    let [reporter, party, member, _] = &team.cookies;
    let act = format!("{}/act", team.case);
    let desk = (team.case.as_str(), act.as_str());
    let asked = [("step", "request"), ("from", "MITRE <b>")];
    done(&fill(&house, desk, member, "record_cve", &asked).await);
    let page = house.read(&team.case, member).await;
    assert!(page.contains("<dt>MITRE &#60;b&#62;</dt>"), "escaped");
    assert!(page.contains("no answer yet"));

    let wrong = [("step", "assign"), ("id", "CVE-1")];
    let reply = fill(&house, desk, member, "record_cve", &wrong).await;
    assert_eq!(
        reply.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        reply.text()
    );
    let right = [("step", "assign"), ("id", "CVE-1900-0001")];
    done(&fill(&house, desk, member, "record_cve", &right).await);
    let room = house.read(ROOM, reporter).await;
    assert!(room.contains("CVE-1900-0001"));
    assert!(!room.contains("MITRE"), "whom the team asked is the team's");
    let page = house.read("/p/lanternfish/party", party).await;
    assert!(!page.contains("CVE-1900-0001"));

    let early = [("step", "publish"), ("id", "CVE-1900-0001")];
    let reply = fill(&house, desk, member, "record_cve", &early).await;
    assert_eq!(reply.status, StatusCode::CONFLICT, "{}", reply.text());
    assert!(reply.text().contains("only after the advisory"));
}
