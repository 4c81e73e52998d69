INSERT INTO setting (key, value_sealed) VALUES ($1, $2)
ON CONFLICT (key) DO NOTHING
