SELECT note, published FROM log_checkpoint WHERE size = $1
