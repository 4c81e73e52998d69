SELECT hashes FROM log_tile WHERE level = $1 AND place = $2
