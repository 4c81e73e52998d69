INSERT INTO history_account (only_row, cases, events, root, mac) VALUES (1, $1, $2, $3, $4)
