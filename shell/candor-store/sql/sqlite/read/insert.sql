INSERT OR IGNORE INTO case_read (program, case_id, account_id, hour, at) VALUES (?1, ?2, ?3, ?4, ?5)
