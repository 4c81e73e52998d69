INSERT INTO instance (only_row, instance_id, key_check, stable_sealed) VALUES (1, $1, $2, $3)
