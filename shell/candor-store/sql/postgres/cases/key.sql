SELECT key_sealed, erased_sealed FROM cases WHERE program = $1 AND case_id = $2
