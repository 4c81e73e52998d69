//! What the container image holds, read from the Containerfile.
//!
//! Invariant: the last stage starts from nothing, runs nothing, is not root,
//! and gets exactly the listed paths.
//!
//! Deliberately absent: building the image; that needs a container engine.

use crate::Problem;
use crate::tree::Tree;

const FILE: &str = "Containerfile";
const CHECK: &str = "container";
/// Everything in the image: the program, an empty data folder, an empty folder for the key.
pub(crate) const CONTENT: &[&str] = &["/candor", "/config/", "/data/"];
const USER: &str = "65532:65532";

/// Checks the Containerfile of the tree.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    match tree.get(FILE) {
        None => vec![Problem::new(CHECK, FILE, "there is none")],
        Some(text) => check_text(text),
    }
}

/// Instruction and its arguments, continued lines joined, comments left out.
fn instructions(text: &str) -> Vec<(String, String)> {
    let joined = text.replace("\\\n", " ");
    joined
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .filter_map(|l| l.split_once(char::is_whitespace))
        .map(|(word, rest)| (word.to_ascii_uppercase(), rest.trim().to_owned()))
        .collect()
}

/// The instructions from the last FROM on.
fn last_stage(text: &str) -> Vec<(String, String)> {
    let all = instructions(text);
    let start = all.iter().rposition(|(w, _)| w == "FROM").unwrap_or(0);
    all.into_iter().skip(start).collect()
}

/// Where the COPY lines of the last stage put things, sorted.
pub(crate) fn content(text: &str) -> Vec<String> {
    let mut out: Vec<String> = last_stage(text)
        .iter()
        .filter(|(w, _)| w == "COPY")
        .filter_map(|(_, args)| args.split_whitespace().last())
        .map(str::to_owned)
        .collect();
    out.sort();
    out
}

fn check_text(text: &str) -> Vec<Problem> {
    let stage = last_stage(text);
    let mut out = Vec::new();
    let mut wrong = |message: String| out.push(Problem::new(CHECK, FILE, message));
    if !stage.iter().any(|(w, a)| w == "FROM" && a == "scratch") {
        wrong("the last stage must start FROM scratch".to_owned());
    }
    if !stage.iter().any(|(w, a)| w == "USER" && a == USER) {
        wrong(format!("the last stage must run as USER {USER}"));
    }
    for (word, _) in &stage {
        if matches!(word.as_str(), "RUN" | "ADD") {
            wrong(format!("{word} has no place in the last stage"));
        }
    }
    let got = content(text);
    if got != CONTENT {
        wrong(format!(
            "the image holds {got:?}, it should hold {CONTENT:?}"
        ));
    }
    for (word, args) in instructions(text) {
        let lower = args.to_ascii_lowercase();
        if matches!(word.as_str(), "ENV" | "ARG")
            && ["secret", "password", "token"]
                .iter()
                .any(|s| lower.contains(s))
        {
            wrong("no secret belongs into an image or its build".to_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "FROM rust AS build\nRUN cargo build \\\n  --release\n\nFROM scratch\n\
        COPY --from=build /out/candor /candor\nCOPY --from=build --chown=1:1 /e/ /data/\n\
        COPY --from=build /e/ /config/\nUSER 65532:65532\nENTRYPOINT [\"/candor\"]\n";

    #[test]
    fn the_committed_file_holds_the_program_and_two_empty_folders() {
        let path = crate::tree::root().unwrap().join(FILE);
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(content(&text), ["/candor", "/config/", "/data/"]);
        assert_eq!(check_text(&text), []);
    }

    #[test]
    fn a_good_file_passes_and_each_fault_is_found() {
        assert_eq!(check_text(GOOD), []);
        let faults = [
            ("FROM scratch", "FROM debian"),
            ("USER 65532:65532", "USER root"),
            ("ENTRYPOINT", "RUN true\nENTRYPOINT"),
            (
                "ENTRYPOINT",
                "COPY --from=build /bin/sh /bin/sh\nENTRYPOINT",
            ),
            ("ENTRYPOINT", "ENV API_TOKEN=1\nENTRYPOINT"),
        ];
        for (from, to) in faults {
            let text = GOOD.replace(from, to);
            assert_eq!(check_text(&text).len(), 1, "{to}");
        }
    }
}
