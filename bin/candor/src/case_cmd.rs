//! `candor case list` and `candor case show`, beside a running server or through the API of one
//! elsewhere.

use candor_app::input::OperatorRow;
use serde_json::{Value, json};

use crate::cli::{CaseListArgs, CaseShowArgs};
use crate::local::Link;
use crate::policy;
use crate::remote::Remote;
use crate::say::{self, Paint, Tone, harmless};
use crate::sign_in_cmd;
use crate::stop::{Done, Stop};

/// Lists cases without their content.
pub(crate) fn list(args: &CaseListArgs) -> Done {
    if let Some(remote) = Remote::named(&args.remote)? {
        return list_elsewhere(&remote, args);
    }
    let all = Link::connect(&args.local.data)?.ask(&json!({"op": "list"}))?;
    let mut rows = all.as_array().cloned().unwrap_or_default();
    let none = rows.is_empty();
    if let Some(after) = &args.after {
        rows = behind(rows, after)?;
    }
    rows.retain(|row| fits(row, args));
    print(rows, none, args)
}

/// The same of a server elsewhere, which narrows by itself but for stage and lead.
fn list_elsewhere(remote: &Remote, args: &CaseListArgs) -> Done {
    let mine = |row: &Value| {
        same(row, "program", args.program.as_ref(), "")
            && same(row, "stage", args.stage.as_ref(), "")
            && same(row, "lead", args.lead.as_ref(), "nobody")
    };
    let limit = args.limit.and_then(|limit| usize::try_from(limit).ok());
    // One more than wanted tells that there are more.
    let enough = |rows: &[Value]| {
        let found = rows.iter().filter(|row| mine(row)).count();
        limit.is_some_and(|limit| found > limit)
    };
    let mut rows = remote.rows(args, &enough)?;
    let none = rows.is_empty();
    rows.retain(mine);
    print(rows, none, args)
}

/// Prints rows that fit; `none` where there was no row at all.
fn print(mut rows: Vec<Value>, none: bool, args: &CaseListArgs) -> Done {
    let found = rows.len();
    if let Some(limit) = args.limit {
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    if args.json {
        say::line(&policy::json(&rows)?);
        return Ok(());
    }
    if none {
        say::line("There are no cases yet.");
    } else if rows.is_empty() {
        say::line("No case fits.");
    }
    let paint = Paint::stdout();
    for row in &rows {
        say::line(&row_text(row, paint));
    }
    if let Some(last) = rows.last().filter(|_| rows.len() < found) {
        say::note(&format!(
            "{} more; --after {} shows them.",
            found.saturating_sub(rows.len()),
            text(last, "reference").unwrap_or("-")
        ));
    }
    Ok(())
}

/// What stands behind this case in the list of all, which is always in one order.
fn behind(mut rows: Vec<Value>, after: &str) -> Result<Vec<Value>, Stop> {
    let wanted = after.trim();
    let is_it =
        |row: &Value| text(row, "reference").is_some_and(|r| r.eq_ignore_ascii_case(wanted));
    match rows.iter().position(is_it) {
        Some(at) => Ok(rows.split_off(at.saturating_add(1))),
        None => Err(Stop::input(format!(
            "There is no case {}; --after takes a reference from the list before.",
            harmless(wanted)
        ))),
    }
}

fn text<'a>(row: &'a Value, name: &str) -> Option<&'a str> {
    row.get(name).and_then(Value::as_str)
}

/// Whether a value of a row is the one that is wanted, if one is.
fn same(row: &Value, name: &str, wanted: Option<&String>, none: &str) -> bool {
    wanted.is_none_or(|wanted| {
        let found = text(row, name).unwrap_or(none);
        let found = found.strip_prefix("the ").unwrap_or(found);
        let key = |text: &str| text.trim().replace(' ', "-").replace(':', "");
        key(found).eq_ignore_ascii_case(&key(wanted))
    })
}

/// Whether a row is what was asked for.
fn fits(row: &Value, args: &CaseListArgs) -> bool {
    let same =
        |name: &str, wanted: &Option<String>, none: &str| same(row, name, wanted.as_ref(), none);
    let number = |name: &str| row.get(name).and_then(Value::as_u64).unwrap_or(0);
    let part = args.reference.as_deref().unwrap_or("").trim();
    row.get("closed").and_then(Value::as_bool).unwrap_or(false) == args.closed
        && same("program", &args.program, "")
        && same("stage", &args.stage, "")
        && same("severity", &args.severity, "none")
        && same("lead", &args.lead, "nobody")
        && (same("waiting_on", &args.waiting, "nobody") || outside(row, args.waiting.as_deref()))
        && (!args.overdue || number("overdue") > 0)
        && text(row, "reference").is_some_and(|r| r.contains(&part.to_ascii_uppercase()))
}

