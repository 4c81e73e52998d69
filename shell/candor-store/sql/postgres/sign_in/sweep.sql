DELETE FROM sign_in WHERE last_at < $1::bigint
