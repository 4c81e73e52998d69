-- A leaf that is there already belongs to a history that was cut off behind it and goes on
-- otherwise now: the check finds that the two differ.
INSERT INTO log_leaf (case_id, seq, from_seq, leaf, salt) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (case_id, seq) DO NOTHING
