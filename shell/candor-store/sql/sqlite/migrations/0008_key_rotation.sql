-- The instance key can be changed. What must stay as it is for ever (hashes by which receipt
-- codes, references and logins are found, the key that signs receipts) hangs on a stable key,
-- sealed under the instance key; NULL: the instance key of the first day is that key.
-- The epoch counts every change of a key.
ALTER TABLE instance ADD COLUMN stable_sealed BLOB; -- secret
ALTER TABLE instance ADD COLUMN key_epoch INTEGER NOT NULL DEFAULT 0; -- public
