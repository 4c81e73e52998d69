-- A page of receipts, after this one.
SELECT program, case_id, code_hash, leaf, note_sealed FROM receipt
WHERE code_hash > ?1 ORDER BY code_hash LIMIT ?2
