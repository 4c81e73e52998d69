-- What came after a mark, in the order in which it became visible.
SELECT case_id, CASE WHEN erased_sealed IS NULL THEN key_sealed END, head_seq, row_sealed, changed
FROM cases
WHERE program = $1 AND changed > $2 ORDER BY changed LIMIT $3
