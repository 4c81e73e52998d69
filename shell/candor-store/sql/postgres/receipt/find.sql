SELECT program, case_id FROM receipt WHERE code_hash = $1
