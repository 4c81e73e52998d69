//! `candor verify`: does a receipt hold, and does it stand in the public log?
//!
//! Invariant: without `--key-url` no network is used.

use std::io::Read as _;
use std::path::Path;

use candor_guard::{Address, Client};
use candor_ledger::{
    Checkpoint, Cosignature, LogProof, Receipt, VerifierKey, VerifyError, WitnessKey, cosignatures,
};
use serde_json::json;

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
    let logged = args
        .proof
        .as_deref()
        .map(|file| prove(file, args, &receipt, &key))
        .transpose()?;
    if args.json {
        let mut all = serde_json::to_value(&receipt)
            .map_err(|_| Stop::environment("The answer could not be written."))?;
        if let (Some(fields), Some(logged)) = (all.as_object_mut(), &logged) {
            fields.insert("log".to_owned(), logged.json());
        }
        say::line(&policy::json(&all)?);
    } else {
        let paint = Paint::stdout();
        say::line(&words(&receipt, paint));
        match &logged {
            Some(logged) => say::line(&logged.words(paint)),
            None => say::line(
                "\nThe server said this when it took your report, and cannot deny it. With \
                 --proof you also see that it stands in the server\u{2019}s public log.",
            ),
        }
    }
    Ok(())
}

/// Where a receipt stands in the log.
struct Logged {
    place: u64,
    checkpoint: Checkpoint,
    cosigned: Vec<Cosignature>,
}

/// Checks the proof of the receipt, and that the witnesses who were named signed.
fn prove(file: &Path, args: &VerifyArgs, receipt: &Receipt, key: &str) -> Result<Logged, Stop> {
    let place = file.display();
    let refused = |why: String| Stop::refused(format!("{place}: this proof does not hold: {why}."));
    let witnesses = args
        .witness
        .iter()
        .map(|text| text.parse::<WitnessKey>())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|why| Stop::input(format!("The key of a witness cannot be used: {why}.")))?;
    let key: VerifierKey = key
        .parse()
        .map_err(|why| Stop::input(format!("The key cannot be used: {why}.")))?;
    let proof = LogProof::parse(&read(file)?).map_err(|why| refused(why.to_string()))?;
    let checkpoint = proof
        .verify(&receipt.leaf(), &key)
        .map_err(|why| refused(why.to_string()))?;
    let cosigned =
        cosignatures(&proof.checkpoint, &witnesses).map_err(|why| refused(why.to_string()))?;
    let signed = |w: &&WitnessKey| cosigned.iter().any(|c| c.witness == *w.name());
    if let Some(missing) = witnesses.iter().find(|w| !signed(w)) {
        return Err(refused(format!(
            "the witness {} did not sign it",
            missing.name()
        )));
    }
    Ok(Logged {
        place: proof.index,
        checkpoint,
        cosigned,
    })
}

impl Logged {
    fn json(&self) -> serde_json::Value {
        let by = |c: &Cosignature| json!({"witness": c.witness.as_str(), "at": c.at});
        json!({
            "origin": self.checkpoint.origin.as_str(),
            "index": self.place,
            "size": self.checkpoint.size,
            "root": self.checkpoint.root,
            "cosigned": self.cosigned.iter().map(by).collect::<Vec<_>>(),
        })
    }

    fn words(&self, paint: Paint) -> String {
        let mut out = vec![
            paint.paint(Tone::Good, "It stands in the public log."),
            format!("  log            {}", self.checkpoint.origin),
            format!(
                "  place          {} of {} leaves",
                self.place, self.checkpoint.size
            ),
        ];
        for by in &self.cosigned {
            out.push(format!("  seen by        {}, {}", by.witness, by.at));
        }
        out.push(
            "\nThe server said what the receipt says, and wrote it into a log that everybody \
             can watch. It cannot deny it, date it back or take it out again without everybody \
             who keeps a checkpoint noticing."
                .to_owned(),
        );
        if self.cosigned.is_empty() {
            out.push(
                "No witness was asked for. Only a witness, or an old checkpoint that you kept, \
                 shows that the server tells everybody of the same log."
                    .to_owned(),
            );
        }
        out.join("\n")
    }
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

pub(crate) fn read(path: &Path) -> Result<String, Stop> {
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
