-- Requests may arrive out of order: the last use never moves back.
UPDATE session SET seen = greatest(seen, $2) WHERE session_id = $1
