SELECT kind_sealed, created, seen, expires FROM session WHERE session_id = $1
