-- A page of publications, after this one.
SELECT program, case_id, id, published, updated, advisory, csaf, csaf_name FROM publication
WHERE (program, id) > (?1, ?2) ORDER BY program, id LIMIT ?3
