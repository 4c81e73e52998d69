-- The first schema. Forward only: never edit this file, add the next one.
--
-- The word behind each column says what it holds:
--   public    may be read by anybody
--   case      tells that a case exists or moves, never what it is about
--   secret    sealed bytes, wrapped keys and keyed hashes: useless without the instance key
--   personal  names a person (none in clear: such values are sealed)
-- Instants are whole seconds of Unix time; ids and digests are raw bytes.

CREATE TABLE schema_version (
    version INTEGER PRIMARY KEY, -- public
    name TEXT NOT NULL -- public
) STRICT;

-- One row: which instance this is, and whether the key given belongs to it.
CREATE TABLE instance (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1), -- public
    instance_id BLOB NOT NULL CHECK (length(instance_id) = 16), -- public
    key_check BLOB NOT NULL CHECK (length(key_check) = 32) -- secret
) STRICT;

CREATE TABLE program (
    slug TEXT PRIMARY KEY, -- public
    name TEXT NOT NULL, -- public
    policy BLOB NOT NULL CHECK (length(policy) = 32), -- public
    created INTEGER NOT NULL, -- public
    key_sealed BLOB NOT NULL -- secret
) STRICT;

-- Every policy version that was ever in force; a case keeps the one it began with.
-- The text is public by nature; the owner's settings hold addresses.
CREATE TABLE policy (
    program TEXT NOT NULL REFERENCES program (slug), -- public
    digest BLOB NOT NULL CHECK (length(digest) = 32), -- public
    text BLOB NOT NULL, -- public
    file TEXT NOT NULL, -- public
    settings_sealed BLOB NOT NULL, -- secret
    since INTEGER NOT NULL, -- public
    PRIMARY KEY (program, digest)
) STRICT;

-- One row a case: its key (NULL once destroyed), the head of its chain, its read row.
CREATE TABLE cases (
    case_id BLOB PRIMARY KEY CHECK (length(case_id) = 16), -- case
    program TEXT NOT NULL REFERENCES program (slug), -- public
    reference_hash BLOB NOT NULL CHECK (length(reference_hash) = 32), -- secret
    key_sealed BLOB, -- secret
    head_seq INTEGER NOT NULL CHECK (head_seq > 0), -- case
    head_hash BLOB NOT NULL CHECK (length(head_hash) = 32), -- case
    row_sealed BLOB NOT NULL, -- secret
    wake INTEGER, -- case
    UNIQUE (program, case_id),
    UNIQUE (program, reference_hash)
) STRICT;

CREATE INDEX cases_wake ON cases (wake) WHERE wake IS NOT NULL;

-- The event log. `position` runs over the whole instance.
CREATE TABLE event (
    position INTEGER PRIMARY KEY, -- case
    program TEXT NOT NULL, -- public
    case_id BLOB NOT NULL, -- case
    seq INTEGER NOT NULL CHECK (seq > 0), -- case
    sealed BLOB NOT NULL, -- secret
    hash BLOB NOT NULL CHECK (length(hash) = 32), -- case
    UNIQUE (case_id, seq),
    FOREIGN KEY (program, case_id) REFERENCES cases (program, case_id)
) STRICT;

-- Sealed bodies: small ones here, large ones in a file of the folder `blobs`.
CREATE TABLE blob (
    blob_id BLOB PRIMARY KEY CHECK (length(blob_id) = 16), -- case
    program TEXT NOT NULL, -- public
    case_id BLOB NOT NULL, -- case
    sealed BLOB, -- secret
    file BLOB UNIQUE CHECK (length(file) = 16), -- case
    CHECK ((sealed IS NULL) <> (file IS NULL)),
    FOREIGN KEY (program, case_id) REFERENCES cases (program, case_id)
) STRICT;

-- The way back of a reporter.
CREATE TABLE receipt (
    code_hash BLOB PRIMARY KEY CHECK (length(code_hash) = 32), -- secret
    program TEXT NOT NULL, -- public
    case_id BLOB NOT NULL UNIQUE, -- case
    leaf BLOB NOT NULL CHECK (length(leaf) = 32), -- case
    note_sealed BLOB NOT NULL, -- secret
    FOREIGN KEY (program, case_id) REFERENCES cases (program, case_id)
) STRICT;

-- Things to be done outside. Rows stay after they are settled, so that a key
-- is one act for ever.
CREATE TABLE outbox (
    key TEXT PRIMARY KEY, -- case
    program TEXT NOT NULL, -- public
    case_id BLOB NOT NULL, -- case
    effect_sealed BLOB NOT NULL, -- secret
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'dead')), -- case
    not_before INTEGER NOT NULL, -- case
    lease_until INTEGER NOT NULL, -- case
    fence INTEGER NOT NULL, -- case
    tries INTEGER NOT NULL, -- case
    code TEXT, -- case
    FOREIGN KEY (program, case_id) REFERENCES cases (program, case_id)
) STRICT;

CREATE INDEX outbox_waiting ON outbox (not_before) WHERE state = 'waiting';

-- Published advisories: public from the moment they are committed.
CREATE TABLE publication (
    program TEXT NOT NULL, -- public
    id TEXT NOT NULL, -- public
    case_id BLOB NOT NULL, -- case
    published INTEGER NOT NULL, -- public
    updated INTEGER NOT NULL, -- public
    advisory TEXT NOT NULL, -- public
    csaf TEXT NOT NULL, -- public
    csaf_name TEXT NOT NULL, -- public
    PRIMARY KEY (program, id),
    FOREIGN KEY (program, case_id) REFERENCES cases (program, case_id)
) STRICT;

-- Staff. Login, name, address, pass hash, roles: all in the sealed record.
CREATE TABLE account (
    account_id BLOB PRIMARY KEY CHECK (length(account_id) = 16), -- case
    login_hash BLOB NOT NULL UNIQUE CHECK (length(login_hash) = 32), -- secret
    record_sealed BLOB NOT NULL, -- secret
    totp_last_step INTEGER NOT NULL, -- case
    failures INTEGER NOT NULL, -- case
    locked_until INTEGER -- case
) STRICT;

-- Sessions; the id is the hash of the cookie's secret.
CREATE TABLE session (
    session_id BLOB PRIMARY KEY CHECK (length(session_id) = 32), -- secret
    kind_sealed BLOB NOT NULL, -- secret
    created INTEGER NOT NULL, -- case
    seen INTEGER NOT NULL, -- case
    expires INTEGER NOT NULL -- case
) STRICT;

CREATE TABLE setting (
    key TEXT PRIMARY KEY, -- public
    value_sealed BLOB NOT NULL -- secret
) STRICT;
