SELECT cases, events, root, mac FROM history_account WHERE only_row = 1
