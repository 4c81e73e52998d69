SELECT coalesce(sum(times), 0)::bigint FROM sign_in WHERE act = $1::text AND hour = $2::bigint AND last_at >= $3::bigint
