//! The commands beside a running server, and what the log holds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::{POLICY, Place, opens, submit};

#[test]
fn a_start_says_everything_a_person_needs() {
    let place = Place::new();
    let policy = place.policy();
    let server = place.serve(&[policy.to_str().unwrap()]);
    let text = server.text();
    for wanted in [
        "Candor is listening on http://127.0.0.1:",
        "Set-up code: ",
        "/desk/set-up",
        "Lantern (SECURITY.md)",
        "Promises it will keep:",
        "A person answers you within 48 hours",
        "line 23",
        "Candor's own rhythm",
        "example-address",
    ] {
        assert!(text.contains(wanted), "`{wanted}` not in\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "no colour where nobody sees it");
    let code = text
        .lines()
        .find_map(|l| l.strip_prefix("Set-up code: "))
        .unwrap();
    assert!(
        !server.page("desk/set-up").text.contains(code),
        "the page does not tell the code"
    );
}

#[test]
fn a_report_from_the_terminal_and_back() {
    let place = Place::new();
    let policy = place.policy();
    let server = place.serve(&[policy.to_str().unwrap()]);
    let url = server.program("lantern");
    place.write("poc.bin", [0_u8, 1, 2, 255]);
    place.write("notes.txt", "It breaks when fed with zeros.");
    let sent = place
        .run(&[
            "report",
            &url,
            "--field",
            "summary=Parser crash canary-7731",
            "--field",
            "description=@notes.txt",
            "--attach",
            "poc.bin",
            "--json",
        ])
        .must(0);
    let receipt: serde_json::Value = serde_json::from_str(&sent.out).unwrap();
    let (reference, code) = (
        receipt["reference"].as_str().unwrap(),
        receipt["code"].as_str().unwrap(),
    );
    assert!(opens(&server.base, "lantern", code));
    assert!(!opens(
        &server.base,
        "lantern",
        "AAAAA-AAAAA-AAAAA-AAAAA-AAAAAA"
    ));

    let note = format!("candor-receipt-{reference}.txt");
    let key = receipt["verifier_key"].as_str().unwrap();
    place
        .run(&["verify", &note, "--key", key])
        .must(0)
        .says("This receipt holds")
        .says(reference);
    place
        .run(&["verify", &note, "--key-url", &server.base])
        .must(0);
    place.write("key.txt", key);
    let json = place
        .run(&["verify", &note, "--key-file", "key.txt", "--json"])
        .must(0);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&json.out).unwrap()["case"],
        reference
    );
    place.run(&["verify", &note]).must(2).says("Which key?");
    place
        .run(&["verify", &note, "--key", "nonsense"])
        .must(2)
        .says("The key cannot be used");
    let changed = std::fs::read_to_string(place.path(&note))
        .unwrap()
        .replacen("2026", "2025", 1);
    place.write("changed.txt", changed);
    place
        .run(&["verify", "changed.txt", "--key", key])
        .must(1)
        .says("does not hold");

    let data = place.data();
    let data = data.to_str().unwrap();
    let list = place
        .run(&["case", "list", "--data", data])
        .must(0)
        .says(reference)
        .says("lantern")
        .says("lead: nobody")
        .says("acknowledge the report: in ");
    assert!(!list.out.contains("canary"), "the list holds no content");
    let json = place
        .run(&["case", "list", "--data", data, "--json"])
        .must(0);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&json.out).unwrap()[0]["reference"],
        reference
    );
    place
        .run(&["case", "list", "--data", data, "--overdue"])
        .must(0)
        .says("No case fits.");
    place
        .run(&["case", "show", reference, "--data", data])
        .must(1)
        .says("sign-in");
    place
        .run(&["verify-log", "--data", data])
        .must(0)
        .says("1 cases")
        .says("0 broken");
    place
        .run(&["rebuild", "--data", data])
        .must(0)
        .says("1 cases");

    let (ended, log) = server.terminate();
    assert_eq!(ended, 0, "{log}");
    assert!(
        log.contains("/p/{slug}/report"),
        "the log names patterns: {log}"
    );
    for secret in ["canary", "zeros", reference, code, "poc.bin", "lantern"] {
        assert!(!log.contains(secret), "`{secret}` is in the log: {log}");
    }
    assert!(
        !place.data().join("candor.sock").exists(),
        "the socket is gone"
    );

    // Without a server the same commands work on the folder itself.
    place
        .run(&["verify-log", "--data", data])
        .must(0)
        .says("1 cases");
    place
        .run(&["rebuild", "--data", data, "--json"])
        .must(0)
        .says("\"cases\":1");
    let server = place.serve(&[]);
    assert!(opens(&server.base, "lantern", code), "after a restart");
    assert!(
        server.text().contains("Lantern"),
        "programs come from the data folder"
    );
}

