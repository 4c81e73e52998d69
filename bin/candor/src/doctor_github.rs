//! What `candor doctor` says of the repositories on GitHub.

use candor_app::GithubState;

use crate::doctor::{Check, State, check};
use crate::say::harmless;

const WHAT: &str = "github";

/// How the repository of a program stands.
pub(crate) fn looks(name: &str, state: &GithubState) -> Vec<Check> {
    let mut out = vec![match state.takes_reports {
        Some(true) => check(
            WHAT,
            State::Fine,
            format!("{name}: private reporting is switched on in its repository."),
        ),
        Some(false) => check(
            WHAT,
            State::Warning,
            format!(
                "{name}: private reporting is switched off in its repository, so the policy page \
                 does not offer it. Switch it on in the settings of the repository (“Code \
                 security”), or name no such way in the policy."
            ),
        ),
        None => check(
            WHAT,
            State::Note,
            format!("{name}: GitHub does not say whether private reporting is switched on."),
        ),
    }];
    if let Some(why) = &state.trouble {
        let why = harmless(why);
        out.push(check(
            WHAT,
            State::Warning,
            format!("{name}: its repository could not be asked: {why}. It is asked again."),
        ));
    }
    if state.not_taken > 0 {
        let n = state.not_taken;
        out.push(check(
            WHAT,
            State::Warning,
            format!(
                "{name}: {n} of the advisories on GitHub could not become cases. Look at them \
                 there, and hand them in on the desk."
            ),
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_that_is_off_and_trouble_are_said() {
        let words = |state: &GithubState| {
            let all = looks("Lumen", state);
            serde_json::to_string(&all).unwrap()
        };
        let mut state = GithubState {
            takes_reports: Some(true),
            ..GithubState::default()
        };
        assert!(words(&state).contains("switched on in its"));
        assert!(!words(&state).contains("warning"));
        state.takes_reports = Some(false);
        assert!(words(&state).contains("\"warning\"") && words(&state).contains("switched off"));
        state.trouble = Some("GitHub does not know the token".to_owned());
        state.not_taken = 2;
        let all = words(&state);
        assert!(all.contains("does not know the token") && all.contains("2 of the advisories"));
    }
}
