SELECT id, published, updated, advisory, csaf, csaf_name FROM publication
WHERE program = $1 ORDER BY published DESC, id
