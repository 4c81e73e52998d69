//! `candor case list` and `candor case show`, beside a running server.

use candor_app::input::OperatorRow;
use serde_json::{Value, json};

use crate::cli::{CaseListArgs, CaseShowArgs};
use crate::local::Link;
use crate::policy;
use crate::say::{self, Paint, Tone, harmless};
use crate::sign_in_cmd;
use crate::stop::{Done, Stop};

/// Lists cases without their content.
pub(crate) fn list(args: &CaseListArgs) -> Done {
    let rows = Link::connect(&args.local.data)?.ask(&json!({"op": "list"}))?;
    if args.json {
        say::line(&policy::json(&rows)?);
        return Ok(());
    }
    let rows = rows.as_array().cloned().unwrap_or_default();
    if rows.is_empty() {
        say::line("There are no cases yet.");
        return Ok(());
    }
    let paint = Paint::stdout();
    let text =
        |row: &Value, name: &str| harmless(row.get(name).and_then(Value::as_str).unwrap_or("-"));
    say::line(&format!(
        "{:<16} {:<15} {:<26} {:<21} {}",
        "PROGRAM", "CASE", "STAGE", "NEXT DUE", "OVERDUE"
    ));
    for row in &rows {
        let overdue = row.get("overdue").and_then(Value::as_u64).unwrap_or(0);
        let words = if overdue == 0 {
            "-".to_owned()
        } else {
            paint.paint(Tone::Bad, &overdue.to_string())
        };
        say::line(&format!(
            "{:<16} {:<15} {:<26} {:<21} {words}",
            text(row, "program"),
            text(row, "reference"),
            text(row, "stage"),
            text(row, "next_due"),
        ));
    }
    Ok(())
}

/// Shows one case to somebody who is signed in.
pub(crate) fn show(args: &CaseShowArgs) -> Done {
    let token = sign_in_cmd::token(&args.local.data)?.ok_or_else(|| {
        Stop::refused(
            "The content of a case is for people who are signed in. Run `candor sign-in` first.",
        )
    })?;
    let request = json!({"op": "show", "token": token, "reference": args.reference});
    let page = Link::connect(&args.local.data)?.ask(&request)?;
    if args.json {
        say::line(&policy::json(&page)?);
        return Ok(());
    }
    say::line(&page_text(&page, Paint::stdout()));
    Ok(())
}

/// The case page as text: head, promises, report, messages.
fn page_text(page: &Value, paint: Paint) -> String {
    let mut out = Vec::new();
    let text = |v: &Value, name: &str| harmless(v.get(name).and_then(Value::as_str).unwrap_or("-"));
    let list = |v: &Value, name: &str| {
        v.get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let head = |words: &str| paint.paint(Tone::Strong, words);
    out.push(head(&format!(
        "{}  {}",
        text(page, "reference"),
        text(page, "title")
    )));
    out.push(format!(
        "{}, waiting on {}",
        text(page, "stage"),
        text(page, "waiting_on")
    ));
    for alarm in list(page, "alarms") {
        out.push(paint.paint(Tone::Bad, &harmless(alarm.as_str().unwrap_or(""))));
    }
    if let Some(next) = page.get("next_step").and_then(Value::as_str) {
        out.push(format!("Next: {}", harmless(next)));
    }
    out.push(format!("\n{}", head("Promises")));
    for clock in list(page, "clocks") {
        let due = clock
            .get("due")
            .map_or_else(|| "-".to_owned(), |d| text(d, "words"));
        out.push(format!(
            "  {:<12} {} — due {due}",
            text(&clock, "look"),
            text(&clock, "what")
        ));
    }
    out.push(format!("\n{}", head("Report as filed")));
    let report = page.get("report").cloned().unwrap_or_default();
    for pair in list(&report, "fields") {
        if let Some([label, value]) = pair.as_array().map(Vec::as_slice) {
            let value = harmless(value.as_str().unwrap_or("")).replace('\n', "\n    ");
            out.push(format!(
                "  {}:\n    {value}",
                harmless(label.as_str().unwrap_or(""))
            ));
        }
    }
    out.push(format!("\n{}", head("Messages")));
    for message in list(page, "messages") {
        let when = message
            .get("when")
            .map_or_else(|| "-".to_owned(), |w| text(w, "words"));
        let body = text(&message, "text").replace('\n', "\n    ");
        out.push(format!(
            "  {when}, {} ({}):\n    {body}",
            text(&message, "from"),
            text(&message, "lane")
        ));
    }
    out.join("\n")
}

/// The program of a reference, among the operator's rows.
pub(crate) fn program_of(rows: &[OperatorRow], reference: &str) -> Option<String> {
    rows.iter()
        .find(|r| r.reference.eq_ignore_ascii_case(reference.trim()))
        .map(|r| r.program.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_shown_without_escape_codes() {
        let page = json!({
            "reference": "TDX-7K3F-9QMA", "title": "Crash\u{1b}[2J", "stage": "received",
            "waiting_on": "the project", "alarms": ["Already public"],
            "clocks": [{"look": "running", "what": "A person answers you", "due": {"words": "tomorrow"}}],
            "report": {"fields": [["Summary", "a\nb"]]},
            "messages": [{"when": {"words": "now"}, "from": "you", "lane": "everyone", "text": "hi"}],
        });
        let text = page_text(&page, Paint::stdout());
        assert!(!text.contains('\u{1b}'), "{text}");
        for wanted in [
            "TDX-7K3F-9QMA",
            "Already public",
            "due tomorrow",
            "    a\n    b",
            "hi",
        ] {
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
    }
}
