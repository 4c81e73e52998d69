UPDATE history_account SET cases = ?1, events = ?2, root = ?3, mac = ?4, beside = ?5 WHERE only_row = 1
