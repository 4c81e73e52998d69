INSERT INTO policy_act (program, seq, at, kind, digest, account_id)
SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5 FROM policy_act WHERE program = ?1
