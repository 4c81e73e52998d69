-- The oldest schema that a program may know and still work on this one (decision 0014).
-- Empty in lines from before there was that rule: nothing older works on those.
ALTER TABLE schema_version ADD COLUMN oldest BIGINT; -- public

-- What all servers count together and forget again: sign-ins that failed, letters that an
-- address got. Keys are keyed hashes that change with time.
CREATE TABLE counter (
    key BYTEA NOT NULL PRIMARY KEY CHECK (octet_length(key) = 32), -- secret
    value TEXT NOT NULL, -- public
    until BIGINT NOT NULL -- public
);
CREATE INDEX counter_until ON counter (until);
