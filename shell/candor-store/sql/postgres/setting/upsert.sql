INSERT INTO setting (key, value_sealed) VALUES ($1, $2)
ON CONFLICT (key) DO UPDATE SET value_sealed = excluded.value_sealed
