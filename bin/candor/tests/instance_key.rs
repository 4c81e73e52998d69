//! Where the instance key comes from: file, environment, command. It is never shown, and no
//! program that Candor starts sees it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::{Place, opens, submit};

/// 32 bytes in Base64, and the same as the digits of a key file.
const KEY: &str = "q6ur2trNzS0tISHx8fEBAQECAgIDAwMEBAQFBQUGBgY=";
const OTHER: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const HEX: &str = "abababdadacdcd2d2d2121f1f1f1010101020202030303040404050505060606";

#[test]
fn the_instance_key_comes_from_a_file_the_environment_or_a_command() {
    let place = Place::new();
    let policy = place.policy();
    let seen = place.path("seen");
    let mail = format!(
        "mail_from = \"a@lantern.test\"\n[smtp]\nhost = \"127.0.0.1\"\nport = 9\nuser = \"u\"\n\
         password_command = [\"sh\", \"-c\", \"env > {}; echo p\"]\n",
        seen.display()
    );
    let config = place.write("mail.toml", mail);
    let server = place.serve_in(
        &[
            policy.to_str().unwrap(),
            "--config",
            config.to_str().unwrap(),
            "--log",
            "json",
        ],
        &[("CANDOR_INSTANCE_KEY", KEY), ("PATH", "/usr/bin:/bin")],
    );
    let (status, answer) = submit(&server.base, "lantern", "A lamp that never goes out").unwrap();
    assert_eq!(status, 201);
    let code = answer["code"].as_str().unwrap().to_owned();
    let said = server.text();
    let (_, log) = server.terminate();
    for text in [&said, &log, &std::fs::read_to_string(&seen).unwrap()] {
        assert!(!text.contains(KEY) && !text.contains(HEX), "{text}");
    }
    assert!(
        !place.path("config/candor").exists(),
        "no key file was made"
    );

    // The same key out of a command, and out of a file.
    let config = place.write(
        "key.toml",
        format!("[key]\ncommand = [\"printf\", \"{KEY}\"]\n"),
    );
    let server = place.serve_in(
        &["--config", config.to_str().unwrap()],
        &[("PATH", "/usr/bin:/bin")],
    );
    assert!(opens(&server.base, "lantern", &code));
    drop(server);
    let file = place.write("a.key", format!("candor-instance-key-v1 {HEX}\n"));
    private(&file);
    let server = place.serve_in(&[], &[("CANDOR_INSTANCE_KEY_FILE", file.to_str().unwrap())]);
    assert!(opens(&server.base, "lantern", &code));
    drop(server);

    let data = place.data();
    let doctor = ["doctor", "--data", data.to_str().unwrap()];
    let run = |more: &[&str], environment: &[(&str, &str)]| {
        let words: Vec<&str> = doctor.iter().chain(more).copied().collect();
        let mut command = place.candor(&words);
        let out = command.envs(environment.iter().copied()).output().unwrap();
        let said = [out.stdout, out.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert!(!said.contains(KEY) && !said.contains(HEX), "{said}");
        said
    };
    let from_environment = run(&[], &[("CANDOR_INSTANCE_KEY", KEY)]);
    assert!(from_environment.contains("the environment variable CANDOR_INSTANCE_KEY"));
    assert!(from_environment.contains("1 case."), "{from_environment}");
    let from_command = run(
        &["--config", config.to_str().unwrap()],
        &[("PATH", "/usr/bin:/bin")],
    );
    assert!(
        from_command.contains("the command printf (key.command)"),
        "{from_command}"
    );
    // Another key, nonsense, and two at once.
    assert!(run(&[], &[("CANDOR_INSTANCE_KEY", OTHER)]).contains("wrong"));
    let nonsense = run(&[], &[("CANDOR_INSTANCE_KEY", "canary")]);
    assert!(nonsense.contains("gives no instance key") && !nonsense.contains("canary"));
    let two = run(
        &["--key", file.to_str().unwrap()],
        &[("CANDOR_INSTANCE_KEY", KEY)],
    );
    assert!(two.contains("more than one way"), "{two}");
}

fn private(file: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}
