SELECT key_sealed, head_seq, head_hash, head_mac, erased_sealed FROM cases WHERE program = ?1 AND case_id = ?2
