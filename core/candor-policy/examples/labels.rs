//! Writes the label form of policies: `labels OUT_DIR FILE…`; with `-` as the
//! directory it prints the compiled policy instead.

use std::path::Path;

fn main() -> std::process::ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(out) = args.next() else {
        return std::process::ExitCode::from(2);
    };
    for file in args {
        if one(&out, Path::new(&file)).is_none() {
            return std::process::ExitCode::FAILURE;
        }
    }
    std::process::ExitCode::SUCCESS
}

#[allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a tool for the terminal, outside the core"
)]
fn one(out: &str, file: &Path) -> Option<()> {
    let bytes = std::fs::read(file).ok()?;
    let Ok(found) = candor_policy::compile(&bytes) else {
        println!("{}: no policy", file.display());
        return Some(());
    };
    if out == "-" {
        println!("{}", serde_json::to_string_pretty(&found.value).ok()?);
        for finding in found.findings {
            println!("{finding:?}");
        }
        return Some(());
    }
    let name = format!("{}.json", file.file_stem()?.to_str()?);
    let json = serde_json::to_string_pretty(&candor_policy::labels(&found.value)).ok()?;
    std::fs::write(Path::new(out).join(name), json).ok()
}
