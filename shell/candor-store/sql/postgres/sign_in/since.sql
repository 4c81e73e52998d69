SELECT account_id, act, first_at, last_at, times FROM sign_in
WHERE last_at >= $1::bigint ORDER BY last_at DESC, account_id, act LIMIT $2::bigint
