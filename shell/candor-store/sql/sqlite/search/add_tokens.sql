-- Of the part that was made by the statement before.
INSERT OR REPLACE INTO temp.search_waiting (part, tokens) VALUES (last_insert_rowid(), ?1)
