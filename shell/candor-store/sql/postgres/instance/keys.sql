SELECT instance_id, stable_sealed, key_epoch FROM instance WHERE only_row = 1
