-- All histories of a program, one after the other. Cases whose key was destroyed are left out.
SELECT c.case_id, e.seq, e.sealed, e.hash, c.key_sealed, c.head_seq, c.head_hash, c.head_mac
FROM cases AS c JOIN event AS e ON e.program = c.program AND e.case_id = c.case_id
WHERE c.program = ?1 AND c.key_sealed IS NOT NULL AND c.erased_sealed IS NULL
ORDER BY c.case_id, e.seq
