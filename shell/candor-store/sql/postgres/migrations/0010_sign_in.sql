-- What happened at the desk's door: one row an account, act and clock hour. Sixteen zeros
-- stand for a login that nobody has.
CREATE TABLE sign_in (
    account_id BYTEA NOT NULL CHECK (octet_length(account_id) = 16), -- case
    act TEXT COLLATE "C" NOT NULL, -- case
    hour BIGINT NOT NULL, -- case
    first_at BIGINT NOT NULL, -- case
    last_at BIGINT NOT NULL, -- case
    times BIGINT NOT NULL CHECK (times > 0), -- case
    PRIMARY KEY (account_id, act, hour)
);

CREATE INDEX sign_in_last ON sign_in (last_at);
