UPDATE log_leaf SET place = ?3 WHERE case_id = ?1 AND seq = ?2 AND place IS NULL
