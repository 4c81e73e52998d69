//! Every statement, by name. The text lies in `sql/`, one folder an engine and one file a
//! statement, under the same name.
//!
//! Invariant: each is prepared against the real schema in a test.

/// A statement, by name and in the words of each engine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Statement {
    /// Its file, without folder of the engine and ending.
    #[cfg(test)]
    pub(crate) name: &'static str,
    /// For SQLite.
    pub(crate) sqlite: &'static str,
    /// For PostgreSQL.
    pub(crate) postgres: &'static str,
}

macro_rules! statements {
    ($($name:ident = $file:literal;)*) => {
        $(
            #[doc = concat!("`", $file, "`")]
            pub(crate) const $name: Statement = Statement {
                #[cfg(test)]
                name: $file,
                sqlite: include_str!(concat!("../sql/sqlite/", $file, ".sql")),
                postgres: include_str!(concat!("../sql/postgres/", $file, ".sql")),
            };
        )*

        /// Every statement.
        #[cfg(test)]
        pub(crate) const ALL: &[Statement] = &[$($name),*];
    };
}

statements! {
    ACCOUNT_BY_LOGIN = "account/by_login";
    ACCOUNT_FAILURES = "account/failures";
    ACCOUNT_INSERT = "account/insert";
    ACCOUNT_INSERT_FIRST = "account/insert_first";
    ACCOUNT_LIST = "account/list";
    ACCOUNT_RESEAL = "account/reseal";
    ACCOUNT_SEALED = "account/sealed";
    ACCOUNT_SELECT = "account/select";
    ACCOUNT_SET_FAILURES = "account/set_failures";
    ACCOUNT_SWAP = "account/swap";
    ACCOUNT_UPDATE = "account/update";
    ACCOUNT_USE_TOTP_STEP = "account/use_totp_step";
    BESIDE_BODIES = "beside/bodies";
    BESIDE_LETTER = "beside/letter";
    BESIDE_LETTERS = "beside/letters";
    BESIDE_PUBLICATION = "beside/publication";
    BESIDE_PUBLICATIONS = "beside/publications";
    BESIDE_READS = "beside/reads";
    BESIDE_RECEIPTS = "beside/receipts";
    BLOB_EMPTY = "blob/empty";
    BLOB_FILES_OF = "blob/files_of";
    BLOB_FILES = "blob/files";
    BLOB_FILE_IS_USED = "blob/file_is_used";
    BLOB_INSERT = "blob/insert";
    BLOB_SELECT = "blob/select";
    CASES_ADVANCE = "cases/advance";
    CASES_ALL = "cases/all";
    CASES_CHANGED = "cases/changed";
    CASES_DUE = "cases/due";
    CASES_ERASE = "cases/erase";
    CASES_ERASED = "cases/erased";
    CASES_EXISTS = "cases/exists";
    CASES_FIND = "cases/find";
    CASES_HEAD = "cases/head";
    CASES_HEADS = "cases/heads";
    CASES_INSERT = "cases/insert";
    CASES_KEY = "cases/key";
    CASES_KEYS = "cases/keys";
    CASES_NEXT_WAKE = "cases/next_wake";
    CASES_ROWS = "cases/rows";
    CASES_SET_KEY = "cases/set_key";
    COUNTER_DELETE = "counter/delete";
    COUNTER_NUMBER = "counter/number";
    COUNTER_SELECT = "counter/select";
    COUNTER_SHORTEN = "counter/shorten";
    COUNTER_SWEEP = "counter/sweep";
    COUNTER_UPSERT = "counter/upsert";
    EVENT_CHAIN = "event/chain";
    EVENT_INSERT = "event/insert";
    EVENT_OF_PROGRAM = "event/of_program";
    HELD_MAIL_EXISTS = "held_mail/exists";
    HELD_MAIL_INSERT = "held_mail/insert";
    HELD_MAIL_LIST = "held_mail/list";
    HELD_MAIL_ONE = "held_mail/one";
    HELD_MAIL_SETTLE = "held_mail/settle";
    HELD_MAIL_SWEEP = "held_mail/sweep";
    HELD_MAIL_WAITING = "held_mail/waiting";
    HISTORY_ERASED = "history/erased";
    HISTORY_HEADS = "history/heads";
    HISTORY_INSERT = "history/insert";
    HISTORY_SEAL_HEAD = "history/seal_head";
    HISTORY_SELECT = "history/select";
    HISTORY_SELECT_FIRST = "history/select_first";
    HISTORY_UPDATE = "history/update";
    INSTANCE_INSERT = "instance/insert";
    INSTANCE_KEYS = "instance/keys";
    INSTANCE_NEXT_EPOCH = "instance/next_epoch";
    INSTANCE_ROTATE = "instance/rotate";
    INSTANCE_SELECT = "instance/select";
    INSTANCE_SET_CHECK = "instance/set_check";
    LOG_CHAIN = "log/chain";
    LOG_CHECKPOINT_ALL = "log/checkpoint_all";
    LOG_CHECKPOINT_INSERT = "log/checkpoint_insert";
    LOG_CHECKPOINT_PUBLISHED = "log/checkpoint_published";
    LOG_CHECKPOINT_SELECT = "log/checkpoint_select";
    LOG_CHECKPOINT_SET_NOTE = "log/checkpoint_set_note";
    LOG_CHECKPOINT_SET_PUBLISHED = "log/checkpoint_set_published";
    LOG_LEAF_ALL = "log/leaf_all";
    LOG_LEAF_INSERT = "log/leaf_insert";
    LOG_LEAF_OF_RECEIPT = "log/leaf_of_receipt";
    LOG_LEAF_PLACE = "log/leaf_place";
    LOG_LEAF_WAITING = "log/leaf_waiting";
    LOG_STATE_ADVANCE = "log/state_advance";
    LOG_STATE_LEASE = "log/state_lease";
    LOG_STATE_SELECT = "log/state_select";
    LOG_TILE_ALL = "log/tile_all";
    LOG_TILE_SELECT = "log/tile_select";
    LOG_TILE_UPSERT = "log/tile_upsert";
    OUTBOX_INSERT = "outbox/insert";
    OUTBOX_LEASE = "outbox/lease";
    OUTBOX_OWNER = "outbox/owner";
    OUTBOX_SETTLE = "outbox/settle";
    OUTBOX_WAITING_OF = "outbox/waiting_of";
    OUTBOX_WITHDRAW = "outbox/withdraw";
    POLICY_ACT_INSERT = "policy/act_insert";
    POLICY_ACT_LIST = "policy/act_list";
    POLICY_INSERT = "policy/insert";
    POLICY_RESEAL = "policy/reseal";
    POLICY_SELECT = "policy/select";
    POLICY_SETTINGS = "policy/settings";
    PROGRAM_KEY = "program/key";
    PROGRAM_KEYS = "program/keys";
    PROGRAM_LIST = "program/list";
    PROGRAM_POLICY = "program/policy";
    PROGRAM_SET_KEY = "program/set_key";
    PROGRAM_UPSERT = "program/upsert";
    PUBLICATION_LIST = "publication/list";
    PUBLICATION_UPSERT = "publication/upsert";
    READ_COUNT = "read/count";
    READ_INSERT = "read/insert";
    READ_OF_CASE = "read/of_case";
    RECEIPT_EXISTS = "receipt/exists";
    RECEIPT_FIND = "receipt/find";
    RECEIPT_INSERT = "receipt/insert";
    RECEIPT_LEAVES = "receipt/leaves";
    RECEIPT_NOTE = "receipt/note";
    SCHEMA_INSERT = "schema/insert";
    SCHEMA_OLDEST = "schema/oldest";
    SCHEMA_SET_OLDEST = "schema/set_oldest";
    SCHEMA_VERSION = "schema/version";
    SEARCH_ADD_PART = "search/add_part";
    SEARCH_ADD_TOKENS = "search/add_tokens";
    SEARCH_BEGIN = "search/begin";
    SEARCH_BEHIND = "search/behind";
    SEARCH_CLEAR_PARTS = "search/clear_parts";
    SEARCH_CLEAR_TOKENS = "search/clear_tokens";
    SEARCH_COUNT_BEHIND = "search/count_behind";
    SEARCH_FIND = "search/find";
    SEARCH_GO_ON = "search/go_on";
    SEARCH_SWEPT = "search/swept";
    SEARCH_UNSWEPT = "search/unswept";
    SESSION_DELETE = "session/delete";
    SESSION_INSERT = "session/insert";
    SESSION_LIST = "session/list";
    SESSION_RESEAL = "session/reseal";
    SESSION_SELECT = "session/select";
    SESSION_SWEEP = "session/sweep";
    SESSION_TOUCH = "session/touch";
    SETTING_DELETE = "setting/delete";
    SETTING_FIRST = "setting/first";
    SETTING_LIST = "setting/list";
    SETTING_SELECT = "setting/select";
    SETTING_UNDER = "setting/under";
    SETTING_UPSERT = "setting/upsert";
    SIGN_IN_NOTE = "sign_in/note";
    SIGN_IN_SINCE = "sign_in/since";
    SIGN_IN_SWEEP = "sign_in/sweep";
    SIGN_IN_WRONG = "sign_in/wrong";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::ALL;

    #[test]
    fn every_statement_fits_the_real_schema() {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        crate::sqlite::migrate(&conn, 0, crate::sqlite::known(), &|_, _| Ok(())).unwrap();
        crate::sqlite::gather_words(&conn).unwrap();
        for statement in ALL {
            if let Err(e) = conn.prepare(statement.sqlite) {
                panic!("{}: {e}", statement.name);
            }
        }
    }

    #[test]
    fn every_statement_file_is_used() {
        for engine in ["sqlite", "postgres"] {
            assert_eq!(files_of(engine), named(), "{engine}");
        }
    }

    fn named() -> BTreeSet<String> {
        ALL.iter().map(|s| s.name.to_owned()).collect()
    }

    fn files_of(engine: &str) -> BTreeSet<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("sql")
            .join(engine);
        let mut files = BTreeSet::new();
        for folder in std::fs::read_dir(&root).unwrap() {
            let folder = folder.unwrap().path();
            let area = folder.file_name().unwrap().to_str().unwrap().to_owned();
            // Migrations, and what only this engine says to itself.
            if ["migrations", "engine"].contains(&area.as_str()) {
                continue;
            }
            for file in std::fs::read_dir(&folder).unwrap() {
                let file = file.unwrap().path();
                let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
                files.insert(format!("{area}/{name}"));
            }
        }
        files
    }
}
