DELETE FROM search_token WHERE part IN (SELECT part FROM search_part WHERE case_id = $1)
