SELECT case_id, key_sealed FROM cases WHERE program = $1 AND key_sealed IS NOT NULL
