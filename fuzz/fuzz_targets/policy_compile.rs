//! Any bytes: compile them, and use everything that works from a policy.

#![no_main]

#[path = "../../core/candor-policy/examples/soak/engine.rs"]
mod engine;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = engine::run_one(bytes);
});
