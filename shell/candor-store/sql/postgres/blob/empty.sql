-- The bytes go; that there was a text or file stays.
UPDATE blob SET sealed = $3, file = NULL WHERE program = $1 AND case_id = $2
