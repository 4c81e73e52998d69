SELECT failures FROM account WHERE account_id = $1
