//! The content of a case at the terminal: only for somebody who signed in.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{SystemTime, UNIX_EPOCH};

use common::{Place, Server, submit};

const PASS: &str = "a lantern in the long grass";

/// One request; gives the head and the body of the answer.
fn http(
    server: &Server,
    method: &str,
    path: &str,
    cookie: &str,
    form: &[(&str, &str)],
) -> (String, String) {
    let host = server.base.strip_prefix("http://").unwrap();
    let body: Vec<String> = form
        .iter()
        .map(|(k, v)| format!("{k}={}", encoded(v)))
        .collect();
    let body = body.join("&");
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nCookie: {cookie}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

fn cookie(head: &str) -> String {
    let line = head
        .lines()
        .find_map(|l| l.strip_prefix("set-cookie: "))
        .unwrap_or_else(|| panic!("{head}"));
    line.split(';').next().unwrap().to_owned()
}

/// What stands between two pieces of a page.
fn between<'a>(page: &'a str, before: &str, behind: &str) -> &'a str {
    let (_, rest) = page
        .split_once(before)
        .unwrap_or_else(|| panic!("`{before}` is not in {page}"));
    rest.split_once(behind).unwrap().0
}

/// The code of the second factor, so many seconds from now.
fn totp(secret: &str, ahead: i64) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(now.saturating_add_signed(ahead)).to_string()
}

/// Makes the first account with both factors; gives its secret.
fn set_up(server: &Server) -> String {
    let text = server.text();
    let code = text
        .lines()
        .find_map(|l| l.strip_prefix("Set-up code: "))
        .unwrap();
    let form = [
        ("code", code),
        ("login", "mia"),
        ("name", "Mia"),
        ("email", ""),
        ("pass", PASS),
    ];
    let (head, body) = http(server, "POST", "/desk/set-up", "", &form);
    assert!(head.starts_with("HTTP/1.1 303"), "{head} {body}");
    let half = cookie(&head);
    let (_, page) = http(server, "GET", "/desk/enrol", &half, &[]);
    let secret = between(&page, "id=\"secret\">", "<").to_owned();
    let guard = between(&page, "name=\"guard\" value=\"", "\"").to_owned();
    // The one before: three steps want three codes, and nobody waits for them here.
    let code = totp(&secret, -30);
    let (head, body) = http(
        server,
        "POST",
        "/desk/enrol",
        &half,
        &[("guard", &guard), ("totp", &code)],
    );
    assert!(head.starts_with("HTTP/1.1 200"), "{head} {body}");
    secret
}

/// `candor sign-in` with its three answers.
fn sign_in(place: &Place, answers: [&str; 3]) -> (i32, String) {
    let data = place.data();
    let args = ["sign-in", "--data", data.to_str().unwrap()];
    typed(place, &args, &answers.join("\n"))
}

/// A command whose questions are answered so.
fn typed(place: &Place, args: &[&str], answers: &str) -> (i32, String) {
    let mut child = place
        .candor(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(format!("{answers}\n").as_bytes())
        .unwrap();
    let out = child.wait_with_output().unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
    (out.status.code().unwrap(), said)
}

fn session_files(place: &Place) -> Vec<PathBuf> {
    let folder = place.path("config/candor");
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("session"))
        .filter(|path| path.exists())
        .collect()
}

#[test]
fn content_needs_both_factors_and_ends_with_the_session() {
    let place = Place::new();
    let policy = place.policy();
    let server = place.serve(&[policy.to_str().unwrap()]);
    let secret = set_up(&server);
    let (_, receipt) = submit(&server.base, "lantern", "canary-5512").unwrap();
    let reference = receipt["reference"].as_str().unwrap();
    let data = place.data();
    let data = data.to_str().unwrap();

    let (code, said) = sign_in(&place, ["mia", PASS, "000000"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("is wrong"), "{said}");
    assert!(session_files(&place).is_empty());

    // The code of the enrolment is used up; the next one works.
    let (code, said) = sign_in(&place, ["mia", PASS, &totp(&secret, 0)]);
    assert_eq!(code, 0, "{said}");
    let files = session_files(&place);
    assert_eq!(files.len(), 1);
    assert_eq!(
        std::fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777,
        0o600
    );

    place
        .run(&["case", "show", reference, "--data", data])
        .must(0)
        .says("canary-5512")
        .says("Promises");
    let json = place
        .run(&["case", "show", reference, "--data", data, "--json"])
        .must(0);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&json.out).unwrap()["reference"],
        reference
    );
    place
        .run(&["case", "show", "LAN-0000-0000", "--data", data])
        .must(1)
        .says("no such case");
    let doctor = place.run(&["doctor", "--data", data]).must(0).says("mia");
    assert!(
        !doctor.out.contains("canary"),
        "no content for the operator"
    );

    // An open case is not erased, whatever the code is; one that is not there neither.
    let erase = |reference: &str| {
        let args = ["--reason", "request", "--data", data];
        let all: Vec<&str> = ["case", "erase", reference]
            .into_iter()
            .chain(args)
            .collect();
        typed(&place, &all, "000000")
    };
    let (code, said) = erase(reference);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("Only a closed case can be erased."), "{said}");
    assert!(said.contains("You can: close the case."), "{said}");
    let (code, said) = erase("LAN-0000-0000");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("no such case that you may erase"), "{said}");

    a_copy_is_taken(&place, reference, &secret);

    let kept = std::fs::read_to_string(&files[0]).unwrap();
    place.run(&["sign-out", "--data", data]).must(0);
    assert!(session_files(&place).is_empty());
    std::fs::write(&files[0], kept).unwrap();
    place
        .run(&["case", "show", reference, "--data", data])
        .must(1)
        .says("session is over");
}