#[test]
fn a_list_of_cases_comes_in_parts() {
    let place = Place::new();
    let policy = place.policy();
    let server = place.serve(&[policy.to_str().unwrap()]);
    let url = server.program("lantern");
    for n in 0..3 {
        let (summary, file) = (format!("summary=no {n}"), format!("r{n}.txt"));
        let more = ["--field", "description=x", "--receipt", &file];
        place
            .run(&[&["report", &url, "--field", &summary], &more[..]].concat())
            .must(0);
    }
    let data = place.data();
    let list = |more: &[&str]| {
        let listed = ["case", "list", "--data", data.to_str().unwrap()];
        place.run(&[&listed[..], more].concat())
    };
    let references = |more: &[&str]| -> Vec<String> {
        let found = list(&[more, &["--json"]].concat()).must(0);
        let found: serde_json::Value = serde_json::from_str(&found.out).unwrap();
        let each = found.as_array().unwrap().iter();
        each.map(|row| row["reference"].as_str().unwrap().to_owned())
            .collect()
    };
    let all = references(&[]);
    assert_eq!(all.len(), 3);
    assert_eq!(references(&["--limit", "2"]), all[..2]);
    assert_eq!(references(&["--after", &all[0]]), all[1..]);
    let small = all[1].to_lowercase();
    assert_eq!(references(&["--limit", "1", "--after", &small]), all[2..]);
    list(&["--limit", "1"])
        .must(0)
        .says(&format!("2 more; --after {} shows them.", all[0]));
    list(&["--after", "LNT-0000-0000"])
        .must(2)
        .says("There is no case LNT-0000-0000");
    list(&["--limit", "0"]).must(2);
}

#[test]
fn a_report_with_a_mistake_names_the_field() {
    let place = Place::new();
    let policy = place.policy();
    let server = place.serve(&[policy.to_str().unwrap()]);
    let url = server.program("lantern");
    place
        .run(&["report", &url, "--field", "email=x"])
        .must(2)
        .says("was not stored");
    place
        .run(&["report", &url, "--field", "summary"])
        .must(2)
        .says("name=value");
    place
        .run(&["report", &url, "--field", "email=x", "--field", "bogus=1"])
        .must(2)
        .says("no field `bogus`");
    place
        .run(&["report", &url, "--attach", "nowhere.bin"])
        .must(2)
        .says("nowhere.bin");
    place
        .run(&["report", &server.program("nobody"), "--field", "summary=x"])
        .must(2)
        .says("not the page of a program");
    place
        .run(&["report", &url, "--fields"])
        .must(0)
        .says("description")
        .says("certainty");
    place.write("r.toml", "summary = \"S\"\ndescription = \"D\"\n");
    place
        .run(&["report", &url, "--from", "r.toml", "--receipt", "mine.txt"])
        .must(0)
        .says("mine.txt");
    // The receipt never replaces a file that is there.
    place
        .run(&["report", &url, "--from", "r.toml", "--receipt", "mine.txt"])
        .must(3)
        .says("candor.receipt/v1");
}

#[test]
fn two_programs_in_one_server_stay_apart() {
    let place = Place::new();
    let a = place.policy();
    let b = place.write(
        "beacon/SECURITY.md",
        POLICY
            .replace("Lantern", "Beacon")
            .replace("lantern", "beacon"),
    );
    let server = place.serve(&[a.to_str().unwrap(), b.to_str().unwrap()]);
    let (status, receipt) = submit(&server.base, "lantern", "one").unwrap();
    assert_eq!(status, 201);
    let code = receipt["code"].as_str().unwrap();
    assert!(opens(&server.base, "lantern", code));
    assert!(
        !opens(&server.base, "beacon", code),
        "a code opens its own program only"
    );
    let front = server.page("");
    assert!(front.text.contains("Lantern") && front.text.contains("Beacon"));
}

