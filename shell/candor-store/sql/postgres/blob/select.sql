SELECT sealed, file FROM blob WHERE program = $1 AND case_id = $2 AND blob_id = $3
