-- Only when nobody wrote the record since it was read: sealing the same twice gives other bytes.
UPDATE account SET login_hash = $2, record_sealed = $3 WHERE account_id = $1 AND record_sealed = $4
