UPDATE instance SET key_check = ?1, stable_sealed = ?2, key_epoch = key_epoch + 1 WHERE only_row = 1
