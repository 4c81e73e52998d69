//! What `serve` prints at its start: address, set-up code, promises, warnings.

use std::net::SocketAddr;

use candor_access::view::{PolicyPageView, PromiseView};
use candor_app::App;
use candor_base::Level;

use super::Served;
use crate::policy::finding_words;
use crate::say::{self, Paint, Tone, harmless, wrapped};

/// Prints everything a person needs to begin.
pub(crate) fn start(
    app: &App,
    served: &[Served],
    public_url: &str,
    (scheme, address): (&str, SocketAddr),
    code: Option<&str>,
) {
    let paint = Paint::stdout();
    let here = format!("{scheme}://{address}");
    say::line(&format!("Candor is listening on {here}"));
    if public_url != here {
        say::line(&format!("People reach it at {public_url}"));
    }
    exposed(public_url, address, paint);
    if let Some(code) = code {
        say::line(&format!("Set-up code: {}", paint.paint(Tone::Strong, code)));
        say::line(&format!(
            "  Open {public_url}/desk/set-up and type it there to make the first account."
        ));
        say::line(
            "  It works once, within 24 hours. A new start gives a new one and ends this one.",
        );
    }
    for program in served {
        say::line("");
        show(app, program, public_url, paint);
    }
    say::line("");
    say::line("Stop with Ctrl-C.");
}

/// Listens beyond this machine, and nobody says that a proxy encrypts.
pub(crate) fn is_exposed(public_url: &str, address: SocketAddr) -> bool {
    !address.ip().is_loopback() && !public_url.starts_with("https://")
}

/// Beyond this machine without encryption, everything can be read on the way.
fn exposed(public_url: &str, address: SocketAddr, paint: Paint) {
    if !is_exposed(public_url, address) {
        return;
    }
    say::line(&paint.paint(
        Tone::Bad,
        "WARNING: Candor listens beyond this machine without encryption. Reports, pass phrases and\n\
         receipt codes can be read on the way. Give it a certificate ([tls] in the configuration); or put\n\
         a proxy with TLS in front, and start Candor with --public-url https://… and\n\
         --listen 127.0.0.1:8080.",
    ));
}

fn show(app: &App, program: &Served, public_url: &str, paint: Paint) {
    let Ok(page) = app.policy_page(&program.slug) else {
        say::line(&format!(
            "{}: its policy cannot be shown; see the log.",
            program.slug
        ));
        return;
    };
    let file = program
        .file
        .as_ref()
        .map_or(String::new(), |f| format!(" ({})", harmless(&f.file_name)));
    say::line(&format!(
        "{}{file} at {public_url}/p/{}/",
        paint.paint(Tone::Strong, &harmless(&page.program.name)),
        program.slug
    ));
    say::line("  Promises it will keep:");
    for promise in &page.promises {
        say::line(&promise_line(promise, paint));
    }
    say::line(&format!("  Calendar: {}", harmless(&page.calendar)));
    let silent = not_stated(&page);
    if !silent.is_empty() {
        say::line(&format!("  Not stated: {}.", silent.join(", ")));
    }
    if !page.not_yet_run.is_empty() {
        say::line(&format!(
            "  Not yet run by Candor: {}, listed on the page.",
            match page.not_yet_run.len() {
                1 => "1 clause".to_owned(),
                n => format!("{n} clauses"),
            }
        ));
    }
    let Some(file) = &program.file else {
        return;
    };
    if program.reads_otherwise {
        say::line(
            "  This version of Candor reads the policy otherwise than the one that took it up. What\n  \
             was read then stays in force; the desk shows the difference and can publish it.",
        );
    }
    if program.desk_rules {
        say::line(
            "  In force is the version published on the desk; this file has not changed since it \
             was last taken up.",
        );
        return;
    }
    if let Some(text) = file.changed_text() {
        let advice = format!(
            "{} has changed since {} was made from it. What it says now is not in force: make \
             it anew with candor policy compile, or compare with candor policy diff.",
            harmless(&text),
            harmless(&file.file_name)
        );
        say::line(&format!(
            "  {}",
            paint.paint(Tone::Warn, &wrapped(&advice, 2))
        ));
    }
    let findings = file.findings();
    if findings.iter().any(|f| f.level != Level::Note) {
        say::line("  Warnings:");
        for finding in findings.iter().filter(|f| f.level != Level::Note) {
            say::line(&finding_words(finding, paint));
        }
    }
}

fn promise_line(promise: &PromiseView, paint: Paint) -> String {
    let place = promise
        .lines
        .clone()
        .unwrap_or_else(|| "not stated".to_owned());
    let tone = match (promise.by_candor, promise.has_clock) {
        (true, _) => Tone::Quiet,
        (false, true) => Tone::Good,
        (false, false) => Tone::Warn,
    };
    let firmness = harmless(&promise.firmness);
    format!(
        "    {place:<13} {} {}",
        paint.paint(tone, &format!("{firmness:<20}")),
        harmless(&promise.text)
    )
}

/// Parts that the text leaves open, once each.
fn not_stated(page: &PolicyPageView) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for section in &page.sections {
        let open =
            |note: &Option<String>| note.as_deref().is_some_and(|n| n.starts_with("not stated"));
        let title = harmless(&section.title).to_lowercase();
        if section.lines.iter().any(|l| open(&l.note)) && !out.contains(&title) {
            out.push(title);
        }
    }
    out
}
