INSERT INTO search_token (rowid, tokens) VALUES (?1, ?2)