/// Whether it waits for this somebody outside.
fn outside(row: &Value, wanted: Option<&str>) -> bool {
    let all = row.get("waits_outside").and_then(Value::as_array);
    all.is_some_and(|all| all.iter().any(|who| who.as_str() == wanted))
}

/// A case in two lines: what it is, and what is to be done next.
fn row_text(row: &Value, paint: Paint) -> String {
    let shown = |name: &str, none: &str| harmless(text(row, name).unwrap_or(none));
    let mut severity = capital(&shown("severity", "not rated"));
    if text(row, "rated_by") == Some("reporter") {
        severity.push_str(" (says the reporter)");
    }
    let head = format!(
        "{}  {}  {severity}  {}  lead: {}",
        paint.paint(Tone::Strong, &shown("reference", "-")),
        shown("program", "-"),
        shown("stage", "-"),
        shown("lead", "nobody"),
    );
    let Some(next) = text(row, "next") else {
        return format!("{head}\n    nothing is due");
    };
    let relative = shown("relative", "-");
    let late = row.get("overdue").and_then(Value::as_u64).unwrap_or(0) > 0;
    let relative = if late {
        paint.paint(Tone::Bad, &relative)
    } else {
        relative
    };
    let due = shown("due", "-");
    format!("{head}\n    {}: {relative}, {due}", small(&harmless(next)))
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn small(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

/// Shows one case to somebody who is signed in.
pub(crate) fn show(args: &CaseShowArgs) -> Done {
    let page = match Remote::named(&args.remote)? {
        Some(remote) => remote.case(&args.reference)?,
        None => shown_here(args)?,
    };
    if args.json {
        say::line(&policy::json(&page)?);
        return Ok(());
    }
    say::line(&page_text(&page, Paint::stdout()));
    Ok(())
}

/// A case of the server on this machine.
fn shown_here(args: &CaseShowArgs) -> Result<Value, Stop> {
    let token = sign_in_cmd::token(&args.local.data)?.ok_or_else(|| {
        Stop::refused(
            "The content of a case is for people who are signed in. Run `candor sign-in` first.",
        )
    })?;
    let request = json!({"op": "show", "token": token, "reference": args.reference});
    Link::connect(&args.local.data)?.ask(&request)
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

    fn row() -> Value {
        json!({
            "program": "threatdex", "reference": "TDX-7K3F-9QMA", "stage": "Fix in development",
            "severity": "high", "rated_by": "reporter", "lead": null,
            "waiting_on": "the team", "waits_outside": ["cna"], "next": "Acknowledge the report",
            "next_due": "2026-05-19T23:59:59Z", "due": "Tue 19 May 2026, 23:59:59 UTC",
            "relative": "2 days late", "overdue": 1, "closed": false,
        })
    }

    #[test]
    fn a_row_says_what_is_to_be_done_and_when() {
        assert_eq!(
            row_text(&row(), Paint::stdout()),
            "TDX-7K3F-9QMA  threatdex  High (says the reporter)  Fix in development  \
             lead: nobody\n    acknowledge the report: 2 days late, \
             Tue 19 May 2026, 23:59:59 UTC"
        );
        let mut bare = row();
        bare["next"] = Value::Null;
        bare["severity"] = Value::Null;
        bare["rated_by"] = Value::Null;
        bare["lead"] = json!("ada\u{1b}[2J");
        let bare = row_text(&bare, Paint::stdout());
        assert!(
            bare.contains("Not rated") && bare.ends_with("nothing is due"),
            "{bare}"
        );
        assert!(!bare.contains('\u{1b}'));
    }

    #[test]
    fn rows_are_narrowed_as_in_the_inbox() {
        let yes = |change: fn(&mut CaseListArgs)| {
            let mut args = CaseListArgs::default();
            change(&mut args);
            fits(&row(), &args)
        };
        assert!(yes(|_| ()));
        assert!(yes(|a| a.stage = Some("fix-in-development".into())));
        assert!(!yes(|a| a.stage = Some("received".into())));
        assert!(yes(|a| a.severity = Some("high".into())));
        assert!(!yes(|a| a.severity = Some("none".into())));
        assert!(yes(|a| a.lead = Some("nobody".into())));
        assert!(!yes(|a| a.lead = Some("ada".into())));
        assert!(yes(|a| a.waiting = Some("team".into())));
        assert!(!yes(|a| a.waiting = Some("reporter".into())));
        assert!(yes(|a| a.waiting = Some("cna".into())));
        assert!(!yes(|a| a.waiting = Some("vendor".into())));
        assert!(yes(|a| a.overdue = true));
        assert!(yes(|a| a.reference = Some("9qma".into())));
        assert!(!yes(|a| a.reference = Some("AAAA".into())));
        assert!(!yes(|a| a.closed = true));
        assert!(!yes(|a| a.program = Some("other".into())));
    }

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
