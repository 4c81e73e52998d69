SELECT place FROM log_leaf WHERE case_id = ?1 AND seq = 0
