UPDATE instance SET key_check = $1 WHERE only_row = 1
