-- A page of the read log, after this line.
SELECT program, case_id, account_id, hour, at FROM case_read
WHERE (case_id, account_id, hour) > ($1, $2, $3) ORDER BY case_id, account_id, hour LIMIT $4
