INSERT INTO event (program, case_id, seq, sealed, hash) VALUES ($1, $2, $3, $4, $5)
