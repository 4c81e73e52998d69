SELECT case_id, head_seq FROM cases WHERE program = ?1 AND key_sealed IS NOT NULL AND erased_sealed IS NULL
