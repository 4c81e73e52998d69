SELECT program, case_id, id, published, updated, advisory, csaf, csaf_name FROM publication
WHERE program = $1 AND id = $2
