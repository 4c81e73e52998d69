-- Who brought which policy version into force, and when; reviews among them.
-- Rows are only ever added.
CREATE TABLE policy_act (
    program TEXT NOT NULL REFERENCES program (slug), -- public
    seq INTEGER NOT NULL, -- public
    at INTEGER NOT NULL, -- public
    kind TEXT NOT NULL CHECK (kind IN ('file', 'published', 'settings', 'reviewed')), -- public
    digest BLOB NOT NULL CHECK (length(digest) = 32), -- public
    account_id BLOB CHECK (account_id IS NULL OR length(account_id) = 16), -- case
    PRIMARY KEY (program, seq),
    FOREIGN KEY (program, digest) REFERENCES policy (program, digest)
) STRICT;

CREATE TRIGGER policy_act_stays BEFORE UPDATE ON policy_act
BEGIN
    SELECT RAISE(ABORT, 'what was done with a policy is never changed');
END;

CREATE TRIGGER policy_act_is_kept BEFORE DELETE ON policy_act
BEGIN
    SELECT RAISE(ABORT, 'what was done with a policy is never removed');
END;

-- Versions from before this table: who made them was not written down.
INSERT INTO policy_act (program, seq, at, kind, digest, account_id)
SELECT program, row_number() OVER (PARTITION BY program ORDER BY since, rowid), since, 'file', digest, NULL
FROM policy;
