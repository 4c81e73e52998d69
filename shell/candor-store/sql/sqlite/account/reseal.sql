UPDATE account SET record_sealed = ?2 WHERE account_id = ?1
