INSERT INTO counter (key, value, until) VALUES ($1, $2, $3)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until
