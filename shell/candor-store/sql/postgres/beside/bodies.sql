-- A page of texts and files, after this one.
SELECT program, case_id, blob_id FROM blob
WHERE blob_id > $1 ORDER BY blob_id LIMIT $2
