SELECT account_id, min(at), max(at), count(*) FROM case_read
WHERE program = ?1 AND case_id = ?2 GROUP BY account_id ORDER BY min(at), account_id
