SELECT case_id, seq, from_seq, leaf, salt, place FROM log_leaf ORDER BY case_id, seq
