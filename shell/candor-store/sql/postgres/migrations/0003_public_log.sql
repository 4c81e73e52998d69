-- The public log: leaves that wait for their place in the tree, and the tree in tiles. A
-- leaf is written in the transaction that stores what it stands for.

-- One row a receipt (seq 0) and one a step of a case (seq: events after it).
CREATE TABLE log_leaf (
    case_id BYTEA NOT NULL CHECK (octet_length(case_id) = 16), -- case
    seq BIGINT NOT NULL CHECK (seq >= 0), -- case
    from_seq BIGINT NOT NULL CHECK (from_seq >= 0), -- case
    leaf BYTEA NOT NULL CHECK (octet_length(leaf) = 32), -- case
    salt BYTEA CHECK (salt IS NULL OR octet_length(salt) = 32), -- case
    place BIGINT UNIQUE CHECK (place IS NULL OR place >= 0), -- case
    PRIMARY KEY (case_id, seq),
    FOREIGN KEY (case_id) REFERENCES cases (case_id)
);

CREATE INDEX log_leaf_waiting ON log_leaf (case_id, seq) WHERE place IS NULL;

-- Up to 256 hashes of one level each; those of a full tile never change.
CREATE TABLE log_tile (
    level BIGINT NOT NULL CHECK (level >= 0), -- public
    place BIGINT NOT NULL CHECK (place >= 0), -- public
    hashes BYTEA NOT NULL CHECK (octet_length(hashes) BETWEEN 32 AND 8192), -- public
    PRIMARY KEY (level, place)
);

-- Every checkpoint that was signed. No two of one size can be.
CREATE TABLE log_checkpoint (
    size BIGINT PRIMARY KEY CHECK (size > 0), -- public
    note TEXT NOT NULL, -- public
    published BIGINT NOT NULL CHECK (published IN (0, 1)) -- public
);

-- How far the log has come, in which interval, and who works on it.
CREATE TABLE log_state (
    only_row BIGINT PRIMARY KEY CHECK (only_row = 1), -- public
    origin TEXT, -- public
    size BIGINT NOT NULL, -- public
    slot BIGINT NOT NULL, -- public
    lease_until BIGINT NOT NULL -- public
);

INSERT INTO log_state (only_row, size, slot, lease_until) VALUES (1, 0, 0, 0);

INSERT INTO log_leaf (case_id, seq, from_seq, leaf) SELECT case_id, 0, 0, leaf FROM receipt;
