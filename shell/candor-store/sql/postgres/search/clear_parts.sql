DELETE FROM search_part WHERE case_id = $1
