//! `candor report`: a report from the terminal, through the same door as the form.
//!
//! Invariants: nothing is sent that the person did not give; the receipt is
//! printed once and its signed file is saved, never over another file.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use candor_guard::{Address, Answer, Client, FilePart};
use serde_json::Value;

use crate::cli::ReportArgs;
use crate::policy;
use crate::say::{self, Paint, Tone, harmless};
use crate::stop::{Done, Stop};
use crate::terminal;

/// Fields that every form has, beside those of the policy: name, question.
const ALWAYS: &[(&str, &str)] = &[
    ("version", "Version, tag or commit"),
    ("certainty", "How certain are you? (sure, likely, not_sure)"),
    ("is_public", "Do other people know of it already? (yes, no)"),
    ("public_where", "If it is public: where, and since when?"),
    ("email", "E-mail address, only for notices (may stay empty)"),
    ("name", "Name or handle (may stay empty)"),
    (
        "credit",
        "May the advisory name you? (named, anonymous, or empty)",
    ),
    ("credit_name", "Name to thank"),
];

/// Sends a report.
pub(crate) fn run(args: &ReportArgs) -> Done {
    let address = Address::parse(&args.url)
        .map_err(|why| Stop::input(format!("{}: {why}.", args.url)))?
        .without("/report");
    let client = Client::new();
    let form = fetch_form(&client, &address)?;
    if args.fields {
        list_fields(&form);
        return Ok(());
    }
    let mut fields = given(args)?;
    unknown(&form, &fields);
    let files = attachments(&args.attach)?;
    let asked = args.from.is_none() && terminal::is_there();
    if asked {
        ask_missing(&form, &mut fields)?;
    }
    if let Some(nonce) = form.get("nonce").and_then(Value::as_str) {
        fields
            .entry("nonce".to_owned())
            .or_insert_with(|| nonce.to_owned());
    }
    let answer = send(args, &client, &address, &fields, &files)?;
    finish(args, &answer)
}

/// Pauses before the next try, in seconds.
const AGAIN: [u64; 3] = [1, 3, 8];

/// Sends it until there is an answer. The nonce among its fields makes one case of it, however
/// often it arrives. Without any answer all fields are kept in a file.
fn send(
    args: &ReportArgs,
    client: &Client,
    address: &Address,
    fields: &BTreeMap<String, String>,
    files: &[FilePart],
) -> Result<Answer, Stop> {
    let to = address.join("report");
    for pause in AGAIN {
        match client.post(&to, fields, files) {
            Ok(answer) => return Ok(answer),
            Err(why) => say::note(&format!(
                "{} Sending the very same report again in {pause} s.",
                sentence(&why.to_string())
            )),
        }
        std::thread::sleep(Duration::from_secs(pause));
    }
    client
        .post(&to, fields, files)
        .map_err(|why| not_known(args, address, fields, &why.to_string()))
}

/// Nobody knows whether the report was stored: what was given is kept with its nonce.
fn not_known(
    args: &ReportArgs,
    address: &Address,
    fields: &BTreeMap<String, String>,
    why: &str,
) -> Stop {
    let unknown = "It is not known whether the report was stored.";
    let kept = match keep(fields) {
        Ok(path) => {
            let mut files = String::new();
            for file in &args.attach {
                files.extend([" --attach ", &file.display().to_string()]);
            }
            format!(
                "Everything but the files was kept in {path}, for you alone. This sends the very \
                 same report again, and makes no second case of it:\n  candor report {} --from \
                 {path}{files}",
                address.as_str(),
                path = path.display(),
            )
        }
        Err(cannot) => format!(
            "It could not be kept in a file, either ({cannot}). Sending it anew may make a second \
             case; say so in it."
        ),
    };
    Stop::environment(format!("{} {unknown} {kept}", sentence(why)))
}

/// Writes the fields into a new file that others cannot read.
fn keep(fields: &BTreeMap<String, String>) -> std::io::Result<PathBuf> {
    // A text of JSON is one of TOML, but for the one sign that TOML wants escaped, too.
    let quoted = |text: &str| Value::from(text).to_string().replace('\u{7f}', "\\u007f");
    let mut text = String::new();
    for (name, value) in fields {
        text.extend([&quoted(name), " = ", &quoted(value), "\n"]);
    }
    let names = (1..100).map(|n| match n {
        1 => "candor-report-unsent.toml".to_owned(),
        n => format!("candor-report-unsent-{n}.toml"),
    });
    for path in names.map(PathBuf::from) {
        let mut options = std::fs::OpenOptions::new();
        match options.write(true).create_new(true).mode(0o600).open(&path) {
            Ok(mut file) => {
                file.write_all(text.as_bytes())?;
                file.sync_all()?;
                return Ok(path);
            }
            Err(why) if why.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(why) => return Err(why),
        }
    }
    Err(std::io::Error::other("there are too many such files here"))
}

