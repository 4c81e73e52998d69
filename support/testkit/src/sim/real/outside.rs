//! Everything that anybody without a session can read: pages, feeds, files, numbers.

use std::fmt::Write as _;

use candor_app::App;

use super::SLUG;

/// All of it as one text. A page that cannot be read says why, so that it never passes
/// for an empty one.
pub(super) fn words(app: &App) -> String {
    let mut out = String::new();
    let mut page = |name: &str, words: String| {
        let _ = writeln!(out, "{name}: {words}");
    };
    page("programs", format!("{:?}", app.programs()));
    page("policy", format!("{:?}", app.policy_page(SLUG)));
    page("history", format!("{:?}", app.policy_history(SLUG)));
    page("form", format!("{:?}", app.report_form(SLUG)));
    page("statistics", format!("{:?}", app.statistics(SLUG)));
    page("thanks", format!("{:?}", app.thanks(SLUG)));
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    page(
        "security.txt",
        app.security_txt(None)
            .map_or_else(|e| format!("{e:?}"), |f| text(f.body)),
    );
    page(
        "atom",
        app.atom(SLUG)
            .map_or_else(|e| format!("{e:?}"), |f| text(f.body)),
    );
    let cards = app.advisories(SLUG).unwrap_or_default();
    for card in cards {
        page("card", format!("{card:?}"));
        let Ok((_, advisory)) = app.advisory(SLUG, &card.id) else {
            continue;
        };
        page("advisory", format!("{advisory:?}"));
        let name = candor_advisory::csaf_filename(&advisory.issue.id);
        page(
            "csaf",
            app.csaf(SLUG, &name)
                .map_or_else(|e| format!("{e:?}"), |f| text(f.body)),
        );
    }
    out
}
