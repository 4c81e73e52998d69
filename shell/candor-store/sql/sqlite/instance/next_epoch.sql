UPDATE instance SET key_epoch = key_epoch + 1 WHERE only_row = 1
