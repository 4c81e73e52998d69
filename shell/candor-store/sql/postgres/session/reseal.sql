UPDATE session SET kind_sealed = $2 WHERE session_id = $1
