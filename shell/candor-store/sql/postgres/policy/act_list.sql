SELECT at, kind, digest, account_id FROM policy_act WHERE program = $1 ORDER BY seq
