SELECT program, case_id, head_seq, head_hash, head_mac FROM cases
