SELECT case_id, leaf FROM receipt
