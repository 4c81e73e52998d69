INSERT INTO instance (only_row, instance_id, key_check) VALUES (1, $1, $2)
