-- The first schema. Forward only: once released never edit this file, add the next one.
--
-- The word behind each column says what it holds:
--   public    may be read by anybody
--   case      tells that a case exists or moves, never what it is about
--   secret    sealed bytes, wrapped keys and keyed hashes: useless without the instance key
--   personal  names a person (none in clear: such values are sealed)
-- Instants are whole seconds of Unix time; ids and digests are raw bytes. Texts that are
-- keys sort by their bytes, as in every engine. Sealed bytes do not compress.

CREATE TABLE schema_version (
    version BIGINT PRIMARY KEY, -- public
    name TEXT NOT NULL -- public
);

-- One row: which instance this is, and whether the key given belongs to it. Whoever
-- writes takes this row first, so that writers of all processes come one after another.
CREATE TABLE instance (
    only_row BIGINT PRIMARY KEY CHECK (only_row = 1), -- public
    instance_id BYTEA NOT NULL CHECK (octet_length(instance_id) = 16), -- public
    key_check BYTEA NOT NULL CHECK (octet_length(key_check) = 32) -- secret
);

CREATE TABLE program (
    slug TEXT COLLATE "C" PRIMARY KEY, -- public
    name TEXT NOT NULL, -- public
    policy BYTEA NOT NULL CHECK (octet_length(policy) = 32), -- public
    created BIGINT NOT NULL, -- public
    key_sealed BYTEA NOT NULL -- secret
);

-- Every policy version that was ever in force; a case keeps the one it began with.
-- The text is public by nature; the owner's settings hold addresses. What was read in
-- the text, and by which compiler, is kept with it.
CREATE TABLE policy (
    program TEXT COLLATE "C" NOT NULL REFERENCES program (slug), -- public
    digest BYTEA NOT NULL CHECK (octet_length(digest) = 32), -- public
    text BYTEA NOT NULL, -- public
    file TEXT NOT NULL, -- public
    settings_sealed BYTEA NOT NULL, -- secret
    since BIGINT NOT NULL, -- public
    reading TEXT, -- public
    compiler TEXT, -- public
    PRIMARY KEY (program, digest)
);

-- Who brought which policy version into force, and when; reviews among them.
-- Rows are only ever added.
CREATE TABLE policy_act (
    program TEXT COLLATE "C" NOT NULL REFERENCES program (slug), -- public
    seq BIGINT NOT NULL, -- public
    at BIGINT NOT NULL, -- public
    kind TEXT NOT NULL CHECK (kind IN ('file', 'published', 'settings', 'reviewed')), -- public
    digest BYTEA NOT NULL CHECK (octet_length(digest) = 32), -- public
    account_id BYTEA CHECK (account_id IS NULL OR octet_length(account_id) = 16), -- case
    PRIMARY KEY (program, seq),
    FOREIGN KEY (program, digest) REFERENCES policy (program, digest)
);

CREATE FUNCTION policy_act_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was done with a policy is never changed or removed';
END
$$;

CREATE TRIGGER policy_act_stays BEFORE UPDATE OR DELETE ON policy_act
FOR EACH ROW EXECUTE FUNCTION policy_act_stays();

-- One row a case: its key (NULL once destroyed), the head of its chain with its keyed
-- hash, its read row.
CREATE TABLE cases (
    case_id BYTEA PRIMARY KEY CHECK (octet_length(case_id) = 16), -- case
    program TEXT COLLATE "C" NOT NULL REFERENCES program (slug), -- public
    reference_hash BYTEA NOT NULL CHECK (octet_length(reference_hash) = 32), -- secret
    key_sealed BYTEA, -- secret
    head_seq BIGINT NOT NULL CHECK (head_seq > 0), -- case
    head_hash BYTEA NOT NULL CHECK (octet_length(head_hash) = 32), -- case
    row_sealed BYTEA NOT NULL, -- secret
    wake BIGINT, -- case
    head_mac BYTEA, -- secret
    UNIQUE (program, case_id),
    UNIQUE (program, reference_hash)
);

ALTER TABLE cases ALTER COLUMN row_sealed SET STORAGE EXTERNAL;

CREATE INDEX cases_wake ON cases (wake) WHERE wake IS NOT NULL;

