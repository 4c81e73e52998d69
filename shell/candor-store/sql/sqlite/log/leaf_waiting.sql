SELECT case_id, seq, leaf FROM log_leaf WHERE place IS NULL
