SELECT coalesce(max(size), 0) FROM log_checkpoint WHERE published = 1
