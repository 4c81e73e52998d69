SELECT size, note FROM log_checkpoint ORDER BY size
