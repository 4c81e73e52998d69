UPDATE account SET failures = $2, locked_until = $3 WHERE account_id = $1
