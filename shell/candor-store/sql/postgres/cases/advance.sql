-- Moves a case on, if it still stands where the decision was made.
UPDATE cases SET head_seq = $5, head_hash = $6, row_sealed = $7, wake = $8, head_mac = $9
WHERE program = $1 AND case_id = $2 AND head_seq = $3 AND head_hash = $4 AND key_sealed IS NOT NULL
