SELECT key_sealed, head_seq, head_hash FROM cases WHERE program = ?1 AND case_id = ?2
