-- Asked while no other writer is at work: of many first accounts at once one is made.
INSERT INTO account (account_id, login_hash, record_sealed, totp_last_step, failures, locked_until)
SELECT $1::bytea, $2::bytea, $3::bytea, $4::bigint, $5::bigint, $6::bigint
WHERE NOT EXISTS (SELECT 1 FROM account)
