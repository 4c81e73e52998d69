-- Who of the team opened which case: one row a person, case and clock hour. Rows are
-- only ever added.
CREATE TABLE case_read (
    program TEXT NOT NULL, -- public
    case_id BLOB NOT NULL, -- case
    account_id BLOB NOT NULL CHECK (length(account_id) = 16), -- case
    hour INTEGER NOT NULL, -- case
    at INTEGER NOT NULL, -- case
    PRIMARY KEY (case_id, account_id, hour),
    FOREIGN KEY (program, case_id) REFERENCES cases (program, case_id)
) STRICT;

CREATE INDEX case_read_account ON case_read (account_id, at);

CREATE TRIGGER case_read_stays BEFORE UPDATE ON case_read
BEGIN
    SELECT RAISE(ABORT, 'who read a case is never changed');
END;

CREATE TRIGGER case_read_is_kept BEFORE DELETE ON case_read
BEGIN
    SELECT RAISE(ABORT, 'who read a case is never removed');
END;
