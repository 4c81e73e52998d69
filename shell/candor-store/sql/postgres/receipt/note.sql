SELECT note_sealed FROM receipt WHERE program = $1 AND case_id = $2
