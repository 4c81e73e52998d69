SELECT cases, events, root, mac, beside FROM history_account WHERE only_row = 1
