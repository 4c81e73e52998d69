//! How an installation keeps itself: its log, its accounts, its secrets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use candor_guard::{Address, Answer, Client};
use common::{Place, Server, opens, submit};

fn post(server: &Server, path: &str, fields: &[(&str, &str)]) -> Answer {
    let fields: BTreeMap<String, String> = fields
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    let address = Address::parse(&server.base).unwrap().join(path);
    Client::new().post(&address, &fields, &[]).unwrap()
}

#[test]
fn the_access_log_is_json_by_default_and_holds_no_text_secret_or_address() {
    let place = Place::new();
    let policy = place.policy();
    place.write(
        "c.toml",
        "mail_from = \"team@lantern.test\"\n[smtp]\nhost = \"127.0.0.1\"\nport = 9\n\
         security = \"none\"\nuser = \"canary-user\"\npassword = \"canary-mail\"\n",
    );
    let server = place.serve(&[policy.to_str().unwrap(), "--config", "c.toml"]);
    let set_up = server
        .text()
        .lines()
        .find_map(|l| l.strip_prefix("Set-up code: ").map(str::to_owned))
        .unwrap();
    let (status, receipt) = submit(&server.base, "lantern", "canary-text").unwrap();
    assert_eq!(status, 201);
    let code = receipt["code"].as_str().unwrap();
    let reference = receipt["reference"].as_str().unwrap();
    assert!(opens(&server.base, "lantern", code));
    post(
        &server,
        "desk/sign-in",
        &[
            ("login", "canary-login"),
            ("pass", "canary-pass"),
            ("totp", "000000"),
        ],
    );
    server.page("p/canary-slug/room?canary=query");
    server.page("canary-path");
    let agent = "canary";
    let (ended, log) = server.terminate();
    assert_eq!(ended, 0, "{log}");

    let mut requests = 0;
    for line in log.lines() {
        let entry: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        let at = entry["timestamp"].as_str().unwrap();
        assert_eq!(at.len(), "2026-11-22T12:00:00Z".len(), "{line}");
        let fields = entry["fields"].as_object().unwrap();
        if fields["message"] == "request" {
            requests += 1;
            let names: BTreeSet<&str> = fields.keys().map(String::as_str).collect();
            assert_eq!(
                names,
                BTreeSet::from(["message", "method", "milliseconds", "route", "status"])
            );
        }
    }
    assert!(requests >= 6, "{log}");
    for secret in [
        agent,
        code,
        reference,
        set_up.as_str(),
        "127.0.0.1",
        "lantern",
    ] {
        assert!(!log.contains(secret), "`{secret}` is in the log: {log}");
    }
    assert!(
        log.contains("password_file"),
        "the plain password is warned of"
    );
}

#[test]
fn accounts_are_helped_beside_the_server_and_without_it() {
    let place = Place::new();
    let policy = place.policy();
    let data = place.data();
    let data = data.to_str().unwrap();
    let account = |words: &[&str]| {
        let mut all = vec!["account"];
        all.extend(words);
        all.extend(["--data", data]);
        place.run(&all)
    };
    account(&["list"]).must(3).says("no Candor data");
    let server = place.serve(&[policy.to_str().unwrap()]);
    account(&["list"]).must(0).says("no account yet");
    let set_up = server
        .text()
        .lines()
        .find_map(|l| l.strip_prefix("Set-up code: ").map(str::to_owned))
        .unwrap();
    let pass = "a lantern in the long grass";
    let made = post(
        &server,
        "desk/set-up",
        &[
            ("code", &set_up),
            ("login", "mia"),
            ("name", "Mia"),
            ("email", ""),
            ("pass", pass),
        ],
    );
    assert_eq!(made.status, 303, "{}", made.text);
    account(&["list"])
        .must(0)
        .says("mia")
        .says("not yet")
        .says("manages this instance, lantern: owner");

    let signs_in = |server: &Server, pass: &str| {
        post(
            server,
            "desk/sign-in",
            &[("login", "mia"), ("pass", pass), ("totp", "")],
        )
        .status
            == 303
    };
    assert!(signs_in(&server, pass));
    let first_pass = |words: &[&str]| {
        let said = account(words).must(0);
        let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        json["first_pass_phrase"].as_str().unwrap().to_owned()
    };
    let beside = first_pass(&["reset", "mia", "--json"]);
    assert!(!signs_in(&server, pass), "the old pass phrase is void");
    assert!(signs_in(&server, &beside));
    account(&["reset", "nobody"])
        .must(1)
        .says("no account with this login");
    account(&["remove", "mia"])
        .must(1)
        .says("only account that manages");
    place
        .run(&["doctor", "--data", data])
        .must(0)
        .says("Lantern: fielded by mia (owner, second factor: no).");
    let log = server.log();
    assert!(log.contains("the operator changed an account"), "{log}");
    assert!(!log.contains("mia") && !log.contains(&beside), "{log}");
    server.kill();

    let alone = first_pass(&["reset", "mia", "--json"]);
    account(&["list"]).must(0).says("Z reset");
    let server = place.serve(&[]);
    assert!(!signs_in(&server, &beside));
    assert!(signs_in(&server, &alone));
}

#[test]
fn doctor_warns_of_a_plain_password_and_never_shows_it() {
    let place = Place::new();
    let config = |lines: &str| {
        place.write(
            "c.toml",
            format!(
                "mail_from = \"t@lantern.test\"\n[smtp]\nhost = \"127.0.0.1\"\nport = 9\n\
                 security = \"none\"\nuser = \"u\"\n{lines}\n"
            ),
        );
        // Nothing listens there, so the mail server itself is wrong: exit code 1.
        place.run(&["doctor", "--config", "c.toml"]).must(1)
    };
    let plain = config("password = \"canary-plain\"").says("smtp.password_file");
    assert!(!format!("{plain:?}").contains("canary"));
    let by_command = config("password_command = [\"/bin/echo\", \"x\"]");
    by_command.says("No secret stands in the configuration");
}

#[test]
fn doctor_knows_when_a_running_server_is_open_to_the_network() {
    let place = Place::new();
    let policy = place.policy();
    let data = place.data();
    let data = data.to_str().unwrap();
    let server = place.serve(&[policy.to_str().unwrap(), "--listen", "0.0.0.0:0"]);
    place
        .run(&["doctor", "--data", data])
        .must(0)
        .says("beyond this machine without encryption");
    server.kill();
    let server = place.serve(&[]);
    let local = place.run(&["doctor", "--data", data]).must(0);
    assert!(!local.out.contains("without encryption"), "{local:?}");
    drop(server);
}
