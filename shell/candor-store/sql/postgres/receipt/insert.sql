INSERT INTO receipt (code_hash, program, case_id, leaf, note_sealed) VALUES ($1, $2, $3, $4, $5)
