SELECT session_id, kind_sealed FROM session
