//! Any bytes, read as a mail, and again each mail that lies in it.

#![no_main]

use candor_mime::{Limits, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(mail) = read(bytes, &Limits::default()) {
        for inner in mail.mails.reveal() {
            let _ = read(inner, &Limits::default());
        }
    }
});
