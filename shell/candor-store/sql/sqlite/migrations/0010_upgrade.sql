-- The oldest schema that a program may know and still work on this one (decision 0014).
-- Empty in lines from before there was that rule: nothing older works on those.
ALTER TABLE schema_version ADD COLUMN oldest INTEGER; -- public

-- What all servers count together and forget again: sign-ins that failed, letters that an
-- address got. Keys are keyed hashes that change with time.
CREATE TABLE counter (
    key BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 32), -- secret
    value TEXT NOT NULL, -- public
    until INTEGER NOT NULL -- public
) STRICT;
CREATE INDEX counter_until ON counter (until);
