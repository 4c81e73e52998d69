-- The public log: leaves that wait for their place in the tree, and the tree in tiles. A
-- leaf is written in the transaction that stores what it stands for.

-- One row a receipt (seq 0) and one a step of a case (seq: events after it).
CREATE TABLE log_leaf (
    case_id BLOB NOT NULL CHECK (length(case_id) = 16), -- case
    seq INTEGER NOT NULL CHECK (seq >= 0), -- case
    from_seq INTEGER NOT NULL CHECK (from_seq >= 0), -- case
    leaf BLOB NOT NULL CHECK (length(leaf) = 32), -- case
    salt BLOB CHECK (salt IS NULL OR length(salt) = 32), -- case
    place INTEGER UNIQUE CHECK (place IS NULL OR place >= 0), -- case
    PRIMARY KEY (case_id, seq),
    FOREIGN KEY (case_id) REFERENCES cases (case_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX log_leaf_waiting ON log_leaf (case_id, seq) WHERE place IS NULL;

-- Up to 256 hashes of one level each; those of a full tile never change.
CREATE TABLE log_tile (
    level INTEGER NOT NULL CHECK (level >= 0), -- public
    place INTEGER NOT NULL CHECK (place >= 0), -- public
    hashes BLOB NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192), -- public
    PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;

-- Every checkpoint that was signed. No two of one size can be.
CREATE TABLE log_checkpoint (
    size INTEGER PRIMARY KEY CHECK (size > 0), -- public
    note TEXT NOT NULL, -- public
    published INTEGER NOT NULL CHECK (published IN (0, 1)) -- public
) STRICT;

-- How far the log has come, in which interval, and who works on it.
CREATE TABLE log_state (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1), -- public
    origin TEXT, -- public
    size INTEGER NOT NULL, -- public
    slot INTEGER NOT NULL, -- public
    lease_until INTEGER NOT NULL -- public
) STRICT;

INSERT INTO log_state (only_row, size, slot, lease_until) VALUES (1, 0, 0, 0);

INSERT INTO log_leaf (case_id, seq, from_seq, leaf) SELECT case_id, 0, 0, leaf FROM receipt;