#[test]
fn a_second_start_has_another_set_up_code() {
    let place = Place::new();
    let policy = place.policy();
    let code = |server: &common::Server| {
        let text = server.text();
        text.lines()
            .find_map(|l| l.strip_prefix("Set-up code: "))
            .unwrap()
            .to_owned()
    };
    let first = place.serve(&[policy.to_str().unwrap()]);
    let one = code(&first);
    first.kill();
    assert_ne!(one, code(&place.serve(&[])));
}

#[test]
fn doctor_sees_one_backup_and_open_files() {
    let place = Place::new();
    let policy = place.policy();
    let (data, key) = (place.data(), place.path("data/instance.key"));
    let (data, key) = (data.to_str().unwrap(), key.to_str().unwrap());
    place
        .run(&["doctor", "--data", data])
        .must(0)
        .says("no data folder")
        .says("fine     backup");
    let server = place.serve(&[policy.to_str().unwrap(), "--key", key]);
    place
        .run(&["doctor", "--data", data, "--key", key])
        .must(0)
        .says("One stolen backup would hold both")
        .says("no account yet");
    server.kill();
    let mode = |path: &str, bits: u32| {
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(bits)).unwrap();
    };
    mode(data, 0o755);
    place
        .run(&["doctor", "--data", data, "--key", key])
        .must(0)
        .says("chmod 700");
    mode(key, 0o644);
    let json = place
        .run(&["doctor", "--data", data, "--key", key, "--json"])
        .must(1);
    let found: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let wrong = found["checks"]
        .as_array()
        .unwrap()
        .iter()
        .any(|c| c["what"] == "key" && c["state"] == "wrong");
    assert!(wrong, "{found}");
}

#[test]
fn listening_beyond_the_machine_is_warned_of() {
    let place = Place::new();
    let policy = place.policy();
    let server = place.serve(&[policy.to_str().unwrap(), "--listen", "0.0.0.0:0"]);
    assert!(server.text().contains("WARNING"), "{}", server.text());
    drop(server);
    let server = place.serve(&[
        "--listen",
        "0.0.0.0:0",
        "--public-url",
        "https://reports.lantern.test",
    ]);
    assert!(!server.text().contains("WARNING"), "{}", server.text());
}

#[test]
fn a_mail_server_that_is_not_there_is_found_by_doctor() {
    let place = Place::new();
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let config = |security: &str, host: &str| {
        let text = format!(
            "mail_from = \"reports@lantern.test\"\n[smtp]\nhost = \"{host}\"\nport = {port}\nsecurity = \"{security}\"\n"
        );
        place.write("c.toml", text)
    };
    config("none", "127.0.0.1");
    place
        .run(&["doctor", "--config", "c.toml"])
        .must(1)
        .says("cannot be used");
    config("none", "mail.lantern.test");
    place
        .run(&["doctor", "--config", "c.toml"])
        .must(1)
        .says("without encryption");
}

#[test]
fn a_letter_to_the_reporter_is_written_by_itself_and_tells_nothing() {
    let place = Place::new();
    let policy = place.policy();
    let server = place.serve(&[policy.to_str().unwrap()]);
    let url = server.program("lantern");
    let sent = place
        .run(&[
            "report",
            &url,
            "--field",
            "summary=canary-9120",
            "--field",
            "description=canary-9121",
            "--field",
            "email=rita@reporter.org",
            "--json",
        ])
        .must(0);
    let receipt: serde_json::Value = serde_json::from_str(&sent.out).unwrap();
    let folder = place.data().join("mail");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let letter = loop {
        let found = std::fs::read_dir(&folder).ok().and_then(|dir| {
            dir.flatten()
                .map(|e| e.path())
                .find(|p| p.extension().is_some_and(|e| e == "eml"))
        });
        if let Some(path) = found {
            break std::fs::read_to_string(path).unwrap();
        }
        assert!(
            std::time::Instant::now() < until,
            "no letter came: {}",
            server.log()
        );
        std::thread::sleep(std::time::Duration::from_millis(100));
    };
    assert!(letter.contains("To: rita@reporter.org"), "{letter}");
    assert!(
        letter.contains(receipt["reference"].as_str().unwrap()),
        "{letter}"
    );
    let plain = letter.replace("=\r\n", "");
    for secret in ["canary", receipt["code"].as_str().unwrap()] {
        assert!(
            !plain.contains(secret),
            "`{secret}` is in the letter: {letter}"
        );
    }
}
