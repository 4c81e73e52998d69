SELECT instance_id, key_check FROM instance WHERE only_row = 1
