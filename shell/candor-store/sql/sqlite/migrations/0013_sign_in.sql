-- What happened at the desk's door: one row an account, act and clock hour. Sixteen zeros
-- stand for a login that nobody has.
CREATE TABLE sign_in (
    account_id BLOB NOT NULL CHECK (length(account_id) = 16), -- case
    act TEXT NOT NULL, -- case
    hour INTEGER NOT NULL, -- case
    first_at INTEGER NOT NULL, -- case
    last_at INTEGER NOT NULL, -- case
    times INTEGER NOT NULL CHECK (times > 0), -- case
    PRIMARY KEY (account_id, act, hour)
) STRICT;

CREATE INDEX sign_in_last ON sign_in (last_at);
