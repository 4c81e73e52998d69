SELECT count(DISTINCT case_id) FROM case_read WHERE account_id = ?1 AND at > ?2
