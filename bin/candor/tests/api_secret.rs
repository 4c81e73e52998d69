//! The deployment advice of the first seed policy as a configuration: S0-50 and S0-52.
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
use std::process::Stdio;

use common::{Place, Server};

/// The example as the policy writes it.
const EXAMPLE: &str = "\
# Example secure configuration practices
security:
  # Use strong secret keys
  secret_key: \"${PROMETHIUM_SECRET_KEY}\"  # Set via environment variable

  # Configure secure JWT settings
  jwt_algorithm: \"HS256\"
  jwt_expiration_minutes: 60

  # Enable CORS only for trusted origins
  cors_origins:
    - \"https://your-domain.com\"
";
const VARIABLE: &str = "PROMETHIUM_SECRET_KEY";
// Made for this test; opens nothing.
const STRONG: &str = "tQ9xT1pLm7Zr5Kb8Wd2Ys6Hf4Jc0NgVu";

/// Starts with a configuration; gives the exit code and what was said.
fn refused(place: &Place, text: &str, secret: Option<&str>) -> (i32, String) {
    let config = place.path("candor.yaml");
    std::fs::write(&config, text).unwrap();
    let policy = place.policy();
    let args = [
        "serve",
        policy.to_str().unwrap(),
        "--listen",
        "127.0.0.1:0",
        "--data",
        place.path("never").to_str().unwrap(),
        "--config",
        config.to_str().unwrap(),
    ]
    .map(str::to_owned);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut command = place.candor(&args);
    command.env_remove(VARIABLE);
    if let Some(secret) = secret {
        command.env(VARIABLE, secret);
    }
    let out = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    (out.status.code().unwrap(), said)
}

/// S0-50: unset, empty, short or copied, and the start stops with words that say why.
#[test]
fn a_secret_that_is_unset_short_or_an_example_stops_the_start() {
    let place = Place::new();
    for (secret, why) in [
        (None, "PROMETHIUM_SECRET_KEY, which is not set"),
        (Some(""), "gives an empty secret key"),
        (Some("canary-short"), "fewer than 32 bytes"),
        (Some("canary-your-secret-key-change-me-123"), "an example"),
        (
            Some("canarycanarycanarycanarycanarycanary"),
            "repeats itself",
        ),
    ] {
        let (code, said) = refused(&place, EXAMPLE, secret);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(why), "{said}");
        assert!(!said.contains("canary"), "{said}");
    }
    let other = |from: &str, to: &str| EXAMPLE.replace(from, to);
    for (text, why) in [
        (other("HS256", "none"), "may be \"HS256\" only"),
        (other("HS256", "RS256"), "may be \"HS256\" only"),
        (other("60", "0"), "it may be 1 to 1440"),
        (other("https://your-domain.com", "*"), "Name each site"),
        (
            other("https://your-domain.com", "https://*.a.example"),
            "Name each site",
        ),
        (
            other("https://your-domain.com", "http://a.example"),
            "no origin",
        ),
        (other("jwt_algorithm", "jwt_algorihtm"), "unknown field"),
        (
            other("\"${PROMETHIUM_SECRET_KEY}\"", "\"\""),
            "fewer than 32 bytes",
        ),
    ] {
        let (code, said) = refused(&place, &text, Some(STRONG));
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(why), "{said}");
        assert!(!said.contains(STRONG), "{said}");
    }
    assert!(!place.path("never").exists(), "nothing was touched");
}

/// What a page of another site gets from the API.
fn asked_by(server: &Server, origin: &str) -> String {
    let host = server.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET /api/v1/programs HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Origin: {origin}\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// S0-50, S0-52: the lines work as they are written; the placeholder is pointed out.
#[test]
fn the_example_of_the_policy_works_as_it_is_written() {
    let place = Place::new();
    let config = place.path("candor.yaml");
    std::fs::write(&config, EXAMPLE).unwrap();
    let policy = place.policy();
    let server = place.serve_in(
        &[
            policy.to_str().unwrap(),
            "--config",
            config.to_str().unwrap(),
        ],
        &[(VARIABLE, STRONG)],
    );
    let answer = asked_by(&server, "https://your-domain.com");
    assert!(
        answer.contains("access-control-allow-origin: https://your-domain.com"),
        "{answer}"
    );
    let other = asked_by(&server, "https://a.example");
    assert!(!other.contains("access-control-allow-origin"), "{other}");
    let (_, log) = server.terminate();
    assert!(log.contains("names the placeholder"), "{log}");
    assert!(
        !log.contains(STRONG) && !log.contains("stands in the configuration"),
        "{log}"
    );
}
