//! The figures as a table for spreadsheets (RFC 4180).
//!
//! Invariant: every cell is a number or a fixed word, so that no cell is a formula.

use candor_policy::model::Firmness;

use crate::figures::Figures;
use crate::spread::Spread;

const HEAD: &str = "kind,figure,of,n,median,p90,max,part,whole";

/// One line for each figure.
pub fn csv(figures: &Figures) -> String {
    let mut lines = vec![HEAD.to_owned()];
    for time in &figures.times {
        lines.push(spread("seconds", time.name.key(), &time.seconds));
        if let Some(days) = &time.business_days {
            lines.push(spread("business_days", time.name.key(), days));
        }
    }
    for p in &figures.promises {
        let what = word(p.milestone);
        let of = match p.firmness {
            Firmness::Commit => "commit",
            Firmness::Target => "target",
            Firmness::Typical => "typical",
        };
        let share = |kind: &str, kept: u32, missed: u32| {
            let whole = kept.saturating_add(missed);
            format!("{kind},{what},{of},{},,,,{kept},{whole}", p.cases)
        };
        lines.push(share("promise", p.kept, p.missed));
        lines.push(share(
            "promise_at_first",
            p.kept_at_first,
            p.missed_at_first,
        ));
    }
    for s in &figures.shares {
        let key = s.name.key();
        lines.push(format!(
            "share,{key},,{},,,,{},{}",
            s.cases, s.part, s.whole
        ));
    }
    for c in &figures.counts {
        let rest = (c.rest > 0).then_some(("other", c.rest));
        for (kind, n) in c.kinds.iter().map(|(k, n)| (*k, *n)).chain(rest) {
            lines.push(format!("count,{},{kind},{n},,,,,", c.name.key()));
        }
    }
    if let Some(b) = &figures.backlog {
        let number = |what: &str, n: u32| format!("backlog,{what},,{n},,,,,");
        lines.push(number("reports", b.reports));
        lines.push(number("valid", b.valid));
        lines.push(number("open_valid", b.open_valid));
        lines.push(number("open_valid_over_90_days", b.old));
        lines.extend(b.age.iter().map(|s| spread("seconds", "age", s)));
        let old = b.old_age.iter();
        lines.extend(old.map(|s| spread("seconds", "age_over_90_days", s)));
        for (level, n) in &b.by_severity {
            lines.push(format!("backlog,open_valid,{level},{n},,,,,"));
        }
        for (level, n) in &b.old_by_severity {
            lines.push(format!("backlog,open_valid_over_90_days,{level},{n},,,,,"));
        }
    }
    for f in &figures.filings {
        let in_time = f.all.saturating_sub(f.late);
        lines.push(format!(
            "filing,{},{},{},,,,{in_time},{}",
            f.regime, f.stage, f.filed, f.all
        ));
    }
    lines.join("\r\n") + "\r\n"
}

fn spread(kind: &str, key: &str, s: &Spread) -> String {
    format!("{kind},{key},,{},{},{},{},,", s.n, s.median, s.p90, s.max)
}

/// The word of a milestone, as it is written in files.
fn word(milestone: candor_policy::model::Milestone) -> String {
    let name = format!("{milestone:?}");
    let mut out = String::new();
    for (n, c) in name.chars().enumerate() {
        if c.is_uppercase() && n > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}
