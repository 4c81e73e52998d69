SELECT level, place, hashes FROM log_tile ORDER BY level, place
