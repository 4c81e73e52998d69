//! How bad it is, in three ways that stay apart: the policy's severity word,
//! the CVSS score, and the type of weakness (CWE).
//!
//! Invariants: a vector keeps its version and is never relabelled (domain rule
//! K10); scores are whole tenths, never floating point, once they leave here.
//!
//! Deliberately absent: who decides a severity, and SSVC (a later table).

mod cwe;
mod metrics;
mod severity;
mod vector;

pub use cwe::{Cwe, CweError, CweUsage};
pub use metrics::Metric;
pub use severity::{Band, Score, SeverityError, SeverityWord, bands_apart};
pub use vector::{Vector, VectorError, Version};
