//! Around an erased case, for the pictures of desk and room.

use candor_access::view::{AskedView, ErasedView, ErasureView};

use super::{at, program, text};

/// A case that may be erased; `asked`: somebody asked for it.
pub(crate) fn erasure(asked: bool) -> ErasureView {
    ErasureView {
        program: program(),
        reference: text("LUM-7K3F-9QMA"),
        asked: asked.then(|| AskedView {
            by: text("Ada"),
            at: at(3, "2 days ago"),
            reason: text("Somebody whom it is about asked for it."),
            alone_from: at(75, "in 1 day"),
        }),
        not_now: None,
        published: asked,
        backups: text("Backups from before still hold the key of the case."),
    }
}

/// One that was erased, for the team or for its reporter.
pub(crate) fn erased(team: bool) -> ErasedView {
    ErasedView {
        program: program(),
        reference: text("LUM-7K3F-9QMA"),
        erased: at(6, "3 hours ago"),
        reason: text("Somebody whom it is about asked for it."),
        people: team.then(|| (text("Grace"), text("Ada"))),
    }
}
