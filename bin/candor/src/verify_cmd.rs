//! `candor verify`: does a receipt hold?
//!
//! Invariant: without `--key-url` no network is used.

use std::io::Read as _;
use std::path::Path;

use candor_guard::{Address, Client};
use candor_ledger::{Receipt, VerifyError};

use crate::cli::VerifyArgs;
use crate::policy;
use crate::say::{self, Paint, Tone};
use crate::stop::{Done, Stop};

/// Largest receipt or key read, in bytes.
const MOST: u64 = 1024 * 1024;

/// Checks the receipt against the key.
pub(crate) fn run(args: &VerifyArgs) -> Done {
    let note = read(&args.receipt)?;
    let key = key(args)?;
    let receipt = candor_ledger::verify(&note, &key).map_err(|why| match why {
        // Says nothing about the receipt.
        VerifyError::Key(why) => Stop::input(format!(
            "The key cannot be used: {why}. Copy the whole line; it begins with the name of the \
             server and holds two plus signs."
        )),
        why => Stop::refused(format!(
            "{}: this receipt does not hold: {why}.",
            args.receipt.display()
        )),
    })?;
    if args.json {
        say::line(&policy::json(&receipt)?);
    } else {
        say::line(&words(&receipt, Paint::stdout()));
    }
    Ok(())
}

fn key(args: &VerifyArgs) -> Result<String, Stop> {
    match (&args.key, &args.key_file, &args.key_url) {
        (Some(key), _, _) => Ok(key.trim().to_owned()),
        (_, Some(file), _) => Ok(read(file)?.trim().to_owned()),
        (_, _, Some(url)) => fetch(url),
        (None, None, None) => Err(Stop::input(
            "Which key? Give the verifier key with --key or --key-file. It stands on the page \
             you saw after you sent the report, and at /.well-known/candor-receipt-key of the \
             server; --key-url fetches it from there.",
        )),
    }
}

fn fetch(url: &str) -> Result<String, Stop> {
    let address = Address::parse(url).map_err(|why| Stop::input(format!("{url}: {why}.")))?;
    let answer = Client::new()
        .get(
            &address.join(".well-known/candor-receipt-key"),
            "text/plain",
        )
        .map_err(|why| Stop::environment(format!("{why}.")))?;
    match answer.status {
        200 => Ok(answer.text.trim().to_owned()),
        other => Err(Stop::environment(format!(
            "{url} has no verifier key (it answered {other}); is it a Candor server?"
        ))),
    }
}

fn read(path: &Path) -> Result<String, Stop> {
    let cannot =
        |why: std::io::Error| Stop::input(format!("{} cannot be read: {why}.", path.display()));
    let mut text = String::new();
    if path == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(MOST)
            .read_to_string(&mut text)
            .map_err(cannot)?;
    } else {
        let file = std::fs::File::open(path).map_err(cannot)?;
        file.take(MOST).read_to_string(&mut text).map_err(cannot)?;
    }
    Ok(text)
}

fn words(receipt: &Receipt, paint: Paint) -> String {
    let mut out = vec![
        paint.paint(Tone::Good, "This receipt holds."),
        format!("  case           {}", receipt.case),
        format!("  program        {}", receipt.program),
        format!("  received       {}", receipt.received),
        format!("  policy         {}", receipt.policy),
        format!("  your report    {} (SHA-256)", receipt.report),
        format!("  as stored      {} (SHA-256)", receipt.sealed),
    ];
    for promise in &receipt.promises {
        out.push(format!("  promised       {promise}"));
    }
    out.join("\n")
}