-- One account over the heads of all histories.
CREATE TABLE history_account (
    only_row BIGINT PRIMARY KEY CHECK (only_row = 1), -- public
    cases BIGINT NOT NULL, -- case
    events BIGINT NOT NULL, -- case
    root BYTEA NOT NULL CHECK (octet_length(root) = 32), -- secret
    mac BYTEA NOT NULL CHECK (octet_length(mac) = 32) -- secret
);

-- The event log. `position` runs over the whole instance.
CREATE TABLE event (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- case
    program TEXT COLLATE "C" NOT NULL, -- public
    case_id BYTEA NOT NULL, -- case
    seq BIGINT NOT NULL CHECK (seq > 0), -- case
    sealed BYTEA NOT NULL, -- secret
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32), -- case
    UNIQUE (case_id, seq),
    FOREIGN KEY (program, case_id) REFERENCES cases (program, case_id)
);

ALTER TABLE event ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Sealed bodies. All of them lie here, whatever their size.
CREATE TABLE blob (
    blob_id BYTEA PRIMARY KEY CHECK (octet_length(blob_id) = 16), -- case
    program TEXT COLLATE "C" NOT NULL, -- public
    case_id BYTEA NOT NULL, -- case
    sealed BYTEA, -- secret
    file BYTEA UNIQUE CHECK (octet_length(file) = 16), -- case
    CHECK ((sealed IS NULL) <> (file IS NULL)),
    FOREIGN KEY (program, case_id) REFERENCES cases (program, case_id)
);

ALTER TABLE blob ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- The way back of a reporter.
CREATE TABLE receipt (
    code_hash BYTEA PRIMARY KEY CHECK (octet_length(code_hash) = 32), -- secret
    program TEXT COLLATE "C" NOT NULL, -- public
    case_id BYTEA NOT NULL UNIQUE, -- case
    leaf BYTEA NOT NULL CHECK (octet_length(leaf) = 32), -- case
    note_sealed BYTEA NOT NULL, -- secret
    FOREIGN KEY (program, case_id) REFERENCES cases (program, case_id)
);

-- Things to be done outside. Rows stay after they are settled, so that a key
-- is one act for ever.
CREATE TABLE outbox (
    key TEXT COLLATE "C" PRIMARY KEY, -- case
    program TEXT COLLATE "C" NOT NULL, -- public
    case_id BYTEA NOT NULL, -- case
    effect_sealed BYTEA NOT NULL, -- secret
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'dead')), -- case
    not_before BIGINT NOT NULL, -- case
    lease_until BIGINT NOT NULL, -- case
    fence BIGINT NOT NULL, -- case
    tries BIGINT NOT NULL, -- case
    code TEXT, -- case
    FOREIGN KEY (program, case_id) REFERENCES cases (program, case_id)
);

CREATE INDEX outbox_waiting ON outbox (not_before) WHERE state = 'waiting';

-- Published advisories: public from the moment they are committed.
CREATE TABLE publication (
    program TEXT COLLATE "C" NOT NULL, -- public
    id TEXT COLLATE "C" NOT NULL, -- public
    case_id BYTEA NOT NULL, -- case
    published BIGINT NOT NULL, -- public
    updated BIGINT NOT NULL, -- public
    advisory TEXT NOT NULL, -- public
    csaf TEXT NOT NULL, -- public
    csaf_name TEXT NOT NULL, -- public
    PRIMARY KEY (program, id),
    FOREIGN KEY (program, case_id) REFERENCES cases (program, case_id)
);

-- Staff. Login, name, address, pass hash, roles: all in the sealed record.
CREATE TABLE account (
    account_id BYTEA PRIMARY KEY CHECK (octet_length(account_id) = 16), -- case
    login_hash BYTEA NOT NULL UNIQUE CHECK (octet_length(login_hash) = 32), -- secret
    record_sealed BYTEA NOT NULL, -- secret
    totp_last_step BIGINT NOT NULL, -- case
    failures BIGINT NOT NULL, -- case
    locked_until BIGINT -- case
);

-- Sessions; the id is the hash of the cookie's secret.
CREATE TABLE session (
    session_id BYTEA PRIMARY KEY CHECK (octet_length(session_id) = 32), -- secret
    kind_sealed BYTEA NOT NULL, -- secret
    created BIGINT NOT NULL, -- case
    seen BIGINT NOT NULL, -- case
    expires BIGINT NOT NULL -- case
);

CREATE TABLE setting (
    key TEXT COLLATE "C" PRIMARY KEY, -- public
    value_sealed BYTEA NOT NULL -- secret
);
