-- What is left of a case that was erased: its tombstone, sealed. With it the key is gone.
ALTER TABLE cases ADD COLUMN erased_sealed bytea; -- secret
