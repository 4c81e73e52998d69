SELECT case_id FROM cases WHERE program = $1 AND reference_hash = $2
