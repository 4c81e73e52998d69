INSERT OR REPLACE INTO temp.search_waiting (part, tokens) VALUES (?1, ?2)
