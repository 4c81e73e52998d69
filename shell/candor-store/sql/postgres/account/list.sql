SELECT account_id, record_sealed, totp_last_step, failures, locked_until FROM account
