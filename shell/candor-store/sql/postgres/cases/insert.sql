INSERT INTO cases (case_id, program, reference_hash, key_sealed, head_seq, head_hash, row_sealed, wake, head_mac)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
