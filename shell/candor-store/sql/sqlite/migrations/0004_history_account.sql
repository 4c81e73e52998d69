-- The head of every history under a key, and one account over all heads: a history that
-- was cut off and a case that was taken away are seen. Both are filled in the same
-- transaction by the program, which has the key.
ALTER TABLE cases ADD COLUMN head_mac BLOB; -- secret

CREATE TABLE history_account (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1), -- public
    cases INTEGER NOT NULL, -- case
    events INTEGER NOT NULL, -- case
    root BLOB NOT NULL CHECK (length(root) = 32), -- secret
    mac BLOB NOT NULL CHECK (length(mac) = 32) -- secret
) STRICT;
