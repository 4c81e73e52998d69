//! `candor verify`.

use std::path::PathBuf;

use clap::Args;

/// Check a receipt, without any network
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  candor verify candor-receipt-TDX-7K3F-9QMA.txt --key 'site/receipts+1a2b3c4d+...'
  candor verify receipt.txt --proof receipt.tlog-proof --key-file candor-receipt-key
  candor verify receipt.txt --key-file candor-receipt-key
  candor verify receipt.txt --key-url https://site      (this one asks the server)

The key stands at /.well-known/candor-receipt-key of the server and on the page
you saw after you sent the report. Keep it with the receipt. The proof can be
downloaded on the page of your report after the next checkpoint of the log.

Exit codes:
  0  receipt (and proof) hold
  1  one of them does not
  2  a file or key cannot be used
  3  the server could not be asked (--key-url)")]
pub(crate) struct VerifyArgs {
    /// The receipt file; `-` reads standard input
    pub receipt: PathBuf,
    /// The proof that the receipt stands in the public log of the server
    #[arg(long, value_name = "FILE")]
    pub proof: Option<PathBuf>,
    /// The key of a witness who must have signed what the log says; may be given more than once
    #[arg(long, value_name = "KEY", requires = "proof")]
    pub witness: Vec<String>,
    /// The verifier key
    #[arg(long, value_name = "KEY", group = "which")]
    pub key: Option<String>,
    /// A file with the verifier key
    #[arg(long, value_name = "FILE", group = "which")]
    pub key_file: Option<PathBuf>,
    /// A server to fetch the key from
    #[arg(long, value_name = "URL", group = "which")]
    pub key_url: Option<String>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}
