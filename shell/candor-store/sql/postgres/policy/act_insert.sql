INSERT INTO policy_act (program, seq, at, kind, digest, account_id)
SELECT $1::text, coalesce(max(seq), 0) + 1, $2::bigint, $3::text, $4::bytea, $5::bytea
FROM policy_act WHERE program = $1::text
