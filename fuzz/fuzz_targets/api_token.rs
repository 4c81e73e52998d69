//! Any text as a signed token of the API: only the one that was written opens anything, also
//! with its first or first two parts put before the text.

#![no_main]

use candor_app::SignedTokens;
use candor_base::{Digest, Instant};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let tokens = SignedTokens::new(b"a key of the fuzzer".to_vec(), "https://fuzz.example", 60);
    let Ok(now) = Instant::from_unix(1_800_000_000) else {
        return;
    };
    let Some((written, _)) = tokens.write(&Digest::from_bytes([7; 32]), now) else {
        return;
    };
    let ends = written.match_indices('.').map(|(at, _)| at + 1);
    for begin in std::iter::once(0).chain(ends) {
        let tried = format!("{}{text}", &written[..begin]);
        assert_eq!(tokens.read(&tried, now).is_some(), tried == written);
    }
});
