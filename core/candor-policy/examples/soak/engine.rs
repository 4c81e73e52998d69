//! What is done with each text, and the randomness it is made with. The fuzz
//! target calls the same [`run_one`].

use std::collections::BTreeMap;

use candor_policy::{PolicyInForce, Settings, compile};

/// Compiles a text and uses whatever works from a policy. True when it is one.
pub(crate) fn run_one(bytes: &[u8]) -> bool {
    let Ok(found) = compile(bytes) else {
        return false;
    };
    let lines = bytes.iter().filter(|b| matches!(b, b'\n' | b'\r')).count() + 1;
    for finding in &found.findings {
        if let Some(span) = finding.span {
            let last = usize::try_from(span.last).unwrap_or(usize::MAX);
            assert!(
                span.first >= 1 && span.first <= span.last && last <= lines,
                "{finding:?}"
            );
        }
    }
    for promise in &found.value.promises {
        let last = usize::try_from(promise.span.last).unwrap_or(usize::MAX);
        assert!(promise.span.first >= 1 && last <= lines, "{promise:?}");
    }
    let _ = candor_policy::labels(&found.value);
    let _ = candor_policy::not_yet_run(&found.value);
    let policy = PolicyInForce::assemble(bytes, found.value, Settings::default());
    let _ = candor_policy::clocks(&policy);
    let _ = candor_policy::form(&policy);
    let _ = candor_policy::complete(&policy, &BTreeMap::new(), 0);
    let _ = candor_policy::branches(&policy);
    let _ = candor_policy::support(&policy, "1.2.3");
    let _ = candor_policy::promises_in_words(&policy);
    let _ = candor_policy::questions(&policy);
    true
}

/// A small generator of numbers: the same seed, the same numbers.
#[allow(dead_code, reason = "the fuzz target brings its own bytes")]
pub(crate) struct Random(u64);

#[allow(dead_code, reason = "the fuzz target brings its own bytes")]
impl Random {
    /// Starts with a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next number (xorshift*).
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `most`; 0 when there is none.
    pub(crate) fn below(&mut self, most: usize) -> usize {
        let most = u64::try_from(most).unwrap_or(u64::MAX).max(1);
        usize::try_from((self.next() >> 16) % most).unwrap_or(0)
    }

    /// One of several.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let at = self.below(list.len());
        list.get(at)
    }
}
