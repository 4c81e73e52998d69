INSERT INTO search_part (case_id, place) VALUES ($1, $2)
