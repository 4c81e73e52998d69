SELECT count(DISTINCT case_id) FROM case_read WHERE account_id = $1::bytea AND at > $2::bigint
