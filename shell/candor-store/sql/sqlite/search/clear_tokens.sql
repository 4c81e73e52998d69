DELETE FROM search_token WHERE rowid IN (SELECT part FROM search_part WHERE case_id = ?1)
