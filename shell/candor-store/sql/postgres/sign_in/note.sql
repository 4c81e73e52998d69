INSERT INTO sign_in (account_id, act, hour, first_at, last_at, times)
VALUES ($1::bytea, $2::text, $3::bigint, $4::bigint, $4::bigint, 1)
ON CONFLICT (account_id, act, hour) DO UPDATE
SET last_at = excluded.last_at, times = sign_in.times + 1