/// With one sign at its end.
fn sentence(text: &str) -> String {
    if text.ends_with(['.', '?', '!']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

fn fetch_form(client: &Client, address: &Address) -> Result<Value, Stop> {
    let answer = client
        .get(&address.join("report.json"), "application/json")
        .map_err(|why| Stop::environment(sentence(&why.to_string())))?;
    if answer.status == 404 {
        return Err(Stop::input(format!(
            "{} is not the page of a program. The address ends in /p/ and the name of the program.",
            address.as_str()
        )));
    }
    serde_json::from_str(&answer.text).map_err(|_| {
        Stop::environment(format!(
            "{} did not answer with a report form (it answered {}); is it a Candor server?",
            address.as_str(),
            answer.status
        ))
    })
}

/// Fields from `--from` and `--field`; the latter win.
fn given(args: &ReportArgs) -> Result<BTreeMap<String, String>, Stop> {
    let mut fields = BTreeMap::new();
    if let Some(path) = &args.from {
        fields.extend(from_toml(path)?);
    }
    for field in &args.field {
        let Some((name, value)) = field.split_once('=') else {
            return Err(Stop::input(format!(
                "--field takes name=value, but got `{}`.",
                harmless(field)
            )));
        };
        let value = match value.strip_prefix('@') {
            Some(path) => read_text(Path::new(path))?,
            None => value.to_owned(),
        };
        fields.insert(name.trim().to_owned(), value);
    }
    Ok(fields)
}

fn from_toml(path: &Path) -> Result<BTreeMap<String, String>, Stop> {
    let text = read_text(path)?;
    let table: toml::Table = toml::from_str(&text)
        .map_err(|why| Stop::input(format!("{} has a mistake:\n{why}", path.display())))?;
    table
        .into_iter()
        .map(|(name, value)| match value {
            toml::Value::String(text) => Ok((name, text)),
            toml::Value::Boolean(yes) => Ok((name, if yes { "yes" } else { "no" }.to_owned())),
            toml::Value::Integer(number) => Ok((name, number.to_string())),
            toml::Value::Float(number) => Ok((name, number.to_string())),
            _ => Err(Stop::input(format!(
                "In {}, `{name}` must be a text in quotes.",
                path.display()
            ))),
        })
        .collect()
}

fn read_text(path: &Path) -> Result<String, Stop> {
    let cannot =
        |why: std::io::Error| Stop::input(format!("{} cannot be read: {why}.", path.display()));
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin()
            .lock()
            .read_to_string(&mut text)
            .map_err(cannot)?;
        return Ok(text);
    }
    std::fs::read_to_string(path).map_err(cannot)
}

fn attachments(paths: &[PathBuf]) -> Result<Vec<FilePart>, Stop> {
    paths
        .iter()
        .map(|path| {
            let bytes = std::fs::read(path).map_err(|why| {
                Stop::input(format!("{} cannot be attached: {why}.", path.display()))
            })?;
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
            Ok(FilePart {
                field: "files".to_owned(),
                name: name.unwrap_or_else(|| "file".to_owned()),
                bytes,
            })
        })
        .collect()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or("")
}

fn form_fields(form: &Value) -> impl Iterator<Item = &Value> {
    form.get("fields")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// Says which fields the form does not have; what they hold may still matter, so it is sent.
fn unknown(form: &Value, fields: &BTreeMap<String, String>) {
    let known = |name: &str| {
        name == "nonce"
            || ALWAYS.iter().any(|(always, _)| *always == name)
            || form_fields(form).any(|field| text(field, "key") == name)
    };
    for name in fields.keys().filter(|name| !known(name)) {
        say::note(&format!(
            "note: the form has no field `{}`. It is sent all the same; --fields lists the fields.",
            harmless(name)
        ));
    }
}

fn list_fields(form: &Value) {
    for field in form_fields(form) {
        say::line(&format!(
            "{:<18} {:<14} {}",
            harmless(text(field, "key")),
            harmless(text(field, "demand")),
            harmless(text(field, "label"))
        ));
    }
    for (name, question) in ALWAYS {
        say::line(&format!("{name:<18} {:<14} {question}", "optional"));
    }
}

fn ask_missing(form: &Value, fields: &mut BTreeMap<String, String>) -> Done {
    for field in form_fields(form) {
        let key = text(field, "key");
        if fields.contains_key(key) {
            continue;
        }
        let question = format!(
            "{} [{}]",
            harmless(text(field, "label")),
            harmless(text(field, "demand"))
        );
        let help = harmless(text(field, "help"));
        if !help.is_empty() {
            say::note(&help);
        }
        let many = field
            .get("multiline")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        let answer = if many {
            terminal::ask_lines(&question)?
        } else {
            terminal::ask(&format!("{question}:"))?
        };
        fields.insert(key.to_owned(), answer);
    }
    for (name, question) in ALWAYS {
        if !fields.contains_key(*name) {
            fields.insert((*name).to_owned(), terminal::ask(&format!("{question}:"))?);
        }
    }
    Ok(())
}

fn finish(args: &ReportArgs, answer: &Answer) -> Done {
    let body: Value = serde_json::from_str(&answer.text).unwrap_or_default();
    match answer.status {
        200 | 201 if body.get("code").is_some() => receipt(args, &body),
        404 => Err(Stop::input("This server has no such program.")),
        400 | 413 | 422 => Err(Stop::input(refusal(&body))),
        429 | 503 => Err(Stop::environment(not_now(&body))),
        other => Err(Stop::environment(format!(
            "The server could not take the report (it answered {other}). Nothing was stored, as far as it says."
        ))),
    }
}

/// Why the server takes nothing just now, in its own words where it has some.
fn not_now(form: &Value) -> String {
    let errors = form.get("errors").and_then(Value::as_array);
    errors
        .into_iter()
        .flatten()
        .map(|error| harmless(text(error, "message")))
        .find(|words| !words.is_empty())
        .unwrap_or_else(|| {
            "The server is busy. Nothing was stored; try again in a minute.".to_owned()
        })
}

/// What has to be corrected, field by field.
fn refusal(form: &Value) -> String {
    let mut lines = vec!["The report was not stored. Please correct:".to_owned()];
    for field in form_fields(form) {
        let error = text(field, "error");
        if !error.is_empty() {
            lines.push(format!(
                "  {}: {}",
                harmless(text(field, "key")),
                harmless(error)
            ));
        }
    }
    for error in form
        .get("errors")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let name = text(error, "field");
        let name = if name.is_empty() { "report" } else { name };
        let line = format!("  {}: {}", harmless(name), harmless(text(error, "message")));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

fn receipt(args: &ReportArgs, receipt: &Value) -> Done {
    let saved = save_note(args, receipt);
    if args.json {
        say::line(&policy::json(receipt)?);
        return saved.map(|_| ());
    }
    let paint = Paint::stdout();
    let words = |v: &Value, name: &str| harmless(text(v, name));
    say::line(&format!(
        "Your report is stored. Its number is {}.",
        words(receipt, "reference")
    ));
    say::line("Your receipt code, shown only now; with it you enter your room:");
    say::line(&format!(
        "\n    {}\n",
        paint.paint(Tone::Strong, &words(receipt, "code"))
    ));
    for clock in receipt
        .get("clocks")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        if let Some(due) = clock.get("due").filter(|d| !d.is_null()) {
            say::line(&format!(
                "  {} by {} ({})",
                words(clock, "what"),
                words(due, "words"),
                words(clock, "firmness")
            ));
        }
    }
    let missing: Vec<String> = receipt
        .get("missing")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(harmless)
        .collect();
    if !missing.is_empty() {
        say::line(&format!(
            "  The policy also asks for: {}. You can add it in your room.",
            missing.join(", ")
        ));
    }
    if let Some(follow_up) = receipt.get("follow_up").and_then(Value::as_str) {
        say::line(&format!("  {}", harmless(follow_up)));
    }
    let path = saved?;
    say::line(&format!(
        "\nThe signed receipt is in {}. Check it with",
        path.display()
    ));
    say::line(&format!(
        "  candor verify {} --key '{}'",
        path.display(),
        words(receipt, "verifier_key")
    ));
    Ok(())
}

fn save_note(args: &ReportArgs, receipt: &Value) -> Result<PathBuf, Stop> {
    let name: String = text(receipt, "reference")
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    let path = args
        .receipt
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("candor-receipt-{name}.txt")));
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
        .and_then(|mut file| file.write_all(text(receipt, "note").as_bytes()));
    match written {
        Ok(()) => Ok(path),
        Err(why) => {
            // The report is stored: the receipt must reach the person some way.
            say::note(&format!(
                "The signed receipt could not be saved to {}: {why}. Here it is:",
                path.display()
            ));
            say::note(text(receipt, "note"));
            Err(Stop::environment(
                "The report is stored, but the receipt file is not. Save the lines above.",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn errors_of_a_form_are_listed_once() {
        let form = json!({
            "fields": [{"key": "description", "error": "this must not be empty"}, {"key": "summary", "error": null}],
            "errors": [{"field": "description", "message": "this must not be empty"}, {"field": "", "message": "too large"}],
        });
        let words = refusal(&form);
        assert_eq!(words.matches("description").count(), 1, "{words}");
        assert!(words.contains("report: too large"), "{words}");
    }

    #[test]
    fn a_file_of_fields_takes_plain_values_only() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("r.toml");
        std::fs::write(&path, "summary = \"S\"\nis_public = false\nversion = 2\n").unwrap();
        let fields = from_toml(&path).unwrap();
        assert_eq!(fields.get("is_public").unwrap(), "no");
        assert_eq!(fields.get("version").unwrap(), "2");
        std::fs::write(&path, "summary = [\"S\"]\n").unwrap();
        assert!(from_toml(&path).unwrap_err().message.contains("`summary`"));
    }
}
