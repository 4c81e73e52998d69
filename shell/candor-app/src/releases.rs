//! The register of releases of a program: what was released, and what of it is supported.
//!
//! Invariants: it is part of the settings, so that its history is kept with theirs; a
//! case of an earlier policy version uses today's register, since which branches there
//! are is a fact and no promise; a version stands in it once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use candor_access::view::RegisterView;
use candor_access::{Action, CaseFacts, build, permit};
use candor_base::ProgramSlug;
use candor_case::Command;

use crate::app::App;
use crate::input::{ActError, Fault};
use crate::programs::InForce;
use crate::seal::field_error;

/// Releases of one program.
const MOST: usize = 1_000;

/// What to do with versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReleaseChange {
    /// Add them; the policy's own rule says whether they are supported. What is known
    /// already keeps its mark.
    Add,
    /// Add them, or mark what is known: supported, or not.
    Mark(bool),
    /// Take them out.
    Remove,
}

impl App {
    /// The register of releases.
    pub fn release_register(&self, token: &str, slug: &str) -> Result<RegisterView, ActError> {
        let (_, slug, right) = self.staff_in(token, slug, Action::Settings)?;
        let (_, in_force) = self.known_program(slug.as_str())?;
        build::build_register(&right, &in_force.policy).ok_or(ActError::NotFound)
    }

    /// Changes it; gives a sentence that says what was done. `dates` are days of release
    /// by version; the day of a version that is there already is written down with it.
    pub fn change_releases(
        &self,
        token: &str,
        slug: &str,
        versions: &[String],
        dates: &BTreeMap<String, String>,
        change: ReleaseChange,
    ) -> Result<String, ActError> {
        let shown = self.settings(token, slug)?;
        let before = shown.values;
        let known = before.get("releases").cloned().unwrap_or_default();
        let mut lines: Vec<String> = known.lines().map(str::to_owned).collect();
        let count = apply(&mut lines, versions, dates, change)?;
        if count == 0 {
            return Ok("Nothing was changed.".to_owned());
        }
        if lines.len() > MOST {
            return Err(field_error(
                "releases",
                format!("A register holds {MOST} releases at most. Leave out the oldest."),
            ));
        }
        let mut fields = before;
        fields.insert("releases".to_owned(), lines.join("\n"));
        self.save_settings(token, slug, fields, &shown.base)?;
        let what = match change {
            ReleaseChange::Add => "added",
            ReleaseChange::Mark(true) => "marked as supported",
            ReleaseChange::Mark(false) => "marked as unsupported",
            ReleaseChange::Remove => "taken out",
        };
        let releases = if count == 1 { "release" } else { "releases" };
        Ok(format!("{count} {releases} {what}."))
    }

    /// A policy version with today's register: which releases and branches there are is
    /// no promise, and holds for every open case.
    pub(crate) fn with_register(
        &self,
        program: &ProgramSlug,
        version: Arc<InForce>,
    ) -> Result<Arc<InForce>, Fault> {
        let Some(record) = self.program(program)? else {
            return Ok(version);
        };
        if record.policy == version.policy.digest {
            return Ok(version);
        }
        let today = self.policy_of(program, &record.policy)?;
        let (old, new) = (&version.policy.settings, &today.policy.settings);
        if old.releases == new.releases && old.next_release == new.next_release {
            return Ok(version);
        }
        let mut policy = version.policy.clone();
        policy.settings.releases.clone_from(&new.releases);
        policy.settings.next_release = new.next_release;
        Ok(Arc::new(InForce {
            name: version.name.clone(),
            policy,
            findings: version.findings.clone(),
            reread: version.reread.clone(),
            since: version.since,
            text: version.text.clone(),
            file: version.file.clone(),
        }))
    }

    /// Promises that wait for the next release get its day, once that is known.
    pub(crate) fn schedule_open_cases(&self, slug: &ProgramSlug) -> Result<(), Fault> {
        for row in self.store().rows(slug)? {
            let waits = row.clocks.iter().any(|c| c.open && c.due.is_none());
            if row.closed || !waits {
                continue;
            }
            let facts = CaseFacts::case(slug.clone(), row.case);
            let right = permit(
                &candor_access::Principal::System,
                Action::Act("tick"),
                &facts,
            );
            let Some(right) = right else { continue };
            if let Err(ActError::Fault(fault)) =
                self.act(&right, None, &|_, _| Ok(vec![Command::Tick]))
            {
                tracing::warn!(why = %fault.operator, "a case was not scheduled anew");
            }
        }
        Ok(())
    }
}

