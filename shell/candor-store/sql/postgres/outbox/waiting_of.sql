SELECT key FROM outbox WHERE program = $1 AND case_id = $2 AND state = 'waiting'
