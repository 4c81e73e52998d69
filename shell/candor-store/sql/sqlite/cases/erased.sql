SELECT case_id, erased_sealed FROM cases WHERE program = ?1 AND erased_sealed IS NOT NULL
