//! The sentence that a page shows once, after an act was done and the browser was sent on:
//! whichever server answers the second request.
//!
//! Invariants: it is sealed, lies under a hash of the session, and is forgotten after ten
//! minutes; that it cannot be kept is no reason for the act to fail, which is done by then.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use candor_base::Digest;
use candor_ports::Entry;

use crate::app::App;
use crate::random;

/// Seconds for which it is kept.
const KEPT: i64 = 600;
const CONTEXT: &str = "said";

impl App {
    /// Keeps a sentence for the next page of this session.
    pub fn keep_said(&self, token: &str, words: &str) {
        let now = self.now();
        let sealed = self.vault().seal(CONTEXT, words.as_bytes());
        let text = STANDARD_NO_PAD.encode(sealed);
        let put = move |_: &[Option<String>]| Entry::Put(text.clone(), now.plus_seconds(KEPT));
        let key = self.said_key(token);
        if let Err(why) = self.store().count(&[key], now, Arc::new(put)) {
            tracing::warn!(%why, "a sentence after an act could not be kept");
        }
    }

    /// Takes the sentence kept for this session.
    pub fn take_said(&self, token: &str) -> Option<String> {
        let now = self.now();
        let key = self.said_key(token);
        let text = self.store().counted(&key, now).ok()??;
        let remove = Arc::new(|_: &[Option<String>]| Entry::Remove);
        if let Err(why) = self.store().count(&[key], now, remove) {
            tracing::warn!(%why, "a sentence after an act could not be forgotten");
        }
        let sealed = STANDARD_NO_PAD.decode(text).ok()?;
        String::from_utf8(self.vault().open(CONTEXT, &sealed)?).ok()
    }

    fn said_key(&self, token: &str) -> Digest {
        let key = self.vault().derive("said");
        Digest::from_bytes(random::keyed(&key, &[token.as_bytes()]))
    }
}
