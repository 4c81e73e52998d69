UPDATE cases SET key_sealed = $3 WHERE program = $1 AND case_id = $2
