-- Asked inside the one writer: of many first accounts at once one is made.
INSERT INTO account (account_id, login_hash, record_sealed, totp_last_step, failures, locked_until)
SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM account)
