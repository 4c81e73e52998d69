//! What the operator may list: that cases are there and what falls due. No content.

use candor_access::build::words;

use crate::app::App;
use crate::input::{Fault, OperatorRow};

impl App {
    /// Every open case of every program, what falls due next first.
    pub fn operator_list(&self) -> Result<Vec<OperatorRow>, Fault> {
        let mut out = Vec::new();
        for program in self.store().programs()? {
            for row in self.store().rows(&program.slug)? {
                if row.closed {
                    continue;
                }
                out.push(OperatorRow {
                    program: program.slug.to_string(),
                    reference: row.reference.to_string(),
                    stage: words::stage(row.stage).to_owned(),
                    next_due: row.next_due,
                    overdue: row.overdue,
                });
            }
        }
        out.sort_by(|a, b| {
            let key = |r: &OperatorRow| (r.next_due.is_none(), r.next_due, r.reference.clone());
            key(a).cmp(&key(b))
        });
        Ok(out)
    }
}
