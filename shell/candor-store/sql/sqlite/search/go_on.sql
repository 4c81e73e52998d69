-- Only where everything before is in the index; else all of it is made anew later.
UPDATE search_case SET seq = ?3 WHERE case_id = ?1 AND seq = ?2
