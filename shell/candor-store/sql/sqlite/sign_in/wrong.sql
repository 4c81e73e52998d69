SELECT coalesce(sum(times), 0) FROM sign_in WHERE act = ?1 AND hour = ?2 AND last_at >= ?3
