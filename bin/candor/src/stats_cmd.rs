//! `candor stats`: figures, beside a running server. No content of a case.

use serde_json::{Value, json};

use crate::cli::StatsArgs;
use crate::local::Link;
use crate::policy;
use crate::say::{self, harmless};
use crate::stop::{Done, Stop};

/// Shows figures of one program or of all.
pub(crate) fn run(args: &StatsArgs) -> Done {
    let all = Link::connect(&args.local.data)?.ask(&json!({"op": "statistics"}))?;
    let mut programs = all.as_array().cloned().unwrap_or_default();
    let name = |p: &Value| p.get("program").and_then(Value::as_str).map(str::to_owned);
    if let Some(wanted) = &args.program {
        programs.retain(|p| name(p).as_ref() == Some(wanted));
    }
    if programs.is_empty() {
        return Err(Stop::refused("There is no such program on this server."));
    }
    if args.csv {
        let [program] = programs.as_slice() else {
            return Err(Stop::refused(
                "A table is of one program: name it with --program.",
            ));
        };
        let table = program.get("csv").and_then(Value::as_str);
        say::line(table.unwrap_or_default().trim_end());
        return Ok(());
    }
    for program in &mut programs {
        if let Some(fields) = program.as_object_mut() {
            fields.remove("csv");
        }
    }
    if args.json {
        say::line(&policy::json(&programs)?);
        return Ok(());
    }
    let part = if args.public { "public" } else { "all" };
    for program in &programs {
        say::line(&harmless(&name(program).unwrap_or_default()));
        let found = program.get(part).cloned().unwrap_or_default();
        for line in lines(&found) {
            say::line(&harmless(&line));
        }
        say::line("");
    }
    Ok(())
}

/// The figures as lines: times in hours, then promises and shares.
fn lines(figures: &Value) -> Vec<String> {
    let rows = |name: &str| {
        let found = figures.get(name).and_then(Value::as_array);
        found.cloned().unwrap_or_default()
    };
    let number = |v: &Value, name: &str| v.get(name).and_then(Value::as_i64).unwrap_or(0);
    let text = |v: &Value, name: &str| {
        let word = v.get(name).and_then(Value::as_str).unwrap_or("-");
        word.replace('_', " ")
    };
    let mut out = vec![format!("{} reports count", number(figures, "reports"))];
    for t in rows("times") {
        let s = t.get("seconds").cloned().unwrap_or_default();
        let hours = |name: &str| number(&s, name) / 3_600;
        out.push(format!(
            "  {:<22} median {} h, 90 of 100 {} h, longest {} h, of {}",
            text(&t, "name"),
            hours("median"),
            hours("p90"),
            hours("max"),
            number(&s, "n")
        ));
    }
    for p in rows("promises") {
        out.push(format!(
            "  {:<22} {} kept, {} missed, {} running ({})",
            text(&p, "milestone"),
            number(&p, "kept"),
            number(&p, "missed"),
            number(&p, "running"),
            text(&p, "firmness")
        ));
    }
    for s in rows("shares") {
        out.push(format!(
            "  {:<22} {} of {}",
            text(&s, "name"),
            number(&s, "part"),
            number(&s, "whole")
        ));
    }
    if let Some(backlog) = figures.get("backlog").filter(|b| b.is_object()) {
        out.push(format!(
            "  {:<22} {} valid, {} of them for more than 90 days",
            "open",
            number(backlog, "open_valid"),
            number(backlog, "old")
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_become_lines() {
        let figures = json!({
            "reports": 7,
            "times": [{"name": "last_fix", "seconds": {"n": 7, "median": 7_200, "p90": 36_000, "max": 36_001}}],
            "shares": [{"name": "validity", "part": 3, "whole": 4}],
            "backlog": {"open_valid": 2, "old": 1},
        });
        let lines = lines(&figures);
        assert_eq!(lines[0], "7 reports count");
        assert!(lines[1].contains("last fix"), "{}", lines[1]);
        assert!(lines[1].contains("median 2 h, 90 of 100 10 h, longest 10 h, of 7"));
        assert!(lines[2].contains("3 of 4"));
        assert!(lines[3].contains("2 valid, 1 of them"));
    }
}
