INSERT INTO account (account_id, login_hash, record_sealed, totp_last_step, failures, locked_until)
VALUES ($1, $2, $3, $4, $5, $6)
