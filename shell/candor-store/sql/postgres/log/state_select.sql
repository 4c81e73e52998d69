SELECT origin, size, slot, lease_until FROM log_state WHERE only_row = 1
