SELECT program, case_id FROM outbox WHERE key = $1
