UPDATE log_checkpoint SET published = 1 WHERE size = $1
