INSERT INTO blob (blob_id, program, case_id, sealed, file) VALUES ($1, $2, $3, $4, $5)
