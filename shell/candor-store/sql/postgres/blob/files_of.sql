SELECT file FROM blob WHERE program = $1 AND case_id = $2 AND file IS NOT NULL