/// Takes a copy of the case as a folder, with the code after the one of the sign-in.
fn a_copy_is_taken(place: &Place, reference: &str, secret: &str) {
    let (data, out) = (place.data(), place.path("copy"));
    let (data, to) = (data.to_str().unwrap(), out.to_str().unwrap());
    let take = |reference: &str, code: &str| {
        let args = ["case", "export", reference, "--out", to, "--data", data];
        typed(place, &args, code)
    };
    let (code, said) = take("LAN-0000-0000", "000000");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("no such case that you may take"), "{said}");
    let (code, said) = take(reference, "000000");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("This code does not fit."), "{said}");
    assert!(!out.exists());
    let (code, said) = take(reference, &totp(secret, 30));
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("with 7 files is in"), "{said}");

    let page = std::fs::read_to_string(out.join("index.html")).unwrap();
    assert!(page.contains("canary-5512") && page.contains("took a copy out on"));
    assert!(
        page.contains("default-src &#39;none&#39;; style-src"),
        "{page}"
    );
    assert!(!page.contains("<script") && !page.contains("src=") && !page.contains("url("));
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&out).unwrap());
    assert_eq!(mode & 0o777, 0o700, "nobody else sees the names in it");
    let manifest = std::fs::read_to_string(out.join("MANIFEST")).unwrap();
    let mut listed = Vec::new();
    for line in manifest.lines() {
        let (sum, path) = line.split_once("  ").unwrap();
        let bytes = std::fs::read(out.join(path)).unwrap();
        assert_eq!(candor_ledger::sha256(&bytes).to_string(), sum, "{path}");
        listed.push(path);
    }
    assert_eq!(
        listed,
        [
            "index.html",
            "case.json",
            "report/report.json",
            "policy/SECURITY.md",
            "receipt/receipt.txt",
            "receipt/key.txt"
        ]
    );
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("case.json")).unwrap()).unwrap();
    assert_eq!(json["reference"], reference);
    let (receipt, key) = (out.join("receipt/receipt.txt"), out.join("receipt/key.txt"));
    let (receipt, key) = (receipt.to_str().unwrap(), key.to_str().unwrap());
    place
        .run(&["verify", receipt, "--key-file", key])
        .must(0)
        .says("This receipt holds.");
    let (code, said) = take(reference, "000000");
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("nothing is written over"), "{said}");
    place
        .run(&["case", "show", reference, "--data", data, "--json"])
        .must(0)
        .says("took a copy out on");
}

#[test]
fn a_token_is_made_listed_and_revoked_at_the_terminal() {
    let place = Place::new();
    let policy = place.policy();
    let server = place.serve(&[policy.to_str().unwrap()]);
    let secret = set_up(&server);
    let (_, receipt) = submit(&server.base, "lantern", "canary-7713").unwrap();
    let reference = receipt["reference"].as_str().unwrap();
    let data = place.data();
    let data = data.to_str().unwrap();
    let create = |code: &str| {
        let args = [
            "token",
            "create",
            "--program",
            "lantern",
            "--name",
            "night job",
        ];
        let all: Vec<&str> = args.into_iter().chain(["--data", data]).collect();
        typed(&place, &all, code)
    };
    let (code, said) = create("000000");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("candor sign-in"), "{said}");
    let (code, said) = sign_in(&place, ["mia", PASS, &totp(&secret, 0)]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = create("000000");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("This code does not fit."), "{said}");
    let (code, said) = create(&totp(&secret, 30));
    assert_eq!(code, 0, "{said}");
    let token = said.lines().find(|l| l.contains("candor_")).unwrap();
    let token = token
        .split_whitespace()
        .find(|w| w.starts_with("candor_"))
        .unwrap();

    let api = |path: &str| {
        let host = server.base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "GET /api/v1{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Authorization: Bearer {token}\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let list = api("/programs/lantern/cases");
    assert!(list.starts_with("HTTP/1.1 200"), "{list}");
    assert!(list.contains(reference), "{list}");
    let case = api(&format!("/programs/lantern/cases/{reference}"));
    assert!(case.contains("canary-7713"), "{case}");

    elsewhere(&place, &server.base, token, reference);

    let listed = place
        .run(&["token", "list", "--program", "lantern", "--data", data])
        .must(0)
        .says("night job");
    assert!(!listed.out.contains("candor_"), "shown once");
    let number = listed.out.split_whitespace().next().unwrap();
    place
        .run(&["token", "revoke", number, "--data", data])
        .must(0);
    place
        .run(&["token", "revoke", number, "--data", data])
        .must(1)
        .says("no token of this number");
    let gone = api("/programs/lantern/cases");
    assert!(gone.starts_with("HTTP/1.1 401"), "{gone}");
    assert!(!server.text().contains(token), "no token in the log");
}

