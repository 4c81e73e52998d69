//! Any bytes: judge them as a CSAF document; and again, for the same findings.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let judged = candor_csaf::judge(bytes);
    assert_eq!(judged, candor_csaf::judge(bytes));
});
