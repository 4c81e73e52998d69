SELECT count(*) FROM cases c
LEFT JOIN search_case s ON s.case_id = c.case_id
WHERE c.key_sealed IS NOT NULL AND c.erased_sealed IS NULL AND coalesce(s.seq, 0) < c.head_seq
    AND (?1 IS NULL OR c.program = ?1)
