//! What is wrong with the house as a whole, for owners and for whoever runs the server:
//! the public log stands still; the data were put back from a backup; the disk is full.

use candor_base::Instant;
use candor_ports::{LETTERS_HELD, RESTORED_AT, RESTORED_FROM, Space, Store, StoreError};

use crate::app::App;
use crate::input::Fault;

/// This is a copy that was put back from a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// When it was put back.
    pub at: Option<Instant>,
    /// When the backup was made.
    pub from: Option<Instant>,
    /// No letter leaves until somebody says so.
    pub letters_held: bool,
}

/// Whether the data were put back from a backup.
pub fn restored(store: &dyn Store) -> Result<Option<Restored>, StoreError> {
    let Some(at) = store.setting(RESTORED_AT)? else {
        return Ok(None);
    };
    let moment = |text: Option<String>| {
        let unix = text.and_then(|text| text.parse().ok());
        unix.and_then(|unix| Instant::from_unix(unix).ok())
    };
    Ok(Some(Restored {
        at: moment(Some(at)),
        from: moment(store.setting(RESTORED_FROM)?),
        letters_held: store.setting(LETTERS_HELD)?.is_some(),
    }))
}

impl Restored {
    fn what(&self) -> String {
        let moment = |at: Option<Instant>| at.map_or_else(|| "?".to_owned(), |at| at.to_string());
        format!(
            "This data was put back on {} from a backup of {}. What came in between is not in it.",
            moment(self.at),
            moment(self.from)
        )
    }

    /// For whoever runs the server.
    pub fn operator(&self) -> String {
        let next = if self.letters_held {
            " No letter leaves: look at the cases, then run `candor letters --send`. Until then \
              owners read this on the desk."
        } else {
            ""
        };
        format!(
            "{} Ask reporters who got no answer to send again; erase again what was erased since; \
             see that the old place is not served; `candor log status` says whether the public \
             log needs `candor log adopt`.{next}",
            self.what()
        )
    }

    /// For the owners of a program, while letters are held.
    fn notice(&self) -> Option<String> {
        self.letters_held.then(|| {
            format!(
                "{} No letter leaves until whoever runs the server says so: look at your cases \
                 first, do again what you did since, and tell them when you are done.",
                self.what()
            )
        })
    }
}

/// What is wrong with the room on the disk, for whoever runs the server.
pub fn space_trouble(space: Space) -> Option<String> {
    let what = match (space.refuses, space.reserve_used) {
        (false, false) => return None,
        (true, false) => {
            "The disk of the data folder is nearly full: new reports and files are refused, and \
             what is left is kept for the work on cases."
        }
        (true, true) => {
            "The disk of the data folder is full: the reserve was given up so that the work on \
             cases goes on for a while, and new reports and files are refused."
        }
        (false, true) => {
            "The disk of the data folder was full: the reserve was given up, and there is not \
             enough room yet to make it again."
        }
    };
    Some(format!(
        "{what} Make room: with {} MiB free all is well again.",
        space.wanted_mebibytes
    ))
}

impl App {
    /// Why the public log stands still, for whoever runs the server.
    pub fn log_trouble(&self) -> Option<String> {
        self.public_log()?.trouble()
    }

    /// For the owners of a program.
    pub(crate) fn troubles(&self) -> Result<Vec<String>, Fault> {
        let log = self.log_trouble().map(|_| {
            "The public log of this server stands still: receipts hold, but no proof for them is \
             published. Tell whoever runs the server: `candor log status` says why."
                .to_owned()
        });
        let copy = restored(self.store())?.and_then(|restored| restored.notice());
        let disk = space_trouble(self.store().space())
            .map(|words| format!("{words} Tell whoever runs the server."));
        Ok(disk.into_iter().chain(copy).chain(log).collect())
    }
}
