DELETE FROM session WHERE session_id = $1
