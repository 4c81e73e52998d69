//! Any text as what a browser says of a passkey: reading ends, and nothing is taken for a question
//! that was not asked.

#![no_main]

use candor_passkey::{Given, NewKey, Site, claim, take};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (Ok(text), Some(site)) = (std::str::from_utf8(bytes), Site::of("https://desk.example")) else {
        return;
    };
    if let Ok(new) = NewKey::read(text) {
        let other = format!("{}x", new.question());
        assert!(take(&site, &other, &new).is_err());
        let _ = take(&site, new.question(), &new);
    }
    if let Ok(given) = Given::read(text) {
        let other = format!("{}x", given.question());
        assert!(claim(&site, &other, &given).is_err());
        if let Ok(claim) = claim(&site, given.question(), &given) {
            assert!(claim.judge(0, |_, _| false).is_err());
        }
    }
});
