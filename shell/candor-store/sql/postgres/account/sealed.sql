SELECT account_id, record_sealed FROM account
