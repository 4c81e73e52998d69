-- Cases whose key was destroyed have no row any more.
SELECT case_id, key_sealed, head_seq, row_sealed FROM cases
WHERE program = $1 AND key_sealed IS NOT NULL AND erased_sealed IS NULL
