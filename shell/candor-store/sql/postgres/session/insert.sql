INSERT INTO session (session_id, kind_sealed, created, seen, expires) VALUES ($1, $2, $3, $4, $5)