fn version_of(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

/// The day of a line.
fn day_of(line: &str) -> Option<&str> {
    let is_day = |word: &&str| word.parse::<jiff::civil::Date>().is_ok();
    line.split_whitespace().skip(1).find(is_day)
}

fn mark_of(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().skip(1);
    words.find(|word| word.ends_with("supported"))
}

fn line_of(version: &str, mark: Option<&str>, day: Option<&str>) -> String {
    let words = [Some(version), mark, day].into_iter().flatten();
    words.collect::<Vec<&str>>().join(" ")
}

/// Days of release, each checked.
fn days(dates: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, ActError> {
    let mut out = BTreeMap::new();
    for (version, day) in dates {
        let day: jiff::civil::Date = day.trim().parse().map_err(|_| {
            let message = "Write the day of a release like 2026-12-31.";
            field_error("releases", message.to_owned())
        })?;
        out.insert(version.trim().to_owned(), day.to_string());
    }
    Ok(out)
}

/// Changes the lines of the register; gives how many versions it was about.
fn apply(
    lines: &mut Vec<String>,
    versions: &[String],
    dates: &BTreeMap<String, String>,
    change: ReleaseChange,
) -> Result<usize, ActError> {
    let mut named = BTreeSet::new();
    for version in versions {
        let version = version.trim();
        let odd = version.is_empty()
            || version.len() > 60
            || version.chars().any(|c| c.is_whitespace() || c.is_control());
        if odd {
            let shown: String = version.chars().take(60).collect();
            return Err(field_error(
                "releases",
                format!("\u{201c}{}\u{201d} is no version.", shown.escape_debug()),
            ));
        }
        named.insert(version.to_owned());
    }
    let dates = days(dates)?;
    let before = lines.clone();
    match change {
        ReleaseChange::Remove => lines.retain(|l| !named.contains(version_of(l))),
        ReleaseChange::Add => {
            let known: BTreeSet<String> = lines.iter().map(|l| version_of(l).to_owned()).collect();
            // In the order given, before what is there: the newest stands first.
            let mut all: Vec<String> = Vec::new();
            for version in versions.iter().map(|v| v.trim()) {
                if !known.contains(version) && !all.iter().any(|v| v == version) {
                    all.push(version.to_owned());
                }
            }
            all.append(lines);
            *lines = all;
            date_lines(lines, &named, &dates);
        }
        ReleaseChange::Mark(supported) => {
            let word = if supported {
                "supported"
            } else {
                "unsupported"
            };
            for version in &named {
                match lines.iter_mut().find(|l| version_of(l) == version) {
                    Some(found) => *found = line_of(version, Some(word), day_of(found)),
                    None => lines.insert(0, line_of(version, Some(word), None)),
                }
            }
            date_lines(lines, &named, &dates);
        }
    }
    let changed = before.iter().filter(|l| !lines.contains(l)).count();
    let added = lines.iter().filter(|l| !before.contains(l)).count();
    Ok(changed.max(added))
}

/// Writes down the days of these versions.
fn date_lines(lines: &mut [String], named: &BTreeSet<String>, dates: &BTreeMap<String, String>) {
    for line in lines.iter_mut() {
        let version = version_of(line);
        let day = dates.get(version).filter(|_| named.contains(version));
        if let Some(day) = day {
            *line = line_of(version, mark_of(line), Some(day));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(lines: &[&str], versions: &[&str], change: ReleaseChange) -> (usize, Vec<String>) {
        let mut lines: Vec<String> = lines.iter().map(|l| (*l).to_owned()).collect();
        let versions: Vec<String> = versions.iter().map(|v| (*v).to_owned()).collect();
        let count = apply(&mut lines, &versions, &BTreeMap::new(), change).unwrap();
        (count, lines)
    }

    #[test]
    fn a_day_is_kept_and_can_be_set_anew() {
        let day = |d: &str| BTreeMap::from([("1.3".to_owned(), d.to_owned())]);
        let version = ["1.3".to_owned()];
        let mut lines = vec!["1.3".to_owned(), "1.2 2025-01-01".to_owned()];
        let add = ReleaseChange::Add;
        assert_eq!(
            apply(&mut lines, &version, &day("2026-01-09"), add).unwrap(),
            1
        );
        assert_eq!(lines, ["1.3 2026-01-09", "1.2 2025-01-01"]);
        let mark = ReleaseChange::Mark(false);
        apply(&mut lines, &version, &BTreeMap::new(), mark).unwrap();
        assert_eq!(lines, ["1.3 unsupported 2026-01-09", "1.2 2025-01-01"]);
        apply(&mut lines, &version, &day("2026-01-10"), add).unwrap();
        assert_eq!(lines, ["1.3 unsupported 2026-01-10", "1.2 2025-01-01"]);
        assert!(apply(&mut lines, &version, &day("soon"), add).is_err());
    }

    #[test]
    fn a_version_stands_once_and_keeps_its_mark() {
        let (count, lines) = changed(
            &["1.2.0 unsupported"],
            &["1.3.0", "1.2.0", "1.3.0"],
            ReleaseChange::Add,
        );
        assert_eq!(
            (count, lines.join(";")),
            (1, "1.3.0;1.2.0 unsupported".to_owned())
        );
        let (count, lines) = changed(&["1.3.0"], &["1.3.0", "1.0"], ReleaseChange::Mark(false));
        assert_eq!(count, 2);
        assert!(lines.contains(&"1.3.0 unsupported".to_owned()));
        let (count, lines) = changed(&["1.3.0", "1.2"], &["1.2", "9"], ReleaseChange::Remove);
        assert_eq!((count, lines.join(";")), (1, "1.3.0".to_owned()));
        assert_eq!(changed(&["1.3"], &["1.3"], ReleaseChange::Add).0, 0);
    }

    #[test]
    fn what_is_no_version_is_named() {
        for odd in ["", "1.2 3", "1.2\n3 supported", &"9".repeat(61)] {
            let mut lines = Vec::new();
            let versions = [odd.to_owned()];
            assert!(
                apply(&mut lines, &versions, &BTreeMap::new(), ReleaseChange::Add).is_err(),
                "{odd:?}"
            );
        }
    }
}