/// The cases of a server through its API, as from another machine: no data folder, no session.
fn elsewhere(place: &Place, base: &str, token: &str, reference: &str) {
    let ask = |args: &[&str], token: Option<&str>| {
        let mut command = place.candor(args);
        command.env_remove("CANDOR_TOKEN");
        if let Some(token) = token {
            command.env("CANDOR_TOKEN", token);
        }
        let out = command.output().unwrap();
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        );
        assert!(!said.contains("candor_"), "no token is printed: {said}");
        (out.status.code().unwrap(), said)
    };
    let list = ["case", "list", "--server", base];
    let (code, said) = ask(&list, Some(token));
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains(reference) && said.contains("acknowledge the report: due, "),
        "{said}"
    );
    let file = place.write("token", format!("{token}\n"));
    let show = ["case", "show", reference, "--server", base, "--token-file"];
    let show: Vec<&str> = show.into_iter().chain([file.to_str().unwrap()]).collect();
    let (code, said) = ask(&show, None);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("canary-7713") && said.contains("Promises"),
        "{said}"
    );
    let closed: Vec<&str> = list.into_iter().chain(["--closed"]).collect();
    let (code, said) = ask(&closed, Some(token));
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains(reference), "{said}");
    let gone = ["case", "show", "LNT-0000-0000", "--server", base];
    let (code, said) = ask(&gone, Some(token));
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("no such case"), "{said}");
    let (code, said) = ask(&list, None);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("CANDOR_TOKEN"), "{said}");
    let (code, said) = ask(&list, Some("made-up"));
    assert_eq!(code, 1, "{said}");
    let plain = ["case", "list", "--server", "http://reports.example.org"];
    let (code, said) = ask(&plain, Some(token));
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("without encryption"), "{said}");
}

#[test]
fn what_github_gave_is_taken_in_once_by_somebody_signed_in() {
    let place = Place::new();
    let policy = place.policy();
    let server = place.serve(&[policy.to_str().unwrap()]);
    let secret = set_up(&server);
    let file = place.path("advisories.json");
    // Longer than any other request of the socket, and the second one is over on GitHub.
    let text = "canary-4408 \\\"quoted\\\" ".repeat(3_000);
    let one = |id: &str, state: &str| {
        format!(
            "{{\"ghsa_id\": \"{id}\", \"state\": \"{state}\", \"summary\": \"Shell by a header\", \
             \"description\": \"{text}\", \"submission\": {{\"accepted\": false}}}}"
        )
    };
    let ids = ["GHSA-2f6x-8mqp-9c3v", "GHSA-3g7x-8mqp-9c3v"];
    let list = format!(
        "[{}, {{}}]\n[{}]",
        one(ids[0], "triage"),
        one(ids[1], "closed")
    );
    std::fs::write(&file, list).unwrap();
    let (data, file) = (place.data(), file.to_str().unwrap().to_owned());
    let args = ["github", "import", &file, "--program", "lantern", "--data"];
    let args: Vec<&str> = args.into_iter().chain([data.to_str().unwrap()]).collect();
    place.run(&args).must(1).says("candor sign-in");
    let (code, said) = sign_in(&place, ["mia", PASS, &totp(&secret, 0)]);
    assert_eq!(code, 0, "{said}");
    let said = place
        .run(&args)
        .must(1)
        .says("GHSA-2f6x-8mqp-9c3v is the new case");
    let said = said
        .says("Receipt code")
        .says("is closed on GitHub, and was left there");
    said.says("Entry 2: it has no id")
        .says("One advisory could not be taken in");
    let twice = place.run(&args).must(1).says("nothing changed");
    assert!(!twice.out.contains("Receipt code"), "{}", twice.out);
    let wrong: Vec<&str> = args
        .iter()
        .map(|a| if *a == "lantern" { "other" } else { a })
        .collect();
    place.run(&wrong).must(1).says("no such program");
    std::fs::write(&file, "{\"message\": \"Bad credentials\"}").unwrap();
    place.run(&args).must(2).says("Bad credentials");
    let log = server.text();
    assert!(
        !log.contains("canary-4408") && !log.contains("GHSA-2f6x"),
        "{log}"
    );
}
