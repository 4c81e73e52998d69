//! What a program is called when its policy names no product: by the folder of the
//! file, or by the file.
//!
//! Invariants: two files given in one start never get one name; a name that says
//! nothing (`docs`) is passed over.

use std::path::Path;

use candor_base::ProgramSlug;

use super::PolicyFile;
use crate::stop::Stop;

/// Folder and file names that tell no project from another.
const GENERIC: [&str; 15] = [
    "github",
    "gitlab",
    "doc",
    "docs",
    "policy",
    "policies",
    "security",
    "security-policy",
    "candor-policy",
    "readme",
    "src",
    "home",
    "root",
    "tmp",
    "program",
];

/// A name for each file, in their order; exit code 2 when two of them would be one program.
pub(crate) fn names(files: &[PolicyFile]) -> Result<Vec<String>, Stop> {
    let all: Vec<Vec<String>> = files.iter().map(candidates).collect();
    let names: Vec<String> = all
        .iter()
        .enumerate()
        .map(|(own, list)| chosen(list, own, &all))
        .collect();
    for (n, name) in names.iter().enumerate() {
        let slug = ProgramSlug::from_name(name);
        let before = names
            .iter()
            .take(n)
            .position(|o| ProgramSlug::from_name(o) == slug);
        if let Some((one, two)) = before.and_then(|b| files.get(b)).zip(files.get(n)) {
            return Err(Stop::input(format!(
                "{} and {} would both be the program \u{201c}{slug}\u{201d}, and one would replace the \
                 other. Nothing was changed. Give each a name of its own in its text, such as \u{201c}# \
                 Security policy of NAME\u{201d}, or start only one of them.",
                shown(one),
                shown(two)
            )));
        }
    }
    Ok(names)
}

fn shown(file: &PolicyFile) -> String {
    file.path
        .as_ref()
        .map_or_else(|| "standard input".to_owned(), |p| p.display().to_string())
}

/// The first name that says something and that no other file could have too.
fn chosen(list: &[String], own: usize, all: &[Vec<String>]) -> String {
    let slug = |name: &String| ProgramSlug::from_name(name);
    let alone = |name: &&String| {
        let others = all.iter().enumerate().filter(|(n, _)| *n != own);
        !others.flat_map(|(_, l)| l).any(|o| slug(o) == slug(name))
    };
    let first = list.iter().find(alone).or_else(|| list.last());
    first.cloned().unwrap_or_else(|| "program".to_owned())
}

/// Names a file could have, the best first: its product alone, when it names one.
fn candidates(file: &PolicyFile) -> Vec<String> {
    if let Some(product) = &file.compiled.value.product {
        return vec![product.value.clone()];
    }
    let Some(path) = &file.path else {
        return vec!["program".to_owned()];
    };
    let stem = name_of(path.with_extension("").as_path());
    let up = |levels: usize| {
        path.ancestors()
            .nth(levels)
            .map(name_of)
            .unwrap_or_default()
    };
    let mut list: Vec<String> = [up(1), without_marks(&stem), up(2)]
        .into_iter()
        .filter(|name| says_something(name))
        .collect();
    list.push(stem);
    list
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
    name.unwrap_or_default()
}

fn says_something(name: &str) -> bool {
    let slug = ProgramSlug::from_name(name);
    !name.trim().is_empty() && !GENERIC.contains(&slug.as_str())
}

/// A file name without numbering and hash: `002_lantern_0416fb4b0cc294a1` is `lantern`.
fn without_marks(stem: &str) -> String {
    let is_mark = |part: &&str| {
        let hex = part.len() >= 7 && part.chars().all(|c| c.is_ascii_hexdigit());
        part.is_empty() || hex || part.chars().all(|c| c.is_ascii_digit())
    };
    let parts: Vec<&str> = stem.split(['_', '-', '.', ' ']).collect();
    let kept: Vec<&str> = parts.into_iter().filter(|p| !is_mark(p)).collect();
    kept.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMELESS: &str = "# Security Policy\n\nPlease report vulnerabilities to a@b.example.\n";

    fn given(paths: &[&str]) -> Result<Vec<String>, String> {
        let files: Vec<PolicyFile> = paths
            .iter()
            .map(|path| PolicyFile {
                file_name: name_of(Path::new(path)),
                path: Some(path.into()),
                bytes: NAMELESS.into(),
                compiled: candor_policy::compile(NAMELESS.as_bytes()).unwrap(),
                stated: candor_policy::Stated::default(),
                source: None,
            })
            .collect();
        assert!(files.iter().all(|f| f.compiled.value.product.is_none()));
        names(&files).map_err(|stop| stop.message)
    }

    #[test]
    fn a_folder_names_its_only_policy() {
        assert_eq!(given(&["/x/lantern/SECURITY.md"]).unwrap(), ["lantern"]);
        assert_eq!(
            given(&["/x/lantern/.github/SECURITY.md"]).unwrap(),
            ["lantern"]
        );
        assert_eq!(given(&["/docs/SECURITY.md"]).unwrap(), ["SECURITY"]);
    }

    #[test]
    fn files_of_one_folder_have_names_of_their_own() {
        assert_eq!(
            given(&[
                "/t/texts/002_0416fb4b0cc294a1.txt",
                "/t/texts/004_kite_6fc831b.txt"
            ])
            .unwrap(),
            ["002_0416fb4b0cc294a1", "kite"]
        );
        assert_eq!(
            given(&["/a/docs/SECURITY.md", "/b/docs/SECURITY.md"]).unwrap(),
            ["a", "b"]
        );
    }

    #[test]
    fn what_cannot_be_told_apart_is_refused() {
        let said = given(&["/x/docs/SECURITY.md", "/x/docs/SECURITY.txt"]).unwrap_err();
        assert!(
            said.contains("SECURITY.txt") && said.contains("would both be"),
            "{said}"
        );
    }
}
