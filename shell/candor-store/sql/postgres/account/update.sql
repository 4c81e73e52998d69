-- A used TOTP step stays used, whatever an older copy of the record says.
UPDATE account SET login_hash = $2, record_sealed = $3, totp_last_step = greatest(totp_last_step, $4),
    failures = $5, locked_until = $6
WHERE account_id = $1
