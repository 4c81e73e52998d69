INSERT INTO log_checkpoint (size, note, published) VALUES ($1, $2, 0)
