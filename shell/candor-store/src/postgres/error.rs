//! What PostgreSQL's codes (SQLSTATE) mean to the caller.
//!
//! Invariant: no text here carries a value: the detail of a message, where the server
//! quotes keys, is left out.

use candor_ports::StoreError;
use tokio_postgres::error::SqlState;

/// What can be done about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nothing is wrong with connection or transaction.
    None,
    /// The transaction was given up for the sake of others: the same again may go well.
    Again,
    /// The connection is gone.
    Lost,
}

/// Whether it is worth another try, and on which connection.
pub(super) fn trouble(error: &tokio_postgres::Error) -> Trouble {
    let Some(code) = error.code() else {
        // What came from no server came from the connection, or from a value that could
        // not be sent; the driver tells the two apart only by this.
        return if error.is_closed() || std::error::Error::source(error).is_some_and(is_io) {
            Trouble::Lost
        } else {
            Trouble::None
        };
    };
    let again = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
    ];
    if again.contains(code) {
        Trouble::Again
    } else if lost(code) {
        Trouble::Lost
    } else {
        Trouble::None
    }
}

fn is_io(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<std::io::Error>()
}

fn lost(code: &SqlState) -> bool {
    [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        SqlState::IDLE_SESSION_TIMEOUT,
    ]
    .contains(code)
        || code.code().starts_with("08")
}

/// In words, without any value.
pub(super) fn words(error: &tokio_postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return format!("{} (SQLSTATE {})", said.message(), said.code().code());
    }
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// What a failure of the database means to the caller.
pub(super) fn from_postgres(error: &tokio_postgres::Error) -> StoreError {
    let text = words(error);
    if trouble(error) != Trouble::None {
        return StoreError::Unwritable(text);
    }
    match error.code() {
        Some(code) if *code == SqlState::UNIQUE_VIOLATION => StoreError::Exists,
        Some(code) if unwritable(code) => StoreError::Unwritable(text),
        Some(code) if [SqlState::DATA_CORRUPTED, SqlState::INDEX_CORRUPTED].contains(code) => {
            StoreError::Damaged(text)
        }
        _ => StoreError::Failed(text),
    }
}

/// Full, read-only, too slow, or not ours to write.
fn unwritable(code: &SqlState) -> bool {
    [
        SqlState::QUERY_CANCELED,
        SqlState::READ_ONLY_SQL_TRANSACTION,
        SqlState::INSUFFICIENT_PRIVILEGE,
        SqlState::IO_ERROR,
    ]
    .contains(code)
        // 53: insufficient resources, a full disk and too many connections among them.
        || code.code().starts_with("53")
}
